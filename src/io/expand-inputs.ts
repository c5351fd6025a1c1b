/**
 * FILE arguments to file names: folders stand for the litmus files below them, patterns for what they match.
 *
 * Synchronous calls: loading Node's asynchronous ones takes 6 ms.
 */
import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { STANDARD_INPUT } from './read-source.js';

const EXTENSION = '.litmus';

function isFolder(path: string): boolean | null {
  return kindOf(path)?.isDirectory() ?? null;
}

/** Files below a folder, also through links; each folder once, so that links in a circle end. Pipes and devices are no tests. */
function litmusBelow(folder: string, seen: Set<string> = new Set()): string[] {
  const real = realpathSync(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? kindOf(path) : entry;
      if (kind?.isDirectory()) return litmusBelow(path, seen);
      // a link to nothing is an input all the same: reading it says so
      return entry.name.endsWith(EXTENSION) && (kind === null || kind.isFile()) ? [path] : [];
    })
    .sort();
}

function kindOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

async function matches(pattern: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  return (await glob(pattern, { absolute: isAbsolute(pattern), expandDirectories: false })).sort();
}

async function expandOne(argument: string): Promise<Checked<readonly string[]>> {
  const fail = (diagnostic: Diagnostic) => ({ value: null, diagnostics: [diagnostic] });
  if (argument === STANDARD_INPUT) return checked([argument], []);
  const folder = isFolder(argument);
  if (folder === false) return checked([argument], []);
  if (folder === true) {
    const found = litmusBelow(argument);
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
