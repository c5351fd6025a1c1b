/**
 * The second opinion on an explanation: re-derives every fact that it states from the execution alone.
 *
 * Knows nothing of models, costs or derivations, and shares no code with what found the explanation: rf, co and fr are read
 * off from events and the base relations, program order from thread and position. What it cannot check is that the model
 * demands these facts not to form a cycle: audit-explanation.ts does, with the derivations.
 */
import type { Execution, ExecutionEvent } from '../search/execution.js';
import type { Cycle, CycleEdge } from './cycle.js';
import { isBaseFact, isBefore, isFromRead, isSameLocation } from './execution-facts.js';

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

/** Relations that are no orders, and that the events tell of. Of other labels the derivation tells (audit-explanation.ts). */
const observable: ReadonlySet<string> = new Set(['loc', 'int', 'ext', 'id', 'different-value']);

function isFact(edge: CycleEdge, execution: Execution): boolean {
  const [from, to] = edge.reversed ? [edge.to, edge.from] : [edge.from, edge.to];
  const [a, b] = [execution.events[from], execution.events[to]];
  if (a === undefined || b === undefined) return false;
  const name = edge.reversed ? edge.label.replace(/\^-1$/, '') : edge.label;
  switch (edge.kind) {
    case 'rf':
    case 'co':
      return isBaseFact(edge.kind, from, to, execution);
    case 'fr':
      return isFromRead(a, b, execution);
    case 'po':
      return isBefore(a, b) && (edge.named === true || isReason(name, a, b, execution));
    case 'fence': {
      const fence = edge.via === null ? undefined : execution.events[edge.via];
      return fence !== undefined && isBefore(a, fence) && isBefore(fence, b) && isCalled(fence, name);
    }
    case 'addr':
    case 'data':
    case 'ctrl':
    case 'pick-addr':
    case 'pick-data':
    case 'pick-ctrl':
      return isDependency(edge, from, to, execution);
    case 'rmw':
      return isBaseFact('rmw', from, to, execution);
    case 'sca':
      return isBaseFact('sca-class', from, to, execution);
    case 'section':
      return isSection(a, b, execution);
    case 'other':
      return edge.named === true || !observable.has(name) || isBaseFact(name, from, to, execution);
  }
}

const tagsOf: Readonly<Record<string, readonly string[]>> = {
  lock: ['LKR', 'LKW'],
  unlock: ['UL'],
  acquire: ['Acquire', 'A', 'Q'],
  'acquire-pc': ['Q'],
  release: ['Release', 'L'],
  locked: ['X'],
};

/** Whether the accesses are what the words for their order say of them; names of the model's are for the derivation. */
function isReason(words: string, a: ExecutionEvent, b: ExecutionEvent, { sets, base }: Execution): boolean {
  const is = (event: ExecutionEvent, role: string): boolean =>
    tagsOf[role]?.some((tag) => event.tags.includes(tag)) === true;
  if (words === 'po') return true;
  if (words === 'po-loc') return base.get('loc')?.has(a.id, b.id) === true;
  const list: readonly string[] = words.match(/acquire-pc|[^-]+/g) ?? [];
  const gives = (word: string | undefined): boolean => word === 'unlock' || word === 'release';
  // what gives back and what takes later, in that order; else what takes first, and what gives back later
  const isHandedOn = gives(list[0]) && !gives(list.at(-1));
  return (
    list.length > 0 &&
    list.every((word) => {
      if (word === 'locked') return is(a, word) || is(b, word);
      if (word === 'atomic') return [a, b].some(({ id }) => sets.get('RMW')?.has(id) === true);
      return is(gives(word) === isHandedOn ? a : b, word);
    })
  );
}

/** Whether a fence goes by the name: a part of its statement, its instruction or its tag. */
function isCalled({ source, tags }: ExecutionEvent, label: string): boolean {
  const names = [source?.primitive, source?.text, source?.instruction, ...tags];
  return names.some((name) => name != null && name !== '' && label.startsWith(name));
}

/** An SRCU section ends where its index goes; an RCU section at the unlock that brings the nesting back to where it was. */
function isSection(lock: ExecutionEvent, unlock: ExecutionEvent, execution: Execution): boolean {
  if (lock.tags.includes('Srcu-lock'))
    return unlock.tags.includes('Srcu-unlock') && isSameLocation(lock, unlock) && isBefore(lock, unlock);
  if (!lock.tags.includes('Rcu-lock') || !isBefore(lock, unlock)) return false;
  let depth = 0;
  for (const event of execution.events) {
    if (event.thread !== lock.thread || event.id < lock.id) continue;
    if (event.tags.includes('Rcu-lock')) depth++;
    if (event.tags.includes('Rcu-unlock') && --depth === 0) return event.id === unlock.id;
  }
  return false;
}

/** Of a dependency up to a fence, the part up to the fence. */
function isDependency(edge: CycleEdge, from: number, to: number, execution: Execution): boolean {
  const end = execution.events[edge.via ?? to];
  const target = execution.events[to];
  if (end === undefined || target === undefined) return false;
  if (edge.via !== null && !isBefore(end, target)) return false;
  return isBaseFact(edge.kind, from, end.id, execution);
}
