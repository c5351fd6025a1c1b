import { describe, expect, it } from 'vitest';
import { INT32, INT64, type IntType, UINT32 } from '../program/value.js';
import { decide } from './facts.js';
import { binarySymbol, constant, convertSymbol, type SymbolicValue, unarySymbol } from './symbol.js';

const UINT8: IntType = { bits: 8, signed: false };
const read = (event: number): SymbolicValue => ({ kind: 'read', event });
const binary = (
  op: '==' | '!=' | '<' | '^' | '-',
  left: SymbolicValue,
  right: SymbolicValue,
  type = INT32,
): SymbolicValue => binarySymbol(op, left, right, type);
const not = (operand: SymbolicValue): SymbolicValue => unarySymbol('!', operand, INT64);

describe('decide', () => {
  it.each<[string, readonly SymbolicValue[], SymbolicValue, boolean | undefined]>([
    ['nothing known', [], read(0), undefined],
    ['the constraint itself', [binary('==', read(0), read(1))], binary('==', read(0), read(1)), true],
    ['its negation', [binary('==', read(0), read(1))], binary('!=', read(0), read(1)), false],
    ['the other way round', [binary('==', read(0), read(1))], not(binary('==', read(1), read(0))), false],
    ['a denied equality', [not(binary('==', read(0), read(1)))], binary('==', read(0), read(1)), false],
    [
      'through a conversion as wide',
      [binary('==', read(1), convertSymbol(read(0), UINT32))],
      binary('!=', read(1), read(0)),
      false,
    ],
    [
      'a read known to be a constant',
      [binary('==', read(0), constant(1))],
      binary('<', read(0), constant(1)),
      false,
    ],
    [
      'of two constants only one',
      [binary('==', read(0), constant(1))],
      binary('==', read(0), constant(2)),
      false,
    ],
    [
      'a truth value compared with zero',
      [binary('==', read(0), constant(1))],
      not(binary('==', binary('==', read(0), constant(1)), constant(0))),
      true,
    ],
    [
      'a difference compared with zero',
      [binary('!=', binary('^', read(1), read(0), UINT32), constant(0), UINT32)],
      binary('==', read(1), convertSymbol(read(0), UINT32)),
      false,
    ],
    [
      'a difference that is zero',
      [binary('==', binary('-', read(1), read(0), UINT32), constant(0), INT64)],
      binary('!=', read(0), read(1)),
      false,
    ],
    [
      'the low bits of a difference',
      [binary('==', binary('^', read(1), read(0), INT32), constant(0), UINT8)],
      binary('==', read(0), read(1)),
      undefined,
    ],
    [
      'a difference compared with another number',
      [binary('==', binary('^', read(1), read(0)), constant(1))],
      binary('==', read(0), read(1)),
      undefined,
    ],
    [
      'other widths are other equalities',
      [binary('==', read(0), read(1), INT64)],
      binary('==', read(0), read(1)),
      undefined,
    ],
    [
      'an ambiguous constant gives no value',
      [binary('==', read(0), constant(-1), UINT32)],
      binary('<', read(0), constant(0), INT64),
      undefined,
    ],
    [
      'inequality with one constant',
      [not(binary('==', read(0), constant(1)))],
      binary('==', read(0), constant(2)),
      undefined,
    ],
  ])('%s', (_name, constraints, symbol, expected) => {
    expect(decide(constraints, symbol, () => 32)).toBe(expected);
  });

  it.each<[number, boolean | undefined]>([
    [64, undefined],
    [32, false],
    [8, false],
  ])('knows a read of %s bits by a comparison in 32 if that sees all of it', (bits, expected) => {
    const isFive = binary('==', convertSymbol(read(0), UINT32), constant(5), UINT32);
    expect(decide([isFive], binary('!=', read(0), constant(5), INT64), () => bits)).toBe(expected);
  });
});
