/** Unfolding: which paths there are, what they depend on, and which loops are waits. */
import { describe, expect, it } from 'vitest';
import type { Expr, Instruction, Program, RmwInstruction } from '../program/ir.js';
import { INT32, type Location } from '../program/value.js';
import { collectReads, type SymbolicValue } from './symbol.js';
import type { Trace } from './trace.js';
import { defaultUnfoldOptions, type UnfoldOptions, unfoldProgram } from './unfold.js';

const source = {
  text: '',
  span: { file: { name: 'test.litmus', text: 'one\ntwo\nthree' }, start: 4, end: 7 },
  primitive: null,
  instruction: null,
};
const x: Location = { kind: 'location', index: 0, name: 'x', type: INT32, role: 'int', initial: 0 };

const num = (value: number | Location): Expr => ({ kind: 'const', value });
const reg = (name: string): Expr => ({ kind: 'register', name });
const same = (left: Expr, right: Expr): Expr => ({ kind: 'binary', op: '==', left, right, type: INT32 });

function load(dst: string, exclusive = false): Instruction {
  return { kind: 'load', dst, address: num(x), type: INT32, tags: [], exclusive, source };
}
function store(value: Expr): Instruction {
  return { kind: 'store', address: num(x), value, type: INT32, tags: [], source };
}
function branch(condition: Expr, target: number, join: number | null = null): Instruction {
  return { kind: 'branch', condition, target, join, source };
}
const fence: Instruction = { kind: 'fence', tags: ['Mb'], source };

function unfold(
  code: readonly Instruction[],
  observed: readonly string[] = [],
  dialect: Program['dialect'] = 'arm64',
) {
  const program: Program = {
    name: 'test',
    dialect,
    locations: [x],
    threads: [{ index: 0, name: 'P0', label: null, registers: [], code }],
    observed: observed.map((name) => ({ kind: 'register', thread: 0, name, display: `0:${name}` })),
    condition: {
      quantifier: 'exists',
      proposition: { kind: 'constant', value: true },
      text: 'exists (true)',
    },
    filter: null,
  };
  const { traces } = unfoldProgram(program).threads[0]!;
  const limit = traces.find((trace) => trace.cut !== null)?.cut ?? null;
  return { traces: traces.filter((trace) => trace.cut === null), limit };
}

/** `R W F` for the events, with the constraints' number. */
function shape(trace: Trace): string {
  return trace.events.map((e) => e.kind[0]!.toUpperCase()).join('');
}

function readsOf(symbol: SymbolicValue): ReadonlySet<number> {
  const reads = new Set<number>();
  collectReads(symbol, reads);
  return reads;
}

