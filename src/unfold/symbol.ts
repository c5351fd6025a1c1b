/**
 * Symbolic values: expressions over the values that reads will return.
 *
 * A `read` leaf names a read event of the same trace by its index. Construction folds constants and the simple algebra
 * that the models' users rely on (`x ^ x = 0`); dependencies are tracked apart, so folding never loses one.
 *
 * Parts are shared: thirty doublings of a value that was read are thirty nodes, and 2^30 if one walks them as a tree. Each node
 * knows how many that is (`size`), and what walks a large one remembers where it was.
 */
import { applyBinary, applyUnary, convertValue, isTrue } from '../program/arithmetic.js';
import type { BinaryOp, UnaryOp } from '../program/ir.js';
import { INT64, type IntType, type Value } from '../program/value.js';

export type SymbolicValue =
  | { readonly kind: 'const'; readonly value: Value }
  | { readonly kind: 'read'; readonly event: number }
  | {
      readonly kind: 'unary';
      readonly op: UnaryOp;
      readonly operand: SymbolicValue;
      readonly type: IntType;
      readonly size: number;
    }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOp;
      readonly left: SymbolicValue;
      readonly right: SymbolicValue;
      readonly type: IntType;
      readonly size: number;
    }
  | {
      readonly kind: 'convert';
      readonly operand: SymbolicValue;
      readonly type: IntType;
      readonly size: number;
    }
  | {
      readonly kind: 'select';
      readonly condition: SymbolicValue;
      readonly then: SymbolicValue;
      readonly otherwise: SymbolicValue;
      readonly size: number;
    };

/** Above this size, a walk remembers. */
const LARGE = 250;

function sizeOf(symbol: SymbolicValue): number {
  return symbol.kind === 'const' || symbol.kind === 'read' ? 1 : symbol.size;
}

export function constant(value: Value): SymbolicValue {
  return { kind: 'const', value };
}

/** Whether the symbols have the same form. Large ones that are not one object count as different. */
export function sameSymbol(a: SymbolicValue, b: SymbolicValue): boolean {
  if (a === b) return true;
  const size = sizeOf(a);
  if (size > LARGE || size !== sizeOf(b)) return false;
  switch (a.kind) {
    case 'const':
      return b.kind === 'const' && a.value === b.value;
    case 'read':
      return b.kind === 'read' && a.event === b.event;
    case 'unary':
      return b.kind === 'unary' && a.op === b.op && sameType(a, b) && sameSymbol(a.operand, b.operand);
    case 'convert':
      return b.kind === 'convert' && sameType(a, b) && sameSymbol(a.operand, b.operand);
    case 'binary':
      return (
        b.kind === 'binary' &&
        a.op === b.op &&
        sameType(a, b) &&
        sameSymbol(a.left, b.left) &&
        sameSymbol(a.right, b.right)
      );
    case 'select':
      return (
        b.kind === 'select' &&
        sameSymbol(a.condition, b.condition) &&
        sameSymbol(a.then, b.then) &&
        sameSymbol(a.otherwise, b.otherwise)
      );
  }
}

function sameType(a: { readonly type: IntType }, b: { readonly type: IntType }): boolean {
  return a.type.bits === b.type.bits && a.type.signed === b.type.signed;
}

/** Whether the symbol is 0 or 1 by its form. */
export function isTruthValue(symbol: SymbolicValue): boolean {
  if (symbol.kind === 'unary') return symbol.op === '!';
  return symbol.kind === 'binary' && /^([=!<>]=|<|>)$/.test(symbol.op);
}

export function unarySymbol(op: UnaryOp, operand: SymbolicValue, type: IntType): SymbolicValue {
  if (operand.kind === 'const') {
    const value = applyUnary(op, operand.value, type);
    if (value !== undefined) return constant(value);
  }
  return { kind: 'unary', op, operand, type, size: sizeOf(operand) + 1 };
}

/** Operators whose result does not depend on x when both operands are x, with that result. */
const OF_EQUAL_OPERANDS: Partial<Record<BinaryOp, number>> = {
  '^': 0,
  '-': 0,
  '==': 1,
  '!=': 0,
  '<': 0,
  '>': 0,
  '<=': 1,
  '>=': 1,
};

/** Whether it is `a ^ b`, which is 0 if they are the same. */
function isDifference(
  symbol: SymbolicValue,
  { bits }: IntType,
): symbol is Extract<SymbolicValue, { kind: 'binary' }> {
  return symbol.kind === 'binary' && symbol.op === '^' && bits === 64 && symbol.type.bits === 64;
}

export function binarySymbol(
  op: BinaryOp,
  left: SymbolicValue,
  right: SymbolicValue,
  type: IntType,
): SymbolicValue {
  if (left.kind === 'const' && right.kind === 'const') {
    const value = applyBinary(op, left.value, right.value, type);
    if (value !== undefined) return constant(value);
  }
  const ofEqual = OF_EQUAL_OPERANDS[op];
  if (ofEqual !== undefined && sameSymbol(left, right)) return constant(ofEqual);
  const zero = (s: SymbolicValue) => s.kind === 'const' && s.value === 0;
  if (op === '+' && type.bits === 64 && zero(right)) return left;
  // EOR and CBNZ of addresses, which have no bits here but compare.
  if ((op === '==' || op === '!=') && zero(right) && isDifference(left, type))
    return binarySymbol(op, left.left, left.right, type);
  // SETcc writes the low byte of a cleared register.
  if (op === '|' && zero(left) && isTruthValue(right)) return right;
  if (op === '|' && zero(right) && isTruthValue(left)) return left;
  if ((op === '&' || op === '*') && (zero(left) || zero(right))) return constant(0);
  return { kind: 'binary', op, left, right, type, size: sizeOf(left) + sizeOf(right) + 1 };
}

