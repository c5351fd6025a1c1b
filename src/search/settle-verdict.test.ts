/** A search that was stopped, then asked for the verdict alone: what both have found is part of the whole, and a known verdict is right. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import { stateKey } from '../oracle/compare-results.js';
import { randomSymmetricProgram } from '../oracle/random-symmetric.js';
import type { Program } from '../program/ir.js';
import { decideVerdict } from '../verdict/verdict.js';
import type { SearchResult } from './execution.js';
import { searchProgram } from './search.js';
import { settleVerdict } from './settle-verdict.js';

const UNROLL = 1;

/** What the stopped searches had to say; checked at the end. */
const totals = { stopped: 0, open: 0, settled: 0, kept: 0 };

/** A question that turns true when it is asked often enough. */
function patience(questions: number): () => boolean {
  let left = questions;
  return () => left-- <= 0;
}

function keysOf({ states }: SearchResult): string[] {
  return states.map(({ values }) => stateKey(values));
}

function expectSound(program: Program, model: CompiledModel, first: number, second: number): void {
  for (const mode of ['outcomes', 'count'] as const) {
    const whole = searchProgram(program, model, { mode, unroll: UNROLL, expired: null });
    const stopped = searchProgram(program, model, { mode, unroll: UNROLL, expired: patience(first) });
    if (stopped.explored === undefined) continue;
    totals.stopped++;
    const isOpen = decideVerdict(stopped) === 'Unknown';
    const settled = settleVerdict(program, model, stopped, { unroll: UNROLL, expired: patience(second) });
    expect(keysOf(whole)).toEqual(expect.arrayContaining(keysOf(settled)));
    expect(new Set(keysOf(settled)).size).toBe(settled.states.length);
    expect(keysOf(whole).filter((key) => keysOf(settled).includes(key))).toEqual(keysOf(settled));
    expect(settled.limit).toBe(stopped.limit);
    if (mode === 'count') {
      expect(settled.positive! <= whole.positive! && settled.negative! <= whole.negative!).toBe(true);
      const listed = [...settled.states].reduce((sum, { executions }) => sum + executions!, 0);
      expect(listed).toBe(settled.positive! + settled.negative!);
    }
    const verdict = decideVerdict(settled);
    if (verdict !== 'Unknown') expect(verdict).toBe(decideVerdict(whole));
    if (isOpen) totals.open++;
    if (isOpen && verdict !== 'Unknown') totals.settled++;
    if (isOpen && verdict === 'Unknown') totals.kept++;
  }
}

test('random programs, stopped at random', () => {
  const models = [loadShippedModel('lkmm'), loadShippedModel('sc')];
  const steps = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.constantFrom(0, 2, 1000));
  fc.assert(
    fc.property(randomSymmetricProgram('lkmm'), steps, (program, [first, second]) => {
      for (const model of models) expectSound(program, model, first, second);
    }),
    { seed: 611, numRuns: 150 },
  );
});

afterAll(() => {
  expect(totals.stopped).toBeGreaterThan(100);
  expect(totals.settled).toBeGreaterThan(totals.open / 4);
  expect(totals.kept).toBeGreaterThan(10);
});
