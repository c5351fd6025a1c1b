/**
 * Accesses that have the same value in every candidate: what they read or write is one expression over the reads of their thread, or
 * one constant. A bound on `different-value` from above, before any read is assigned.
 *
 * Sound: a candidate gives each read one value, and equal expressions of it are equal. So what asks whether a value was passed on
 * as it was (the index of an SRCU section) is answered before the search, which need not look for a candidate that says no.
 */
import { compareValues } from '../program/value.js';
import { Relation } from '../relation/relation.js';
import { type SymbolicValue, sameSymbol } from '../unfold/symbol.js';
import { initialValue, type Skeleton } from './skeleton.js';

/** The pairs of `accesses` that may have different values. */
export function mayDiffer(skeleton: Skeleton, accesses: readonly number[]): Relation {
  const { n, thread } = skeleton;
  const symbols = accesses.map((event) => symbolOf(skeleton, event));
  const areEqual = (i: number, j: number): boolean => {
    const [a, b] = [symbols[i]!, symbols[j]!];
    if (a === null || b === null) return false;
    if (a.kind === 'const' && b.kind === 'const') return compareValues(a.value, b.value) === 0;
    return thread[accesses[i]!] === thread[accesses[j]!] && sameSymbol(a, b);
  };
  const differing = new Relation(n);
  accesses.forEach((a, i) => {
    accesses.forEach((b, j) => {
      if (a !== b && !areEqual(i, j)) differing.add(a, b);
    });
  });
  return differing;
}

/** What an access reads or writes, over the reads of its thread; null where that is not known. */
function symbolOf(skeleton: Skeleton, event: number): SymbolicValue | null {
  const { source, offset, thread, bareLock, traces } = skeleton;
  if (bareLock[event] !== null) return null;
  const access = source[event];
  if (access == null) return { kind: 'const', value: initialValue(skeleton, event) };
  if (access.kind === 'read') return { kind: 'read', event: event - offset[thread[event]!]! };
  const { value } = access;
  if (value?.kind !== 'convert' || value.operand.kind !== 'read') return value;
  // A read has its type's values: to convert them to it changes none.
  const type = traces[thread[event]!]!.events[value.operand.event]!.type!;
  const isSame = type.bits === value.type.bits && type.signed === value.type.signed;
  return isSame ? value.operand : value;
}
