/** Places of accesses that are none: an execution that comes to one of these breaks off, and is a fault of the program. */
import { cellAt, type IntType, type Value } from '../program/value.js';
import { accessedCell } from './skeleton.js';

/** The locations of an event whose address is no address, or one of a cell of another size. */
export const FAULTY = -4;
export const MISSIZED = -5;

export function isFaulty(location: number): boolean {
  return location === FAULTY || location === MISSIZED;
}

/** The location index that an access of a type to an address has. */
export function placeOf(address: Value, type: IntType | null): number {
  const cell = accessedCell(address, type);
  if (cell !== null) return cell.index;
  return cellAt(address) === null ? FAULTY : MISSIZED;
}
