/**
 * The search below one choice of traces: reads-from, then coherence, with the model's checks as early as their inputs are fixed.
 *
 * A skeleton with a cut path has no outcomes: an execution of it that the model does not forbid for good says that the search is not
 * exhaustive.
 */
import type { Value } from '../program/value.js';
import { DIFFERENT_VALUE, FINAL_WRITES, KNOWN_ORDER } from '../program/vocabulary.js';
import { EventSet, Relation } from '../relation/relation.js';
import { invariant } from '../text/diagnostic.js';
import { positionAt } from '../text/source.js';
import { evaluateSymbol, NO_VALUE, type SymbolicValue } from '../unfold/symbol.js';
import type { Trace } from '../unfold/trace.js';
import { captureExecution } from './build-execution.js';
import { type ForcedOrder, forEachCoherence, PLACES_TOLD } from './coherence.js';
import type { Collector } from './collector.js';
import type { Plan } from './plan.js';
import { PruningPolicy } from './pruning.js';
import { MISSIZED, type ReadsFrom, ReadsFromSearch } from './reads-from.js';
import {
  baseRelations,
  baseSets,
  differentValues,
  finalWritesUnder,
  isObserved,
  knownOrder,
  locationRelation,
  type Skeleton,
} from './skeleton.js';
import { type ReadyCheck, type Specialised, specialise } from './specialise.js';

/** Why an expression may have no value. */
const VALUELESS = 'arithmetic on an address, a division by zero, or a flag that the manual leaves undefined';

/** The search below one choice of traces. */
export class SkeletonSearch {
  private readonly rf: Relation;
  private readonly co: Relation;
  private readonly loc: Relation;
  private readonly differentValue: Relation;
  private readonly finalWrites: EventSet;
  private readonly knownOrder: Relation;
  private readonly finalSymbols: readonly ({ symbol: SymbolicValue; offset: number } | null)[];
  private readonly observesMemory: boolean;
  /** The bound that cut one of the paths off, or null: then an execution has an outcome. */
  private readonly cut: string | null;
  private specialised: Specialised | null = null;
  private readonly pruning: PruningPolicy;

  constructor(
    private readonly search: Collector,
    private readonly plan: Plan,
    private readonly skeleton: Skeleton,
  ) {
    const { n, program, traces, offset } = skeleton;
    this.pruning = new PruningPolicy(search.techniques.bounds, search.eager);
    this.rf = new Relation(n);
    this.co = new Relation(n);
    this.loc = new Relation(n);
    this.differentValue = new Relation(n);
    this.finalWrites = new EventSet(n);
    this.knownOrder = new Relation(n);
    this.cut = traces.find((trace) => trace.cut !== null)?.cut ?? null;
    this.observesMemory = program.observed.some((o) => o.kind === 'location');
    this.finalSymbols = program.observed.map((o) => {
      if (o.kind === 'location') return null;
      const symbol = (traces[o.thread] as Trace).registers.get(o.name);
      return { symbol: symbol ?? { kind: 'const', value: 0 }, offset: offset[o.thread]! };
    });
  }

  run(): void {
    const { progress } = this.search;
    const level = this.skeleton.traces.length;
    const finder: ReadsFromSearch = new ReadsFromSearch(
      this.skeleton,
      this.plan.recognised,
      {
        isExpired: () => this.search.isExpired(),
        enter: (depth, index, count) => progress.enter(level + depth, index, count),
        isPlausible: (part, order) => !this.pruning.isWorthwhile() || this.tryPruning(part, order),
        visit: (found) => this.visit(finder, found),
        keep: this.search.prunesByFinals ? (values) => this.couldMatter(this.openFinals(values)) : null,
        fault: (event, part) => {
          if (this.isPlausible(part, null)) this.search.fault(this.faultText(event, part.location));
        },
      },
      this.search.techniques,
    );
    if (finder.isImpossible || this.prepare().failures.some((check) => !this.passes(check))) return;
    finder.run();
  }

  /**
   * Whether some completion of a part of a candidate may be allowed: false if it violates a monotone check already. A value
   * that is no address often comes from reads-from that the model forbids.
   */
  private isPlausible(part: Pick<ReadsFrom, 'source' | 'location'>, order: ForcedOrder | null): boolean {
    const specialised = this.specialised!;
    this.setReadsFrom(part);
    if (order !== null) this.co.bits.set(order.bits);
    specialised.updateReadsFrom();
    specialised.updateCoherence();
    const checks = [...specialised.readsFromChecks, ...specialised.coherenceChecks];
    return checks.every((check) => !check.monotone || check.holds());
  }

