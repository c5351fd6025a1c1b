/**
 * What a project file that nobody has named may name: files of its repository. It comes with the tests, from anyone, and is found by itself;
 * JSON is said to be only data. So no path in it leads out, nor through a link: to read elsewhere would quote other files in error
 * messages, and to record outcomes elsewhere would write there.
 *
 * A file of code runs with all rights anyhow. A file that the command line names is the user's own word.
 */
import { existsSync } from 'node:fs';
import { dirname, extname, join, normalize, resolve } from 'node:path';
import type { FencepostConfig } from '../check/project-config.js';
import { type Checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { isFileName } from '../verdict/model-list.js';
import { isPattern } from './file-pattern.js';
import { type Project, shownPath } from './load-project.js';
import { isBelow, realPlace } from './reach.js';

/** The folder with `.git`, here or above; else the project file's own. */
function repositoryOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return folder;
  }
}

function isInside(folder: string, path: string): boolean {
  return isBelow(realPlace(path), realPlace(repositoryOf(folder)));
}

/** The part of a pattern that names a folder. What its stars match, links included, is below that (expand-inputs.ts). */
function fixedPart(folder: string, pattern: string): string {
  if (!isPattern(pattern) || existsSync(resolve(folder, pattern))) return pattern;
  const parts = pattern.split(/[/\\]/);
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => /[*?[{(!]/.test(part)),
  );
  return fixed.length === 0 ? '.' : `${fixed.join('/')}/`;
}

interface Named {
  readonly path: readonly (string | number)[];
  readonly name: string;
  readonly part: 'name' | 'value';
}

/** The elements of a field that is a text or a list of them. */
function elements(field: keyof FencepostConfig, value: string | readonly string[] | undefined): Named[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [{ path: [field], name: value, part: 'value' }];
  return value.map((name, i) => ({ path: [field, i], name, part: 'value' }));
}

function outsideAt(project: Project, { path, name, part }: Named): Diagnostic {
  const where = shownPath(repositoryOf(project.folder));
  const message = `\`${name}\` leads out of the repository (${where}), where a project file that is found by itself may not lead`;
  const hint = `if that is meant, name the project file: \`--config ${project.file?.name}\``;
  return errorAt(project.locate(path, part), 'outside', message, { hint });
}

/** Also where a file that is not beside the project file would be found in a folder of `include` instead. */
function placesOf({ folder, config }: Project, name: string): readonly string[] {
  const shown = shownPath(resolve(folder, name));
  const folders = elements('include', config.include).map((each) => resolve(folder, each.name));
  const others = folders.map((each) => join(each, shown)).filter((path) => existsSync(path));
  return [resolve(folder, name), ...others];
}

/** A project file that was found; or where it leads out of its repository. */
export function insideOnly(loaded: Checked<Project>): Checked<Project> {
  const project = loaded.value;
  if (project === null || project.file === null || extname(project.file.name) !== '.json') return loaded;
  const { folder, config } = project;
  const { tests, exclude, include, models, conf, bell, macros, expectations } = config;
  const patterns = [
    ...elements('tests', tests),
    ...elements('exclude', exclude),
    ...elements('include', include),
    ...Object.keys(expectations ?? {}).map(
      (name): Named => ({ path: ['expectations', name], name, part: 'name' }),
    ),
  ];
  const files = [
    ...elements('models', models).filter(({ name }) => isFileName(name)),
    ...elements('conf', conf),
    ...elements('bell', bell),
    ...elements('macros', macros),
  ];
  const outside = [
    // `*/../..` is `..`, when it is joined to the way to the project file's folder
    ...patterns.filter((each) =>
      [each.name, normalize(each.name)].some(
        (name) => !isInside(folder, resolve(folder, fixedPart(folder, name))),
      ),
    ),
    ...files.filter(({ name }) => !placesOf(project, name).every((path) => isInside(folder, path))),
  ];
  if (outside.length === 0) return loaded;
  const diagnostics = outside.map((named) => outsideAt(project, named));
  return { value: null, diagnostics: [...loaded.diagnostics, ...diagnostics] };
}

/** What is wrong with a baseline that the command line does not name: the project file's, or the usual one. */
export function outsideBaseline(project: Project, path: string): Diagnostic | null {
  const { file, folder, config } = project;
  const isOfCode = file !== null && extname(file.name) !== '.json';
  if ((isOfCode && config.baseline !== undefined) || isInside(folder, path)) return null;
  const where = shownPath(repositoryOf(folder));
  const message = `the baseline ${path} leads out of the repository (${where})`;
  const place = config.baseline === undefined ? null : project.locate(['baseline'], 'value');
  return errorAt(place, 'outside', message, {
    hint: 'if that is meant, name it on the command line: `--baseline FILE`',
  });
}
