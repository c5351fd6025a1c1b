/**
 * Operators on event sets and relations, each with its set definition. See relation.ts for the encoding.
 *
 * The `Into` forms are the engine's inner loop; the allocating forms are what everything else uses.
 */
import { type Bits, EventSet, lastWordMask, Relation } from './relation.js';

/** out = { p | p in a or p in b }. Cost: the words of the operands. `out` may alias either. */
export function unionInto(out: Bits, a: Bits, b: Bits): void {
  const [o, x, y] = [out.bits, a.bits, b.bits];
  for (let i = 0; i < o.length; i++) o[i] = x[i]! | y[i]!;
}

/** out = { p | p in a and p in b }. `out` may alias either. */
export function intersectionInto(out: Bits, a: Bits, b: Bits): void {
  const [o, x, y] = [out.bits, a.bits, b.bits];
  for (let i = 0; i < o.length; i++) o[i] = x[i]! & y[i]!;
}

/** out = { p | p in a and not p in b }. `out` may alias either. */
export function differenceInto(out: Bits, a: Bits, b: Bits): void {
  const [o, x, y] = [out.bits, a.bits, b.bits];
  for (let i = 0; i < o.length; i++) o[i] = x[i]! & ~y[i]!;
}

/** out = { p | not p in a }, within the events 0..n-1. `out` may alias `a`. */
export function complementInto(out: Bits, a: Bits): void {
  const [o, x] = [out.bits, a.bits];
  const mask = lastWordMask(out.n);
  for (let i = 0; i < o.length; i++) o[i] = ~x[i]!;
  for (let last = out.words - 1; last < o.length; last += out.words) o[last]! &= mask;
}

/** From so many words on, closures and compositions look for what the rows of large orders have in common. */
const MANY_WORDS = 5;

/** out = { (a, c) | exists b: (a, b) in left and (b, c) in right }. Cost: at most w per pair of left. */
export function composeInto(out: Relation, left: Relation, right: Relation): void {
  const { n, words } = out;
  const [o, l, r] = [out.bits, left.bits, right.bits];
  if (words === 1) {
    for (let i = 0; i < n; i++) {
      let row = 0;
      let word = l[i]!;
      while (word !== 0) {
        row |= r[31 - Math.clz32(word & -word)]!;
        word &= word - 1;
      }
      o[i] = row;
    }
    return;
  }
  o.fill(0);
  if (words >= MANY_WORDS) {
    composeLarge(out, left, right);
    return;
  }
  for (let i = 0; i < n; i++) {
    const base = i * words;
    for (let k = 0; k < words; k++) {
      let word = l[base + k]!;
      while (word !== 0) {
        const from = ((k << 5) + 31 - Math.clz32(word & -word)) * words;
        word &= word - 1;
        for (let m = 0; m < words; m++) o[base + m]! |= r[from + m]!;
      }
    }
  }
}

/** `out` is empty. A row takes over what a row that is part of it leads to; where that leaves too much, by tables. */
function composeLarge(out: Relation, left: Relation, right: Relation): void {
  const { n, words } = out;
  const [o, l, r] = [out.bits, left.bits, right.bits];
  const nested = Int32Array.from({ length: n }, (_, i) => nestedRow(left, i));
  if (pairsBeside(left, nested) > n * (n / 8 + 32)) {
    composeByTables(out, left, right);
    return;
  }
  for (let i = n - 1; i >= 0; i--) {
    const base = i * words;
    const part = nested[i]!;
    if (part >= 0) o.copyWithin(base, part, part + words);
    for (let k = 0; k < words; k++) {
      let word = part < 0 ? l[base + k]! : l[base + k]! & ~l[part + k]!;
      while (word !== 0) {
        const from = ((k << 5) + 31 - Math.clz32(word & -word)) * words;
        word &= word - 1;
        for (let m = 0; m < words; m++) o[base + m]! |= r[from + m]!;
      }
    }
  }
}

/**
 * Where the row of one of the next events begins that is part of row i and not empty; -1 if there is none. In program order
 * and coherence, which most large relations are made of, a row is a next one and a pair.
 */
