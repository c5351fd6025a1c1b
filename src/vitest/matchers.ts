/**
 * What a test suite can expect of litmus tests: matchers for any `expect` that has Jest's `expect.extend`.
 *
 * `fencepost/vitest` registers them with vitest; with Jest:
 *
 * ```js
 * import { litmus, litmusMatchers } from 'fencepost/matchers';
 * import { expect } from 'vitest'; // or '@jest/globals'
 *
 * expect.extend(litmusMatchers);
 * expect(litmus`
 *   C one-thread
 *   { }
 *   P0(int *x) { WRITE_ONCE(*x, 1); }
 *   exists (x=1)`).toGuarantee();
 * ```
 *
 * Jest loads them as ES modules (`node --experimental-vm-modules`), or requires them from Node 24.9 on; their types are declared by
 * `declare module 'expect' { interface Matchers<R extends void | Promise<void>> extends LitmusMatchers<R> {} }`.
 *
 * What is asked is asked of the model of the test's own language (lkmm for kernel C, arm64 or x86 for assembly) unless the test says
 * `.under(...)`; then of each of those. A text that is no test, a model that does not fit, a limit that was hit, a deadlock: none of
 * these is an answer, and all of them fail, also behind `.not`. So does a data race where the model would have to promise something.
 * Matchers are synchronous, so that a forgotten `await` loses nothing; `await expect(...)` does as well.
 *
 * @packageDocumentation
 */
import { type Outcome, outcomeText } from '../api/judge-input.js';
import { parseLitmus } from '../syntax/parse.js';
import { type Answered, askModels, byRace, byVerdict, type Said } from './asked.js';
import { asLitmusTest, type LitmusTest } from './litmus.js';
import { anyOf, byOutcomes } from './outcome-list.js';

export type { LitmusDiagnostic } from '../api/diagnostics.js';
export type { LitmusInput, LitmusOptions, Outcome } from '../api/judge-input.js';
export { type LoadedModel, type LoadModelOptions, loadModel, type OwnModel } from '../api/own-model.js';
export type { Place } from '../check/check-report.js';
export { type ModelName, modelNames } from '../verdict/model-choice.js';
export { type LitmusTag, type LitmusTest, litmus } from './litmus.js';

/** What `expect(...)` offers for a {@link LitmusTest}, or for the text of one. */
export interface LitmusMatchers<R = void> {
  /**
   * The outcome can not happen: no allowed execution ends so.
   *
   * @param outcome - `'1:r0=1 /\\ 1:r1=0'` or `{ '1:r0': 1, '1:r1': 0 }`; default: what the test's own `exists` or `~exists` names
   */
  toForbid(outcome?: Outcome): R;
  /**
   * The outcome can happen: some allowed execution ends so.
   *
   * @param outcome - as of `toForbid`
   */
  toAllow(outcome?: Outcome): R;
  /**
   * The outcome always happens: all allowed executions end so, and there are some.
   *
   * @param outcome - as of `toForbid`; default: what the test's own condition names, also that of `forall`
   */
  toGuarantee(outcome?: Outcome): R;
  /**
   * These are all outcomes that can happen, in any order.
   *
   * @param outcomes - each gives the same names values, and all names of the test's own condition: `['1:r0=0', '1:r0=1']`, `[{ '1:r0': 0 }]`, `['1:r0=0; x=1']`
   */
  toHaveOutcomes(outcomes: readonly Outcome[]): R;
  /** What `fencepost run` says of the test's own condition. */
  toHaveVerdict(verdict: 'Never' | 'Sometimes' | 'Always' | 'Deadlock'): R;
  /** Plain accesses race: the code needs READ_ONCE(), WRITE_ONCE() or more. */
  toHaveDataRace(): R;
}

/** What a matcher gives `expect`. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What `expect` gives a matcher, of which only this is used. */
export interface MatcherContext {
  readonly isNot?: boolean;
}

interface Question {
  /** `toForbid`. */
  readonly matcher: string;
  /** `to forbid 1:r0=1`, of the outcome in question. */
  readonly wish: (outcome: string) => string;
  /** The outcome, if the matcher was given one. */
  readonly outcome?: Outcome | undefined;
}

/** What fails is said of the first model that fails; all models must agree, negated or not. */
function conclude(
  test: LitmusTest,
  { wish, outcome }: Question,
  isNot: boolean,
  said: readonly Said[],
): MatcherResult {
  const wanted = isNot ? 'no' : 'yes';
  const asked = (one: Said | undefined): string =>
    outcome === undefined ? (one?.outcome ?? 'its condition') : outcomeText(outcome);
  const failed = said.find(({ holds }) => holds !== wanted);
  if (failed === undefined)
    return { pass: !isNot, message: () => `${nameOf(test)}: ${wish(asked(said[0]))}` };
  const { model, fact, show } = failed;
  const who = model === '' ? 'the test' : model;
  const message = (): string => {
    const shown = show();
    const head = `${nameOf(test)}: expected ${who} ${isNot ? 'not ' : ''}${wish(asked(failed))}, but ${fact}`;
    return shown === '' ? head : `${head}\n\n${shown}`;
  };
  return { pass: isNot, message };
}

