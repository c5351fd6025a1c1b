/**
 * Whether a model keeps the threads of a program from writing because of what they have not read yet: in one mandatory order, each
 * read is before the writes of its thread that take place, or have their value, because of what it reads, and each such write is
 * before those reads of it in other threads.
 *
 * For waiting-threads.ts: under such a model nothing comes of itself, so what threads do beyond a cut cannot be why one gets there.
 * Most models keep dependencies into writes; but one of nothing but coherence does not, and the kernel's does not for plain
 * accesses, nor for what comes after a loop, which is no part of what the loop's condition controls.
 *
 * The order is shown pair by pair (shown-order.ts). The turns of a loop that are taken stand for those that are not: so of loops that
 * are taken once nothing is known, nor of writes after a loop that no path through it comes to. Nor is anything known of accesses
 * whose address is read. Writes that nothing is there because of are left aside: the data that a lock protects.
 */
import type { Program } from '../program/ir.js';
import { collectReads, type SymbolicValue } from '../unfold/symbol.js';
import type { Trace, TraceEvent, Unfolded } from '../unfold/trace.js';
import type { Plan } from './plan.js';
import { type Fragment, ShownOrder } from './shown-order.js';
import { staticLocation, UNRESOLVED } from './skeleton.js';
import { partOf } from './trace-part.js';

/** A write, and the reads that it is there for, or has its value or address of. */
interface Caused {
  readonly write: number;
  readonly causes: readonly number[];
}

interface Cause {
  readonly trace: Trace;
  readonly caused: readonly Caused[];
}

/** An event of a trace that stands for all that are alike to a model. */
interface Access {
  readonly trace: Trace;
  readonly event: number;
}

function readsOf(symbols: readonly (SymbolicValue | null)[]): ReadonlySet<number> {
  const reads = new Set<number>();
  for (const symbol of symbols) if (symbol !== null) collectReads(symbol, reads);
  return reads;
}

/** The conditions that a write is there for are met before it, or by its own instruction. */
function causedWrites(trace: Trace): Caused[] {
  const conditions = trace.constraints.map((symbol) => readsOf([symbol]));
  return trace.events.flatMap(({ kind, address, value }, write) => {
    if (kind !== 'write') return [];
    const { instruction } = trace.events[write]!;
    const met = conditions.filter(
      (reads, index) =>
        Math.max(-1, ...reads) < write &&
        (trace.met[index]! <= write ||
          [...reads].some((read) => trace.events[read]!.instruction === instruction)),
    );
    const causes = [...new Set([...met.flatMap((reads) => [...reads]), ...readsOf([address, value])])];
    return causes.length === 0 ? [] : [{ write, causes }];
  });
}

function placeOf({ address, type }: TraceEvent): number {
  return staticLocation(address!, type);
}

/** One access of each kind that there is in a thread: events of equal tags and locations are alike. */
class Kinds {
  readonly all: Access[] = [];
  private readonly keys = new Set<string>();

  add(trace: Trace, event: number): void {
    const { tags } = trace.events[event]!;
    const key = `${trace.thread} ${placeOf(trace.events[event]!)} ${tags.join()}`;
    if (this.keys.has(key)) return;
    this.keys.add(key);
    this.all.push({ trace, event });
  }
}

/** Whether the writes after each loop that is cut off are seen on paths that come from it. */
function seesWhatFollows({ threads }: Program, traces: readonly Trace[], of: readonly Cause[]): boolean {
  const seen = new Set<string>();
  for (const { trace, caused } of of)
    for (const { write, causes } of caused)
      for (const read of causes)
        seen.add(`${trace.events[read]!.instruction} ${trace.events[write]!.instruction}`);
  return traces.every(({ thread, events, constraints, cut }) => {
    if (cut === null) return true;
    const last = Math.max(-1, ...events.map(({ instruction }) => instruction));
    const reads = [...readsOf(constraints)].map((read) => events[read]!.instruction);
    return threads[thread]!.code.every(
      ({ kind }, at) =>
        at <= last ||
        !['store', 'store-exclusive', 'rmw'].includes(kind) ||
        reads.every((read) => seen.has(`${read} ${at}`)),
    );
  });
}

/**
 * Ways in which a read is shown to be before a later write of its thread: by themselves, with a barrier between, or since what is
 * read is overwritten, wherever that comes from.
 */
function waysToOrder(
  trace: Trace,
  read: number,
  write: number,
  writes: readonly Access[],
): readonly (readonly Fragment[])[] {
  const alone: Fragment = {
    traces: [partOf(trace, [read, write])],
    from: [0, 0],
    to: [0, 1],
    readFrom: null,
  };
  const fenced = trace.events.flatMap(({ kind }, event): Fragment[][] =>
    kind === 'fence' && read < event && event < write
      ? [[{ ...alone, traces: [partOf(trace, [read, event, write])], to: [0, 2] }]]
      : [],
  );
  const at = placeOf(trace.events[read]!);
  if (at !== placeOf(trace.events[write]!)) return [[alone], ...fenced];
  const own = trace.events.flatMap((event, earlier): Fragment[] =>
    event.kind === 'write' && earlier < read && placeOf(event) === at
      ? [
          {
            traces: [partOf(trace, [earlier, read, write])],
            from: [0, 1],
            to: [0, 2],
            readFrom: { read: [0, 1], write: [0, 0] },
          },
        ]
      : [],
  );
  const others = writes.flatMap(({ trace: other, event }): Fragment[] =>
    other.thread !== trace.thread && placeOf(other.events[event]!) === at
      ? [
          {
            ...alone,
            traces: [...alone.traces, partOf(other, [event])],
            readFrom: { read: [0, 0], write: [1, 0] },
          },
        ]
      : [],
  );
  const initial: Fragment = { ...alone, readFrom: { read: [0, 0], write: 'initial' } };
  return [[alone], ...fenced, [initial, ...own, ...others]];
}

