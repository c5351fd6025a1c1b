import { describe, expect, it } from 'vitest';
import { applyBinary } from './arithmetic.js';
import type { BinaryOp } from './ir.js';
import { INT32, INT64, type Location, NOT_A_CELL, UINT64, type Value } from './value.js';

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

describe('arithmetic within an array', () => {
  // int a[3]
  const elements: Location[] = [];
  const end: Location = {
    ...cell(NOT_A_CELL, 'a[3]'),
    inRow: {
      row: {
        elements,
        stride: 4,
        get end() {
          return end;
        },
      },
      position: 3,
    },
  };
  const row = end.inRow!.row;
  for (let position = 0; position < 3; position++)
    elements.push({ ...cell(2 + position, `a[${position}]`), inRow: { row, position } });
  const [a0, a1, a2] = elements as [Location, Location, Location];

  it.each<[BinaryOp, Value, Value, Value | undefined]>([
    ['+', a0, 4, a1],
    ['+', 8, a0, a2],
    ['+', a2, -8, a0],
    ['+', a2, 2n ** 64n - 4n, a1],
    ['-', a2, 4, a1],
    ['-', a2, a0, 8],
    ['-', a0, a2, -8],
    ['<', a0, a1, 1],
    ['>=', a0, a1, 0],
    ['<=', a1, a1, 1],
    // Behind the last element there is an address, but nothing else.
    ['+', a2, 4, end],
    ['-', end, 4, a2],
    ['-', end, a0, 12],
    ['<', a2, end, 1],
    ['+', a2, 8, undefined],
    ['+', end, 4, undefined],
    ['-', a0, 4, undefined],
    ['+', a0, 2, undefined],
    // Other objects may be anywhere.
    ['-', a0, x, undefined],
    ['<', a0, x, undefined],
    ['<', 0, a0, undefined],
    ['-', 4, a0, undefined],
    ['+', a0, 2n ** 63n, undefined],
  ])('%s', (op, left, right, value) => {
    expect(applyBinary(op, left, right, UINT64)).toBe(value);
  });
});
