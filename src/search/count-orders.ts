/**
 * Counts the coherence orders of a location without making them, for count mode where nothing is left that tells them apart.
 *
 * How an order may go on after some writes depends on which writes they are and not on how they are ordered: the forced order
 * asks whether the predecessors of the next write are among them, and a read-modify-write stands open if the write that it
 * reads from is among them and its own is not. So the prefixes are counted by the set of their writes (Brightwell and Winkler,
 * Counting linear extensions, 1991, show that nothing fast is to be expected of orders in general). A set that contains with
 * each write all that is forced before it is given by how many writes of each chain it has: n threads that write k times
 * make (k + 1)^n sets, and (nk)!/k!^n orders.
 *
 * Exact: all summands are natural numbers, and each is part of a result. So a number that is rounded belongs to a result beyond
 * 2^53, which the collector refuses.
 */
import type { ForcedOrder, Pin } from './coherence.js';

/** Sets of writes beyond which the orders are not counted. */
export const MAX_PREFIXES = 1 << 21;

/** Writes up to which all their sets are gone through, wanted or not: that takes less time than to find chains. */
const FEW = 8;

/**
 * The same counts, with the sets as bit masks: those of a set are known when it is reached, for its subsets are smaller numbers.
 * By mask, `ways` is the number of orders of the set's writes.
 */
function countFew(
  writes: readonly number[],
  order: ForcedOrder,
  pins: readonly Pin[],
  mayIntervene: (pin: Pin, write: number) => boolean,
): readonly number[] {
  const count = writes.length;
  const full = (1 << count) - 1;
  const maskOf = (holds: (other: number) => boolean): number =>
    writes.reduce((mask, other, index) => (holds(other) ? mask | (1 << index) : mask), 0);
  const before = writes.map((write) => maskOf((other) => order.before(other, write)));
  // a write must not follow a set that has all of `from` and none of `until`
  const barred = writes.map((write) =>
    pins
      .filter((pin) => pin.from !== pin.write && pin.write !== write && !mayIntervene(pin, write))
      .map((pin) => ({ from: maskOf((w) => w === pin.from), until: maskOf((w) => w === pin.write) }))
      .filter(({ from, until }) => from !== 0 && until !== 0),
  );
  const ways = new Float64Array(full + 1);
  const byLast = writes.map(() => 0);
  ways[0] = 1;
  for (let mask = 0; mask < full; mask++) {
    if (ways[mask] === 0) continue;
    for (let next = 0; next < count; next++) {
      const bit = 1 << next;
      if ((mask & bit) !== 0 || (before[next]! & ~mask) !== 0) continue;
      if (barred[next]!.some(({ from, until }) => (mask & from) !== 0 && (mask & until) === 0)) continue;
      ways[mask | bit]! += ways[mask]!;
      if ((mask | bit) === full) byLast[next] = ways[mask]!;
    }
  }
  return byLast;
}

/** Writes of one location (by index), split into chains of the forced order. */
interface Chains {
  readonly members: readonly (readonly number[])[];
  readonly chainOf: readonly number[];
  readonly placeOf: readonly number[];
  /** By write and chain: how many of the chain must come before it. */
  readonly needs: readonly Int32Array[];
  /** A set of writes is the sum, over the chains, of how many of it are in the set times this. */
  readonly radix: readonly number[];
}

