/** Folders of litmus tests with an `expected.json`: what a reference tool said of them. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { type ExpectedResult, readExpectedResults } from '../verdict/expected-result.js';

const FILE = 'expected.json';

export interface ExpectedFolder {
  readonly path: string;
  /** The last part of the path: what the table of known differences calls it. */
  readonly name: string;
  readonly results: ReadonlyMap<string, ExpectedResult>;
}

/** The folder itself, or those directly below it that have an `expected.json`. */
async function foldersOf(path: string): Promise<string[]> {
  if (existsSync(join(path, FILE))) return [path];
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
  return below.filter((folder) => existsSync(join(folder, FILE))).sort();
}

async function readFolder(path: string): Promise<Checked<ExpectedFolder>> {
  const file = join(path, FILE);
  try {
    const { value, diagnostics } = readExpectedResults({ name: file, text: await readFile(file, 'utf8') });
    if (value === null) return { value: null, diagnostics };
    return checked({ path, name: basename(resolve(path)), results: value }, diagnostics);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { value: null, diagnostics: [errorAt(null, 'cannot-read', `${file}: ${reason}`)] };
  }
}

export async function readExpectedFolders(paths: readonly string[]): Promise<Checked<ExpectedFolder[]>> {
  const found: ExpectedFolder[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    const folders = await foldersOf(path);
    if (folders.length === 0)
      diagnostics.push(
        errorAt(null, 'no-expected-results', `${path}: there is no ${FILE} in this folder or just below it`),
      );
    for (const folder of folders) {
      const read = await readFolder(folder);
      diagnostics.push(...read.diagnostics);
      if (read.value !== null) found.push(read.value);
    }
  }
  return checked(found, diagnostics);
}