function nestedRow({ n, words, bits }: Relation, i: number): number {
  const base = i * words;
  for (let j = i + 1; j < n && j <= i + 3; j++) {
    const row = j * words;
    let any = 0;
    let k = 0;
    for (; k < words && (bits[row + k]! & ~bits[base + k]!) === 0; k++) any |= bits[row + k]!;
    if (k === words && any !== 0) return row;
  }
  return -1;
}

/** How many pairs the rows have beside those of the rows that are part of them. */
function pairsBeside({ n, words, bits }: Relation, nested: Int32Array): number {
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    const part = nested[i]!;
    for (let k = 0; k < words; k++) {
      let word = bits[i * words + k]!;
      if (part >= 0) word &= ~bits[part + k]!;
      for (; word !== 0; word &= word - 1) pairs++;
    }
  }
  return pairs;
}

/**
 * The unions of all sets of 8 rows of `right` are made once, and each row of `left` takes one of them for each of its bytes
 * (Arlazarov, Dinic, Kronrod, Faradzev 1970). Cost: (n + 256) w for 8 events. `out` is empty.
 */
function composeByTables(out: Relation, left: Relation, right: Relation): void {
  const { n, words } = out;
  const [o, l, r] = [out.bits, left.bits, right.bits];
  const table = new Int32Array(256 * words);
  for (let first = 0; first < n; first += 8) {
    const size = 1 << Math.min(8, n - first);
    for (let set = 1; set < size; set++) {
      const from = (first + 31 - Math.clz32(set & -set)) * words;
      const rest = (set & (set - 1)) * words;
      for (let m = 0; m < words; m++) table[set * words + m] = table[rest + m]! | r[from + m]!;
    }
    const [column, shift] = [first >> 5, first & 31];
    for (let i = 0; i < n; i++) {
      const base = i * words;
      const at = ((l[base + column]! >>> shift) & 255) * words;
      if (at !== 0) for (let m = 0; m < words; m++) o[base + m]! |= table[at + m]!;
    }
  }
}

/** out = { (a, b) | a in A and (a, b) in r } = [A];r. Cost: n w. */
export function restrictDomainInto(out: Relation, a: EventSet, r: Relation): void {
  const { n, words } = out;
  const [o, x] = [out.bits, r.bits];
  for (let i = 0; i < n; i++) {
    const keep = -((a.bits[i >> 5]! >>> (i & 31)) & 1);
    for (let k = i * words; k < (i + 1) * words; k++) o[k] = x[k]! & keep;
  }
}

/** out = { (a, b) | (a, b) in r and b in B } = r;[B]. Cost: n w. */
export function restrictRangeInto(out: Relation, r: Relation, b: EventSet): void {
  const { n, words } = out;
  const [o, x] = [out.bits, r.bits];
  for (let i = 0; i < n; i++)
    for (let k = 0; k < words; k++) o[i * words + k] = x[i * words + k]! & b.bits[k]!;
}

/** out = { (b, a) | (a, b) in a }. Cost: n w + pairs. */
export function inverseInto(out: Relation, a: Relation): void {
  const { n, words } = out;
  const [o, x] = [out.bits, a.bits];
  o.fill(0);
  for (let i = 0; i < n; i++) {
    const bit = 1 << (i & 31);
    const column = i >> 5;
    for (let k = 0; k < words; k++) {
      let word = x[i * words + k]!;
      while (word !== 0) {
        o[((k << 5) + 31 - Math.clz32(word & -word)) * words + column]! |= bit;
        word &= word - 1;
      }
    }
  }
}