/** Whether each write of the traces is after its causes, and after those of what it may have read of its own thread. */
function ordersCauses(of: readonly Cause[], order: ShownOrder, writes: readonly Access[]): boolean {
  // paths share their events before they part
  const asked = new Map<TraceEvent, Set<string>>();
  const isNew = ({ trace, caused }: Cause, index: number): boolean => {
    const event = trace.events[caused[index]!.write]!;
    const key = JSON.stringify(caused.slice(0, index + 1));
    const known = asked.get(event);
    if (known === undefined) asked.set(event, new Set([key]));
    else if (known.has(key)) return false;
    else known.add(key);
    return true;
  };
  return of.every((cause) =>
    cause.caused.every((_, index) => !isNew(cause, index) || isAfterCauses(cause, index, order, writes)),
  );
}

function isAfterCauses(
  { trace, caused }: Cause,
  index: number,
  order: ShownOrder,
  writes: readonly Access[],
): boolean {
  const { write, causes } = caused[index]!;
  const ways = (read: number) => waysToOrder(trace, read, write, writes);
  if (!causes.every((read) => order.has(ways(read)))) return false;
  return caused.slice(0, index).every((earlier) =>
    causes.every((read) => {
      if (read < earlier.write) return true;
      if (placeOf(trace.events[earlier.write]!) !== placeOf(trace.events[read]!)) return true;
      return earlier.causes.every((first) => {
        const through: Fragment = {
          traces: [partOf(trace, [first, earlier.write, read, write])],
          from: [0, 0],
          to: [0, 3],
          readFrom: { read: [0, 2], write: [0, 1] },
        };
        return order.has([...ways(first), [through]]);
      });
    }),
  );
}

type Causes = readonly (readonly Cause[])[];

/**
 * Leaves out the writes that no path goes on because of, nor because of what is written since they were read. UNRESOLVED stands for any
 * place.
 */
function withoutData(all: Causes): Causes {
  const places = new Set<number>();
  const matters = (trace: Trace, write: number): boolean => {
    const place = placeOf(trace.events[write]!);
    return place === UNRESOLVED || places.has(UNRESOLVED) || places.has(place);
  };
  for (const { trace } of all.flat())
    for (const read of readsOf(trace.constraints)) places.add(placeOf(trace.events[read]!));
  for (let known = -1; known < places.size; ) {
    known = places.size;
    for (const { trace, caused } of all.flat())
      for (const { write, causes } of caused)
        if (matters(trace, write)) for (const read of causes) places.add(placeOf(trace.events[read]!));
  }
  return all.map((of) =>
    of.map(({ trace, caused }) => ({ trace, caused: caused.filter(({ write }) => matters(trace, write)) })),
  );
}

/** Whether that is shown; where no thread that may be cut off has others write anything because of what they read, it need not be. */
export function keepsDependencies(program: Program, unfolded: Unfolded, plan: Plan, unroll: number): boolean {
  const all = unfolded.threads.map(({ traces }) =>
    traces.map((trace): Cause => ({ trace, caused: causedWrites(trace) })),
  );
  const threads = withoutData(all);
  const answers = threads.map((of) => of.some(({ caused }) => caused.length > 0));
  const isCut = unfolded.threads.map(({ traces }) => traces.some(({ cut }) => cut !== null));
  const isAnswered = isCut.some(
    (cut, index) => cut && answers.some((does, other) => does && other !== index),
  );
  if (!isAnswered) return true;
  if (!plan.recognised.coherent || plan.model.coherence !== null || unroll < 2) return false;
  const [reads, caused, writes] = [new Kinds(), new Kinds(), new Kinds()];
  for (const { trace, caused: of } of threads.flat()) {
    trace.events.forEach(({ kind }, event) => {
      if (kind === 'write') writes.add(trace, event);
    });
    for (const { write, causes } of of) {
      caused.add(trace, write);
      for (const read of causes) reads.add(trace, read);
    }
  }
  const order = new ShownOrder(program, plan);
  return (
    unfolded.threads.every(({ traces }, index) => seesWhatFollows(program, traces, all[index]!)) &&
    caused.all.every((write) => reads.all.every((read) => isObservedBefore(write, read, order))) &&
    ordersCauses(threads.flat(), order, writes.all)
  );
}

/** Whether a write is before a read of another thread that reads from it, if that may be. */
function isObservedBefore(write: Access, read: Access, order: ShownOrder): boolean {
  if (write.trace.thread === read.trace.thread) return true;
  if (placeOf(write.trace.events[write.event]!) !== placeOf(read.trace.events[read.event]!)) return true;
  const traces = [partOf(write.trace, [write.event]), partOf(read.trace, [read.event])];
  return order.has([[{ traces, from: [0, 0], to: [1, 0], readFrom: { read: [1, 0], write: [0, 0] } }]]);
}
