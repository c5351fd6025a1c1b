import { describe, expect, it } from 'vitest';
import type { Expr, Instruction, Program } from '../program/ir.js';
import { INT32, type Location } from '../program/value.js';
import type { Alternatives } from './read-modify-write.js';
import { convertSymbol } from './symbol.js';
import type { Trace } from './trace.js';
import { defaultUnfoldOptions, unfoldProgram } from './unfold.js';

const x: Location = { kind: 'location', index: 0, name: 'x', type: INT32, role: 'int', initial: 0 };
const source = {
  text: '',
  span: { file: { name: '', text: '' }, start: 0, end: 0 },
  primitive: null,
  instruction: null,
};
const num = (value: number | Location): Expr => ({ kind: 'const', value });
const reg = (name: string): Expr => ({ kind: 'register', name });
const old: Expr = { kind: 'old' };

const load: Instruction = {
  kind: 'load',
  dst: 'e',
  address: num(x),
  type: INT32,
  tags: [],
  exclusive: false,
  source,
};
const use: Instruction = { kind: 'store', address: num(x), value: reg('r'), type: INT32, tags: [], source };

function cas(expected: Expr): Instruction {
  const when: Expr = { kind: 'binary', op: '==', left: old, right: expected, type: INT32 };
  const fail = { tags: [], result: old };
  return {
    kind: 'rmw',
    dst: 'r',
    address: num(x),
    type: INT32,
    when,
    update: num(1),
    result: old,
    readTags: [],
    writeTags: [],
    fail,
    swap: { expected },
    source,
  };
}

function tracesOf(code: readonly Instruction[], alternatives: Alternatives): readonly Trace[] {
  const program: Program = {
    name: 'test',
    dialect: 'arm64',
    locations: [x],
    threads: [{ index: 0, name: 'P0', label: null, registers: [], code }],
    observed: [],
    filter: null,
    condition: {
      quantifier: 'exists',
      proposition: { kind: 'constant', value: true },
      text: 'exists (true)',
    },
  };
  const { threads } = unfoldProgram(program, { ...defaultUnfoldOptions, alternatives });
  return threads[0]!.traces;
}

/** Events, and what the last write's value depends on. */
function show({ events, data, pickData }: Trace): string {
  const last = events.length - 1;
  const reads = (edges: Trace['data']): string =>
    edges
      .filter(([, to]) => to === last)
      .map(([from]) => from)
      .join('');
  return `${events.map(({ kind }) => (kind === 'read' ? 'R' : 'W')).join('')} data ${reads(data)} pick ${reads(pickData)}`;
}

describe('the ways of a compare-and-swap', () => {
  it('are five, with the dependencies of each', () => {
    expect(tracesOf([load, cas(reg('e')), use], 'all').map(show)).toEqual([
      'RRWW data 0 pick 01',
      'RRWW data 1 pick ',
      'RRW data 1 pick ',
      'RRW data 1 pick 0',
      'RRWW data 1 pick 0',
    ]);
  });

  it('write back what was read if it fails, after what was compared', () => {
    const [written] = tracesOf([load, cas(reg('e'))], 'all').slice(-1);
    expect(written!.amo).toEqual([[1, 2]]);
    expect(written!.events[2]!.value).toEqual(convertSymbol({ kind: 'read', event: 1 }, INT32));
    expect(written!.pickData).toEqual([[0, 2]]);
  });

  it('are fewer where others allow as much', () => {
    expect(tracesOf([load, cas(reg('e')), use], 'weakest').map(show)).toEqual([
      'RRWW data 0 pick 01',
      'RRWW data 1 pick ',
      'RRW data 1 pick ',
    ]);
    expect(tracesOf([cas(num(0)), use], 'weakest').map(show)).toEqual([
      'RWW data  pick 0',
      'RW data 0 pick ',
    ]);
    // nobody looks at the result: the two successes are one
    expect(tracesOf([load, cas(reg('e'))], 'weakest').map(show)).toEqual([
      'RRW data  pick 0',
      'RR data  pick ',
    ]);
  });

  it('leave a failed turn of a loop without an effect', () => {
    const again: Instruction = { kind: 'branch', condition: reg('r'), target: 0, join: null, source };
    const traces = tracesOf([cas(num(0)), again], 'all');
    expect(traces.map(({ events }) => events.length)).toEqual([2, 2, 1, 1]);
    expect(traces.every(({ cut }) => cut === null)).toBe(true);
  });
});