describe('unfoldProgram', () => {
  it('forks on what a read decides, and not on what constants decide', () => {
    expect(unfold([load('r0'), branch(reg('r0'), 3), store(num(1))]).traces.map(shape)).toEqual(['R', 'RW']);
    expect(unfold([branch(num(0), 2), store(num(1))]).traces.map(shape)).toEqual(['W']);
  });

  it('gives a load of a lock the tags that its value calls for', () => {
    const look: Instruction = {
      kind: 'load',
      dst: 'r0',
      address: num(x),
      type: INT32,
      tags: ['RL'],
      zeroTags: ['RU'],
      exclusive: false,
      source,
    };
    const { traces } = unfold([look, store(reg('r0')), branch(reg('r0'), 4), fence]);
    const shown = traces.map((trace) => `${shape(trace)} ${trace.events[0]!.tags.join()}`);
    expect(shown.sort()).toEqual(['RW RL', 'RWF RU']);
    expect(traces.map(({ data }) => data)).toEqual([[[0, 1]], [[0, 1]]]);
  });

  it('ends control dependencies at the join, and never without one', () => {
    const ctrl = (join: number | null) =>
      unfold([load('r0'), branch(reg('r0'), 3, join), store(num(1)), store(num(2))]).traces.map(
        (t) => t.ctrl,
      );
    expect(ctrl(3)).toEqual([[], [[0, 1]]]);
    expect(ctrl(null)).toEqual([
      [[0, 1]],
      [
        [0, 1],
        [0, 2],
      ],
    ]);
  });

  it('keeps a data dependency whose value is a constant', () => {
    const zero: Expr = { kind: 'binary', op: '^', left: reg('r0'), right: reg('r0'), type: INT32 };
    const [trace] = unfold([load('r0'), store(zero)]).traces;
    expect(trace!.data).toEqual([[0, 1]]);
    expect(trace!.events[1]!.value).toEqual({ kind: 'const', value: 0 });
  });

  it('lets a selection of C control the writes that use it, as a branch would', () => {
    const picked: Expr = { kind: 'select', condition: reg('r0'), then: num(1), otherwise: num(2) };
    const [trace] = unfold([load('r0'), store(picked), store(num(3))], [], 'lkmm').traces;
    expect([trace!.data, trace!.ctrl, trace!.pickData]).toEqual([[], [[0, 1]], []]);
  });

  it('keeps dependencies through a selection of Arm apart', () => {
    const picked: Expr = { kind: 'select', condition: reg('r0'), then: num(1), otherwise: num(0) };
    const where: Expr = { kind: 'select', condition: reg('r0'), then: num(x), otherwise: num(x) };
    const code: Instruction[] = [load('r0'), store(picked), { ...load('r1'), address: where } as Instruction];
    const [trace] = unfold([...code, branch(picked, 4), store(num(3))]).traces;
    const { data, addr, ctrl, pickData, pickAddr, pickCtrl } = trace!;
    expect([data, addr, ctrl]).toEqual([[], [], []]);
    expect([pickData, pickAddr, pickCtrl]).toEqual([[[0, 1]], [[0, 2]], [[0, 3]]]);
  });

  it('makes a path of each choice, if what the value depends on differs', () => {
    const chosen: Expr = { kind: 'select', condition: reg('r1'), then: reg('r0'), otherwise: num(1) };
    const code = [load('r0'), load('r1'), store(chosen)];
    const shown = (dialect: Program['dialect']) =>
      unfold(code, [], dialect).traces.map(({ data, ctrl, pickData }) => ({ data, ctrl, pickData }));
    expect(shown('arm64')).toEqual([
      { data: [[0, 2]], ctrl: [], pickData: [[1, 2]] },
      { data: [], ctrl: [], pickData: [[1, 2]] },
    ]);
    const both = [
      [0, 2],
      [1, 2],
    ];
    expect(shown('lkmm')).toEqual([
      { data: [], ctrl: both, pickData: [] },
      { data: [], ctrl: [[1, 2]], pickData: [] },
    ]);
  });

  it('gives a conditional read-modify-write a path for each result', () => {
    const old: Expr = { kind: 'old' };
    const rmw = (fail: boolean): Instruction => ({
      kind: 'rmw',
      dst: 'r0',
      address: num(x),
      type: INT32,
      when: same(old, num(0)),
      update: num(1),
      result: old,
      readTags: [],
      writeTags: [],
      fail: fail ? { tags: ['Once'], result: old } : null,
      source,
    });
    expect(unfold([rmw(true)]).traces.map(shape)).toEqual(['RW', 'R']);
    expect(unfold([rmw(false)]).traces.map(shape)).toEqual(['RW']);
    // fences around one that succeeds, none where it fails; the path's condition is about its own read
    const fenced = unfold([{ ...(rmw(true) as RmwInstruction), fences: ['Mb'] }]).traces;
    expect(fenced.map(shape)).toEqual(['FRWF', 'R']);
    expect(fenced.map((trace) => trace.constraints.map((c) => [...readsOf(c)]))).toEqual([[[1]], [[0]]]);
  });

  it('takes a loop that only waits as an assumption', () => {
    const { traces, limit } = unfold([load('r0'), branch(same(reg('r0'), num(0)), 0), store(num(2))], ['r0']);
    expect(traces.map(shape)).toEqual(['RW']);
    expect(traces[0]!.constraints).toHaveLength(1);
    expect(limit).toBeNull();
  });

  it('takes an exclusive retry loop as its last attempt', () => {
    const code: Instruction[] = [
      load('r0', true),
      { kind: 'store-exclusive', status: 's', address: num(x), value: num(1), type: INT32, tags: [], source },
      branch(reg('s'), 0),
    ];
    const { traces, limit } = unfold(code, ['r0']);
    expect(traces.map(shape)).toEqual(['RW']);
    expect(traces[0]!.lxsx).toEqual([[0, 1]]);
    expect(limit).toBeNull();
  });

  it('sees through a comparison that is kept in a register', () => {
    const isZero = same(reg('r0'), num(0));
    const set: Expr = { kind: 'select', condition: isZero, then: num(1), otherwise: num(0) };
    const code: Instruction[] = [
      load('r0'),
      branch(isZero, 3),
      store(num(1)),
      { kind: 'assign', dst: 'r1', value: set, source },
      branch(reg('r1'), 6),
      store(num(2)),
    ];
    expect(unfold(code).traces.map(shape)).toEqual(['R', 'RWW']);
  });

  it('bounds a loop that writes, or that counts, and says where', () => {
    const writes = unfold([store(num(1)), load('r0'), branch(reg('r0'), 0)]);
    expect(writes.limit).toBe('unroll bound 4 (P0, line 2)');
    expect(writes.traces.map(shape)).toContain('WRWRWR');
    const next: Expr = { kind: 'binary', op: '+', left: reg('n'), right: num(1), type: INT32 };
    const counts: Instruction[] = [
      { kind: 'assign', dst: 'n', value: next, source },
      load('r0'),
      branch(reg('r0'), 0),
    ];
    expect(unfold(counts, ['n']).limit).toBe('unroll bound 4 (P0, line 2)');
    expect(unfold(counts).limit).toBe('unroll bound 4 (P0, line 2)');
  });

  it('drops the fences of failed waits with them', () => {
    const { traces } = unfold([load('r0'), fence, branch(reg('r0'), 0)]);
    expect(traces.map(shape)).toEqual(['RF']);
  });

  it('leaves no path through a loop that cannot end', () => {
    expect(unfold([{ kind: 'jump', target: 0, source }])).toEqual({ traces: [], limit: null });
  });

  describe('stops where the paths are too large to keep, or time is up', () => {
    const limitOf = (code: readonly Instruction[], options: Partial<UnfoldOptions>): string | null => {
      const thread = { index: 0, name: 'P0', label: null, registers: [], code };
      const question = {
        quantifier: 'exists',
        proposition: { kind: 'constant', value: true },
        text: '',
      } as const;
      const whole = { name: 't', dialect: 'lkmm', locations: [x], threads: [thread], observed: [] } as const;
      return unfoldProgram(
        { ...whole, condition: question, filter: null },
        { ...defaultUnfoldOptions, ...options },
      ).limit;
    };
    const tooLarge = 'the paths through P0 are too many and too long';

    it('of many paths', () => {
      const code = Array.from({ length: 8 }, (_, i) => [
        load(`r${i}`),
        branch(reg(`r${i}`), 2 * i + 2),
      ]).flat();
      expect(limitOf(code, {})).toBeNull();
      expect(limitOf(code, { maxSize: 100 })).toBe(tooLarge);
      expect(limitOf(code, { expired: () => true })).toBe('time limit');
    });

    it('and of a path that does not end', () => {
      const next: Expr = { kind: 'binary', op: '+', left: reg('n'), right: num(1), type: INT32 };
      const count: Instruction = { kind: 'assign', dst: 'n', value: next, source };
      const counting = [count, store(reg('n')), { kind: 'jump', target: 0, source } as const];
      const unroll = Number.MAX_SAFE_INTEGER;
      let asked = 0;
      expect(limitOf(counting, { unroll, expired: () => ++asked === 3 })).toBe('time limit');
      expect(limitOf(counting, { unroll, maxSize: 2000 })).toBe(tooLarge);
    });
  });
});

