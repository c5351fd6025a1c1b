/** The search on hand-made programs and models: what each of its parts decides. Agreement with the oracles is tested apart. */
import { describe, expect, it } from 'vitest';
import { compileModel } from '../model/compile.js';
import type { Check, CompiledModel, Node } from '../model/dag.js';
import type { Expr, Instruction, Program, Proposition } from '../program/ir.js';
import { INT32, type Location, showValue } from '../program/value.js';
import { searchProgram } from './search.js';

const source = {
  text: '',
  span: { file: { name: 'test', text: '' }, start: 0, end: 0 },
  primitive: null,
  instruction: null,
};

const locations: Location[] = ['x', 'y'].map((name, index) => ({
  kind: 'location',
  index,
  name,
  type: INT32,
  role: 'int',
  initial: 0,
}));
const [x, y] = locations as [Location, Location];

function num(value: number | Location): Expr {
  return { kind: 'const', value };
}

function load(dst: string, from: Location): Instruction {
  return { kind: 'load', dst, address: num(from), type: INT32, tags: ['Once'], exclusive: false, source };
}

function store(to: Location, value: Expr): Instruction {
  return { kind: 'store', address: num(to), value, type: INT32, tags: ['Once'], source };
}

function increment(at: Location): Instruction {
  const old: Expr = { kind: 'old' };
  return {
    kind: 'rmw',
    dst: null,
    address: num(at),
    type: INT32,
    when: null,
    update: { kind: 'binary', op: '+', left: old, right: num(1), type: INT32 },
    result: old,
    readTags: ['Once'],
    writeTags: ['Once'],
    fail: null,
    source,
  };
}

function program(threads: readonly (readonly Instruction[])[], registers: readonly string[]): Program {
  return {
    name: 'test',
    dialect: 'lkmm',
    locations,
    threads: threads.map((code, index) => ({ index, name: `P${index}`, label: null, registers: [], code })),
    observed: [
      ...registers.map((text) => {
        const [thread, name] = text.split(':') as [string, string];
        return { kind: 'register' as const, thread: Number(thread), name, display: text };
      }),
      ...locations.map((location) => ({ kind: 'location' as const, location, display: location.name })),
    ],
    condition: {
      quantifier: 'exists',
      proposition: { kind: 'constant', value: true },
      text: 'exists (true)',
    },
    filter: null,
  };
}

const NODES: readonly Node[] = [
  { op: 'base', type: 'relation', name: 'po' },
  { op: 'base', type: 'relation', name: 'rf' },
  { op: 'base', type: 'relation', name: 'co' },
  { op: 'base', type: 'relation', name: 'loc' },
  { op: 'base', type: 'relation', name: 'rmw' },
  { op: 'inverse', type: 'relation', operand: 1 },
  { op: 'compose', type: 'relation', left: 5, right: 2 },
  { op: 'union', type: 'relation', left: 1, right: 2 },
  { op: 'union', type: 'relation', left: 6, right: 7 },
  { op: 'intersection', type: 'relation', left: 0, right: 3 },
  { op: 'union', type: 'relation', left: 9, right: 8 },
  { op: 'union', type: 'relation', left: 0, right: 8 },
  { op: 'compose', type: 'relation', left: 6, right: 2 },
  { op: 'intersection', type: 'relation', left: 4, right: 12 },
];

function check(kind: Check['kind'], node: number): Check {
  return { kind, node, negated: false, flag: false, name: `${kind}${node}`, span: null };
}

function model(...checks: Check[]): CompiledModel {
  const more = { groups: [], choices: [], computations: [], coherence: null, names: new Map() };
  return { name: 'test', title: 'test', nodes: NODES, checks, ...more };
}

const coherence = check('acyclic', 10);
const sequential = check('acyclic', 11);
const atomicity = check('empty', 13);

function count(p: Program, m: CompiledModel): { states: string[]; positive: number | null } {
  const result = searchProgram(p, m, { mode: 'count', unroll: 4, expired: null });
  return { states: result.states.map((s) => s.values.map(showValue).join(' ')), positive: result.positive };
}

const storeBuffering = program(
  [
    [store(x, num(1)), load('r0', y)],
    [store(y, num(1)), load('r0', x)],
  ],
  ['0:r0', '1:r0'],
);

