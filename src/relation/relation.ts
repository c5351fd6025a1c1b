/**
 * Sets of events and binary relations over events 0..n-1, as bit rows.
 *
 * Encoding: a row is `words = ceil(n / 32)` (at least 1) Int32 words, event j is bit `j & 31` of word `j >> 5`; an
 * EventSet is one row, a Relation is n rows. Bits at or above n are always 0. Knows nothing about memory.
 *
 * Functions without a suffix allocate their result; those ending in `Into` write to `out`, which must have the same
 * size and must not alias an operand unless the comment says so. Costs count word operations, w = words.
 */

/** A set of events. */
export class EventSet {
  readonly n: number;
  readonly words: number;
  readonly bits: Int32Array;

  constructor(n: number, bits?: Int32Array) {
    this.n = n;
    this.words = Math.max(1, (n + 31) >> 5);
    this.bits = bits ?? new Int32Array(this.words);
  }

  /** A set whose row is this one, not a copy: ceil(n / 32) words. */
  static over(n: number, bits: Int32Array): EventSet {
    return new EventSet(n, bits);
  }

  static of(n: number, members: Iterable<number>): EventSet {
    const set = new EventSet(n);
    for (const member of members) set.add(member);
    return set;
  }

  has(event: number): boolean {
    return ((this.bits[event >> 5]! >>> (event & 31)) & 1) === 1;
  }

  add(event: number): void {
    this.bits[event >> 5]! |= 1 << (event & 31);
  }

  remove(event: number): void {
    this.bits[event >> 5]! &= ~(1 << (event & 31));
  }

  /** Members in ascending order. */
  members(): number[] {
    const found: number[] = [];
    for (let k = 0; k < this.words; k++) {
      let word = this.bits[k]!;
      while (word !== 0) {
        found.push((k << 5) + 31 - Math.clz32(word & -word));
        word &= word - 1;
      }
    }
    return found;
  }
}

/** A binary relation over events. */
export class Relation {
  readonly n: number;
  readonly words: number;
  readonly bits: Int32Array;

  constructor(n: number, bits?: Int32Array) {
    this.n = n;
    this.words = Math.max(1, (n + 31) >> 5);
    this.bits = bits ?? new Int32Array(this.words * n);
  }

  /** A relation whose rows are these, not a copy: n rows of ceil(n / 32) words. */
  static over(n: number, bits: Int32Array): Relation {
    return new Relation(n, bits);
  }

  static of(n: number, pairs: Iterable<readonly [number, number]>): Relation {
    const relation = new Relation(n);
    for (const [from, to] of pairs) relation.add(from, to);
    return relation;
  }

  has(from: number, to: number): boolean {
    return ((this.bits[from * this.words + (to >> 5)]! >>> (to & 31)) & 1) === 1;
  }

  add(from: number, to: number): void {
    this.bits[from * this.words + (to >> 5)]! |= 1 << (to & 31);
  }

  remove(from: number, to: number): void {
    this.bits[from * this.words + (to >> 5)]! &= ~(1 << (to & 31));
  }

  /** Pairs in ascending order of (from, to). */
  pairs(): [number, number][] {
    const found: [number, number][] = [];
    for (let from = 0; from < this.n; from++) for (const to of this.successors(from)) found.push([from, to]);
    return found;
  }

  /** The events b with (from, b) in the relation, ascending. */
  successors(from: number): number[] {
    const found: number[] = [];
    for (let k = 0; k < this.words; k++) {
      let word = this.bits[from * this.words + k]!;
      while (word !== 0) {
        found.push((k << 5) + 31 - Math.clz32(word & -word));
        word &= word - 1;
      }
    }
    return found;
  }

  copy(): Relation {
    const result = new Relation(this.n);
    result.bits.set(this.bits);
    return result;
  }
}

/** Either of the two; both are bit rows, so the Boolean operators treat them alike. */
export type Bits = EventSet | Relation;

/** The mask of the bits of the last word that belong to events below n, as an Int32. */
export function lastWordMask(n: number): number {
  return n === 0 ? 0 : (n & 31) === 0 ? -1 : ~(-1 << (n & 31));
}
