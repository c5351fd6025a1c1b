/**
 * The stage of the search after reads-from: the coherence orders of the locations, as far as they matter.
 *
 * Count mode examines all of them, or counts them where nothing is left that tells them apart (count-orders.ts). Outcome and verdict mode
 * choose the last writes of observed locations first, and look for one order of each ending whose state is new
 * (endings.ts); where a flag may yet be raised, all orders are examined until it is.
 *
 * An order that is begun is a part of a candidate, too: the writes that have their places are before those that have none, and what
 * bounds refuse is not completed. Else the orders of two locations that contradict each other would be found to by going through
 * all that end alike.
 */
import { compareValues, type Value } from '../program/value.js';
import type { Relation } from '../relation/relation.js';
import { type ForcedOrder, forEachCoherence, type Pin, PLACES_TOLD } from './coherence.js';
import { countOrders } from './count-orders.js';
import { forceLast, type PinRules, possibleLast } from './endings.js';
import type { OpenFinals } from './possible-finals.js';
import type { ReadsFrom } from './reads-from.js';
import { isObserved, type Skeleton, writtenValue } from './skeleton.js';

/** What the rest of the search does with what this stage makes; it stands in `co` at each call. */
export interface CoherenceHooks {
  readonly isExpired: () => boolean;
  /** For the estimate of what is done: choice `index` of about `count` at this depth below the reads-from map. */
  readonly enter: (depth: number, index: number, count: number) => void;
  /** Judges one complete candidate; false stops the enumeration for this reads-from map. */
  readonly candidate: (found: ReadsFrom, open: OpenFinals) => boolean;
  /** Whether an execution with these finals could tell something new, flags apart. */
  readonly isInteresting: (open: OpenFinals) => boolean;
  readonly hasOpenFlag: () => boolean;
  /**
   * Whether an order that is begun has no allowed completion, if that is likely to pay: `place` places are taken, about `estimate` orders
   * complete it.
   */
  readonly refuses: (
    found: ReadsFrom,
    order: () => ForcedOrder,
    place: number,
    estimate: () => number,
  ) => boolean;
  /** Records so many executions that are known to be allowed; `settle` puts one of them in place, if one must be shown. */
  readonly acceptMany: (found: ReadsFrom, open: OpenFinals, weight: number, settle: () => void) => void;
}

/** Whether all orders count, or those that end differently; `countable`: all that fit are allowed, and tell nothing else. */
export type Thoroughness = 'all' | 'countable' | 'endings';

/** A location that more than its initial write is written to. */
interface Contested {
  readonly at: number;
  readonly writes: readonly number[];
  readonly pins: readonly Pin[];
  /** Places in Program.observed. */
  readonly observed: readonly number[];
}

/** Orders of one location that end with the same value. */
interface Tally {
  readonly value: Value | undefined;
  readonly last: number;
  weight: number;
}

export class CoherenceStage {
  private fixed: readonly Contested[] | null = null;
  /** The orders of locations that are chosen. */
  private readonly chosen: (readonly number[])[] = [];

  constructor(
    private readonly skeleton: Skeleton,
    /** Where candidates stand. */
    private readonly co: Relation,
    private readonly rules: PinRules,
    private readonly hooks: CoherenceHooks,
  ) {}

  run(found: ReadsFrom, open: OpenFinals, thoroughness: Thoroughness): void {
    const locations = this.locationsOf(found);
    this.settleUnwritten(open, locations);
    if (locations.every(({ writes }) => isTotal(writes, found.order))) {
      this.settleTotal(found, open, locations);
      this.hooks.candidate(found, open);
      return;
    }
    if (thoroughness === 'endings') this.seekEndings(found, open, locations);
    else if (thoroughness === 'all' || !this.tryCounting(found, open, locations))
      this.orderLocation(found, open, locations, found.order, () => this.hooks.candidate(found, open));
  }

  /** Where all addresses are constants, the writes of each location are always the same. */
  private locationsOf(found: ReadsFrom): readonly Contested[] {
    if (!this.skeleton.resolved) return this.contestedLocations(found);
    this.fixed ??= this.contestedLocations({ ...found, pins: [] });
    if (found.pins.length === 0) return this.fixed;
    return this.fixed.map((location) => ({ ...location, pins: pinsAt(found, location.at) }));
  }

