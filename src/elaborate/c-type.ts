/**
 * The C types of litmus tests: what a TypeTree names, and how it is stored.
 *
 * Source of the sizes: the kernel's 64-bit ABIs (int 32, long and pointers 64 bits; `char` is unsigned since v6.2). A lock is
 * one 32-bit word. A `struct mutex` is an object with fields and, to mutex_lock(), a lock.
 */

import { BOOL, INT32, INT64, type IntType, type Location, UINT32, UINT64 } from '../program/value.js';
import type { TypeTree } from '../syntax/condition-tree.js';
import { assertNever, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { didYouMean } from '../text/suggest.js';
import type { LockKind } from './primitives.js';

export type CType =
  /** `holds` marks bool (0 or 1 only) and intptr_t (integers that are meant to hold addresses). */
  | {
      readonly kind: 'int';
      readonly type: IntType;
      readonly name: string;
      readonly holds: 'number' | 'truth' | 'address';
      /** What such an address leads to, if that is something else than another one. */
      readonly to?: CType;
    }
  | { readonly kind: 'pointer'; readonly to: CType }
  | { readonly kind: 'atomic'; readonly type: IntType; readonly name: string }
  | { readonly kind: 'spinlock'; readonly name: string }
  | { readonly kind: 'struct'; readonly tag: string }
  | { readonly kind: 'array'; readonly of: CType; readonly length: number }
  | { readonly kind: 'void' }
  /** A register of a sketch, which takes the type of the first value assigned to it. */
  | { readonly kind: 'auto' }
  /** Of what was reported already; fits everywhere. */
  | { readonly kind: 'error' };

function int(name: string, type: IntType): CType {
  return { kind: 'int', type, name, holds: 'number' };
}

const U8: IntType = { bits: 8, signed: false };
const S8: IntType = { bits: 8, signed: true };
const U16: IntType = { bits: 16, signed: false };
const S16: IntType = { bits: 16, signed: true };

export const cInt = int('int', INT32);
export const cLong = int('long', INT64);
export const cUnsigned = int('unsigned int', UINT32);
export const cUnsignedLong = int('unsigned long', UINT64);
export const cVoid: CType = { kind: 'void' };
export const cError: CType = { kind: 'error' };
export const cSpinlock: CType = { kind: 'spinlock', name: 'spinlock_t' };
const cBool: CType = { kind: 'int', type: BOOL, name: 'bool', holds: 'truth' };

/** Integer types by their words, sorted. */
const BASIC: ReadonlyMap<string, CType> = new Map([
  ['int', cInt],
  ['signed', cInt],
  ['int signed', cInt],
  ['unsigned', cUnsigned],
  ['int unsigned', cUnsigned],
  ['long', cLong],
  ['int long', cLong],
  ['long signed', cLong],
  ['long long', int('long long', INT64)],
  ['int long long', int('long long', INT64)],
  ['long unsigned', cUnsignedLong],
  ['int long unsigned', cUnsignedLong],
  ['long long unsigned', int('unsigned long long', UINT64)],
  ['short', int('short', S16)],
  ['short unsigned', int('unsigned short', U16)],
  ['char', int('char', U8)],
  ['char unsigned', int('unsigned char', U8)],
  ['char signed', int('signed char', S8)],
  ['bool', cBool],
  ['_Bool', cBool],
  ['void', cVoid],
  ['__auto_type', { kind: 'auto' }],
]);

const WIDTHS: readonly (readonly [string, IntType, IntType])[] = [
  ['8', U8, S8],
  ['16', U16, S16],
  ['32', UINT32, INT32],
  ['64', UINT64, INT64],
];

function namedTypes(): Map<string, CType> {
  const types = new Map<string, CType>();
  for (const [bits, unsigned, signed] of WIDTHS) {
    for (const name of [`u${bits}`, `__u${bits}`, `uint${bits}_t`]) types.set(name, int(name, unsigned));
    for (const name of [`s${bits}`, `__s${bits}`, `int${bits}_t`]) types.set(name, int(name, signed));
  }
  for (const name of ['size_t', 'uintptr_t', 'ulong']) types.set(name, int(name, UINT64));
  types.set('uint', int('uint', UINT32));
  types.set('ssize_t', int('ssize_t', INT64));
  types.set('pid_t', int('pid_t', INT32));
  types.set('intptr_t', { kind: 'int', type: INT64, name: 'intptr_t', holds: 'address' });
  types.set('uintptr_t', { kind: 'int', type: UINT64, name: 'uintptr_t', holds: 'address' });
  types.set('atomic_t', { kind: 'atomic', type: INT32, name: 'atomic_t' });
  for (const name of ['atomic_long_t', 'atomic64_t']) types.set(name, { kind: 'atomic', type: INT64, name });
  for (const name of ['spinlock_t', 'raw_spinlock_t', 'arch_spinlock_t', 'rwlock_t'])
    types.set(name, { kind: 'spinlock', name });
  return types;
}

const NAMED = namedTypes();

/** The type that words and a number of stars name; null if there is none. */
export function typeFromWords(
  words: readonly string[],
  struct: string | null,
  pointers: number,
): CType | null {
  const kept = words.filter((word) => word !== 'volatile' && word !== 'const');
  const base: CType | undefined =
    struct !== null
      ? { kind: 'struct', tag: struct }
      : (NAMED.get(kept.join(' ')) ?? BASIC.get([...kept].sort().join(' ')));
  if (base === undefined) return null;
  let type = base;
  for (let i = 0; i < pointers; i++) type = { kind: 'pointer', to: type };
  return type;
}

/** The type that a tree names; the error type after a report. */
export function typeFromTree(tree: TypeTree, report: (diagnostic: Diagnostic) => void): CType {
  const type = typeFromWords(tree.words, tree.struct, tree.pointers);
  if (type === null) {
    const name = tree.words.join(' ');
    const hint = didYouMean(name, [...NAMED.keys(), 'int', 'unsigned', 'long', 'bool']);
    report(errorAt(tree.span, 'unknown-type', `unknown type \`${name}\``, { hint }));
    return cError;
  }
  return tree.array === null ? type : arrayOf(type, tree, report);
}

/** How many elements an array may have: each is a cell. */
const LONGEST_ARRAY = 256;

function arrayOf(of: CType, tree: TypeTree, report: (diagnostic: Diagnostic) => void): CType {
  const length = tree.array ?? 0;
  if (of.kind === 'error') return of;
  if (tree.lengthName !== undefined) {
    const hint = `define it: \`#define ${tree.lengthName} 2\``;
    report(
      errorAt(tree.span, 'unknown-name', `\`${tree.lengthName}\` is no constant of this test`, { hint }),
    );
    return cError;
  }
  if (length >= 1 && length <= LONGEST_ARRAY && of.kind !== 'void') return { kind: 'array', of, length };
  const message =
    of.kind === 'void'
      ? 'an array of void'
      : length === 0
        ? 'an array needs its length here'
        : `an array of ${length} elements is too long: at most ${LONGEST_ARRAY}`;
  report(errorAt(tree.span, 'array-length', message, { hint: length === 0 ? 'write `int a[2]`' : null }));
  return cError;
}

/** As C writes it. */
export function showType(type: CType): string {
  switch (type.kind) {
    case 'int':
    case 'atomic':
    case 'spinlock':
      return type.name;
    case 'struct':
      return `struct ${type.tag}`;
    case 'pointer': {
      const to = showType(type.to);
      return to.endsWith('*') ? `${to}*` : `${to} *`;
    }
    case 'array':
      return `${showType(type.of)}[${type.length}]`;
    case 'void':
      return 'void';
    case 'auto':
    case 'error':
      return '?';
    default:
      return assertNever(type);
  }
}

/** How a cell of this type is stored. */
export function storageOf(type: CType): IntType {
  switch (type.kind) {
    case 'int':
    case 'atomic':
      return type.type;
    case 'pointer':
      return INT64;
    default:
      return INT32;
  }
}

export function roleOf(type: CType): Location['role'] {
  if (type.kind === 'pointer') return 'pointer';
  if (type.kind === 'atomic') return 'atomic';
  const kind = lockKind(type);
  return kind === 'spin' || kind === 'mutex' ? 'spinlock' : 'int';
}

const LOCK_TYPES: Readonly<Record<LockKind, CType>> = {
  spin: cSpinlock,
  mutex: { kind: 'struct', tag: 'mutex' },
  rw: { kind: 'spinlock', name: 'rwlock_t' },
  rwsem: { kind: 'struct', tag: 'rw_semaphore' },
};

/** Which lock primitives apply. */
export function lockKind(type: CType): LockKind | null {
  if (type.kind === 'spinlock') return type.name === 'rwlock_t' ? 'rw' : 'spin';
  if (type.kind !== 'struct') return null;
  return type.tag === 'mutex' ? 'mutex' : type.tag === 'rw_semaphore' ? 'rwsem' : null;
}

export function lockType(kind: LockKind): CType {
  return LOCK_TYPES[kind];
}

/** What srcu_read_lock() and its kin take. */
export const cSrcuDomain: CType = { kind: 'struct', tag: 'srcu_struct' };

export function isSrcuDomain(type: CType): boolean {
  return type.kind === 'struct' && type.tag === 'srcu_struct';
}

export function sameType(a: CType, b: CType): boolean {
  if (a.kind === 'pointer' && b.kind === 'pointer') return sameType(a.to, b.to);
  if (a.kind === 'array' && b.kind === 'array') return a.length === b.length && sameType(a.of, b.of);
  return showType(a) === showType(b);
}

/** Whether every value of `from` is a value of `to`. */
export function includes(to: IntType, from: IntType): boolean {
  if (to.signed === from.signed) return to.bits >= from.bits;
  return to.signed && to.bits > from.bits;
}
