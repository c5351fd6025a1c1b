/**
 * Which cell an address certainly is, before anything runs: what tells a mixed-size access, which is refused, from one of a
 * whole cell.
 */
import type { Expr } from '../program/ir.js';
import { isLocation, type Location } from '../program/value.js';

/** A number of bytes after the start of a cell. */
interface Place {
  readonly base: Location;
  readonly offset: bigint;
}

/** What an access finds at a place. */
export type Found =
  | { readonly kind: 'cell'; readonly cell: Location }
  /** Part of a cell, or of several. */
  | { readonly kind: 'mixed'; readonly at: string; readonly cell: Location }
  | { readonly kind: 'outside'; readonly at: string; readonly cell: Location };

/** The place that an address is whatever is read; `known` is the location that a register certainly holds. Null: it depends. */
export function placeOf(address: Expr, known: (name: string) => Location | null): Place | null {
  switch (address.kind) {
    case 'const':
      return isLocation(address.value) ? { base: address.value, offset: 0n } : null;
    case 'register': {
      const base = known(address.name);
      return base === null ? null : { base, offset: 0n };
    }
    case 'binary': {
      const { op, left, right } = address;
      if (op !== '+' || right.kind !== 'const' || isLocation(right.value)) return null;
      const place = placeOf(left, known);
      return place === null ? null : { base: place.base, offset: place.offset + BigInt(right.value) };
    }
    default:
      return null;
  }
}

/** What an access of `bits` at a place is of. */
export function cellAt({ base, offset }: Place, bits: number): Found {
  const size = BigInt(bits / 8);
  const { row, position } = base.inRow ?? { row: null, position: 0 };
  const stride = BigInt(row?.stride ?? base.type.bits / 8);
  const start = BigInt(position) * stride + offset;
  const end = BigInt(row?.elements.length ?? 1) * stride;
  const at =
    offset === 0n ? base.name : `${base.name}${offset < 0n ? '-' : '+'}${offset < 0n ? -offset : offset}`;
  if (start + size <= 0n || start >= end) return { kind: 'outside', at, cell: base };
  const cell = row?.elements[Number(start / stride)] ?? base;
  const isWhole = start >= 0n && start % stride === 0n && size === stride && cell.type.bits === bits;
  return isWhole ? { kind: 'cell', cell } : { kind: 'mixed', at, cell };
}
