/** What a project file names: tests, model files, expectations of files, each found from the folder of the project file. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type ProjectExpectation, placeOf } from '../check/expected.js';
import type { ExpectedText, FileExpectation } from '../check/project-config.js';
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { didYouMean } from '../text/suggest.js';
import { isFileName } from '../verdict/model-list.js';
import { expectedVerdicts } from '../verdict/report.js';
import { type ExpandedInputs, expandInputs } from './expand-inputs.js';
import { isPattern } from './file-pattern.js';
import type { ModelRequest } from './load-models.js';
import { type Project, shownPath } from './load-project.js';
import { listedPlace, realPath } from './reach.js';

export function listOf(texts: string | readonly string[] | undefined): readonly string[] {
  return texts === undefined ? [] : [texts].flat();
}

/** A path of the project file, from where the command was started. */
export function projectPath({ folder }: Project, path: string): string {
  return shownPath(resolve(folder, path));
}

/** A pattern of the project file, from where the command was started: what is special in the folder's own name is not. */
async function projectPattern({ folder }: Project, pattern: string): Promise<string> {
  if (existsSync(resolve(folder, pattern))) return shownPath(resolve(folder, pattern));
  const prefix = relative(process.cwd(), folder).replaceAll('\\', '/');
  if (prefix === '') return pattern;
  const { escapePath } = await import('tinyglobby');
  return join(escapePath(prefix), pattern).replaceAll('\\', '/');
}

async function expandPatterns(project: Project, patterns: readonly string[]): Promise<ExpandedInputs> {
  return expandInputs(await Promise.all(patterns.map((pattern) => projectPattern(project, pattern))));
}

/** What paths and patterns of the project file begin from, for people. */
function whereFrom({ file }: Project): string {
  return `paths are relative to the folder of ${file?.name ?? 'the project file'}`;
}

/** A name that nothing has, beside those that there are. */
function missingName(project: Project, name: string): Diagnostic {
  const folder = dirname(resolve(project.folder, name));
  const beside = existsSync(folder) ? readdirSync(folder) : [];
  const near = didYouMean(
    name,
    beside.map((each) => join(dirname(name), each).replaceAll('\\', '/')),
  );
  const hint = near ?? whereFrom(project);
  return errorAt(null, 'no-tests', `${name}: there is no such file or folder`, { hint });
}

/**
 * The tests of the project file. A name of nothing is a mistake of the project file, not a test that cannot be read: what it was meant
 * to name would be missed, and taken for gone.
 */
export async function projectTests(project: Project): Promise<ExpandedInputs> {
  const { tests, exclude } = project.config;
  const left = new Set((await expandPatterns(project, listOf(exclude))).paths.map((path) => resolve(path)));
  const paths = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const [i, pattern] of listOf(tests).entries()) {
    const isMissing = !isPattern(pattern) && !existsSync(resolve(project.folder, pattern));
    const found = isMissing
      ? { paths: [], diagnostics: [missingName(project, pattern)] }
      : await expandPatterns(project, [pattern]);
    for (const path of found.paths) if (!left.has(resolve(path))) paths.add(path);
    const span = project.locate(typeof tests === 'string' ? ['tests'] : ['tests', i], 'value');
    diagnostics.push(
      ...found.diagnostics.map((each) => (each.code === 'no-tests' ? { ...each, span } : each)),
    );
  }
  return { paths: [...paths], diagnostics };
}

/** What a pattern that fits no test may be meant for. */
async function hintFor(project: Project, pattern: string): Promise<string> {
  const tests = (await projectTests(project)).paths.map((path) => resolve(path));
  const deeper = `**/${pattern}`;
  const below = new Set((await expandPatterns(project, [deeper])).paths.map((path) => resolve(path)));
  const names = tests.map((path) => relative(project.folder, path).replaceAll('\\', '/'));
  const fitting = names.filter((_, i) => below.has(tests[i]!));
  const [first] = fitting;
  const near =
    first === undefined
      ? didYouMean(pattern, names)
      : `did you mean \`${fitting.length === 1 ? first : deeper}\`?`;
  return [near ?? [], whereFrom(project)].flat().join(' ');
}

