/**
 * What models say of a test and of what it becomes by weakening one primitive, beside what is expected of it.
 *
 * Verdicts are asked for alone, which ends with the first execution that decides; a data race is looked for where the verdict is as
 * expected and the program has an access without a mark, for models raise none otherwise (regress/variants.ts). With a
 * baseline, all final states are. A weaker program that is the same code under a model (smp_wmb() is no instruction of x86) has
 * the same answers: programs are compared as data, without the places in the file that they come from.
 */
import { isSame, type OutcomeChange, type OutcomeSet, outcomesOf } from '../compare/outcomes.js';
import { isShipped } from '../model/shipped.js';
import type { Program } from '../program/ir.js';
import { isLocation, type Location, type Value } from '../program/value.js';
import { firstPlainAccess } from '../regress/variants.js';
import { DATA_RACE, mismatch } from '../verdict/expectation.js';
import { type Judge, judgedDialect, judgeName } from '../verdict/judge.js';
import { type PreparedTest, programIn } from '../verdict/prepare-test.js';
import type { Expectation, ModelReport, ModelRun } from '../verdict/report.js';
import { type RunOptions, runModel } from '../verdict/run-test.js';
import { isSteady } from './baseline.js';
import { compareWithRecord } from './check-outcomes.js';
import type { Answer, ExpectedAnswer } from './mutation.js';

/** A value without its object: locations lead to each other, and to themselves. */
function valueKey(value: Value): unknown {
  return isLocation(value) ? `&${value.index}` : typeof value === 'bigint' ? `${value}n` : value;
}

function locationKey({ name, type, role, initial, inRow }: Location): unknown {
  const row = inRow === undefined ? null : [inRow.row.elements[0]?.index, inRow.position, inRow.row.stride];
  return [name, type, role, valueKey(initial), row];
}

/** What tells programs apart that the same model judges: all but the names and places of their statements. */
export function programKey(program: Program): string {
  const { locations, threads, observed, condition, filter } = program;
  const code = threads.map(({ registers, code }) => [registers, code]);
  const { quantifier, proposition } = condition;
  return JSON.stringify(
    [locations.map(locationKey), code, observed, quantifier, proposition, filter],
    (key, value) => {
      if (key === 'source') return undefined;
      return typeof value === 'bigint' || isLocationObject(value) ? valueKey(value) : (value as unknown);
    },
  );
}

function isLocationObject(value: unknown): value is Location {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'location' &&
    'role' in value
  );
}

function failureText(report: Exclude<ModelReport, ModelRun>): string {
  if (report.kind === 'unfinished') return report.limit;
  const error = report.diagnostics.find(({ severity }) => severity === 'error');
  return error === undefined ? 'not judged' : `not judged: ${error.message}`;
}

/** The first thing that is not as in the baseline, for people; null: all is, as far as it is known. */
function firstChange(change: OutcomeChange): string | null {
  if (isSame(change)) return null;
  const { appeared, vanished, flagsAppeared, flagsVanished, verdict } = change;
  if (appeared.length > 0) return `also ${appeared[0]}`;
  if (flagsAppeared.length > 0) return flagsAppeared.join(', ');
  if (vanished.length > 0) return `no ${vanished[0]}`;
  if (flagsVanished.length > 0) return `no ${flagsVanished.join(', ')}`;
  return verdict === null ? 'observes other names' : verdict.after;
}

/** What a report says of a verdict and a race. In verdict mode, nobody looked for the race. */
function answerOf(report: ModelReport, expectation: Expectation | null): Answer {
  const { model } = report;
  if (report.kind !== 'run') return { kind: 'open', model, limit: failureText(report) };
  const { verdict, result } = report;
  const shown = result.flags.some(({ name }) => name === DATA_RACE) ? `${verdict}, data race` : verdict;
  if (mismatch(report, expectation ?? undefined) !== null) return { kind: 'noticed', model, shown };
  // a bound on loops leaves out the same every time
  const isFlagOpen = report.enumerated && !isSteady(result.limit);
  if (verdict === 'Unknown' || isFlagOpen)
    return { kind: 'open', model, limit: result.limit ?? 'not decided' };
  return { kind: 'unnoticed', model, shown };
}

export class MutantJudge {
  private readonly answers = new Map<string, Answer>();
  private part = '';
  /** How many searches were made, and how many were not, as the code is the same. */
  searches = 0;
  known = 0;

  /** `options`: mode and models are the judge's own business. */
  constructor(private readonly options: RunOptions) {}

  /** What a model says of a test, of which that is expected. `part`: what the work on it is known by, beside the model (`begin`, `given`). */
  answer(test: PreparedTest, judge: Judge, expected: ExpectedAnswer, part: string): Answer {
    const model = judgeName(judge);
    const program = programIn(test, judgedDialect(judge, test.language), { atomics: this.options.atomics });
    const key = program.value === null ? null : `${model}\n${programKey(program.value)}`;
    const old = key === null ? undefined : this.answers.get(key);
    if (old !== undefined) {
      this.known++;
      return old;
    }
    this.part = `${model} ${part}`;
    const answer =
      expected.outcomes === null
        ? this.byVerdict(test, judge, expected.expectation)
        : this.byOutcomes(test, judge, expected.expectation, expected.outcomes);
    if (key !== null) this.answers.set(key, answer);
    return answer;
  }

  private run(test: PreparedTest, judge: Judge, mode: RunOptions['mode']): ModelReport {
    this.searches++;
    const { begin, given } = this.options;
    const model = judgeName(judge);
    const limit = given?.get(this.part);
    return runModel(test, judge, {
      ...this.options,
      mode,
      begin: () => begin?.(this.part),
      given: new Map(limit === undefined ? [] : [[model, limit]]),
    });
  }

  private byVerdict(test: PreparedTest, judge: Judge, expectation: Expectation | null): Answer {
    // where a race is expected, it decides whether another verdict is forgiven
    const first = this.run(test, judge, expectation?.dataRace === true ? 'outcomes' : 'verdict');
    const answer = answerOf(first, expectation);
    if (answer.kind !== 'unnoticed' || first.kind !== 'run' || first.enumerated) return answer;
    const { compiled } = first;
    const isQuiet = isShipped(compiled) && firstPlainAccess(test.program) === null;
    if (expectation === null || isQuiet || !compiled.checks.some(({ flag }) => flag)) return answer;
    return answerOf(this.run(test, judge, 'outcomes'), expectation);
  }

  private byOutcomes(
    test: PreparedTest,
    judge: Judge,
    expectation: Expectation | null,
    before: OutcomeSet,
  ): Answer {
    const report = this.run(test, judge, 'outcomes');
    const answer = answerOf(report, expectation);
    if (answer.kind === 'noticed' || report.kind !== 'run') return answer;
    const change = compareWithRecord(before, outcomesOf(report));
    const { model } = answer;
    const shown = firstChange(change);
    if (shown !== null) return { kind: 'noticed', model, shown };
    // what the record itself leaves open nobody expects
    const isOpen = change.open !== null && isSteady(before.limit);
    return isOpen ? { kind: 'open', model, limit: change.open } : answer;
  }
}