/** Threads that write and read a lot: thousands of candidates, whatever is switched on. */
const busy = program(
  [0, 1, 2].map((thread) => [
    store(x, num(2 * thread + 1)),
    load('r0', y),
    store(y, num(2 * thread + 2)),
    load('r1', x),
  ]),
  ['0:r0', '0:r1', '1:r0', '1:r1', '2:r0', '2:r1'],
);

describe('the estimate of what is done', () => {
  it.each(['count', 'outcomes'] as const)('grows from nothing to all: %s', (mode) => {
    const shares: number[] = [];
    const expired = (share: number): boolean => {
      shares.push(share);
      return false;
    };
    const techniques = { symmetry: false, countOrders: false };
    const result = searchProgram(busy, model(coherence), { mode, unroll: 4, expired, techniques });
    expect(result.limit).toBeNull();
    expect(result.explored).toBeUndefined();
    expect(shares.length).toBeGreaterThan(10);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBeLessThan(0.05);
    expect(shares.at(-1)).toBeGreaterThan(0.7);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });

  it('is between in the middle, where a search can be stopped', () => {
    let asked = 0;
    const all = searchProgram(busy, model(coherence), {
      mode: 'count',
      unroll: 4,
      techniques: { symmetry: false, countOrders: false },
      expired: () => ++asked < 0,
    });
    const half = asked / 2;
    asked = 0;
    const stopped = searchProgram(busy, model(coherence), {
      mode: 'count',
      unroll: 4,
      techniques: { symmetry: false, countOrders: false },
      expired: () => ++asked >= half && 'enough',
    });
    expect(stopped.limit).toBe('enough');
    expect(stopped.explored).toBeGreaterThan(0.05);
    expect(stopped.explored).toBeLessThan(0.95);
    expect(stopped.candidates).toBeLessThan(all.candidates);
    const known = new Set(all.states.map(({ values }) => values.map(showValue).join(' ')));
    expect(stopped.states.length).toBeGreaterThan(0);
    for (const { values } of stopped.states) expect(known).toContain(values.map(showValue).join(' '));
  });
});

