/**
 * A skeleton: one trace chosen for each thread, laid out as the events of a candidate execution whose reads-from and
 * coherence are still open.
 *
 * Events: the initial writes of the locations that can be accessed, in location order, then the threads' events. Addresses
 * that are constants are resolved here; the others while reads-from is chosen.
 */
import type { Program } from '../program/ir.js';
import { cellAt, compareValues, type IntType, type Location, type Value } from '../program/value.js';
import { complement, reflexive } from '../relation/operators.js';
import { EventSet, Relation } from '../relation/relation.js';
import { invariant } from '../text/diagnostic.js';
import { positionAt } from '../text/source.js';
import { collectReads, evaluateSymbol, type SymbolicValue } from '../unfold/symbol.js';
import type { Trace, TraceEdge, TraceEvent } from '../unfold/trace.js';

/** An address that depends on what is read. */
export const UNRESOLVED = -1;
const NOT_AN_ADDRESS = -2;

export interface Skeleton {
  readonly program: Program;
  readonly traces: readonly Trace[];
  /** Number of events. */
  readonly n: number;
  /** Number of initial writes; they are events 0..inits-1. */
  readonly inits: number;
  /** By event: -1 for initial writes. */
  readonly thread: Int32Array;
  /** By event: null for initial writes. */
  readonly source: readonly (TraceEvent | null)[];
  /** First event of each thread's trace, so that trace event k is event offset[thread] + k. */
  readonly offset: readonly number[];
  /** By event: location index, UNRESOLVED, or -3 for fences. */
  readonly location: Int32Array;
  readonly initialWriteOf: ReadonlyMap<number, number>;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** The writes of values that are neither constants nor just read: those that may turn out to have none. */
  readonly computedWrites: readonly number[];
  /** Constraints with the offset of their trace and the reads (as events) they mention. */
  readonly constraints: readonly OpenConstraint[];
  /** Whether all addresses are constants. */
  readonly resolved: boolean;
  /** By event: the write of a read-modify-write for its read, else -1. */
  readonly rmwWrite: Int32Array;
  /**
   * By event: for a lock event that the model itself orders, the value it reads or writes, else null. Such events are no
   * accesses: they have no reads-from, coherence or rmw of the search's.
   */
  readonly bareLock: readonly (number | null)[];
}

/** What a lock event says of the lock: 0 unlocked, 1 locked. */
const lockValues: ReadonlyMap<string, number> = new Map([
  ['LKR', 0],
  ['LKW', 1],
  ['UL', 0],
  ['LF', 1],
  ['RL', 1],
  ['RU', 0],
]);

/** What an event says of a lock that it accesses; null if it accesses none. */
export function lockValue(event: TraceEvent): number | null {
  for (const tag of event.tags) {
    const value = lockValues.get(tag);
    if (value !== undefined) return value;
  }
  return null;
}

export interface OpenConstraint {
  readonly symbol: SymbolicValue;
  readonly offset: number;
  readonly reads: readonly number[];
}

const FENCE = -3;

/** The location index of an event's address, UNRESOLVED, or NOT_AN_ADDRESS for a constant that it cannot access. */
export function staticLocation(address: SymbolicValue, type: IntType | null): number {
  if (address.kind !== 'const') return UNRESOLVED;
  return accessedCell(address.value, type)?.index ?? NOT_AN_ADDRESS;
}

/** The cell that an access of a type to an address reaches: none if it is no address, or a cell of another size. */
export function accessedCell(address: Value, type: IntType | null): Location | null {
  const cell = cellAt(address);
  return cell === null || type === null || cell.type.bits === type.bits ? cell : null;
}

function faultOf({ address, source }: TraceEvent): string {
  const isCell = address?.kind === 'const' && cellAt(address.value) !== null;
  const what = isCell
    ? 'a mixed-size access'
    : 'an access through NULL or another constant that is no address';
  const { line } = positionAt(source.span.file, source.span.start);
  return `line ${line}: ${what} (\`${source.text}\`)`;
}

/** The locations that need an initial write: those accessed, or all if some address is open. */
function usedLocations(program: Program, traces: readonly Trace[]): readonly Location[] {
  const used = new Set<number>();
  for (const trace of traces)
    for (const event of trace.events)
      if (event.address !== null) used.add(staticLocation(event.address, event.type));
  return used.has(UNRESOLVED) ? program.locations : program.locations.filter((l) => used.has(l.index));
}

/**
 * Lays out a combination of traces, or says which access of them is none: of a constant that is no address, or of part of a
 * cell. `bareLocks`: the model orders locks itself.
 */
