/**
 * Verdicts of a test and of what it becomes by changes of its text: each changed text is parsed, elaborated, compiled and searched as
 * any other, once for each model.
 */
import type { Quantifier } from '../program/ir.js';
import type { Diagnostic } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { type Judge, judgeName } from '../verdict/judge.js';
import { fittingModels } from '../verdict/model-choice.js';
import { type PreparedTest, prepareTest } from '../verdict/prepare-test.js';
import type { ModelReport } from '../verdict/report.js';
import { defaultRunOptions, type RunOptions, runModel, runTest } from '../verdict/run-test.js';
import type { Verdict } from '../verdict/verdict.js';
import type { Change } from './site.js';
import { withChanges } from './sites.js';

/** What is the same for all variants of a test. */
export type VariantOptions = Pick<RunOptions, 'unroll' | 'atomics' | 'macros' | 'techniques'> & {
  /** `weak`: all that fit the test but sc, as far as they can judge it. */
  readonly models: readonly Judge[] | 'weak';
  /** Asked now and then; true ends all searches. */
  readonly expired: (() => boolean) | null;
};

export const defaultVariantOptions: VariantOptions = {
  models: 'weak',
  unroll: null,
  atomics: 'lse',
  macros: null,
  expired: null,
};

/** What a model says of a test. `limit`: why the verdict is Unknown. */
export interface Judgement {
  readonly model: string;
  readonly verdict: Verdict;
  readonly limit: string | null;
}

/** Whether a verdict, which is about the proposition, allows the outcome that nobody wants: of `forall`, a counterexample. */
export function allowsUnwanted(verdict: Verdict, quantifier: Quantifier): boolean {
  if (quantifier === 'forall') return verdict === 'Sometimes' || verdict === 'Never';
  return verdict === 'Sometimes' || verdict === 'Always';
}

/** Whether a verdict excludes the unwanted outcome, of a program that does end. */
export function excludesUnwanted(verdict: Verdict, quantifier: Quantifier): boolean {
  return verdict === (quantifier === 'forall' ? 'Always' : 'Never');
}

function judgementOf(report: ModelReport): Judgement {
  const { model } = report;
  if (report.kind === 'run') {
    const { verdict, result } = report;
    return { model, verdict, limit: verdict === 'Unknown' ? result.limit : null };
  }
  const limit =
    report.kind === 'unfinished'
      ? report.limit
      : (report.diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'not judged');
  return { model, verdict: 'Unknown', limit };
}

/** The test as it is, and as it is under each of the chosen models. */
export interface BaseReport {
  readonly test: PreparedTest | null;
  readonly models: readonly Judge[];
  readonly judgements: readonly Judgement[];
  readonly diagnostics: readonly Diagnostic[];
}

export class VariantJudge {
  private readonly prepared = new Map<string, PreparedTest | null>();
  private readonly known = new Map<string, Judgement>();
  /** How many searches were made. */
  searches = 0;

  constructor(
    readonly source: SourceFile,
    private readonly options: VariantOptions,
  ) {}

  private get runOptions(): RunOptions {
    const { unroll, atomics, macros, techniques, expired } = this.options;
    return {
      ...defaultRunOptions,
      mode: 'verdict',
      unroll,
      atomics,
      macros,
      expiry: () => expired,
      ...(techniques === undefined ? {} : { techniques }),
    };
  }

  /** Whether the time is up. */
  isExpired(): boolean {
    return this.options.expired?.() === true;
  }

  /** The test as it stands, with all that is to be said of it; the models are those that can judge it. */
  base(): BaseReport {
    const test = this.prepare(this.source);
    const wanted = this.options.models;
    const report = runTest(this.source, {
      ...this.runOptions,
      models: wanted === 'weak' ? 'all' : wanted,
    });
    if (report.kind === 'input-failure' || test === null)
      return { test: null, models: [], judgements: [], diagnostics: report.diagnostics };
    const judges: readonly Judge[] =
      wanted === 'weak' ? fittingModels(test.language).filter((name) => name !== 'sc') : wanted;
    const reports = report.models.filter(({ model }) => judges.some((judge) => judgeName(judge) === model));
    const judged = reports.filter(({ kind }) => kind !== 'failure');
    const judgements = judged.map(judgementOf);
    for (const judgement of judgements) this.known.set(`${judgement.model}\n${this.source.text}`, judgement);
    return {
      test,
      models: judged.flatMap(({ model }) => judges.find((judge) => judgeName(judge) === model) ?? []),
      judgements,
      diagnostics: [...report.diagnostics, ...reports.flatMap(({ diagnostics }) => diagnostics)],
    };
  }

  private prepare(source: SourceFile): PreparedTest | null {
    const known = this.prepared.get(source.text);
    if (known !== undefined) return known;
    const { macros } = this.options;
    const { value } = prepareTest(source, macros === null ? {} : { macros });
    this.prepared.set(source.text, value);
    return value;
  }

  /** The changed test; null if it is none. */
  preparedWith(changes: readonly Change[]): PreparedTest | null {
    return this.prepare(withChanges(this.source, changes));
  }

  /** What a model says of the test with changes. */
  judge(changes: readonly Change[], judge: Judge): Judgement {
    const source = withChanges(this.source, changes);
    const model = judgeName(judge);
    const key = `${model}\n${source.text}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const test = this.prepare(source);
    if (test !== null) this.searches++;
    const judgement: Judgement =
      test === null
        ? { model, verdict: 'Unknown', limit: 'the changed test is not understood' }
        : judgementOf(runModel(test, judge, this.runOptions));
    this.known.set(key, judgement);
    return judgement;
  }
}