  private tryPruning(part: Pick<ReadsFrom, 'source' | 'location'>, order: ForcedOrder | null): boolean {
    const plausible = this.isPlausible(part, order);
    this.pruning.tried(!plausible);
    return plausible;
  }

  private faultText(event: number | null, location: ArrayLike<number>): string {
    const source = event === null ? null : this.skeleton.source[event]?.source;
    if (source == null) return `an expression without a value (${VALUELESS})`;
    const { line } = positionAt(source.span.file, source.span.start);
    const what =
      location[event!] === MISSIZED ? 'a mixed-size access' : 'an address or value that does not exist';
    return `line ${line}: ${what} (\`${source.text}\`)`;
  }

  private prepare(): Specialised {
    const { n, resolved } = this.skeleton;
    const relations = baseRelations(this.skeleton);
    relations.set('rf', this.rf);
    relations.set('co', this.co);
    relations.set(DIFFERENT_VALUE, this.differentValue);
    relations.set(KNOWN_ORDER, this.knownOrder);
    if (!resolved) relations.set('loc', this.loc);
    const sets = baseSets(this.skeleton).set(FINAL_WRITES, this.finalWrites);
    this.specialised = specialise(this.plan, { n, sets, relations }, resolved);
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
    const isMissing = (value: Value | undefined, index: number): boolean =>
      value === undefined && this.finalSymbols[index] !== null;
    const missing = this.cut === null ? open.findIndex(isMissing) : -1;
    if (missing >= 0) {
      const { display } = this.skeleton.program.observed[missing]!;
      this.search.fault(`a final value of ${display} that does not exist (${VALUELESS})`);
      return true;
    }
    if (!this.couldMatter(open)) return true;
    this.setReadsFrom(found);
    if (this.plan.uses.values)
      this.differentValue.bits.set(differentValues(this.skeleton.n, this.knownValues(found)).bits);
    specialised.updateReadsFrom();
    if (!specialised.readsFromChecks.every((check) => this.passes(check))) {
      this.search.tick();
      this.pruning.refused();
      return true;
    }
    const contested = this.contestedLocations(found);
    if (specialised.coherence === null) this.orderLocation(finder, found, open, contested, 0);
    else if (this.plan.uses.finalWrites) this.endLocation(found, open, this.endings(found), 0);
    else this.candidate(found, open);
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
    this.differentValue.bits.fill(0);
  }

  private knownValues(found: ReadsFrom): (Value | null)[] {
    const { skeleton } = this;
    const values = found.values.map((value) => value ?? null);
    for (const write of skeleton.writes) values[write] = this.writtenValue(found, write);
    return values;
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
    const visit = (sequence: readonly number[]): boolean => {
      this.setCoherence(sequence);
      this.setFinalOf(found, open, at, sequence[sequence.length - 1]!);
      return this.orderLocation(finder, found, open, locations, index + 1);
    };
    const level = this.levelOfOrder(locations, index);
    return forEachCoherence(writes, found.order, pins, finder.mayIntervene, visit, (place, which, count) =>
      this.search.progress.enter(level + place, which, count),
    );
  }

  /** The level of the search at which the order of location `index` is chosen: after the traces, the sources and earlier orders. */
  private levelOfOrder(locations: readonly (readonly number[])[], index: number): number {
    const { traces, reads } = this.skeleton;
    let level = traces.length + reads.length;
    for (let i = 0; i < index; i++) level += Math.min(PLACES_TOLD, locations[i]!.length);
    return level;
  }

  /** By observed location: the writes that may be last. What the threads do not write ends as it began. */
  private endings(found: ReadsFrom): readonly (readonly number[])[] {
    const { inits, writes, program } = this.skeleton;
    const byLocation = new Map<number, number[]>();
    for (const write of writes) {
      const at = found.location[write]!;
      if (!isObserved(program, at)) continue;
      const known = byLocation.get(at);
      if (known === undefined || known[0]! < inits) byLocation.set(at, [write]);
      else known.push(write);
    }
    return [...byLocation.values()];
  }

