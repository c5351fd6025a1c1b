/**
 * The search below one choice of traces: reads-from, then coherence, with the model's checks as early as their inputs are fixed.
 *
 * A skeleton with a cut path has no outcomes: an execution of it that the model does not forbid for good says that the search is not
 * exhaustive.
 */
import type { Check } from '../model/dag.js';
import type { Value } from '../program/value.js';
import type { Relation } from '../relation/relation.js';
import { positionAt } from '../text/source.js';
import { captureExecution } from './build-execution.js';
import type { ForcedOrder } from './coherence.js';
import { CoherenceStage, type Thoroughness } from './coherence-stage.js';
import type { Collector } from './collector.js';
import type { Execution } from './execution.js';
import { MISSIZED } from './faulty-places.js';
import type { Judgement, Part } from './judge.js';
import type { Plan } from './plan.js';
import { type OpenFinals, PossibleFinals } from './possible-finals.js';
import type { PruningPolicy } from './pruning.js';
import { type ReadsFrom, ReadsFromSearch } from './reads-from.js';
import {
  differentValues,
  finalWritesUnder,
  isObserved,
  knownOrder,
  locationRelation,
  type Skeleton,
  writtenValue,
} from './skeleton.js';
import type { SkeletonCache } from './skeleton-cache.js';
import { type ReadyCheck, type Specialised, specialise } from './specialise.js';
import type { Orbit } from './symmetry-orbit.js';
import { allValuesExist } from './values-exist.js';

/** Why an expression may have no value. */
const VALUELESS = 'arithmetic on an address, a division by zero, or a flag that the manual leaves undefined';

/** The search below one choice of traces. */
export class SkeletonSearch {
  private readonly finals: PossibleFinals;
  private readonly observesMemory: boolean;
  /** The bound that cut one of the paths off, or null: then an execution has an outcome. */
  private readonly cut: string | null;
  private readonly pruning: PruningPolicy;
  private readonly finder: ReadsFromSearch;
  private specialised: Specialised | null = null;
  private stage: CoherenceStage | null = null;
  /** Whether the reads-from map that is being completed was judged to have no completion that the model forbids. */
  private allowed = false;

  constructor(
    private readonly search: Collector,
    private readonly plan: Plan,
    private readonly skeleton: Skeleton,
    private readonly cache: SkeletonCache,
    /** Which candidates stand for others; null: each for itself. */
    private readonly orbit: Orbit | null = null,
  ) {
    const { program, traces } = skeleton;
    this.pruning = search.pruning;
    this.cut = traces.find((trace) => trace.cut !== null)?.cut ?? null;
    this.observesMemory = program.observed.some((o) => o.kind === 'location');
    this.finals = new PossibleFinals(skeleton);
    // an execution in which a value does not exist leaves the answer open, however it would end
    const asksFinals = (search.prunesByFinals || search.skipsKnown) && allValuesExist(skeleton);
    const level = traces.length;
    this.finder = new ReadsFromSearch(
      skeleton,
      plan.recognised,
      {
        isExpired: () => search.isExpired(),
        enter: (depth, index, count) => search.progress.enter(level + depth, index, count),
        judge: (part, order, depth) => this.judge(part, order, depth, () => this.candidatesBelow(part)),
        visit: (found, allowed) => this.visit(found, allowed),
        keep: asksFinals ? (...part) => this.partCouldMatter(...part) : null,
        fault: (event, part) => {
          if (this.askJudge(part, null) !== 'refused') search.fault(this.faultText(event, part.location));
        },
        orbit,
        first: asksFinals && search.skipsKnown ? this.finals.reads : new Set(),
      },
      search.techniques,
    );
  }

  run(): void {
    const { finder, search, skeleton } = this;
    if (finder.isImpossible || !finder.begin()) return;
    if (search.techniques.trial && finder.isHopeless()) return;
    this.specialised = specialise(skeleton, this.plan, finder.start, search.techniques, this.cache);
    if (this.specialised.failures.some((check) => this.cut === null || check.persistent)) return;
    const level = skeleton.traces.length + skeleton.reads.length;
    this.stage = new CoherenceStage(skeleton, this.specialised.inputs.co, finder.edges, {
      isExpired: () => search.isExpired(),
      enter: (depth, index, count) => search.progress.enter(level + depth, index, count),
      candidate: (found, open) => this.candidate(found, open),
      isInteresting: (open) => search.isInteresting(open),
      hasOpenFlag: () => this.hasOpenFlag(),
      refuses: (...begun) => this.refusesOrder(...begun),
      acceptMany: (found, open, weight, settle) => {
        search.tick();
        this.pruning.completed();
        this.accept(found, open, weight, settle);
      },
    });
    finder.run();
  }

