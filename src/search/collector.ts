/**
 * What a search has found so far: states, counts, flags and limits; and so what is still worth looking for.
 *
 * In outcome and verdict mode a candidate is skipped only if its final state is already known to be allowed and no flag is left
 * that it could raise: whether the model allows it too then changes nothing.
 */
import type { Check } from '../model/dag.js';
import type { Program } from '../program/ir.js';
import { evaluatePartially, evaluateProposition } from '../program/proposition.js';
import type { Value } from '../program/value.js';
import type { Execution, RaisedFlag, SearchOptions, SearchResult } from './execution.js';
import { type FindWitness, FoundStates, type Listing } from './found-states.js';
import { SearchProgress } from './progress.js';
import { PruningPolicy } from './pruning.js';
import type { ReadyCheck } from './specialise.js';
import type { Images } from './symmetry-images.js';
import { allTechniques, type Techniques } from './techniques.js';

/** How often the clock is looked at, in steps of the search; a step may take milliseconds. */
const EXPIRY_INTERVAL = 16;
/** States whose executions are kept; those of the others are found again when somebody asks. */
const KEPT_WITNESSES = 128;
/** How often the clock is looked at while states are listed. */
const LISTING_INTERVAL = 1024;
/** States beyond which no more are listed: a table of them is not of use, and of a few times as many there can be none. */
const MOST_LISTED = 1 << 22;
/** The same of a search that was stopped, which has to come to an end. */
const LISTED_WHEN_STOPPED = 1 << 17;
/** The limit of a search that found all states. */
const UNCOUNTABLE = 'more executions than can be counted (2^53)';

export class Collector {
  private readonly states: FoundStates;
  private readonly flags = new Map<string, RaisedFlag>();
  private readonly seen = { satisfying: false, other: false };
  private allowed = 0;
  private candidates = 0;
  private ticks = 0;
  private limit: string | null = null;
  private isUncountable = false;
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
    this.states = new FoundStates(program.observed.length);
    this.pruning = new PruningPolicy(this.techniques.bounds, this.eager);
  }

  result(): SearchResult {
    const { counting } = this;
    const { states, satisfying, positive, negative } = this.listStates();
    return {
      states,
      satisfying,
      positive: counting ? positive : null,
      negative: counting ? negative : null,
      flags: [...this.flags.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      ...this.completeness(satisfying, states.length),
      candidates: this.candidates,
      ...(this.explored === null ? {} : { explored: this.explored }),
    };
  }

  /** Where nothing but the counts is too large, all states are known. */
  private completeness(satisfying: number, states: number): Pick<SearchResult, 'limit' | 'kinds'> {
    if (this.limit !== null || !this.isUncountable) return { limit: this.limit };
    return { limit: UNCOUNTABLE, kinds: { satisfying: satisfying > 0, other: satisfying < states } };
  }

  /** A class of images may be too large to be listed; then a limit says so. */
  private listStates(): Listing {
    const wasStopped = this.stopped && this.explored !== null;
    const isEnough = (listed: number): boolean => {
      if (wasStopped) return listed >= LISTED_WHEN_STOPPED;
      if (listed >= MOST_LISTED) this.fault(`more final states than can be listed (${MOST_LISTED})`);
      return listed >= MOST_LISTED || (listed % LISTING_INTERVAL === 0 && this.ask());
    };
    return this.states.list(this.program.condition.proposition, this.counting, isEnough);
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
    return finals.includes(undefined) || !this.states.has(finals as readonly Value[]);
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

  /** From now on, an execution is recorded for its orbit. Call before the first is. */
  standForImages(images: Images): void {
    if (!this.verdictOnly) this.states.standForImages(images);
  }

  /** Records an allowed execution, or `weight` of them with the same final state. */
  record(values: readonly Value[], capture: () => () => Execution, weight = 1): void {
    if (this.visitor !== null && !this.visitor(capture()())) this.stopped = true;
    if (this.verdictOnly && !this.isNewAnswer(values)) return;
    this.recordAll(values, weight, weight, capture);
  }

  /** Records the executions that one stands for, by one of their final states. */
  recordOrbit(values: readonly Value[], executions: bigint, witness: () => FindWitness): void {
    this.recordAll(values, executions, Number(executions), witness);
  }

  private recordAll(
    values: readonly Value[],
    executions: bigint | number,
    weight: number,
    witness: () => FindWitness,
  ): void {
    const { findAgain } = this;
    const isKept = findAgain === null || this.states.size < KEPT_WITNESSES;
    this.states.add(values, executions, isKept ? witness : () => findAgain);
    this.allowed += weight;
    this.isUncountable ||= this.counting && this.allowed > Number.MAX_SAFE_INTEGER;
  }

  /** In verdict mode: whether no state was seen that satisfies the condition, or does not, as this one. */
  private isNewAnswer(values: readonly Value[]): boolean {
    const answer = evaluateProposition(this.program.condition.proposition, values) ? 'satisfying' : 'other';
    if (this.seen[answer]) return false;
    this.seen[answer] = true;
    if (this.seen.satisfying && this.seen.other) this.stopped = true;
    return true;
  }
}
