/** Symbols whose parts are shared: evaluated once each, however often a tree would have them. */
import { describe, expect, it } from 'vitest';
import { type Location, UINT32, UINT64 } from '../program/value.js';
import {
  binarySymbol,
  collectReads,
  constant,
  evaluateSymbol,
  NO_VALUE,
  type SymbolicValue,
  sameSymbol,
  selectSymbol,
  unarySymbol,
} from './symbol.js';

const read = (event: number): SymbolicValue => ({ kind: 'read', event });

function repeat(
  start: SymbolicValue,
  times: number,
  step: (s: SymbolicValue) => SymbolicValue,
): SymbolicValue {
  let symbol = start;
  for (let i = 0; i < times; i++) symbol = step(symbol);
  return symbol;
}

describe('a value of many shared parts', () => {
  const doubled = (times: number): SymbolicValue =>
    repeat(read(0), times, (s) => binarySymbol('+', s, s, UINT64));
  /** A step of a hash: x ^ (x << 1) ^ (x < y ? ~x : y). */
  const mixed = repeat(read(0), 40, (s) => {
    const shifted = binarySymbol('<<', s, constant(1), UINT64);
    const chosen = selectSymbol(binarySymbol('<', s, read(1), UINT64), unarySymbol('~', s, UINT64), read(1));
    return binarySymbol('^', binarySymbol('^', s, shifted, UINT64), chosen, UINT64);
  });

  function mix(x: bigint, y: bigint): bigint {
    for (let i = 0; i < 40; i++) x = BigInt.asUintN(64, x ^ (x << 1n) ^ (x < y ? ~x : y));
    return x;
  }

  it('is evaluated', () => {
    expect(evaluateSymbol(doubled(60), [3], 0)).toBe(3n << 60n);
    expect(evaluateSymbol(doubled(64), [3], 0)).toBe(0);
    for (const [x, y] of [
      [0n, 0n],
      [5n, 7n],
      [1n << 40n, 9n],
    ] as const)
      expect(BigInt(evaluateSymbol(mixed, [Number(x), Number(y)], 0) as number | bigint)).toBe(mix(x, y));
  });

  it('is not known before its reads are, and has no value where a part has none', () => {
    expect(evaluateSymbol(mixed, [1, undefined], 0)).toBeUndefined();
    const none = binarySymbol('/', read(0), constant(0), UINT64);
    const sum = repeat(none, 60, (s) => binarySymbol('+', s, s, UINT64));
    expect(evaluateSymbol(sum, [1], 0)).toBe(NO_VALUE);
  });

  it('says which reads it mentions', () => {
    const reads = new Set<number>();
    collectReads(mixed, reads);
    expect([...reads].sort()).toEqual([0, 1]);
  });

  it('is the same as itself, and not as another one of its form', () => {
    const one = doubled(60);
    expect(sameSymbol(one, one)).toBe(true);
    expect(sameSymbol(one, doubled(60))).toBe(false);
    expect(sameSymbol(doubled(5), doubled(5))).toBe(true);
    expect(sameSymbol(doubled(5), doubled(6))).toBe(false);
  });
});

describe('a difference of bits', () => {
  const cell = (index: number): Location => ({
    kind: 'location',
    index,
    name: `x${index}`,
    type: UINT64,
    role: 'int',
    initial: 0,
  });
  const [x, y] = [cell(0), cell(1)];

  it.each([
    ['==', 1, 0],
    ['!=', 0, 1],
  ] as const)('%s 0 compares the operands, which may be addresses', (op, ofSame, ofOther) => {
    const difference = binarySymbol('^', read(0), read(1), UINT64);
    const compared = binarySymbol(op, difference, constant(0), UINT64);
    expect(sameSymbol(compared, binarySymbol(op, read(0), read(1), UINT64))).toBe(true);
    for (const value of [x, 7, -1]) expect(evaluateSymbol(compared, [value, value], 0)).toBe(ofSame);
    for (const [a, b] of [
      [x, y],
      [x, 0],
      [7, 8],
    ] as const)
      expect(evaluateSymbol(compared, [a, b], 0)).toBe(ofOther);
    expect(evaluateSymbol(compared, [x, undefined], 0)).toBeUndefined();
  });

  it('is computed with where it is narrower, or compared with something else', () => {
    const narrow = binarySymbol('^', read(0), read(1), UINT32);
    expect(evaluateSymbol(binarySymbol('==', narrow, constant(0), UINT64), [2 ** 32, 0], 0)).toBe(1);
    const wide = binarySymbol('^', read(0), read(1), UINT64);
    expect(evaluateSymbol(binarySymbol('==', wide, constant(0), UINT32), [2 ** 32, 0], 0)).toBe(1);
    expect(evaluateSymbol(binarySymbol('==', wide, constant(3), UINT64), [1, 2], 0)).toBe(1);
    expect(evaluateSymbol(binarySymbol('==', wide, constant(3), UINT64), [x, y], 0)).toBe(NO_VALUE);
  });
});

describe('a selection', () => {
  it('between equals is that value, whatever decides: its execution needs no value for the condition', () => {
    expect(selectSymbol(read(0), constant(1), constant(1))).toEqual(constant(1));
    expect(selectSymbol(read(0), read(1), read(1))).toEqual(read(1));
    expect(selectSymbol(read(0), constant(1), constant(2)).kind).toBe('select');
  });
});
