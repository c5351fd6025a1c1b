/**
 * Finds and loads the project file: `fencepost.config.ts` and its like, in the working directory or above it, up to the root of the
 * repository.
 *
 * A file of code is run, with all rights, as those of test runners and linters are; JSON is only read. TypeScript and `import` are for jiti,
 * which needs no build; what `fencepost` names there is this very program, so that it need not be installed beside the tests.
 */
import { existsSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import type { LocateField } from '../check/config-schema.js';
import type { FencepostConfig } from '../check/project-config.js';
import { type Checked, checked, errorAt } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { readTextFile } from './read-source.js';

export const PROJECT_FILES: readonly string[] = ['ts', 'mts', 'js', 'mjs', 'json'].map(
  (extension) => `fencepost.config.${extension}`,
);

export interface Project {
  /** Null: there is no project file, and the config is empty. */
  readonly file: SourceFile | null;
  /** What its paths are relative to: absolute. */
  readonly folder: string;
  readonly config: FencepostConfig;
  /** Where a field stands. */
  readonly locate: LocateField;
}

/** A path for people, and for the commands: from where the command was started, with `/`. */
export function shownPath(path: string): string {
  return relative(process.cwd(), path).replaceAll('\\', '/') || '.';
}

/** The nearest folder upwards with a project file, not beyond one with a `.git`; and what is there. */
function findProjectFiles(from: string): readonly string[] {
  const found = PROJECT_FILES.map((name) => join(from, name)).filter((path) => existsSync(path));
  const parent = dirname(from);
  if (found.length > 0 || existsSync(join(from, '.git')) || parent === from) return found;
  return findProjectFiles(parent);
}

function fail(message: string, hint: string | null = null): Checked<never> {
  return { value: null, diagnostics: [errorAt(null, 'project-file', message, { hint })] };
}

/** What the file's code throws is the user's. */
async function runFile(path: string): Promise<Checked<unknown>> {
  const { createJiti } = await import('jiti');
  const { defineConfig } = await import('../check/project-config.js');
  const jiti = createJiti(path, {
    virtualModules: { fencepost: { defineConfig } },
    fsCache: false,
    moduleCache: false,
  });
  try {
    const exported = await jiti.import<Readonly<Record<string, unknown>>>(path);
    if ('default' in exported) return checked(exported.default, []);
    return fail(
      `${shownPath(path)}: there is no default export`,
      'write `export default defineConfig({ ... })`',
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    return fail(`${shownPath(path)}: cannot be run: ${reason}`);
  }
}

async function loadFile(path: string): Promise<Checked<Project>> {
  const source = readTextFile(shownPath(path), 'a project file');
  if (source.value === null) return { value: null, diagnostics: source.diagnostics };
  const file = source.value;
  const { readConfig } = await import('../check/config-schema.js');
  const { readLocatedJson, locateInCode } = await import('./locate-field.js');
  const isJson = extname(path) === '.json';
  const json = isJson ? readLocatedJson(file) : null;
  const ran = isJson ? null : await runFile(path);
  const data = json?.value?.data ?? ran?.value;
  const diagnostics = [...(json?.diagnostics ?? []), ...(ran?.diagnostics ?? [])];
  if (diagnostics.length > 0) return { value: null, diagnostics };
  const locate = json?.value?.locate ?? locateInCode(file);
  const config = readConfig(data, file.name, locate);
  if (config.value === null) return { value: null, diagnostics: config.diagnostics };
  return checked({ file, folder: dirname(path), config: config.value, locate }, config.diagnostics);
}

/** `wanted`: the file's name; null: look for it; false: none, even if there is one. */
export async function loadProject(wanted: string | null | false): Promise<Checked<Project>> {
  const none: Project = { file: null, folder: process.cwd(), config: {}, locate: () => null };
  if (wanted === false) return checked(none, []);
  if (wanted !== null) return loadFile(resolve(wanted));
  const [first, second] = findProjectFiles(process.cwd());
  if (first === undefined) return checked(none, []);
  if (second === undefined) return loadFile(first);
  return fail(
    `there are two project files: ${shownPath(first)} and ${shownPath(second)}`,
    'remove one, or name the one that is meant: `--config FILE`',
  );
}
