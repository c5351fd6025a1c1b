import { describe, expect, test } from 'vitest';
import type { Dialect, Program } from '../program/ir.js';
import { type OperationalResult, valueKey } from './operational.js';
import { runSc } from './operational-sc.js';
import { runTso } from './operational-tso.js';
import { buildProgram, constant, type Statement } from './program-plan.js';

const x = { cell: 0, chosenBy: null };
const y = { cell: 1, chosenBy: null };
type At = typeof x;
const read = (dst: string, place: At): Statement => ({ kind: 'load', dst, place, style: 0, unsigned: false });
const write = (place: At, value: number): Statement => ({
  kind: 'store',
  place,
  value: constant(value),
  style: 0,
});
const fence: Statement = { kind: 'fence', style: 0 };
const rmw = (
  shape: 'exchange' | 'add' | 'compare' | 'wait',
  dst: string | null,
  place: At,
  value: number,
  expected = 0,
): Statement => ({ kind: 'rmw', shape, dst, place, operand: constant(value), expected, style: 0 });

function program(dialect: Dialect, ...threads: readonly (readonly Statement[])[]): Program {
  return buildProgram({ dialect, threads, cells: [0, 0], nullPointer: false });
}

/** Final states, of the observables named, as sorted `a b c` lines. */
function outcomes(of: Program, result: OperationalResult, names: string): string[] {
  expect(result.complete).toBe(true);
  const indices = names.split(' ').map((name) => of.observed.findIndex((o) => o.display === name));
  expect(indices).not.toContain(-1);
  return [...new Set(result.states.map((s) => indices.map((i) => valueKey(s[i]!)).join(' ')))].sort();
}

interface Shape {
  readonly name: string;
  readonly threads: readonly (readonly Statement[])[];
  readonly observe: string;
  /** What the shape is about: the outcome that weaker machines have. */
  readonly outcome: string;
  readonly sc: boolean;
  readonly tso: boolean;
}

const shapes: readonly Shape[] = [
  {
    name: 'store buffering',
    threads: [
      [write(x, 1), read('r0', y)],
      [write(y, 1), read('r0', x)],
    ],
    observe: '0:r0 1:r0',
    outcome: '0 0',
    sc: false,
    tso: true,
  },
  {
    name: 'store buffering with fences',
    threads: [
      [write(x, 1), fence, read('r0', y)],
      [write(y, 1), fence, read('r0', x)],
    ],
    observe: '0:r0 1:r0',
    outcome: '0 0',
    sc: false,
    tso: false,
  },
  {
    name: 'store buffering with one fence',
    threads: [
      [write(x, 1), fence, read('r0', y)],
      [write(y, 1), read('r0', x)],
    ],
    observe: '0:r0 1:r0',
    outcome: '0 0',
    sc: false,
    tso: true,
  },
  {
    name: 'store buffering with locked exchanges',
    threads: [
      [rmw('exchange', null, x, 1), read('r0', y)],
      [rmw('exchange', null, y, 1), read('r0', x)],
    ],
    observe: '0:r0 1:r0',
    outcome: '0 0',
    sc: false,
    tso: false,
  },
  {
    name: 'a failed compare-and-exchange is locked too',
    threads: [
      [write(x, 1), rmw('compare', 'r1', y, 5, 7), read('r0', y)],
      [write(y, 1), rmw('compare', 'r1', x, 5, 7), read('r0', x)],
    ],
    observe: '0:r0 1:r0',
    outcome: '0 0',
    sc: false,
    tso: false,
  },
  {
    name: 'message passing',
    threads: [
      [write(x, 1), write(y, 1)],
      [read('r0', y), read('r1', x)],
    ],
    observe: '1:r0 1:r1',
    outcome: '1 0',
    sc: false,
    tso: false,
  },
  {
    name: 'load buffering',
    threads: [
      [read('r0', x), write(y, 1)],
      [read('r0', y), write(x, 1)],
    ],
    observe: '0:r0 1:r0',
    outcome: '1 1',
    sc: false,
    tso: false,
  },
  {
    // n6 of the x86-TSO paper: own stores are seen early
    name: 'store forwarding',
    threads: [
      [write(x, 1), read('r0', x), read('r1', y)],
      [write(y, 2), write(x, 2)],
    ],
    observe: '0:r0 0:r1 x',
    outcome: '1 0 1',
    sc: false,
    tso: true,
  },
];

describe('shapes with a known answer', () => {
  test.each(shapes)('$name', ({ threads, observe, outcome, sc, tso }) => {
    const shape = program('x86', ...threads);
    expect(outcomes(shape, runSc(shape), observe).includes(outcome)).toBe(sc);
    expect(outcomes(shape, runTso(shape), observe).includes(outcome)).toBe(tso);
  });

  test('independent reads of independent writes', () => {
    const readBoth = (first: At, second: At) => [read('r0', first), read('r1', second)];
    const iriw = program('x86', [write(x, 1)], [write(y, 1)], readBoth(x, y), readBoth(y, x));
    for (const result of [runSc(iriw), runTso(iriw)])
      expect(outcomes(iriw, result, '2:r0 2:r1 3:r0 3:r1')).not.toContain('1 0 1 0');
  });
});

