/**
 * Enumerates the reads-from maps of a skeleton, propagating values as it goes.
 *
 * next-read.ts says which read is assigned next, forced-edges.ts what follows from it for the order on writes. A branch is dropped as soon as a path condition is false, an address
 * differs, or (under a model recognised as coherent or atomic) the order that is forced on writes has a cycle. A complete
 * map whose values do not resolve (a value that depends on itself) is no execution.
 */
import { convertValue, isTrue } from '../program/arithmetic.js';
import type { Value } from '../program/value.js';
import { invariant } from '../text/diagnostic.js';
import { collectReads, evaluateSymbol, NO_VALUE, type SymbolicValue } from '../unfold/symbol.js';
import { ForcedOrder, type Pin } from './coherence.js';
import { FAULTY, isFaulty, placeOf } from './faulty-places.js';
import { type Chosen, ForcedEdges } from './forced-edges.js';
import type { Judgement, Start } from './judge.js';
import { NextRead, NONE_LEFT } from './next-read.js';
import type { Recognised } from './recognise.js';
import { initialValue, type Skeleton, UNRESOLVED } from './skeleton.js';
import type { Orbit } from './symmetry-orbit.js';
import type { Techniques } from './techniques.js';

/** How many sources a trial chooses until it gives up: most skeletons that have no map show it in fewer. */
const TRIAL_STEPS = 64;

/** A complete reads-from map, as the search stands on it. All arrays are reused. */
export interface ReadsFrom extends Chosen {
  /** By event: the value of a read. */
  readonly values: readonly (Value | undefined)[];
  readonly order: ForcedOrder;
  readonly pins: readonly Pin[];
}

export interface ReadsFromHooks {
  /** Called at every step; true stops the enumeration. */
  readonly isExpired: () => boolean;
  /** Called when a read, the `depth`th, gets source `index` of about `count`. */
  readonly enter: (depth: number, index: number, count: number) => void;
  /** Called on each complete map; false stops the enumeration. `allowed`: the judge has said so of all that complete it. */
  readonly visit: (found: ReadsFrom, allowed: boolean) => boolean;
  /**
   * Called after each choice with the values that are known, the order forced on writes (null: not known yet), and whether all
   * that completes it is allowed; false drops the branch. Null: never.
   */
  readonly keep:
    | ((values: readonly (Value | undefined)[], order: ForcedOrder | null, allowed: boolean) => boolean)
    | null;
  /**
   * Called after each choice with the candidate so far (-1 for the sources of open reads), the order forced on writes (null: not
   * known yet), and the number of choices made. What is refused is dropped, what is allowed is not asked about again.
   */
  readonly judge: (
    part: Pick<ReadsFrom, 'source' | 'location'>,
    order: ForcedOrder | null,
    depth: number,
  ) => Judgement;
  /**
   * An expression without a value was met at an event (null: in a path condition): division by zero, or an address that is
   * none. `part` is the candidate so far, with -1 for the sources of open reads.
   */
  readonly fault: (event: number | null, part: Pick<ReadsFrom, 'source' | 'location'>) => void;
  /** Which of the candidates that differ by names only are made. Null: all. */
  readonly orbit: Orbit | null;
  /** Reads that are assigned before others, if they can be. */
  readonly first: ReadonlySet<number>;
}

interface Undo {
  readonly valued: number;
  readonly located: number;
  readonly pins: number;
}

export class ReadsFromSearch {
  private readonly values: (Value | undefined)[];
  readonly source: Int32Array;
  readonly location: Int32Array;
  private readonly orders: ForcedOrder[] = [];
  private readonly valued: number[] = [];
  private readonly located: number[] = [];
  private readonly candidates: readonly (readonly number[])[];
  private readonly constraintsOf: readonly (readonly number[])[];
  /** Whether the order on writes is derived with each choice; else when all reads are assigned. */
  private readonly ordersEarly: boolean;
  readonly edges: ForcedEdges;
  private readonly next: NextRead;
  /** During a trial: whether it met an expression without a value; else null. */
  private trialFault: boolean | null = null;

