/** What `fencepost check` and `fencepost baseline` do: which tests, by which models, within which limits, and what is expected of each. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Baseline } from '../check/baseline.js';
import { linePlace } from '../check/check-outcomes.js';
import type { Finding } from '../check/check-report.js';
import { placeOf } from '../check/expected.js';
import { baselinePath, fileOfEntry, loadBaseline, nameInBaseline } from '../io/baseline-file.js';
import { deadline } from '../io/clock.js';
import { expandInputs } from '../io/expand-inputs.js';
import { type LoadedModels, loadModels, type ModelRequest } from '../io/load-models.js';
import { loadProject, type Project } from '../io/load-project.js';
import { projectExpectations, projectModels, projectTests } from '../io/project-tests.js';
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
    isNarrowed: args.model !== undefined,
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

/** Tests that only the baseline knows. */
function lostTests({ path, entries }: BaselineOfPlan, tests: readonly string[]): Finding[] {
  const known = new Set(tests.map((test) => nameInBaseline(path, test)));
  return [...entries].flatMap(([name, { line }]): Finding[] => {
    if (known.has(name)) return [];
    const file = fileOfEntry(path, name);
    const why = existsSync(resolve(file)) ? 'is not among the tests' : 'is not there';
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

/** `mayBeMissing`: a baseline that is not there yet is an empty one. */
export async function planCheck(args: PlanArguments, mayBeMissing: boolean): Promise<Checked<CheckPlan>> {
  const project = await loadProject(args.config ?? null);
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
  const expectations = await projectExpectations(project.value, known);
  const paths = tests.value;
  const record = baseline.value;
  const jobs = paths.map((path): CheckJob => {
    const name = record === null ? path : nameInBaseline(record.path, path);
    return {
      path,
      expectations: {
        project: expectations.byFile.get(resolve(path)) ?? [],
        baseline: record?.entries.get(name) ?? null,
        baselineFile: record?.path ?? null,
      },
      given: [],
    };
  });
  const isAll = args.files === undefined || args.files.length === 0;
  const findings = [
    ...expectations.diagnostics
      .filter(({ code }) => !(setup.isNarrowed && code === 'unknown-model'))
      .map(projectFinding),
    ...(record !== null && isAll ? lostTests(record, paths) : []),
  ];
  return checked(
    { project: project.value, setup, loaded: models.value, jobs, baseline: record, findings },
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
export async function planFor(args: CheckArguments): Promise<Checked<CheckPlan>> {
  const plan = await planCheck(args, false);
  if (plan.value === null) return plan;
  const requireExpectations = args.requireExpectations ?? plan.value.setup.requireExpectations;
  return { ...plan, value: { ...plan.value, setup: { ...plan.value.setup, requireExpectations } } };
}