export function convertSymbol(operand: SymbolicValue, type: IntType): SymbolicValue {
  if (isTruthValue(operand)) return operand;
  return operand.kind === 'const'
    ? constant(convertValue(operand.value, type))
    : { kind: 'convert', operand, type, size: sizeOf(operand) + 1 };
}

export function selectSymbol(
  condition: SymbolicValue,
  then: SymbolicValue,
  otherwise: SymbolicValue,
): SymbolicValue {
  if (condition.kind === 'const') return isTrue(condition.value) ? then : otherwise;
  if (sameSymbol(then, otherwise)) return then;
  // A comparison that is kept as 0 or 1 (CSET) is that comparison.
  if (isTruthValue(condition) && then.kind === 'const' && otherwise.kind === 'const') {
    if (then.value === 1 && otherwise.value === 0) return condition;
    if (then.value === 0 && otherwise.value === 1) return unarySymbol('!', condition, INT64);
  }
  const size = sizeOf(condition) + sizeOf(then) + sizeOf(otherwise) + 1;
  return { kind: 'select', condition, then, otherwise, size };
}

/** The value of an expression that has none: division by zero or arithmetic on an address. */
export const NO_VALUE = Symbol('no value');

/**
 * Evaluates under a partial assignment of the reads; undefined if a needed read is not known yet, NO_VALUE if the
 * expression has no value. `offset` is added to read indices (traces are concatenated in executions).
 */
export function evaluateSymbol(
  symbol: SymbolicValue,
  values: readonly (Value | undefined)[],
  offset: number,
): Evaluated {
  return evaluateIn(symbol, values, offset, sizeOf(symbol) > LARGE ? new Map() : null);
}

type Evaluated = Value | undefined | typeof NO_VALUE;

/** `memo`: the values of large parts; null: there are none. */
function evaluateIn(
  symbol: SymbolicValue,
  values: readonly (Value | undefined)[],
  offset: number,
  memo: Map<SymbolicValue, Evaluated> | null,
): Evaluated {
  if (symbol.kind === 'const') return symbol.value;
  if (symbol.kind === 'read') return values[symbol.event + offset];
  if (memo === null || symbol.size <= LARGE) return evaluateNode(symbol, values, offset, null);
  if (memo.has(symbol)) return memo.get(symbol);
  const value = evaluateNode(symbol, values, offset, memo);
  memo.set(symbol, value);
  return value;
}

function evaluateNode(
  symbol: Exclude<SymbolicValue, { kind: 'const' | 'read' }>,
  values: readonly (Value | undefined)[],
  offset: number,
  memo: Map<SymbolicValue, Evaluated> | null,
): Evaluated {
  switch (symbol.kind) {
    case 'unary': {
      const operand = evaluateIn(symbol.operand, values, offset, memo);
      if (operand === undefined || operand === NO_VALUE) return operand;
      return applyUnary(symbol.op, operand, symbol.type) ?? NO_VALUE;
    }
    case 'convert': {
      const operand = evaluateIn(symbol.operand, values, offset, memo);
      if (operand === undefined || operand === NO_VALUE) return operand;
      return convertValue(operand, symbol.type);
    }
    case 'binary': {
      const left = evaluateIn(symbol.left, values, offset, memo);
      if (left === undefined || left === NO_VALUE) return left;
      const right = evaluateIn(symbol.right, values, offset, memo);
      if (right === undefined || right === NO_VALUE) return right;
      return applyBinary(symbol.op, left, right, symbol.type) ?? NO_VALUE;
    }
    case 'select': {
      const condition = evaluateIn(symbol.condition, values, offset, memo);
      if (condition === undefined || condition === NO_VALUE) return condition;
      return evaluateIn(isTrue(condition) ? symbol.then : symbol.otherwise, values, offset, memo);
    }
  }
}

/** Adds to `out` the read events that the symbol mentions. */
export function collectReads(symbol: SymbolicValue, out: Set<number>): void {
  collectIn(symbol, out, sizeOf(symbol) > LARGE ? new Set() : null);
}

/** `seen`: the large parts whose reads are in `out`; null: there are none. */
function collectIn(symbol: SymbolicValue, out: Set<number>, seen: Set<SymbolicValue> | null): void {
  if (seen !== null && sizeOf(symbol) > LARGE) {
    if (seen.has(symbol)) return;
    seen.add(symbol);
  }
  switch (symbol.kind) {
    case 'const':
      return;
    case 'read':
      out.add(symbol.event);
      return;
    case 'unary':
    case 'convert':
      collectIn(symbol.operand, out, seen);
      return;
    case 'binary':
      collectIn(symbol.left, out, seen);
      collectIn(symbol.right, out, seen);
      return;
    case 'select':
      collectIn(symbol.condition, out, seen);
      collectIn(symbol.then, out, seen);
      collectIn(symbol.otherwise, out, seen);
      return;
  }
}
