/** The promising machine for arm64 on shapes with a known answer, and against the search under the shipped model on random programs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileModel, noIncludes } from '../model/compile.js';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import type { Expr, Program } from '../program/ir.js';
import { INT32 } from '../program/value.js';
import type { SearchResult } from '../search/execution.js';
import { searchProgram } from '../search/search.js';
import { renderDiagnostics } from '../text/render.js';
import { expectSameStates } from './agreement.js';
import { type OperationalResult, valueKey } from './operational.js';
import { runArm } from './operational-arm.js';
import { runSc } from './operational-sc.js';
import { buildProgram, constant, type Place, type Statement } from './program-plan.js';
import { forMachine, randomPromisingProgram } from './random-promises.js';

const arm64 = loadShippedModel('arm64');
const sc = loadShippedModel('sc');

const [x, y, z] = [0, 1, 2].map((cell): Place => ({ cell, chosenBy: null })) as [Place, Place, Place];

/** A place whose address depends on a register. */
function by(register: string, { cell }: Place): Place {
  return { cell, chosenBy: { register, other: cell } };
}

/** A value that depends on a register and is `value`. */
function via(register: string, value: number): Expr {
  const r: Expr = { kind: 'register', name: register };
  const zero: Expr = { kind: 'binary', op: '^', left: r, right: r, type: INT32 };
  return { kind: 'binary', op: '+', left: zero, right: constant(value), type: INT32 };
}

type LoadStyle = 'plain' | 'A' | 'Q';
type FenceStyle = 'full' | 'load' | 'store' | 'isb';

function read(dst: string, place: Place, style: LoadStyle = 'plain'): Statement {
  const order: readonly LoadStyle[] = ['plain', 'A', 'Q'];
  return { kind: 'load', dst, place, style: order.indexOf(style), unsigned: false };
}

function write(place: Place, value: number | Expr, style: 'plain' | 'L' = 'plain'): Statement {
  const expr = typeof value === 'number' ? constant(value) : value;
  return { kind: 'store', place, value: expr, style: style === 'L' ? 1 : 0 };
}

function fence(style: FenceStyle): Statement {
  const order: readonly FenceStyle[] = ['full', 'load', 'store', 'isb'];
  return { kind: 'fence', style: order.indexOf(style) };
}

function branch(register: string, ...taken: readonly Statement[]): Statement {
  return { kind: 'if', condition: { kind: 'register', name: register }, taken, otherwise: [] };
}

/** A pair of exclusives that succeeds, with acquire and release as asked. */
function exclusive(
  dst: string,
  { cell }: Place,
  value: number | Expr,
  order: '' | 'A' | 'L' | 'AL' = '',
): Statement {
  const style = (order.includes('A') ? 1 : 0) + (order.includes('L') ? 2 : 0);
  const stored = typeof value === 'number' ? constant(value) : value;
  const cells = { loaded: cell, stored: cell };
  return {
    kind: 'exclusive',
    unpaired: false,
    dst,
    cells,
    between: null,
    value: stored,
    style,
    after: 'assume',
  };
}

function exchange(
  dst: string | null,
  place: Place,
  value: number,
  order: '' | 'A' | 'L' | 'AL' = '',
): Statement {
  const style = ['', 'AL', 'A', 'L'].indexOf(order);
  return { kind: 'rmw', shape: 'exchange', dst, place, operand: constant(value), expected: 0, style };
}

function program(...threads: readonly (readonly Statement[])[]): Program {
  return forMachine(buildProgram({ dialect: 'arm64', threads, cells: [0, 0, 0], nullPointer: false }));
}

function statesUnder(model: CompiledModel, of: Program): SearchResult {
  return searchProgram(of, model, { mode: 'outcomes', unroll: 2, expired: null });
}

/** Whether some final state is as the outcome says: `1:r0=1 x=2`. */
function reaches(of: Program, { states }: OperationalResult, outcome: string): boolean {
  const wanted = outcome.split(' ').map((part) => {
    const [name, value] = part.split('=');
    const index = of.observed.findIndex(({ display }) => display === name);
    expect(index, name).not.toBe(-1);
    return { index, value };
  });
  return states.some((values) => wanted.every(({ index, value }) => valueKey(values[index]!) === value));
}