  private askJudge(part: Part, order: ForcedOrder | null, asksPermission = true): Judgement {
    const isOpen = (flag: Check): boolean => this.search.lacksFlag([flag]);
    return this.specialised!.judge().judge(part, order, asksPermission ? isOpen : null);
  }

  /** Judges a part, if that is likely to pay. */
  private judge(part: Part, order: ForcedOrder | null, depth: number, estimate: () => number): Judgement {
    const { pruning } = this;
    if (!pruning.isWorthwhile(depth, estimate, this.specialised!.judgeCost())) return 'open';
    const asksPermission = pruning.asksPermission(depth);
    const judgement = this.askJudge(part, order, asksPermission);
    pruning.judged(depth, judgement, asksPermission);
    return judgement;
  }

  /** Whether the model forbids all that completes an order of which `place` places are taken; judged, if that is likely to pay. */
  private refusesOrder(
    found: ReadsFrom,
    order: () => ForcedOrder,
    place: number,
    estimate: () => number,
  ): boolean {
    const { pruning } = this;
    const depth = this.skeleton.reads.length + place;
    const cost = this.specialised!.judgeCost();
    if (this.allowed || !pruning.isWorthwhile(depth, estimate, cost)) return false;
    const judgement = this.askJudge(found, order(), false);
    pruning.judged(depth, judgement, false);
    return judgement === 'refused';
  }

  /** About how many reads-from maps complete a part, of those that are examined. */
  private candidatesBelow({ source }: Part): number {
    const { candidates } = this.finder.start;
    let product = 1;
    for (const read of this.skeleton.reads) if (source[read]! < 0) product *= candidates(read).length;
    return this.orbit === null ? product : product / this.orbit.most;
  }

  private faultText(event: number | null, location: ArrayLike<number>): string {
    const source = event === null ? null : this.skeleton.source[event]?.source;
    if (source == null) return `an expression without a value (${VALUELESS})`;
    const { line } = positionAt(source.span.file, source.span.start);
    const what =
      location[event!] === MISSIZED ? 'a mixed-size access' : 'an address or value that does not exist';
    return `line ${line}: ${what} (\`${source.text}\`)`;
  }

  private visit(found: ReadsFrom, allowed: boolean): boolean {
    const specialised = this.specialised!;
    if (this.search.isExpired()) return false;
    const open = this.finals.known(found.values);
    const missing = this.cut === null ? this.finals.missing(open) : -1;
    if (missing >= 0) {
      const { display } = this.skeleton.program.observed[missing]!;
      this.search.fault(`a final value of ${display} that does not exist (${VALUELESS})`);
      return true;
    }
    this.allowed = allowed;
    if (!this.couldMatter(open)) return true;
    specialised.inputs.co.bits.fill(0);
    if (!allowed && !this.passesReadsFrom(found)) {
      this.search.tick();
      this.pruning.completed();
      return true;
    }
    if (specialised.coherence === null) this.stage!.run(found, open, this.thoroughness());
    else if (this.plan.uses.finalWrites) this.endLocation(found, open, this.endings(found), 0);
    else this.candidate(found, open);
    return !this.search.isStopped;
  }

  /** Judges a complete reads-from map, of all its orders at once where there are many. */
  private passesReadsFrom(found: ReadsFrom): boolean {
    const { inputs, updateReadsFrom, readsFromChecks } = this.specialised!;
    this.setReadsFrom(found);
    if (this.plan.uses.values)
      inputs.differentValue.bits.set(differentValues(this.skeleton.n, this.knownValues(found)).bits);
    updateReadsFrom();
    if (!readsFromChecks.every((check) => this.passes(check))) return false;
    if (!this.leavesOrders()) return true;
    const judgement = this.judge(found, found.order, this.skeleton.reads.length, () => this.ordersOf(found));
    this.allowed = judgement === 'allowed';
    return judgement !== 'refused';
  }

  /** Whether there is something left that coherence decides. */
  private leavesOrders(): boolean {
    const { coherence, coherenceChecks, flagChecks } = this.specialised!;
    return coherence === null && (coherenceChecks.length > 0 || this.search.openFlags(flagChecks).length > 0);
  }

