/** Postdominators against their definition: every path to the exit goes through. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { immediatePostdominators } from './joins.js';

/** Whether the exit can be reached without passing through `without`. */
function escapes(successors: readonly (readonly number[])[], from: number, without: number): boolean {
  const seen = new Set<number>();
  const pending = [from];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node === without || seen.has(node)) continue;
    if (node === successors.length) return true;
    seen.add(node);
    pending.push(...successors[node]!);
  }
  return false;
}

/** The definition: the strict postdominator that all other strict ones postdominate. */
function naive(successors: readonly (readonly number[])[], node: number): number | null {
  if (!escapes(successors, node, -1)) return null;
  const strict = successors.map((_, i) => i).filter((i) => i !== node && !escapes(successors, node, i));
  return strict.find((i) => strict.every((j) => j === i || !escapes(successors, i, j))) ?? null;
}

describe('immediatePostdominators', () => {
  it.each([
    ['straight line', [[1], [2]], [1, null]],
    ['if and else', [[1, 2], [3], [3], [4]], [3, 3, 3, null]],
    ['early return', [[1, 3], [2], [3]], [null, 2, null]],
    ['loop', [[1, 3], [2], [0], [4]], [3, 2, 0, null]],
    ['endless loop', [[1], [0], [3]], [null, null, null]],
    ['nothing', [], []],
  ])('%s', (_name, successors, expected) => {
    expect(immediatePostdominators(successors)).toEqual(expected);
  });

  it('agrees with the definition', () => {
    const graphs = fc.integer({ min: 1, max: 9 }).chain((n) =>
      fc.array(fc.array(fc.integer({ min: 0, max: n }), { minLength: 1, maxLength: 2 }), {
        minLength: n,
        maxLength: n,
      }),
    );
    fc.assert(
      fc.property(graphs, (successors) => {
        expect(immediatePostdominators(successors)).toEqual(successors.map((_, i) => naive(successors, i)));
      }),
      { seed: 20261121, numRuns: 2000 },
    );
  });
});