  /** There is one order: what is forced is all of it. */
  private settleTotal(found: ReadsFrom, open: OpenFinals, locations: readonly Contested[]): void {
    this.co.bits.set(found.order.bits);
    for (const location of locations) {
      if (location.observed.length === 0) continue;
      const { writes } = location;
      const last = writes.find((write) => writes.every((w) => w === write || found.order.before(w, write)));
      this.setFinal(found, open, location, last!);
    }
  }

  private contestedLocations(found: ReadsFrom): readonly Contested[] {
    const { program, writes } = this.skeleton;
    const byLocation = new Map<number, number[]>();
    for (const write of writes) {
      const at = found.location[write]!;
      const list = byLocation.get(at);
      if (list === undefined) byLocation.set(at, [write]);
      else list.push(write);
    }
    return [...byLocation]
      .filter(([, writes]) => writes.length > 1)
      .map(([at, writes]) => ({
        at,
        writes,
        pins: pinsAt(found, at),
        observed: isObserved(program, at)
          ? program.observed.flatMap((o, k) => (o.kind === 'location' && o.location.index === at ? [k] : []))
          : [],
      }));
  }

  /** What no thread writes ends as it began. */
  private settleUnwritten(open: OpenFinals, locations: readonly Contested[]): void {
    this.skeleton.program.observed.forEach((observed, index) => {
      if (observed.kind !== 'location' || open[index] !== undefined) return;
      if (!locations.some(({ at }) => at === observed.location.index))
        open[index] = observed.location.initial;
    });
  }

  /** Chooses the coherence order of location `index` and of those after it, in every way; judges each until that is false. */
  private orderLocation(
    found: ReadsFrom,
    open: OpenFinals,
    locations: readonly Contested[],
    order: ForcedOrder,
    judge: () => boolean,
    index = 0,
  ): boolean {
    const location = locations[index];
    if (location === undefined) return judge();
    const { writes, pins } = location;
    const visit = (sequence: readonly number[]): boolean => {
      this.setCoherence(sequence);
      this.setFinal(found, open, location, sequence[sequence.length - 1]!);
      this.chosen.push(sequence);
      const goOn = this.orderLocation(found, open, locations, order, judge, index + 1);
      this.chosen.pop();
      return goOn;
    };
    let [depth, before] = [0, 0];
    for (let i = 0; i < index; i++) {
      depth += Math.min(PLACES_TOLD, locations[i]!.writes.length);
      before += locations[i]!.writes.length;
    }
    const accepts = (sequence: readonly number[]): boolean => {
      const place = before + sequence.length;
      const estimate = () => ordersLeft(locations, index, sequence.length);
      return !this.hooks.refuses(found, () => this.begunOrder(order, writes, sequence), place, estimate);
    };
    const enter = (place: number, which: number, count: number) =>
      this.hooks.enter(depth + place, which, count);
    return forEachCoherence(writes, order, pins, this.rules.mayIntervene, visit, enter, accepts);
  }

