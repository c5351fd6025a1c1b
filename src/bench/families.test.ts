/** The benchmark's tests are what they say: at their smallest sizes the search counts what combinatorics says. */
import { describe, expect, it } from 'vitest';
import { familiesAsm } from './families-asm.js';
import { familiesC } from './families-c.js';
import { binomial, factorial } from './family.js';
import { measure } from './measure.js';

const families = [...familiesC, ...familiesAsm];

describe('combinatorics', () => {
  it('counts', () => {
    expect([0, 1, 5].map(factorial)).toEqual([1, 1, 120]);
    expect([0, 2, 4].map((k) => binomial(4, k))).toEqual([1, 6, 1]);
  });

  // Measured with herd7 7.58 at these sizes: the closed forms are its counts.
  it.each([
    ['arm64 LDXR/STXR', 3, 37],
    ['arm64 LDXR/STXR', 4, 261],
    ['x86 IRIW', 7, 9909],
    ['lkmm n writers + n reads', 5, 30240],
    ['lkmm coherence nx2', 5, 113400],
    ['lkmm MP chain', 9, 511],
  ])('of %s, %d', (name, size, allowed) => {
    const family = families.find((f) => `${f.model} ${f.name}` === name);
    expect(family?.allowed(size)).toBe(allowed);
  });
});

describe('the families', () => {
  it.each(families.map((family) => ({ family, name: `${family.model} ${family.name}` })))(
    '$name',
    ({ family }) => {
      for (const size of family.sizes.slice(0, 2)) {
        const counted = measure(family, size, 'count', () => 0, 1);
        expect([counted.limit, counted.allowed]).toEqual([null, family.allowed(size)]);
        const outcomes = measure(family, size, 'outcomes', () => 0, 1);
        expect([outcomes.limit, outcomes.states]).toEqual([null, counted.states]);
      }
    },
  );
});
