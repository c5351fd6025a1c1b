/**
 * Facts of an execution, read off its events: whether a pair is in a base relation and an event in a predefined set, for audits.
 *
 * Where the events tell it, the answer is theirs (who is before whom in a thread, who accesses what, which value went where), and
 * the execution's own relation must agree; where they do not (which dependencies there are), it is the execution's relation.
 */
import { isLocation, wrapTo } from '../program/value.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';

/** Whether the pair is in the base relation of that name. */
export function isBaseFact(name: string, from: number, to: number, execution: Execution): boolean {
  const { events, base } = execution;
  const [a, b] = [events[from], events[to]];
  if (a === undefined || b === undefined || base.get(name)?.has(from, to) !== true) return false;
  switch (name) {
    case 'po':
      return isBefore(a, b);
    case 'rf':
      return isSameLocation(a, b) && a.kind === 'write' && b.kind === 'read' && isSameContent(a, b);
    case 'co':
      return (
        isSameLocation(a, b) && a.kind === 'write' && b.kind === 'write' && !isOrdered('co', b, a, execution)
      );
    case 'fr':
      return isFromRead(a, b, execution);
    case 'loc':
      return isSameLocation(a, b);
    case 'int':
      return a.thread >= 0 && a.thread === b.thread;
    case 'ext':
      return a.thread !== b.thread || a.thread < 0;
    case 'id':
      return from === to;
    case 'addr':
    case 'data':
    case 'ctrl':
    case 'pick-addr':
    case 'pick-data':
    case 'pick-ctrl':
      return a.kind === 'read' && isBefore(a, b);
    case 'rmw':
    case 'amo':
    case 'lxsx':
      return a.kind === 'read' && b.kind === 'write' && isSameLocation(a, b) && isBefore(a, b);
    case 'sca-class':
      return a.kind === b.kind && a.thread === b.thread && a.source?.span.start === b.source?.span.start;
    case 'different-value':
      return a.value !== null && b.value !== null && a.value !== b.value;
    default:
      return true;
  }
}

/** Whether the event is in the predefined set, or carries the tag, of that name. */
export function isInBaseSet(name: string, id: number, { events, sets, base }: Execution): boolean {
  const event = events[id];
  if (event === undefined || sets.get(name)?.has(id) !== true) return false;
  switch (name) {
    case 'R':
      return event.kind === 'read';
    case 'W':
      return event.kind === 'write';
    case 'M':
      return event.kind !== 'fence';
    case 'F':
      return event.kind === 'fence' || event.location === null || isAboutObject(event);
    case 'IW':
      return event.thread < 0;
    case 'RMW':
    case 'FW':
      return base.size > 0;
    default:
      return event.tags.includes(name);
  }
}

/** SRCU's lock and unlock access the structure, and are fences all the same. */
function isAboutObject(event: ExecutionEvent): boolean {
  return event.tags.some((tag) => tag.startsWith('Srcu-') || tag.startsWith('Sync-'));
}

export function isBefore(a: ExecutionEvent, b: ExecutionEvent): boolean {
  return a.thread >= 0 && a.thread === b.thread && a.id < b.id;
}

export function isSameLocation(a: ExecutionEvent, b: ExecutionEvent): boolean {
  return a.location !== null && a.location === b.location;
}

/** A read may take the bits of a negative number for a positive one. */
export function isSameContent(write: ExecutionEvent, read: ExecutionEvent): boolean {
  const [a, b] = [write.value, read.value];
  if (a === null || b === null || isLocation(a) || isLocation(b)) return a === b;
  const type = { bits: write.location!.type.bits, signed: false };
  return wrapTo(a, type) === wrapTo(b, type);
}

/** The read's source is coherence-before the write. */
export function isFromRead(read: ExecutionEvent, write: ExecutionEvent, execution: Execution): boolean {
  if (read === write || read.kind !== 'read' || write.kind !== 'write') return false;
  if (!isSameLocation(read, write)) return false;
  return execution.events.some(
    (source) => isOrdered('rf', source, read, execution) && isOrdered('co', source, write, execution),
  );
}

function isOrdered(name: string, a: ExecutionEvent, b: ExecutionEvent, { base }: Execution): boolean {
  return base.get(name)?.has(a.id, b.id) === true;
}
