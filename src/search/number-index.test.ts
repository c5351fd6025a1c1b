/** A table of numbers and a list of states that are made of numbers behave as a Map and as an array do. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Execution, FinalState, FinalStates } from './execution.js';
import { NumberIndex } from './number-index.js';
import { NumberedStates } from './numbered-states.js';

// small ones, whose low halves are equal, and any
const numbers = fc.oneof(
  fc.nat(100),
  fc.nat(100).map((high) => high * 2 ** 32 + 7),
  fc.maxSafeNat(),
);

test('a number has the place in which it was added', () => {
  fc.assert(
    fc.property(fc.array(numbers, { maxLength: 400 }), fc.array(numbers), (added, asked) => {
      const index = new NumberIndex();
      const places = new Map<number, number>();
      for (const number of added) {
        expect(index.placeOf(number)).toBe(places.get(number) ?? -1);
        if (!places.has(number)) places.set(number, index.add(number));
      }
      expect(index.numbers).toEqual([...places.keys()]);
      for (const number of [...asked, ...added]) expect(index.placeOf(number)).toBe(places.get(number) ?? -1);
    }),
    { seed: 1, numRuns: 200 },
  );
});

function stateOf(number: number): FinalState {
  const witness = (): Execution => {
    throw new Error('nobody asks');
  };
  return { values: [number], satisfies: number % 2 === 0, executions: null, witness };
}

/** All that may be asked. */
function ask(states: FinalStates, at: number, end: number): unknown {
  const value = (state: FinalState | undefined) => state?.values[0];
  const isEven = ({ satisfies }: FinalState) => satisfies;
  return [
    states.length,
    [...states].map(value),
    value(states.at(at)),
    states.map((state, index) => [value(state), index]),
    states.filter(isEven).map(value),
    value(states.find(isEven)),
    states.some(isEven),
    states.every(isEven),
    states.slice().map(value),
    states.slice(at, end).map(value),
  ];
}

test('states that are made of numbers are listed as an array of them is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(50)),
      fc.integer({ min: -5, max: 60 }),
      fc.integer({ min: -5, max: 60 }),
      (all, at, end) => {
        const states = new NumberedStates(Float64Array.from(all), stateOf);
        expect(ask(states, at, end)).toEqual(ask(all.map(stateOf), at, end));
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});