  /** About how many coherence orders fit: at most two for each pair of writes that is not ordered. */
  private ordersOf({ location, order }: ReadsFrom): number {
    const { writes, inits } = this.skeleton;
    let open = 0;
    for (const a of writes)
      for (const b of writes)
        if (inits <= a && a < b && location[a] === location[b] && !order.before(a, b) && !order.before(b, a))
          open++;
    return 2 ** open;
  }

  private thoroughness(): Thoroughness {
    const { search } = this;
    // Of what is cut off no ending is wanted, but whether any order is allowed.
    if (this.cut !== null) return 'all';
    if (search.skipsKnown) return 'endings';
    if (!search.counting || search.visits || !search.techniques.countOrders) return 'all';
    const { coherenceChecks, choices, flagChecks } = this.specialised!;
    if (this.allowed) return 'countable';
    const isSettled = coherenceChecks.length === 0 && choices.length === 0;
    return isSettled && search.openFlags(flagChecks).length === 0 ? 'countable' : 'all';
  }

  /** Whether executions with these finals (undefined: open) are kept by the filter and could tell a new state or flag. */
  private couldMatter(finals: readonly (Value | undefined)[]): boolean {
    if (this.cut !== null) return !this.search.isLimited;
    if (this.search.isInteresting(finals)) return true;
    return this.search.mayBeKept(finals) && this.hasOpenFlag();
  }

  /** The same of the executions that a part may become. */
  private partCouldMatter(
    values: readonly (Value | undefined)[],
    order: ForcedOrder | null,
    allowed: boolean,
  ): boolean {
    this.allowed = allowed;
    const known = this.specialised!.coherence === null ? order : null;
    return this.finals.some(values, known, (finals) => this.couldMatter(finals));
  }

  /** Of an execution that is only begun, a check that more events may satisfy tells nothing. */
  private passes(check: ReadyCheck): boolean {
    return (this.cut !== null && !check.persistent) || check.holds();
  }

  private hasOpenFlag(): boolean {
    const { flagChecks, raisedAlways } = this.specialised!;
    if (this.allowed) return this.search.lacksFlag(raisedAlways);
    return this.search.openFlags(flagChecks).length > 0 || this.search.lacksFlag(raisedAlways);
  }

  private setReadsFrom(found: ReadsFrom): void {
    const { rf, rfInverse, loc, differentValue } = this.specialised!.inputs;
    rf.bits.fill(0);
    rfInverse.bits.fill(0);
    for (const read of this.skeleton.reads) {
      rf.add(found.source[read]!, read);
      rfInverse.add(read, found.source[read]!);
    }
    if (!this.skeleton.resolved) loc.bits.set(locationRelation(this.skeleton.n, found.location).bits);
    differentValue.bits.fill(0);
  }

  private knownValues(found: ReadsFrom): (Value | null)[] {
    const { skeleton } = this;
    const values = found.values.map((value) => value ?? null);
    for (const write of skeleton.writes) values[write] = writtenValue(skeleton, found, write);
    return values;
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
    open: OpenFinals,
    endings: readonly (readonly number[])[],
    index: number,
  ): boolean {
    const writes = endings[index];
    if (writes === undefined) {
      this.specialised!.inputs.knownOrder.bits.set(
        knownOrder(this.skeleton, found.location, this.specialised!.inputs.finalWrites).bits,
      );
      return this.candidate(found, open);
    }
    for (const write of writes) {
      this.specialised!.inputs.finalWrites.add(write);
      this.setFinalOf(found, open, found.location[write]!, write);
      const goOn = this.endLocation(found, open, endings, index + 1);
      this.specialised!.inputs.finalWrites.remove(write);
      this.setFinalOf(found, open, found.location[write]!, null);
      if (!goOn) return false;
    }
    return true;
  }

  private setFinalOf(found: ReadsFrom, open: OpenFinals, at: number, last: number | null): void {
    if (!this.observesMemory) return;
    this.skeleton.program.observed.forEach((observed, index) => {
      if (observed.kind === 'location' && observed.location.index === at)
        open[index] = last === null ? undefined : writtenValue(this.skeleton, found, last);
    });
  }

