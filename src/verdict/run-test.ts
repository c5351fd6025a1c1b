/** One test under several models: file text to verdicts. The pipeline of `src/`, composed; pure but for the given clock. */

import type { PrimitiveTable } from '../elaborate/primitive-table.js';
import type { LowerOptions } from '../lower/lower.js';
import type { Dialect } from '../program/ir.js';
import type { Mode, SearchOptions } from '../search/execution.js';
import { withFlagsOfWaits } from '../search/flags-of-waits.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { settleVerdict } from '../search/settle-verdict.js';
import type { Techniques } from '../search/techniques.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import { type SourceFile, spanOf } from '../text/source.js';
import { type Expectations, readExpectations } from './expectation.js';
import { isUserModel, type Judge, judgedDialect, judgeName, modelFor } from './judge.js';
import { fittingModels, modelNames, ownModel } from './model-choice.js';
import { type PreparedTest, prepareTest, programIn } from './prepare-test.js';
import { type FileReport, isRun, type ModelReport, type TestReport } from './report.js';
import { decideVerdict } from './verdict.js';

export interface RunOptions {
  /** `all`: all that fit the test; `own`: that of the test's language. Columns are always in the same order. */
  readonly models: readonly Judge[] | 'all' | 'own';
  /** The models are asked of many tests: of this one, none of them has to be a model that can judge it. Default: one at least, and those of C all. */
  readonly ofMany?: boolean;
  readonly mode: Mode;
  /** How often a loop may go round; null: the search's default. */
  readonly unroll: number | null;
  readonly atomics: LowerOptions['atomics'];
  /** The primitives of kernel C; null: the kernel's. */
  readonly macros: PrimitiveTable | null;
  /** Milliseconds, for the report's seconds. */
  readonly now: () => number;
  /** Called before anything is done for a model, its compilation included. */
  readonly begin?: (model: string) => void;
  /** Asked once for each model: the question that ends its compilation and its search (a timeout), or null. */
  readonly expiry: (model: string) => SearchOptions['expired'];
  /**
   * Asked once for each model whose search was stopped before the verdict was known: the question that ends a search for the verdict
   * alone, or null for none. `spent`: milliseconds by `now`. Default: none.
   */
  readonly lastQuestion?: (model: string, spent: number) => SearchOptions['expired'];
  /** What the search may use; default: all of its techniques. */
  readonly techniques?: Partial<Techniques>;
  /** Models that are not to be asked (again), by name, and the limit that is the reason. */
  readonly given?: ReadonlyMap<string, string>;
}

/** Every fitting model, each final state once, no clock and no limit of time. */
export const defaultRunOptions: RunOptions = {
  models: 'all',
  mode: 'outcomes',
  unroll: null,
  atomics: 'lse',
  macros: null,
  now: () => 0,
  expiry: () => null,
};

/** Whether a model that does not compile for a test's dialect does for the one that it was written for. */
function isForeign(judge: Judge, dialect: Dialect, expired: (() => boolean) | null): boolean {
  if (!isUserModel(judge)) return false;
  const own = judge.target ?? 'lkmm';
  return own !== dialect && judge.compile(own, expired).value !== null;
}

function misfit(
  { source, language }: PreparedTest,
  model: string,
  severity: 'error' | 'warning',
): Diagnostic {
  const span = spanOf(source, 0, Math.max(1, source.text.search(/\s/)));
  const hint = `the models that fit this test are ${fittingModels(language).join(', ')}`;
  const message = `the model ${model} does not judge tests in this language`;
  return (severity === 'error' ? errorAt : warningAt)(span, 'model-does-not-fit', message, { hint });
}

/** Judges a test that is prepared by one model that fits it. */
export function runModel(test: PreparedTest, judge: Judge, options: RunOptions): ModelReport {
  const start = options.now();
  const model = judgeName(judge);
  const limit = options.given?.get(model);
  if (limit !== undefined)
    return { kind: 'unfinished', model, limit, program: test.program, diagnostics: [] };
  options.begin?.(model);
  const dialect = judgedDialect(judge, test.language);
  const expired = options.expiry(model);
  const isLate = expired === null ? null : () => expired(0) !== false;
  const compiled = modelFor(judge, dialect, isLate);
  if (compiled.limit !== null)
    return { kind: 'unfinished', model, limit: compiled.limit, program: test.program, diagnostics: [] };
  if (compiled.value === null) {
    const diagnostics =
      options.ofMany === true && isForeign(judge, dialect, isLate)
        ? [misfit(test, model, 'error')]
        : compiled.diagnostics;
    return { kind: 'failure', model, excused: false, diagnostics };
  }
  const program = programIn(test, dialect, { atomics: options.atomics });
  const diagnostics = [...compiled.diagnostics, ...program.diagnostics];
  if (program.value === null) return { kind: 'failure', model, excused: false, diagnostics };
  const search: Omit<SearchOptions, 'mode'> = {
    unroll: options.unroll ?? defaultSearchOptions.unroll,
    expired,
    ...(options.techniques === undefined ? {} : { techniques: options.techniques }),
  };
  const { mode } = options;
  const found = searchProgram(program.value, compiled.value, { ...search, mode });
  const first = withFlagsOfWaits(program.value, compiled.value, found, { ...search, mode });
  const isOpen = first.explored !== undefined && mode !== 'verdict' && decideVerdict(first) === 'Unknown';
  const last = isOpen ? (options.lastQuestion?.(model, options.now() - start) ?? null) : null;
  const result =
    last === null ? first : settleVerdict(program.value, compiled.value, first, { ...search, expired: last });
  const seconds = (options.now() - start) / 1000;
  return {
    kind: 'run',
    model,
    program: program.value,
    compiled: compiled.value,
    result,
    enumerated: mode !== 'verdict',
    verdict: decideVerdict(result),
    diagnostics,
    seconds,
  };
}

