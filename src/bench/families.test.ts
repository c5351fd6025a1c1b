/** The benchmark's tests are what they say: at their smallest sizes the search counts what combinatorics says. */
import { describe, expect, it } from 'vitest';
import { defaultLowerOptions } from '../lower/lower.js';
import { loadShippedModel } from '../model/shipped.js';
import { enumerateNaively } from '../oracle/reference.js';
import { defaultSearchOptions } from '../search/search.js';
import { dialectFor } from '../verdict/model-choice.js';
import { prepareTest, programIn } from '../verdict/prepare-test.js';
import { families, familyNamed } from './families.js';
import { benchModes, binomial, factorial, familyId, interleavings } from './family.js';
import { measure } from './measure.js';
import { recordedFigures } from './recorded-figures.js';
import { hasGrowthTarget, targetSeconds } from './targets.js';

describe('combinatorics', () => {
  it('counts', () => {
    expect([0, 1, 5].map(factorial)).toEqual([1, 1, 120]);
    expect([0, 2, 4].map((k) => binomial(4, k))).toEqual([1, 6, 1]);
    expect([interleavings(2, 1), interleavings(2, 3), interleavings(4, 2)]).toEqual([2, 20, 2520]);
  });

  it.each(
    recordedFigures.flatMap(({ family, size, allowed }) =>
      allowed === null ? [] : [[family, size, allowed] as const],
    ),
  )('agrees with what was recorded of %s, %d', (family, size, allowed) => {
    expect(familyNamed(family).allowed(size)).toBe(allowed);
  });
});

describe('the families', () => {
  const smallest = families.flatMap((family) =>
    benchModes.map((mode) => ({ id: familyId(family), size: family.sizes[mode][0]!, mode })),
  );

  it.each(smallest)('$id, $size, $mode', ({ id, size, mode }) => {
    const { stopped, wrong } = measure({ family: id, size, mode, limit: 10 }, () => 0);
    expect({ stopped, wrong }).toEqual({ stopped: false, wrong: null });
  });

  it.each(families.map((family) => ({ id: familyId(family), family })))('$id grows', ({ family }) => {
    for (const mode of benchModes) {
      const sizes = family.sizes[mode];
      expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
    }
  });

  // Smaller than the benchmark's: the enumerator tries everything.
  it.each([
    ['lkmm RCU ring', 1],
    ['lkmm RCU ring', 2],
    ['lkmm RCU chain', 2],
    ['lkmm RCU chain', 3],
    ['lkmm RCU chain', 4],
    ['lkmm lock nx1, counter', 2],
    ['lkmm lock nx1, own amounts', 2],
    ['lkmm coherence nx2', 2],
    ['lkmm n writers + n reads', 2],
    ['lkmm cmpxchg', 3],
    ['x86 IRIW', 2],
    ['arm64 LDXR/STXR', 2],
  ])('%s, %d, as the enumerator counts', (id, size) => {
    const { text, model, language, allowed, states } = familyNamed(id);
    const test = prepareTest({ name: id, text: text(size) }).value!;
    const program = programIn(test, dialectFor(model, language), defaultLowerOptions).value!;
    const naive = enumerateNaively(program, loadShippedModel(model), defaultSearchOptions);
    expect([naive.positive! + naive.negative!, naive.states.length]).toEqual([allowed(size), states(size)]);
  });
});

describe('the targets', () => {
  const rows = families.flatMap((family) =>
    benchModes.flatMap((mode) =>
      family.sizes[mode].map((size) => ({ family: familyId(family), size, mode })),
    ),
  );

  it('are about rows that exist', () => {
    const asked = (mode: string) => rows.filter((r) => r.mode === mode && targetSeconds(r) !== null).length;
    expect([asked('count'), asked('outcomes'), asked('verdict')]).toEqual([15, 15, 5]);
    expect(new Set(rows.filter(hasGrowthTarget).map((r) => r.family)).size).toBe(10);
  });

  it('and so are the recorded figures', () => {
    const sizes = rows.filter(({ mode }) => mode === 'count').map(({ family, size }) => `${family}, ${size}`);
    const missing = recordedFigures.filter(({ family, size }) => !sizes.includes(`${family}, ${size}`));
    expect(missing).toEqual([]);
  });
});
