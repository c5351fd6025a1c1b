/**
 * The nodes of a picture: events put together to what a reader counts as one thing.
 *
 * The read and the write of a read-modify-write are one node if one statement does both; a lock acquisition is `LOCK x`;
 * a fence, or whatever a fence primitive was compiled to, is a fence node. Initial writes are added by the caller.
 */
import { fenceName, isFence } from '../explain/cycle.js';
import { givesLock, takesLock } from '../explain/speech.js';
import { showValue } from '../program/value.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';
import { positionAt } from '../text/source.js';
import type { GraphColumn, GraphNode, NodeKind } from './graph-model.js';

/** The nodes of all threads, by column and program order, and which node each event is in. */
export interface Grouping {
  readonly nodes: readonly GraphNode[];
  readonly columns: readonly GraphColumn[];
  readonly nodeOf: ReadonlyMap<number, GraphNode>;
}

/** How a tag is written after R or W. */
const suffixes: ReadonlyMap<string, string> = new Map([
  ['Once', 'once'],
  ['Acquire', 'acq'],
  ['Release', 'rel'],
  ['Mb', 'mb'],
  ['Noreturn', 'noret'],
  ['A', 'acq'],
  ['Q', 'acqpc'],
  ['L', 'rel'],
  ['X', 'x'],
  ['NoRet', 'noret'],
]);

export function groupEvents(execution: Execution): Grouping {
  const nodes: GraphNode[] = [];
  const nodeOf = new Map<number, GraphNode>();
  const columns: GraphColumn[] = [];
  const names = { letters: 0, fences: 0 };
  for (const [column, thread] of execution.program.threads.entries()) {
    const ids: string[] = [];
    const rounds = new Map<string, number>();
    for (const events of groupsOf(execution, thread.index)) {
      const { instruction, kind } = events[0]!;
      const place = `t${thread.index}_${instruction}_${kind}`;
      const round = rounds.get(place) ?? 0;
      rounds.set(place, round + 1);
      const key = round === 0 ? place : `${place}_${round}`;
      const node = makeNode(events, { column, key }, execution, names);
      nodes.push(node);
      ids.push(node.id);
      for (const event of events) nodeOf.set(event.id, node);
    }
    columns.push({ title: thread.name, subtitle: thread.label, nodes: ids });
  }
  return { nodes, columns, nodeOf };
}

/** The node of an initial write. */
export function initialNode(event: ExecutionEvent, index: number): GraphNode {
  return {
    id: `i${index}`,
    key: `init_${keyOf(event.location?.name ?? '')}`,
    kind: 'initial',
    column: null,
    letter: null,
    statement: null,
    event: assignmentText(event),
    instruction: null,
    line: null,
    events: [event.id],
    highlighted: false,
  };
}

/** Different names have different keys. */
function keyOf(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, (mark) => `_${mark.codePointAt(0)?.toString(16) ?? ''}_`);
}

/** a, b, ... z, aa, ab ... */
export function letterOf(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

/** A thread's events in order, the two of a read-modify-write (or of a fence that is one) together. */
function groupsOf(execution: Execution, thread: number): ExecutionEvent[][] {
  const groups: ExecutionEvent[][] = [];
  for (const event of execution.events) {
    if (event.thread !== thread) continue;
    const partner = groups.find((group) => group.some((member) => isOneThing(member, event, execution)));
    if (partner === undefined) groups.push([event]);
    else partner.push(event);
  }
  return groups;
}

/** A model that defines locks itself (the kernel's lock.cat) has no rmw of ours between the halves of one; they follow each other. */
function isPair(read: ExecutionEvent, write: ExecutionEvent, { base }: Execution): boolean {
  if (base.get('rmw')?.has(read.id, write.id) === true) return true;
  return read.tags.includes('LKR') && write.tags.includes('LKW') && write.id === read.id + 1;
}

function isOneThing(read: ExecutionEvent, write: ExecutionEvent, execution: Execution): boolean {
  if (!isPair(read, write, execution)) return false;
  const [a, b] = [read.source, write.source];
  return read.instruction === write.instruction || (a?.text === b?.text && a?.span.start === b?.span.start);
}

function makeNode(
  events: readonly ExecutionEvent[],
  { column, key }: { readonly column: number; readonly key: string },
  execution: Execution,
  names: { letters: number; fences: number },
): GraphNode {
  const first = events[0]!;
  const kind = kindOf(events, execution);
  const id = kind === 'fence' ? `f${names.fences++}` : letterOf(names.letters++);
  const source = first.source;
  const instructions = [...new Set(events.flatMap((e) => e.source?.instruction ?? []))];
  return {
    id,
    key,
    kind,
    column,
    letter: kind === 'fence' ? null : id,
    statement: source?.text ?? null,
    event: describe(kind, events, execution),
    instruction: instructions.length === 0 ? null : instructions.join('; '),
    line: source === null ? null : positionAt(source.span.file, source.span.start).line,
    events: events.map((e) => e.id),
    highlighted: false,
  };
}

function kindOf(events: readonly ExecutionEvent[], execution: Execution): NodeKind {
  const first = events[0]!;
  if (isFence(first)) return 'fence';
  if (takesLock(first, execution)) return 'lock';
  return givesLock(first, execution) ? 'unlock' : 'access';
}

function describe(kind: NodeKind, events: readonly ExecutionEvent[], execution: Execution): string {
  const first = events[0]!;
  const location = first.location?.name ?? '';
  switch (kind) {
    case 'fence':
      return first.source?.instruction == null
        ? fenceName(first, execution)
        : (first.source.primitive ?? first.source.text);
    case 'lock':
      return `LOCK ${location}`;
    case 'unlock':
      return `UNLOCK ${location}`;
    case 'initial':
      return assignmentText(first);
    case 'access':
      return describeAccess(events);
  }
}

function describeAccess(events: readonly ExecutionEvent[]): string {
  const [first, second] = [events[0]!, events[1]];
  const suffix = [...new Set(events.flatMap((e) => e.tags.flatMap((tag) => suffixes.get(tag) ?? [])))];
  const letters = second === undefined ? (first.kind === 'read' ? 'R' : 'W') : 'RMW';
  const change =
    second === undefined
      ? assignmentText(first)
      : `${assignmentText(first)} -> ${second.value === null ? '?' : showValue(second.value)}`;
  return `${letters}${suffix.join('-')} ${change}`;
}

function assignmentText(event: ExecutionEvent): string {
  return `${event.location?.name ?? '?'} = ${event.value === null ? '?' : showValue(event.value)}`;
}
