/** The file of the baseline: which it is, what it is called in, and its text. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Baseline } from '../check/baseline.js';
import { readBaseline } from '../check/read-baseline.js';
import { type Checked, checked } from '../text/diagnostic.js';
import { type Project, shownPath } from './load-project.js';
import { projectPath } from './project-tests.js';
import { listedPlace, realPath, realPlace } from './reach.js';
import { readTextFile } from './read-source.js';

export const DEFAULT_BASELINE = 'fencepost.baseline';

/** Far above any baseline, and below what a string can hold. */
const MAX_BYTES = 256 << 20;

/** `wanted`: as given; null: the project's, or the usual one; false: none. `isMissing`: nobody asked for it, and it is not there. */
export function baselinePath(
  project: Project,
  wanted: string | null | false,
): { readonly path: string; readonly isMissing: boolean } | null {
  if (wanted === false) return null;
  const named =
    wanted ?? (project.config.baseline === undefined ? null : projectPath(project, project.config.baseline));
  if (named !== null) return { path: named, isMissing: false };
  const path = shownPath(join(project.folder, DEFAULT_BASELINE));
  return { path, isMissing: !existsSync(path) };
}

/** How many folders a relative path goes up. */
function stepsUp(path: string): number {
  return path.split('/').filter((part) => part === '..').length;
}

/**
 * What a baseline calls a file: the same for all ways that links in the repository lead to it. Where a link leads farther away, to
 * another place on each machine, it is the file's name that stays the same.
 */
export function nameInBaseline(baseline: string, file: string): string {
  const folder = dirname(resolve(baseline));
  const spelt = relative(folder, resolve(file)).replaceAll('\\', '/');
  const real = relative(realPlace(folder), listedPlace(file)).replaceAll('\\', '/');
  return isAbsolute(real) || stepsUp(real) > stepsUp(spelt) ? spelt : real;
}

/** The names that a test's entry may have: its own, then that of the file that it is a link to. */
export function namesInBaseline(baseline: string, file: string): readonly string[] {
  return [...new Set([nameInBaseline(baseline, file), nameInBaseline(baseline, realPath(file))])];
}

/** The file that an entry is about, from where the command was started. */
export function fileOfEntry(baseline: string, name: string): string {
  return shownPath(resolve(dirname(resolve(baseline)), name));
}

export function loadBaseline(path: string): Checked<Baseline> {
  const source = readTextFile(path, 'a baseline', MAX_BYTES);
  if (source.value === null) {
    const isMissing = !existsSync(path);
    const hint = isMissing ? '`fencepost baseline` writes it' : null;
    return {
      value: null,
      diagnostics: source.diagnostics.map((each) => ({ ...each, hint: each.hint ?? hint })),
    };
  }
  const read = readBaseline(source.value);
  return read.value === null ? read : checked(read.value, read.diagnostics);
}
