/**
 * What `fencepost diff` is to compare, from its arguments: pairs of versions, tests under two models, or logs. Files are told apart by
 * what is in them.
 */
import { statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { isLog, type OutcomeLog, readLog } from '../compare/read-log.js';
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
import { readSource, readTextFile, STANDARD_INPUT } from '../io/read-source.js';
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import type { DiffJob } from './diff-file.js';
import { OptionError } from './options.js';

/** A test that is only on one side. */
export interface Alone {
  readonly status: 'new' | 'removed';
  readonly file: string;
}

export interface Inputs {
  readonly jobs: readonly DiffJob[];
  readonly alone: readonly Alone[];
  /** Tests whose text is the same on both sides, so that nothing has to be judged. */
  readonly untouched: number;
  /** Where the logs stand; null: there are none. */
  readonly logs: { readonly before: OutcomeLog | null; readonly after: OutcomeLog | null } | null;
  readonly diagnostics: readonly Diagnostic[];
}

export const noInputs: Inputs = { jobs: [], alone: [], untouched: 0, logs: null, diagnostics: [] };

/** Far above the logs of any campaign, which has thousands of tests. */
const MOST_LOG_BYTES = 256 << 20;

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function version(path: string, before: SourceFile, after: SourceFile): DiffJob {
  return { path, kind: 'versions', before, after, given: [] };
}

/** Each of the tests, by the models. */
export async function testsOnly(files: readonly string[], kind: 'models' | 'outcomes'): Promise<Inputs> {
  const { paths, diagnostics } = await expandInputs(files);
  const found: Diagnostic[] = [...diagnostics];
  const jobs: DiffJob[] = [];
  for (const path of paths) {
    if (path !== STANDARD_INPUT) {
      jobs.push({ path, kind, before: null, after: null, given: [] });
      continue;
    }
    // a worker has no standard input
    const { value, diagnostics: problems } = await readSource(path);
    found.push(...problems);
    if (value !== null) jobs.push({ path, kind, before: null, after: value, given: [] });
  }
  return { ...noInputs, jobs, diagnostics: found };
}

/** A log, or null for what is to be read as a test: what has a test's extension, a folder, a pattern. */
function logAt(path: string, diagnostics: Diagnostic[]): OutcomeLog | null {
  if (path === STANDARD_INPUT || path.endsWith('.litmus') || isFolder(path)) return null;
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
  const { value, diagnostics: problems } = readTextFile(path, 'a log or a litmus test', MOST_LOG_BYTES);
  if (value === null) diagnostics.push(...problems);
  if (value === null || !isLog(value)) return null;
  const log = readLog(value, path);
  diagnostics.push(...log.diagnostics);
  return log.value;
}

async function pairOfFiles(before: string, after: string): Promise<Inputs> {
  const [a, b] = [await readSource(before), await readSource(after)];
  const diagnostics = [...a.diagnostics, ...b.diagnostics];
  if (a.value === null || b.value === null) return { ...noInputs, diagnostics };
  return { ...noInputs, jobs: [version(after, a.value, b.value)], diagnostics };
}

async function pairOfFolders(before: string, after: string): Promise<Inputs> {
  const below = async (folder: string): Promise<{ names: string[]; diagnostics: readonly Diagnostic[] }> => {
    const { paths, diagnostics } = await expandInputs([folder]);
    return { names: paths.map((path) => relative(folder, path)), diagnostics };
  };
  const [a, b] = [await below(before), await below(after)];
  const diagnostics: Diagnostic[] = [...a.diagnostics, ...b.diagnostics];
  const at = (folder: string, name: string): string => `${folder.replace(/[/\\]+$/, '')}/${name}`;
  const inputs = { jobs: [] as DiffJob[], alone: [] as Alone[], untouched: 0 };
  for (const name of a.names.filter((each) => b.names.includes(each))) {
    const pair = await pairOfFiles(at(before, name), at(after, name));
    diagnostics.push(...pair.diagnostics);
    for (const job of pair.jobs)
      if (job.before?.text === job.after?.text) inputs.untouched++;
      else inputs.jobs.push(job);
  }
  for (const name of a.names)
    if (!b.names.includes(name)) inputs.alone.push({ status: 'removed', file: at(before, name) });
  for (const name of b.names)
    if (!a.names.includes(name)) inputs.alone.push({ status: 'new', file: at(after, name) });
  return { ...inputs, logs: null, diagnostics };
}

/** Two tests, two folders, two logs, or tests and a log. */
export async function plainInputs(files: readonly string[]): Promise<Inputs> {
  const diagnostics: Diagnostic[] = [];
  const logs = files.map((path) => logAt(path, diagnostics));
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ...noInputs, diagnostics };
  const [first = null] = logs;
  const last = logs.at(-1) ?? null;
  const count = logs.filter((log) => log !== null).length;
  if (count === 2 && files.length === 2)
    return { ...noInputs, logs: { before: first, after: last }, diagnostics };
  if (count === 1 && files.length > 1 && (first !== null || last !== null)) {
    const tests = await testsOnly(first === null ? files.slice(0, -1) : files.slice(1), 'outcomes');
    const sides = first === null ? { before: null, after: last } : { before: first, after: null };
    return { ...tests, logs: sides, diagnostics: [...diagnostics, ...tests.diagnostics] };
  }
  if (count > 0) throw new OptionError('compare two logs, or one log with tests: the log first or last');
  const [before, after] = files;
  if (before === undefined || after === undefined || files.length > 2)
    throw new OptionError(
      `expected two tests, found ${files.length}; --from REV compares with another revision, --model twice two models`,
    );
  if (isFolder(before) && isFolder(after)) return pairOfFolders(before, after);
  if (isFolder(before) !== isFolder(after))
    throw new OptionError('compare two files or two folders, not a file with a folder');
  return pairOfFiles(before, after);
}

/** Whether a path is one of the files of an argument. */
function isBelow(path: string, folder: string): boolean {
  const rest = relative(resolve(folder), resolve(path));
  return rest !== '' && !rest.startsWith('..');
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

/** Files against their versions in git. */
export async function inputsFrom(files: readonly string[], from: string): Promise<Inputs> {
  if (files.includes(STANDARD_INPUT)) throw new OptionError('--from takes no standard input');
  const ends = endsOf(from);
  const revisions = new Revisions();
  const diagnostics: Diagnostic[] = [];
  const listed = await filesOf(files, ends, revisions, diagnostics);
  const jobs: DiffJob[] = [];
  const alone: Alone[] = [];
  const moved = new Set<string>();
  let untouched = 0;
  for (const path of listed) {
    const revision = await revisions.at(folderOf(path), ends.before);
    if (revision === null) continue;
    const after = await laterVersion(path, ends, revisions);
    const before = await readAt(revision, path);
    let old = before.value;
    diagnostics.push(...after.diagnostics, ...before.diagnostics);
    if (after.value === null && after.diagnostics.length > 0) continue;
    if (old === null && ends.after === null && after.value !== null) {
      const former = await revisions.renamedFrom(revision, path);
      if (former !== null) {
        moved.add(resolve(former));
        old = (await readAt(revision, shownPath(former))).value;
      }
    }
    if (old === null && after.value === null && before.diagnostics.length === 0)
      diagnostics.push(
        errorAt(null, 'cannot-read', `${path}: there is no such file, neither here nor in ${ends.before}`),
      );
    else if (old === null) alone.push({ status: 'new', file: path });
    else if (after.value === null) alone.push({ status: 'removed', file: path });
    else if (old.text === after.value.text) untouched++;
    else jobs.push(version(path, old, after.value));
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
