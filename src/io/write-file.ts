/** Writes generated files, making the folders on the way. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Diagnostic, errorAt } from '../text/diagnostic.js';

/** Null if it was written; else why not. */
export async function writeText(path: string, text: string): Promise<Diagnostic | null> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return errorAt(null, 'cannot-write', `${path}: cannot be written: ${reason}`);
  }
}

/** A test's name as a file name: everything that a file system or a shell could trip over becomes `-`. */
export function fileNameFor(name: string): string {
  return name.replace(/[^A-Za-z0-9._+]+/g, '-').replace(/^[-.]+|-+$/g, '') || 'test';
}
