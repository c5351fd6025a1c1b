/** Classes of final states: listed in order, each once, whatever the values are; and no more than are asked for. */
import { expect, test } from 'vitest';
import type { Proposition } from '../program/ir.js';
import type { Location, Value } from '../program/value.js';
import type { Execution } from './execution.js';
import { FoundStates } from './found-states.js';
import type { ThreadClass } from './symmetry.js';
import { Images } from './symmetry-images.js';

const anything: Proposition = { kind: 'constant', value: true };
const lastIsOne: Proposition = {
  kind: 'compare',
  op: '=',
  left: { kind: 'observable', index: 2 },
  right: { kind: 'value', value: 1 },
};

/** Threads of which one register each is observed. */
function readers(count: number): ThreadClass {
  const threads = Array.from({ length: count }, (_, thread) => thread);
  return { threads, locations: threads.map(() => []), observed: threads.map((thread) => [thread]) };
}

function threeReaders(): FoundStates {
  const states = new FoundStates(4);
  states.standForImages(new Images([readers(3)], 3));
  return states;
}

const noWitness = () => (): Execution => {
  throw new Error('nobody asks');
};

function show(states: FoundStates, condition = anything, isEnough = (_: number) => false): string {
  const { states: listed, positive, negative } = states.list(condition, true, isEnough);
  const lines = listed.map(({ values, executions }) => `${values.map(text).join('')}x${executions}`);
  return `${lines.join(' ')} / ${positive} ${negative}`;
}

const text = (value: Value): string => (typeof value === 'object' ? value.name : String(value));

test.each<[string, readonly Value[], string]>([
  ['two that differ', [1, 0, 0, 7], '0017x2 0107x2 1007x2 / 2 4'],
  ['three that differ', [2, 1, 0, 7], '0127x1 0217x1 1027x1 1207x1 2017x1 2107x1 / 2 4'],
  ['none', [1, 1, 1, 0], '1110x6 / 6 0'],
  [
    'values that are large',
    [1n << 60n, 1, 1, 2],
    `11${1n << 60n}2x2 1${1n << 60n}12x2 ${1n << 60n}112x2 / 4 2`,
  ],
  ['values below zero', [-1, 1, 1, 2], '-1112x2 1-112x2 11-12x2 / 4 2'],
])('images of %s', (_, values, expected) => {
  const states = threeReaders();
  states.add(values, 6n, noWitness);
  expect(show(states, lastIsOne)).toBe(expected);
});

test('an image is known with its class, and its executions are added', () => {
  const states = threeReaders();
  states.add([1, 0, 0, 7], 3n, noWitness);
  expect(
    [
      [0, 1, 0, 7],
      [0, 0, 0, 7],
      [7, 0, 0, 1],
      [1, 1, 0, 7],
    ].map((v) => states.has(v)),
  ).toEqual([true, false, false, false]);
  states.add([0, 0, 1, 7], 3n, noWitness);
  expect(show(states)).toBe('0017x2 0107x2 1007x2 / 6 0');
});

test('a class that is too large to be listed is cut', () => {
  const states = new FoundStates(20);
  states.standForImages(new Images([readers(20)], 20));
  states.add(
    Array.from({ length: 20 }, (_, thread) => thread),
    2_432_902_008_176_640_000n,
    noWitness,
  );
  expect(states.size).toBeGreaterThan(2e18);
  expect(states.list(anything, true, (count) => count >= 100).states.length).toBe(100);
});

test('addresses of own locations go with the thread that owns them', () => {
  const own = (name: string, index: number) => ({ name, index, initial: 0 }) as unknown as Location;
  const [u, v, w] = [own('u', 0), own('v', 1), own('w', 2)];
  const one: ThreadClass = { ...readers(3), locations: [[u], [v], [w]] };
  const states = new FoundStates(4);
  states.standForImages(new Images([one], 3));
  // its own, and that of another
  states.add([u, 0, 0, 0], 3n, noWitness);
  states.add([0, u, 0, 0], 6n, noWitness);
  expect(states.has([0, v, 0, 0])).toBe(true);
  expect(states.has([0, 0, v, 0])).toBe(true);
  expect(states.has([w, 0, 0, w])).toBe(false);
  expect(show(states)).toBe('00u0x1 00v0x1 00w0x1 0u00x1 0v00x1 0w00x1 u000x1 v000x1 w000x1 / 9 0');
});

