/**
 * Concrete evaluation of the IR's operators, with C's two's complement meaning in a given type.
 *
 * `undefined` means that the operation has no value here: division by zero, or arithmetic on an address. Callers must
 * not take it for 0.
 */
import { assertNever } from '../text/diagnostic.js';
import type { BinaryOp, UnaryOp } from './ir.js';
import { canonical, type IntType, isLocation, type Location, type Value, wrapTo } from './value.js';

/** Whether a value counts as true; addresses are never NULL. */
export function isTrue(value: Value): boolean {
  return isLocation(value) || value !== 0;
}

export function convertValue(value: Value, type: IntType): Value {
  return isLocation(value) ? value : wrapTo(value, type);
}

export function applyUnary(op: UnaryOp, operand: Value, type: IntType): Value | undefined {
  if (op === '!') return isTrue(operand) ? 0 : 1;
  if (isLocation(operand)) return undefined;
  const value = wrapTo(operand, type);
  switch (op) {
    case '-':
      return wrapTo(typeof value === 'number' ? -value + 0 : -value, type);
    case '~':
      return wrapTo(canonical(~BigInt(value)), type);
    case 'clz':
    case 'rbit':
    case 'rev':
      return wrapTo(onBits(op, BigInt.asUintN(type.bits, BigInt(value)), type.bits), type);
    default:
      return assertNever(op);
  }
}

/** What looks at a value as `bits` binary digits. */
function onBits(op: 'clz' | 'rbit' | 'rev', value: bigint, bits: number): number | bigint {
  if (op === 'clz') return value === 0n ? bits : bits - value.toString(2).length;
  const [base, digits, size] = op === 'rbit' ? [2, bits, 1n] : [16, bits / 4, 8n];
  const written = value.toString(base).padStart(digits, '0');
  let turned = 0n;
  const step = op === 'rbit' ? 1 : 2;
  for (let at = digits; at > 0; at -= step)
    turned = (turned << size) | BigInt(Number.parseInt(written.slice(at - step, at), base));
  return canonical(turned);
}

/** The element `bytes` after an address in its array, or the end of the array; undefined: nothing is there. */
function moved(from: Location, bytes: number | bigint): Location | undefined {
  if (bytes === 0) return from;
  if (from.inRow === undefined || typeof bytes !== 'number') return undefined;
  const { row, position } = from.inRow;
  if (bytes % row.stride !== 0) return undefined;
  const to = position + bytes / row.stride;
  return to === row.elements.length ? row.end : row.elements[to];
}

/** The distance in bytes between two elements of one array; undefined if they are not. */
function distance(from: Location, to: Location): number | undefined {
  if (from === to) return 0;
  if (from.inRow === undefined || from.inRow.row !== to.inRow?.row) return undefined;
  return (to.inRow.position - from.inRow.position) * from.inRow.row.stride;
}

/**
 * Addresses have no number, but they compare, `&` and the like of an address and nothing are known, and within an array an
 * offset leads to another element.
 */
function applyToAddress(op: BinaryOp, left: Value, right: Value, type: IntType): Value | undefined {
  switch (op) {
    case '==':
      return left === right ? 1 : 0;
    case '!=':
      return left === right ? 0 : 1;
    case '+':
      if (isLocation(left)) return isLocation(right) ? undefined : moved(left, offsetOf(right, type));
      return isLocation(right) ? moved(right, offsetOf(left, type)) : undefined;
    case '-':
      if (!isLocation(left)) return undefined;
      return isLocation(right) ? distance(right, left) : moved(left, negated(offsetOf(right, type)));
    case '|':
    case '^':
      if (left === 0) return right;
      if (right === 0) return left;
      return op === '^' && left === right ? 0 : op === '|' && left === right ? left : undefined;
    case '&':
      return left === 0 || right === 0 ? 0 : left === right ? left : undefined;
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const apart = isLocation(left) && isLocation(right) ? distance(right, left) : undefined;
      return apart === undefined ? undefined : applySmall(op, apart, 0);
    }
    default:
      return undefined;
  }
}

/** An offset may have been computed without sign: -4 as 2^64 - 4. */
function offsetOf(value: number | bigint, { bits }: IntType): number | bigint {
  return wrapTo(value, { bits, signed: true });
}

function negated(value: number | bigint): number | bigint {
  return typeof value === 'number' ? 0 - value : -value;
}

function applyWide(op: BinaryOp, x: bigint, y: bigint, type: IntType): bigint | boolean | undefined {
  switch (op) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case 'mulh':
      return (x * y) >> BigInt(type.bits);
    case '/':
      return y === 0n ? undefined : x / y;
    case '%':
      return y === 0n ? undefined : x % y;
    case '&':
      return x & y;
    case '|':
      return x | y;
    case '^':
      return x ^ y;
    case '<<':
      return y < 0n || y >= BigInt(type.bits) ? undefined : x << y;
    case '>>':
      return y < 0n || y >= BigInt(type.bits) ? undefined : x >> y;
    case '==':
      return x === y;
    case '!=':
      return x !== y;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    default:
      return assertNever(op);
  }
}

/** The common cases on small integers, without bigint; undefined if it is not one of them. */
function applySmall(op: BinaryOp, x: number, y: number): number | undefined {
  switch (op) {
    case '==':
      return x === y ? 1 : 0;
    case '!=':
      return x !== y ? 1 : 0;
    case '<':
      return x < y ? 1 : 0;
    case '<=':
      return x <= y ? 1 : 0;
    case '>':
      return x > y ? 1 : 0;
    case '>=':
      return x >= y ? 1 : 0;
    case '+':
      return x + y;
    case '-':
      return x - y;
    default:
      return undefined;
  }
}

const SMALL = 2 ** 52;

export function applyBinary(op: BinaryOp, left: Value, right: Value, type: IntType): Value | undefined {
  if (isLocation(left) || isLocation(right)) return applyToAddress(op, left, right, type);
  const x = wrapTo(left, type);
  const y = wrapTo(right, type);
  if (typeof x === 'number' && typeof y === 'number' && Math.abs(x) < SMALL && Math.abs(y) < SMALL) {
    const small = applySmall(op, x, y);
    if (small !== undefined) return wrapTo(small, type);
  }
  const wide = applyWide(op, BigInt(x), BigInt(y), type);
  if (wide === undefined) return undefined;
  if (typeof wide === 'boolean') return wide ? 1 : 0;
  return wrapTo(canonical(wide), type);
}
