import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Value } from '../program/value.js';
import { UNRESOLVED } from './skeleton.js';
import { type Demand, haveOwnSources, type TraceWrite, type Updating } from './update-sources.js';

const initial = () => 0;
const admits = ({ admits }: Demand, value: Value) => admits(value);
const update = (expected: number, read = 0, location = 0): Demand => ({
  read,
  location,
  admits: (value) => value === expected,
});
const write = (value: number | null, event = 1, location = 0): TraceWrite => ({ event, location, value });
const trace = (updates: Demand[], ...writes: TraceWrite[]): Updating => ({ updates, writes });
const swap = (from: number, to: number) => trace([update(from)], write(to));

test.each<[string, Updating[], Updating[][], boolean]>([
  ['one', [swap(0, 1)], [], true],
  ['two of the initial value', [swap(0, 1), swap(0, 2)], [], false],
  ['one after the other', [swap(0, 1), swap(1, 2)], [], true],
  ['one of the first two has to go on', [swap(0, 0), swap(0, 1), swap(0, 2)], [], false],
  ['its own write does not help', [swap(0, 1), swap(0, 0)], [], true],
  ['nor if nobody else writes what it wants', [trace([update(0)], write(0)), swap(1, 1)], [], false],
  ['its own earlier write', [1, 2].map(() => trace([update(7, 1)], write(7, 0), write(1, 2))), [], true],
  ['released', [swap(0, 1), trace([update(0)], write(1), write(0, 2))], [], true],
  ['released by a thread to come', [swap(0, 1), swap(0, 1)], [[trace([]), trace([], write(0))]], true],
  ['a thread to come writes something else', [swap(0, 1), swap(0, 1)], [[trace([], write(2))]], false],
  ['an unknown value', [swap(0, 1), swap(0, 1)], [[trace([], write(null))]], true],
  ['an unknown address', [swap(0, 1), swap(0, 1)], [[trace([], write(0, 1, UNRESOLVED))]], true],
  ['another location', [swap(0, 1), swap(0, 1)], [[trace([], write(0, 1, 1))]], false],
  ['two locations', [swap(0, 1), trace([update(0, 0, 1)], write(1, 1, 1))], [], true],
])('%s', (_, chosen, remaining, expected) => {
  expect(haveOwnSources(chosen, remaining, initial, admits)).toBe(expected);
});

/** Tries all ways to give each update a write of its own. */
function canAllRead(traces: readonly Updating[]): boolean {
  const updates = traces.flatMap((of) => of.updates.map((demand) => ({ of, demand })));
  const sources = [
    { of: null, ...write(0, -1) },
    ...traces.flatMap((of) => of.writes.map((w) => ({ of, ...w }))),
  ];
  const go = (at: number, taken: ReadonlySet<unknown>): boolean => {
    const next = updates[at];
    if (next === undefined) return true;
    return sources.some(
      (source) =>
        !taken.has(source) &&
        (source.of !== next.of || source.event < next.demand.read) &&
        (source.value === null || next.demand.admits(source.value)) &&
        go(at + 1, new Set([...taken, source])),
    );
  };
  return go(0, new Set());
}

test('agrees with trying all ways', () => {
  const value = fc.integer({ min: 0, max: 2 });
  const made = fc
    .tuple(value, fc.option(value), fc.boolean())
    .map(([from, to, early]) =>
      early ? trace([update(from, 1)], write(0, 0), write(to, 2)) : trace([update(from)], write(to)),
    );
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(fc.array(made, { minLength: 2, maxLength: 5 }), (traces) => {
      const found = haveOwnSources(traces, [], initial, admits);
      seen.add(found);
      expect(found).toBe(canAllRead(traces));
    }),
    { seed: 5, numRuns: 400 },
  );
  expect(seen.size).toBe(2);
});
