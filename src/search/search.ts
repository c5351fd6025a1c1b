/**
 * The search: every execution of a program that a model allows, as outcomes, exact counts, or a bare verdict.
 *
 * Pipeline: traces -> combinations -> skeleton -> reads-from -> (reads-from checks) -> coherence -> (coherence checks). See
 * DESIGN 4. In outcome and verdict mode a candidate is skipped only if its final state is already known to be allowed and
 * no flag is left that it could raise.
 */
import type { Check, CompiledModel } from '../model/dag.js';
import type { Program } from '../program/ir.js';
import { evaluatePartially, evaluateProposition } from '../program/proposition.js';
import { showValue, type Value } from '../program/value.js';
import { Relation } from '../relation/relation.js';
import { positionAt } from '../text/source.js';
import { evaluateSymbol, NO_VALUE, type SymbolicValue } from '../unfold/symbol.js';
import type { Trace } from '../unfold/trace.js';
import { defaultUnfoldOptions, unfoldProgram } from '../unfold/unfold.js';
import { captureExecution } from './build-execution.js';
import { forEachCoherence } from './coherence.js';
import { traceCombinations } from './combinations.js';
import type { Execution, FinalState, RaisedFlag, SearchOptions, SearchResult } from './execution.js';
import { type Plan, planFor } from './plan.js';
import { type ReadsFrom, ReadsFromSearch } from './reads-from.js';
import { baseRelations, baseSets, buildSkeleton, locationRelation, type Skeleton } from './skeleton.js';
import { DivergingRecursion, type ReadyCheck, type Specialised, specialise } from './specialise.js';

export const defaultSearchOptions: SearchOptions = {
  mode: 'outcomes',
  unroll: defaultUnfoldOptions.unroll,
  expired: null,
};

interface StateEntry {
  readonly values: readonly Value[];
  readonly satisfies: boolean;
  readonly witness: () => Execution;
  executions: number;
}

/** How often the clock is looked at, in candidates. */
const EXPIRY_INTERVAL = 256;

class Search {
  private readonly plan: Plan;
  private readonly states = new Map<string, StateEntry>();
  private readonly flags = new Map<string, RaisedFlag>();
  private readonly seen = { satisfying: false, other: false };
  private positive = 0;
  private negative = 0;
  private candidates = 0;
  private ticks = 0;
  private limit: string | null = null;
  private stopped = false;

  constructor(
    private readonly program: Program,
    model: CompiledModel,
    private readonly options: SearchOptions,
    /** Called with every allowed execution that passes the filter; false stops the search. Null: nobody asks. */
    private readonly visitor: ((execution: Execution) => boolean) | null = null,
  ) {
    this.plan = planFor(model);
  }

  run(): SearchResult {
    const unfolded = unfoldProgram(this.program, { ...defaultUnfoldOptions, unroll: this.options.unroll });
    this.limit = unfolded.limit;
    try {
      for (const traces of traceCombinations(this.program, unfolded)) {
        if (this.stopped || this.isExpired()) break;
        // A cut path can only tell that the search is not exhaustive.
        if (this.limit !== null && traces.some((trace) => trace.cut !== null)) continue;
        const skeleton = buildSkeleton(this.program, traces);
        if (skeleton === null) this.limit ??= 'an access through a constant that is no address';
        else new SkeletonSearch(this, this.plan, skeleton).run();
      }
    } catch (error) {
      if (!(error instanceof DivergingRecursion)) throw error;
      this.limit = error.message;
    }
    return this.result();
  }

