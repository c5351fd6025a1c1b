/** Fields through a pointer whose target is known only when the program runs. */
import type { Span } from '../text/source.js';
import type { CType } from './c-type.js';
import { sameAddress, selectExpr } from './c-values.js';
import type { Expr } from './ir.js';
import type { SharedObjects } from './shared-objects.js';

/**
 * The address of `pointer->field`: a choice among the objects of that struct, NULL if the pointer is none of them. The address
 * depends on the pointer, as in C. Null if there is no such object.
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
  return type === null ? null : { address, type };
}
