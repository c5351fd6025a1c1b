import { describe, expect, it } from 'vitest';
import { applyBinary } from './arithmetic.js';
import type { BinaryOp } from './ir.js';
import { INT32, INT64, type Location, type Value } from './value.js';

const cell = (index: number, name: string): Location => ({
  kind: 'location',
  index,
  name,
  type: INT32,
  role: 'int',
  initial: 0,
});
const x = cell(0, 'x');
const y = cell(1, 'y');

describe('arithmetic on addresses', () => {
  // An index that a false dependency computes is 0: `ldr w1, [x1, w2, sxtw]` with w2 = w0 ^ w0.
  it.each<[BinaryOp, Value, Value, Value | undefined]>([
    ['+', x, 0, x],
    ['+', 0, x, x],
    ['-', x, 0, x],
    ['-', x, x, 0],
    ['^', x, x, 0],
    ['^', x, 0, x],
    ['|', 0, x, x],
    ['&', x, 0, 0],
    ['&', x, x, x],
    ['==', x, x, 1],
    ['!=', x, y, 1],
    ['==', x, 0, 0],
    // What has no value has none: not 0.
    ['+', x, 4, undefined],
    ['+', x, y, undefined],
    ['-', x, y, undefined],
    ['-', 0, x, undefined],
    ['^', x, y, undefined],
    ['&', x, 1, undefined],
    ['*', x, 0, undefined],
    ['<', x, y, undefined],
  ])('%s', (op, left, right, value) => {
    expect(applyBinary(op, left, right, INT64)).toBe(value);
  });
});
