/**
 * Finds and loads the project file: `fencepost.config.ts` and its like, in the working directory or above it, up to the root of the
 * repository.
 *
 * A file of code is run, with all rights, as those of test runners and linters are; JSON is only read. TypeScript and `import` are for jiti,
 * which needs no build; what `fencepost` names there is this very program, so that it need not be installed beside the tests.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, resolve } from 'node:path';
import type { JitiOptions } from 'jiti';
import type { LocateField } from '../check/config-schema.js';
import type { FencepostConfig } from '../check/project-config.js';
import { type Checked, checked, errorAt, warningAt } from '../text/diagnostic.js';
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
  /** The files that its code is read from, as far as is known: absolute. */
  readonly parts: readonly string[];
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

interface Exported {
  readonly value: unknown;
  /** Whether Node keeps the code, and would not read it again when it has changed. */
  readonly isKept: boolean;
}

type Exports = Readonly<Record<string, unknown>>;

/**
 * Runs a file as it is now, and with it what it imports: `import` of Node reads no file twice in one process, so all goes by `require`,
 * whose cache can be cleared. That cannot wait for a top-level `await`: code with one is left to `import`.
 */
async function runAnew(path: string, setup: JitiOptions, parts: Set<string>): Promise<Exported> {
  const { createJiti } = await import('jiti');
  const { cache } = createRequire(path);
  const before = new Set(Object.keys(cache));
  try {
    const value: unknown = createJiti(path, { ...setup, moduleCache: true })(path);
    return { value, isKept: false };
  } catch {
    const value = await createJiti(path, setup).import<Exports>(path);
    return { value, isKept: /js$/.test(path) };
  } finally {
    for (const part of Object.keys(cache).filter((each) => !before.has(each))) {
      parts.add(resolve(part));
      delete cache[part];
    }
  }
}

/** What the file's code throws is the user's. `anew`: as it is now, even if it was run before. */
async function runFile(path: string, parts: Set<string>, anew: boolean): Promise<Checked<unknown>> {
  const { createJiti } = await import('jiti');
  const { defineConfig } = await import('../check/project-config.js');
  const setup = { virtualModules: { fencepost: { defineConfig } }, fsCache: false, moduleCache: false };
  try {
    const { value, isKept } = anew
      ? await runAnew(path, setup, parts)
      : { value: await createJiti(path, setup).import<Exports>(path), isKept: false };
    const exported = value as Exports;
    const kept = `${shownPath(path)}: its top-level \`await\` keeps changes of it from being seen`;
    const notes = isKept ? [warningAt(null, 'project-file', kept, { hint: 'start again to see them' })] : [];
    if ('default' in exported) return checked(exported.default, notes);
    return fail(
      `${shownPath(path)}: there is no default export`,
      'write `export default defineConfig({ ... })`',
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    return fail(`${shownPath(path)}: cannot be run: ${reason}`);
  }
}

async function loadFile(path: string, anew: boolean): Promise<Checked<Project>> {
  const source = readTextFile(shownPath(path), 'a project file');
  if (source.value === null) return { value: null, diagnostics: source.diagnostics };
  const file = source.value;
  const { readConfig } = await import('../check/config-schema.js');
  const { readLocatedJson, locateInCode } = await import('./locate-field.js');
  const isJson = extname(path) === '.json';
  const json = isJson ? readLocatedJson(file) : null;
  const parts = new Set<string>();
  const ran = isJson ? null : await runFile(path, parts, anew);
  const data = json?.value?.data ?? ran?.value;
  const diagnostics = [...(json?.diagnostics ?? []), ...(ran?.diagnostics ?? [])];
  if (diagnostics.some(({ severity }) => severity === 'error')) return { value: null, diagnostics };
  const locate = json?.value?.locate ?? locateInCode(file);
  const config = readConfig(data, file.name, locate);
  if (config.value === null) return { value: null, diagnostics: config.diagnostics };
  const project = { file, folder: dirname(path), config: config.value, locate, parts: [...parts] };
  return checked(project, [...diagnostics, ...config.diagnostics]);
}

/** `wanted`: the file's name; null: look for it; false: none, even if there is one. `anew`: see `runAnew`. */
export async function loadProject(wanted: string | null | false, anew = false): Promise<Checked<Project>> {
  const none: Project = { file: null, folder: process.cwd(), config: {}, locate: () => null, parts: [] };
  if (wanted === false) return checked(none, []);
  if (wanted !== null) return loadFile(resolve(wanted), anew);
  const [first, second] = findProjectFiles(process.cwd());
  if (first === undefined) return checked(none, []);
  if (second === undefined) return loadFile(first, anew);
  return fail(
    `there are two project files: ${shownPath(first)} and ${shownPath(second)}`,
    'remove one, or name the one that is meant: `--config FILE`',
  );
}