describe('searchProgram', () => {
  it('allows store buffering with coherence alone and forbids it under SC', () => {
    expect(count(storeBuffering, model(coherence)).states).toEqual([
      '0 0 1 1',
      '0 1 1 1',
      '1 0 1 1',
      '1 1 1 1',
    ]);
    expect(count(storeBuffering, model(sequential)).states).toEqual(['0 1 1 1', '1 0 1 1', '1 1 1 1']);
  });

  it('counts each reads-from and coherence once', () => {
    const p = program([[store(x, num(1))], [store(x, num(2))], [store(x, num(3))]], []);
    expect(count(p, model(coherence)).positive).toBe(6);
    expect(count(p, model()).positive).toBe(6);
  });

  it('keeps atomic increments apart only if the model says so', () => {
    const p = program([[increment(x)], [increment(x)], [increment(x)]], []);
    expect(count(p, model(coherence, atomicity))).toEqual({ states: ['3 0'], positive: 6 });
    expect(count(p, model(coherence)).states).toEqual(['1 0', '2 0', '3 0']);
  });

  it('rejects values out of thin air', () => {
    const copy = (from: Location, to: Location) => [
      load('r0', from),
      store(to, { kind: 'register', name: 'r0' }),
    ];
    const p = program([copy(x, y), copy(y, x)], ['0:r0', '1:r0']);
    expect(count(p, model(coherence)).states).toEqual(['0 0 0 0']);
  });

  it('finds the same outcomes in outcome mode, each with a witness', () => {
    const result = searchProgram(storeBuffering, model(coherence), {
      mode: 'outcomes',
      unroll: 4,
      expired: null,
    });
    expect(result.states.map((s) => s.values.map(showValue).join(' '))).toEqual([
      '0 0 1 1',
      '0 1 1 1',
      '1 0 1 1',
      '1 1 1 1',
    ]);
    for (const state of result.states) expect(state.witness().finals).toEqual(state.values);
    expect(result.positive).toBeNull();
  });

  it.each(['count', 'outcomes'] as const)('finds all flags in %s mode', (mode) => {
    const flagsOf = (p: Program, text: string): string[] => {
      const { value } = compileModel({ name: 'flags.cat', text });
      return searchProgram(p, value!, { mode, unroll: 4, expired: null }).flags.map((flag) => flag.name);
    };
    // Under a filter, an execution whose state is known already raises it.
    const one: Expr = {
      kind: 'binary',
      op: '|',
      left: { kind: 'register', name: 'r0' },
      right: num(1),
      type: INT32,
    };
    const p = program([[load('r0', x), store(x, one)], [store(x, num(0))]], ['0:r0']);
    const [r0] = p.observed;
    const filter: Proposition = {
      kind: 'compare',
      op: '!=',
      left: { kind: 'observable', index: 0 },
      right: { kind: 'value', value: 1 },
    };
    const dynamic = 'flag irreflexive (rf | rfe? ; (int | po) ; fre?) ; fr as found';
    expect(flagsOf({ ...p, observed: [r0!], filter }, dynamic)).toEqual(['found']);
    // Only the path that stores raises it, and its states are those of the other path.
    const branch: Instruction = {
      kind: 'branch',
      condition: { kind: 'register', name: 'r0' },
      target: 3,
      join: 3,
      source,
    };
    const q = program([[load('r0', x), branch, store(y, num(0))], [store(x, num(1))]], []);
    expect(flagsOf({ ...q, observed: [] }, 'flag ~empty [R] ; po ; [W] as stores')).toEqual(['stores']);
  });

  it('drops orders of two locations that contradict each other when they are begun', () => {
    const writer = (i: number): Instruction[] => [
      store(x, num(i)),
      store(y, num(i)),
      store(x, num(10 + i)),
      store(y, num(10 + i)),
    ];
    const p = program([1, 2, 3, 4, 5].map(writer), []);
    // no two are alike for the observer, and each pair of last writes is an interleaving's
    const found = searchProgram(p, model(coherence, sequential), {
      mode: 'outcomes',
      unroll: 4,
      expired: null,
    });
    expect(found.states.length).toBe(25);
    expect(found.candidates).toBeLessThan(250);
  });

  it('looks for one execution of each state, however many reads nobody asks about', () => {
    const thread = (i: number): Instruction[] => [
      ...['r0', 'r1', 'r2', 'r3'].map((register) => load(register, x)),
      store(x, num(i)),
    ];
    const { observed, ...p } = program([1, 2, 3, 4, 5, 6].map(thread), ['0:r0', '1:r0']);
    const asked = { ...p, observed: observed.slice(0, 2) };
    const found = searchProgram(asked, model(coherence), { mode: 'outcomes', unroll: 4, expired: null });
    // 0 or what one of the five others writes; but not each what the other does
    expect(found.states.length).toBe(35);
    expect(found.candidates).toBeLessThan(100);
  });

  it('finds an execution again of any state, however many orders end in others', () => {
    const writers = Array.from({ length: 12 }, (_, i) => [store(x, num(i + 1)), store(y, num(i + 1))]);
    const { states } = searchProgram(program(writers, []), model(coherence));
    expect(states.length).toBe(144);
    for (const state of states) expect(state.witness().finals).toEqual(state.values);
  });

  it('does not take a stored value that does not exist for 0', () => {
    const quotient: Expr = {
      kind: 'binary',
      op: '/',
      left: num(5),
      right: { kind: 'register', name: 'r0' },
      type: INT32,
    };
    const p = program([[load('r0', x), store(y, quotient)], [store(x, num(1))]], []);
    for (const mode of ['outcomes', 'count', 'verdict'] as const) {
      const result = searchProgram(p, model(coherence), { mode, unroll: 4, expired: null });
      expect(result.states.map((s) => s.values.map(showValue).join(' '))).toEqual(['1 5']);
      expect(result.limit).toContain('does not exist');
    }
  });

  it('stops with a limit when it is told that time is up', () => {
    const result = searchProgram(storeBuffering, model(coherence), {
      mode: 'count',
      unroll: 4,
      expired: () => true,
    });
    expect(result.limit).toBe('time limit');
  });
});
