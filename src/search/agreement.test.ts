/**
 * The search against the naive enumerator, and both against the operational machines, on random programs and models.
 *
 * A failure prints the seed, and the shrunken program (and model) in the notation of show-program.ts.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { compileModel, noIncludes } from '../model/compile.js';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import type { Dialect, Program } from '../program/ir.js';
import { renderDiagnostics } from '../text/render.js';
import { compareResults, stateKey } from './compare-results.js';
import type { Execution, Mode, SearchResult } from './execution.js';
import type { OperationalResult } from './operational.js';
import { runSc } from './operational-sc.js';
import { runTso } from './operational-tso.js';
import { randomModelText } from './random-models.js';
import { randomProgram, randomRcuProgram } from './random-programs.js';
import { candidateExecutions, judgeNaively, mayFault } from './reference.js';
import { searchProgram } from './search.js';

const UNROLL = 2;

/** Programs compared in this file, and how much they had to say; checked at the end. */
const totals = { programs: 0, comparisons: 0, forbidding: 0, needlessLimits: 0, refutedCuts: 0, pruned: 0 };

function search(program: Program, model: CompiledModel): { readonly [M in Mode]: SearchResult } {
  const run = (mode: Mode) => searchProgram(program, model, { mode, unroll: UNROLL, expired: null });
  return { outcomes: run('outcomes'), count: run('count'), verdict: run('verdict') };
}

interface Enumerated {
  readonly executions: readonly Execution[];
  readonly limit: string | null;
}

function enumerate(program: Program): Enumerated {
  const { executions, limit } = candidateExecutions(program, UNROLL);
  return { executions: [...executions], limit };
}

function expectAgreement(
  program: Program,
  model: CompiledModel,
  { executions, limit }: Enumerated,
): SearchResult {
  const naive = judgeNaively(program, model, executions, limit);
  totals.comparisons++;
  const found = search(program, model);
  const difference = compareResults(program, model, found, naive);
  if (difference !== null) throw new Error(`under ${model.name}: ${difference}`);
  expectSameWithPruning(program, model, found.count);
  if (found.count.limit === null && limit !== null) expectNothingLost(program, model, naive);
  if (found.count.limit !== null && limit === null && !mayFault(program, UNROLL)) totals.needlessLimits++;
  if (naive.positive! + naive.negative! < naive.candidates && naive.states.length > 0) totals.forbidding++;
  return naive;
}

/** Judging parts of candidates, which pays only in tests larger than these, changes how much is looked at and nothing else. */
function expectSameWithPruning(program: Program, model: CompiledModel, found: SearchResult): void {
  const facts = ({ states, flags, positive, negative, limit }: SearchResult) => ({
    states: states.map((s) => `${stateKey(s.values)} x${s.executions}`),
    flags: flags.map((flag) => flag.name),
    counts: [positive, negative],
    limit,
  });
  const options = { mode: 'count', unroll: UNROLL, expired: null, pruning: 'always' } as const;
  const pruned = searchProgram(program, model, options);
  expect(facts(pruned)).toEqual(facts(found));
  if (pruned.candidates < found.candidates) totals.pruned++;
}

/** A search that is exhaustive in spite of cut paths: with a higher bound there is nothing new. */
function expectNothingLost(program: Program, model: CompiledModel, naive: SearchResult): void {
  const { executions } = candidateExecutions(program, UNROLL + 1);
  const further = judgeNaively(program, model, [...executions], null);
  expect(further.states.map((s) => stateKey(s.values))).toEqual(naive.states.map((s) => stateKey(s.values)));
  totals.refutedCuts++;
}

/** A bound on loops cuts paths off, and so may lose states; a machine has no bound. */
function expectSameStates(machine: OperationalResult, naive: SearchResult): void {
  const reached = machine.states.map(stateKey).sort();
  const found = naive.states.map((s) => stateKey(s.values)).sort();
  if (naive.limit !== null) expect(reached).toEqual(expect.arrayContaining(found));
  else {
    expect(machine.complete).toBe(true);
    expect(reached).toEqual(found);
  }
}

