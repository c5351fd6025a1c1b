import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRelation, parseSet, show } from './notation.js';
import { EventSet, lastWordMask, Relation } from './relation.js';

const sizes = [0, 1, 31, 32, 33, 63, 64, 65, 96, 97];

describe('notation', () => {
  test.each([
    ['0>1 1>2 / 4', '0>1 1>2 / 4'],
    ['1>2 0>1 / 4', '0>1 1>2 / 4'],
    ['0>1>2>0 / 3', '0>1 1>2 2>0 / 3'],
    ['/ 0', '/ 0'],
    ['40>33 / 65', '40>33 / 65'],
  ])('%s', (text, normal) => {
    expect(show(parseRelation(text))).toBe(normal);
  });

  test('sets', () => {
    expect(show(parseSet('3 0 / 4'))).toBe('0 3 / 4');
    expect(show(parseSet('/ 7'))).toBe('/ 7');
  });

  test.each(['0>1', '0>4 / 4', '0 / 4', '0>x / 4', '0-1 / 4'])('rejects %s', (text) => {
    expect(() => parseRelation(text)).toThrow();
  });
});

describe('encoding', () => {
  test.each(sizes)('a row of %i events', (n) => {
    const set = EventSet.of(n, [...Array(n).keys()]);
    expect(set.words).toBe(Math.max(1, Math.ceil(n / 32)));
    expect(set.members()).toEqual([...Array(n).keys()]);
    expect(set.bits[set.words - 1]).toBe(lastWordMask(n));
    expect(new Relation(n).bits.length).toBe(n * set.words);
  });

  test.each(sizes)('pairs come back in order, n = %i', (n) => {
    const pair = fc.tuple(fc.nat(Math.max(0, n - 1)), fc.nat(Math.max(0, n - 1)));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: n === 0 ? 0 : 3 * n }), (pairs) => {
        const relation = Relation.of(n, pairs);
        const distinct = [...new Set(pairs.map(([a, b]) => a * n + b))].sort((a, b) => a - b);
        expect(relation.pairs().map(([a, b]) => a * n + b)).toEqual(distinct);
        for (const [a, b] of pairs) expect(relation.has(a, b)).toBe(true);
        for (let a = 0; a < n; a++)
          expect(relation.successors(a)).toEqual(
            distinct.filter((p) => Math.floor(p / n) === a).map((p) => p % n),
          );
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  test.each(sizes.filter((n) => n > 0))('remove undoes add and touches nothing else, n = %i', (n) => {
    const relation = parseRelation(
      `${Array.from({ length: n }, (_, i) => `${i}>${(i * 7) % n}`).join(' ')} / ${n}`,
    );
    const before = show(relation);
    for (let b = 0; b < n; b++) {
      const there = relation.has(0, b);
      relation.add(0, b);
      expect(relation.has(0, b)).toBe(true);
      relation.remove(0, b);
      expect(relation.has(0, b)).toBe(false);
      if (there) relation.add(0, b);
    }
    expect(show(relation)).toBe(before);
  });

  test('a copy is independent', () => {
    const original = parseRelation('0>1 / 33');
    const copy = original.copy();
    copy.add(32, 32);
    expect([show(original), show(copy)]).toEqual(['0>1 / 33', '0>1 32>32 / 33']);
  });
});