/** Greedy: each write goes on with the first chain whose last write is forced before it. Null if sets have no exact number. */
function splitIntoChains(writes: readonly number[], order: ForcedOrder): Chains | null {
  const before = (a: number, b: number) => order.before(writes[a]!, writes[b]!);
  const indices = writes.map((_, index) => index);
  const depth = indices.map((b) => indices.filter((a) => before(a, b)).length);
  const members: number[][] = [];
  const chainOf: number[] = [];
  const placeOf: number[] = [];
  for (const write of indices.toSorted((a, b) => depth[a]! - depth[b]! || a - b)) {
    let chain = members.findIndex((chain) => before(chain[chain.length - 1]!, write));
    if (chain < 0) chain = members.push([]) - 1;
    chainOf[write] = chain;
    placeOf[write] = members[chain]!.length;
    members[chain]!.push(write);
  }
  const needs = indices.map((write) =>
    Int32Array.from(members, (chain) => chain.filter((other) => before(other, write)).length),
  );
  const radix: number[] = [];
  let size = 1;
  for (const chain of members) {
    radix.push(size);
    size *= chain.length + 1;
  }
  return size > Number.MAX_SAFE_INTEGER ? null : { members, chainOf, placeOf, needs, radix };
}

class OrderCount {
  private readonly byLast: number[];
  private readonly pins: readonly { readonly pin: Pin; readonly from: number; readonly write: number }[];
  private readonly placed: Int32Array;
  private prefixes = 0;

  constructor(
    private readonly writes: readonly number[],
    private readonly chains: Chains,
    pins: readonly Pin[],
    private readonly mayIntervene: (pin: Pin, write: number) => boolean,
    private readonly isExpired: () => boolean,
  ) {
    this.byLast = writes.map(() => 0);
    this.placed = new Int32Array(chains.members.length);
    this.pins = pins
      .map((pin) => ({ pin, from: writes.indexOf(pin.from), write: writes.indexOf(pin.write) }))
      .filter(({ from, write }) => from >= 0 && write >= 0 && from !== write);
  }

  /** Null: too many sets of writes, or too late. */
  run(): readonly number[] | null {
    let level = new Map([[0, 1]]);
    for (let size = 1; size <= this.writes.length; size++) {
      const next = new Map<number, number>();
      for (const [prefix, ways] of level) {
        if (++this.prefixes > MAX_PREFIXES || this.isExpired()) return null;
        this.goOn(prefix, ways, size === this.writes.length ? null : next);
      }
      level = next;
    }
    return this.byLast;
  }

  /** Adds the ways to each set that has one write more; to the result, if that is the last (`next` is null). */
  private goOn(prefix: number, ways: number, next: Map<number, number> | null): void {
    const { members, needs, radix } = this.chains;
    const { placed } = this;
    for (let chain = 0, rest = prefix; chain < members.length; chain++) {
      const base = members[chain]!.length + 1;
      placed[chain] = rest % base;
      rest = (rest - placed[chain]!) / base;
    }
    for (let chain = 0; chain < members.length; chain++) {
      const write = members[chain]![placed[chain]!];
      if (write === undefined || needs[write]!.some((need, other) => placed[other]! < need)) continue;
      if (!this.mayFollow(write)) continue;
      if (next === null) this.byLast[write]! += ways;
      else next.set(prefix + radix[chain]!, (next.get(prefix + radix[chain]!) ?? 0) + ways);
    }
  }

  private isPlaced(write: number): boolean {
    return this.placed[this.chains.chainOf[write]!]! > this.chains.placeOf[write]!;
  }

  private mayFollow(next: number): boolean {
    return this.pins.every(
      ({ pin, from, write }) =>
        write === next ||
        !this.isPlaced(from) ||
        this.isPlaced(write) ||
        this.mayIntervene(pin, this.writes[next]!),
    );
  }
}

/**
 * By write of the location: how many of the orders that forEachCoherence makes end with it. Exact below 2^53, at least that beyond.
 * Null if there are too many sets of writes to count by.
 */
export function countOrders(
  writes: readonly number[],
  order: ForcedOrder,
  pins: readonly Pin[],
  mayIntervene: (pin: Pin, write: number) => boolean,
  isExpired: () => boolean,
): readonly number[] | null {
  if (writes.length <= FEW) return countFew(writes, order, pins, mayIntervene);
  const chains = splitIntoChains(writes, order);
  return chains === null ? null : new OrderCount(writes, chains, pins, mayIntervene, isExpired).run();
}