  private result(): SearchResult {
    const counting = this.options.mode === 'count';
    const states = [...this.states.values()]
      .sort((a, b) => compareStates(a.values, b.values))
      .map(
        ({ values, satisfies, executions, witness }): FinalState => ({
          values,
          satisfies,
          executions: counting ? executions : null,
          witness,
        }),
      );
    return {
      states,
      positive: counting ? this.positive : null,
      negative: counting ? this.negative : null,
      flags: [...this.flags.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      limit: this.limit,
      candidates: this.candidates,
    };
  }

  get counting(): boolean {
    return this.options.mode === 'count';
  }

  /** Whether final values can drop a branch before its reads-from map is complete. */
  get prunesByFinals(): boolean {
    return this.verdictOnly || this.program.filter !== null;
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
    if (!this.options.expired()) return false;
    this.limit ??= 'time limit';
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
    if (this.counting) return true;
    if (this.verdictOnly) {
      const satisfies = evaluatePartially(this.program.condition.proposition, finals);
      if (satisfies === undefined) return !this.seen.satisfying || !this.seen.other;
      return satisfies ? !this.seen.satisfying : !this.seen.other;
    }
    return finals.includes(undefined) || !this.states.has(stateKey(finals as readonly Value[]));
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

  /** Records an allowed execution. */
  record(finals: readonly Value[], capture: () => () => Execution): void {
    if (this.visitor !== null && !this.visitor(capture()())) this.stopped = true;
    const key = stateKey(finals);
    let entry = this.states.get(key);
    if (entry === undefined) {
      const satisfies = evaluateProposition(this.program.condition.proposition, finals);
      entry = { values: finals.slice(), satisfies, witness: capture(), executions: 0 };
      const already = satisfies ? this.seen.satisfying : this.seen.other;
      if (satisfies) this.seen.satisfying = true;
      else this.seen.other = true;
      if (!this.verdictOnly || !already) this.states.set(key, entry);
      if (this.verdictOnly && this.seen.satisfying && this.seen.other) this.stopped = true;
    }
    entry.executions++;
    if (entry.satisfies) this.positive++;
    else this.negative++;
  }
}

/** The search below one choice of traces. */
class SkeletonSearch {
  private readonly rf: Relation;
  private readonly co: Relation;
  private readonly loc: Relation;
  private readonly finalSymbols: readonly ({ symbol: SymbolicValue; offset: number } | null)[];
  private readonly observesMemory: boolean;
  /** The bound that cut one of the paths off, or null: then an execution has an outcome. */
  private readonly cut: string | null;
  private specialised: Specialised | null = null;

  constructor(
    private readonly search: Search,
    private readonly plan: Plan,
    private readonly skeleton: Skeleton,
  ) {
    const { n, program, traces, offset } = skeleton;
    this.rf = new Relation(n);
    this.co = new Relation(n);
    this.loc = new Relation(n);
    this.cut = traces.find((trace) => trace.cut !== null)?.cut ?? null;
    this.observesMemory = program.observed.some((o) => o.kind === 'location');
    this.finalSymbols = program.observed.map((o) => {
      if (o.kind === 'location') return null;
      const symbol = (traces[o.thread] as Trace).registers.get(o.name);
      return { symbol: symbol ?? { kind: 'const', value: 0 }, offset: offset[o.thread]! };
    });
  }

  run(): void {
    const finder: ReadsFromSearch = new ReadsFromSearch(this.skeleton, this.plan.recognised, {
      isExpired: () => this.search.isExpired(),
      visit: (found) => this.visit(finder, found),
      keep: this.search.prunesByFinals ? (values) => this.couldMatter(this.openFinals(values)) : null,
      fault: (event, part) => {
        if (this.isPlausible(part)) this.search.fault(this.faultText(event));
      },
    });
    if (finder.isImpossible || this.prepare().failures.some((check) => !this.passes(check))) return;
    finder.run();
  }

  /**
   * Whether some completion of a part of a candidate may be allowed: false if it violates a monotone check already. A value
   * that is no address often comes from reads-from that the model forbids.
   */
  private isPlausible(part: Pick<ReadsFrom, 'source' | 'location'>): boolean {
    const specialised = this.specialised!;
    this.setReadsFrom(part);
    specialised.updateReadsFrom();
    specialised.updateCoherence();
    const checks = [...specialised.readsFromChecks, ...specialised.coherenceChecks];
    return checks.every((check) => !check.monotone || check.holds());
  }

  private faultText(event: number | null): string {
    const source = event === null ? null : this.skeleton.source[event]?.source;
    if (source == null)
      return 'an expression without a value (division by zero, or arithmetic on an address)';
    const { line } = positionAt(source.span.file, source.span.start);
    return `line ${line}: an address or value that does not exist (\`${source.text}\`)`;
  }

  private prepare(): Specialised {
    const { n, resolved } = this.skeleton;
    const relations = baseRelations(this.skeleton);
    relations.set('rf', this.rf);
    relations.set('co', this.co);
    if (!resolved) relations.set('loc', this.loc);
    this.specialised = specialise(this.plan, { n, sets: baseSets(this.skeleton), relations }, resolved);
    return this.specialised;
  }

  private openFinals(values: readonly (Value | undefined)[]): (Value | undefined)[] {
    const { program } = this.skeleton;
    return this.finalSymbols.map((final, index) => {
      const observed = program.observed[index]!;
      if (final !== null) {
        const value = evaluateSymbol(final.symbol, values, final.offset);
        return value === NO_VALUE ? undefined : value;
      }
      if (observed.kind !== 'location' || this.skeleton.initialWriteOf.has(observed.location.index))
        return undefined;
      return observed.location.initial;
    });
  }

  private visit(finder: ReadsFromSearch, found: ReadsFrom): boolean {
    const specialised = this.specialised!;
    if (this.search.isExpired()) return false;
    const open = this.openFinals(found.values);
    if (this.cut === null && this.finalSymbols.some((f, index) => f !== null && open[index] === undefined)) {
      this.search.fault('a final register value that does not exist');
      return true;
    }
    if (!this.couldMatter(open)) return true;
    this.setReadsFrom(found);
    specialised.updateReadsFrom();
    if (!specialised.readsFromChecks.every((check) => this.passes(check))) {
      this.search.tick();
      return true;
    }
    this.orderLocation(finder, found, open, this.contestedLocations(found), 0);
    return !this.search.isStopped;
  }

  /** Whether executions with these finals (undefined: open) are kept by the filter and could tell a new state or flag. */
  private couldMatter(finals: readonly (Value | undefined)[]): boolean {
    if (this.cut !== null) return !this.search.isLimited;
    if (this.search.isInteresting(finals)) return true;
    return this.search.mayBeKept(finals) && this.hasOpenFlag();
  }

  /** Of an execution that is only begun, a check that more events may satisfy tells nothing. */
  private passes(check: ReadyCheck): boolean {
    return (this.cut !== null && !check.persistent) || check.holds();
  }

  private hasOpenFlag(): boolean {
    const { flagChecks, raisedAlways } = this.specialised!;
    return this.search.openFlags(flagChecks).length > 0 || this.search.lacksFlag(raisedAlways);
  }

  private setReadsFrom(found: Pick<ReadsFrom, 'source' | 'location'>): void {
    this.rf.bits.fill(0);
    for (const read of this.skeleton.reads)
      if (found.source[read]! >= 0) this.rf.add(found.source[read]!, read);
    if (!this.skeleton.resolved) this.loc.bits.set(locationRelation(this.skeleton.n, found.location).bits);
    this.co.bits.fill(0);
  }

  /** The writes of each location that has more than its initial write. */
  private contestedLocations(found: ReadsFrom): readonly (readonly number[])[] {
    const byLocation = new Map<number, number[]>();
    for (const write of this.skeleton.writes) {
      const at = found.location[write]!;
      const list = byLocation.get(at);
      if (list === undefined) byLocation.set(at, [write]);
      else list.push(write);
    }
    return [...byLocation.values()].filter((writes) => writes.length > 1);
  }

  /** Chooses the coherence order of location `index` and of those after it. */
  private orderLocation(
    finder: ReadsFromSearch,
    found: ReadsFrom,
    open: (Value | undefined)[],
    locations: readonly (readonly number[])[],
    index: number,
  ): boolean {
    const writes = locations[index];
    if (writes === undefined) return this.candidate(found, open);
    const at = found.location[writes[0]!]!;
    const pins = found.pins.filter((pin) => found.location[pin.write] === at);
    return forEachCoherence(writes, found.order, pins, finder.mayIntervene, (sequence) => {
      this.setCoherence(sequence);
      this.setFinalOf(found, open, at, sequence[sequence.length - 1]!);
      return this.orderLocation(finder, found, open, locations, index + 1);
    });
  }

  private setCoherence(sequence: readonly number[]): void {
    const { words, bits } = this.co;
    for (let k = 0; k < words; k++) bits[sequence[sequence.length - 1]! * words + k] = 0;
    for (let i = sequence.length - 2; i >= 0; i--) {
      const [row, next] = [sequence[i]! * words, sequence[i + 1]!];
      for (let k = 0; k < words; k++) bits[row + k] = bits[next * words + k]!;
      bits[row + (next >> 5)]! |= 1 << (next & 31);
    }
  }

  private setFinalOf(found: ReadsFrom, open: (Value | undefined)[], at: number, last: number): void {
    if (!this.observesMemory) return;
    this.skeleton.program.observed.forEach((observed, index) => {
      if (observed.kind === 'location' && observed.location.index === at)
        open[index] = this.writtenValue(found, last);
    });
  }

  private writtenValue(found: ReadsFrom, write: number): Value {
    const source = this.skeleton.source[write];
    if (source == null) return this.skeleton.program.locations[found.location[write]!]!.initial;
    const offset = this.skeleton.offset[this.skeleton.thread[write]!]!;
    const value = evaluateSymbol(source.value!, found.values, offset);
    return typeof value === 'symbol' || value === undefined ? 0 : value;
  }

  /** One complete candidate; false stops the enumeration of coherence for this reads-from map. */
  private candidate(found: ReadsFrom, open: readonly (Value | undefined)[]): boolean {
    const { search, skeleton } = this;
    const specialised = this.specialised!;
    if (search.isExpired()) return false;
    const finals = open.map((value, index) => {
      const observed = skeleton.program.observed[index]!;
      return value ?? (observed.kind === 'location' ? observed.location.initial : 0);
    });
    const interesting = search.isInteresting(finals);
    const flags = search.openFlags(specialised.flagChecks);
    if (this.cut === null && !interesting && !this.hasOpenFlag()) return true;
    search.tick();
    specialised.updateCoherence();
    if (!specialised.coherenceChecks.every((check) => this.passes(check))) return true;
    if (this.cut !== null) {
      search.fault(this.cut);
      return false;
    }
    if (!search.isKept(finals)) return true;
    const capture = () => captureExecution(skeleton, found, this.co, finals);
    search.record(finals, capture);
    if (!search.verdictOnly) {
      for (const check of specialised.raisedAlways) search.raise(check, capture);
      for (const flag of flags) if (flag.holds()) search.raise(flag.check, capture);
    }
    const exhausted = !search.counting && !this.observesMemory;
    return !(exhausted && !this.hasOpenFlag());
  }
}

function stateKey(values: readonly Value[]): string {
  return values.map((value) => (typeof value === 'object' ? `&${value.name}` : String(value))).join(' ');
}

function compareValues(a: Value, b: Value): number {
  const [x, y] = [typeof a === 'object', typeof b === 'object'];
  if (x !== y) return x ? 1 : -1;
  if (x) return showValue(a) < showValue(b) ? -1 : showValue(a) > showValue(b) ? 1 : 0;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareStates(a: readonly Value[], b: readonly Value[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareValues(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * Searches a program under a model.
 *
 * The model must be for the program's dialect. The result's `limit` is null exactly if the search was exhaustive; states
 * found under a limit are certain to be allowed, states not found are then not certain to be forbidden.
 */
export function searchProgram(
  program: Program,
  model: CompiledModel,
  options: SearchOptions = defaultSearchOptions,
): SearchResult {
  return new Search(program, model, options).run();
}

/**
 * Calls `visit` with every allowed execution that passes the program's filter, in the search's order, until it returns
 * false. Returns the limit that cut the enumeration short, or null.
 */
export function visitExecutions(
  program: Program,
  model: CompiledModel,
  options: Omit<SearchOptions, 'mode'>,
  visit: (execution: Execution) => boolean,
): string | null {
  return new Search(program, model, { ...options, mode: 'count' }, visit).run().limit;
}