const pass = (between: readonly Statement[]): Statement[] => [write(x, 1), ...between, write(y, 1)];
const passed = pass([fence('full')]);
const stale = '1:r0=1 1:r1=0';
const copy = (
  from: Place,
  to: Place,
  value: number | Expr,
  between: readonly Statement[] = [],
): Statement[] => [read('r0', from), ...between, write(to, value)];
const both = '0:r0=1 1:r0=1';

type Shape = readonly [
  name: string,
  threads: readonly (readonly Statement[])[],
  outcome: string,
  allowed: boolean,
];

const messagePassing: readonly Shape[] = [
  ['plain', [pass([]), [read('r0', y), read('r1', x)]], stale, true],
  ['dmb+po', [passed, [read('r0', y), read('r1', x)]], stale, true],
  ['po+dmb', [pass([]), [read('r0', y), fence('full'), read('r1', x)]], stale, true],
  ['dmb+dmb', [passed, [read('r0', y), fence('full'), read('r1', x)]], stale, false],
  ['dmb.st+dmb.ld', [pass([fence('store')]), [read('r0', y), fence('load'), read('r1', x)]], stale, false],
  ['dmb.ld+dmb', [pass([fence('load')]), [read('r0', y), fence('full'), read('r1', x)]], stale, true],
  ['dmb+dmb.st', [passed, [read('r0', y), fence('store'), read('r1', x)]], stale, true],
  ['dmb+addr', [passed, [read('r0', y), read('r1', by('r0', x))]], stale, false],
  ['dmb+ctrl', [passed, [read('r0', y), branch('r0'), read('r1', x)]], stale, true],
  ['dmb+isb', [passed, [read('r0', y), fence('isb'), read('r1', x)]], stale, true],
  ['dmb+ctrl-isb', [passed, [read('r0', y), branch('r0'), fence('isb'), read('r1', x)]], stale, false],
  [
    'dmb+addr-isb',
    [passed, [read('r0', y), read('r2', by('r0', z)), fence('isb'), read('r1', x)]],
    stale,
    false,
  ],
  [
    'rel+acq',
    [
      [write(x, 1), write(y, 1, 'L')],
      [read('r0', y, 'A'), read('r1', x)],
    ],
    stale,
    false,
  ],
  [
    'rel+acqpc',
    [
      [write(x, 1), write(y, 1, 'L')],
      [read('r0', y, 'Q'), read('r1', x)],
    ],
    stale,
    false,
  ],
  [
    'a write after rel+dmb',
    [
      [write(x, 1), write(y, 1, 'L'), write(y, 2)],
      [read('r0', y), fence('full'), read('r1', x)],
    ],
    '1:r0=2 1:r1=0',
    false,
  ],
  [
    'rel first',
    [
      [write(x, 1, 'L'), write(y, 1)],
      [read('r0', y, 'A'), read('r1', x)],
    ],
    stale,
    true,
  ],
  // PPOCA: a write that a branch guards may be read before it is made
  [
    'dmb+ctrl-rfi-addr',
    [passed, [read('r0', y), branch('r0'), write(z, 1), read('r2', z), read('r1', by('r2', x))]],
    '1:r0=1 1:r1=0 1:r2=1',
    true,
  ],
  // PPOAA
  [
    'dmb+addr-rfi-addr',
    [passed, [read('r0', y), write(by('r0', z), 1), read('r2', z), read('r1', by('r2', x))]],
    '1:r0=1 1:r1=0 1:r2=1',
    false,
  ],
  [
    'dmb+data-rfi-addr',
    [passed, [read('r0', y), write(z, via('r0', 1)), read('r2', z), read('r1', by('r2', x))]],
    '1:r0=1 1:r1=0 1:r2=1',
    false,
  ],
  // RSW and RDW: reads of one cell are in order unless they are of one write
  [
    'dmb+addr-rsw-addr',
    [passed, [read('r0', y), read('r2', by('r0', z)), read('r2', z), read('r1', by('r2', x))]],
    stale,
    true,
  ],
];

