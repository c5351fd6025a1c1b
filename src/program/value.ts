/**
 * Run-time values: exact integers and addresses of locations.
 *
 * Encoding: an integer is a JS number if it is a safe integer and a bigint otherwise, so `===` decides equality
 * of all values. An address is the Location object itself. NULL is the integer 0.
 */

/** Integer type of an operation or of a memory cell; arithmetic wraps to it. */
export interface IntType {
  readonly bits: 8 | 16 | 32 | 64;
  readonly signed: boolean;
}

export const INT32: IntType = { bits: 32, signed: true };
export const UINT32: IntType = { bits: 32, signed: false };
export const INT64: IntType = { bits: 64, signed: true };
export const UINT64: IntType = { bits: 64, signed: false };
export const BOOL: IntType = { bits: 8, signed: false };

/** A memory cell. Identity is the object; `index` is its position in Program.locations. */
export interface Location {
  readonly kind: 'location';
  readonly index: number;
  /** As the user writes it: `x`, `p->__state`, `a[1]`. */
  readonly name: string;
  readonly type: IntType;
  /** What the cell is declared as; locks and atomics restrict which primitives apply. `code` is an instruction's address: no cell. */
  readonly role: 'int' | 'pointer' | 'spinlock' | 'atomic' | 'code';
  /** May be another location (a pointer cell). Set once while the program is built. */
  initial: Value;
  /** Where it is among its neighbours, for address arithmetic; absent: it has none. */
  readonly inRow?: { readonly row: CellRow; readonly position: number };
}

/** The elements of an array: element k stands k * stride bytes after the first. */
export interface CellRow {
  readonly elements: readonly Location[];
  readonly stride: number;
  /**
   * The address behind the last element, which C lets one compute and compare, but not access. It is no cell: its index is
   * NOT_A_CELL, and no program lists it.
   */
  readonly end: Location;
}

/** The index of a location that cannot be accessed. */
export const NOT_A_CELL = -2;

export type Value = number | bigint | Location;

export function isLocation(value: Value): value is Location {
  return typeof value === 'object';
}

/** Whether a value is the address of an instruction. */
export function isCode(value: Value): boolean {
  return isLocation(value) && value.role === 'code';
}

/** The cell that an access to an address reaches; null: none. */
export function cellAt(address: Value): Location | null {
  return isLocation(address) && address.index >= 0 ? address : null;
}

/** The canonical form of an integer. */
export function canonical(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
}

/** Wraps an integer to a type, as C conversion does (two's complement). */
export function wrapTo(value: number | bigint, type: IntType): number | bigint {
  if (typeof value === 'number') {
    if (type.bits === 32) return type.signed ? value | 0 : value >>> 0;
    if (type.bits === 16) return type.signed ? (value << 16) >> 16 : value & 0xffff;
    if (type.bits === 8) return type.signed ? (value << 24) >> 24 : value & 0xff;
    if (type.signed || value >= 0) return value;
  }
  const wide = BigInt(value);
  return canonical(type.signed ? BigInt.asIntN(type.bits, wide) : BigInt.asUintN(type.bits, wide));
}

/** Integers by value, before addresses by name. */
export function compareValues(a: Value, b: Value): number {
  if (isLocation(a)) {
    if (!isLocation(b)) return 1;
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  }
  if (isLocation(b)) return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How a value is printed in states and graphs. The address of an array's first element goes by the array's name. */
export function showValue(value: Value): string {
  if (!isLocation(value)) return String(value);
  return value.inRow?.position === 0 ? value.name.replace(/\[0\]$/, '') : value.name;
}