/** The name in the header, if there is one. */
function nameOf({ name, text }: LitmusTest): string {
  return parseLitmus({ name, text }).value?.name ?? name;
}

function ask(
  context: MatcherContext | undefined,
  received: unknown,
  question: Question,
  answer: (test: LitmusTest) => readonly Said[],
): MatcherResult {
  const isNot = context?.isNot === true;
  const test = asLitmusTest(received);
  if (test !== null) return conclude(test, question, isNot, answer(test));
  const what =
    received instanceof Promise ? 'a promise: `await` it first' : `a value of type ${typeof received}`;
  const message = `expect(...).${question.matcher}() is asked of litmus\`...\`, or of the text of a litmus test; this is ${what}`;
  return { pass: isNot, message: () => message };
}

const words = {
  Never: 'it is forbidden',
  Sometimes: 'it is allowed',
  Always: 'it is allowed, and always so',
} as const;

/** A `forall` names what should always be so: to forbid or to allow that is a question that nobody has. */
function unlessForall(answered: Answered, outcome: Outcome | undefined, said: () => Said): Said {
  const { run } = answered;
  if (outcome !== undefined || run.program.condition.quantifier !== 'forall') return said();
  const fact = 'the condition of the test is a `forall`: name the outcome, or expect it .toGuarantee()';
  return { holds: 'open', model: run.model, fact, show: () => '' };
}

/**
 * The matchers, for `expect.extend(litmusMatchers)` of vitest and of Jest. What they do is said at {@link LitmusMatchers}.
 */
export const litmusMatchers = {
  toForbid(this: MatcherContext | undefined, received: unknown, outcome?: Outcome): MatcherResult {
    const question = { matcher: 'toForbid', wish: (of: string) => `to forbid ${of}`, outcome };
    return ask(this, received, question, (test) =>
      askModels(test, outcome, 'verdict', (answered) =>
        unlessForall(answered, outcome, () => byVerdict(answered, ['Never'], 'yes', words)),
      ),
    );
  },
  toAllow(this: MatcherContext | undefined, received: unknown, outcome?: Outcome): MatcherResult {
    const question = { matcher: 'toAllow', wish: (of: string) => `to allow ${of}`, outcome };
    return ask(this, received, question, (test) =>
      askModels(test, outcome, 'verdict', (answered) =>
        unlessForall(answered, outcome, () => byVerdict(answered, ['Sometimes', 'Always'], 'no', words)),
      ),
    );
  },
  toGuarantee(this: MatcherContext | undefined, received: unknown, outcome?: Outcome): MatcherResult {
    const question = { matcher: 'toGuarantee', wish: (of: string) => `to guarantee ${of}`, outcome };
    const guaranteed = {
      Never: 'it never is so',
      Sometimes: 'it is not always so',
      Always: 'it always is so',
    };
    return ask(this, received, question, (test) =>
      askModels(test, outcome, 'verdict', (answered) => byVerdict(answered, ['Always'], 'yes', guaranteed)),
    );
  },
  toHaveOutcomes(
    this: MatcherContext | undefined,
    received: unknown,
    outcomes: readonly Outcome[],
  ): MatcherResult {
    if (!Array.isArray(outcomes) || outcomes.length === 0)
      throw new TypeError('toHaveOutcomes() takes a list of outcomes, with one at least');
    const question = { matcher: 'toHaveOutcomes', wish: () => 'to have just the given outcomes' };
    return ask(this, received, question, (test) =>
      askModels(test, anyOf(test, outcomes), 'outcomes', (answered) => byOutcomes(answered, outcomes)),
    );
  },
  toHaveVerdict(this: MatcherContext | undefined, received: unknown, verdict: string): MatcherResult {
    if (!['Never', 'Sometimes', 'Always', 'Deadlock'].includes(verdict))
      throw new TypeError(
        `toHaveVerdict() takes Never, Sometimes, Always or Deadlock, not ${String(verdict)}`,
      );
    const question = { matcher: 'toHaveVerdict', wish: () => `to say ${verdict}` };
    return ask(this, received, question, (test) =>
      askModels(test, undefined, 'verdict', (answered) => ofVerdict(answered, verdict)),
    );
  },
  toHaveDataRace(this: MatcherContext | undefined, received: unknown): MatcherResult {
    const question = { matcher: 'toHaveDataRace', wish: () => 'to find a data race' };
    return ask(this, received, question, (test) => askModels(test, undefined, 'outcomes', byRace));
  },
};

/** A deadlock is a verdict, and may be what is expected; a data race is no part of one. */
function ofVerdict(answered: Answered, wanted: string): Said {
  const { test, run } = answered;
  const plain = { ...answered, test: { ...test, ignoresDataRaces: true } };
  const said = byVerdict(plain, [wanted], 'yes', {
    Never: 'it says',
    Sometimes: 'it says',
    Always: 'it says',
  });
  if (run.verdict !== 'Deadlock')
    return { ...said, fact: said.fact.replace(/^it says \((.*)\)$/, 'it says $1') };
  return { ...said, holds: wanted === 'Deadlock' ? 'yes' : 'no', fact: 'it says Deadlock' };
}
