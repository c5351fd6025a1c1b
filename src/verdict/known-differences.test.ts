import { describe, expect, it } from 'vitest';
import { judgeTest } from './conformance.js';
import type { DifferenceKind } from './difference.js';
import { type KnownDifference, knownDifferences } from './known-differences.js';

const table: readonly KnownDifference[] = [
  { files: ['x/a.litmus'], kinds: ['states', 'counts'], right: 'unknown', reason: 'for the test' },
];

function standing(file: string, kinds: readonly DifferenceKind[], mode: 'count' | 'outcomes' = 'count') {
  const differences = kinds.map((kind) => ({ kind, detail: '' }));
  return judgeTest('x', { file, differences, seconds: 0 }, mode, table).standing;
}

describe('known differences', () => {
  it('are those of a row, no more and no fewer', () => {
    expect(standing('a.litmus', ['counts', 'states'])).toBe('known');
    expect(standing('a.litmus', ['states'])).toBe('new');
    expect(standing('a.litmus', ['states', 'counts', 'flags'])).toBe('new');
    expect(standing('a.litmus', [])).toBe('stale');
    expect(standing('b.litmus', ['states', 'counts'])).toBe('new');
    expect(standing('b.litmus', [])).toBe('agrees');
  });

  it('are as far as the mode sees them', () => {
    expect(standing('a.litmus', ['states'], 'outcomes')).toBe('known');
    expect(standing('a.litmus', [], 'outcomes')).toBe('stale');
  });

  it('name each file once', () => {
    const files = knownDifferences.flatMap((row) => row.files);
    expect(new Set(files).size).toBe(files.length);
  });
});