/** The models of the project file; a model file is a path. */
export function projectModels(project: Project): ModelRequest {
  const { config } = project;
  const path = (name: string): string => projectPath(project, name);
  const models = listOf(config.models).map((name) => (isFileName(name) ? path(name) : name));
  return {
    model: config.models === undefined ? null : models.join(','),
    conf: config.conf === undefined ? null : path(config.conf),
    bell: config.bell === undefined ? null : path(config.bell),
    macros: config.macros === undefined ? null : path(config.macros),
    includes: listOf(config.include).map(path),
    variants: listOf(config.variants),
    compileTo: config.compileTo ?? null,
  };
}

type Part = Omit<ProjectExpectation, 'of' | 'place'>;

function readText(text: ExpectedText): Part {
  const [word, mark] = text.split(' ');
  return { verdict: expectedVerdicts.find((name) => name === word) ?? null, dataRace: mark === 'DATARACE' };
}

/** What a pattern's expectations say, each with the path of its field. */
function partsOf(
  pattern: string,
  value: FileExpectation,
): (Pick<ProjectExpectation, 'of'> & Part & { readonly path: readonly string[] })[] {
  const path = ['expectations', pattern];
  if (typeof value === 'string')
    return [{ of: value === 'nothing' ? 'all' : 'own', ...readText(value), path }];
  return Object.entries(value).map(([model, text]) => ({
    of: { model },
    ...readText(text),
    path: [...path, model],
  }));
}

function expectsNothing(value: FileExpectation): boolean {
  return typeof value === 'string'
    ? value === 'nothing'
    : Object.values(value).every((text) => text === 'nothing');
}

export interface ProjectExpectations {
  /** By `listedPlace`. */
  readonly byFile: ReadonlyMap<string, readonly ProjectExpectation[]>;
  /** Of those that are about nothing; the others count all the same. */
  readonly diagnostics: readonly Diagnostic[];
}

/** `knownModels`: names that may be named. `tests`: all that are checked; null: those that somebody has chosen. */
export async function projectExpectations(
  project: Project,
  knownModels: readonly string[],
  tests: readonly string[] | null = null,
): Promise<ProjectExpectations> {
  const byFile = new Map<string, ProjectExpectation[]>();
  const diagnostics: Diagnostic[] = [];
  const checked =
    tests === null ? null : new Set(tests.flatMap((path) => [listedPlace(path), realPath(path)]));
  for (const [pattern, value] of Object.entries(project.config.expectations ?? {})) {
    const { paths } = await expandPatterns(project, [pattern]);
    const files = paths.filter((path) => existsSync(path));
    if (files.length === 0) {
      const message = `no test fits \`${pattern}\`, of which something is expected`;
      const place = project.locate(['expectations', pattern], 'name');
      diagnostics.push(errorAt(place, 'no-tests', message, { hint: await hintFor(project, pattern) }));
    } else if (
      checked !== null &&
      !expectsNothing(value) &&
      !files.some((file) => checked.has(listedPlace(file)))
    ) {
      const message = `something is expected of \`${pattern}\`, which is not among the tests`;
      const hint = 'name it in `tests`, if `exclude` does not name it, or expect "nothing"';
      diagnostics.push(
        errorAt(project.locate(['expectations', pattern], 'name'), 'no-tests', message, { hint }),
      );
    }
    for (const { path, of, verdict, dataRace } of partsOf(pattern, value)) {
      const span = project.locate(path, 'value');
      if (typeof of === 'object' && !knownModels.includes(of.model)) {
        const hint = didYouMean(of.model, knownModels) ?? `the models are ${knownModels.join(', ')}`;
        const place = project.locate(path, 'name');
        diagnostics.push(errorAt(place, 'unknown-model', `unknown model \`${of.model}\``, { hint }));
      }
      const place = span === null ? null : placeOf(span);
      for (const file of files) {
        const all = byFile.get(listedPlace(file)) ?? [];
        byFile.set(listedPlace(file), [...all, { of, verdict, dataRace, place }]);
      }
    }
  }
  return { byFile, diagnostics };
}