  constructor(
    private readonly skeleton: Skeleton,
    private readonly recognised: Recognised,
    private readonly hooks: ReadsFromHooks,
    { constrainedFirst, forcedEdges }: Pick<Techniques, 'constrainedFirst' | 'forcedEdges'>,
  ) {
    const { n, location, reads, writes, constraints } = skeleton;
    this.ordersEarly = skeleton.resolved && forcedEdges;
    // Lock events that the model orders have the value that they stand for.
    this.values = skeleton.bareLock.map((value) => value ?? undefined);
    this.source = new Int32Array(n).fill(-1);
    this.location = location.slice();
    // Addresses without a value may need no read to be known.
    if (!skeleton.resolved) this.locate();
    const constraintsOf: number[][] = Array.from({ length: n }, () => []);
    constraints.forEach((constraint, index) => {
      for (const read of constraint.reads) constraintsOf[read]!.push(index);
    });
    this.constraintsOf = constraintsOf;
    const candidates: number[][] = Array.from({ length: n }, () => []);
    for (const read of reads) candidates[read] = writes.filter((write) => this.isCandidate(read, write));
    this.candidates = candidates;
    this.orders.push(new ForcedOrder(n));
    this.edges = new ForcedEdges(skeleton, recognised, hooks.orbit, this);
    const isViable = (read: number, write: number, order: ForcedOrder) => this.isViable(read, write, order);
    this.next = new NextRead(skeleton, this, candidates, isViable, constrainedFirst, hooks.first);
  }

  /** Whether some read has no write to read from, whatever else is chosen; a faulty one needs none. */
  get isImpossible(): boolean {
    return this.skeleton.reads.some(
      (read) => this.candidates[read]!.length === 0 && !isFaulty(this.location[read]!),
    );
  }

  /**
   * Whether no reads-from map fits the values and what coherence forces, whatever else the model says; false if that is not known after
   * some steps. A path that is long, such as one of a loop that goes round and round, most often asks for more writes than there are: then
   * the model need not be made ready for it. Call after `begin`.
   */
  isHopeless(): boolean {
    this.trialFault = false;
    const found = this.attempt(0, { left: TRIAL_STEPS });
    const isUnsure = this.trialFault;
    this.trialFault = null;
    return !found && !isUnsure;
  }

  /** The search below one choice, without the model: whether there may be a map. */
  private attempt(depth: number, steps: { left: number }): boolean {
    if (depth === this.skeleton.reads.length) return true;
    const read = this.next.choose(this.orders[depth]!);
    if (read < 0) return read === NONE_LEFT;
    for (const write of this.candidates[read]!) {
      if (!this.isViable(read, write, this.orders[depth]!)) continue;
      if (--steps.left < 0) return true;
      const undo = this.choose(read, write);
      const found = this.fits(read, write, depth) && this.attempt(depth + 1, steps);
      this.undo(read, undo);
      if (found || this.trialFault === true) return true;
    }
    return false;
  }

  run(): void {
    const { constraints } = this.skeleton;
    if (constraints.some((c) => c.reads.length === 0 && !this.constraintHolds(c.symbol, c.offset))) return;
    this.extend(0, false);
  }

  /** Orders what is ordered whatever the reads read, for resolved addresses; false on a contradiction. Call once, before run. */
  begin(): boolean {
    const order = this.orders[0]!;
    if (this.skeleton.resolved && !this.edges.orderWrites(order)) return false;
    return !this.ordersEarly || this.orderOnlySources(order);
  }

  /** Adds what follows from the reads that have one possible source: two updates of one write already contradict each other. */
  private orderOnlySources(order: ForcedOrder): boolean {
    const only = this.skeleton.reads.filter((read) => this.candidates[read]!.length === 1);
    for (const read of only) this.source[read] = this.candidates[read]![0]!;
    const isOrdered = only.every((read) => this.edges.orderRead(order, read, this.source[read]!));
    for (const read of only) this.source[read] = -1;
    this.edges.pins.length = 0;
    return isOrdered;
  }

  /** What is known before the first read is assigned; after `begin`. */
  get start(): Start {
    return {
      candidates: (read) => this.candidates[read]!,
      order: this.skeleton.resolved ? this.orders[0]! : null,
    };
  }

  private isCandidate(read: number, write: number): boolean {
    const { location, thread } = this.skeleton;
    const [at, from] = [location[read]!, location[write]!];
    if (at !== UNRESOLVED && from !== UNRESOLVED && at !== from) return false;
    // Of one location: incoherent. Of two: no reads-from. So it need not be known which.
    if (this.recognised.coherent && thread[read] === thread[write] && write > read) return false;
    const value = this.writeValue(write);
    if (value === NO_VALUE || value === undefined) return true;
    return this.admits(read, value);
  }