  /** What is known of coherence when locations are ordered and one has its first writes. */
  private begunOrder(
    order: ForcedOrder,
    writes: readonly number[],
    sequence: readonly number[],
  ): ForcedOrder {
    const begun = order.copy();
    for (const whole of [...this.chosen, sequence])
      whole.forEach((write, place) => {
        if (place > 0) begun.add(whole[place - 1]!, write);
      });
    const last = sequence[sequence.length - 1]!;
    for (const write of writes) if (!sequence.includes(write)) begun.add(last, write);
    return begun;
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

  private setFinal(found: ReadsFrom, open: OpenFinals, { observed }: Contested, last: number | null): void {
    if (observed.length === 0) return;
    const value = last === null ? undefined : writtenValue(this.skeleton, found, last);
    for (const index of observed) open[index] = value;
  }

  /** One order of each ending that is new; then, if flags are open, all orders until they are raised. */
  private seekEndings(found: ReadsFrom, open: OpenFinals, locations: readonly Contested[]): void {
    const { isExpired, hasOpenFlag, isInteresting, candidate } = this.hooks;
    const observed = locations.filter((location) => location.observed.length > 0);
    this.chooseLast(found, open, observed, found.order, (order) => {
      this.orderLocation(found, open, locations, order, () => candidate(found, open) && isInteresting(open));
    });
    if (isExpired() || !hasOpenFlag()) return;
    this.orderLocation(found, open, locations, found.order, () => candidate(found, open) && hasOpenFlag());
  }

  /** Chooses the last write of location `index` and of those after it; `order` has what the earlier choices force. */
  private chooseLast(
    found: ReadsFrom,
    open: OpenFinals,
    locations: readonly Contested[],
    order: ForcedOrder,
    seek: (order: ForcedOrder) => void,
    index = 0,
  ): void {
    const location = locations[index];
    if (location === undefined) {
      seek(order);
      return;
    }
    const { writes, pins } = location;
    const lasts = possibleLast(writes, order);
    for (const last of lasts) {
      if (this.hooks.isExpired()) return;
      this.setFinal(found, open, location, last);
      if (!this.hooks.isInteresting(open)) continue;
      const next = lasts.length === 1 ? order : order.copy();
      if (lasts.length > 1 && !forceLast(next, writes, last, pins, this.rules)) continue;
      this.chooseLast(found, open, locations, next, seek, index + 1);
    }
    this.setFinal(found, open, location, null);
  }

  /** Records the executions by final state. Returns false if there are too many sets of writes to count by. */
  private tryCounting(found: ReadsFrom, open: OpenFinals, locations: readonly Contested[]): boolean {
    const { mayIntervene } = this.rules;
    const tallies: (readonly Tally[])[] = [];
    for (const location of locations) {
      const { writes, pins } = location;
      const byLast = countOrders(writes, found.order, pins, mayIntervene, this.hooks.isExpired);
      if (byLast === null) return false;
      tallies.push(this.tally(found, location, byLast));
    }
    this.recordFrom(found, open, locations, tallies, [], 1);
    return true;
  }

  /** Of a location that is not observed: one tally, whatever is last. */
  private tally(found: ReadsFrom, { writes, observed }: Contested, byLast: readonly number[]): Tally[] {
    const tallies: Tally[] = [];
    byLast.forEach((weight, index) => {
      if (weight === 0) return;
      const last = writes[index]!;
      const value = observed.length === 0 ? undefined : writtenValue(this.skeleton, found, last);
      const same = tallies.find((tally) => isSame(tally.value, value));
      if (same === undefined) tallies.push({ value, last, weight });
      else same.weight += weight;
    });
    return tallies;
  }

  /** Multiplies the tallies of the locations from `lasts.length` on with `weight`. */
  private recordFrom(
    found: ReadsFrom,
    open: OpenFinals,
    locations: readonly Contested[],
    tallies: readonly (readonly Tally[])[],
    lasts: readonly number[],
    weight: number,
  ): void {
    const location = locations[lasts.length];
    if (location === undefined) {
      const settle = () => this.settle(found, locations, lasts);
      this.hooks.acceptMany(found, open, weight, settle);
      return;
    }
    for (const tally of tallies[lasts.length]!) {
      for (const index of location.observed) open[index] = tally.value;
      this.recordFrom(found, open, locations, tallies, [...lasts, tally.last], weight * tally.weight);
    }
  }

  /** Puts the first order in place in which these writes are last. */
  private settle(found: ReadsFrom, locations: readonly Contested[], lasts: readonly number[]): void {
    locations.forEach(({ writes, pins }, index) => {
      const order = found.order.copy();
      forceLast(order, writes, lasts[index]!, pins, this.rules);
      forEachCoherence(writes, order, pins, this.rules.mayIntervene, (sequence) => {
        this.setCoherence(sequence);
        return false;
      });
    });
  }
}

/** At most so many orders complete one that has this many writes of location `index`, and no others of those after it. */
function ordersLeft(locations: readonly Contested[], index: number, placed: number): number {
  let product = 1;
  for (let i = index; i < locations.length; i++)
    for (let left = locations[i]!.writes.length - (i === index ? placed : 0); left > 1; left--)
      product *= left;
  return product;
}

function pinsAt({ pins, location }: ReadsFrom, at: number): readonly Pin[] {
  return pins.filter((pin) => location[pin.write] === at);
}

function isTotal(writes: readonly number[], order: ForcedOrder): boolean {
  return writes.every((a, index) => {
    for (let i = 0; i < index; i++) {
      const b = writes[i]!;
      if (!order.before(b, a) && !order.before(a, b)) return false;
    }
    return true;
  });
}

function isSame(a: Value | undefined, b: Value | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && compareValues(a, b) === 0);
}
