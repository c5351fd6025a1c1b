/**
 * One of n parts of a run, for as many machines: which files are in it, and what its JSON report says for `fencepost merge`.
 *
 * A file's part depends on its position in the sorted list of all files alone, so that all machines agree whatever order their
 * arguments have. The report keeps each file's position in the run's own order, in which the merged report has them.
 */
import { statSync } from 'node:fs';
import type { LoadedModels } from '../io/load-models.js';

/** Part `index` of `of`, from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** What a part's JSON report begins with. */
export interface ShardHeader {
  /** `2/3`. */
  readonly shard: string;
  /** How many files the whole run has. */
  readonly files: number;
  /** `runName` */
  readonly run: string;
  /** Of this part's files, in its order: the position in the whole run. */
  readonly positions: readonly number[];
}

/** `2/3`, or null for what is no part. */
export function readShard(text: string): Shard | null {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  return index >= 1 && index <= of ? { index, of } : null;
}

/** What is in a pipe could not be read again. */
function isRegular(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Tells runs apart by all that their results depend on: the tests with their texts, the models, the options. Machines that have
 * another commit checked out, or files that a part of the run has changed, make no one run.
 */
export async function runName(
  paths: readonly string[],
  models: LoadedModels,
  options: unknown,
): Promise<string> {
  // what hashes files is not loaded for whole runs
  const { fileKey, fingerprint } = await import('../io/journal.js');
  const texts = paths.map((path) => (isRegular(path) ? fileKey(path) : null));
  const sources = models.sources.flatMap(({ name, text }) => [name, text]);
  const asked = JSON.stringify([paths, texts, options, models.unroll]);
  return fingerprint(asked, ...sources);
}

/** A part's files, in the order of the run. */
export function takeShard(
  paths: readonly string[],
  { index, of }: Shard,
  run: string,
): { readonly paths: readonly string[]; readonly header: ShardHeader } {
  const sorted = [...paths].sort();
  const mine = new Set(sorted.filter((_, position) => position % of === index - 1));
  const positions = paths.flatMap((path, position) => (mine.has(path) ? [position] : []));
  return {
    paths: positions.map((position) => paths[position]!),
    header: { shard: `${index}/${of}`, files: paths.length, run, positions },
  };
}
