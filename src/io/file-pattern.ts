/**
 * Patterns of files: `litmus/**` and the like. A pattern begins with a folder, in whose name nothing is special: neither what a backslash
 * precedes, nor what is part of the name of a folder that there is (`drafts[2]`).
 */
import { type Dirent, type readdirSync, statSync } from 'node:fs';
import { posix, relative, resolve, sep } from 'node:path';
import { listedPlace, realPlace } from './reach.js';

/** Folders of other people's files: no pattern looks into them that does not name them. */
export const foreignFolders: readonly string[] = ['node_modules', '.git'];

export interface FilePattern {
  /** As it is spelt; `.` if the pattern begins with something special. */
  readonly folder: string;
  /** What is matched below. */
  readonly rest: string;
}

/** Whether an argument that names nothing itself stands for what it matches. */
export function isPattern(argument: string): boolean {
  return /[*?[{]/.test(argument);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

export function splitPattern(pattern: string): FilePattern {
  const parts = pattern.split('/');
  const folders: string[] = [];
  while (parts.length > 1) {
    const part = parts[0]!;
    const isSpecial = /(?<!\\)[*?[{(!]/.test(part);
    if (isSpecial && !isFolder([...folders, part].join('/'))) break;
    folders.push(isSpecial ? part : part.replace(/\\(.)/g, '$1'));
    parts.shift();
  }
  const folder = folders.join('/');
  return { folder: folders.length === 0 ? '.' : folder === '' ? '/' : folder, rest: parts.join('/') };
}

function ignoredBy(pattern: string): string[] {
  const named = pattern.split('/');
  return foreignFolders.filter((name) => !named.includes(name)).map((name) => `**/${name}/**`);
}

/** The files that there are, in order. */
export async function filesMatching(pattern: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const { folder, rest } = splitPattern(pattern);
  const found = await glob(rest, { cwd: folder, ignore: ignoredBy(pattern), expandDirectories: false });
  return found.map((name) => posix.join(folder, name)).sort();
}

/** A folder of files that need not be there, as `readdirSync` reads it. */
function foldersOf(base: string, names: readonly string[]): typeof readdirSync {
  const folders = new Map<string, Map<string, boolean>>();
  for (const name of names) {
    const parts = name.split('/');
    for (const [at, part] of parts.entries()) {
      const folder = parts.slice(0, at).join('/');
      const entries = folders.get(folder) ?? new Map<string, boolean>();
      folders.set(folder, entries.set(part, at < parts.length - 1));
    }
  }
  const read = (path: string): Pick<Dirent, 'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink'>[] => {
    const entries = folders.get(relative(base, path).replaceAll(sep, '/')) ?? [];
    return [...entries].map(([name, isDirectory]) => ({
      name,
      isFile: () => !isDirectory,
      isDirectory: () => isDirectory,
      isSymbolicLink: () => false,
    }));
  };
  return read as unknown as typeof readdirSync;
}

/** Of files that need not be there, those that a pattern would match. */
export async function wouldMatch(pattern: string, files: readonly string[]): Promise<ReadonlySet<string>> {
  const { globSync } = await import('tinyglobby');
  const { folder, rest } = splitPattern(pattern);
  const base = realPlace(folder);
  const byName = new Map(files.map((file) => [relative(base, listedPlace(file)).replaceAll(sep, '/'), file]));
  const names = [...byName.keys()].filter((name) => !name.startsWith('../') && resolve(name) !== name);
  const fs = { readdirSync: foldersOf(base, names) };
  const ignore = ignoredBy(pattern);
  const found = globSync(rest, { cwd: base, ignore, expandDirectories: false, fs });
  return new Set(found.flatMap((name) => byName.get(name) ?? []));
}