test('own locations of a thread are told apart', () => {
  const own = (name: string, index: number) => ({ name, index, initial: 0 }) as unknown as Location;
  const [u, v, s, t] = [own('u', 0), own('v', 1), own('s', 2), own('t', 3)];
  const one: ThreadClass = {
    ...readers(2),
    locations: [
      [u, v],
      [s, t],
    ],
  };
  const states = new FoundStates(2);
  states.standForImages(new Images([one], 2));
  states.add([u, t], 2n, noWitness);
  states.add([u, s], 1n, noWitness);
  expect(states.has([v, s])).toBe(true);
  expect(states.has([v, t])).toBe(false);
  expect(show(states)).toBe('usx1 utx1 vsx1 / 3 0');
});

test('states with and without numbers are listed together, in order', () => {
  const states = new FoundStates(3);
  for (const [a, b, c] of [
    [2, 0, 1],
    [1n << 60n, 0, 1],
    [1, 3, 0],
    [-1, 0, 0],
    [2, 0, 1],
  ])
    states.add([a!, b!, c!], 1, noWitness);
  expect(states.has([1, 3, 0]) && states.has([-1, 0, 0]) && !states.has([0, 0, 0])).toBe(true);
  expect(show(states, lastIsOne)).toBe(`-100x1 130x1 201x2 ${1n << 60n}01x1 / 3 2`);
  expect(states.list(lastIsOne, true, () => false).satisfying).toBe(2);
});

test('values at the border of what has a number are told apart', () => {
  // two observables: 26 bits each
  for (const border of [2 ** 26 - 1, 2 ** 26, 2 ** 26 + 1]) {
    const states = new FoundStates(2);
    for (const values of [
      [1, 0],
      [0, border],
      [0, 0],
    ])
      states.add(values, 1, noWitness);
    expect(show(states)).toBe(`00x1 0${border}x1 10x1 / 3 0`);
  }
});

test.each([1, 2, 3])(
  'the first %s states are listed, and the first that satisfies the condition or does not',
  (most) => {
    const states = new FoundStates(3);
    for (const values of [
      [1, 0, 1],
      [0, 0, 1],
      [0, 1, 0],
    ])
      states.add(values, 1, noWitness);
    const listed = states.list(lastIsOne, true, (count) => count >= most);
    expect(listed.states.map(({ values }) => values.join(''))).toEqual(
      ['001', '010', '101'].slice(0, Math.max(2, most)),
    );
    expect([listed.satisfying, listed.positive, listed.negative]).toEqual(
      [[], [1, 1, 1], [1, 1, 1], [2, 2, 1]][most],
    );
  },
);

/** Fifty states of which the last alone ends with 1. */
const fifty = Array.from({ length: 50 }, (_, index) => [index, 0, index === 49 ? 1 : 0]);

const firstIsOne: Proposition = { ...lastIsOne, left: { kind: 'observable', index: 0 } };

const ofNumbers = () => new FoundStates(3);

test.each<[string, () => FoundStates, readonly (readonly Value[])[], Proposition, string]>([
  ['with numbers', ofNumbers, fifty, lastIsOne, '000x1 100x1 4901x1 / 1 2'],
  ['without', ofNumbers, [...fifty, [1n << 60n, 0, 0]], lastIsOne, '000x1 100x1 4901x1 / 1 2'],
  [
    'as images',
    threeReaders,
    [
      [0, 0, 0, 7],
      [0, 0, 0, 8],
      [1, 1, 0, 7],
    ],
    firstIsOne,
    '0007x6 0008x6 1107x2 / 2 12',
  ],
])('what alone satisfies the condition is listed, too: %s', (_, make, all, condition, expected) => {
  const states = make();
  for (const values of all) states.add(values, make === ofNumbers ? 1n : 6n, noWitness);
  expect(show(states, condition, (count) => count >= 2)).toBe(expected);
});
