/** What the search yields: executions, final states and the result of a test under a model. */

import type { Environment } from '../model/evaluate.js';
import type { Program, SourceRef } from '../program/ir.js';
import type { Location, Value } from '../program/value.js';
import type { Bits, EventSet, Relation } from '../relation/relation.js';
import type { FailedTurns } from '../unfold/failed-turns.js';
import type { Techniques } from './techniques.js';

/**
 * An event of an execution. Ids are dense: initial writes first (one for each location used), then the threads'
 * events in thread and program order.
 */
export interface ExecutionEvent {
  readonly id: number;
  /** -1 for initial writes. */
  readonly thread: number;
  readonly kind: 'read' | 'write' | 'fence';
  /** Null for fences, but those about an object: synchronize_srcu(&s). */
  readonly location: Location | null;
  readonly value: Value | null;
  readonly tags: readonly string[];
  /** Null for initial writes. */
  readonly source: SourceRef | null;
  /** Index in the thread's code; -1 for initial writes. */
  readonly instruction: number;
}

/**
 * One candidate execution, complete: every read has its source and every location its coherence order.
 *
 * `base` holds the predefined relations by cat name (`po`, `rf`, `co`, `addr`, `data`, `ctrl`, `rmw`, `loc`, `int`, `ext`,
 * `id`), `sets` the predefined sets and tags (`R`, `W`, `F`, `M`, `IW`, `Once` ...): what a model starts from.
 */
export interface Execution {
  readonly program: Program;
  readonly events: readonly ExecutionEvent[];
  readonly base: ReadonlyMap<string, Relation>;
  readonly sets: ReadonlyMap<string, EventSet>;
  /** Values of Program.observed. */
  readonly finals: readonly Value[];
  /** What is chosen for the choices of the model that the execution was found under; `co` is then the model's own. */
  readonly chosen: readonly Bits[];
}

/** What a model is evaluated in. */
export function environmentOf({ events, sets, base, chosen }: Execution): Environment {
  return { n: events.length, sets, relations: base, chosen };
}

export type Mode = 'outcomes' | 'count' | 'verdict';

/** One final state: the values of Program.observed. */
export interface FinalState {
  readonly values: readonly Value[];
  /** Whether the condition's proposition holds in it. */
  readonly satisfies: boolean;
  /** Executions that end in it; null unless counting. */
  readonly executions: number | null;
  /** Builds an execution that the model allows and that ends in this state: the same one at every call. */
  readonly witness: () => Execution;
}

/** A list of final states: an array, or what answers like one. */
export interface FinalStates extends Iterable<FinalState> {
  readonly length: number;
  readonly at: (index: number) => FinalState | undefined;
  readonly map: <T>(make: (state: FinalState, index: number) => T) => T[];
  readonly filter: (isWanted: (state: FinalState) => boolean) => readonly FinalState[];
  readonly find: (isWanted: (state: FinalState) => boolean) => FinalState | undefined;
  readonly some: (isWanted: (state: FinalState) => boolean) => boolean;
  readonly every: (isWanted: (state: FinalState) => boolean) => boolean;
  readonly slice: (start?: number, end?: number) => readonly FinalState[];
}

export interface RaisedFlag {
  readonly name: string;
  /** Builds an allowed execution that raises it: the same one at every call. */
  readonly witness: () => Execution;
}

/** Kinds of final states: those that satisfy the condition's proposition, and others. */
export interface StateKinds {
  readonly satisfying: boolean;
  readonly other: boolean;
}

export interface SearchResult {
  /** Sorted by value, in the order of Program.observed. In verdict mode: at most one satisfying and one other. */
  readonly states: FinalStates;
  /** How many of these satisfy the condition's proposition. */
  readonly satisfying: number;
  /** Allowed executions whose final state satisfies the proposition, and the others; null unless counting. */
  readonly positive: number | null;
  readonly negative: number | null;
  readonly flags: readonly RaisedFlag[];
  /** Null: the search was exhaustive. Else which limit cut it short, for people: "unroll bound 8 (P1, line 12)". */
  readonly limit: string | null;
  /** Complete executions examined by the model. */
  readonly candidates: number;
  /** If the caller stopped the search (`expired`): the estimated share of it that was done, from 0 to 1. */
  readonly explored?: number;
  /** If a limit cut the search short and it is known all the same: which kinds of states there are. */
  readonly kinds?: StateKinds;
}

export interface SearchOptions {
  readonly mode: Mode;
  /** How often a backward jump may be taken on one path. Default 4. */
  readonly unroll: number;
  /**
   * Called now and then with the estimated share of the search that is done, from 0 to 1. True stops the search with the limit
   * "time limit", a text with that text as the limit.
   */
  readonly expired: ((share: number) => boolean | string) | null;
  /** What the search may use; changes how long it takes, not what is found. Default: all. */
  readonly techniques?: Partial<Techniques>;
  /** For tests: techniques that wait until they pay do not wait. */
  readonly eager?: boolean;
  /** Which turns of loops that change nothing are examined. Default: those that take order away; others tell of flags alone. */
  readonly failedTurns?: FailedTurns;
}
