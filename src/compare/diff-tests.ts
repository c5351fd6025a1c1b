/**
 * Judges two versions of a test, or one test by two models, and compares: outcomes with witnesses, and the code changes that decide.
 *
 * Pure but for the given limits.
 */
import type { Mode, SearchOptions } from '../search/execution.js';
import { defaultSearchOptions } from '../search/search.js';
import { parseLitmus } from '../syntax/parse.js';
import type { Diagnostic } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { type Judge, judgeName } from '../verdict/judge.js';
import { modelNames } from '../verdict/model-choice.js';
import { elaborateTest } from '../verdict/prepare-test.js';
import {
  type FileReport,
  isRun,
  type ModelReport,
  type ModelRun,
  type TestReport,
} from '../verdict/report.js';
import { type RunOptions, runModel, runTest } from '../verdict/run-test.js';
import { plainName } from '../verdict/state.js';
import { changeSubject, changeText, lineOf } from './change-text.js';
import { type CodeComparison, compareCode } from './code-changes.js';
import { decidingChanges } from './deciding-changes.js';
import { compareOutcomes, inOrderOf, isSame, type OutcomeSet, outcomesOf } from './outcomes.js';
import { pictureOfFlag, pictureOfForbidden, pictureOfState } from './state-picture.js';
import type { CodeReport, DiffSide, ModelDiff, PicturedOutcome, TestDiff, TestSide } from './test-diff.js';

export interface DiffOptions {
  /** The mode is `outcomes`. */
  readonly run: Omit<RunOptions, 'mode'>;
  /** Whether vanished outcomes are shown with the cycle that forbids them, and new ones under every model. */
  readonly pictures: boolean;
  /** Ends the search for the changes that decide, and for cycles. */
  readonly expired: SearchOptions['expired'];
}

