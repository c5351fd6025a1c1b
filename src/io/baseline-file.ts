/** The file of the baseline: which it is, what it is called in, and its text. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Baseline } from '../check/baseline.js';
import { readBaseline } from '../check/read-baseline.js';
import { type Checked, checked } from '../text/diagnostic.js';
import { type Project, shownPath } from './load-project.js';
import { projectPath } from './project-tests.js';
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

/** What a baseline calls a file. */
export function nameInBaseline(baseline: string, file: string): string {
  return relative(dirname(resolve(baseline)), resolve(file)).replaceAll('\\', '/');
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