/** out = the smallest transitive relation that contains a (Warshall on rows). Cost: at most n^2 w. `out` may alias `a`. */
export function plusInto(out: Relation, a: Relation): void {
  const { n, words } = out;
  const o = out.bits;
  if (out !== a) o.set(a.bits);
  if (words === 1) {
    for (let k = 0; k < n; k++) {
      const row = o[k]!;
      if (row === 0) continue;
      const bit = 1 << k;
      for (let i = 0; i < n; i++) if ((o[i]! & bit) !== 0) o[i]! |= row;
    }
    return;
  }
  if (words >= MANY_WORDS && isForward(out)) {
    closeForward(out);
    return;
  }
  for (let k = 0; k < n; k++) {
    const column = k >> 5;
    const bit = 1 << (k & 31);
    const from = k * words;
    for (let i = 0; i < n; i++) {
      const base = i * words;
      if ((o[base + column]! & bit) === 0) continue;
      for (let m = 0; m < words; m++) o[base + m]! |= o[from + m]!;
    }
  }
}

/** Whether all pairs lead to later events. */
function isForward({ n, words, bits }: Relation): boolean {
  for (let i = 0; i < n; i++) {
    const base = i * words;
    const own = i >> 5;
    for (let k = 0; k < own; k++) if (bits[base + k] !== 0) return false;
    if ((bits[base + own]! & (-1 >>> (31 - (i & 31)))) !== 0) return false;
  }
  return true;
}

/** The last row first: the rows that it leads to are closed, and what they contain need not be followed. */
function closeForward({ n, words, bits }: Relation): void {
  const reached = new Int32Array(words);
  for (let i = n - 1; i >= 0; i--) {
    const base = i * words;
    reached.fill(0);
    for (let k = i >> 5; k < words; k++) {
      for (let word = bits[base + k]!; word !== 0; word &= word - 1) {
        const low = word & -word;
        if ((reached[k]! & low) !== 0) continue;
        const from = ((k << 5) + 31 - Math.clz32(low)) * words;
        for (let m = k; m < words; m++) reached[m]! |= bits[from + m]!;
      }
    }
    for (let k = i >> 5; k < words; k++) bits[base + k]! |= reached[k]!;
  }
}

/** Adds (a, a) for every event. */
export function addIdentity(out: Relation): void {
  for (let i = 0; i < out.n; i++) out.add(i, i);
}

/** out = { (a, b) | a in A and b in B }. */
export function productInto(out: Relation, a: EventSet, b: EventSet): void {
  const { n, words } = out;
  for (let i = 0; i < n; i++) {
    const member = a.has(i);
    for (let k = 0; k < words; k++) out.bits[i * words + k] = member ? b.bits[k]! : 0;
  }
}

/** out = { (a, a) | a in A }. */
export function identityInto(out: Relation, a: EventSet): void {
  out.bits.fill(0);
  for (let i = 0; i < out.n; i++) if (a.has(i)) out.add(i, i);
}

/** out = { a | exists b: (a, b) in r }. */
export function domainInto(out: EventSet, r: Relation): void {
  const { n, words } = out;
  out.bits.fill(0);
  for (let i = 0; i < n; i++) {
    let any = 0;
    for (let k = 0; k < words; k++) any |= r.bits[i * words + k]!;
    if (any !== 0) out.add(i);
  }
}

/** out = { b | exists a: (a, b) in r }. */
export function rangeInto(out: EventSet, r: Relation): void {
  const { n, words } = out;
  out.bits.fill(0);
  for (let i = 0; i < n; i++) for (let k = 0; k < words; k++) out.bits[k]! |= r.bits[i * words + k]!;
}

export function isEmpty(a: Bits): boolean {
  for (let i = 0; i < a.bits.length; i++) if (a.bits[i] !== 0) return false;
  return true;
}

export function isEqual(a: Bits, b: Bits): boolean {
  for (let i = 0; i < a.bits.length; i++) if (a.bits[i] !== b.bits[i]) return false;
  return true;
}

export function isIrreflexive(a: Relation): boolean {
  for (let i = 0; i < a.n; i++) if (a.has(i, i)) return false;
  return true;
}

/** Whether a is a subset of b. */
export function isSubset(a: Bits, b: Bits): boolean {
  for (let i = 0; i < a.bits.length; i++) if ((a.bits[i]! & ~b.bits[i]!) !== 0) return false;
  return true;
}

