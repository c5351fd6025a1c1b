/** `fencepost diff --from REV`: which files to compare with which of their versions in git. */
import { statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { expandInputs } from '../io/expand-inputs.js';
import {
  folderOf,
  openRevision,
  type Revision,
  readAt,
  renamesSince,
  shownPath,
  testsAt,
} from '../io/git.js';
import { readSource, STANDARD_INPUT } from '../io/read-source.js';
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import type { DiffJob } from './diff-file.js';
import { type Alone, type Inputs, isFolder, version } from './diff-inputs.js';
import { OptionError } from './options.js';

/** Whether a path is one of the files of an argument. */
function isBelow(path: string, folder: string): boolean {
  const rest = relative(resolve(folder), resolve(path));
  return rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`);
}

class Revisions {
  readonly diagnostics: Diagnostic[] = [];
  private readonly opened = new Map<string, Revision | null>();
  private readonly renames = new Map<string, ReadonlyMap<string, string>>();

  /** The revision `name` as it is asked for files of a folder; null after a report. */
  async at(folder: string, name: string): Promise<Revision | null> {
    const key = `${folder}\n${name}`;
    const known = this.opened.get(key);
    if (known !== undefined) return known;
    const { value, diagnostics } = await openRevision(folder, name);
    // one mistake is said once, however many folders there are
    const said = new Set(this.diagnostics.map(({ message }) => message));
    this.diagnostics.push(...diagnostics.filter(({ message }) => !said.has(message)));
    this.opened.set(key, value);
    return value;
  }

  async renamedFrom(revision: Revision, path: string): Promise<string | null> {
    const key = `${revision.top}\n${revision.hash}`;
    const known = this.renames.get(key) ?? (await renamesSince(revision));
    this.renames.set(key, known);
    return known.get(resolve(path)) ?? null;
  }
}

interface Ends {
  readonly before: string;
  /** Null: the working tree. */
  readonly after: string | null;
}

function endsOf(from: string): Ends {
  const parts = from.split('..');
  if (from.includes('...') || parts.length > 2)
    throw new OptionError(`--from takes a revision, or two as in v1..v2, not ${JSON.stringify(from)}`);
  const [before = '', after] = parts;
  for (const name of parts)
    if (name === '' || name.startsWith('-'))
      throw new OptionError(`--from takes a revision such as main or HEAD~1, not ${JSON.stringify(from)}`);
  return { before, after: after ?? null };
}

/** A file on both sides. Null: it is not there, or, with diagnostics, cannot be read. */
interface Pair {
  readonly before: SourceFile | null;
  readonly after: SourceFile | null;
  /** What the earlier one was called, if it had another name. */
  readonly former: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Null after a report. */
async function pairOf(path: string, ends: Ends, revisions: Revisions): Promise<Pair | null> {
  const revision = await revisions.at(folderOf(path), ends.before);
  if (revision === null) return null;
  const later = await laterVersion(path, ends, revisions);
  const earlier = await readAt(revision, path);
  const diagnostics = [...later.diagnostics, ...earlier.diagnostics];
  const [before, after] = [earlier.value, later.value];
  if (before !== null || after === null || ends.after !== null || diagnostics.length > 0)
    return { before, after, former: null, diagnostics };
  const former = await revisions.renamedFrom(revision, path);
  const old = former === null ? null : await readAt(revision, shownPath(former));
  return { before: old?.value ?? null, after, former, diagnostics: old?.diagnostics ?? [] };
}

/** Files against their versions in git. */
export async function inputsFrom(files: readonly string[], from: string): Promise<Inputs> {
  if (files.includes(STANDARD_INPUT)) throw new OptionError('--from takes no standard input');
  const ends = endsOf(from);
  const revisions = new Revisions();
  const diagnostics: Diagnostic[] = [];
  const jobs: DiffJob[] = [];
  const alone: Alone[] = [];
  const moved = new Set<string>();
  let untouched = 0;
  for (const path of await filesOf(files, ends, revisions, diagnostics)) {
    const pair = await pairOf(path, ends, revisions);
    if (pair === null) continue;
    const { before, after, former } = pair;
    diagnostics.push(...pair.diagnostics);
    if (former !== null) moved.add(resolve(former));
    if (before !== null && after !== null)
      if (before.text === after.text) untouched++;
      else jobs.push(version(path, before, after));
    else if (pair.diagnostics.length > 0) continue;
    else if (after !== null) alone.push({ status: 'new', file: path });
    else if (before !== null) alone.push({ status: 'removed', file: path });
    else {
      const message = `${path}: there is no such file, neither ${ends.after === null ? 'here' : `in ${ends.after}`} nor in ${ends.before}`;
      diagnostics.push(errorAt(null, 'cannot-read', message));
    }
  }
  return {
    jobs,
    alone: alone.filter(({ status, file }) => status === 'new' || !moved.has(resolve(file))),
    untouched,
    logs: null,
    diagnostics: [...revisions.diagnostics, ...diagnostics],
  };
}

/** Null without diagnostics: the file is not there. */
async function laterVersion(
  path: string,
  ends: Ends,
  revisions: Revisions,
): Promise<{ readonly value: SourceFile | null; readonly diagnostics: readonly Diagnostic[] }> {
  if (ends.after !== null) {
    const revision = await revisions.at(folderOf(path), ends.after);
    return revision === null ? { value: null, diagnostics: [] } : readAt(revision, path);
  }
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return { value: null, diagnostics: [] };
  return readSource(path);
}

/** The files of the arguments on both sides: of a folder, also those that only the revision has. */
async function filesOf(
  files: readonly string[],
  ends: Ends,
  revisions: Revisions,
  diagnostics: Diagnostic[],
): Promise<readonly string[]> {
  const all = new Set<string>();
  for (const argument of files) {
    const isDirectory = isFolder(argument);
    const expanded = await expandInputs([argument]);
    // of a folder whose last test was removed, the revision has some
    if (!isDirectory) diagnostics.push(...expanded.diagnostics);
    if (ends.after === null || !isDirectory) for (const path of expanded.paths) all.add(path);
    if (!isDirectory) continue;
    const before = all.size;
    for (const name of [ends.before, ...(ends.after === null ? [] : [ends.after])]) {
      const revision = await revisions.at(resolve(argument), name);
      if (revision === null) return [];
      const { value, diagnostics: problems } = await testsAt(revision, argument);
      diagnostics.push(...problems);
      for (const path of value ?? []) if (isBelow(path, argument)) all.add(path);
    }
    if (all.size === before && expanded.paths.length === 0) diagnostics.push(...expanded.diagnostics);
  }
  return [...all].sort((a, b) => (a < b ? -1 : 1)).map((path) => path.split(sep).join('/'));
}
