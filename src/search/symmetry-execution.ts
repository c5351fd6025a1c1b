/**
 * An execution with threads exchanged: the same in other names. The witness of a final state that symmetry found without an execution of
 * its own. Its soundness is that of symmetry.ts; tests judge such witnesses by the model.
 */
import type { Location, Value } from '../program/value.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import type { Trace } from '../unfold/trace.js';
import type { Execution, ExecutionEvent } from './execution.js';
import type { Symmetry } from './symmetry.js';
import type { Image } from './symmetry-images.js';

function renamingOf({ classes }: Symmetry, threads: readonly number[]): ReadonlyMap<Location, Location> {
  const to = new Map<Location, Location>();
  for (const one of classes)
    one.threads.forEach((thread, member) => {
      const at = one.threads.indexOf(threads[thread]!);
      one.locations[member]!.forEach((location, place) => {
        to.set(location, one.locations[at]![place]!);
      });
    });
  return to;
}

/** `traces`: those of the execution, by thread. */
export function exchangeThreads(
  execution: Execution,
  traces: readonly Trace[],
  symmetry: Symmetry,
  image: Image,
): Execution {
  const { threads } = image;
  const to = renamingOf(symmetry, threads);
  const rename = (value: Value): Value => (typeof value === 'object' ? (to.get(value) ?? value) : value);
  const renamed = execution.events.map((event): ExecutionEvent => {
    const { location, value } = event;
    const common = {
      ...event,
      location: location && (to.get(location) ?? location),
      value: value === null ? null : rename(value),
    };
    return event.thread < 0 ? common : { ...common, thread: threads[event.thread]! };
  });
  const order = renamed.map((_, old) => old).sort((a, b) => compareEvents(renamed[a]!, renamed[b]!));
  const newId = new Int32Array(order.length);
  for (const [id, old] of order.entries()) newId[old] = id;
  const placed = partsPlayed(execution, traces, symmetry, threads);
  const events = order.map((old, id): ExecutionEvent => ({ ...renamed[old]!, ...placed[old], id }));
  const move = (bits: Bits): Bits =>
    bits instanceof Relation ? moveRelation(bits, newId) : moveSet(bits, newId);
  return {
    program: execution.program,
    events,
    base: new Map([...execution.base].map(([name, relation]) => [name, moveRelation(relation, newId)])),
    sets: new Map([...execution.sets].map(([name, set]) => [name, moveSet(set, newId)])),
    finals: image.finals,
    chosen: execution.chosen.map(move),
  };
}

/** Initial writes in location order, then the threads' events in thread order, each as it was. */
function compareEvents(a: ExecutionEvent, b: ExecutionEvent): number {
  if (a.thread !== b.thread) return a.thread - b.thread;
  return a.thread < 0 ? a.location!.index - b.location!.index : a.id - b.id;
}

/** By event: where the thread that it is of now has it in its code. */
function partsPlayed(
  { events }: Execution,
  traces: readonly Trace[],
  { unfolded, placeOf }: Symmetry,
  threads: readonly number[],
): readonly Partial<ExecutionEvent>[] {
  const next = traces.map(() => 0);
  return events.map(({ thread }) => {
    if (thread < 0 || threads[thread] === thread) return {};
    const place = placeOf.get(traces[thread]!)!;
    const trace = unfolded.threads[threads[thread]!]!.traces[place]!;
    const { source, instruction } = trace.events[next[thread]!++]!;
    return { source, instruction };
  });
}

function moveRelation(relation: Relation, newId: Int32Array): Relation {
  const moved = new Relation(relation.n);
  for (const [from, to] of relation.pairs()) moved.add(newId[from]!, newId[to]!);
  return moved;
}

function moveSet(set: EventSet, newId: Int32Array): EventSet {
  return EventSet.of(
    set.n,
    set.members().map((event) => newId[event]!),
  );
}
