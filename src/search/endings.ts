/**
 * How locations may end: the last writes that an order forced on writes leaves possible.
 *
 * In outcome and verdict mode the final state matters and not the order that leads to it. So the last writes are chosen first; where
 * the state that they make is known, all orders that end so are left out, and where it is not, the first allowed order
 * decides. Sound: each order has one last write, and it is one that nothing is forced after.
 */
import { applyPins, type ForcedOrder, type Pin } from './coherence.js';

/** The writes of one location that may be its last. */
export function possibleLast(writes: readonly number[], order: ForcedOrder): readonly number[] {
  return writes.filter((write) => !order.hasAfter(write));
}

/** What is forced on writes by pins, as the reads-from search knows it. */
export interface PinRules {
  readonly writesOfPin: (pin: Pin) => readonly number[];
  readonly mayIntervene: (pin: Pin, write: number) => boolean;
}

/** Puts all other writes of the location before `last`, with what that implies; false if it contradicts the order. */
export function forceLast(
  order: ForcedOrder,
  writes: readonly number[],
  last: number,
  pins: readonly Pin[],
  rules: PinRules,
): boolean {
  if (!writes.every((write) => write === last || order.add(write, last))) return false;
  return pins.length === 0 || applyPins(order, pins, rules.writesOfPin, rules.mayIntervene);
}
