/**
 * Whether the read-modify-writes of a combination of traces can each have a write of its own to read from.
 *
 * Sound under a model that is recognised to demand coherence and atomicity: if two of one location read from one write, the writes
 * of both come after it, and so one of these between what the other reads and what it writes; in one thread, coherence alone
 * forbids that, if one has ended before the other begins. (A swap between a load-exclusive and its store-exclusive may read what the
 * first has read: where only writes of other threads may not come between, so it is not asked about.) So an allowed execution matches each with another write. Of n that take any value that can always be: the
 * initial write and those of the others are n. So only those whose paths restrict what they read are looked at, as long as
 * augmenting paths go (Kuhn, The Hungarian method for the assignment problem, 1955). Threads whose traces are not chosen
 * yet may make all writes of all their traces.
 */
import type { Value } from '../program/value.js';
import { UNRESOLVED } from './skeleton.js';

/** A read whose path restricts its value. */
export interface Demand {
  /** Event of its trace. */
  readonly read: number;
  readonly location: number;
  readonly admits: (value: Value) => boolean;
}

/** A write of a trace: the event, its location or UNRESOLVED, its value or null if that is not known. */
export interface TraceWrite {
  readonly event: number;
  readonly location: number;
  readonly value: Value | null;
}

/** What a trace has to do with read-modify-writes. */
export interface Updating {
  /** The demands of its read-modify-writes, none of which begins before another has ended. */
  readonly updates: readonly Demand[];
  readonly writes: readonly TraceWrite[];
}

/** What an update may read from; `of` is null for the initial write. */
interface Source {
  readonly of: Updating | null;
  readonly write: TraceWrite;
}

/** `chosen`: traces of the first threads; `remaining`: those that the others may take. `admits` may remember what it has said. */
export function haveOwnSources(
  chosen: readonly Updating[],
  remaining: readonly (readonly Updating[])[],
  initial: (location: number) => Value | null,
  admits: (demand: Demand, value: Value) => boolean,
): boolean {
  const locations = new Set(chosen.flatMap(({ updates }) => updates.map(({ location }) => location)));
  return [...locations].every((location) => {
    const updates = chosen.flatMap((of) =>
      of.updates.filter((update) => update.location === location).map((update) => ({ of, update })),
    );
    // one is met where its demand is
    if (updates.length === 1) return true;
    const sources: Source[] = [{ of: null, write: { event: -1, location, value: initial(location) } }];
    for (const of of [...chosen, ...remaining.flat()])
      for (const write of of.writes)
        if (write.location === location || write.location === UNRESOLVED) sources.push({ of, write });
    return canMatch(updates.length, sources.length, (u, s) => {
      const [{ of, update }, { of: writer, write }] = [updates[u]!, sources[s]!];
      if (of === writer && write.event > update.read) return false;
      return write.value === null || admits(update, write.value);
    });
  });
}

/** Whether `left` things can be given one each of `right` things, none to two. */
function canMatch(left: number, right: number, fits: (a: number, b: number) => boolean): boolean {
  const owner = new Int32Array(right).fill(-1);
  const findFree = (a: number): boolean => {
    for (let b = 0; b < right; b++) {
      if (owner[b] !== -1 || !fits(a, b)) continue;
      owner[b] = a;
      return true;
    }
    return false;
  };
  const find = (a: number, tried: Set<number>): boolean => {
    if (findFree(a)) return true;
    for (let b = 0; b < right; b++) {
      if (owner[b] === -1 || tried.has(b) || !fits(a, b)) continue;
      tried.add(b);
      if (!find(owner[b]!, tried)) continue;
      owner[b] = a;
      return true;
    }
    return false;
  };
  for (let a = 0; a < left; a++) if (!find(a, new Set())) return false;
  return true;
}
