/** Fields through a pointer whose target is known only when the program runs. */

import type { Expr } from '../program/ir.js';
import { INT64 } from '../program/value.js';
import type { Span } from '../text/source.js';
import type { CType } from './c-type.js';
import { binaryExpr, sameAddress, selectExpr } from './c-values.js';
import type { SharedObjects } from './shared-objects.js';

/**
 * The address of `pointer->field`: a choice among the objects of that struct, NULL if the pointer is none of them. Null if
 * there is no such object.
 *
 * In C this is an addition, so the address depends on the pointer. A choice would be no more than a branch on it; the
 * added `pointer ^ pointer` says the rest, to the model and to the compiled code alike.
 */
export function fieldAddress(
  objects: SharedObjects,
  pointer: Expr,
  tag: string,
  field: string,
  span: Span,
): { readonly address: Expr; readonly type: CType } | null {
  let address: Expr = { kind: 'const', value: 0 };
  let type: CType | null = null;
  for (const object of objects.structs(tag).reverse()) {
    const cell = objects.field(object, field, '->', span);
    type = cell.type;
    address = selectExpr(sameAddress(pointer, objects.address(object)), objects.address(cell), address);
  }
  if (type === null) return null;
  if (address.kind === 'select')
    address = binaryExpr('+', address, binaryExpr('^', pointer, pointer, INT64), INT64);
  return { address, type };
}
