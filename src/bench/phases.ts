/**
 * Where the time of one test goes: the pipeline of `fencepost run`, composed of the same functions, with a clock between them.
 *
 * The search unfolds the program itself. So that its parts can be told apart, the program is unfolded before, twice: the first time
 * counts as unfolding; the second, which finds the code warm, is what the search repeats and is taken off its time.
 */
import { defaultLowerOptions } from '../lower/lower.js';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import type { Program } from '../program/ir.js';
import type { SearchResult } from '../search/execution.js';
import { planFor } from '../search/plan-for.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { parseLitmus } from '../syntax/parse.js';
import { type Checked, invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import type { SourceFile } from '../text/source.js';
import { defaultUnfoldOptions, unfoldProgram } from '../unfold/unfold.js';
import { readExpectations } from '../verdict/expectation.js';
import { dialectFor, fittingModels, type ModelName, modelNames, ownModel } from '../verdict/model-choice.js';
import { elaborateTest, type PreparedTest, programIn } from '../verdict/prepare-test.js';
import type { ModelRun } from '../verdict/report.js';
import { plainTablePalette, renderTable } from '../verdict/table.js';
import { decideVerdict } from '../verdict/verdict.js';

export const phaseNames = ['parse', 'elaborate', 'compile', 'model', 'unfold', 'search', 'report'] as const;

export type PhaseName = (typeof phaseNames)[number];

/** Milliseconds. */
export interface Time {
  readonly cpu: number;
  readonly wall: number;
}

export type PhaseTimes = Readonly<Record<PhaseName, Time>>;

const zero: Time = { cpu: 0, wall: 0 };

class Stopwatch {
  private readonly times: Record<PhaseName, Time> = {
    parse: zero,
    elaborate: zero,
    compile: zero,
    model: zero,
    unfold: zero,
    search: zero,
    report: zero,
  };

  constructor(private readonly clock: () => Time) {}

  /** Adds the time of the work to the phase, or takes it off. */
  time<T>(phase: PhaseName, work: () => T, sign: 1 | -1 = 1): T {
    const start = this.clock();
    const result = work();
    const end = this.clock();
    const { cpu, wall } = this.times[phase];
    this.times[phase] = {
      cpu: cpu + sign * (end.cpu - start.cpu),
      wall: wall + sign * (end.wall - start.wall),
    };
    return result;
  }

  get all(): PhaseTimes {
    return this.times;
  }
}

function expectValue<T>({ value, diagnostics }: Checked<T>): T {
  invariant(value !== null, renderDiagnostics(diagnostics));
  return value;
}

function search(watch: Stopwatch, program: Program, model: CompiledModel): SearchResult {
  const alternatives = planFor(model).dependenciesOnlyForbid ? 'weakest' : 'all';
  const { unroll } = defaultSearchOptions;
  const unfold = () => unfoldProgram(program, { ...defaultUnfoldOptions, unroll, alternatives });
  watch.time('unfold', unfold);
  watch.time('search', unfold, -1);
  return watch.time('search', () => searchProgram(program, model));
}

/** The test under one model; null if it cannot be compiled for it. */
function judge(watch: Stopwatch, test: PreparedTest, name: ModelName): ModelRun | null {
  const dialect = dialectFor(name, test.language);
  const program = watch.time('compile', () => programIn(test, dialect, defaultLowerOptions));
  if (program.value === null) return null;
  const compiled = watch.time('model', () => {
    const model = loadShippedModel(name);
    planFor(model);
    return model;
  });
  const result = search(watch, program.value, compiled);
  return {
    kind: 'run',
    model: name,
    program: program.value,
    compiled,
    result,
    enumerated: true,
    verdict: decideVerdict(result),
    diagnostics: program.diagnostics,
    seconds: 0,
  };
}

/** Judges a test under every model that fits it, and prints the table to nobody. The source must be a test. */
export function measurePhases(source: SourceFile, clock: () => Time): PhaseTimes {
  const watch = new Stopwatch(clock);
  const tree = expectValue(watch.time('parse', () => parseLitmus(source)));
  const test = expectValue(watch.time('elaborate', () => elaborateTest(source, tree)));
  const models = fittingModels(test.language).flatMap((name) => judge(watch, test, name) ?? []);
  watch.time('report', () => {
    const { name, comment, language } = test;
    const expectations = readExpectations(source, ownModel(language), modelNames).byModel;
    const report = {
      kind: 'test',
      source,
      name,
      language,
      comment,
      expectations,
      diagnostics: [],
      models,
    } as const;
    return renderTable(report, { width: 80, unicode: true, palette: plainTablePalette });
  });
  return watch.all;
}
