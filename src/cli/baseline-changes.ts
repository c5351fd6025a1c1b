/** What `fencepost baseline` did to its file, a line for each entry, for people. */
import { existsSync } from 'node:fs';
import { fileOfEntry } from '../io/baseline-file.js';
import { visible } from '../text/visible.js';

/** By the names of entries. */
export interface BaselineChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** How many tests end as before. */
  readonly same: number;
  /** How many tests could not be read or judged. */
  readonly failed: number;
  /** Entries that are of none of the tests. */
  readonly stale: readonly string[];
  /** Whether those are dropped. */
  readonly isPruned: boolean;
}

/** A diff of the file shows all. */
const MOST_LISTED = 20;

function changeLines(path: string, { added, changed, moved, stale, isPruned }: BaselineChanges): string[] {
  const file = (name: string): string => fileOfEntry(path, name);
  const why = (name: string): string =>
    existsSync(file(name)) ? 'which is not among the tests' : 'which is not there';
  return [
    ...added.map((name) => `  new      ${file(name)}`),
    ...moved.map(({ from, to }) => `  moved    ${file(to)}, from ${file(from)}`),
    ...changed.map((name) => `  changed  ${file(name)}`),
    ...stale.map((name) =>
      isPruned ? `  dropped  ${file(name)}` : `  stale    ${file(name)}, ${why(name)}`,
    ),
  ];
}

/** The last line is `fencepost.baseline: 1 new, 2 changed, 1 dropped`. `path`: the baseline's. */
export function changesText(path: string, changes: BaselineChanges): string {
  const lines = changeLines(path, changes);
  const { added, changed, moved, same, failed, stale, isPruned } = changes;
  const counts: readonly (readonly [number, string])[] = [
    [added.length, 'new'],
    [moved.length, 'moved'],
    [changed.length, 'changed'],
    [same, 'as before'],
    [failed, 'not recorded'],
    [stale.length, isPruned ? 'dropped' : 'stale'],
  ];
  const said = counts.flatMap(([count, word]) => (count === 0 ? [] : `${count} ${word}`));
  const more = lines.length - MOST_LISTED;
  const listed = more > 0 ? [...lines.slice(0, MOST_LISTED), `  ... and ${more} more`] : lines;
  const all = [...listed, `${path}: ${said.length === 0 ? 'no tests' : said.join(', ')}`];
  // a file's name may hold anything
  return `${all.map((line) => visible(line).replaceAll('\n', '\\n')).join('\n')}\n`;
}
