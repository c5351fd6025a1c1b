/**
 * How the events of an execution are named to a reader: by place and statement, in the words of the test's own source.
 *
 * A place is `P0:12`, the thread and the line of the statement; `P0:12b` is the second statement of that line, `P0:12 (2nd
 * time)` what a loop does again. Statements, not events, have places: the read and the write of an xchg() share one. For
 * compiled programs the line and the statement are those of the C source, and the instruction stands in brackets.
 */
import { kernelPrimitives } from '../elaborate/primitive-table.js';
import { isLocation, showValue } from '../program/value.js';
import type { Execution, ExecutionEvent } from '../search/execution.js';
import { positionAt } from '../text/source.js';
import { eventAt, isFence, isPartOfAccess } from './cycle.js';

/** The names of the events of one execution. */
export interface Speech {
  readonly execution: Execution;
  /** `P0:12`; of an initial write `initially`. */
  readonly place: (id: number) => string;
  /** `P0:12 WRITE_ONCE(p->blocked_on, 1)`, with ` [stlr]` for compiled code; of an initial write `the initial x=0`. */
  readonly name: (id: number) => string;
  /** As `place`, but of a statement with several events which of them: `the read of P0:12`. */
  readonly event: (id: number) => string;
}

/** The line of an event's statement; null of an initial write. */
export function lineOf({ source }: ExecutionEvent): number | null {
  return source === null ? null : positionAt(source.span.file, source.span.start).line;
}

/** Longer statements are cut in sentences: their line says the rest. */
const LONGEST_STATEMENT = 64;

/** The statement without its end, on one line. */
export function statementOf({ source }: ExecutionEvent): string {
  const text = (source?.text ?? '').replace(/\s+/g, ' ').replace(/;\s*$/, '').trim();
  return text.length <= LONGEST_STATEMENT ? text : `${text.slice(0, LONGEST_STATEMENT - 3)}...`;
}

/** `x=0`: what an event reads or writes. */
export function contentOf({ location, value }: ExecutionEvent): string {
  return `${location?.name ?? '?'}=${valueText({ value })}`;
}

export function valueText({ value }: Pick<ExecutionEvent, 'value'>): string {
  if (value === null) return '?';
  return isLocation(value) ? `&${showValue(value)}` : showValue(value);
}

/** ` [stlr]` of an access, ` [dmb ishst]` of a fence; nothing where the source is what runs. */
export function instructionOf(event: ExecutionEvent): string {
  const instruction = event.source?.instruction ?? null;
  if (instruction === null) return '';
  const text = instruction.trim();
  return ` [${isFence(event) ? text : (text.match(/^(?:lock[\s;]+)?[^\s(]+/)?.[0] ?? text)}]`;
}

