/**
 * Which threads of a program can be exchanged, so that the search examines one of the executions that differ by names only.
 *
 * Pipeline: traces -> (this) -> combinations, each up to exchanges -> skeletons with an Orbit (symmetry-orbit.ts) -> for each
 * execution, the final states of all that it stands for (symmetry-images.ts).
 *
 * Soundness. Exchanging two threads is a symmetry of the program if some renaming of locations takes the traces of each to those
 * of the other, leaves what all other threads mention alone, and respects what the locations hold at first, what is observed, the
 * filter (which prunes) and, where only a verdict is asked, the condition. Such an exchange takes executions to executions; and
 * allowed ones to allowed ones, for a model cannot name a thread or a location: every operator of the DAG commutes with a
 * renumbering of the events. A general function of cat need not (it may take the elements of a set in turn), so a model with
 * any is left alone, as is one that makes coherence itself. Exchangeability is transitive, hence classes; a location that
 * is renamed is mentioned by one thread only, hence all permutations of a class act, and classes act apart. The use of symmetry
 * to examine one execution for each orbit follows Clarke, Enders, Filkorn, Jha (1996), Exploiting symmetry in temporal logic
 * model checking.
 *
 * A class is used only if each of its traces can be broken, as symmetry-orbit.ts says: then one execution stands for exactly the
 * members of its orbit. Symmetries that take a location of several threads to another (rings of threads) are not looked for.
 */
import type { Program } from '../program/ir.js';
import type { Location } from '../program/value.js';
import { invariant } from '../text/diagnostic.js';
import type { Trace, Unfolded } from '../unfold/trace.js';
import type { Mode } from './execution.js';
import type { Plan } from './plan.js';
import { staticLocation, UNRESOLVED } from './skeleton.js';
import { sameUnder } from './symmetry-condition.js';
import { Images } from './symmetry-images.js';
import { mentionedLocations, Renaming } from './symmetry-match.js';

/** Threads of which all permutations are symmetries. By member, lists in which equal positions correspond. */
export interface ThreadClass {
  /** Ascending; at least two. */
  readonly threads: readonly number[];
  /** The locations that are a member's own: permuted with the members. */
  readonly locations: readonly (readonly Location[])[];
  /** Indices into Program.observed: a member's registers and own locations. */
  readonly observed: readonly (readonly number[])[];
}

/** How executions that differ by the order of members with the same trace are told apart. */
export type Breaking =
  /** By the coherence order of their writes, event `event` of the trace. */
  | { readonly by: 'write'; readonly event: number }
  /** By what they read from. */
  | { readonly by: 'reads' };

export interface Symmetry {
  readonly unfolded: Unfolded;
  readonly classes: readonly ThreadClass[];
  /** By trace, its place among the traces of its thread; members of a class have the same trace at the same place. */
  readonly placeOf: ReadonlyMap<Trace, number>;
  readonly breakingOf: (trace: Trace) => Breaking;
  /** The final states of what an execution stands for. */
  readonly images: Images;
}

