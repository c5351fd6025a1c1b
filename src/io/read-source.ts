/**
 * Reads input files: a path or standard input, as text that is worth parsing.
 *
 * Binary and oversized input is refused here, so that the parsers see text of a bounded size.
 */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';

/** Far above any litmus test, which has hundreds of bytes. */
export const MAX_BYTES = 1 << 20;

const CHUNK = 1 << 16;

/** The name of standard input, as a path and in messages. */
export const STANDARD_INPUT = '<stdin>';

function refuse(code: string, message: string, hint: string | null = null): Checked<SourceFile> {
  return { value: null, diagnostics: [errorAt(null, code, message, { hint })] };
}

/** Bytes to text: UTF-8, a byte-order mark dropped; control bytes that no text has mean a binary file. */
export function decodeSource(
  name: string,
  bytes: Uint8Array,
  what = 'a litmus test',
  most = MAX_BYTES,
): Checked<SourceFile> {
  if (bytes.length > most)
    return refuse('input-too-large', `${name}: larger than ${most >> 20} MiB: not ${what}`);
  if (bytes.includes(0)) return refuse('input-binary', `${name}: binary data, expected ${what} as text`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return checked({ name, text }, []);
  } catch {
    return refuse('input-binary', `${name}: not UTF-8 text`, 'convert the file with iconv, or give another');
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder',
  EACCES: 'no permission to read it',
};

function siblingsOf(name: string): string[] {
  try {
    return readdirSync(dirname(name));
  } catch {
    return [];
  }
}

function describeFailure(name: string, error: unknown): Diagnostic {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const siblings = code === 'ENOENT' ? siblingsOf(name) : [];
  const hint = didYouMean(basename(name), siblings);
  return errorAt(
    null,
    'cannot-read',
    `${name}: ${reasons[code] ?? `cannot be read (${code || String(error)})`}`,
    { hint },
  );
}

/** At most a chunk more than is accepted, so that endless input (`/dev/zero`) ends. */
function readFileBounded(path: string, most: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const part = Buffer.allocUnsafe(CHUNK);
      const length = readSync(file, part);
      if (length === 0) break;
      parts.push(part.subarray(0, length));
      size += length;
      if (size > most) break;
    }
    return Buffer.concat(parts);
  } finally {
    closeSync(file);
  }
}

async function readInputBounded(): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    parts.push(part);
    size += part.length;
    if (size > MAX_BYTES) break;
  }
  return Buffer.concat(parts);
}

/** The file at `path`, which is `what`: a model, say. `most`: the bytes that such a file may have. */
export function readTextFile(path: string, what: string, most = MAX_BYTES): Checked<SourceFile> {
  try {
    return decodeSource(path, readFileBounded(path, most), what, most);
  } catch (error) {
    return { value: null, diagnostics: [describeFailure(path, error)] };
  }
}

/** The file at `path`, or standard input for STANDARD_INPUT. */
export async function readSource(path: string): Promise<Checked<SourceFile>> {
  if (path !== STANDARD_INPUT) return readTextFile(path, 'a litmus test');
  try {
    return decodeSource(path, await readInputBounded());
  } catch (error) {
    return { value: null, diagnostics: [describeFailure(path, error)] };
  }
}
