/**
 * The second opinion on an explanation: re-derives every fact that it states from the execution alone.
 *
 * Knows nothing of models, costs or derivations, and shares no code with what found the explanation: rf, co and fr are read
 * off from events and the base relations, program order from thread and position. What it cannot check is that the model
 * demands these facts not to form a cycle; that is what the axiom says.
 */
import { isLocation, wrapTo } from '../program/value.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';
import type { Cycle, CycleEdge } from './cycle.js';

/** What is wrong with a cycle's edges, in words; empty if every edge is a fact and they form what `shape` says. */
export function auditCycle(cycle: Cycle, execution: Execution): string[] {
  const faults: string[] = [];
  for (const edge of cycle.edges)
    if (!isFact(edge, execution)) faults.push(`${edge.from} -${edge.label}-> ${edge.to} is no ${edge.kind}`);
  if (cycle.shape === 'cycle') faults.push(...auditClosure(cycle));
  if (cycle.shape === 'pair' && cycle.edges.length === 0) faults.push('a pair without an edge');
  const touched = new Set(cycle.edges.flatMap((edge) => [edge.from, edge.to]));
  for (const event of cycle.events)
    if (cycle.edges.length > 0 && !touched.has(event)) faults.push(`${event} is on no edge`);
  return faults;
}

function auditClosure({ edges }: Cycle): string[] {
  if (edges.length === 0) return ['a cycle without an edge'];
  return edges.flatMap((edge, at) => {
    const next = edges[(at + 1) % edges.length]!;
    return edge.to === next.from
      ? []
      : [`${edge.label} ends at ${edge.to}, the next edge starts at ${next.from}`];
  });
}

function isFact(edge: CycleEdge, execution: Execution): boolean {
  const [from, to] = edge.reversed ? [edge.to, edge.from] : [edge.from, edge.to];
  const [a, b] = [execution.events[from], execution.events[to]];
  if (a === undefined || b === undefined) return false;
  const has = (name: string): boolean => execution.base.get(name)?.has(from, to) === true;
  switch (edge.kind) {
    case 'rf':
      return (
        isSameLocation(a, b) && a.kind === 'write' && b.kind === 'read' && isSameContent(a, b) && has('rf')
      );
    case 'co':
      return isSameLocation(a, b) && a.kind === 'write' && b.kind === 'write' && has('co');
    case 'fr':
      return (
        isSameLocation(a, b) && a.kind === 'read' && b.kind === 'write' && isFromRead(from, to, execution)
      );
    case 'po':
      return isBefore(a, b);
    case 'fence': {
      const fence = edge.via === null ? undefined : execution.events[edge.via];
      return fence !== undefined && isBefore(a, fence) && isBefore(fence, b);
    }
    case 'addr':
    case 'data':
    case 'ctrl':
    case 'pick-addr':
    case 'pick-data':
    case 'pick-ctrl':
      return isDependency(edge, execution);
    case 'rmw':
      return isSameLocation(a, b) && a.thread === b.thread && has('rmw');
    case 'sca':
      return (
        a.kind === b.kind && a.thread === b.thread && a.instruction === b.instruction && has('sca-class')
      );
    case 'section':
      return isSection(a, b);
    case 'other':
      return true;
  }
}

/** Which unlock ends which lock is not checked. */
function isSection(lock: ExecutionEvent, unlock: ExecutionEvent): boolean {
  if (lock.tags.includes('Srcu-lock'))
    return unlock.tags.includes('Srcu-unlock') && isSameLocation(lock, unlock);
  return lock.tags.includes('Rcu-lock') && unlock.tags.includes('Rcu-unlock') && isBefore(lock, unlock);
}

/** Of a dependency up to a fence, the part up to the fence. */
function isDependency(edge: CycleEdge, execution: Execution): boolean {
  const source = execution.events[edge.from];
  const end = execution.events[edge.via ?? edge.to];
  const target = execution.events[edge.to];
  if (source?.kind !== 'read' || end === undefined || target === undefined) return false;
  if (edge.via !== null && !isBefore(end, target)) return false;
  return isBefore(source, end) && execution.base.get(edge.kind)?.has(source.id, end.id) === true;
}

function isBefore(a: ExecutionEvent, b: ExecutionEvent): boolean {
  return a.thread >= 0 && a.thread === b.thread && a.id < b.id;
}

function isSameLocation(a: ExecutionEvent, b: ExecutionEvent): boolean {
  return a.location !== null && a.location === b.location;
}

/** A read may take the bits of a negative number for a positive one. */
function isSameContent(write: ExecutionEvent, read: ExecutionEvent): boolean {
  const [a, b] = [write.value, read.value];
  if (a === null || b === null || isLocation(a) || isLocation(b)) return a === b;
  const type = { bits: write.location!.type.bits, signed: false };
  return wrapTo(a, type) === wrapTo(b, type);
}

function isFromRead(read: number, write: number, { events, base }: Execution): boolean {
  if (read === write) return false;
  return events.some(
    ({ id }) => base.get('rf')?.has(id, read) === true && base.get('co')?.has(id, write) === true,
  );
}