const otherShapes: readonly Shape[] = [
  [
    'SB',
    [
      [write(x, 1), read('r0', y)],
      [write(y, 1), read('r0', x)],
    ],
    '0:r0=0 1:r0=0',
    true,
  ],
  [
    'SB+dmbs',
    [
      [write(x, 1), fence('full'), read('r0', y)],
      [write(y, 1), fence('full'), read('r0', x)],
    ],
    '0:r0=0 1:r0=0',
    false,
  ],
  [
    'SB+rel-acqs',
    [
      [write(x, 1, 'L'), read('r0', y, 'A')],
      [write(y, 1, 'L'), read('r0', x, 'A')],
    ],
    '0:r0=0 1:r0=0',
    false,
  ],
  [
    'SB+rel-acqpcs',
    [
      [write(x, 1, 'L'), read('r0', y, 'Q')],
      [write(y, 1, 'L'), read('r0', x, 'Q')],
    ],
    '0:r0=0 1:r0=0',
    true,
  ],
  ['LB', [copy(x, y, 1), copy(y, x, 1)], both, true],
  ['LB+datas', [copy(x, y, via('r0', 1)), copy(y, x, via('r0', 1))], both, false],
  ['LB+data+po', [copy(x, y, via('r0', 1)), copy(y, x, 1)], both, true],
  ['LB+addrs', [copy(x, by('r0', y), 1), copy(y, by('r0', x), 1)], both, false],
  [
    'LB+ctrls',
    [
      [read('r0', x), branch('r0'), write(y, 1)],
      [read('r0', y), branch('r0'), write(x, 1)],
    ],
    both,
    false,
  ],
  [
    'LB+addr-pos',
    [copy(x, y, 1, [read('r1', by('r0', z))]), copy(y, x, 1, [read('r1', by('r0', z))])],
    both,
    false,
  ],
  [
    'LB+acqs',
    [
      [read('r0', x, 'A'), write(y, 1)],
      [read('r0', y, 'A'), write(x, 1)],
    ],
    both,
    false,
  ],
  [
    'LB+rels',
    [
      [read('r0', x), write(y, 1, 'L')],
      [read('r0', y), write(x, 1, 'L')],
    ],
    both,
    false,
  ],
  ['S', [[write(x, 2), fence('full'), write(y, 1)], copy(y, x, 1)], '1:r0=1 x=2', true],
  ['S+dmb+data', [[write(x, 2), fence('full'), write(y, 1)], copy(y, x, via('r0', 1))], '1:r0=1 x=2', false],
  [
    'R',
    [
      [write(x, 1), write(y, 1)],
      [write(y, 2), fence('full'), read('r0', x)],
    ],
    '1:r0=0 y=2',
    true,
  ],
  ['R+dmbs', [passed, [write(y, 2), fence('full'), read('r0', x)]], '1:r0=0 y=2', false],
  ['R+dmb+dmb.st', [passed, [write(y, 2), fence('store'), read('r0', x)]], '1:r0=0 y=2', true],
  [
    '2+2W',
    [
      [write(x, 1), write(y, 2)],
      [write(y, 1), write(x, 2)],
    ],
    'x=1 y=1',
    true,
  ],
  [
    '2+2W+dmb.sts',
    [
      [write(x, 1), fence('store'), write(y, 2)],
      [write(y, 1), fence('store'), write(x, 2)],
    ],
    'x=1 y=1',
    false,
  ],
  [
    'WRC+po+addr',
    [[write(x, 1)], copy(x, y, 1), [read('r0', y), read('r1', by('r0', x))]],
    '1:r0=1 2:r0=1 2:r1=0',
    true,
  ],
  [
    'WRC+data+addr',
    [[write(x, 1)], copy(x, y, via('r0', 1)), [read('r0', y), read('r1', by('r0', x))]],
    '1:r0=1 2:r0=1 2:r1=0',
    false,
  ],
  [
    'IRIW',
    [[write(x, 1)], [write(y, 1)], [read('r0', x), read('r1', y)], [read('r0', y), read('r1', x)]],
    '2:r0=1 2:r1=0 3:r0=1 3:r1=0',
    true,
  ],
  [
    'IRIW+addrs',
    [
      [write(x, 1)],
      [write(y, 1)],
      [read('r0', x), read('r1', by('r0', y))],
      [read('r0', y), read('r1', by('r0', x))],
    ],
    '2:r0=1 2:r1=0 3:r0=1 3:r1=0',
    false,
  ],
  ['CoRR', [[write(x, 1)], [read('r0', x), read('r1', x)]], '1:r0=1 1:r1=0', false],
  ['CoRW', [[write(x, 1)], [read('r0', x), write(x, 2)]], '1:r0=1 x=1', false],
  ['CoWR', [[write(x, 1), read('r0', x)]], '0:r0=0', false],
];

