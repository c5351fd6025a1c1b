/**
 * Coherence of one candidate: the order that reads-from forces on the writes, and the enumeration of the total orders that
 * fit.
 *
 * `ForcedOrder` holds, as transitively closed bit rows over events, pairs of writes of one location whose order follows
 * from what is chosen so far. Under a coherent model the rules are, for the same location: w1 po w2 => w1 before w2;
 * w po r => w before-or-is rf(r); r po w => rf(r) before w; r1 po r2 => rf(r1) before-or-is rf(r2) (Alglave, Maranget,
 * Tautschnig, Herding Cats 2014, section 4.2: coWW, coWR, coRW, coRR). For a read-modify-write that reads from w and
 * writes u, no third write x (of another thread, if the model's axiom is external) is between: x before u => x before w, and
 * w before x => u before x.
 */

/** A strict partial order over events 0..n-1, closed under transitivity. */
export class ForcedOrder {
  readonly words: number;
  /** Row a = the events after a. */
  readonly bits: Int32Array;

  constructor(readonly n: number) {
    this.words = Math.max(1, (n + 31) >> 5);
    this.bits = new Int32Array(n * this.words);
  }

  before(a: number, b: number): boolean {
    return ((this.bits[a * this.words + (b >> 5)]! >>> (b & 31)) & 1) === 1;
  }

  /** Whether anything is after it. */
  hasAfter(a: number): boolean {
    const { words, bits } = this;
    for (let k = a * words; k < (a + 1) * words; k++) if (bits[k] !== 0) return true;
    return false;
  }

  /** Adds a before b with all that follows; false if b is before or is a. */
  add(a: number, b: number): boolean {
    if (a === b || this.before(b, a)) return false;
    if (this.before(a, b)) return true;
    const { n, words, bits } = this;
    for (let x = 0; x < n; x++) {
      if (x !== a && !this.before(x, a)) continue;
      for (let k = 0; k < words; k++) bits[x * words + k]! |= bits[b * words + k]!;
      bits[x * words + (b >> 5)]! |= 1 << (b & 31);
    }
    return true;
  }

  copyFrom(other: ForcedOrder): void {
    this.bits.set(other.bits);
  }

  copy(): ForcedOrder {
    const copy = new ForcedOrder(this.n);
    copy.copyFrom(this);
    return copy;
  }
}

/** A read-modify-write as coherence sees it: it reads from `from` and writes `write`; `thread` is its own. */
export interface Pin {
  readonly from: number;
  readonly write: number;
  readonly thread: number;
}

/** Adds what the pin implies for the other writes of its location, until nothing changes; false on a contradiction. */
export function applyPins(
  order: ForcedOrder,
  pins: readonly Pin[],
  writesOf: (pin: Pin) => readonly number[],
  mayIntervene: (pin: Pin, write: number) => boolean,
): boolean {
  for (let changed = true; changed; ) {
    changed = false;
    for (const pin of pins) {
      for (const x of writesOf(pin)) {
        if (x === pin.from || x === pin.write || mayIntervene(pin, x)) continue;
        const late = order.before(pin.from, x);
        const early = order.before(x, pin.write);
        if (late && early) return false;
        if (late && !order.before(pin.write, x)) {
          if (!order.add(pin.write, x)) return false;
          changed = true;
        }
        if (early && !order.before(x, pin.from)) {
          if (!order.add(x, pin.from)) return false;
          changed = true;
        }
      }
    }
  }
  return true;
}

/** How many places of an order `enter` is called for: an estimate needs no more. */
export const PLACES_TOLD = 3;

/**
 * Enumerates the linear extensions of one location's forced order.
 *
 * Invariant: `missing[i]` is the number of predecessors of writes[i] that are not placed; `open` are the pins whose `from`
 * is placed and whose `write` is not.
 */
class Extension {
  private readonly sequence: number[] = [];
  private readonly missing: Int32Array;
  private readonly successors: readonly (readonly number[])[];
  private readonly pinsFrom: readonly (readonly Pin[])[];
  private readonly open: Pin[] = [];

  constructor(
    private readonly writes: readonly number[],
    order: ForcedOrder,
    pins: readonly Pin[],
    private readonly mayIntervene: (pin: Pin, write: number) => boolean,
    private readonly visit: (sequence: readonly number[]) => boolean,
    private readonly enter: ((place: number, index: number, count: number) => void) | null,
    private readonly accepts: (sequence: readonly number[]) => boolean,
  ) {
    this.missing = new Int32Array(writes.length);
    this.successors = writes.map((a) => {
      const after: number[] = [];
      writes.forEach((b, j) => {
        if (a !== b && order.before(a, b)) after.push(j);
      });
      for (const j of after) this.missing[j]!++;
      return after;
    });
    this.pinsFrom = writes.map((w) => pins.filter((pin) => pin.from === w && pin.write !== w));
  }

  run(): boolean {
    const { writes, sequence, missing, open } = this;
    if (sequence.length === writes.length) return this.visit(sequence);
    const place = sequence.length;
    const isTold = this.enter !== null && place < PLACES_TOLD;
    const count = isTold ? missing.reduce((sum, left) => (left === 0 ? sum + 1 : sum), 0) : 0;
    let entered = 0;
    for (let i = 0; i < writes.length; i++) {
      if (missing[i] !== 0) continue;
      if (isTold) this.enter?.(place, entered++, count);
      const write = writes[i]!;
      if (open.some((pin) => pin.write !== write && !this.mayIntervene(pin, write))) continue;
      const closed = open.length === 0 ? open : open.slice();
      this.place(i, write);
      const isWhole = sequence.length === writes.length;
      const goOn = (!isWhole && !this.accepts(sequence)) || this.run();
      this.remove(i, closed);
      if (!goOn) return false;
    }
    return true;
  }

  private place(i: number, write: number): void {
    this.missing[i] = -1;
    for (const j of this.successors[i]!) this.missing[j]!--;
    this.sequence.push(write);
    const { open } = this;
    for (let k = open.length - 1; k >= 0; k--) if (open[k]!.write === write) open.splice(k, 1);
    for (const pin of this.pinsFrom[i]!) if (!this.sequence.includes(pin.write)) open.push(pin);
  }

  private remove(i: number, open: readonly Pin[]): void {
    this.sequence.pop();
    for (const j of this.successors[i]!) this.missing[j]!++;
    this.missing[i] = 0;
    if (open === this.open) this.open.length = 0;
    else this.open.splice(0, this.open.length, ...open);
  }
}

/**
 * Calls `visit` with each total order of `writes` that extends `order` and in which no forbidden write intervenes in a pin.
 * Stops early, returning false, when `visit` returns false. The array passed to `visit` is reused. Orders come in
 * lexicographic order of event numbers. `enter` is told of the choice of write `index` of about `count` for each of the first places.
 * What begins with a sequence that `accepts` is false of is left out.
 */
export function forEachCoherence(
  writes: readonly number[],
  order: ForcedOrder,
  pins: readonly Pin[],
  mayIntervene: (pin: Pin, write: number) => boolean,
  visit: (sequence: readonly number[]) => boolean,
  enter: ((place: number, index: number, count: number) => void) | null = null,
  accepts: (sequence: readonly number[]) => boolean = () => true,
): boolean {
  return new Extension(writes, order, pins, mayIntervene, visit, enter, accepts).run();
}
