/** Finds the files that model and configuration files name: beside the file that names them, then in the folders of `-I`. */
import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Reach } from './reach.js';

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function placesOf(name: string, from: string | null, folders: readonly string[]): readonly string[] {
  if (isAbsolute(name)) return [name];
  const beside = from === null ? name : join(dirname(from), name);
  return [beside, ...folders.map((folder) => join(folder, name))];
}

/** `from`: the file that names it; null: the command line, which names files from where it is started. Null if there is none. */
export function findFile(name: string, from: string | null, folders: readonly string[]): string | null {
  return placesOf(name, from, folders).find(isFile) ?? null;
}

/** `outside`: it would be where files may not name files, be it there or not. */
export type Found = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'none' | 'outside' };

/** A file that a file names. What fencepost itself ships has a name and no place: nothing is beside it. */
export function findWithin(name: string, from: string, folders: readonly string[], reach: Reach): Found {
  const hasPlace = isAbsolute(name) || reach.allows(from);
  const places = hasPlace ? placesOf(name, from, folders) : folders.map((folder) => join(folder, name));
  const allowed = places.filter((path) => reach.allows(path));
  const path = allowed.find(isFile);
  if (path !== undefined) return { kind: 'file', path };
  return { kind: allowed.length < places.length ? 'outside' : 'none' };
}

/** What is said of a file that may not be named. */
export function outsideText(name: string): string {
  return `\`${name}\` is outside of the folders that files may name files in`;
}

export const OUTSIDE_HINT =
  'they are the folders of the files that the command line names, those of `-I`, and what is below them';