function isStatic(trace: Trace): boolean {
  return trace.events.every((e) => e.address === null || staticLocation(e.address, e.type) !== UNRESOLVED);
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

interface Member {
  readonly thread: number;
  readonly locations: readonly Location[];
  readonly observed: readonly number[];
}

class Finder {
  private mentioned: readonly ReadonlySet<Location>[] | null = null;
  private readonly registerAt = new Map<string, number>();
  private readonly locationAt = new Map<Location, number>();
  private readonly names: readonly (readonly string[])[];

  constructor(
    private readonly program: Program,
    private readonly unfolded: Unfolded,
    private readonly mode: Mode,
  ) {
    const names: string[][] = program.threads.map(() => []);
    program.observed.forEach((o, index) => {
      if (o.kind === 'location') this.locationAt.set(o.location, index);
      else {
        names[o.thread]!.push(o.name);
        this.registerAt.set(`${o.thread}:${o.name}`, index);
      }
    });
    this.names = names.map((list) => list.sort());
  }

  classes(): ThreadClass[] {
    const found: Member[][] = [];
    for (const thread of this.program.threads.keys()) {
      const isJoined = found.some((members) => this.join(members, thread));
      if (!isJoined) found.push([{ thread, locations: [], observed: [] }]);
    }
    return found
      .filter((members) => members.length > 1)
      .map((members) => ({
        threads: members.map((m) => m.thread),
        locations: members.map((m) => m.locations),
        observed: members.map((m) => m.observed),
      }));
  }

  private join(members: Member[], thread: number): boolean {
    const first = members[0]!;
    const pair = this.exchange(first.thread, thread);
    if (pair === null) return false;
    if (members.length === 1) members[0] = pair[0];
    // no thread but the first mentions what is renamed, so it is the same with whomever the first is exchanged
    else invariant(sameList(first.locations, pair[0].locations), 'a thread has its own locations');
    members.push(pair[1]);
    return true;
  }

  /** The two threads with what goes with them, if exchanging them is a symmetry. */
  private exchange(a: number, b: number): readonly [Member, Member] | null {
    const [x, y] = [this.unfolded.threads[a]!.traces, this.unfolded.threads[b]!.traces];
    const names = this.names[a]!;
    if (names.join() !== this.names[b]!.join()) return null;
    const renaming = new Renaming();
    if (!renaming.matchTraces(x, y, names)) return null;
    const moved = renaming.moved();
    if (!this.isOwn(a, b, moved)) return null;
    const to = new Map<Location, Location>();
    for (const [from, into] of moved) to.set(from, into).set(into, from);
    if (!this.respectsInitials(to)) return null;
    const observed = this.observedPairs(a, b, moved);
    if (observed === null || !this.respectsPropositions(observed, to)) return null;
    return [
      { thread: a, locations: moved.map(([from]) => from), observed: observed.map(([from]) => from) },
      { thread: b, locations: moved.map(([, into]) => into), observed: observed.map(([, into]) => into) },
    ];
  }

  /** Whether no thread but its own mentions a location that is renamed. */
  private isOwn(a: number, b: number, moved: readonly (readonly [Location, Location])[]): boolean {
    if (moved.length === 0) return true;
    this.mentioned ??= this.unfolded.threads.map(({ traces }) => mentionedLocations(traces));
    const isOf = (location: Location, thread: number): boolean =>
      this.mentioned!.every((locations, other) => other === thread || !locations.has(location));
    return moved.every(([from, to]) => isOf(from, a) && isOf(to, b));
  }

  private respectsInitials(to: ReadonlyMap<Location, Location>): boolean {
    return this.program.locations.every(({ initial }, index) => {
      const location = this.program.locations[index]!;
      const renamed = typeof initial === 'object' ? (to.get(initial) ?? initial) : initial;
      return (to.get(location) ?? location).initial === renamed;
    });
  }

  /** Null if something is observed of one of the threads and not of the other. */
  private observedPairs(
    a: number,
    b: number,
    moved: readonly (readonly [Location, Location])[],
  ): (readonly [number, number])[] | null {
    const pairs: (readonly [number, number])[] = this.names[a]!.map((name) => [
      this.registerAt.get(`${a}:${name}`)!,
      this.registerAt.get(`${b}:${name}`)!,
    ]);
    for (const [from, to] of moved) {
      const [x, y] = [this.locationAt.get(from), this.locationAt.get(to)];
      if (x !== undefined && y !== undefined) pairs.push([x, y]);
      else if (x !== y) return null;
    }
    return pairs;
  }

  private respectsPropositions(
    observed: readonly (readonly [number, number])[],
    to: ReadonlyMap<Location, Location>,
  ): boolean {
    const { filter, condition } = this.program;
    const index = new Map<number, number>();
    for (const [from, into] of observed) index.set(from, into).set(into, from);
    if (filter !== null && !sameUnder(filter, index, to)) return false;
    return this.mode !== 'verdict' || sameUnder(condition.proposition, index, to);
  }
}

/** How members with this trace are told apart; null: the trace is none for which that is known. */
function breakingFor(trace: Trace, own: ReadonlySet<Location>, ownWritesFollow: boolean): Breaking | null {
  const shared = trace.events.flatMap((event, index) => {
    if (event.kind !== 'write') return [];
    const address = event.address!;
    const isOwn = address.kind === 'const' && own.has(address.value as Location);
    return isOwn ? [] : [{ event: index, at: staticLocation(address, event.type) }];
  });
  const fixed = shared.filter(({ at }) => at >= 0).map(({ event }) => event);
  // the order of read-modify-writes tells what they read
  const updates = new Set([...trace.amo, ...trace.lxsx].map(([, write]) => write));
  const event = fixed.find((write) => updates.has(write)) ?? fixed[0];
  if (event !== undefined) return { by: 'write', event };
  const isReader = shared.length === 0 && isStatic(trace);
  const writes = trace.events.some(({ kind }) => kind === 'write');
  return isReader && (!writes || ownWritesFollow) ? { by: 'reads' } : null;
}

/**
 * The symmetry of a program that has been unfolded, for a search in a mode; null if it has none that can be used. Costs a comparison
 * of each thread's traces with those of one thread of each class.
 */
export function findSymmetry(
  program: Program,
  unfolded: Unfolded,
  { model, recognised }: Plan,
  mode: Mode,
): Symmetry | null {
  const isGeneral = model.computations.length > 0 || model.choices.length > 0 || model.coherence !== null;
  if (isGeneral || unfolded.limit !== null || program.threads.length < 2) return null;
  const ownWritesFollow =
    recognised.coherent && unfolded.threads.every(({ traces }) => traces.every(isStatic));
  const breaking = new Map<Trace, Breaking>();
  const isBroken = ({ threads, locations }: ThreadClass): boolean =>
    threads.every((thread, member) => {
      const own = new Set(locations[member]);
      return unfolded.threads[thread]!.traces.every((trace) => {
        const how = breakingFor(trace, own, ownWritesFollow);
        if (how !== null) breaking.set(trace, how);
        return how !== null;
      });
    });
  const classes = new Finder(program, unfolded, mode).classes().filter(isBroken);
  if (classes.length === 0) return null;
  const placeOf = new Map<Trace, number>();
  for (const { threads } of classes)
    for (const thread of threads)
      unfolded.threads[thread]!.traces.forEach((trace, place) => {
        placeOf.set(trace, place);
      });
  const images = new Images(classes, program.threads.length);
  return { unfolded, classes, placeOf, breakingOf: (trace) => breaking.get(trace)!, images };
}

/**
 * Whether a thread may take a trace, given those of the threads before it: members of a class take traces in ascending order, so that
 * of the combinations that differ by a permutation the first is kept.
 */
export function mayTake(
  { classes, placeOf }: Symmetry,
  trace: Trace,
  before: readonly { readonly trace: Trace }[],
): boolean {
  for (const { threads } of classes) {
    const member = threads.indexOf(trace.thread);
    if (member > 0) return placeOf.get(before[threads[member - 1]!]!.trace)! <= placeOf.get(trace)!;
  }
  return true;
}
