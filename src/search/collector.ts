/**
 * What a search has found so far: states, counts, flags and limits; and so what is still worth looking for.
 *
 * In outcome and verdict mode a candidate is skipped only if its final state is already known to be allowed and no flag is left
 * that it could raise: whether the model allows it too then changes nothing.
 */
import type { Check } from '../model/dag.js';
import type { Program } from '../program/ir.js';
import { evaluatePartially, evaluateProposition } from '../program/proposition.js';
import { compareValues, type Value } from '../program/value.js';
import type { Execution, FinalState, RaisedFlag, SearchOptions, SearchResult } from './execution.js';
import { SearchProgress } from './progress.js';
import { PruningPolicy } from './pruning.js';
import type { ReadyCheck } from './specialise.js';
import { allTechniques, type Techniques } from './techniques.js';

interface StateEntry {
  readonly values: readonly Value[];
  readonly satisfies: boolean;
  readonly witness: () => Execution;
  /** Null unless counting. */
  executions: number | null;
}

/** How often the clock is looked at, in steps of the search; a step may take milliseconds. */
const EXPIRY_INTERVAL = 16;
/** States whose executions are kept; those of the others are found again when somebody asks. */
const KEPT_WITNESSES = 128;

export class Collector {
  private readonly states = new Map<number | string, StateEntry>();
  private readonly keyOf: (values: readonly Value[]) => number | string;
  private readonly flags = new Map<string, RaisedFlag>();
  private readonly seen = { satisfying: false, other: false };
  private positive = 0;
  private negative = 0;
  private candidates = 0;
  private ticks = 0;
  private limit: string | null = null;
  private stopped = false;
  private explored: number | null = null;
  /** Where the search stands; told by those that choose. */
  readonly progress = new SearchProgress();
  readonly techniques: Techniques;
  /** What was learnt of judging parts of candidates, in all skeletons. */
  readonly pruning: PruningPolicy;

  constructor(
    private readonly program: Program,
    private readonly options: SearchOptions,
    /** Called with every allowed execution that passes the filter; false stops the search. Null: nobody asks. */
    private readonly visitor: ((execution: Execution) => boolean) | null = null,
    /** Searches an allowed execution again that ends so. */
    private findAgain: ((finals: readonly Value[]) => Execution) | null = null,
  ) {
    this.techniques = { ...allTechniques, ...options.techniques };
    this.keyOf = stateKeys(program.observed.length);
    this.pruning = new PruningPolicy(this.techniques.bounds, this.eager);
  }