export interface DiffResult {
  /** Null: one of the two is no test, or none that the models judge. */
  readonly diff: TestDiff | null;
  /** No mistake in the tests, but none of the models judges their language. */
  readonly isForeign: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

const MODE: Mode = 'outcomes';

/** So many pictures of new outcomes are drawn for a model, of those that the condition asks for first; all, if pictures are asked for. */
const MOST_PICTURES = 3;

function unfinished(report: ModelReport & { kind: 'unfinished' }): OutcomeSet {
  const { model, limit, program } = report;
  return {
    model,
    verdict: 'Unknown',
    observed: program.observed.map(plainName),
    states: [],
    flags: [],
    limit,
  };
}

function sideOf(model: string, report: ModelReport | undefined, otherwise: string): DiffSide {
  if (report === undefined) return { model, outcomes: null, reason: otherwise };
  if (report.kind === 'run') return { model, outcomes: outcomesOf(report), reason: null };
  if (report.kind === 'unfinished') return { model, outcomes: unfinished(report), reason: null };
  const reason = report.diagnostics.find(({ severity }) => severity === 'error') ?? report.diagnostics[0];
  return { model, outcomes: null, reason: reason?.message ?? 'not judged' };
}

interface Judged {
  readonly test: string;
  readonly side: DiffSide;
  /** Null: there is no execution to show. */
  readonly run: ModelRun | null;
}

function judgedBy(report: TestReport, model: string): Judged {
  const found = report.models.find((each) => each.model === model);
  const side = sideOf(model, found, 'this model does not judge tests in this language');
  return { test: report.name, side, run: found !== undefined && isRun(found) ? found : null };
}

/** The states of one side as pictures: `draw` gets the state as the run itself writes it. */
function pictured(
  states: readonly string[],
  of: { readonly aligned: OutcomeSet; readonly run: ModelRun | null },
  draw: (state: string) => string | null,
  most: number,
): PicturedOutcome[] {
  const { aligned, run } = of;
  const found = states.map((outcome) => {
    const at = aligned.states.indexOf(outcome);
    const isAsked = run?.result.states.at(at)?.satisfies === (run?.program.condition.quantifier !== 'forall');
    return { outcome, isAsked, own: run === null ? outcome : (outcomesOf(run).states[at] ?? outcome) };
  });
  const drawn = new Set([...found].sort((a, b) => Number(b.isAsked) - Number(a.isAsked)).slice(0, most));
  return found.map((each) => {
    const { outcome, isAsked, own } = each;
    return { outcome, isAsked, picture: drawn.has(each) ? draw(own) : null };
  });
}

function diffSides(before: Judged, after: Judged, options: DiffOptions): ModelDiff {
  const sides = { before: before.side, after: after.side, deciding: null };
  const [old, fresh] = [before.side.outcomes, after.side.outcomes];
  if (old === null || fresh === null) {
    const status = old === null && fresh === null ? 'not-judged' : 'different';
    return { ...sides, status, change: null, appeared: [], vanished: [], flagsAppeared: [] };
  }
  const aligned = inOrderOf(old.observed, fresh);
  const change = compareOutcomes(old, aligned);
  const most = options.pictures ? Number.POSITIVE_INFINITY : MOST_PICTURES;
  const search: SearchOptions = {
    mode: MODE,
    unroll: options.run.unroll ?? defaultSearchOptions.unroll,
    expired: options.expired,
  };
  const ofAfter = (state: string): string | null =>
    after.run === null ? null : pictureOfState(after.run, after.test, state);
  const forbidden = (state: string): string | null =>
    after.run === null || !options.pictures ? null : pictureOfForbidden(after.run, after.test, state, search);
  const flag = (name: string): string | null =>
    after.run === null ? null : pictureOfFlag(after.run, after.test, name);
  return {
    ...sides,
    status: !isSame(change) ? 'different' : change.open === null ? 'same' : 'open',
    change,
    appeared: pictured(change.appeared, { aligned, run: after.run }, ofAfter, most),
    vanished: pictured(change.vanished, { aligned: old, run: before.run }, forbidden, most),
    flagsAppeared: change.flagsAppeared.map((name) => ({
      outcome: name,
      isAsked: false,
      picture: flag(name),
    })),
  };
}

function testSide(report: TestReport): TestSide {
  const judged = report.models.find((model) => model.kind !== 'failure');
  return {
    file: report.source.name,
    test: report.name,
    condition: judged === undefined ? '' : judged.program.condition.text,
  };
}

/** Why a model that nobody asked for does not judge a test stands in its row. */
function isSaid(model: ModelReport): boolean {
  return model.kind !== 'failure' || !model.excused;
}

function allDiagnostics(...reports: readonly FileReport[]): Diagnostic[] {
  return reports.flatMap((report) => [
    ...report.diagnostics,
    ...(report.kind === 'test' ? report.models.filter(isSaid).flatMap(({ diagnostics }) => diagnostics) : []),
  ]);
}

function codeReport({ changes, otherwise }: CodeComparison): CodeReport {
  return {
    changes: changes.map((change) => ({
      thread: change.thread,
      kind: change.kind,
      text: changeText(change),
      subject: changeSubject(change),
      isOrdering: change.isOrdering,
      linesBefore: change.before.map(lineOf),
      linesAfter: change.after.map(lineOf),
    })),
    otherwise,
  };
}

/** The changes that decide, of a model that says something else of the later test. */
function decide(
  comparison: CodeComparison,
  { before, after, status }: ModelDiff,
  judge: Judge | undefined,
  source: SourceFile,
  options: DiffOptions,
): ModelDiff['deciding'] {
  if (judge === undefined || status !== 'different') return null;
  if (before.outcomes === null || after.outcomes === null) return null;
  const { run, expired } = options;
  const { observed } = before.outcomes;
  return decidingChanges(comparison, before.outcomes, inOrderOf(observed, after.outcomes), (tree) => {
    const test = elaborateTest(source, tree, run.macros === null ? {} : { macros: run.macros }).value;
    if (test === null) return null;
    const report = runModel(test, judge, { ...run, mode: MODE, begin: () => {}, expiry: () => expired });
    const { outcomes } = sideOf(judgeName(judge), report, '');
    return outcomes === null ? null : inOrderOf(observed, outcomes);
  });
}

function judgesOf({ models }: DiffOptions['run']): readonly Judge[] {
  return models === 'all' || models === 'own' ? modelNames : models;
}

/** Compares two versions of a test under each model. */
export function diffTests(before: SourceFile, after: SourceFile, options: DiffOptions): DiffResult {
  const run: RunOptions = { ...options.run, mode: MODE };
  const [old, fresh] = [runTest(before, run), runTest(after, run)];
  const diagnostics = allDiagnostics(old, fresh);
  if (old.kind === 'input-failure' || fresh.kind === 'input-failure')
    return { diff: null, isForeign: isForeign(old) && isForeign(fresh), diagnostics };
  const [a, b] = [parseLitmus(before).value, parseLitmus(after).value];
  const comparison = a === null || b === null ? null : compareCode(a, b, run.macros);
  const names = [...new Set([...old.models, ...fresh.models].map(({ model }) => model))];
  const models = names.map((name) => {
    const diff = diffSides(judgedBy(old, name), judgedBy(fresh, name), options);
    const judge = judgesOf(run).find((each) => judgeName(each) === name);
    const deciding = comparison === null ? null : decide(comparison, diff, judge, after, options);
    return { ...diff, deciding };
  });
  const code = comparison === null ? null : codeReport(comparison);
  const diff: TestDiff = { before: testSide(old), after: testSide(fresh), models, code };
  return { diff, isForeign: false, diagnostics };
}

/** One test, judged by two models of which each comes with its own options; `names` tell them apart. */
export function diffModels(
  source: SourceFile,
  models: readonly [Judge, Judge],
  names: readonly [string, string],
  options: readonly [DiffOptions, DiffOptions],
): DiffResult {
  const reports = models.map((model, i) =>
    runTest(source, { ...options[i]!.run, models: [model], mode: MODE }),
  );
  const [old, fresh] = reports as [FileReport, FileReport];
  const isTest = (report: FileReport): report is TestReport => report.kind === 'test';
  // a model that does not fit the language of a test has nothing to say of it, which is no mistake in the test
  const fits = reports.filter(isTest);
  const some = fits[0];
  if (some === undefined || [old, fresh].some((report) => !isTest(report) && !isForeign(report)))
    return {
      diff: null,
      isForeign: isForeign(old) && isForeign(fresh),
      diagnostics: allDiagnostics(old, fresh),
    };
  const judged = (report: FileReport, at: 0 | 1): Judged => {
    const own = judgeName(models[at]);
    const found: Judged = isTest(report)
      ? judgedBy(report, own)
      : { test: some.name, side: sideOf(own, undefined, foreignText(report)), run: null };
    return { ...found, side: { ...found.side, model: names[at] } };
  };
  const diff = diffSides(judged(old, 0), judged(fresh, 1), options[1]);
  const isJudged = diff.before.outcomes !== null && diff.after.outcomes !== null;
  const side = testSide(some);
  return {
    diff: {
      before: side,
      after: side,
      models: [isJudged ? diff : { ...diff, status: 'not-judged' }],
      code: null,
    },
    isForeign: false,
    diagnostics: isJudged ? allDiagnostics(old, fresh) : [],
  };
}

/** Whether a test is refused for its language, and for nothing else. */
export function isForeign({ kind, diagnostics }: FileReport): boolean {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return kind === 'input-failure' && errors.every(({ code }) => code === 'model-does-not-fit');
}

function foreignText({ diagnostics }: FileReport): string {
  return diagnostics.find(({ code }) => code === 'model-does-not-fit')?.message ?? 'not judged';
}
