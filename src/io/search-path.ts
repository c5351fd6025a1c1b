/** Finds the files that model and configuration files name: beside the file that names them, then in the folders of `-I`. */
import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** `from`: the file that names it; null: the command line, which names files from where it is started. Null if there is none. */
export function findFile(name: string, from: string | null, folders: readonly string[]): string | null {
  if (isAbsolute(name)) return isFile(name) ? name : null;
  const beside = from === null ? name : join(dirname(from), name);
  const places = [beside, ...folders.map((folder) => join(folder, name))];
  return places.find(isFile) ?? null;
}