  /** Whether the constraints on this read alone hold for the value. */
  private admits(read: number, value: Value): boolean {
    const type = this.skeleton.source[read]!.type!;
    this.values[read] = convertValue(value, type);
    const holds = this.constraintsOf[read]!.every((index) => {
      const { symbol, offset, reads } = this.skeleton.constraints[index]!;
      if (reads.length > 1) return true;
      const holds = evaluateSymbol(symbol, this.values, offset);
      // An expression without a value is reported when the read is really assigned.
      return holds === undefined || holds === NO_VALUE || isTrue(holds);
    });
    this.values[read] = undefined;
    return holds;
  }

  private constraintHolds(symbol: SymbolicValue, offset: number): boolean {
    const value = evaluateSymbol(symbol, this.values, offset);
    if (value === undefined) return true;
    if (value === NO_VALUE) {
      this.fault(null);
      return false;
    }
    return isTrue(value);
  }

  private writeValue(write: number): Value | undefined | typeof NO_VALUE {
    const event = this.skeleton.source[write];
    if (event == null) return initialValue(this.skeleton, write);
    return evaluateSymbol(event.value!, this.values, this.skeleton.offset[this.skeleton.thread[write]!]!);
  }

  private fault(event: number | null): void {
    if (this.trialFault !== null) this.trialFault = true;
    else this.hooks.fault(event, { source: this.source, location: this.location });
  }

  private extend(depth: number, allowed: boolean): boolean {
    if (this.hooks.isExpired()) return false;
    if (depth === this.skeleton.reads.length) return this.complete(depth, allowed);
    const read = this.next.choose(this.orders[depth]!);
    if (read === NONE_LEFT) this.completeFaulty();
    if (read < 0) return true;
    const count = this.next.viable;
    let entered = 0;
    for (const write of this.candidates[read]!) {
      if (!this.isViable(read, write, this.orders[depth]!)) continue;
      this.hooks.enter(depth, entered++, count);
      const undo = this.choose(read, write);
      const judgement = this.fits(read, write, depth) ? this.judge(depth, allowed) : 'refused';
      const goOn = judgement === 'refused' || this.extend(depth + 1, judgement === 'allowed');
      this.undo(read, undo);
      if (!goOn) return false;
    }
    return true;
  }

  private isViable(read: number, write: number, order: ForcedOrder): boolean {
    const [at, from] = [this.location[read]!, this.location[write]!];
    if (at === UNRESOLVED || from === UNRESOLVED) return true;
    return at === from && (!this.ordersEarly || this.edges.isViable(read, write, order));
  }

  /** What the choice is taken back with. */
  private choose(read: number, write: number): Undo {
    const { valued, located, edges } = this;
    this.source[read] = write;
    return { valued: valued.length, located: located.length, pins: edges.pins.length };
  }

  /** Whether the choice agrees with the others; then what follows from it is known, and its order that of the next depth. */
  private fits(read: number, write: number, depth: number): boolean {
    if (this.hooks.orbit !== null && !this.hooks.orbit.admits(this.source, read)) return false;
    if (!this.propagate()) return false;
    if (!this.ordersEarly) return true;
    const next = this.orderAt(depth + 1);
    next.copyFrom(this.orders[depth]!);
    return this.edges.orderRead(next, read, write);
  }

  private judge(depth: number, allowed: boolean): Judgement {
    const { source, location } = this;
    const next = this.ordersEarly ? this.orders[depth + 1]! : null;
    if (this.hooks.keep !== null && !this.hooks.keep(this.values, next, allowed)) return 'refused';
    return allowed ? 'allowed' : this.hooks.judge({ source, location }, next, depth);
  }

  private orderAt(depth: number): ForcedOrder {
    while (this.orders.length <= depth) this.orders.push(new ForcedOrder(this.skeleton.n));
    return this.orders[depth]!;
  }

  /** Computes what has become known; false on a contradiction. */
  private propagate(): boolean {
    const { reads, source: events } = this.skeleton;
    for (let changed = true; changed; ) {
      changed = false;
      if (!this.skeleton.resolved) changed = this.locate();
      for (const read of reads) {
        const write = this.source[read]!;
        if (write < 0) continue;
        if (!this.skeleton.resolved && this.locationsDiffer(read, write)) return false;
        if (this.values[read] !== undefined) continue;
        const value = this.writeValue(write);
        if (value === undefined) continue;
        if (value === NO_VALUE) {
          // What it comes from may yet turn out to be no execution.
          if (!this.isGrounded(write)) continue;
          this.fault(write);
          return false;
        }
        this.values[read] = convertValue(value, events[read]!.type!);
        this.valued.push(read);
        changed = true;
        for (const index of this.constraintsOf[read]!) {
          const { symbol, offset } = this.skeleton.constraints[index]!;
          if (!this.constraintHolds(symbol, offset)) return false;
        }
      }
    }
    return true;
  }

