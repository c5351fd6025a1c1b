/** Final states as rows and lines: the order of values and the text of a state line. */
import type { Observable } from '../program/ir.js';
import { isLocation, showValue, type Value } from '../program/value.js';

/** Integers by value, before addresses by name. */
export function compareValues(a: Value, b: Value): number {
  if (isLocation(a)) {
    if (!isLocation(b)) return 1;
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  }
  if (isLocation(b)) return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

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
