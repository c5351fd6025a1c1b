/**
 * Which files a file of the user's may name: those in the folders of the files that the command line names, in the folders of `-I`,
 * and below. What the command line itself names is the user's own word, and read wherever it is.
 *
 * Models and configurations come from elsewhere, with the tests that they are for. `include "../../../etc/passwd"`, an absolute path and a
 * link that leads out must not be read, not even to be quoted in an error message; nor be told apart from files that are not there.
 */
import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** The path without links, in the spelling of the file system; as it is if there is no such file. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}

/** As many links in a row as Linux follows. */
const MOST_LINKS = 40;

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** Where a file is, or would be if it were made: the path without links, also where a part of it is not there. */
export function realPlace(path: string, links = MOST_LINKS): string {
  const whole = resolve(path);
  try {
    return realpathSync.native(whole);
  } catch {
    const parent = dirname(whole);
    if (parent === whole || links === 0) return whole;
    const target = linkTarget(whole);
    if (target !== null) return realPlace(resolve(realPlace(parent), target), links - 1);
    return join(realPlace(parent, links), basename(whole));
  }
}

/** A file under its own name, which may be that of a link, in its folder without links: the same for all ways that lead to the folder. */
export function listedPlace(path: string): string {
  const whole = resolve(path);
  return join(realPlace(dirname(whole)), basename(whole));
}

export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

export class Reach {
  private constructor(private readonly roots: readonly string[]) {}

  /** `files`: those that the command line names; where one is a link, the folder that it leads to is meant, too. */
  static of(files: readonly string[], folders: readonly string[]): Reach {
    const named = [
      ...files.flatMap((file) => [dirname(resolve(file)), dirname(realPath(file))]),
      ...folders.map((folder) => resolve(folder)),
    ];
    return new Reach([...new Set(named.flatMap((folder) => [folder, realPath(folder)]))]);
  }

  private covers(path: string): boolean {
    return this.roots.some((root) => isBelow(path, root));
  }

  /** Whether a file or folder may be looked at: by its path, and by where it really is. */
  allows(path: string): boolean {
    return this.covers(resolve(path)) && this.covers(realPath(path));
  }
}
