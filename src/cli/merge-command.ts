/** `fencepost merge`: the JSON reports of all shards of a run, or of a check, as the one report of the run. */
import { z } from 'zod';
import { fault } from '../check/read-check-report.js';
import { isCheckReport } from '../check/reporters/json.js';
import { writeWhole } from '../io/write-file.js';
import { type Checked, checked } from '../text/diagnostic.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { OptionError } from './options.js';
import { readShard, type Shard } from './shard.js';
import { type JsonDocument, missingFiles, mistakesOf, readJson, refuse } from './shard-reports.js';
import type { Terminal } from './terminal.js';

export interface MergeArguments {
  readonly reports: readonly string[];
  readonly output: string | undefined;
  /** For reports of `fencepost check`. */
  readonly reporter: readonly string[] | undefined;
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

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'file' in value && typeof value.file === 'string';
}

const count = z.int().nonnegative();

/** What is needed of a report; the results stay as they are. */
const shardReport = z.object({
  shard: z.string(),
  files: count,
  run: z.string(),
  positions: z.array(count),
  results: z.array(z.custom<Entry>(isEntry, 'not a result of a file')),
  open: count,
  exitCode: z.literal(Object.values(exitCodes)),
});

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

function readReport({ name, data: value }: JsonDocument): Checked<ShardReport> {
  if (Array.isArray(value) && value.every(isEntry))
    return refuse(name, 'a report of a whole run, not of a shard', HOW);
  const read = shardReport.safeParse(value);
  if (!read.success) return refuse(name, `not the report of a shard: ${fault(read.error.issues[0]!)}`, HOW);
  const { shard: part, files, run, positions, results, open, exitCode } = read.data;
  const shard = readShard(part);
  if (shard === null) return refuse(name, `not the report of a shard: ${part} is no part`, HOW);
  if (open > 0)
    return refuse(name, `the run of shard ${part} was interrupted: ${open} files are open`, 'run it again');
  const groups = groupByFile(results);
  if (groups.length !== positions.length)
    return refuse(name, `shard ${part} has ${positions.length} files, and results of ${groups.length}`);
  const byPosition = new Map(positions.map((position, i) => [position, groups[i]!]));
  return checked({ name, shard, files, run, exitCode, byPosition }, []);
}

function mergeRuns(
  documents: readonly JsonDocument[],
  output: string | undefined,
  terminal: Terminal,
): ExitCode {
  const read = documents.map(readReport);
  const broken = read.flatMap(({ diagnostics }) => diagnostics);
  if (broken.length > 0) return printDiagnostics(broken, terminal);
  const reports = read.flatMap(({ value }) => (value === null ? [] : [value]));
  const mistakes = mistakesOf(reports);
  if (mistakes.length > 0) return printDiagnostics(mistakes, terminal);
  const byPosition = new Map(reports.flatMap((report) => [...report.byPosition]));
  const missing = missingFiles(reports[0]?.files ?? 0, byPosition.keys());
  if (missing.length > 0) return printDiagnostics(missing, terminal);
  const inOrder = [...byPosition].sort(([a], [b]) => a - b);
  const results = inOrder.flatMap(([, result]) => result);
  const text = `${JSON.stringify(results, null, 2)}\n`;
  const failure = output === undefined ? null : writeWhole(output, text);
  if (failure !== null) return printDiagnostics([failure], terminal);
  if (output === undefined) terminal.out(text);
  return worstExit(reports.map(({ exitCode }) => exitCode));
}

export async function mergeCommand(
  { reports: names, output, reporter }: MergeArguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const read = names.map(readJson);
  const broken = read.flatMap(({ diagnostics }) => diagnostics);
  if (broken.length > 0) return printDiagnostics(broken, terminal);
  const documents = read.flatMap(({ value }) => (value === null ? [] : [value]));
  if (documents.some(({ data }) => isCheckReport(data))) {
    const { mergeCheckReports } = await import('./merge-check-reports.js');
    const toFile = output === undefined ? [] : [`json=${output}`];
    const asked = [...toFile, ...(reporter ?? [])];
    return mergeCheckReports(documents, asked.length > 0 ? asked : ['json'], terminal);
  }
  if (reporter !== undefined)
    throw new OptionError('--reporter is for the reports of `fencepost check`; these are of `fencepost run`');
  return mergeRuns(documents, output, terminal);
}