export function buildSkeleton(
  program: Program,
  traces: readonly Trace[],
  bareLocks = false,
): Skeleton | { readonly fault: string } {
  const locations = usedLocations(program, traces);
  const inits = locations.length;
  const n = inits + traces.reduce((sum, trace) => sum + trace.events.length, 0);
  const thread = new Int32Array(n).fill(-1);
  const location = new Int32Array(n).fill(FENCE);
  const rmwWrite = new Int32Array(n).fill(-1);
  const source: (TraceEvent | null)[] = locations.map(() => null);
  const bareLock: (number | null)[] = locations.map(() => null);
  const reads: number[] = [];
  const writes: number[] = locations.map((_, index) => index);
  const computedWrites: number[] = [];
  const constraints: OpenConstraint[] = [];
  const offset: number[] = [];
  locations.forEach((l, index) => {
    location[index] = l.index;
  });
  let resolved = true;
  for (const trace of traces) {
    const base = source.length;
    offset[trace.thread] = base;
    for (const event of trace.events) {
      const id = source.length;
      source.push(event);
      thread[id] = trace.thread;
      const lock = bareLocks ? lockValue(event) : null;
      bareLock.push(lock);
      if (event.kind === 'read' && lock === null) reads.push(id);
      if (event.kind === 'write' && lock === null) {
        writes.push(id);
        if (event.value!.kind !== 'const' && event.value!.kind !== 'read') computedWrites.push(id);
      }
      if (event.address === null) continue;
      const at = staticLocation(event.address, event.type);
      if (at === NOT_AN_ADDRESS) return { fault: faultOf(event) };
      if (at === UNRESOLVED) resolved = false;
      location[id] = at;
    }
    for (const [read, write] of [...trace.amo, ...trace.lxsx])
      if (bareLock[base + read] === null) rmwWrite[base + read] = base + write;
    for (const symbol of trace.constraints) {
      const mentioned = new Set<number>();
      collectReads(symbol, mentioned);
      constraints.push({ symbol, offset: base, reads: [...mentioned].map((r) => r + base) });
    }
  }
  const initialWriteOf = new Map(locations.map((l, index) => [l.index, index]));
  return {
    program,
    traces,
    n,
    inits,
    thread,
    source,
    offset,
    location,
    initialWriteOf,
    reads,
    writes,
    computedWrites,
    constraints,
    resolved,
    rmwWrite,
    bareLock,
  };
}

/** The predefined sets of a skeleton, by cat name: kinds and tags. Tags that no event carries are absent. */
export function baseSets(skeleton: Skeleton): Map<string, EventSet> {
  const { n, inits, source } = skeleton;
  const sets = new Map<string, EventSet>();
  for (const name of ['R', 'W', 'M', 'F', 'IW', 'RMW']) sets.set(name, new EventSet(n));
  const add = (name: string, event: number): void => {
    let set = sets.get(name);
    if (set === undefined) {
      set = new EventSet(n);
      sets.set(name, set);
    }
    set.add(event);
  };
  for (let event = 0; event < n; event++) {
    const of = source[event];
    if (event < inits) add('IW', event);
    if (of?.kind === 'fence') add('F', event);
    else if (skeleton.bareLock[event] === null) {
      add(of?.kind === 'read' ? 'R' : 'W', event);
      add('M', event);
    }
    for (const tag of of?.tags ?? []) add(tag, event);
    const write = skeleton.rmwWrite[event]!;
    // smp_mb__before_atomic() and its like do not order a lock: the kernel's model keeps lock events out of RMW
    if (write >= 0 && of?.tags.includes('LKR') !== true) {
      add('RMW', event);
      add('RMW', write);
    }
  }
  return sets;
}

/** (a, b) for events a, b of equal class; those of a class below `least` are in no pair. */
function sameClass(n: number, classOf: ArrayLike<number>, least: number): Relation {
  const relation = new Relation(n);
  const { words, bits } = relation;
  const firstOf = new Map<number, number>();
  for (let event = 0; event < n; event++) {
    const at = classOf[event]!;
    if (at < least) continue;
    const first = firstOf.get(at) ?? event;
    if (first === event) firstOf.set(at, event);
    relation.add(first, event);
  }
  for (let event = 0; event < n; event++) {
    const first = firstOf.get(classOf[event]!);
    if (first !== undefined && first !== event)
      bits.copyWithin(event * words, first * words, (first + 1) * words);
  }
  return relation;
}

/** (a, b) for accesses a, b of equal location, (a, a) included: the cat relation `loc`. */
export function locationRelation(n: number, location: ArrayLike<number>): Relation {
  return sameClass(n, location, 0);
}

/** Events of one thread. Initial writes are of one pseudo-thread of their own. */
function sameThread({ n, thread }: Skeleton): Relation {
  return sameClass(n, thread, -1);
}

function programOrder({ n, inits, thread, traces, offset }: Skeleton): Relation {
  const po = new Relation(n);
  for (let a = inits; a < n; a++) for (let b = a + 1; b < n && thread[a] === thread[b]; b++) po.add(a, b);
  for (const trace of traces) {
    const base = offset[trace.thread]!;
    trace.events.forEach(({ beside }, event) => {
      if (beside !== undefined) po.remove(base + beside, base + event);
    });
  }
  return po;
}