describe('single instructions', () => {
  test('read-modify-writes lose no update', () => {
    const twice = program('x86', [rmw('add', 'r0', x, 1)], [rmw('add', 'r0', x, 1)]);
    for (const result of [runSc(twice), runTso(twice)])
      expect(outcomes(twice, result, '0:r0 1:r0 x')).toEqual(['0 1 2', '1 0 2']);
  });

  test('a plain increment may lose one', () => {
    const increment: Statement[] = [
      read('r0', x),
      {
        kind: 'store',
        place: x,
        value: {
          kind: 'binary',
          op: '+',
          left: { kind: 'register', name: 'r0' },
          right: constant(1),
          type: { bits: 32, signed: true },
        },
        style: 0,
      },
    ];
    const twice = program('arm64', increment, increment);
    expect(outcomes(twice, runSc(twice), 'x')).toEqual(['1', '2']);
  });

  test('a read-modify-write that must not fail waits', () => {
    const waits = program('x86', [rmw('wait', 'r0', x, 2, 1)], [write(x, 1), write(y, 1)]);
    for (const result of [runSc(waits), runTso(waits)])
      expect(outcomes(waits, result, '0:r0 x y')).toEqual(['1 2 1']);
  });

  test('one that waits forever leaves no outcome', () => {
    const stuck = program('x86', [rmw('wait', 'r0', x, 2, 1)], [write(y, 1)]);
    for (const result of [runSc(stuck), runTso(stuck)]) expect(result.states).toEqual([]);
  });

  test('opposite lock orders leave only the outcomes without deadlock', () => {
    const nested: Statement = { kind: 'critical', body: [{ kind: 'critical', body: [] }] };
    const deadlock = program('lkmm', [nested], []);
    expect(runSc(deadlock).states).toEqual([]);
    const apart: Statement = { kind: 'critical', body: [rmw('add', null, x, 1)] };
    const fine = program('lkmm', [apart], [apart]);
    expect(outcomes(fine, runSc(fine), 'x l')).toEqual(['2 0']);
  });

  test('a trylock may fail while the lock is held', () => {
    const holder: Statement = { kind: 'critical', body: [] };
    const attempt: Statement = { kind: 'trylock', body: [write(x, 1)] };
    const both = program('lkmm', [holder], [attempt]);
    expect(outcomes(both, runSc(both), '1:s x l')).toEqual(['0 0 0', '1 1 0']);
  });

  test('a wait loop ends when its value is there', () => {
    const wait: Statement = { kind: 'wait', dst: 'r0', cell: 1, announced: null, expected: 1, style: 0 };
    const pass = program('x86', [write(x, 1), write(y, 1)], [wait, read('r1', x)]);
    for (const result of [runSc(pass), runTso(pass)])
      expect(outcomes(pass, result, '1:r0 1:r1')).toEqual(['1 1']);
  });
});

describe('exclusives', () => {
  const add = (after: 'nothing' | 'assume' | 'retry', between: Statement | null = null): Statement => ({
    kind: 'exclusive',
    unpaired: false,
    dst: 'r0',
    cells: { loaded: 0, stored: 0 },
    between,
    value: {
      kind: 'binary',
      op: '+',
      left: { kind: 'register', name: 'r0' },
      right: constant(1),
      type: { bits: 32, signed: true },
    },
    style: 0,
    after,
  });

  test('may fail for no reason', () => {
    const alone = program('arm64', [add('nothing')], []);
    expect(outcomes(alone, runSc(alone), '0:s x')).toEqual(['0 1', '1 0']);
  });

  test.each(['assume', 'retry'] as const)('pairs that succeed lose no update (%s)', (after) => {
    const twice = program('arm64', [add(after)], [add(after)]);
    expect(outcomes(twice, runSc(twice), 'x')).toEqual(['2']);
  });

  test('own stores between do not break the pair, others do', () => {
    const own = program('arm64', [add('assume', write(x, 5))], []);
    expect(outcomes(own, runSc(own), '0:r0 x')).toEqual(['0 1']);
    // the other thread's write is before or after the pair
    const foreign = program('arm64', [add('assume')], [write(x, 5)]);
    expect(outcomes(foreign, runSc(foreign), '0:r0 x')).toEqual(['0 5', '5 6']);
  });

  test('a store-exclusive uses up its load-exclusive', () => {
    const again: Statement = { ...add('nothing'), unpaired: true } as Statement;
    const pair = program('arm64', [add('assume'), again], []);
    expect(outcomes(pair, runSc(pair), '0:s x')).toEqual(['1 1']);
  });

  test('never pair with another cell', () => {
    const elsewhere: Statement = {
      kind: 'exclusive',
      unpaired: false,
      dst: 'r0',
      cells: { loaded: 0, stored: 1 },
      between: null,
      value: constant(1),
      style: 0,
      after: 'nothing',
    };
    const mixed = program('arm64', [elsewhere], []);
    expect(outcomes(mixed, runSc(mixed), '0:s y')).toEqual(['1 0']);
  });
});

test('addresses that are read', () => {
  const publish: Statement = { kind: 'publish', cell: 1, style: 0 };
  const follow: Statement = { kind: 'follow', dst: 'r0', value: constant(0), style: 0, guarded: false };
  const pointer = program('x86', [write(y, 7), publish], [follow]);
  for (const result of [runSc(pointer), runTso(pointer)])
    expect(outcomes(pointer, result, '1:p 1:r0')).toEqual(['&0 0', '&1 7']);
});

test('an exploration that is cut says so', () => {
  const many = program('x86', [write(x, 1), write(y, 1)], [read('r0', x), read('r1', y)]);
  expect(runTso(many, 3).complete).toBe(false);
});
