/** The table of all primitives by name, made when it is first looked at. */
import { atomicRows } from './atomic-rows.js';
import { lockRows } from './lock-rows.js';
import { generalRows } from './primitive-rows.js';
import type { Primitive, Row } from './primitives.js';

/** What a call may name. */
export type PrimitiveTable = Pick<ReadonlyMap<string, Primitive>, 'get' | 'keys'>;

let table: ReadonlyMap<string, Primitive> | null = null;

function* allRows(): Generator<Row> {
  yield* generalRows();
  yield* lockRows();
  yield* atomicRows();
}

/** The kernel's primitives; the same map each time. */
export function kernelPrimitives(): ReadonlyMap<string, Primitive> {
  table ??= new Map(
    [...allRows()].map(([name, parameters, action, primitive = name]): [string, Primitive] => [
      name,
      { parameters, primitive, action },
    ]),
  );
  return table;
}
