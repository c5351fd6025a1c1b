/**
 * Why a model says what it says of a test, as data: what `explain-run.ts` composes, and what text, JSON, the page and the proof
 * documents print.
 *
 * Everything is about executions, in the words of the test's own source: a sentence names its statements (`P0:12`) and
 * carries the edge that it states, with the derivation that unfolds it down to facts. `audit.ts` checks each of these facts.
 */
import type { Check } from '../model/dag.js';
import type { Execution } from '../search/execution.js';
import type { ExecutionClaim } from './claim.js';
import type { Cycle, CycleEdge } from './cycle.js';
import type { Derivation } from './derive.js';

/** A statement in words. */
export interface Sentence {
  /** One line, without its end: `P0:14 WRITE_ONCE(p->__state, 1) is read by P1:21 r0 = READ_ONCE(p->__state)`. */
  readonly text: string;
  /** The edge that it states; null for a remark. */
  readonly edge: CycleEdge | null;
  /** Why the model has that edge; null for a fact that needs no model, and for remarks. */
  readonly derivation: Derivation | null;
  /** The events that it is about. */
  readonly events: readonly number[];
  /** What a remark says of all executions; absent: it says nothing of them. */
  readonly claims?: readonly ExecutionClaim[];
}

/** One execution that would give the outcome, and why the model refuses it. */
export interface Argument {
  readonly execution: Execution;
  /** The check that the execution violates. */
  readonly check: Check;
  readonly cycle: Cycle;
  /** One for each edge of the cycle, in its order. */
  readonly sentences: readonly Sentence[];
}

/** Two events of a thread that a reader might expect to stay in order, and do not. */
export interface MissingOrder {
  readonly from: number;
  readonly to: number;
  /** First what is missing ("nothing orders line 12 before line 14 on arm64"), then what is there and why it does not help. */
  readonly sentences: readonly Sentence[];
}

/** An allowed execution, told in an order of time. */
export interface Story {
  readonly execution: Execution;
  /** A linear extension of what the model orders: ids of events, initial writes first. */
  readonly order: readonly number[];
  /** The acyclicity checks whose whole relation the order extends. */
  readonly respected: readonly Check[];
  /** One for each access, in that order; where it is not the program's order, they say so. */
  readonly sentences: readonly Sentence[];
  /** Even interleaving of the threads gives this execution: no order is missing. */
  readonly isInterleaving: boolean;
  /** The orderings whose absence makes the execution possible. */
  readonly missing: readonly MissingOrder[];
}

/** A flag that an allowed execution raises: a data race, say. */
export interface FlagExplanation {
  readonly name: string;
  readonly execution: Execution;
  readonly sentences: readonly Sentence[];
}

/**
 * What is known of the outcome that the condition asks for (of `forall`: of a counterexample). `limit`: the limit that cut the search
 * for reasons short, or null; that the outcome is forbidden, impossible or a deadlock is certain all the same.
 */
export type OutcomeExplanation =
  | { readonly kind: 'allowed'; readonly story: Story }
  /** Each argument is against executions of its own, some of those that would give the outcome; the most telling comes first. */
  | {
      readonly kind: 'forbidden';
      /** None if a limit came before an execution to argue against was found. */
      readonly arguments: readonly Argument[];
      /** An execution was found that none of these is against; false also if that was not asked. */
      readonly more: boolean;
      readonly limit: string | null;
    }
  /** No execution gives the outcome under any model: the threads never compute these values. */
  | { readonly kind: 'impossible'; readonly sentences: readonly Sentence[]; readonly limit: string | null }
  /** No execution completes, or none that passes the test's filter. */
  | { readonly kind: 'deadlock'; readonly sentences: readonly Sentence[]; readonly limit: string | null }
  | { readonly kind: 'unknown'; readonly limit: string };

export interface Explanation {
  readonly test: string;
  readonly model: string;
  /** The outcome in question: `1:r0=1 /\ 1:r1=0`. */
  readonly outcome: string;
  readonly explained: OutcomeExplanation;
  readonly flags: readonly FlagExplanation[];
}
