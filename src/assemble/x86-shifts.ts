/**
 * x86's shifts and rotations, by a constant or by %cl.
 *
 * The count is taken modulo 32, or modulo 64 in a 64-bit operand; if that is 0 no flag changes. Narrow operands are shifted in 64 bits, since
 * the count may exceed their width. Rotations through the carry flag and double shifts are absent. Source: Intel SDM volume 2, SAL/SAR/SHL/
 * SHR and RCL/RCR/ROL/ROR.
 */

import type { Expr } from '../program/ir.js';
import { INT64, UINT64 } from '../program/value.js';
import { isRegister } from './asm-access.js';
import { binary, constant, select } from './asm-thread.js';
import { type Flags, type FlagValue, resultFlags, UNDEFINED } from './x86-flags.js';
import { isPlace, smallImmediate, type X86Instruction } from './x86-operands.js';
import { modify } from './x86-updates.js';

export const shiftNames: readonly string[] = ['shl', 'sal', 'shr', 'sar', 'rol', 'ror'];

/** The masked count: known, or an expression. */
interface Count {
  readonly known: number | null;
  readonly value: Expr;
}

/** The masked count; null after a report. */
function countOf(x: X86Instruction): Count | null {
  const mask = x.bits === 64 ? 63 : 31;
  const [operand] = x.operands;
  if (x.operands.length === 1) return { known: 1, value: constant(1) };
  if (isRegister(operand) && operand.name === 'rcx' && operand.bits === 8 && !operand.high) {
    const masked = binary('&', x.builder.raw(operand), constant(mask), UINT64);
    return { known: null, value: x.snapshot('.count', masked) };
  }
  const known = smallImmediate(operand);
  if (known === null) x.bad('a constant of 8 bits or %cl, and a register or memory');
  return known === null ? null : { known: known & mask, value: constant(known & mask) };
}

/** The value if `holds` of the count, else what the manual calls undefined. */
function definedIf(count: Count, holds: (count: number) => boolean, test: Expr, value: Expr): FlagValue {
  if (count.known === null) return select(test, value, UNDEFINED);
  return holds(count.known) ? value : 'undefined';
}

function isOne(count: Count): Expr {
  return binary('==', count.value, constant(1), INT64);
}

/** Flags that stay as they are if the count is 0. */
function unlessZero(count: Count, flags: Flags): Flags {
  if (count.known !== null) return flags;
  return { ...flags, unless: binary('==', count.value, constant(0), INT64) };
}

function bit(value: Expr, number: Expr): Expr {
  return binary('&', binary('>>', value, number, UINT64), constant(1), UINT64);
}

export function shift(x: X86Instruction): void {
  const place = x.operands.at(-1);
  if (!isPlace(place) || x.operands.length > 2) {
    x.bad('a constant of 8 bits or %cl, and a register or memory');
    return;
  }
  const count = countOf(x);
  if (count === null) return;
  const rotates = x.base === 'rol' || x.base === 'ror';
  const result = (old: Expr): Expr => (rotates ? rotated(x, old, count) : shifted(x, old, count));
  const flags = (old: Expr): Flags =>
    unlessZero(count, rotates ? rotationFlags(x, result(old), count) : shiftFlags(x, old, count));
  modify(x, place, result, count.known === 0 ? null : flags);
}

/** The operand in 64 bits. */
function widened(x: X86Instruction, old: Expr): Expr {
  return { kind: 'convert', operand: old, type: { bits: x.bits, signed: x.base === 'sar' } };
}

function shifted(x: X86Instruction, old: Expr, { value }: Count): Expr {
  const left = x.base === 'shl' || x.base === 'sal';
  return binary(left ? '<<' : '>>', widened(x, old), value, x.base === 'sar' ? INT64 : UINT64);
}

/** CF: the last bit that was shifted out. */
function shiftCarry(x: X86Instruction, old: Expr, { value }: Count): Expr {
  const operand = widened(x, old);
  if (x.base === 'shr' || x.base === 'sar') return bit(operand, binary('-', value, constant(1), INT64));
  if (x.bits === 64) return bit(operand, binary('-', constant(64), value, INT64));
  return bit(binary('<<', operand, value, UINT64), constant(x.bits));
}

function shiftFlags(x: X86Instruction, old: Expr, count: Count): Flags {
  const { base, bits } = x;
  const result = shifted(x, old, count);
  const out = shiftCarry(x, old, count);
  const fits = binary('<', count.value, constant(bits), INT64);
  const carry = base === 'sar' || bits >= 32 ? out : definedIf(count, (n) => n < bits, fits, out);
  const top = constant(bits - 1);
  const overflow =
    base === 'sar'
      ? constant(0)
      : base === 'shr'
        ? bit(widened(x, old), top)
        : binary('^', bit(result, top), out, INT64);
  return resultFlags(
    result,
    bits,
    carry,
    definedIf(count, (n) => n === 1, isOne(count), overflow),
  );
}

function rotated(x: X86Instruction, old: Expr, { value }: Count): Expr {
  const { bits, unsigned } = x;
  const last = constant(bits - 1);
  const by = binary('&', value, last, INT64);
  const back = binary('&', binary('-', constant(bits), by, INT64), last, INT64);
  const [left, right] = x.base === 'rol' ? [by, back] : [back, by];
  return binary('|', binary('<<', old, left, unsigned), binary('>>', old, right, unsigned), unsigned);
}

function rotationFlags(x: X86Instruction, result: Expr, count: Count): Flags {
  const top = bit(result, constant(x.bits - 1));
  const left = x.base === 'rol';
  const carry = left ? bit(result, constant(0)) : top;
  const overflow = binary('^', top, left ? carry : bit(result, constant(x.bits - 2)), INT64);
  return {
    cf: carry,
    of: definedIf(count, (n) => n === 1, isOne(count), overflow),
    zf: 'kept',
    sf: 'kept',
    pf: 'kept',
  };
}
