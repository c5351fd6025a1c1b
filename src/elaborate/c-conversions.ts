/** C's checks and conversions of values: operands of operators, and what is assigned to what. */

import { isLocation } from '../program/value.js';
import type { CBinaryOp, CExpression } from '../syntax/c-tree.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import { spanText } from '../text/source.js';
import { offsetPointer, pointerDifference } from './c-pointers.js';
import { type CType, sameType, showType, storageOf } from './c-type.js';
import {
  applyOperator,
  constantOf,
  convertExpr,
  failed,
  promote,
  type Typed,
  truthOf,
  typed,
  valueType,
} from './c-values.js';
import type { SharedObjects } from './shared-objects.js';

/** An integer type that is meant to hold addresses. */
export function mayBeAddress({ type }: Typed): boolean {
  return type.kind === 'int' && type.holds === 'address';
}

/** What an integer that is meant to hold an address leads to: as far as is known, another one. Null for other types. */
export function heldAddress(type: CType): CType | null {
  return type.kind === 'int' && type.holds === 'address' ? (type.to ?? type) : null;
}

/** Types of what has a value of its own in memory. */
export function isCell({ kind }: CType): boolean {
  return kind === 'int' || kind === 'pointer' || kind === 'atomic';
}

export class Conversions {
  constructor(
    private readonly report: (diagnostic: Diagnostic) => void,
    private readonly objects: SharedObjects,
  ) {}

  private fail(tree: CExpression, code: string, message: string, hint: string | null = null): Typed {
    this.report(errorAt(tree.span, code, message, { hint }));
    return failed;
  }

  /** Reports values that are none. */
  isScalar({ type }: Typed, tree: CExpression): boolean {
    if (type.kind === 'int' || type.kind === 'pointer') return true;
    if (type.kind === 'void') this.fail(tree, 'no-value', `\`${spanText(tree.span)}\` has no value`);
    return false;
  }

  /** An operator of C other than `&&` and `||`. */
  operate(
    op: Exclude<CBinaryOp, '&&' | '||'>,
    left: Typed,
    right: Typed,
    tree: CExpression,
    sides: readonly [CExpression, CExpression],
  ): Typed {
    if (left.type.kind === 'error' || right.type.kind === 'error') return failed;
    if (!this.isScalar(left, sides[0]) || !this.isScalar(right, sides[1])) return failed;
    if (left.type.kind === 'pointer' || right.type.kind === 'pointer')
      return this.pointerOperation(op, left, right, tree);
    const divisor = constantOf(right);
    if ((op === '/' || op === '%') && divisor === 0)
      return this.fail(tree, 'division-by-zero', 'division by zero');
    if ((op === '<<' || op === '>>') && divisor !== null) {
      const bits = storageOf(promote(left.type)).bits;
      if (isLocation(divisor) || divisor < 0 || divisor >= bits)
        return this.fail(
          tree,
          'shift-count',
          `a value of ${bits} bits cannot be shifted by ${String(divisor)}`,
        );
    }
    return applyOperator(op, left, right);
  }

  private pointerOperation(
    op: Exclude<CBinaryOp, '&&' | '||'>,
    left: Typed,
    right: Typed,
    tree: CExpression,
  ): Typed {
    if (op === '==' || op === '!=') {
      const number = left.type.kind === 'pointer' ? right : left;
      const value = constantOf(number);
      const fits = number.type.kind === 'pointer' || mayBeAddress(number) || value === 0 || value === -1;
      if (!fits)
        return this.fail(
          tree,
          'pointer-comparison',
          'a pointer is compared with an integer',
          'an object has an address, not a number: compare with `&object` or NULL',
        );
      return applyOperator(op, left, right);
    }
    if (op === '+' || op === '-') {
      const [pointer, offset] = left.type.kind === 'pointer' || op === '-' ? [left, right] : [right, left];
      if (pointer.type.kind === 'pointer' && offset.type.kind === 'int')
        return this.offset(op, pointer, offset, tree);
    }
    const isOrder = op === '<' || op === '<=' || op === '>' || op === '>=';
    if (left.type.kind === 'pointer' && right.type.kind === 'pointer' && (op === '-' || isOrder)) {
      if (sameType(left.type, right.type))
        return isOrder ? applyOperator(op, left, right) : pointerDifference(this.objects, left, right);
      const message = `\`${op}\` of ${showType(left.type)} and ${showType(right.type)}`;
      return this.fail(tree, 'pointer-arithmetic', message, 'both sides point into one array');
    }
    return this.fail(tree, 'pointer-arithmetic', `\`${op}\` does not apply to pointers`);
  }

