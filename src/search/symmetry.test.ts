/** Symmetry: which threads are exchangeable, and that searches with it find what those without it and the naive enumerator do. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import { compareResults, stateKey } from '../oracle/compare-results.js';
import { randomSymmetricProgram } from '../oracle/random-symmetric.js';
import { candidateExecutions, judgeNaively } from '../oracle/reference.js';
import type { Dialect, Program } from '../program/ir.js';
import type { Value } from '../program/value.js';
import { unfoldProgram } from '../unfold/unfold.js';
import type { Mode, SearchResult } from './execution.js';
import { planFor } from './plan-for.js';
import { searchProgram } from './search.js';
import { findSymmetry } from './symmetry.js';

const UNROLL = 1;
const ENOUGH = 2500;
const MODES = ['count', 'outcomes', 'verdict'] as const;

/** What the programs had to say; checked at the end. */
const totals = {
  compared: 0,
  judged: 0,
  symmetric: 0,
  fewer: 0,
  owning: 0,
  reading: 0,
  writing: 0,
  foreign: 0,
};

function run(program: Program, model: CompiledModel, symmetry: boolean): Record<Mode, SearchResult> {
  const results = MODES.map((mode) => [
    mode,
    searchProgram(program, model, { mode, unroll: UNROLL, expired: null, techniques: { symmetry } }),
  ]);
  return Object.fromEntries(results) as Record<Mode, SearchResult>;
}

function answers({ states, flags, positive, negative, limit }: SearchResult, mode: Mode): unknown {
  const keys = states.map((s) => `${stateKey(s.values)} x${s.executions} ${s.satisfies}`);
  const shown = mode === 'verdict' ? states.map((s) => s.satisfies).sort() : keys;
  return { shown, flags: flags.map((flag) => flag.name), positive, negative, complete: limit === null };
}

function remember(program: Program, model: CompiledModel, plain: SearchResult, found: SearchResult): void {
  totals.compared++;
  const unfolded = unfoldProgram(program);
  const symmetry = findSymmetry(program, unfolded, planFor(model), 'count');
  if (symmetry === null) return;
  totals.symmetric++;
  if (found.candidates < plain.candidates) totals.fewer++;
  const used = symmetry.classes.flatMap((one) => unfolded.threads[one.threads[0]!]!.traces);
  const own = new Set(symmetry.classes.flatMap(({ locations }) => locations.flat()));
  if (own.size > 0) totals.owning++;
  const isForeign = (value: Value, index: number): boolean =>
    typeof value === 'object' && own.has(value) && program.observed[index]!.kind === 'location';
  if (plain.states.some(({ values }) => values.some(isForeign))) totals.foreign++;
  if (used.some((trace) => symmetry.breakingOf(trace).by === 'reads')) totals.reading++;
  if (used.some((trace) => symmetry.breakingOf(trace).by === 'write')) totals.writing++;
}

function expectSame(program: Program, model: CompiledModel): void {
  const [plain, found] = [run(program, model, false), run(program, model, true)];
  for (const mode of MODES) expect(answers(found[mode], mode)).toEqual(answers(plain[mode], mode));
  const naively = [...take(candidateExecutions(program, UNROLL).executions, ENOUGH)];
  if (naively.length < ENOUGH) {
    const naive = judgeNaively(program, model, naively, null);
    const difference = compareResults(program, model, found, naive);
    if (difference !== null) throw new Error(`under ${model.name}: ${difference}`);
    totals.judged++;
  }
  remember(program, model, plain.count, found.count);
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const item of items) {
    yield item;
    if (++taken === count) return;
  }
}

const dialects: readonly { readonly dialect: Dialect; readonly seed: number; readonly runs: number }[] = [
  { dialect: 'lkmm', seed: 501, runs: 120 },
  { dialect: 'arm64', seed: 502, runs: 120 },
  { dialect: 'x86', seed: 503, runs: 80 },
];

describe.each(dialects)('random $dialect programs of equal threads', ({ dialect, seed, runs }) => {
  test('symmetry changes how much is examined and nothing else', () => {
    const models = [loadShippedModel(dialect), loadShippedModel('sc')];
    fc.assert(
      fc.property(randomSymmetricProgram(dialect), (program) => {
        for (const model of models) expectSame(program, model);
      }),
      { seed, numRuns: runs },
    );
  });
});

afterAll(() => {
  expect(totals.judged).toBeGreaterThan(totals.compared / 2);
  expect(totals.symmetric).toBeGreaterThan(totals.compared / 2);
  // one candidate stood for several
  expect(totals.fewer).toBeGreaterThan(totals.compared / 5);
  for (const often of [totals.owning, totals.reading, totals.writing])
    expect(often).toBeGreaterThan(totals.compared / 8);
  // addresses of own locations in shared ones
  expect(totals.foreign).toBeGreaterThan(10);
});
