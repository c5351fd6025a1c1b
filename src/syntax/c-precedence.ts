/** Nests a flat list of operands and binary operators by C's precedence; all of them associate to the left. */
import { joinSpans } from '../text/source.js';
import type { CBinaryOp, CExpression } from './c-tree.js';

/** C11 6.5.5 to 6.5.14; higher binds tighter. */
const precedence: Readonly<Record<CBinaryOp, number>> = {
  '*': 10,
  '/': 10,
  '%': 10,
  '+': 9,
  '-': 9,
  '<<': 8,
  '>>': 8,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '==': 6,
  '!=': 6,
  '&': 5,
  '^': 4,
  '|': 3,
  '&&': 2,
  '||': 1,
};

/** `operands[0] ops[0] operands[1] ops[1] ...` as a tree; there is one operator less than operands. */
export function nestBinary(operands: readonly CExpression[], ops: readonly CBinaryOp[]): CExpression {
  const values: CExpression[] = [operands[0]!];
  const pending: CBinaryOp[] = [];
  const reduce = (): void => {
    const right = values.pop()!;
    const left = values.pop()!;
    const span = joinSpans(left.span, right.span);
    values.push({ kind: 'binary', op: pending.pop()!, left, right, span });
  };
  ops.forEach((op, index) => {
    while (pending.length > 0 && precedence[pending.at(-1)!] >= precedence[op]) reduce();
    pending.push(op);
    values.push(operands[index + 1]!);
  });
  while (pending.length > 0) reduce();
  return values[0]!;
}
