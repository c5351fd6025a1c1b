/**
 * Writes generated files, making the folders on the way: each at once or not at all, whatever ends the process.
 *
 * The text goes to a new file in the same folder, which then takes the old one's place (rename is atomic, POSIX). Not by the library
 * write-file-atomic (7.0.1): it takes a disk that fills up in the middle of the text for success, and replaces the old file by a
 * part of the new one. Synchronous calls: loading Node's asynchronous ones takes 6 ms.
 */
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { contentHash } from '../verdict/content-hash.js';

/** Text, or parts of one that may be longer than a string can be. */
export type Written = string | readonly string[];

/** As many as Linux follows. */
const MOST_LINKS = 40;

/** Null: nothing is there that we can see. */
function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** The file that a path with links in it means, be it there or not. `links`: how many may still be followed. */
function targetOf(path: string, links = MOST_LINKS): string {
  try {
    return realpathSync(path);
  } catch {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    // to nothing, yet
    return isLink && links > 0 ? targetOf(resolve(dirname(path), readlinkSync(path)), links - 1) : path;
  }
}

/** A folder and those above it. Node's own call for that does not end below /proc. */
export function makeFolder(folder: string): void {
  if (statOf(folder)?.isDirectory() === true) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // another process was faster
    if (statOf(folder)?.isDirectory() !== true) throw error;
  }
}

/** What is there keeps its owner and its permissions, as far as we may. */
function takeAfter(old: Stats, path: string): void {
  try {
    chownSync(path, old.uid, old.gid);
  } catch {
    // Only root may give files away; the file is ours then.
  }
  chmodSync(path, old.mode & 0o7777);
}

/** A pipe, a terminal, a device (`/dev/stdout`): nothing can take its place, and it has no old text to lose. */
export function isStream(path: string): boolean {
  const old = statOf(path);
  const isThere = old !== null && !old.isFile() && !old.isDirectory();
  return isThere || /^\/(?:dev|proc)\//.test(resolve(path));
}

function writeParts(file: number, text: Written): void {
  // Of the calls that write, the one that goes on after a part was written.
  for (const part of typeof text === 'string' ? [text] : text) writeFileSync(file, part);
}

function writeThrough(path: string, text: Written): void {
  const file = openSync(path, 'a');
  try {
    writeParts(file, text);
  } finally {
    closeSync(file);
  }
}

/** Of its own for each thread and process, and short, for the target's name may be as long as names can be. */
function temporaryName(): string {
  return `.fencepost-${process.pid}-${Math.random().toString(36).slice(2, 10)}.tmp`;
}

function writeBeside(target: string, old: Stats | null, text: Written): void {
  const temporary = join(dirname(target), temporaryName());
  const file = openSync(temporary, 'wx', 0o666);
  try {
    try {
      writeParts(file, text);
      // Else a loss of power could leave the new name without its text.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (old !== null) takeAfter(old, temporary);
    renameSync(temporary, target);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write it, or to write in its folder',
  EPERM: 'no permission to write it, or to write in its folder',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EISDIR: 'this is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOENT: 'its folder cannot be made',
  ELOOP: 'it is a link in a circle',
  EEXIST: 'a part of the path is no folder',
  ENAMETOOLONG: 'the name is too long',
};

/** Why a file cannot take this place, as far as that is known before there is one; null: it may. */
export function refusedPlace(path: string): Diagnostic | null {
  try {
    // Of a folder, and of a file without the permission, opening it fails.
    if (statOf(path) !== null) closeSync(openSync(path, 'r+'));
    return null;
  } catch (error) {
    return cannotWrite(path, error);
  }
}

export function cannotWrite(path: string, error: unknown): Diagnostic {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return errorAt(null, 'cannot-write', `${path}: cannot be written: ${reason}`);
}

/** A file of a name that we gave it: a link of this name is not the user's word to write where it leads. */
function writeOwn(path: string, text: Written): boolean {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return false;
  writeBeside(path, null, text);
  return true;
}

/**
 * Null if it was written; else why not: then what was there before is there still. `name`: who has chosen the file's name; links are
 * followed where it was the user.
 */
export function writeWhole(
  path: string,
  text: Written,
  name: "the user's" | 'ours' = "the user's",
): Diagnostic | null {
  try {
    makeFolder(dirname(path));
    if (name === 'ours' && writeOwn(path, text)) return null;
    const old = statOf(path);
    if (isStream(path)) {
      writeThrough(path, text);
      return null;
    }
    // A rename would replace what may not be written.
    if (old !== null) closeSync(openSync(path, 'r+'));
    writeBeside(targetOf(path), old, text);
    return null;
  } catch (error) {
    return cannotWrite(path, error);
  }
}

/** `writeWhole`, for callers that await. */
export async function writeText(
  path: string,
  text: string,
  name: "the user's" | 'ours' = "the user's",
): Promise<Diagnostic | null> {
  return writeWhole(path, text, name);
}

/** Beyond these, and the ends that pictures have, names are too long for some file systems. */
const LONGEST_NAME = 160;

/** What Windows takes for a device, whatever the name's end. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=$|\.)/i;

/**
 * A test's name as a file name: everything that a file system or a shell could trip over becomes `-`. Where that changes the name, a
 * digest of the whole keeps it apart from others that would become the same.
 */
export function fileNameFor(name: string): string {
  const cleaned = name
    .replace(/[^A-Za-z0-9._+-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .replace(DEVICE, 'test-$&')
    .slice(0, LONGEST_NAME);
  return cleaned === name && name !== '' ? name : `${cleaned || 'test'}-${contentHash(name).slice(-8)}`;
}
