/**
 * How two versions of a test differ, or one test under two models, as plain data: what worker threads send, and what diff-text.ts and
 * diff-json.ts write.
 */
import type { CodeChange } from './code-changes.js';
import type { OutcomeChange, OutcomeSet } from './outcomes.js';

/** What one side says of the test. */
export interface DiffSide {
  readonly model: string;
  /** Null: the model cannot judge the test. */
  readonly outcomes: OutcomeSet | null;
  /** Why it cannot, in one line; null where it can. */
  readonly reason: string | null;
}

export interface PicturedOutcome {
  /** A state, or a flag's name. */
  readonly outcome: string;
  /** Of a state: whether the condition asks for it; of `forall`, whether it fails in it. */
  readonly isAsked: boolean;
  /** At most 80 columns, ends in a line break; null: none was made. */
  readonly picture: string | null;
}

/**
 * `open`: a limit was hit, and what is known is the same. `not-judged`: neither side can judge the test. Sides of which just one
 * can judge it are different.
 */
export type DiffStatus = 'same' | 'different' | 'open' | 'not-judged';

export interface ModelDiff {
  readonly before: DiffSide;
  readonly after: DiffSide;
  readonly status: DiffStatus;
  /** Null: there are no two sets to compare. */
  readonly change: OutcomeChange | null;
  /** Those of `change`, with witnesses. */
  readonly appeared: readonly PicturedOutcome[];
  /** With the cycles that forbid them now, if those were asked for. */
  readonly vanished: readonly PicturedOutcome[];
  readonly flagsAppeared: readonly PicturedOutcome[];
  /** Sets of code changes, by number, each enough for all of the difference, and none without all its parts; null: not known. */
  readonly deciding: readonly (readonly number[])[] | null;
}

export interface ChangeReport {
  readonly thread: string;
  readonly kind: CodeChange['kind'];
  /** `P0:34: smp_wmb() was removed`. */
  readonly text: string;
  /** `P0:34 smp_wmb()`. */
  readonly subject: string;
  /** Whether it concerns what orders memory. */
  readonly isOrdering: boolean;
  /** Lines of the two files, from 1. */
  readonly linesBefore: readonly number[];
  readonly linesAfter: readonly number[];
}

export interface CodeReport {
  readonly changes: readonly ChangeReport[];
  /** What else differs: `the initial values`. */
  readonly otherwise: readonly string[];
}

export interface TestSide {
  readonly file: string;
  readonly test: string;
  /** The condition's normal text. */
  readonly condition: string;
}

export interface TestDiff {
  readonly before: TestSide;
  readonly after: TestSide;
  readonly models: readonly ModelDiff[];
  /** Null: it is one test, or the two are in different languages. */
  readonly code: CodeReport | null;
}

/** The worst of its models: something differs, something is open, nothing differs. */
export function statusOf({ models }: TestDiff): 'same' | 'different' | 'open' {
  if (models.some(({ status }) => status === 'different')) return 'different';
  return models.some(({ status }) => status === 'open') ? 'open' : 'same';
}

/** A limit that leaves something open, whatever else differs; null: none. */
export function limitOf({ models }: TestDiff): string | null {
  const open = models.find(({ change }) => change !== null && change.open !== null);
  return open?.change?.open ?? null;
}
