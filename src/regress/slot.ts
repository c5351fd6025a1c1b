/**
 * Where a test can be made to order more: between two accesses of a thread, or at one of them; and by what.
 *
 * The options of a slot exclude each other. They are partially ordered by what they order (`orders`, by inclusion), and listed so
 * that what orders less comes first. Made by c-slots.ts, sketch-slots.ts and asm-slots.ts, used by repair.ts.
 */
import { positionAt, type Span, spanText } from '../text/source.js';
import type { Change } from './site.js';
import { oneLine } from './text-edit.js';

export interface SlotOption extends Change {
  /** For people: `smp_wmb() before P0:41 WRITE_ONCE(p->__state, 1)`. */
  readonly what: string;
  readonly orders: ReadonlySet<string>;
  /** It makes one access out of two, so that even interleaving may allow less. */
  readonly atomic?: true;
  /** It marks an access that is plain, and does no more. */
  readonly mark?: true;
}

export interface Slot {
  /** The thread, or the function, that it stands in. */
  readonly thread: string;
  /** Where it is in the file, to list slots in order. */
  readonly offset: number;
  readonly options: readonly SlotOption[];
}

/** Whether one option orders no more than another of its slot. */
export function isWithin(a: SlotOption, b: SlotOption): boolean {
  return [...a.orders].every((property) => b.orders.has(property));
}

/** `P0:41 WRITE_ONCE(p->__state, 1)`. */
export function nameOf(thread: string, span: Span): string {
  const text = oneLine(spanText(span));
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return `${thread}:${positionAt(span.file, span.start).line} ${short}`;
}

/** What barriers of each kind order; each is weaker than the full one. */
export const BARRIER_ORDERS = {
  reads: new Set(['reads']),
  writes: new Set(['writes']),
  full: new Set(['reads', 'writes', 'full', 'around']),
  /** A full barrier only beside a lock or an atomic. */
  around: new Set(['around']),
} as const;
