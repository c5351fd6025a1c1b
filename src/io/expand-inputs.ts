/**
 * FILE arguments to file names: folders stand for the litmus files below them, patterns for what they match. Packages that are installed
 * below, and what git keeps, are nobody's tests, unless the argument names their folder.
 *
 * Synchronous calls: loading Node's asynchronous ones takes 6 ms.
 */
import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { filesMatching, foreignFolders, isPattern, splitPattern } from './file-pattern.js';
import { Reach } from './reach.js';
import { STANDARD_INPUT } from './read-source.js';

const EXTENSION = '.litmus';

function isFolder(path: string): boolean | null {
  return kindOf(path)?.isDirectory() ?? null;
}

/** What a folder or a pattern stands for. `outside`: links that lead out of where they stand; a folder of tests may come from anyone. */
interface FoundFiles {
  readonly paths: string[];
  readonly outside: string[];
}

/** Walks through a folder, also through links; each folder once, so that links in a circle end. Pipes and devices are no tests. */
class Walk implements FoundFiles {
  readonly paths: string[] = [];
  readonly outside: string[] = [];
  private readonly seen = new Set<string>();

  constructor(private readonly reach: Reach) {}

  visit(folder: string): void {
    const real = realpathSync(folder);
    if (this.seen.has(real)) return;
    this.seen.add(real);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (foreignFolders.includes(entry.name)) continue;
      const path = join(folder, entry.name);
      const isLink = entry.isSymbolicLink();
      const kind = isLink ? kindOf(path) : entry;
      const isTest = entry.name.endsWith(EXTENSION);
      if (isLink && !this.reach.allows(path)) {
        if (isTest || kind?.isDirectory()) this.outside.push(path);
      } else if (kind?.isDirectory()) this.visit(path);
      // a link to nothing is an input all the same: reading it says so
      else if (isTest && (kind === null || kind.isFile())) this.paths.push(path);
    }
  }
}

function litmusBelow(folder: string): FoundFiles {
  const walk = new Walk(Reach.of([], [folder]));
  walk.visit(folder);
  return { paths: walk.paths.sort(), outside: walk.outside.sort() };
}

function kindOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

async function matches(pattern: string): Promise<FoundFiles> {
  const found = await filesMatching(pattern);
  const reach = Reach.of([], [splitPattern(pattern).folder]);
  return {
    paths: found.filter((path) => reach.allows(path)),
    outside: found.filter((path) => !reach.allows(path)),
  };
}

function leadsOut(path: string): Diagnostic {
  const hint = 'give its own name, if it is to be read';
  return errorAt(null, 'outside', `${path}: this link leads out of what is asked for`, { hint });
}

function foundOr({ paths, outside }: FoundFiles, nothing: string): ExpandedInputs {
  const diagnostics = outside.map(leadsOut);
  if (paths.length === 0 && outside.length === 0) diagnostics.push(errorAt(null, 'no-tests', nothing));
  return { paths, diagnostics };
}

async function expandOne(argument: string): Promise<ExpandedInputs> {
  const itself = { paths: [argument], diagnostics: [] };
  if (argument === STANDARD_INPUT) return itself;
  const folder = isFolder(argument);
  if (folder === false) return itself;
  if (folder === true)
    return foundOr(litmusBelow(argument), `${argument}: no ${EXTENSION} files in this folder`);
  // A name that is not there is an input all the same: reading it says so.
  if (!isPattern(argument)) return itself;
  return foundOr(await matches(argument), `${argument}: no file matches this pattern`);
}

export interface ExpandedInputs {
  /** In the order of the arguments, each once, as it is spelt first. */
  readonly paths: readonly string[];
  /** One for each argument that stands for nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

export async function expandInputs(given: readonly string[]): Promise<ExpandedInputs> {
  const paths = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const argument of given) {
    const expanded = await expandOne(argument);
    for (const path of expanded.paths) {
      const key = path === STANDARD_INPUT ? path : resolve(path);
      if (!paths.has(key)) paths.set(key, path);
    }
    diagnostics.push(...expanded.diagnostics);
  }
  return { paths: [...paths.values()], diagnostics };
}