  /** One complete candidate, but for the model's choices; false stops the enumeration for this reads-from map. */
  private candidate(found: ReadsFrom, open: Readonly<OpenFinals>): boolean {
    const { search } = this;
    const specialised = this.specialised!;
    if (search.isExpired()) return false;
    if (this.cut === null && !search.isInteresting(open) && !this.hasOpenFlag()) return true;
    search.tick();
    this.pruning.completed();
    if (this.allowed) return this.accept(found, open);
    if (this.plan.uses.finalWrites && specialised.coherence === null) this.setFinalWrites(found);
    specialised.updateCoherence();
    if (!specialised.coherenceChecks.every((check) => this.passes(check))) return true;
    return this.choose(found, open, 0);
  }

  private setFinalWrites(found: ReadsFrom): void {
    const last = finalWritesUnder(this.skeleton, found.location, this.specialised!.inputs.co);
    this.specialised!.inputs.finalWrites.bits.set(last.bits);
    this.specialised!.inputs.knownOrder.bits.set(knownOrder(this.skeleton, found.location, last).bits);
  }

  private unwritten(index: number): Value {
    const observed = this.skeleton.program.observed[index]!;
    return observed.kind === 'location' ? observed.location.initial : 0;
  }

  /** Makes the model's choice `index` and those after it, each in every way. */
  private choose(found: ReadsFrom, open: Readonly<OpenFinals>, index: number): boolean {
    const choice = this.specialised!.choices[index];
    // an execution that is only begun may have other elements to choose from when it goes on
    if (choice === undefined || this.cut !== null) return this.accept(found, open);
    for (const element of choice.domain()) {
      if (this.search.isExpired()) return false;
      choice.take(element);
      if (choice.checks.every((check) => this.passes(check)) && !this.choose(found, open, index + 1))
        return false;
    }
    return true;
  }

  /** An execution that the model allows, or `weight` of them, one of which `settle` puts in place. */
  private accept(
    found: ReadsFrom,
    open: Readonly<OpenFinals>,
    weight = 1,
    settle: () => void = () => {},
  ): boolean {
    const { search, skeleton } = this;
    const { raisedAlways, choices, coherence, flagChecks, updateFlags } = this.specialised!;
    if (this.cut !== null) {
      search.fault(this.cut);
      return false;
    }
    const finals = coherence === null ? open : this.finalsUnder(coherence, found, open);
    if (!search.isKept(finals as readonly Value[])) return true;
    const completion = {
      co: coherence ?? this.specialised!.inputs.co,
      chosen: choices.map(({ buffer }) => buffer),
      finals: finals as readonly Value[],
      last: coherence !== null && this.plan.uses.finalWrites ? this.specialised!.inputs.finalWrites : null,
    };
    const capture = () => {
      settle();
      return captureExecution(skeleton, found, completion);
    };
    this.record(found, completion.finals, capture, weight);
    if (!search.verdictOnly) {
      for (const check of raisedAlways) search.raise(check, capture);
      // what is judged to be allowed raises none of the flags that are open
      const openFlags = this.allowed ? [] : search.openFlags(flagChecks);
      if (openFlags.length > 0) updateFlags();
      for (const flag of openFlags) if (flag.holds()) search.raise(flag.check, capture);
    }
    const exhausted = search.skipsKnown && !this.observesMemory;
    return !(exhausted && !this.hasOpenFlag());
  }

  /** Records so many allowed executions and all that they stand for; a verdict is the same for them all. */
  private record(
    { source }: ReadsFrom,
    finals: readonly Value[],
    capture: () => () => Execution,
    weight: number,
  ): void {
    const { search, orbit } = this;
    if (orbit === null || search.verdictOnly) search.record(finals, capture, weight);
    else search.recordOrbit(finals, orbit.size(source) * BigInt(weight), () => orbit.witness(capture()));
  }

  /** Final values under the coherence that the model has made: the last write of each location. */
  private finalsUnder(co: Relation, found: ReadsFrom, open: Readonly<OpenFinals>): readonly Value[] {
    const { writes, program } = this.skeleton;
    return open.map((known, index) => {
      const observed = program.observed[index]!;
      if (known !== undefined || observed.kind !== 'location') return known ?? this.unwritten(index);
      const here = writes.filter((write) => found.location[write] === observed.location.index);
      const last = here.find((write) => !here.some((other) => co.has(write, other)));
      return last === undefined ? observed.location.initial : writtenValue(this.skeleton, found, last);
    });
  }
}
