/** Final states as lines: the text of a state, and the names in it. */
import type { Observable } from '../program/ir.js';
import { showValue, type Value } from '../program/value.js';

/** `1:r0=1; [x]=0;` as herd7 writes it: memory in brackets, but for array elements. */
export function stateLine(observed: readonly Observable[], values: readonly Value[]): string {
  return observed.map((observable, i) => `${herdName(observable)}=${showValue(values[i] ?? 0)};`).join(' ');
}

function herdName(observable: Observable): string {
  const name = observable.display.replace(/^\[(.*)\]$/, '$1');
  if (observable.kind === 'register') return name;
  return name.endsWith(']') ? name : `[${name}]`;
}

/** The name of an observable as the table's heading and JSON's key: `1:r0`, `x`, `p->__state`. */
export function plainName(observable: Observable): string {
  return observable.display.replace(/^\[(.*)\]$/, '$1');
}
