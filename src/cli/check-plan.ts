/** What `fencepost check` and `fencepost baseline` do: which tests, by which models, within which limits, and what is expected of each. */
import { existsSync, statSync } from 'node:fs';
import type { Baseline, BaselineEntry } from '../check/baseline.js';
import { linePlace } from '../check/check-outcomes.js';
import type { Finding } from '../check/check-report.js';
import { type FileExpectations, type LostEntry, placeOf } from '../check/expected.js';
import { candidatesFor } from '../check/moved-test.js';
import { baselinePath, fileOfEntry, loadBaseline, namesInBaseline } from '../io/baseline-file.js';
import { deadline } from '../io/clock.js';
import { expandInputs } from '../io/expand-inputs.js';
import { isPattern, wouldMatch } from '../io/file-pattern.js';
import { type LoadedModels, loadModels, type ModelRequest } from '../io/load-models.js';
import { loadProject, type Project } from '../io/load-project.js';
import { insideOnly, outsideBaseline } from '../io/project-reach.js';
import {
  type ProjectExpectations,
  projectExpectations,
  projectModels,
  projectTests,
} from '../io/project-tests.js';
import { isBelow, listedPlace, realPath, realPlace } from '../io/reach.js';
import { STANDARD_INPUT } from '../io/read-source.js';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { judgeName } from '../verdict/judge.js';
import { modelNames } from '../verdict/model-choice.js';
import type { CheckJob, CheckSetup } from './check-file.js';
import { type ModelArguments, modelRequest, OptionError } from './options.js';
import type { Shard } from './shard.js';

/** What both commands take. */
export interface PlanArguments extends ModelArguments {
  readonly files: readonly string[] | undefined;
  /** False: `--no-config`. */
  readonly config: string | false | undefined;
  readonly baseline: string | false | undefined;
  readonly atomics: 'lse' | 'llsc' | undefined;
  readonly unroll: number | undefined;
  readonly timeout: number | undefined;
  readonly memory: number | undefined;
}

export interface BaselineOfPlan {
  readonly path: string;
  /** Empty if there is none yet. */
  readonly entries: Baseline;
}

export interface CheckPlan {
  readonly project: Project;
  readonly setup: CheckSetup;
  readonly loaded: LoadedModels;
  /** All tests, in their order. */
  readonly jobs: readonly CheckJob[];
  readonly baseline: BaselineOfPlan | null;
  /** About no test that is run. */
  readonly findings: readonly Finding[];
}

/** What is given on the command line replaces what the project file says of the same. */
function requestFrom(args: PlanArguments, project: Project): ModelRequest {
  const given = modelRequest(args);
  const own = projectModels(project);
  return {
    model: given.model ?? own.model,
    conf: given.conf ?? own.conf,
    bell: given.bell ?? own.bell,
    macros: given.macros ?? own.macros,
    includes: [...given.includes, ...own.includes],
    variants: [...own.variants, ...given.variants],
    compileTo: given.compileTo ?? own.compileTo,
  };
}

function setupFrom(args: PlanArguments, project: Project): CheckSetup {
  const { config } = project;
  return {
    request: requestFrom(args, project),
    unroll: args.unroll ?? config.unroll ?? null,
    atomics: args.atomics ?? config.atomics ?? 'lse',
    timeout: args.timeout ?? config.limits?.timeout ?? null,
    memory: args.memory ?? config.limits?.memory ?? null,
    requireExpectations: config.requireExpectations ?? false,
    isNarrowed: args.model !== undefined || args.conf !== undefined,
    ofMany: false,
    pictures: true,
  };
}

async function findTests(args: PlanArguments, project: Project): Promise<Checked<readonly string[]>> {
  const isGiven = args.files !== undefined && args.files.length > 0;
  if (args.files?.includes(STANDARD_INPUT) === true)
    throw new OptionError('what is expected is expected of files: there is no checking of standard input');
  if (!isGiven && project.config.tests === undefined) {
    const hint =
      project.file === null
        ? 'name files or folders, or write a project file: `{ "tests": "litmus" }` in fencepost.config.json'
        : `name files or folders, or write \`tests\` into ${project.file.name}`;
    return { value: null, diagnostics: [errorAt(null, 'no-tests', 'no tests are named', { hint })] };
  }
  const { paths, diagnostics } = isGiven ? await expandInputs(args.files ?? []) : await projectTests(project);
  if (paths.length === 0 && diagnostics.length === 0)
    return { value: null, diagnostics: [errorAt(null, 'no-tests', 'all tests are excluded')] };
  return checked(paths, diagnostics);
}