/** The primitive by the name that the source calls it by: `atomic_long_inc`; null of plain code and of assembly. */
export function calledPrimitive({ source }: ExecutionEvent): string | null {
  if (source === null || source.primitive === null) return null;
  const names = [...source.text.matchAll(/\b(\w+)\s*\(/g)].map(([, name]) => name!);
  return (
    names.find((name) => kernelPrimitives().get(name)?.primitive === source.primitive) ?? source.primitive
  );
}

const LOCK = /(^|_)(try)?lock(_|$)/;
const UNLOCK = /(^|_)unlock(_|$)/;

function isAboutLock({ location, source }: ExecutionEvent, primitive: RegExp): boolean {
  return location?.role === 'spinlock' || primitive.test(source?.primitive ?? '');
}

/** Half of taking a lock: its read or its write. Failed attempts take nothing. */
export function takesLock(event: ExecutionEvent, { base }: Execution): boolean {
  if (event.tags.includes('LKR') || event.tags.includes('LKW')) return true;
  if (event.kind === 'fence' || event.source === null || !isAboutLock(event, LOCK)) return false;
  const rmw = base.get('rmw');
  return rmw?.pairs().some(([read, write]) => read === event.id || write === event.id) === true;
}

/** Gives a lock back. */
export function givesLock(event: ExecutionEvent, execution: Execution): boolean {
  if (event.kind !== 'write' || event.source === null || !isAboutLock(event, UNLOCK)) return false;
  return !takesLock(event, execution);
}

/** `writes 1 to p->blocked_on`, `reads 0 from x`, `takes l`, `gives back l`, `orders memory accesses`. */
export function deedOf(event: ExecutionEvent, execution: Execution): string {
  const location = event.location?.name ?? '?';
  if (event.thread < 0) return `${location} is initially ${valueText(event)}`;
  if (takesLock(event, execution)) return `takes ${location}`;
  if (givesLock(event, execution)) return `gives back ${location}`;
  if (event.kind === 'read') return `reads ${valueText(event)} from ${location}`;
  if (event.kind === 'write') return `writes ${valueText(event)} to ${location}`;
  return 'orders memory accesses';
}

export function speechOf(execution: Execution): Speech {
  const places = placesOf(execution);
  const place = (id: number): string => places.get(id) ?? 'initially';
  return {
    execution,
    place,
    event(id) {
      const { source, kind, location } = eventAt(execution, id);
      if (source === null) return `the initial write of ${location?.name ?? '?'}`;
      const isAlone = execution.events.filter((other) => place(other.id) === place(id)).length === 1;
      return isAlone ? place(id) : `the ${kind} of ${place(id)}`;
    },
    name(id) {
      const event = eventAt(execution, id);
      if (event.source === null) return `the initial ${contentOf(event)}`;
      return `${place(id)} ${statementOf(event)}${instructionOf(event)}`;
    },
  };
}

function placesOf(execution: Execution): ReadonlyMap<number, string> {
  const starts = statementStarts(execution);
  const places = new Map<number, string>();
  for (const event of execution.events) {
    const line = lineOf(event);
    if (line === null) continue;
    const { name } = execution.program.threads[event.thread]!;
    const onLine = starts.get(`${event.thread} ${line}`) ?? [];
    const letter = onLine.length < 2 ? '' : letterOf(onLine.indexOf(event.source!.span.start));
    places.set(event.id, `${name}:${line}${letter}${timesText(roundOf(event, execution))}`);
  }
  return places;
}

/** Where the statements with events stand on each line of each thread, whether or not this execution reaches them. */
function statementStarts({ program, events }: Execution): ReadonlyMap<string, readonly number[]> {
  const starts = new Map<string, Set<number>>();
  const add = (thread: number, { source }: Pick<ExecutionEvent, 'source'>): void => {
    if (source === null) return;
    const { line } = positionAt(source.span.file, source.span.start);
    const key = `${thread} ${line}`;
    starts.set(key, (starts.get(key) ?? new Set()).add(source.span.start));
  };
  for (const { index, code } of program.threads)
    for (const instruction of code)
      if ('tags' in instruction || 'readTags' in instruction) add(index, instruction);
  for (const event of events) add(event.thread, event);
  return new Map([...starts].map(([key, set]) => [key, [...set].sort((a, b) => a - b)]));
}

/** How often the thread did the same before. A read-modify-write may have a fence before it and one after it. */
function roundOf(event: ExecutionEvent, execution: Execution): number {
  const { id, thread, instruction, kind } = event;
  const before = execution.events.filter(
    (e) =>
      e.thread === thread &&
      e.instruction === instruction &&
      e.kind === kind &&
      execution.base.get('po')?.has(e.id, id) === true,
  ).length;
  return kind === 'fence' && isPartOfAccess(event, execution) ? before >> 1 : before;
}

/** ` (2nd time)`; nothing the first time. */
function timesText(round: number): string {
  if (round === 0) return '';
  const ordinal = round + 1;
  const isTeen = ordinal % 100 >= 11 && ordinal % 100 <= 13;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][ordinal % 10] ?? 'th');
  return ` (${ordinal}${ending} time)`;
}

function letterOf(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}
