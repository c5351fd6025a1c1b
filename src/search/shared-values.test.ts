/** Equal values are one object, and only these: whatever they have in common by chance. */
import { expect, test } from 'vitest';
import { EventSet } from '../relation/relation.js';
import { SharedValues } from './shared-values.js';

const EVENTS = 64;
/** So many that hashes of 32 bits are the same now and then: a pair in each 65 thousand, about. */
const MANY = 100_000;

/** All different: the first word counts, the second is mixed from it. */
function setOf(number: number): EventSet {
  const set = new EventSet(EVENTS);
  set.bits[0] = number;
  set.bits[1] = Math.imul(number, 0x85ebca6b);
  return set;
}

test('a value is never taken for another', () => {
  const values = new SharedValues(EVENTS, true);
  const [first, ids] = [values.interval(setOf(1), setOf(1)), new Set<number>()];
  for (let number = 1; number <= MANY; number++) {
    const { lo, hi, id } = values.interval(setOf(number), setOf(number));
    if (lo !== hi || lo.bits[0] !== number)
      expect([number, lo.bits[0], lo === hi]).toEqual([number, number, true]);
    ids.add(id);
  }
  expect(ids.size).toBe(MANY);
  expect(values.interval(setOf(1), setOf(1))).toBe(first);
});
