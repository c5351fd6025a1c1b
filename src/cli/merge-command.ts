/** `fencepost merge`: the JSON reports of all shards of a run, as the one report of the run. */
import { readFileSync } from 'node:fs';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { readShard, type Shard } from './shard.js';
import type { Terminal } from './terminal.js';

export interface MergeArguments {
  readonly reports: readonly string[];
}

interface Entry {
  readonly file: string;
}

/** One report, read and checked in itself. */
interface ShardReport {
  readonly name: string;
  readonly shard: Shard;
  readonly files: number;
  readonly run: string;
  readonly exitCode: ExitCode;
  /** The results of each file, by its position in the run. */
  readonly byPosition: ReadonlyMap<number, readonly Entry[]>;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEntry(value: unknown): value is Entry {
  return isFields(value) && typeof value.file === 'string';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isExitCode(value: unknown): value is ExitCode {
  const known: readonly unknown[] = Object.values(exitCodes);
  return known.includes(value);
}

function refuse(name: string, message: string, hint: string | null = null): Checked<never> {
  return { value: null, diagnostics: [errorAt(null, 'not-a-shard', `${name}: ${message}`, { hint })] };
}

function readJson(name: string): Checked<unknown> {
  try {
    return checked(JSON.parse(readFileSync(name, 'utf8')) as unknown, []);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(name, reason);
  }
}

/** The results, file by file: those of a file stand together. */
function groupByFile(results: readonly Entry[]): Entry[][] {
  const groups: Entry[][] = [];
  for (const result of results) {
    const last = groups.at(-1);
    if (last?.[0]?.file === result.file) last.push(result);
    else groups.push([result]);
  }
  return groups;
}

const HOW = 'write it by `fencepost run ... --shard I/N --format json`';

function readReport(name: string): Checked<ShardReport> {
  const { value, diagnostics } = readJson(name);
  if (diagnostics.length > 0) return { value: null, diagnostics };
  if (Array.isArray(value)) return refuse(name, 'a report of a whole run, not of a shard', HOW);
  if (!isFields(value)) return refuse(name, 'not the report of a shard', HOW);
  const { shard: part, files, run, positions, results, open, exitCode } = value;
  const shard = typeof part === 'string' ? readShard(part) : null;
  const isWhole =
    shard !== null &&
    isCount(files) &&
    typeof run === 'string' &&
    Array.isArray(positions) &&
    positions.every(isCount) &&
    Array.isArray(results) &&
    results.every(isEntry) &&
    isCount(open) &&
    isExitCode(exitCode);
  if (!isWhole) return refuse(name, 'not the report of a shard', HOW);
  if (open > 0)
    return refuse(name, `the run of shard ${part} was interrupted: ${open} files are open`, 'run it again');
  const groups = groupByFile(results);
  if (groups.length !== positions.length)
    return refuse(name, `shard ${part} has ${positions.length} files, and results of ${groups.length}`);
  const byPosition = new Map(positions.map((position: number, i) => [position, groups[i]!]));
  return checked({ name, shard, files, run, exitCode, byPosition }, []);
}

/** What keeps the reports from being those of one run, each shard once. */
function mistakesOf(reports: readonly ShardReport[]): Diagnostic[] {
  const [first] = reports;
  if (first === undefined) return [];
  const { of } = first.shard;
  const stranger = reports.find((report) => report.run !== first.run || report.shard.of !== of);
  if (stranger !== undefined) {
    const message = `${first.name} and ${stranger.name} are of different runs`;
    const hint = 'all shards need the same files, options and number of parts';
    return [errorAt(null, 'different-runs', message, { hint })];
  }
  return Array.from({ length: of }, (_, i) => i + 1).flatMap((index) => {
    const found = reports.filter((report) => report.shard.index === index);
    if (found.length === 1) return [];
    const names = found.map(({ name }) => name).join(', ');
    return found.length === 0
      ? [errorAt(null, 'shard-missing', `the report of shard ${index}/${of} is missing`)]
      : [errorAt(null, 'shard-doubled', `shard ${index}/${of} is there ${found.length} times: ${names}`)];
  });
}

export function mergeCommand({ reports: names }: MergeArguments, terminal: Terminal): ExitCode {
  const read = names.map(readReport);
  const broken = read.flatMap(({ diagnostics }) => diagnostics);
  if (broken.length > 0) return printDiagnostics(broken, terminal);
  const reports = read.flatMap(({ value }) => (value === null ? [] : [value]));
  const mistakes = mistakesOf(reports);
  if (mistakes.length > 0) return printDiagnostics(mistakes, terminal);
  const byPosition = new Map(reports.flatMap((report) => [...report.byPosition]));
  const positions = Array.from({ length: reports[0]?.files ?? 0 }, (_, position) => position);
  const missing = positions.filter((position) => !byPosition.has(position));
  if (missing.length > 0)
    return printDiagnostics(
      [errorAt(null, 'files-missing', `${missing.length} files of the run are in no report`)],
      terminal,
    );
  const results = positions.flatMap((position) => byPosition.get(position) ?? []);
  terminal.out(`${JSON.stringify(results, null, 2)}\n`);
  return worstExit(reports.map(({ exitCode }) => exitCode));
}