const atomicShapes: readonly Shape[] = [
  ['no update is lost', [[exclusive('r0', x, 1)], [exclusive('r0', x, 1)]], '0:r0=0 1:r0=0', false],
  ['a foreign write breaks a pair', [[exclusive('r0', x, 2)], [write(x, 1)]], '0:r0=0 x=1', true],
  ['but not before it', [[exclusive('r0', x, 2)], [write(x, 1)]], '0:r0=0 x=2', false],
  [
    'a pair is no barrier',
    [
      [exclusive('r0', x, 1), read('r1', y)],
      [exclusive('r0', y, 1), read('r1', x)],
    ],
    '0:r1=0 1:r1=0',
    true,
  ],
  [
    'not even with acquire and release',
    [
      [exclusive('r0', x, 1, 'AL'), read('r1', y)],
      [exclusive('r0', y, 1, 'AL'), read('r1', x)],
    ],
    '0:r1=0 1:r1=0',
    true,
  ],
  [
    'an atomic with both is one',
    [
      [exchange('r0', x, 1, 'AL'), read('r1', y)],
      [exchange('r0', y, 1, 'AL'), read('r1', x)],
    ],
    '0:r1=0 1:r1=0',
    false,
  ],
  [
    'one with acquire is not',
    [
      [exchange('r0', x, 1, 'A'), read('r1', y)],
      [exchange('r0', y, 1, 'A'), read('r1', x)],
    ],
    '0:r1=0 1:r1=0',
    true,
  ],
  // later reads wait for the acquire, and so for the read of the pair, but not for its write
  [
    'an acquire may take the write of a pair before others do',
    [
      [exclusive('r0', x, 1), read('r1', x, 'A'), read('r2', y)],
      [write(y, 1), fence('full'), read('r0', x)],
    ],
    '0:r1=1 0:r2=0 1:r0=0',
    true,
  ],
  [
    'but not before the read of the pair',
    [
      [exclusive('r0', x, 2), read('r1', x, 'A'), read('r2', y)],
      [write(y, 1), fence('full'), write(x, 1)],
    ],
    '0:r0=1 0:r1=2 0:r2=0',
    false,
  ],
  [
    'without acquire it may',
    [
      [exclusive('r0', x, 2), read('r1', x), read('r2', y)],
      [write(y, 1), fence('full'), write(x, 1)],
    ],
    '0:r0=1 0:r1=2 0:r2=0',
    true,
  ],
  [
    'a load barrier waits for an atomic with a result',
    [passed, [exchange('r0', y, 2), fence('load'), read('r1', x)]],
    stale,
    false,
  ],
  [
    'and not for one without',
    [passed, [exchange(null, y, 2), fence('load'), read('r1', x)]],
    '1:r1=0 y=2',
    true,
  ],
];

describe.each([
  ['message passing', messagePassing],
  ['shapes', otherShapes],
  ['exclusives and atomics', atomicShapes],
])('%s', (_, shapes) => {
  test.each(shapes)('%s', (_name, threads, outcome, allowed) => {
    const shape = program(...threads);
    const machine = runArm(shape);
    expect(machine.complete).toBe(true);
    expect(reaches(shape, machine, outcome)).toBe(allowed);
    expectSameStates(machine, statesUnder(arm64, shape));
  });
});

