/** The integer types that assembly litmus files declare cells and registers with. */

import { INT32, INT64, type IntType, UINT32, UINT64 } from '../program/value.js';
import type { TypeTree } from '../syntax/condition-tree.js';

const NAMED: Readonly<Record<string, IntType>> = {
  char: { bits: 8, signed: true },
  short: { bits: 16, signed: true },
  int: INT32,
  unsigned: { bits: 32, signed: false },
  long: INT64,
  intptr_t: INT64,
  uintptr_t: UINT64,
  // An instruction of AArch64.
  ins_t: UINT32,
  'unsigned char': { bits: 8, signed: false },
  'unsigned short': { bits: 16, signed: false },
  'unsigned int': { bits: 32, signed: false },
  'unsigned long': UINT64,
  'long long': INT64,
  'unsigned long long': UINT64,
};

/** The type that the words name, or null if they name none. */
export function asmType(type: TypeTree): IntType | null {
  if (type.pointers > 0) return INT64;
  if (type.struct !== null) return null;
  const words = type.words
    .filter((word) => word !== 'volatile' && word !== 'const' && word !== 'signed')
    .join(' ');
  const sized = /^(u?)int(8|16|32|64)_t$/.exec(words);
  if (sized !== null) return { bits: Number(sized[2]) as IntType['bits'], signed: sized[1] === '' };
  return Object.hasOwn(NAMED, words) ? NAMED[words]! : null;
}
