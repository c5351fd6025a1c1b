/** When parts of candidates are judged. That it changes no result is tested with the search (oracle/agreement.ts). */
import { expect, test } from 'vitest';
import { PruningPolicy } from './pruning.js';

const policy = () => new PruningPolicy(true, false);
const askedTimes = (times: number, ask: () => boolean): number =>
  Array.from({ length: times }, ask).filter((asked) => asked).length;

/** Comes to parts of one depth, one after the other, with so many candidates below each. */
function explore(of: PruningPolicy, parts: number, below: number, cost = 0): number {
  return askedTimes(parts, () => {
    const asked = of.isWorthwhile(0, () => below, cost);
    for (let i = 0; i < below; i++) of.completed();
    return asked;
  });
}

test('parts with few candidates below them are not judged', () => {
  expect(explore(policy(), 60, 1)).toBe(0);
  expect(explore(policy(), 4, 31)).toBe(0);
  expect(explore(policy(), 4, 32)).toBe(4);
});

test('nothing is judged until a part is worth to make the judge', () => {
  expect(explore(policy(), 200, 400, 500)).toBe(0);
  expect(explore(policy(), 20, 600, 500)).toBe(20);
  expect(explore(policy(), 20, 400, 0)).toBe(20);
});

test('what was expected is forgotten for what was found', () => {
  const of = policy();
  const expected = () => 1000;
  for (let part = 0; part < 5; part++) {
    expect(of.isWorthwhile(0, expected, 500)).toBe(part < 4);
    of.completed();
  }
  expect(of.isWorthwhile(0, expected, 500)).toBe(false);
});

test('where judging decides nothing, it is tried now and then', () => {
  const of = policy();
  const asked = askedTimes(1000, () => {
    const asked = of.isWorthwhile(0, () => 40, 0);
    if (asked) of.judged(0, 'open', of.asksPermission(0));
    for (let i = 0; i < 40; i++) of.completed();
    return asked;
  });
  expect(asked).toBeGreaterThan(40);
  expect(asked).toBeLessThan(120);
});

test('switched off, nothing is judged; eager, all is', () => {
  expect(explore(new PruningPolicy(false, true), 10, 100)).toBe(0);
  expect(explore(new PruningPolicy(true, true), 10, 0, 500)).toBe(10);
});
