/**
 * Verdicts of a test and of what it becomes by changes of its text: each changed text is parsed, elaborated, compiled and searched as
 * any other, once for each model.
 *
 * A flag (a data race) is a part of the answer: an outcome that is excluded in a program that races is excluded by no compiler. A
 * search for the verdict looks for no flags, so a second search does, and only where a change can have raised one: under a model
 * that has such checks, of a program that accesses memory without a mark. The other flags of our models are about locks and sections
 * whose ends do not match, and changes leave both ends or take both. Of a user's model nothing of that kind is assumed.
 */
import { isShipped } from '../model/shipped.js';
import type { Instruction, Program, Quantifier } from '../program/ir.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { positionAt, type SourceFile } from '../text/source.js';
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

/** What a model says of a test. `flags`: the names of those that are raised. `limit`: why the verdict is Unknown, or a flag may be missing. */
export interface Judgement {
  readonly model: string;
  readonly verdict: Verdict;
  readonly flags: readonly string[];
  readonly limit: string | null;
}

/** The flags that are raised now and were not before. */
export function newFlags(now: Judgement, base: readonly Judgement[]): readonly string[] {
  const before = base.find(({ model }) => model === now.model)?.flags ?? [];
  return now.flags.filter((flag) => !before.includes(flag));
}

/** `Never`, `Never, data-race`. */
export function showJudgement({ verdict, flags }: Judgement): string {
  return [verdict, ...flags].join(', ');
}

function isPlain(instruction: Instruction): boolean {
  if (instruction.kind === 'rmw')
    return instruction.readTags.includes('Plain') || instruction.writeTags.includes('Plain');
  return 'tags' in instruction && instruction.tags.includes('Plain');
}

/** `P0:5`: the first access without a mark of a program in kernel C; null if all have one. */
export function firstPlainAccess({ threads }: Program): string | null {
  for (const { name, code } of threads) {
    const found = code.find(isPlain);
    if (found === undefined) continue;
    const { file, start } = found.source.span;
    return `${name}:${positionAt(file, start).line}`;
  }
  return null;
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
    return { model, verdict, flags: [], limit: verdict === 'Unknown' ? result.limit : null };
  }
  const limit =
    report.kind === 'unfinished'
      ? report.limit
      : (report.diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'not judged');
  return { model, verdict: 'Unknown', flags: [], limit };
}

/** Why code is not compiled is the same for every architecture, more often than not: it is then said once, of all of them. */
export function saidOnce(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const target = / to (AArch64|X86_64)(?=:|$)/;
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const { code, message, span } = diagnostic;
    const place = span === null ? '' : `${span.file.name} ${span.start} ${span.end}`;
    const key = `${code} ${place} ${message.replace(target, '')}`;
    groups.set(key, [...(groups.get(key) ?? []), diagnostic]);
  }
  return [...groups.values()].map((group) => {
    const names = [...new Set(group.flatMap(({ message }) => target.exec(message)?.[1] ?? []))];
    const [first] = group;
    return { ...first!, message: first!.message.replace(target, ` to ${names.join(' or ')}`) };
  });
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
  private readonly known = new Map<string, Known>();
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
    const judgements = judged.map((one) => {
      const judge = judges.find((judge) => judgeName(judge) === one.model);
      const judgement = judge === undefined ? judgementOf(one) : this.flagged(test, judge, one);
      this.known.set(`${one.model}\n${this.source.text}`, {
        judgement: judgementOf(one),
        flagged: judgement,
      });
      return judgement;
    });
    return {
      test,
      models: judged.flatMap(({ model }) => judges.find((judge) => judgeName(judge) === model) ?? []),
      judgements,
      diagnostics: saidOnce([...report.diagnostics, ...reports.flatMap(({ diagnostics }) => diagnostics)]),
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

  /** What a model says of the test with changes; of flags, nothing. */
  verdict(changes: readonly Change[], judge: Judge): Judgement {
    return this.look(changes, judge).judgement;
  }

  /** What a model says of the test with changes, flags included. */
  judge(changes: readonly Change[], judge: Judge): Judgement {
    const known = this.look(changes, judge);
    const { test, report } = known;
    if (known.flagged === undefined && test !== undefined && report !== undefined) {
      known.flagged = this.flagged(test, judge, report);
      delete known.report;
    }
    return known.flagged ?? known.judgement;
  }

  private look(changes: readonly Change[], judge: Judge): Known {
    const source = withChanges(this.source, changes);
    const model = judgeName(judge);
    const key = `${model}\n${source.text}`;
    const old = this.known.get(key);
    if (old !== undefined) return old;
    const test = this.prepare(source);
    if (test !== null) this.searches++;
    const known = test === null ? { judgement: notUnderstood(model) } : this.search(test, judge);
    this.known.set(key, known);
    return known;
  }

  private search(test: PreparedTest, judge: Judge): Known {
    const report = runModel(test, judge, this.runOptions);
    return { judgement: judgementOf(report), test, report };
  }

  /** With the flags that are raised, if any can be. */
  private flagged(test: PreparedTest, judge: Judge, report: ModelReport): Judgement {
    const judgement = judgementOf(report);
    if (report.kind !== 'run' || !report.compiled.checks.some(({ flag }) => flag)) return judgement;
    if (isShipped(report.compiled) && firstPlainAccess(test.program) === null) return judgement;
    this.searches++;
    const all = runModel(test, judge, { ...this.runOptions, mode: 'outcomes' });
    // what allows an outcome and its opposite is an answer, whatever else it raises
    const isAnswered = judgement.verdict === 'Sometimes';
    if (all.kind !== 'run')
      return isAnswered ? judgement : { ...judgement, limit: judgement.limit ?? judgementOf(all).limit };
    const flags = all.result.flags.map(({ name }) => name);
    return { ...judgement, flags, limit: isAnswered ? null : (judgement.limit ?? all.result.limit) };
  }
}

/** What is known of a changed test under a model; the report is kept until flags are asked for. */
interface Known {
  readonly judgement: Judgement;
  flagged?: Judgement;
  readonly test?: PreparedTest;
  report?: ModelReport;
}

function notUnderstood(model: string): Judgement {
  return { model, verdict: 'Unknown', flags: [], limit: 'the changed test is not understood' };
}