/** The shapes that a barrier in each thread keeps from doing more than interleaving does. */
const barriers: readonly (readonly [tags: readonly string[], keeps: string])[] = [
  [['DMB.SY', 'DMB.ISH', 'DMB.OSH', 'DSB.SY', 'DSB.ISH', 'DSB.OSH'], 'SB 2+2W LB'],
  [['DMB.LD', 'DMB.ISHLD', 'DMB.OSHLD', 'DSB.LD', 'DSB.ISHLD', 'DSB.OSHLD'], 'LB'],
  [['DMB.ST', 'DMB.ISHST', 'DMB.OSHST'], '2+2W'],
  [['DSB.ST', 'DSB.ISHST', 'DSB.OSHST'], 'SB 2+2W'],
  [['DMB.NSH', 'DMB.NSHLD', 'DMB.NSHST', 'DSB.NSH', 'DSB.NSHLD', 'DSB.NSHST', 'ISB'], ''],
];

function withBarrier(tag: string, of: Program): Program {
  const threads = of.threads.map((thread) => ({
    ...thread,
    code: thread.code.map((i) => (i.kind === 'fence' ? { ...i, tags: [tag] } : i)),
  }));
  return { ...of, threads };
}

describe.each(barriers)('%s', (tags, keeps) => {
  const shapes: Readonly<Record<string, Program>> = {
    SB: program([write(x, 1), fence('full'), read('r0', y)], [write(y, 1), fence('full'), read('r0', x)]),
    '2+2W': program([write(x, 1), fence('full'), write(y, 2)], [write(y, 1), fence('full'), write(x, 2)]),
    LB: program([read('r0', x), fence('full'), write(y, 1)], [read('r0', y), fence('full'), write(x, 1)]),
  };

  test.each(tags)('%s', (tag) => {
    const kept = Object.entries(shapes).filter(([, shape]) => {
      const fenced = withBarrier(tag, shape);
      expectSameStates(runArm(fenced), statesUnder(arm64, fenced));
      return runArm(fenced).states.length === runSc(fenced).states.length;
    });
    expect(kept.map(([name]) => name).join(' ')).toBe(keeps);
  });
});

test('a loop that writes without end is cut', () => {
  const announced = { cell: 0, value: 1 };
  const endless = program([{ kind: 'wait', dst: 'r0', cell: 1, announced, expected: 1, style: 0 }], []);
  expect(runArm(endless).complete).toBe(false);
});

/** What all programs and models do: writes to a cell in turn, and nothing between the two halves of an atomic. */
const COHERENCE = `"coherence"
acyclic po-loc | rf | co | fr as coherence
empty rmw & (fre ; coe) as atomicity
`;

function compiled(text: string): CompiledModel {
  const { value, diagnostics } = compileModel({ name: 'coherence', text }, noIncludes, ['arm64']);
  if (value === null) throw new Error(renderDiagnostics(diagnostics));
  return value;
}

test('random programs', () => {
  const coherence = compiled(COHERENCE);
  const totals = { compared: 0, relaxed: 0, forbidding: 0 };
  fc.assert(
    fc.property(randomPromisingProgram(6), (random) => {
      const found = statesUnder(arm64, random);
      // an address or a value that does not exist
      if (found.limit !== null) return;
      expectSameStates(runArm(random), found);
      totals.compared++;
      if (found.states.length > statesUnder(sc, random).states.length) totals.relaxed++;
      if (found.states.length < statesUnder(coherence, random).states.length) totals.forbidding++;
    }),
    { seed: 501, numRuns: 800 },
  );
  expect(totals.compared).toBeGreaterThanOrEqual(780);
  expect(totals.relaxed).toBeGreaterThan(totals.compared / 4);
  expect(totals.forbidding).toBeGreaterThan(totals.compared / 4);
});