interface Selection {
  readonly models: readonly Judge[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The models to run, and what is to be said of those that were asked for and do not fit. The user's own come last and always fit. */
export function selectModels(test: PreparedTest, wanted: RunOptions['models'], ofMany = false): Selection {
  const fitting = fittingModels(test.language);
  if (wanted === 'all') return { models: fitting, diagnostics: [] };
  if (wanted === 'own') return { models: [ownModel(test.language)], diagnostics: [] };
  const names = wanted.filter((judge) => typeof judge === 'string');
  const models = [...fitting.filter((name) => names.includes(name)), ...wanted.filter(isUserModel)];
  const severity = models.length === 0 && !ofMany ? 'error' : 'warning';
  const diagnostics = names
    .filter((name) => !fitting.includes(name))
    .map((name) => misfit(test, name, severity));
  return { models, diagnostics };
}

/**
 * What the test expects of each model. A plain `Result:` is about the model of the test's language: ours, and the user's own that
 * judge the same events, unless they are named.
 */
export function expectationsFor(test: PreparedTest, judges: readonly Judge[]): Expectations {
  const own = ownModel(test.language);
  const users = judges.filter(isUserModel);
  const names = [...modelNames, ...users.map((model) => model.name)];
  const { byModel, diagnostics } = readExpectations(test.source, own, names);
  const all = new Map(byModel);
  const plain = byModel.get(own);
  for (const model of users)
    if (plain !== undefined && !all.has(model.name) && judgedDialect(model, test.language) === own)
      all.set(model.name, plain);
  return { byModel: all, diagnostics };
}

const excusable: readonly string[] = ['cannot-lower', 'out-of-registers', 'model-does-not-fit'];

/**
 * A failure to compile as a remark: its first error, as a warning. It stays an error if the model was asked for by name or the
 * test expects something of it.
 */
function excuse(report: ModelReport, expectations: TestReport['expectations']): ModelReport {
  if (report.kind !== 'failure' || expectations.has(report.model)) return report;
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error');
  if (!errors.every(({ code }) => excusable.includes(code))) return report;
  return { ...report, excused: true, diagnostics: [{ ...errors[0]!, severity: 'warning' }] };
}

/** A plain `Result:` is not about a model that is about other programs. */
function aboutFitting(
  { byModel }: Expectations,
  test: PreparedTest,
  models: readonly ModelReport[],
): Expectations['byModel'] {
  const plain = byModel.get(ownModel(test.language));
  const isMisfit = ({ diagnostics }: ModelReport): boolean =>
    diagnostics.some(({ code }) => code === 'model-does-not-fit');
  const misfits = new Set(models.filter(isMisfit).map(({ model }) => model));
  return new Map([...byModel].filter(([model, each]) => !(misfits.has(model) && each === plain)));
}

/** Judges a test. User input never throws: what is wrong with it is in the report. */
export function runTest(source: SourceFile, options: RunOptions = defaultRunOptions): FileReport {
  const prepared = prepareTest(source, options.macros === null ? {} : { macros: options.macros });
  const test = prepared.value;
  if (test === null) return { kind: 'input-failure', source, diagnostics: prepared.diagnostics };
  const ofMany = options.ofMany === true;
  const selection = selectModels(test, options.models, ofMany);
  const diagnostics = [...prepared.diagnostics, ...selection.diagnostics];
  if (selection.models.length === 0 && !ofMany) return { kind: 'input-failure', source, diagnostics };
  const expected = expectationsFor(test, selection.models);
  const models = selection.models.map((model) => runModel(test, model, options));
  const expectations = aboutFitting(expected, test, models);
  const isExcusable = ofMany || (options.models === 'all' && models.some(isRun));
  return {
    kind: 'test',
    source,
    name: test.name,
    language: test.language,
    comment: test.comment,
    expectations,
    diagnostics: [...diagnostics, ...expected.diagnostics],
    models: isExcusable ? models.map((report) => excuse(report, expectations)) : models,
  };
}