/**
 * No cycle: repeatedly peels events without successors among those that remain. Cost: n w per peeled layer, with no
 * closure computed.
 */
export function isAcyclic(a: Relation): boolean {
  const { n, words, bits } = a;
  if (words === 1) {
    let alive = lastWordMask(n);
    for (;;) {
      let next = alive;
      let word = alive;
      while (word !== 0) {
        const low = word & -word;
        if ((bits[31 - Math.clz32(low)]! & next) === 0) next &= ~low;
        word &= word - 1;
      }
      if (next === 0) return true;
      if (next === alive) return false;
      alive = next;
    }
  }
  return peel(a);
}

/** Takes away events without successors until none is left, from the end and from the beginning in turn: most edges lead forward. */
function peel({ n, words, bits }: Relation): boolean {
  const alive = new Uint8Array(n).fill(1);
  const mask = new Int32Array(words).fill(-1);
  let remaining = n;
  for (let backward = true; ; backward = !backward) {
    let peeled = 0;
    for (let step = 0; step < n; step++) {
      const i = backward ? n - 1 - step : step;
      if (alive[i] === 0) continue;
      let k = 0;
      while (k < words && (bits[i * words + k]! & mask[k]!) === 0) k++;
      if (k < words) continue;
      alive[i] = 0;
      mask[i >> 5]! &= ~(1 << (i & 31));
      peeled++;
    }
    remaining -= peeled;
    if (remaining === 0) return true;
    if (peeled === 0) return false;
  }
}

function like<T extends Bits>(a: T): T {
  return (a instanceof EventSet ? new EventSet(a.n) : new Relation(a.n)) as T;
}

export function union<T extends Bits>(a: T, b: T): T {
  const out = like(a);
  unionInto(out, a, b);
  return out;
}

export function intersection<T extends Bits>(a: T, b: T): T {
  const out = like(a);
  intersectionInto(out, a, b);
  return out;
}

export function difference<T extends Bits>(a: T, b: T): T {
  const out = like(a);
  differenceInto(out, a, b);
  return out;
}

export function complement<T extends Bits>(a: T): T {
  const out = like(a);
  complementInto(out, a);
  return out;
}

export function compose(left: Relation, right: Relation): Relation {
  const out = new Relation(left.n);
  composeInto(out, left, right);
  return out;
}

export function inverse(a: Relation): Relation {
  const out = new Relation(a.n);
  inverseInto(out, a);
  return out;
}

export function transitiveClosure(a: Relation): Relation {
  const out = a.copy();
  plusInto(out, out);
  return out;
}

export function reflexive(a: Relation): Relation {
  const out = a.copy();
  addIdentity(out);
  return out;
}

export function product(a: EventSet, b: EventSet): Relation {
  const out = new Relation(a.n);
  productInto(out, a, b);
  return out;
}

export function identityOn(a: EventSet): Relation {
  const out = new Relation(a.n);
  identityInto(out, a);
  return out;
}

export function domain(r: Relation): EventSet {
  const out = new EventSet(r.n);
  domainInto(out, r);
  return out;
}

export function range(r: Relation): EventSet {
  const out = new EventSet(r.n);
  rangeInto(out, r);
  return out;
}

/** A shortest cycle as its events in order (the last relates to the first), or null. Cost: n breadth-first searches. */
export function shortestCycle(a: Relation): number[] | null {
  let best: number[] | null = null;
  for (let start = 0; start < a.n; start++) {
    const previous = new Map<number, number>();
    let frontier = [start];
    search: for (let length = 1; frontier.length > 0 && (best === null || length < best.length); length++) {
      const next: number[] = [];
      for (const event of frontier) {
        for (const to of a.successors(event)) {
          if (to === start) {
            const cycle = [event];
            while (cycle[0] !== start) cycle.unshift(previous.get(cycle[0]!)!);
            best = cycle;
            break search;
          }
          if (previous.has(to)) continue;
          previous.set(to, event);
          next.push(to);
        }
      }
      frontier = next;
    }
  }
  return best;
}
