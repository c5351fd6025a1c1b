/**
 * What weakening a test's barriers showed, as plain data: what a worker thread sends, and what both formats write.
 *
 * A *weakening* is one primitive in one weaker form, all else as it was. It is noticed under a model if what somebody expects of the
 * test there does not hold any more.
 */
import type { OutcomeSet } from '../compare/outcomes.js';
import type { Expectation } from '../verdict/report.js';
import type { BarrierName } from './barrier-name.js';
import type { Place } from './check-report.js';

/** What somebody expects of a test under one model. */
export interface ExpectedAnswer {
  /** The project file's, or else the comment's; null: nobody says. */
  readonly expectation: Expectation | null;
  /** All final states, as a baseline keeps them; null: nobody says. */
  readonly outcomes: OutcomeSet | null;
}

/** By the name of the model. */
export type ExpectedAnswers = ReadonlyMap<string, ExpectedAnswer>;

/** What a model says of a test, beside what is expected. */
export type Answer =
  /** `shown`: what is found, for people: `Sometimes`, `Never, data race`, `also 1:r0=1`. */
  | { readonly kind: 'noticed'; readonly model: string; readonly shown: string }
  /** As expected. */
  | { readonly kind: 'unnoticed'; readonly model: string; readonly shown: string }
  /** A limit left it undecided. */
  | { readonly kind: 'open'; readonly model: string; readonly limit: string };

export interface Weakening {
  /** What stands there then: `smp_wmb()`; null for nothing at all. */
  readonly to: string | null;
  /** In the order of the models. */
  readonly answers: readonly Answer[];
}

/** A line of the test's comment that says that nothing notices a weakening, and why that is as it should be. */
export interface Declaration {
  /** The form that it is about, null for the removal; or, in place of the list, null: all of them. */
  readonly forms: readonly (string | null)[] | null;
  readonly reason: string;
  readonly place: Place;
}

/** One primitive of one test that orders memory. */
export interface MutatedBarrier {
  /** Null: not known to any other test. */
  readonly name: BarrierName | null;
  readonly thread: string;
  /** `smp_mb()`, `spin_lock() ... spin_unlock()`. */
  readonly primitive: string;
  /** Its statement on one line. */
  readonly statement: string;
  readonly place: Place;
  /** At least one, from the strongest to the weakest. */
  readonly weakenings: readonly Weakening[];
  readonly declarations: readonly Declaration[];
}

export interface MutatedTest {
  /** As given, with `/`. */
  readonly file: string;
  readonly test: string;
  /** Those of which something is expected. */
  readonly models: readonly string[];
  /** The test as it stands, where that is not as expected: then nothing can be said of its barriers, and there are none. */
  readonly failing: readonly Answer[];
  /** The test as it stands, where a limit leaves open whether it is as expected. */
  readonly open: readonly Answer[];
  readonly barriers: readonly MutatedBarrier[];
  /** Searches that were made, and those that were not, as the code is the same. */
  readonly searches: number;
  readonly known: number;
}

/** What a weakening came to in its own test: the worst that is known of any model. */
export function isNoticed({ answers }: Weakening): boolean {
  return answers.some(({ kind }) => kind === 'noticed');
}

/** The limit that leaves open whether a weakening is noticed; null: it is known. */
export function openLimit(weakening: Weakening): string | null {
  if (isNoticed(weakening)) return null;
  const open = weakening.answers.find((answer) => answer.kind === 'open');
  return open === undefined ? null : `${open.model}: ${open.limit}`;
}
