/** The enumerator on executions counted by hand; everything else relies on it, so these are few and plain. */
import { describe, expect, test } from 'vitest';
import { loadShippedModel } from '../model/shipped.js';
import type { Program } from '../program/ir.js';
import { compileText } from './agreement.js';
import { stateKey } from './compare-results.js';
import { buildProgram, constant, type Statement } from './program-plan.js';
import { candidateExecutions, choices, enumerateNaively, mayFault, permutations } from './reference.js';

const at = (cell: number) => ({ cell, chosenBy: null });
const read = (dst: string, cell: number): Statement => ({
  kind: 'load',
  dst,
  place: at(cell),
  style: 0,
  unsigned: false,
});
const write = (cell: number, value: number): Statement => ({
  kind: 'store',
  place: at(cell),
  value: constant(value),
  style: 0,
});
const copy = (cell: number, register: string): Statement => ({
  kind: 'store',
  place: at(cell),
  value: { kind: 'register', name: register },
  style: 0,
});
const follow = (guarded: boolean): Statement => ({
  kind: 'follow',
  dst: 'r0',
  value: constant(0),
  style: 0,
  guarded,
});

function program(threads: readonly (readonly Statement[])[], nullPointer = false): Program {
  return buildProgram({ dialect: 'lkmm', threads, cells: [0, 0], nullPointer });
}

function candidates(of: Program): number {
  return [...candidateExecutions(of, 2).executions].length;
}

test('choices and permutations', () => {
  expect([...choices([[1, 2], [], [3]])]).toEqual([]);
  expect([...choices([[1, 2], [3]])]).toEqual([
    [1, 3],
    [2, 3],
  ]);
  expect([...choices([])]).toEqual([[]]);
  expect(permutations([1, 2, 3])).toHaveLength(6);
  expect(permutations([])).toEqual([[]]);
});

describe('candidates', () => {
  test.each<[string, readonly (readonly Statement[])[], number]>([
    ['a read has the initial write and the other write', [[write(0, 1)], [read('r0', 0)]], 2],
    ['two reads: 2 x 2', [[write(0, 1)], [read('r0', 0), read('r1', 0)]], 4],
    ['three writes of one cell: 3!', [[write(0, 1)], [write(0, 2)], [write(0, 3)]], 6],
    ['writes of different cells have one order', [[write(0, 1)], [write(1, 2)]], 1],
    // of the four maps, the one in which both read each other's copy gives no value
    [
      'values out of thin air do not resolve',
      [
        [read('r0', 0), copy(1, 'r0')],
        [read('r0', 1), copy(0, 'r0')],
      ],
      3,
    ],
  ])('%s', (_, threads, count) => {
    expect(candidates(program(threads))).toBe(count);
  });
});

test('store buffering under sc: counts, states and witnesses', () => {
  const sb: Program = {
    ...program([
      [write(0, 1), read('r0', 1)],
      [write(1, 1), read('r0', 0)],
    ]),
    condition: {
      quantifier: 'exists',
      proposition: {
        kind: 'compare',
        op: '=',
        left: { kind: 'observable', index: 0 },
        right: { kind: 'value', value: 1 },
      },
      text: 'exists (0:r0=1)',
    },
  };
  const result = enumerateNaively(sb, loadShippedModel('sc'), { mode: 'count', unroll: 2, expired: null });
  expect(result.states.map((s) => stateKey(s.values.slice(0, 2)))).toEqual(['0 1', '1 0', '1 1']);
  expect([result.positive, result.negative, result.candidates]).toEqual([2, 1, 4]);
  for (const { values, witness } of result.states) expect(witness().finals).toEqual(values);
});

test.each<[string, string, number, string[]]>([
  ['two relations', 'with x from {po, rf} acyclic x', 4, ['1', '2']],
  ['one of two', 'with x from {po, rf} ~empty x & rf', 2, ['1', '2']],
  ['nothing', 'with x from {} acyclic po', 0, []],
  ['all orders of the writes', 'let W = W & M include "cos.cat" acyclic co', 2, ['1', '2']],
  [
    'an order that depends on a choice',
    'let W = W & M include "cos.cat" with x from {co, 0} ~empty x',
    2,
    ['1', '2'],
  ],
  // the order is empty: a location ends with the first of its writes
  ['no order', 'with co from {0, po & rf} acyclic co', 1, ['0']],
])('a model that chooses: %s', (_, text, executions, lasts) => {
  const written = program([[write(0, 1)], [write(0, 2), read('r0', 1)]]);
  const model = compileText(text, 'lkmm');
  const result = enumerateNaively(written, model, { mode: 'count', unroll: 2, expired: null });
  expect(result.positive! + result.negative!).toBe(executions);
  expect([...new Set(result.states.map((s) => stateKey(s.values.slice(1, 2))))].sort()).toEqual(lasts);
});

describe('faults', () => {
  const publish: Statement = { kind: 'publish', cell: 1, style: 0 };

  test('NULL is followed only if nothing tests for it', () => {
    expect(mayFault(program([[publish], [follow(false)]], true), 2)).toBe(true);
    expect(mayFault(program([[publish], [follow(true)]], true), 2)).toBe(false);
    expect(mayFault(program([[publish], [follow(false)]], false), 2)).toBe(false);
  });

  test('a faulting execution is no candidate', () => {
    // only the published pointer leads anywhere, to a cell with one write
    expect(candidates(program([[publish], [follow(false)]], true))).toBe(1);
  });

  test('a pointer is not what a store through it says', () => {
    const through: Statement = { ...follow(false), dst: null } as Statement;
    expect(mayFault(program([[through]]), 2)).toBe(false);
  });
});
