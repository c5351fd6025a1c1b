/** FILE arguments to file names: folders stand for the litmus files below them, patterns for what they match. */
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { STANDARD_INPUT } from './read-source.js';

const EXTENSION = '.litmus';

async function isFolder(path: string): Promise<boolean | null> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return null;
  }
}

async function litmusBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => join(folder, name))
    .sort();
}

async function matches(pattern: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  return (await glob(pattern, { absolute: isAbsolute(pattern), expandDirectories: false })).sort();
}

async function expandOne(argument: string): Promise<Checked<readonly string[]>> {
  const fail = (diagnostic: Diagnostic) => ({ value: null, diagnostics: [diagnostic] });
  if (argument === STANDARD_INPUT) return checked([argument], []);
  const folder = await isFolder(argument);
  if (folder === false) return checked([argument], []);
  if (folder === true) {
    const found = await litmusBelow(argument);
    if (found.length > 0) return checked(found, []);
    return fail(errorAt(null, 'no-tests', `${argument}: no ${EXTENSION} files in this folder`));
  }
  // A name that is not there is an input all the same: reading it says so.
  if (!/[*?[{]/.test(argument)) return checked([argument], []);
  const found = await matches(argument);
  if (found.length > 0) return checked(found, []);
  return fail(errorAt(null, 'no-tests', `${argument}: no file matches this pattern`));
}

export interface ExpandedInputs {
  /** In the order of the arguments, each once. */
  readonly paths: readonly string[];
  /** One for each argument that stands for nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

export async function expandInputs(given: readonly string[]): Promise<ExpandedInputs> {
  const paths = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const argument of given) {
    const expanded = await expandOne(argument);
    for (const path of expanded.value ?? []) paths.add(path);
    diagnostics.push(...expanded.diagnostics);
  }
  return { paths: [...paths], diagnostics };
}