  private offset(op: '+' | '-', pointer: Typed, offset: Typed, tree: CExpression): Typed {
    const found = offsetPointer(this.objects, op, pointer, offset);
    return 'message' in found ? this.fail(tree, 'out-of-bounds', found.message, found.hint) : found;
  }

  /** A value that is assigned to `type`, converted; reports if it does not fit. */
  fit(value: Typed, type: CType, tree: CExpression): Typed {
    const from = value.type;
    if (from.kind === 'error' || type.kind === 'error') return failed;
    if (!this.isScalar(value, tree)) return failed;
    if (type.kind === 'pointer') {
      if (from.kind === 'pointer') {
        this.warnOtherWidth(value, from, type, tree);
        return sameType(from, type) ? value : { ...value, expr: value.expr, type };
      }
      const number = constantOf(value);
      if (mayBeAddress(value) || number === 0 || number === -1) return typed(value.expr, type);
      return this.fail(
        tree,
        'int-to-pointer',
        `\`${spanText(tree.span)}\` is ${showType(from)}, but ${showType(type)} is expected`,
        'point to an object, or keep all uses of this field integers',
      );
    }
    if (type.kind !== 'int' && type.kind !== 'atomic') return value;
    const storage = storageOf(type);
    if (type.kind === 'int' && type.holds === 'truth') return typed(truthOf(value), type);
    if (from.kind === 'pointer') {
      this.warnTruncated(value, type, tree);
      return typed(convertExpr(value.expr, valueType(from), storage), type);
    }
    this.warnOutOfRange(value, type, tree);
    return typed(convertExpr(value.expr, valueType(from), storage), type);
  }

  /**
   * An address in a narrow integer: C keeps its low bits, which have no value here. It is kept whole, as the herd tools do, for
   * whoever compares it.
   */
  warnTruncated(value: Typed, type: CType, tree: CExpression): void {
    if (value.type.kind !== 'pointer' || storageOf(type).bits === 64 || constantOf(value) === 0) return;
    const from = showType(value.type);
    const message = `\`${spanText(tree.span)}\` is ${from}, of which ${showType(type)} holds a part only`;
    const hint = `an address is kept whole here, but not in C: use the type ${from}`;
    this.report(warningAt(tree.span, 'pointer-to-int', message, { hint }));
  }

  /** A pointer is kept that leads to cells of another width: what is read and written through it are whole cells. */
  private warnOtherWidth(
    { before }: Typed,
    from: CType & { kind: 'pointer' },
    type: CType & { kind: 'pointer' },
    tree: CExpression,
  ): void {
    const cell = before ?? from.to;
    if (!isCell(cell) || !isCell(type.to) || storageOf(cell).bits === storageOf(type.to).bits) return;
    const { bits } = storageOf(cell);
    const message = `\`${spanText(tree.span)}\` points to ${showType(cell)} (${bits} bits), and is kept as ${showType(type)}`;
    const hint = 'parts of a cell are not modelled: an access through it is one of the whole cell';
    this.report(warningAt(tree.span, 'mixed-size', message, { hint }));
  }

  private warnOutOfRange(value: Typed, type: CType, tree: CExpression): void {
    const number = constantOf(value);
    if (number === null || isLocation(number)) return;
    const { bits } = storageOf(type);
    const wide = BigInt(number);
    if (wide >= -(2n ** BigInt(bits - 1)) && wide < 2n ** BigInt(bits)) return;
    const kept = String(BigInt.asIntN(bits, wide));
    this.report(
      warningAt(
        tree.span,
        'out-of-range',
        `${String(number)} does not fit into ${showType(type)}: it becomes ${kept}`,
      ),
    );
  }
}
