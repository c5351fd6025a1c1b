/** The JSON reports of the shards of one run, whatever was run: reading them, and what keeps them from being those of one run. */
import { readTextFile } from '../io/read-source.js';
import { readStrictJson } from '../io/strict-json.js';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { Shard } from './shard.js';

/** A file and what it holds. */
export interface JsonDocument {
  readonly name: string;
  readonly data: unknown;
}

/** Which shard of which run a report is of. */
export interface ShardIdentity {
  /** The file. */
  readonly name: string;
  readonly shard: Shard;
  /** Tells runs apart by their files, options and all else that their results depend on. */
  readonly run: string;
}

export function refuse(name: string, message: string, hint: string | null = null): Checked<never> {
  return { value: null, diagnostics: [errorAt(null, 'not-a-shard', `${name}: ${message}`, { hint })] };
}

const WHAT = 'the report of a shard';

/** As long as a text can be, about. */
const MOST_BYTES = 500 << 20;

export function readJson(name: string): Checked<JsonDocument> {
  const source = readTextFile(name, WHAT, MOST_BYTES);
  if (source.value === null) return { value: null, diagnostics: source.diagnostics };
  const { value, diagnostics } = readStrictJson(source.value, WHAT);
  return value === null ? { value, diagnostics } : checked({ name, ...value }, []);
}

/** What keeps the reports from being those of one run, each shard once. */
export function mistakesOf(reports: readonly ShardIdentity[]): Diagnostic[] {
  const [first] = reports;
  if (first === undefined) return [];
  const { of } = first.shard;
  const stranger = reports.find((report) => report.run !== first.run || report.shard.of !== of);
  if (stranger !== undefined) {
    const message = `${first.name} and ${stranger.name} are of different runs`;
    const hint =
      'all shards need the same files with the same text, the same models, expectations and options, and one number of parts';
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

/** Files of the run that no report is about, although all shards are there. */
export function missingFiles(files: number, positions: Iterable<number>): Diagnostic[] {
  const known = new Set(positions);
  const missing = Array.from({ length: files }, (_, position) => position).filter((each) => !known.has(each));
  if (missing.length === 0) return [];
  return [errorAt(null, 'files-missing', `${missing.length} files of the run are in no report`)];
}