describe('a loop that spins on an atomic operation', () => {
  const old: Expr = { kind: 'old' };
  const swap = (update: Expr): Instruction => ({
    kind: 'rmw',
    dst: 'r0',
    address: num(x),
    type: INT32,
    when: null,
    update,
    result: old,
    readTags: [],
    writeTags: [],
    fail: null,
    source,
  });

  it('goes on only if it changed something', () => {
    // while (xchg(&x, 1)); a turn that reads 1 and writes 1 is as if it had not been
    const { traces, limit } = unfold([swap(num(1)), branch(reg('r0'), 0)]);
    expect(limit).toContain('unroll bound 4');
    const again = traces.find(({ events }) => events.length === 4)!;
    const isOne = { left: { kind: 'read', event: 0 }, right: { kind: 'const', value: 1 } };
    expect(again.constraints).toContainEqual(expect.objectContaining({ op: '!=', ...isOne }));
  });

  it('is endless if every turn changes something', () => {
    const more: Expr = { kind: 'binary', op: '+', left: old, right: num(1), type: INT32 };
    expect(unfold([swap(more), branch(reg('r0'), 0)]).limit).toContain('unroll bound 4');
  });

  it('may clear a register by an exclusive or with itself: what it held does not matter', () => {
    const cleared: Instruction = {
      kind: 'assign',
      dst: 'r1',
      value: { kind: 'binary', op: '^', left: reg('r1'), right: reg('r1'), type: INT32 },
      source,
    };
    const code = [cleared, load('r1'), branch(reg('r1'), 0)];
    expect(unfold(code).limit).toBeNull();
  });
});
