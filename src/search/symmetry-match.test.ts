/** What two threads have to have in common to be exchanged: all of a trace but names and text. */
import { describe, expect, test } from 'vitest';
import { buildProgram, constant, type Statement } from '../oracle/program-plan.js';
import type { SymbolicValue } from '../unfold/symbol.js';
import type { Trace } from '../unfold/trace.js';
import { unfoldProgram } from '../unfold/unfold.js';
import { Renaming } from './symmetry-match.js';

const place = { cell: 0, chosenBy: null };
/** Two loads, an exchange, a store of what was read, and a condition. */
const statements: readonly Statement[] = [
  { kind: 'load', dst: 'r0', place, style: 0, unsigned: false },
  { kind: 'load', dst: 'r1', place, style: 0, unsigned: false },
  { kind: 'rmw', shape: 'exchange', dst: 'r2', place, operand: constant(1), expected: 0, style: 0 },
  { kind: 'store', place, value: { kind: 'register', name: 'r0' }, style: 0 },
  { kind: 'assume', condition: { kind: 'register', name: 'r1' } },
];

function tracesOf(): readonly [Trace, Trace] {
  const threads = [statements, statements];
  const program = buildProgram({ dialect: 'arm64', threads, cells: [0, 0], nullPointer: false });
  const [first, second] = unfoldProgram(program).threads;
  return [first!.traces[0]!, second!.traces[0]!];
}

function matches(a: Trace, b: Trace): boolean {
  return new Renaming().matchTraces([a], [b], ['r0']);
}

/** The trace with another event at a place. */
function withEvent(trace: Trace, at: number, change: Partial<Trace['events'][number]>): Trace {
  return {
    ...trace,
    events: trace.events.map((event, index) => (index === at ? { ...event, ...change } : event)),
  };
}

const zero: SymbolicValue = { kind: 'const', value: 0 };
const edges = [
  'addr',
  'data',
  'ctrl',
  'pickAddr',
  'pickData',
  'pickCtrl',
  'amo',
  'lxsx',
  'scaClass',
] as const;

describe('two threads', () => {
  test('of the same statements match', () => {
    const [a, b] = tracesOf();
    expect(matches(a, b)).toBe(true);
    expect([a.amo.length, a.data.length, a.constraints.length]).toEqual([1, 1, 1]);
  });

  test.each(edges)('do not with another edge of %s', (kind) => {
    const [a, b] = tracesOf();
    expect(matches(a, { ...b, [kind]: [...b[kind], [0, 1]] })).toBe(false);
    expect(matches({ ...a, [kind]: [[0, 1]] }, { ...b, [kind]: [[1, 0]] })).toBe(false);
  });

  test.each<[string, (trace: Trace) => Trace]>([
    ['tag', (b) => withEvent(b, 0, { tags: [...b.events[0]!.tags, 'A'] })],
    ['order within an instruction', (b) => withEvent(b, 1, { beside: 0 })],
    ['sign', (b) => withEvent(b, 0, { type: { ...b.events[0]!.type!, signed: false } })],
    ['size', (b) => withEvent(b, 0, { type: { ...b.events[0]!.type!, bits: 64 } })],
    ['kind of event', (b) => withEvent(b, 0, { kind: 'fence' })],
    ['value', (b) => withEvent(b, b.events.length - 1, { value: zero })],
    ['address', (b) => withEvent(b, 0, { address: zero })],
    ['condition', (b) => ({ ...b, constraints: [zero] })],
    ['number of conditions', (b) => ({ ...b, constraints: [] })],
    ['final value', (b) => ({ ...b, registers: new Map([...b.registers, ['r0', zero]]) })],
    ['end', (b) => ({ ...b, cut: 'unroll bound 4' })],
    ['number of events', (b) => ({ ...b, events: b.events.slice(0, -1) })],
  ])('do not with another %s', (_, change) => {
    const [a, b] = tracesOf();
    expect(matches(a, change(b))).toBe(false);
    expect(matches(change(a), b)).toBe(false);
    expect(matches(change(a), change(b))).toBe(true);
  });

  test('may end with other values in registers that nobody asks about', () => {
    const [a, b] = tracesOf();
    expect(matches(a, { ...b, registers: new Map([...b.registers, ['r1', zero]]) })).toBe(true);
  });
});
