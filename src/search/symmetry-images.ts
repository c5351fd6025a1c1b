/**
 * The final states of the executions that one execution stands for: its own, with the members of each class permuted in all ways that
 * make a difference.
 *
 * Permutations take the execution to each member of its orbit equally often, and to each of the final states of these, so each final
 * state belongs to as many members of the orbit. Usually what is observed of the members is permuted with them and nothing
 * else changes: then each arrangement of the distinct vectors is made once. Where an address of a member's own location
 * has become a value of something else, the states are closed under exchanges of two threads, which generate all permutations.
 */
import type { Location, Value } from '../program/value.js';
import { invariant } from '../text/diagnostic.js';
import type { ThreadClass } from './symmetry.js';

/** A final state, and the permutation of threads that leads to it: by thread, the one whose part it plays. */
export interface Image {
  readonly finals: readonly Value[];
  readonly threads: readonly number[];
}

/** Whose own a location or an observable is. */
interface Owner {
  readonly one: ThreadClass;
  readonly member: number;
  readonly place: number;
}

/** Members of a class that end alike: one of them, and how many there are, or are left. */
interface Kind {
  readonly member: number;
  count: number;
}

function factorial(n: number): bigint {
  let product = 1n;
  for (let i = 2; i <= n; i++) product *= BigInt(i);
  return product;
}

function textOf(value: Value): string {
  return typeof value === 'object' ? `&${value.index} ${value.name}` : String(value);
}

function weigh(value: Value, weight: number): number {
  return typeof value === 'number' ? value * weight : 0;
}

/** Makes the next greater order of the same numbers. Returns the first place that differs; -1 if there is no greater one. */
function nextArrangement(order: number[]): number {
  let at = order.length - 2;
  while (at >= 0 && order[at]! >= order[at + 1]!) at--;
  if (at < 0) return -1;
  let other = order.length - 1;
  while (order[other]! <= order[at]!) other--;
  const first = order[at]!;
  order[at] = order[other]!;
  order[other] = first;
  for (let low = at + 1, high = order.length - 1; low < high; low++, high--) {
    const moved = order[low]!;
    order[low] = order[high]!;
    order[high] = moved;
  }
  return at;
}

/** The final states of orbits. `threads`: how many threads there are. */
export class Images {
  private readonly ownerOf = new Map<Location, Owner>();
  private readonly ownerAt: (Owner | undefined)[] = [];
  private readonly identity: readonly number[];

  constructor(
    private readonly classes: readonly ThreadClass[],
    threads: number,
  ) {
    this.identity = Array.from({ length: threads }, (_, thread) => thread);
    for (const one of classes)
      for (const member of one.threads.keys()) {
        one.locations[member]!.forEach((location, place) => {
          this.ownerOf.set(location, { one, member, place });
        });
        one.observed[member]!.forEach((index, place) => {
          this.ownerAt[index] = { one, member, place };
        });
      }
  }

  /** By class and member: indices into Program.observed. */
  get observed(): readonly (readonly (readonly number[])[])[] {
    return this.classes.map((one) => one.observed);
  }

  /** How many final states there are, with that of the execution itself. */
  count(finals: readonly Value[]): bigint {
    if (this.hasForeignAddress(finals)) return BigInt(this.closure(finals).length);
    let count = 1n;
    for (const one of this.classes) {
      count *= factorial(one.threads.length);
      for (const kind of this.kindsOf(one, finals)) count /= factorial(kind.count);
    }
    return count;
  }

  /**
   * Visits each final state once, until `visit` returns false; then returns false. The array is reused. `sum` is that of the values times
   * their weights, which are by observable, if the values are numbers: kept up to date with what changes, for there may be very
   * many states.
   */
  each(
    finals: readonly Value[],
    weights: readonly number[],
    visit: (values: readonly Value[], sum: number) => boolean,
  ): boolean {
    if (this.hasForeignAddress(finals)) return this.closure(finals).every((image) => visit(image.finals, 0));
    const image = finals.slice();
    const kinds = this.classes.map((one) => this.kindsOf(one, finals));
    const arrange = (index: number, sum: number): boolean => {
      const one = this.classes[index];
      if (one === undefined) return visit(image, sum);
      const order = kinds[index]!.flatMap(({ count }, kind) => new Array<number>(count).fill(kind));
      const parts = kinds[index]!.map(({ member }) => member);
      const sums = [sum];
      for (let at = 0; at >= 0; at = nextArrangement(order)) {
        for (; at < order.length; at++)
          sums[at + 1] = sums[at]! + this.playPart(image, finals, one, at, parts[order[at]!]!, weights);
        if (!arrange(index + 1, sums[order.length]!)) return false;
      }
      return true;
    };
    const rest = finals.reduce<number>(
      (sum, value, index) => (this.ownerAt[index] === undefined ? sum + weigh(value, weights[index]!) : sum),
      0,
    );
    return arrange(0, rest);
  }

