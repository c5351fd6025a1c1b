import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctNames } from './distinct-names.js';

describe('names of one folder', () => {
  it.each<[string, string]>([
    ['sb mp lb', 'sb mp lb'],
    ['sb mp sb sb', 'sb mp sb.2 sb.3'],
    ['SB sb', 'SB sb.2'],
    // what has a name keeps it
    ['sb sb sb.2', 'sb sb.3 sb.2'],
    ['sb sb.2 sb SB.3', 'sb sb.2 sb.4 SB.3'],
  ])('%s: %s', (names, expected) => {
    expect(distinctNames(names.split(' ')).join(' ')).toBe(expected);
  });

  it('are different, and the first of a name has it', () => {
    const name = fc.stringMatching(/^[abA](\.[23])?$/);
    fc.assert(
      fc.property(fc.array(name), (names) => {
        const found = distinctNames(names);
        expect(new Set(found.map((each) => each.toLowerCase())).size).toBe(names.length);
        const small = names.map((each) => each.toLowerCase());
        for (const [at, each] of small.entries())
          if (small.indexOf(each) === at) expect(found[at]).toBe(names[at]);
      }),
      { seed: 5 },
    );
  });
});
