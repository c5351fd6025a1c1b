/**
 * Pointers to objects, and arithmetic on them: `a + i`, `a[i]`, `p - q`, `p < q`.
 *
 * Where the object and the offset are known, so is the element, and a wrong index is an error here. Where the offset comes from
 * memory, the address is computed when the program runs (arithmetic.ts): it depends on what was read, and an address outside
 * of the array is a fault.
 */

import { sameExpr } from '../program/expressions.js';
import type { Expr } from '../program/ir.js';
import { cellAt, INT64, isLocation } from '../program/value.js';
import { type CType, cLong, sameType, showType } from './c-type.js';
import { binaryExpr, constantOf, convertExpr, type Typed, typed, valueType } from './c-values.js';
import type { SharedObject, SharedObjects } from './shared-objects.js';

/** A pointer to an object, to the first element if that is an array. The cell is made only when the value is needed. */
export function pointerTo(objects: SharedObjects, object: SharedObject): Typed {
  const target = object.type.kind === 'array' ? objects.elementsOf(object)[0]! : object;
  return {
    type: { kind: 'pointer', to: target.type },
    object: target,
    get expr(): Expr {
      return objects.address(target);
    },
  };
}

/** An address inside of a certain object that does not exist, with the words for it. */
export interface OutOfBounds {
  readonly message: string;
  readonly hint: string | null;
}

/** What stands `offset` elements after an object; null: the end of its array, which is no object. */
function neighbour(
  objects: SharedObjects,
  object: SharedObject,
  offset: number,
): SharedObject | null | OutOfBounds {
  if (offset === 0) return object;
  if (object.element === undefined)
    return {
      message: `\`${object.name}\` is ${showType(object.type)}, not an array`,
      hint: `declare it in the init block: \`${showType(object.type)} ${object.name}[${Math.abs(offset) + 1}];\``,
    };
  const { of, position } = object.element;
  const elements = objects.elementsOf(of);
  const to = position + offset;
  if (to === elements.length) return null;
  return (
    elements[to] ?? {
      message: `\`${of.name}\` has ${elements.length} elements: there is no \`${of.name}[${to}]\``,
      hint: `the last one is \`${of.name}[${elements.length - 1}]\``,
    }
  );
}

/** `pointer + offset` or `pointer - offset`, of an integer offset. */
export function offsetPointer(
  objects: SharedObjects,
  op: '+' | '-',
  pointer: Typed,
  offset: Typed,
): Typed | OutOfBounds {
  const to: CType = pointer.type.kind === 'pointer' ? pointer.type.to : pointer.type;
  const known = constantOf(offset);
  const stride = objects.types.strideOf(to);
  if (
    pointer.object !== null &&
    typeof known === 'number' &&
    objects.types.strideOf(pointer.object.type) === stride
  ) {
    const found = neighbour(objects, pointer.object, op === '+' ? known : 0 - known);
    if (found !== null && 'message' in found) return found;
    if (found !== null) {
      const moved = pointerTo(objects, found);
      return sameType(moved.type, pointer.type) ? moved : { ...moved, type: pointer.type };
    }
  }
  const index = convertExpr(offset.expr, valueType(offset.type), INT64);
  return typed(binaryExpr(op, pointer.expr, scaled(index, stride), INT64), pointer.type);
}

/** `index * stride`; nothing needs no scale, and a power of two is a shift, as in compiled code. */
function scaled(index: Expr, stride: number): Expr {
  if (stride === 1 || isNothing(index)) return index;
  const shift = Math.log2(stride);
  return Number.isInteger(shift)
    ? binaryExpr('<<', index, { kind: 'const', value: shift }, INT64)
    : binaryExpr('*', index, { kind: 'const', value: stride }, INT64);
}

/** Whether an offset is there only for the dependency: `r ^ r`, `r & 0`. */
function isNothing(expr: Expr): boolean {
  if (expr.kind === 'convert') return isNothing(expr.operand);
  if (expr.kind !== 'binary') return expr.kind === 'const' && expr.value === 0;
  if (expr.op === '^' || expr.op === '-') return sameExpr(expr.left, expr.right);
  return (expr.op === '&' || expr.op === '*') && (isNothing(expr.left) || isNothing(expr.right));
}

/** `left - right` of two pointers into one array, in elements. */
export function pointerDifference(objects: SharedObjects, left: Typed, right: Typed): Typed {
  const to: CType = left.type.kind === 'pointer' ? left.type.to : left.type;
  const bytes = binaryExpr('-', left.expr, right.expr, INT64);
  const stride = objects.types.strideOf(to);
  const shift = Math.log2(stride);
  // The distance is a multiple of the stride, so a shift divides it.
  const elements = Number.isInteger(shift)
    ? binaryExpr('>>', bytes, { kind: 'const', value: shift }, INT64)
    : binaryExpr('/', bytes, { kind: 'const', value: stride }, INT64);
  return typed(stride === 1 ? bytes : elements, cLong);
}

/** Whether a constant address is one that nothing may be read from or written to: the end of an array. */
export function isEndOfArray(pointer: Typed): boolean {
  if (pointer.object !== null) return false;
  const address = constantOf(pointer);
  return address !== null && isLocation(address) && cellAt(address) === null;
}