  /** For a model that makes coherence itself but asks which writes are last: chooses them, from location `index` on. */
  private endLocation(
    found: ReadsFrom,
    open: (Value | undefined)[],
    endings: readonly (readonly number[])[],
    index: number,
  ): boolean {
    const writes = endings[index];
    if (writes === undefined) {
      this.knownOrder.bits.set(knownOrder(this.skeleton, found.location, this.finalWrites).bits);
      return this.candidate(found, open);
    }
    for (const write of writes) {
      this.finalWrites.add(write);
      this.setFinalOf(found, open, found.location[write]!, write);
      const goOn = this.endLocation(found, open, endings, index + 1);
      this.finalWrites.remove(write);
      this.setFinalOf(found, open, found.location[write]!, null);
      if (!goOn) return false;
    }
    return true;
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

  private setFinalOf(found: ReadsFrom, open: (Value | undefined)[], at: number, last: number | null): void {
    if (!this.observesMemory) return;
    this.skeleton.program.observed.forEach((observed, index) => {
      if (observed.kind === 'location' && observed.location.index === at)
        open[index] = last === null ? undefined : this.writtenValue(found, last);
    });
  }

  private writtenValue(found: ReadsFrom, write: number): Value {
    const source = this.skeleton.source[write];
    if (source == null) return this.skeleton.program.locations[found.location[write]!]!.initial;
    const offset = this.skeleton.offset[this.skeleton.thread[write]!]!;
    const value = evaluateSymbol(source.value!, found.values, offset);
    invariant(typeof value !== 'symbol' && value !== undefined, 'writes without a value are faults');
    return value;
  }

  /** One complete candidate, but for the model's choices; false stops the enumeration for this reads-from map. */
  private candidate(found: ReadsFrom, open: readonly (Value | undefined)[]): boolean {
    const { search } = this;
    const specialised = this.specialised!;
    if (search.isExpired()) return false;
    if (this.cut === null && !search.isInteresting(this.settled(open)) && !this.hasOpenFlag()) return true;
    search.tick();
    if (this.plan.uses.finalWrites && specialised.coherence === null) this.setFinalWrites(found);
    specialised.updateCoherence();
    if (!specialised.coherenceChecks.every((check) => this.passes(check))) {
      this.pruning.refused();
      return true;
    }
    return this.choose(found, open, 0);
  }

  private setFinalWrites(found: ReadsFrom): void {
    const last = finalWritesUnder(this.skeleton, found.location, this.co);
    this.finalWrites.bits.set(last.bits);
    this.knownOrder.bits.set(knownOrder(this.skeleton, found.location, last).bits);
  }

  /** The final values, where coherence determines them: what no write changes ends as it began. */
  private settled(open: readonly (Value | undefined)[]): readonly (Value | undefined)[] {
    if (this.specialised!.coherence !== null) return open;
    return open.map((value, index) => value ?? this.unwritten(index));
  }

  private unwritten(index: number): Value {
    const observed = this.skeleton.program.observed[index]!;
    return observed.kind === 'location' ? observed.location.initial : 0;
  }

  /** Makes the model's choice `index` and those after it, each in every way. */
  private choose(found: ReadsFrom, open: readonly (Value | undefined)[], index: number): boolean {
    const choice = this.specialised!.choices[index];
    if (choice === undefined) return this.accept(found, open);
    for (const element of choice.domain()) {
      if (this.search.isExpired()) return false;
      choice.take(element);
      if (choice.checks.every((check) => this.passes(check)) && !this.choose(found, open, index + 1))
        return false;
    }
    return true;
  }

  /** An execution that the model allows. */
  private accept(found: ReadsFrom, open: readonly (Value | undefined)[]): boolean {
    const { search, skeleton } = this;
    const { raisedAlways, choices, coherence, flagChecks } = this.specialised!;
    this.pruning.allowed();
    if (this.cut !== null) {
      search.fault(this.cut);
      return false;
    }
    const finals = coherence === null ? this.settled(open) : this.finalsUnder(coherence, found, open);
    if (!search.isKept(finals as readonly Value[])) return true;
    const completion = {
      co: coherence ?? this.co,
      chosen: choices.map(({ buffer }) => buffer),
      finals: finals as readonly Value[],
    };
    const capture = () => captureExecution(skeleton, found, completion);
    search.record(completion.finals, capture);
    if (!search.verdictOnly) {
      for (const check of raisedAlways) search.raise(check, capture);
      for (const flag of search.openFlags(flagChecks)) if (flag.holds()) search.raise(flag.check, capture);
    }
    const exhausted = search.skipsKnown && !this.observesMemory;
    return !(exhausted && !this.hasOpenFlag());
  }

  /** Final values under the coherence that the model has made: the last write of each location. */
  private finalsUnder(
    co: Relation,
    found: ReadsFrom,
    open: readonly (Value | undefined)[],
  ): readonly Value[] {
    const { writes, program } = this.skeleton;
    return open.map((known, index) => {
      const observed = program.observed[index]!;
      if (known !== undefined || observed.kind !== 'location') return known ?? this.unwritten(index);
      const here = writes.filter((write) => found.location[write] === observed.location.index);
      const last = here.find((write) => !here.some((other) => co.has(write, other)));
      return last === undefined ? observed.location.initial : this.writtenValue(found, last);
    });
  }
}