function lifted({ n, traces, offset }: Skeleton, pick: (trace: Trace) => readonly TraceEdge[]): Relation {
  const relation = new Relation(n);
  for (const trace of traces) {
    const base = offset[trace.thread]!;
    for (const [from, to] of pick(trace)) relation.add(base + from, base + to);
  }
  return relation;
}

/** The reads and writes of read-modify-writes, but for locks that the model orders. */
function updates(skeleton: Skeleton, pick: (trace: Trace) => readonly TraceEdge[]): Relation {
  const relation = lifted(skeleton, pick);
  skeleton.bareLock.forEach((lock, event) => {
    if (lock !== null) for (let to = 0; to < skeleton.n; to++) relation.remove(event, to);
  });
  return relation;
}

const fixedRelations: ReadonlyMap<string, (skeleton: Skeleton) => Relation> = new Map([
  ['po', programOrder],
  ['int', sameThread],
  ['ext', (s) => complement(sameThread(s))],
  ['id', ({ n }) => reflexive(new Relation(n))],
  ['addr', (s) => lifted(s, (t) => t.addr)],
  ['data', (s) => lifted(s, (t) => t.data)],
  ['ctrl', (s) => lifted(s, (t) => t.ctrl)],
  ['pick-addr', (s) => lifted(s, (t) => t.pickAddr)],
  ['pick-data', (s) => lifted(s, (t) => t.pickData)],
  ['pick-ctrl', (s) => lifted(s, (t) => t.pickCtrl)],
  ['sca-class', (s) => lifted(s, (t) => t.scaClass)],
  ['amo', (s) => updates(s, (t) => t.amo)],
  ['lxsx', (s) => updates(s, (t) => t.lxsx)],
  ['rmw', (s) => updates(s, (t) => [...t.amo, ...t.lxsx])],
]);

/**
 * A predefined relation that does not depend on reads-from or coherence; `loc` only if all addresses are constants. Null: there is no
 * such relation.
 *
 * Initial writes are `int` among themselves, `ext` to all others, outside of `po`.
 */
export function baseRelation(skeleton: Skeleton, name: string): Relation | null {
  if (name === 'loc' && skeleton.resolved) return locationRelation(skeleton.n, skeleton.location);
  return fixedRelations.get(name)?.(skeleton) ?? null;
}

/** All of them, by name. */
export function baseRelations(skeleton: Skeleton): Map<string, Relation> {
  const relations = new Map<string, Relation>();
  for (const [name, make] of fixedRelations) relations.set(name, make(skeleton));
  const loc = baseRelation(skeleton, 'loc');
  if (loc !== null) relations.set('loc', loc);
  return relations;
}

/** (a, b) for accesses with different values; those without one (fences, unknown yet) are in no pair. */
export function differentValues(n: number, values: readonly (Value | null | undefined)[]): Relation {
  const relation = new Relation(n);
  values.forEach((x, a) => {
    values.forEach((y, b) => {
      if (x != null && y != null && compareValues(x, y) !== 0) relation.add(a, b);
    });
  });
  return relation;
}

/**
 * Whether the condition, the filter or `locations` ask how a location ends: then its last write is a final write, FW. A model may
 * object to questions about some (`lock-final` of the kernel's).
 */
export function isObserved(program: Program, location: number): boolean {
  return program.observed.some((o) => o.kind === 'location' && o.location.index === location);
}

/** The final writes of the locations that are observed, under a complete coherence order. */
export function finalWritesUnder(skeleton: Skeleton, location: ArrayLike<number>, co: Relation): EventSet {
  const { writes, n, program } = skeleton;
  const isFinal = (write: number): boolean =>
    isObserved(program, location[write]!) &&
    !writes.some((other) => location[other] === location[write] && co.has(write, other));
  return EventSet.of(n, writes.filter(isFinal));
}

/** What is known of coherence once the last writes are: initial writes first, last writes last. */
export function knownOrder(skeleton: Skeleton, location: ArrayLike<number>, last: EventSet): Relation {
  const { n, inits, writes } = skeleton;
  const order = new Relation(n);
  for (const a of writes)
    for (const b of writes)
      if (location[a] === location[b] && ((a < inits && b >= inits) || (!last.has(a) && last.has(b))))
        order.add(a, b);
  return order;
}

/** The value of a write of a complete reads-from map, whose reads have these values. */
export function writtenValue(
  skeleton: Skeleton,
  {
    location,
    values,
  }: { readonly location: ArrayLike<number>; readonly values: readonly (Value | undefined)[] },
  write: number,
): Value {
  const source = skeleton.source[write];
  if (source == null) return skeleton.program.locations[location[write]!]!.initial;
  const value = evaluateSymbol(source.value!, values, skeleton.offset[skeleton.thread[write]!]!);
  invariant(typeof value !== 'symbol' && value !== undefined, 'writes without a value are faults');
  return value;
}

/** Initial value of an initial write. */
export function initialValue(skeleton: Skeleton, event: number): Value {
  return skeleton.program.locations[skeleton.location[event]!]!.initial;
}
