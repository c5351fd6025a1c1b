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

/** All orders of the items that differ; equal keys mean equal items. */
function arrangements(keys: readonly string[]): number[][] {
  const kinds = new Map<string, number[]>();
  keys.forEach((key, item) => {
    kinds.set(key, [...(kinds.get(key) ?? []), item]);
  });
  const stocks = [...kinds.values()].map((items) => ({ items, used: 0 }));
  const found: number[][] = [];
  const arrangement: number[] = [];
  const extend = (): void => {
    if (arrangement.length === keys.length) {
      found.push(arrangement.slice());
      return;
    }
    for (const stock of stocks) {
      if (stock.used === stock.items.length) continue;
      arrangement.push(stock.items[stock.used++]!);
      extend();
      arrangement.pop();
      stock.used--;
    }
  };
  extend();
  return found;
}

/** An image of an image. Of most, nobody asks which thread plays which part. */
class Arranged implements Image {
  constructor(
    readonly finals: readonly Value[],
    private readonly of: Image,
    private readonly one: ThreadClass,
    private readonly order: readonly number[],
  ) {}

  get threads(): readonly number[] {
    const threads = this.of.threads.slice();
    this.order.forEach((member, at) => {
      threads[this.one.threads[member]!] = this.one.threads[at]!;
    });
    return threads;
  }
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

  /** Each final state once, that of the execution itself among them; nothing of `finals` is kept. */
  of(finals: readonly Value[]): readonly Image[] {
    if (this.hasForeignAddress(finals)) return this.closure(finals);
    let images: readonly Image[] = [{ finals: finals.slice(), threads: this.identity }];
    for (const one of this.classes) {
      const keys = one.observed.map((observed) =>
        observed.map((index) => this.nameOf(finals[index]!)).join(' '),
      );
      const orders = arrangements(keys);
      images = images.flatMap((image) => orders.map((order) => this.arrange(image, one, order)));
    }
    return images;
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
    if (typeof value !== 'object') return String(value);
    const owner = this.ownerOf.get(value);
    return owner === undefined ? `&${value.index} ${value.name}` : `own ${owner.place}`;
  }

  /** Member `order[at]` becomes member `at`. */
  private arrange(image: Image, one: ThreadClass, order: readonly number[]): Image {
    const finals = image.finals.slice();
    order.forEach((member, at) => {
      if (member === at) return;
      one.observed[at]!.forEach((index, place) => {
        const value = image.finals[one.observed[member]![place]!]!;
        const owner = typeof value === 'object' ? this.ownerOf.get(value) : undefined;
        finals[index] = owner === undefined ? value : one.locations[at]![owner.place]!;
      });
    });
    return new Arranged(finals, image, one, order);
  }

  private closure(finals: readonly Value[]): readonly Image[] {
    const keyOf = (values: readonly Value[]): string =>
      values.map((value) => (typeof value === 'object' ? `&${value.index} ${value.name}` : value)).join(' ');
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