  /** A text that is the same for all images and for nothing else. */
  keyOf(finals: readonly Value[]): string {
    if (this.hasForeignAddress(finals))
      return this.closure(finals)
        .map((image) => image.finals.map(textOf).join('\n'))
        .sort()[0]!;
    const rest = finals.map((value, index) => (this.ownerAt[index] === undefined ? textOf(value) : ''));
    return [...rest, ...this.classes.flatMap((one) => this.endings(one, finals).sort())].join('\n');
  }

  /** One of the final states, by its values, with a permutation that leads to it. */
  imageEnding(finals: readonly Value[], values: readonly Value[]): Image {
    if (this.hasForeignAddress(finals)) {
      const isSame = (image: Image): boolean => image.finals.every((value, index) => value === values[index]);
      const found = this.closure(finals).find(isSame);
      invariant(found !== undefined, 'it is one of the final states');
      return found;
    }
    const threads = this.identity.slice();
    for (const one of this.classes) {
      const parts: (string | null)[] = this.endings(one, finals);
      this.endings(one, values).forEach((ending, at) => {
        const member = parts.indexOf(ending);
        invariant(member >= 0, 'it is one of the final states');
        parts[member] = null;
        threads[one.threads[member]!] = one.threads[at]!;
      });
    }
    return { finals: values, threads };
  }

  /** By member: what it ends with, as it sees it. */
  private endings({ observed }: ThreadClass, finals: readonly Value[]): string[] {
    return observed.map((indices) => indices.map((index) => this.nameOf(finals[index]!)).join(' '));
  }

  private kindsOf(one: ThreadClass, finals: readonly Value[]): Kind[] {
    const kinds: Kind[] = [];
    for (const member of one.threads.keys()) {
      const kind = kinds.find((known) => this.endAlike(one, finals, known.member, member));
      if (kind === undefined) kinds.push({ member, count: 1 });
      else kind.count++;
    }
    return kinds;
  }

  private endAlike({ observed }: ThreadClass, finals: readonly Value[], a: number, b: number): boolean {
    return observed[a]!.every((index, place) => {
      const [x, y] = [finals[index]!, finals[observed[b]![place]!]!];
      if (typeof x !== 'object' || typeof y !== 'object') return x === y;
      return this.nameOf(x) === this.nameOf(y);
    });
  }

  /** Whether an address of a member's own location is a value of anything that is not its own. */
  private hasForeignAddress(finals: readonly Value[]): boolean {
    if (this.ownerOf.size === 0) return false;
    return finals.some((value, index) => {
      const owner = typeof value === 'object' ? this.ownerOf.get(value) : undefined;
      const holder = this.ownerAt[index];
      return owner !== undefined && (owner.one !== holder?.one || owner.member !== holder.member);
    });
  }

  /** A value as the member that holds it sees it. */
  private nameOf(value: Value): string {
    const owner = typeof value === 'object' ? this.ownerOf.get(value) : undefined;
    return owner === undefined ? textOf(value) : `own ${owner.place}`;
  }

  /** Member `at` of an image ends as `member` does in `finals`. Returns the sum of its values times their weights. */
  private playPart(
    image: Value[],
    finals: readonly Value[],
    one: ThreadClass,
    at: number,
    member: number,
    weights: readonly number[],
  ): number {
    const [to, from] = [one.observed[at]!, one.observed[member]!];
    let sum = 0;
    for (let place = 0; place < to.length; place++) {
      const value = finals[from[place]!]!;
      const owner = typeof value === 'object' ? this.ownerOf.get(value) : undefined;
      image[to[place]!] = owner === undefined ? value : one.locations[at]![owner.place]!;
      sum += weigh(value, weights[to[place]!]!);
    }
    return sum;
  }

  private closure(finals: readonly Value[]): readonly Image[] {
    const keyOf = (values: readonly Value[]): string => values.map(textOf).join('\n');
    const first: Image = { finals: finals.slice(), threads: this.identity };
    const found = new Map([[keyOf(finals), first]]);
    // what is added on the way is visited, too
    for (const image of found.values())
      for (const one of this.classes)
        for (let member = 1; member < one.threads.length; member++) {
          const next = this.exchange(image, one, member);
          const key = keyOf(next.finals);
          if (!found.has(key)) found.set(key, next);
        }
    return [...found.values()];
  }

  /** Exchanges a member with the first, everywhere. */
  private exchange({ finals, threads }: Image, one: ThreadClass, member: number): Image {
    const other = (m: number): number => (m === 0 ? member : m === member ? 0 : m);
    const rename = (value: Value): Value => {
      const owner = typeof value === 'object' ? this.ownerOf.get(value) : undefined;
      return owner?.one === one ? one.locations[other(owner.member)]![owner.place]! : value;
    };
    const exchanged = finals.map((_, index) => {
      const holder = this.ownerAt[index];
      const from = holder?.one === one ? one.observed[other(holder.member)]![holder.place]! : index;
      return rename(finals[from]!);
    });
    const players = threads.map((thread) => {
      const at = one.threads.indexOf(thread);
      return at < 0 ? thread : one.threads[other(at)]!;
    });
    return { finals: exchanged, threads: players };
  }
}
