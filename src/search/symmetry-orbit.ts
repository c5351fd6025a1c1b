/**
 * The executions of one choice of traces up to exchanges of threads: which of an orbit is examined, and how many it stands for.
 *
 * Threads of a class (symmetry.ts) that have taken the same trace are a group: their permutations take candidates of the skeleton
 * to candidates of the skeleton. Of each orbit exactly one member is examined, up to candidates that are equal:
 *
 *  - A group that writes to a location of fixed address. Coherence orders the threads' writes to it strictly, so each orbit under
 *    the group has one member for each permutation, and exactly one in which the writes come in the order of the threads. The
 *    writes get that order before anything is chosen.
 *  - A group that writes nothing that others read. What its threads read from are vectors of events, which permutations of the
 *    group permute; nobody reads from the group, so other groups' permutations leave its vectors alone once their writes have
 *    an order. The member with ascending vectors is examined. A thread's own location goes by its place among the thread's
 *    own; the coherence of own writes follows program order.
 *
 * Permutations of equal vectors change nothing, so the orbit has as many members as there are permutations of the classes, divided by
 * those of threads with equal vectors (orbit and stabiliser). Combinations of traces count with it: see mayTake.
 */
import type { ForcedOrder } from './coherence.js';
import type { Execution } from './execution.js';
import type { FindWitness } from './found-states.js';
import type { Skeleton } from './skeleton.js';
import type { Symmetry, ThreadClass } from './symmetry.js';
import { exchangeThreads } from './symmetry-execution.js';

/** The members of a group that are told apart by what they read from. */
interface Readers {
  readonly threads: readonly number[];
  /** The reads of each, in program order. */
  readonly reads: readonly (readonly number[])[];
  /** By member, its own locations' initial writes: their places. */
  readonly inits: readonly ReadonlyMap<number, number>[];
}

function groupsOf({ threads }: ThreadClass, placeIn: (thread: number) => number): number[][] {
  const groups = new Map<number, number[]>();
  threads.forEach((thread, member) => {
    const place = placeIn(thread);
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [member]);
    else group.push(member);
  });
  return [...groups.values()].filter((group) => group.length > 1);
}

function factorial(n: number): bigint {
  let product = 1n;
  for (let i = 2; i <= n; i++) product *= BigInt(i);
  return product;
}

export class Orbit {
  /** How many permutations there are. */
  private readonly permutations: bigint;
  /** Writes that come in this order. */
  private readonly chains: (readonly number[])[] = [];
  private readonly readers: Readers[] = [];
  /** By thread, its group and its place in it. */
  private readonly readersOf = new Map<number, { readonly group: Readers; readonly at: number }>();

  constructor(
    readonly symmetry: Symmetry,
    private readonly skeleton: Skeleton,
  ) {
    const { traces, offset } = skeleton;
    this.permutations = symmetry.classes.reduce(
      (product, one) => product * factorial(one.threads.length),
      1n,
    );
    for (const one of symmetry.classes) {
      const groups = groupsOf(one, (thread) => symmetry.placeOf.get(traces[thread]!)!);
      for (const group of groups) {
        const breaking = symmetry.breakingOf(traces[one.threads[group[0]!]!]!);
        if (breaking.by === 'reads') this.addReaders(one, group);
        else this.chains.push(group.map((member) => offset[one.threads[member]!]! + breaking.event));
      }
    }
  }

  private addReaders(one: ThreadClass, members: readonly number[]): void {
    const { traces, offset, initialWriteOf } = this.skeleton;
    const threads = members.map((member) => one.threads[member]!);
    const reads = threads.map((thread) =>
      traces[thread]!.events.flatMap(({ kind }, k) => (kind === 'read' ? [offset[thread]! + k] : [])),
    );
    const inits = members.map(
      (member) =>
        new Map(
          one.locations[member]!.flatMap(({ index }, place) => {
            const init = initialWriteOf.get(index);
            return init === undefined ? [] : [[init, place] as const];
          }),
        ),
    );
    const group = { threads, reads, inits };
    this.readers.push(group);
    for (const [at, thread] of threads.entries()) this.readersOf.set(thread, { group, at });
  }

  /** Adds the order of the groups' writes; false if that contradicts the order that is there. */
  orderWrites(order: ForcedOrder): boolean {
    return this.chains.every((chain) =>
      chain.every((write, i) => i === 0 || order.add(chain[i - 1]!, write)),
    );
  }

  /** Whether the member of the orbit that is examined may still come of these sources (-1: open), of which that of `read` is new. */
  admits(source: Int32Array, read: number): boolean {
    const found = this.readersOf.get(this.skeleton.thread[read]!);
    if (found === undefined) return true;
    const { group, at } = found;
    return (
      (at === 0 || this.compare(group, at - 1, at, source) <= 0) &&
      (at === group.threads.length - 1 || this.compare(group, at, at + 1, source) <= 0)
    );
  }

  /** Compares the vectors of two members; 0 also if what is open may decide. */
  private compare(group: Readers, a: number, b: number, source: Int32Array): number {
    const [x, y] = [group.reads[a]!, group.reads[b]!];
    for (let k = 0; k < x.length; k++) {
      const [from, other] = [source[x[k]!]!, source[y[k]!]!];
      if (from < 0 || other < 0) return 0;
      const difference = this.nameFor(group, a, from) - this.nameFor(group, b, other);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** An event as a member of a group sees it: events of its own have the same name for each member. */
  private nameFor({ threads, inits }: Readers, at: number, event: number): number {
    const { n, thread, offset } = this.skeleton;
    if (thread[event] === threads[at]) return 2 * n + event - offset[threads[at]!]!;
    const place = inits[at]!.get(event);
    return place === undefined ? event : n + place;
  }

  /** Of an allowed execution: how to make of it one that ends in an image of its final state. */
  witness(build: () => Execution): FindWitness {
    const { traces } = this.skeleton;
    const { images } = this.symmetry;
    return (values) => {
      const execution = build();
      return exchangeThreads(execution, traces, this.symmetry, images.imageEnding(execution.finals, values));
    };
  }

  /** How many maps of sources stand for one that is examined, at most; rounded. Those of groups that write are not left out one by one. */
  get most(): number {
    return Number(this.readers.reduce((product, { threads }) => product * factorial(threads.length), 1n));
  }

  /** How many executions one with these sources stands for. */
  size(source: Int32Array): bigint {
    let size = this.permutations;
    for (const group of this.readers) {
      let tie = 1n;
      for (let at = 1; at < group.threads.length; at++) {
        tie = this.compare(group, at - 1, at, source) === 0 ? tie + 1n : 1n;
        size /= tie;
      }
    }
    return size;
  }
}