const shipped: readonly { readonly dialect: Dialect; readonly seed: number; readonly runs: number }[] = [
  { dialect: 'lkmm', seed: 101, runs: 600 },
  { dialect: 'arm64', seed: 102, runs: 600 },
  { dialect: 'x86', seed: 103, runs: 600 },
];

describe.each(shipped)('random $dialect programs', ({ dialect, seed, runs }) => {
  const own = loadShippedModel(dialect);
  const sc = loadShippedModel('sc');

  test('search, enumerator and machines agree', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(randomProgram(dialect), (program) => {
        totals.programs++;
        const enumerated = enumerate(program);
        const ofOwn = expectAgreement(program, own, enumerated);
        expectSameStates(runSc(program), expectAgreement(program, sc, enumerated));
        // a loop that stores fills a store buffer without end
        if (dialect === 'x86' && ofOwn.limit === null) expectSameStates(runTso(program), ofOwn);
      }),
      { seed, numRuns: runs },
    );
  });
});

test('RCU: search, enumerator and machine agree; lkmm allows what the machine does', {
  timeout: 60_000,
}, () => {
  const lkmm = loadShippedModel('lkmm');
  const sc = loadShippedModel('sc');
  let waits = 0;
  const withoutWaiting = { ...sc, checks: sc.checks.filter(({ name }) => name !== 'grace-periods') };
  fc.assert(
    fc.property(randomRcuProgram(), (program) => {
      totals.programs++;
      const enumerated = enumerate(program);
      const ofMachine = expectAgreement(program, sc, enumerated);
      expectSameStates(runSc(program), ofMachine);
      const allowed = new Set(
        expectAgreement(program, lkmm, enumerated).states.map((s) => stateKey(s.values)),
      );
      for (const { values } of ofMachine.states) expect(allowed).toContain(stateKey(values));
      const unordered = judgeNaively(program, withoutWaiting, enumerated.executions, null);
      if (unordered.states.length > ofMachine.states.length) waits++;
    }),
    { seed: 104, numRuns: 400 },
  );
  // programs in which waiting forbids something
  expect(waits).toBeGreaterThan(20);
});

function compiled(text: string, dialect: Dialect): CompiledModel {
  const { value, diagnostics } = compileModel({ name: 'random', text }, noIncludes, [dialect]);
  if (value === null) throw new Error(renderDiagnostics(diagnostics));
  return value;
}

const arbitrary: readonly { readonly dialect: Dialect; readonly seed: number; readonly runs: number }[] = [
  { dialect: 'lkmm', seed: 201, runs: 250 },
  { dialect: 'arm64', seed: 202, runs: 250 },
  { dialect: 'x86', seed: 203, runs: 100 },
];

describe.each(arbitrary)('random models of $dialect programs', ({ dialect, seed, runs }) => {
  test('search and enumerator agree', { timeout: 60_000 }, () => {
    const models = fc.noBias(fc.array(randomModelText(dialect), { minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(randomProgram(dialect), models, (program, texts) => {
        totals.programs++;
        const enumerated = enumerate(program);
        for (const text of texts) expectAgreement(program, compiled(text, dialect), enumerated);
      }),
      { seed, numRuns: runs },
    );
  });
});

afterAll(() => {
  expect(totals.programs).toBeGreaterThanOrEqual(2000);
  // comparisons say something only if models forbid some executions and allow others
  expect(totals.forbidding).toBeGreaterThan(totals.comparisons / 8);
  // no answer is Unknown where every execution is known to end well
  expect(totals.needlessLimits).toBe(0);
  expect(totals.refutedCuts).toBeGreaterThan(0);
  expect(totals.pruned).toBeGreaterThan(50);
});