  result(): SearchResult {
    const { counting } = this;
    const states: readonly FinalState[] = [...this.states.values()].sort((a, b) =>
      compareStates(a.values, b.values),
    );
    return {
      states,
      positive: counting ? this.positive : null,
      negative: counting ? this.negative : null,
      flags: [...this.flags.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      limit: this.limit,
      candidates: this.candidates,
      ...(this.explored === null ? {} : { explored: this.explored }),
    };
  }

  get counting(): boolean {
    return this.options.mode === 'count';
  }

  /** Whether somebody asks for every execution. */
  get visits(): boolean {
    return this.visitor !== null;
  }

  /** Whether techniques that wait until they pay do not wait. */
  get eager(): boolean {
    return this.options.eager ?? false;
  }

  /** Whether final values can drop a branch before its reads-from map is complete. */
  get prunesByFinals(): boolean {
    return this.verdictOnly || this.program.filter !== null;
  }

  /** Whether an execution that ends as another one need not be found. */
  get skipsKnown(): boolean {
    return !this.counting && this.techniques.memo;
  }

  get verdictOnly(): boolean {
    return this.options.mode === 'verdict';
  }

  get isLimited(): boolean {
    return this.limit !== null;
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  isExpired(): boolean {
    if (this.stopped) return true;
    if (this.options.expired === null || ++this.ticks % EXPIRY_INTERVAL !== 1) return false;
    return this.ask();
  }

  /** Asks the caller whether to go on, at once; unfolding asks so. */
  ask(): boolean {
    const { share } = this.progress;
    const answer = this.options.expired?.(share) ?? false;
    if (answer === false) return false;
    this.limit ??= answer === true ? 'time limit' : answer;
    this.explored = share;
    this.stopped = true;
    return true;
  }

  tick(): void {
    this.candidates++;
  }

  fault(text: string): void {
    this.limit ??= text;
  }

  /** Whether an execution with these finals (undefined: open) could still tell something new, flags apart. */
  isInteresting(finals: readonly (Value | undefined)[]): boolean {
    if (!this.mayBeKept(finals)) return false;
    if (!this.skipsKnown) return true;
    if (this.verdictOnly) {
      const satisfies = evaluatePartially(this.program.condition.proposition, finals);
      if (satisfies === undefined) return !this.seen.satisfying || !this.seen.other;
      return satisfies ? !this.seen.satisfying : !this.seen.other;
    }
    return finals.includes(undefined) || !this.states.has(this.keyOf(finals as readonly Value[]));
  }

  /** False if the filter drops every execution with these finals (undefined: open). */
  mayBeKept(finals: readonly (Value | undefined)[]): boolean {
    return this.program.filter === null || evaluatePartially(this.program.filter, finals) !== false;
  }

  isKept(finals: readonly Value[]): boolean {
    return this.program.filter === null || evaluateProposition(this.program.filter, finals);
  }

  openFlags(checks: readonly ReadyCheck[]): readonly ReadyCheck[] {
    return this.verdictOnly ? [] : checks.filter(({ check }) => !this.flags.has(check.name));
  }

  /** Whether one of these flags is not raised yet and somebody asks. */
  lacksFlag(checks: readonly Check[]): boolean {
    return !this.verdictOnly && checks.some((check) => !this.flags.has(check.name));
  }

  raise(check: Check, capture: () => () => Execution): void {
    if (!this.flags.has(check.name)) this.flags.set(check.name, { name: check.name, witness: capture() });
  }

  /** Keeps the execution of each state: none is to be searched again. */
  keepWitnesses(): void {
    this.findAgain = null;
  }

  private witnessOf(values: readonly Value[], capture: () => () => Execution): () => Execution {
    const { findAgain } = this;
    if (findAgain === null || this.states.size < KEPT_WITNESSES) return capture();
    return () => findAgain(values);
  }

  /** Records an allowed execution, or `weight` of them with the same final state, which it keeps. */
  record(values: readonly Value[], capture: () => () => Execution, weight = 1): void {
    if (this.visitor !== null && !this.visitor(capture()())) this.stopped = true;
    const key = this.keyOf(values);
    let entry = this.states.get(key);
    if (entry === undefined) {
      const satisfies = evaluateProposition(this.program.condition.proposition, values);
      entry = {
        values,
        satisfies,
        witness: this.witnessOf(values, capture),
        executions: this.counting ? 0 : null,
      };
      const already = satisfies ? this.seen.satisfying : this.seen.other;
      if (satisfies) this.seen.satisfying = true;
      else this.seen.other = true;
      if (!this.verdictOnly || !already) this.states.set(key, entry);
      if (this.verdictOnly && this.seen.satisfying && this.seen.other) this.stopped = true;
    }
    if (entry.executions !== null) entry.executions += weight;
    if (entry.satisfies) this.positive += weight;
    else this.negative += weight;
    if (this.counting && this.positive + this.negative > Number.MAX_SAFE_INTEGER)
      this.fault('more executions than can be counted (2^53)');
  }
}

/**
 * Makes keys of final states: one number where all values are small, as digits of it; else a text. Numbers take a third of the time,
 * which is most of the time that a test with many states takes.
 */
function stateKeys(observed: number): (values: readonly Value[]) => number | string {
  const radix = 2 ** Math.floor(53 / Math.max(1, observed));
  return (values) => {
    let key = 0;
    for (const value of values) {
      if (typeof value !== 'number' || value < 0 || value >= radix) return textKey(values);
      key = key * radix + value;
    }
    return key;
  };
}

function textKey(values: readonly Value[]): string {
  let key = '';
  for (const value of values) key += typeof value === 'object' ? `&${value.name} ` : `${value} `;
  return key;
}

function compareStates(a: readonly Value[], b: readonly Value[]): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === y) continue;
    const order = compareValues(x, y);
    if (order !== 0) return order;
  }
  return 0;
}