  private locationsDiffer(a: number, b: number): boolean {
    const [x, y] = [this.location[a]!, this.location[b]!];
    return x !== UNRESOLVED && y !== UNRESOLVED && x !== y;
  }

  /** Resolves addresses; what is no address becomes FAULTY. Returns whether any became known. */
  private locate(): boolean {
    const { n, inits, source, thread, offset } = this.skeleton;
    let any = false;
    for (let event = inits; event < n; event++) {
      if (this.location[event] !== UNRESOLVED) continue;
      const address = evaluateSymbol(source[event]!.address!, this.values, offset[thread[event]!]!);
      if (address === undefined) continue;
      this.location[event] = address === NO_VALUE ? FAULTY : placeOf(address, source[event]!.type);
      this.located.push(event);
      any = true;
    }
    return any;
  }

  private undo(read: number, to: Undo): void {
    this.source[read] = -1;
    while (this.valued.length > to.valued) this.values[this.valued.pop()!] = undefined;
    while (this.located.length > to.located) this.location[this.located.pop()!] = UNRESOLVED;
    this.edges.pins.length = to.pins;
  }

  /**
   * All reads are assigned but those whose address is none. Only here, where everything else fits, is it a fault of the
   * program: what was read as an address may come from a write that cannot be read.
   */
  private completeFaulty(): void {
    const faulty = this.location.findIndex((at, event) => isFaulty(at) && this.isGrounded(event));
    if (faulty >= 0 && this.isCoherentSoFar()) this.fault(faulty);
  }

  /**
   * Whether all that an event's address and value come from is known, down to constants: then what is wrong with them really
   * happens. Else they come from themselves, or from a read that is not chosen yet.
   */
  private isGrounded(event: number, seen: Set<number> = new Set()): boolean {
    if (seen.has(event)) return true;
    seen.add(event);
    const { source: events, thread, offset } = this.skeleton;
    if (this.location[event] === UNRESOLVED) return false;
    const of = events[event];
    if (of == null) return true;
    const reads = new Set<number>();
    if (of.address !== null) collectReads(of.address, reads);
    if (of.kind === 'write' && of.value !== null) collectReads(of.value, reads);
    const base = offset[thread[event]!]!;
    return [...reads].every((index) => {
      const read = index + base;
      const write = this.source[read]!;
      if (write < 0 || this.values[read] === undefined) return false;
      return this.location[read]! >= 0 && this.isGrounded(read, seen) && this.isGrounded(write, seen);
    });
  }

  /** Whether the accesses whose addresses are known fit into some coherence order. */
  private isCoherentSoFar(): boolean {
    const order = new ForcedOrder(this.skeleton.n);
    this.edges.pins.length = 0;
    if (!this.edges.orderWrites(order)) return false;
    for (const read of this.skeleton.reads)
      if (
        this.location[read]! >= 0 &&
        this.source[read]! >= 0 &&
        !this.edges.orderRead(order, read, this.source[read]!)
      )
        return false;
    return true;
  }

  private complete(depth: number, allowed: boolean): boolean {
    const { reads, resolved } = this.skeleton;
    if (reads.length === 0 && !this.propagate()) return true;
    if (!resolved && this.location.some(isFaulty)) {
      this.completeFaulty();
      return true;
    }
    if (reads.some((read) => this.values[read] === undefined)) return true;
    const valueless = this.skeleton.computedWrites.find((write) => this.writeValue(write) === NO_VALUE);
    if (valueless !== undefined) {
      this.fault(valueless);
      return true;
    }
    let order = this.orders[depth]!;
    if (!this.ordersEarly) {
      if (this.location.includes(UNRESOLVED)) return true;
      order = new ForcedOrder(this.skeleton.n);
      if (!this.edges.orderWrites(order)) return true;
      this.edges.pins.length = 0;
      for (const read of reads) if (!this.edges.orderRead(order, read, this.source[read]!)) return true;
    }
    invariant(order !== undefined, 'the order of the last level exists');
    const { source, values, location } = this;
    const { pins } = this.edges;
    return this.hooks.visit({ source, values, location, order, pins }, allowed);
  }
}
