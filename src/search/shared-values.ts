/**
 * Sets and relations that are shared and never changed: equal ones are the same object, and so are equal pairs of bounds.
 *
 * The skeletons of a search differ in little. What an operator says of operands that it has met before need not be computed again, so
 * each value and each pair has a number by which results are remembered (intervals.ts).
 */
import type { Node, NodeId, NodeType } from '../model/dag.js';
import * as ops from '../relation/operators.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';

/** What a value is at least and at most. The same object on both sides: the value is known. */
export interface Bounds {
  readonly lo: Bits;
  readonly hi: Bits;
}

/** Bounds with a number, by which equal ones are known; 0 for those that are not shared. */
export interface Interval extends Bounds {
  readonly id: number;
}

interface Shared {
  readonly value: Bits;
  readonly id: number;
  /** The interval in which the value is known. */
  exact: Interval | null;
  /** Of the same hash. */
  readonly next: Shared | undefined;
}

/** More than there are numbers, and small enough for a pair of them to be one number. */
export const NUMBERS = 2 ** 26;

/** The shared values of executions of so many events, and operators on them that know the empty ones. */
export class SharedValues {
  readonly noEvents: EventSet;
  readonly noPairs: Relation;
  readonly allEvents: EventSet;
  readonly allPairs: Relation;
  private readonly sets = new Map<number, Shared>();
  private readonly relations = new Map<number, Shared>();
  private readonly intervals = new Map<number, Interval>();
  private values = 0;
  private pairs = 0;
  private words = 0;

  /** `shares`: false makes new ones, for bounds that are not looked up again. */
  constructor(
    readonly n: number,
    readonly shares: boolean,
  ) {
    this.noEvents = new EventSet(n);
    this.noPairs = new Relation(n);
    this.allEvents = ops.complement(this.noEvents);
    this.allPairs = ops.complement(this.noPairs);
    if (shares) for (const value of [this.noEvents, this.noPairs]) this.share(value);
  }

  /** In words of memory. */
  get size(): number {
    return this.words;
  }

  /** The bounds, as values that are shared; empty ones are always the same. */
  interval(lo: Bits, hi: Bits): Interval {
    if (!this.shares) return this.newInterval(lo, hi);
    const lower = this.share(lo);
    const upper = lo === hi ? lower : this.share(hi);
    if (lower === upper) {
      lower.exact ??= { lo: lower.value, hi: lower.value, id: this.pairs++ };
      return lower.exact;
    }
    const key = lower.id * NUMBERS + upper.id;
    let interval = this.intervals.get(key);
    if (interval === undefined) {
      interval = { lo: lower.value, hi: upper.value, id: this.pairs++ };
      this.intervals.set(key, interval);
    }
    return interval;
  }

  private newInterval(lo: Bits, hi: Bits): Interval {
    if (ops.isEmpty(hi)) return { lo: this.noneLike(hi), hi: this.noneLike(hi), id: 0 };
    if (lo === hi || ops.isEqual(lo, hi)) return { lo, hi: lo, id: 0 };
    return { lo: ops.isEmpty(lo) ? this.noneLike(lo) : lo, hi, id: 0 };
  }

  private noneLike(value: Bits): Bits {
    return value instanceof EventSet ? this.noEvents : this.noPairs;
  }

  private share(value: Bits): Shared {
    const table = value instanceof EventSet ? this.sets : this.relations;
    const hash = hashOf(value.bits);
    const first = table.get(hash);
    for (let shared = first; shared !== undefined; shared = shared.next)
      if (shared.value === value || ops.isEqual(shared.value, value)) return shared;
    const added = { value, id: this.values++, exact: null, next: first };
    table.set(hash, added);
    this.words += value.bits.length;
    return added;
  }

  none(type: NodeType): Bits {
    return type === 'set' ? this.noEvents : this.noPairs;
  }

  all(type: NodeType): Bits {
    return type === 'set' ? this.allEvents : this.allPairs;
  }

  isNone(value: Bits): boolean {
    return value === this.noEvents || value === this.noPairs;
  }

  /** The value of an operator on operands of known value; null for those that `Node` alone does not determine. */
  apply(node: Node, operand: (id: NodeId) => Bits): Bits | null {
    switch (node.op) {
      case 'empty':
        return this.none(node.type);
      case 'universe':
        return this.all(node.type);
      case 'union':
        return this.union(operand(node.left), operand(node.right));
      case 'intersection':
        return this.intersection(operand(node.left), operand(node.right));
      case 'difference':
        return this.difference(operand(node.left), operand(node.right));
      case 'complement':
        return ops.complement(operand(node.operand));
      case 'compose':
      case 'product':
        return this.binary(node.op, operand(node.left), operand(node.right));
      case 'inverse':
      case 'plus':
      case 'star':
      case 'optional':
      case 'identity':
      case 'domain':
      case 'range':
        return this.unary(node.op, operand(node.operand));
      default:
        return null;
    }
  }

  union(a: Bits, b: Bits): Bits {
    if (a === b || this.isNone(b)) return a;
    return this.isNone(a) ? b : ops.union(a, b);
  }

  intersection(a: Bits, b: Bits): Bits {
    if (a === b || this.isNone(a)) return a;
    return this.isNone(b) ? b : ops.intersection(a, b);
  }

  difference(a: Bits, b: Bits): Bits {
    if (this.isNone(a) || this.isNone(b)) return a;
    return ops.difference(a, b);
  }

  private binary(op: 'compose' | 'product', a: Bits, b: Bits): Bits {
    if (this.isNone(a) || this.isNone(b)) return this.noPairs;
    if (op === 'compose') return ops.compose(a as Relation, b as Relation);
    return ops.product(a as EventSet, b as EventSet);
  }

  private unary(
    op: 'inverse' | 'plus' | 'star' | 'optional' | 'identity' | 'domain' | 'range',
    a: Bits,
  ): Bits {
    const empty = this.isNone(a);
    switch (op) {
      case 'inverse':
        return empty ? a : ops.inverse(a as Relation);
      case 'plus':
        return empty ? a : ops.transitiveClosure(a as Relation);
      case 'star':
        return ops.reflexive(empty ? this.noPairs : ops.transitiveClosure(a as Relation));
      case 'optional':
        return ops.reflexive(a as Relation);
      case 'identity':
        return empty ? this.noPairs : ops.identityOn(a as EventSet);
      case 'domain':
        return empty ? this.noEvents : ops.domain(a as Relation);
      case 'range':
        return empty ? this.noEvents : ops.range(a as Relation);
    }
  }
}

function hashOf(bits: Int32Array): number {
  let hash = bits.length;
  for (let i = 0; i < bits.length; i++) {
    hash = Math.imul(hash ^ bits[i]!, 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return hash;
}