function findBaseline(
  args: PlanArguments,
  project: Project,
  mayBeMissing: boolean,
): Checked<BaselineOfPlan | null> {
  const found = baselinePath(project, args.baseline ?? null);
  if (found === null || (found.isMissing && !mayBeMissing)) return checked(null, []);
  const { path } = found;
  // what the command line names is the user's own word
  const isNamed = args.baseline !== undefined || typeof args.config === 'string';
  const outside = isNamed ? null : outsideBaseline(project, path);
  if (outside !== null) return { value: null, diagnostics: [outside] };
  if (mayBeMissing && !existsSync(path)) return checked({ path, entries: new Map() }, []);
  const { value, diagnostics } = loadBaseline(path);
  return value === null ? { value: null, diagnostics } : checked({ path, entries: value }, diagnostics);
}

const aboutNothing = {
  severity: 'error',
  model: null,
  expected: null,
  found: null,
  picture: null,
} as const;

/** A mistake of the project file that keeps no test from being checked. */
function projectFinding({ code, message, span, hint }: Diagnostic): Finding {
  const kind = code === 'unknown-model' ? 'no-such-model' : 'no-such-test';
  const place = span === null ? null : placeOf(span);
  return { ...aboutNothing, kind, message, by: 'project', place, hint };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Entries of the baseline whose files are gone. */
export function lostEntries({ path, entries }: BaselineOfPlan): readonly LostEntry[] {
  return [...entries].flatMap(([name, entry]): LostEntry[] => {
    const file = fileOfEntry(path, name);
    return existsSync(file) ? [] : [{ name, file, entry }];
  });
}

function entryOf({ path, entries }: BaselineOfPlan, test: string): BaselineEntry | null {
  const name = namesInBaseline(path, test).find((each) => entries.has(each));
  return name === undefined ? null : (entries.get(name) ?? null);
}

/** Of files that are gone, those that arguments would stand for if they were there: below folders, and what patterns match. */
async function askedFor(given: readonly string[], gone: readonly string[]): Promise<ReadonlySet<string>> {
  if (gone.length === 0) return new Set();
  const folders = given.filter(isFolder).map((folder) => realPlace(folder));
  const asked = new Set(gone.filter((file) => folders.some((each) => isBelow(listedPlace(file), each))));
  for (const argument of given)
    if (isPattern(argument) && !existsSync(argument))
      for (const file of await wouldMatch(argument, gone)) asked.add(file);
  return asked;
}

/** Tests that only the baseline knows. `given`: the command line's arguments; then those that they stand for, and that are gone. */
async function lostTests(
  { path, entries }: BaselineOfPlan,
  tests: readonly string[],
  given: readonly string[],
): Promise<Finding[]> {
  const known = new Set(tests.flatMap((test) => namesInBaseline(path, test)));
  const unknown = [...entries].flatMap(([name, { line }]) =>
    known.has(name) ? [] : [{ file: fileOfEntry(path, name), line }],
  );
  const gone = unknown.map(({ file }) => file).filter((file) => !existsSync(file));
  const asked = given.length === 0 ? null : await askedFor(given, gone);
  const isGone = new Set(gone);
  return unknown.flatMap(({ file, line }): Finding[] => {
    if (asked !== null && !asked.has(file)) return [];
    const why = isGone.has(file) ? 'is not there' : 'is not among the tests';
    return [
      {
        ...aboutNothing,
        kind: 'no-such-test',
        message: `the baseline has outcomes of ${file}, which ${why}`,
        by: 'baseline',
        place: linePlace(path, line),
        hint: 'if that is meant: `fencepost baseline --prune`',
      },
    ];
  });
}

/**
 * A record without the models that are not asked, which is nobody's mistake in any test. Those that the command line leaves out are not
 * spoken of; what the project file no longer names is said once, of all tests.
 */
function askedRecord(
  record: BaselineOfPlan | null,
  asked: readonly string[],
  isNarrowed: boolean,
): { readonly record: BaselineOfPlan | null; readonly findings: readonly Finding[] } {
  if (record === null) return { record, findings: [] };
  const left = new Map<string, number[]>();
  const entries = [...record.entries].map(([name, entry]) => {
    for (const { model } of entry.outcomes)
      if (!asked.includes(model))
        left.set(model, [...(left.get(model) ?? []), entry.modelLines.get(model) ?? entry.line]);
    const outcomes = entry.outcomes.filter(({ model }) => asked.includes(model));
    return [name, { ...entry, outcomes }] as const;
  });
  const findings = [...left].map(([model, lines]): Finding => {
    const tests = lines.length === 1 ? 'a test' : `${lines.length} tests`;
    return {
      ...aboutNothing,
      kind: 'no-such-model',
      model,
      message: `the baseline has outcomes of ${tests} under ${model}, which is not among the models that are asked`,
      by: 'baseline',
      place: linePlace(record.path, lines[0] ?? 1),
      hint: 'if that is meant: `fencepost baseline`, which drops them',
    };
  });
  return { record: { ...record, entries: new Map(entries) }, findings: isNarrowed ? [] : findings };
}

function planJobs(
  paths: readonly string[],
  { byFile }: ProjectExpectations,
  record: BaselineOfPlan | null,
): readonly CheckJob[] {
  const lost = record === null ? [] : lostEntries(record);
  return paths.map((path): CheckJob => {
    const own = record === null ? null : entryOf(record, path);
    const expectations: FileExpectations = {
      project: byFile.get(listedPlace(path)) ?? byFile.get(realPath(path)) ?? [],
      baseline: own,
      baselineFile: record?.path ?? null,
      ...(own === null && lost.length > 0 ? { lost: candidatesFor(path, lost) } : {}),
    };
    return { path, expectations, given: [] };
  });
}

/** `mayBeMissing`: a baseline that is not there yet is an empty one. `anew`: a plan was made before, of files that may have changed. */
export async function planCheck(
  args: PlanArguments,
  mayBeMissing: boolean,
  anew = false,
): Promise<Checked<CheckPlan>> {
  const loaded = await loadProject(args.config ?? null, anew);
  const project = typeof args.config === 'string' ? loaded : insideOnly(loaded);
  if (project.value === null) return { value: null, diagnostics: project.diagnostics };
  const setup = setupFrom(args, project.value);
  const models = loadModels(setup.request, deadline(setup.timeout));
  const tests = await findTests(args, project.value);
  const baseline = findBaseline(args, project.value, mayBeMissing);
  const diagnostics = [project, models, tests, baseline].flatMap((part) => part.diagnostics);
  if (
    models.value === null ||
    tests.value === null ||
    diagnostics.some(({ severity }) => severity === 'error')
  )
    return { value: null, diagnostics };
  const users = models.value.models?.map(judgeName) ?? [];
  const known = [...new Set([...modelNames, ...users])];
  const paths = tests.value;
  const isAll = args.files === undefined || args.files.length === 0;
  const expectations = await projectExpectations(project.value, known, isAll ? paths : null);
  const asked = models.value.models === null ? modelNames : users;
  const { record, findings: unasked } = askedRecord(baseline.value, asked, setup.isNarrowed);
  const jobs = planJobs(paths, expectations, record);
  const findings = [
    ...expectations.diagnostics
      .filter(({ code }) => !(setup.isNarrowed && code === 'unknown-model'))
      .map(projectFinding),
    ...unasked,
    ...(record === null ? [] : await lostTests(record, paths, args.files ?? [])),
  ];
  return checked(
    {
      project: project.value,
      setup: { ...setup, ofMany: jobs.length > 1 },
      loaded: models.value,
      jobs,
      baseline: baseline.value,
      findings,
    },
    diagnostics,
  );
}

export interface CheckArguments extends PlanArguments {
  readonly reporter: readonly string[] | undefined;
  readonly jobs: number | undefined;
  readonly shard: Shard | undefined;
  readonly resume: boolean;
  readonly requireExpectations: boolean | undefined;
  readonly quiet: boolean;
}

/** A plan with the options that are not about what is run. */
export async function planFor(args: CheckArguments, anew = false): Promise<Checked<CheckPlan>> {
  const plan = await planCheck(args, false, anew);
  if (plan.value === null) return plan;
  const requireExpectations = args.requireExpectations ?? plan.value.setup.requireExpectations;
  return { ...plan, value: { ...plan.value, setup: { ...plan.value.setup, requireExpectations } } };
}
