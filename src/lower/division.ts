/**
 * Division by a constant power of two without a division instruction, as compilers do it.
 *
 * C rounds towards zero and shifts round down, so a negative dividend is first moved up by the divisor less one (Hacker's Delight, 10-1).
 */
import type { BinaryOp, Expr } from '../program/ir.js';
import type { IntType } from '../program/value.js';

type BinaryExpr = Extract<Expr, { kind: 'binary' }>;

function binary(op: BinaryOp, left: Expr, right: Expr, type: IntType): Expr {
  return { kind: 'binary', op, left, right, type };
}

function constant(value: number): Expr {
  return { kind: 'const', value };
}

/** The same value by shifts and masks; null if the divisor is no power of two that fits an immediate. */
export function withoutDivision({ op, left, right, type }: BinaryExpr): Expr | null {
  if ((op !== '/' && op !== '%') || right.kind !== 'const' || typeof right.value !== 'number') return null;
  const divisor = right.value;
  if (divisor < 1 || divisor > 2 ** 30 || (divisor & (divisor - 1)) !== 0) return null;
  const shift = Math.log2(divisor);
  const unsigned: IntType = { bits: type.bits, signed: false };
  if (!type.signed)
    return op === '/'
      ? binary('>>', left, constant(shift), type)
      : binary('&', left, constant(divisor - 1), type);
  if (shift === 0)
    return op === '/' ? { kind: 'convert', operand: left, type } : binary('&', left, constant(0), type);
  const sign = binary('>>', left, constant(type.bits - 1), type);
  const raised = binary('+', left, binary('>>', sign, constant(type.bits - shift), unsigned), type);
  return op === '/'
    ? binary('>>', raised, constant(shift), type)
    : binary('-', left, binary('&', raised, constant(-divisor), type), type);
}
