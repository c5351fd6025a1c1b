import { describe, expect, it } from 'vitest';
import { applyBinary, applyUnary } from './arithmetic.js';
import type { BinaryOp, UnaryOp } from './ir.js';
import {
  canonical,
  INT32,
  INT64,
  type IntType,
  type Location,
  NOT_A_CELL,
  UINT64,
  type Value,
} from './value.js';

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

describe('what looks at the bits of a value', () => {
  it.each<[UnaryOp, IntType['bits'], bigint, bigint]>([
    ['clz', 64, 0n, 64n],
    ['clz', 64, -1n, 0n],
    ['clz', 32, 1n, 31n],
    // Bits beyond the type are none of its.
    ['clz', 32, 0x1_0000_0000n, 32n],
    ['clz', 8, 0x10n, 3n],
    ['rbit', 8, 0x13n, 0xc8n],
    ['rbit', 32, 1n, 0x8000_0000n],
    ['rbit', 64, 0x0123_4567_89ab_cdefn, 0xf7b3_d591_e6a2_c480n],
    ['rev', 16, 0x1234n, 0x3412n],
    ['rev', 32, -2n, 0xfeff_ffffn],
    ['rev', 64, 0x0123_4567_89ab_cdefn, 0xefcd_ab89_6745_2301n],
  ])('%s of %i bits', (op, bits, value, wanted) => {
    expect(BigInt(applyUnary(op, canonical(value), { bits, signed: false }) as number | bigint)).toBe(wanted);
    expect(applyUnary(op, x, { bits, signed: false })).toBeUndefined();
  });

  it('is signed if the type is', () => {
    expect(applyUnary('rbit', 1, INT64)).toBe(-(1n << 63n));
  });

  it.each<[bigint, bigint, IntType, bigint]>([
    [-1n, -1n, UINT64, (1n << 64n) - 2n],
    [-1n, -1n, INT64, 0n],
    [-(1n << 63n), 2n, INT64, -1n],
    [0x8000_0000n, 6n, { bits: 32, signed: false }, 3n],
  ])('the upper half of %i times %i', (left, right, type, wanted) => {
    expect(BigInt(applyBinary('mulh', canonical(left), canonical(right), type) as number | bigint)).toBe(
      wanted,
    );
  });
});
