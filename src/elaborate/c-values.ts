/** Typed values of C expressions, and C's conversions and operators on them. */

import { applyBinary, applyUnary, convertValue } from '../program/arithmetic.js';
import type { BinaryOp, Expr, UnaryOp } from '../program/ir.js';
import { INT64, type IntType, isLocation, type Value } from '../program/value.js';
import type { CBinaryOp } from '../syntax/c-tree.js';
import { type CType, cError, cInt, cLong, cUnsigned, cUnsignedLong, includes, storageOf } from './c-type.js';
import type { SharedObject } from './shared-objects.js';

/** The value of an expression, as a pure expression of the IR. */
export interface Typed {
  readonly type: CType;
  readonly expr: Expr;
  /** The object that a pointer certainly points to; null: not known. */
  readonly object: SharedObject | null;
  /** What a pointer pointed to before it was cast. */
  readonly before?: CType;
}

export function typed(expr: Expr, type: CType): Typed {
  return { expr, type, object: null };
}

export function constant(value: Value, type: CType = cInt): Typed {
  return typed({ kind: 'const', value }, type);
}

/** The value of what was reported already. */
export const failed: Typed = constant(0, cError);

/** The value of a constant expression, or null. */
export function constantOf({ expr }: Typed): Value | null {
  return expr.kind === 'const' ? expr.value : null;
}

/** The integer type in which a value is computed with: pointers are 64 bits wide. */
export function valueType(type: CType): IntType {
  return storageOf(type);
}

/**
 * The type of an integer literal: the first that holds it (C11 6.4.4.1). Only one with a radix, which is not decimal, is
 * unsigned unasked.
 */
export function literalType(value: bigint, suffix: string, radix?: 8 | 16): CType {
  const unsigned = /u/i.test(suffix);
  const long = /l/i.test(suffix);
  if (!long && !unsigned && value < 2n ** 31n) return cInt;
  if (!long && (unsigned || radix !== undefined) && value < 2n ** 32n) return cUnsigned;
  return unsigned || value >= 2n ** 63n ? cUnsignedLong : cLong;
}

/** C's integer promotion. */
export function promote(type: CType): CType {
  return storageOf(type).bits < 32 ? cInt : type;
}

/** The type that C's usual arithmetic conversions bring both operands to. */
export function commonType(a: CType, b: CType): CType {
  if (a.kind === 'pointer' || b.kind === 'pointer') return cLong;
  const [x, y] = [promote(a), promote(b)];
  const [s, t] = [storageOf(x), storageOf(y)];
  if (s.bits !== t.bits) return s.bits > t.bits ? x : y;
  return s.signed ? y : x;
}

/** A conversion that is left out where it changes nothing. */
export function convertExpr(expr: Expr, from: IntType, to: IntType): Expr {
  if (expr.kind === 'const') return { kind: 'const', value: convertValue(expr.value, to) };
  return includes(to, from) ? expr : { kind: 'convert', operand: expr, type: to };
}

const COMPARISONS: readonly BinaryOp[] = ['==', '!=', '<', '<=', '>', '>='];
const NEGATED: Partial<Record<BinaryOp, BinaryOp>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

export function isComparison(op: string): boolean {
  return (COMPARISONS as readonly string[]).includes(op);
}

/** An operator of the IR on two expressions; constants are folded. Undefined operations are left for the run. */
export function binaryExpr(op: BinaryOp, left: Expr, right: Expr, type: IntType): Expr {
  if (left.kind === 'const' && right.kind === 'const') {
    const value = applyBinary(op, left.value, right.value, type);
    if (value !== undefined) return { kind: 'const', value };
  }
  return { kind: 'binary', op, left, right, type };
}

export function unaryExpr(op: UnaryOp, operand: Expr, type: IntType): Expr {
  if (operand.kind === 'const') {
    const value = applyUnary(op, operand.value, type);
    if (value !== undefined) return { kind: 'const', value };
  }
  return { kind: 'unary', op, operand, type };
}

/** Whether an expression is 0 or 1. */
function isTruth(expr: Expr): boolean {
  if (expr.kind === 'binary') {
    if (isComparison(expr.op)) return true;
    if (expr.op === '&') return isTruth(expr.left) || isTruth(expr.right);
    return expr.op === '|' && isTruth(expr.left) && isTruth(expr.right);
  }
  if (expr.kind === 'convert') return isTruth(expr.operand);
  if (expr.kind === 'unary') return expr.op === '!';
  if (expr.kind === 'select') return isTruth(expr.then) && isTruth(expr.otherwise);
  return expr.kind === 'const' && (expr.value === 0 || expr.value === 1);
}

/** `value != 0`, as 0 or 1. */
export function truthOf(value: Typed): Expr {
  const { expr, type } = value;
  if (isTruth(expr)) return expr;
  return binaryExpr('!=', expr, { kind: 'const', value: 0 }, valueType(type));
}

/** `!expr` where a comparison can be turned round. */
export function negate(expr: Expr, type: IntType): Expr {
  if (expr.kind === 'unary' && expr.op === '!' && isTruth(expr.operand)) return expr.operand;
  const op = expr.kind === 'binary' ? NEGATED[expr.op] : undefined;
  if (expr.kind === 'binary' && op !== undefined) return { ...expr, op };
  return unaryExpr('!', expr, type);
}

/** A binary operator other than `&&` and `||` on integers or, for `==` and `!=`, pointers. */
export function applyOperator(op: Exclude<CBinaryOp, '&&' | '||'>, left: Typed, right: Typed): Typed {
  const isShift = op === '<<' || op === '>>';
  const common = isShift ? promote(left.type) : commonType(left.type, right.type);
  const type = storageOf(common);
  const widen = (side: Typed): Expr => {
    const from = valueType(side.type);
    const folded = convertIfConstant(side.expr, type);
    if (folded !== null) return folded;
    return from.bits === type.bits || from.bits < 32
      ? side.expr
      : { kind: 'convert', operand: side.expr, type };
  };
  const expr = binaryExpr(op, widen(left), isShift ? right.expr : widen(right), type);
  return typed(expr, isComparison(op) ? cInt : common);
}

function convertIfConstant(expr: Expr, type: IntType): Expr | null {
  return expr.kind === 'const' ? { kind: 'const', value: convertValue(expr.value, type) } : null;
}

export function selectExpr(condition: Expr, then: Expr, otherwise: Expr): Expr {
  if (condition.kind === 'const')
    return isLocation(condition.value) || condition.value !== 0 ? then : otherwise;
  return { kind: 'select', condition, then, otherwise };
}

/** Pointers compare as 64-bit values. */
export function sameAddress(left: Expr, right: Expr): Expr {
  return binaryExpr('==', left, right, INT64);
}

/** 0 or 1 as C's int. */
export function truth(expr: Expr): Typed {
  return typed(expr, cInt);
}
