/**
 * What `fencepost diff` is to compare, from its arguments: pairs of versions, tests under two models, or logs. Files are told apart by
 * what is in them.
 */
import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { isLog, type OutcomeLog, readLog } from '../compare/read-log.js';
import { expandInputs } from '../io/expand-inputs.js';
import { readSource, readTextFile, STANDARD_INPUT } from '../io/read-source.js';
import type { Diagnostic } from '../text/diagnostic.js';
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

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Two versions of a test; `path`: what it is called now. */
export function version(path: string, before: SourceFile, after: SourceFile): DiffJob {
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
