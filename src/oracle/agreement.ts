/**
 * Test support: comparisons of the search with the naive enumerator and with the operational machines.
 *
 * A failure says in what they differ; fast-check prints the seed, and the shrunken program (and model) in the notation of
 * show-program.ts.
 */
import { expect } from 'vitest';
import { compileModel, noIncludes } from '../model/compile.js';
import type { CompiledModel } from '../model/dag.js';
import type { Dialect, Program } from '../program/ir.js';
import type { Execution, Mode, SearchOptions, SearchResult } from '../search/execution.js';
import { searchProgram } from '../search/search.js';
import { renderDiagnostics } from '../text/render.js';
import { compareResults, stateKey } from './compare-results.js';
import type { OperationalResult } from './operational.js';
import { candidateExecutions, judgeNaively, mayFault } from './reference.js';
import { type Ordering, orderingFor } from './reference-choices.js';

const UNROLL = 2;

/** Programs compared in a test file, and how much they had to say; checked at its end. */
export const totals = {
  programs: 0,
  comparisons: 0,
  forbidding: 0,
  needlessLimits: 0,
  refutedCuts: 0,
  pruned: 0,
};

/** Test files may run in one process, one after the other, and share these totals: each begins them anew. */
export function beginTotals(): void {
  for (const name of Object.keys(totals)) totals[name as keyof typeof totals] = 0;
}

/** The results of all modes, with some techniques. */
export function searchAll(
  program: Program,
  model: CompiledModel,
  using: Pick<SearchOptions, 'techniques' | 'eager'> = {},
): { readonly [M in Mode]: SearchResult } {
  const run = (mode: Mode) =>
    searchProgram(program, model, { mode, unroll: UNROLL, expired: null, ...using });
  return { outcomes: run('outcomes'), count: run('count'), verdict: run('verdict') };
}

/** Candidates, for models of this ordering. */
export interface Enumerated {
  readonly executions: readonly Execution[];
  readonly limit: string | null;
}

export function enumerate(program: Program, ordering: Ordering = 'all'): Enumerated {
  const { executions, limit } = candidateExecutions(program, UNROLL, ordering);
  return { executions: [...executions], limit };
}

export function expectAgreement(
  program: Program,
  model: CompiledModel,
  { executions, limit }: Enumerated,
): SearchResult {
  const naive = judgeNaively(program, model, executions, limit);
  totals.comparisons++;
  const found = searchAll(program, model);
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
  // to generate code for each of them takes longer than the search
  const techniques = { codegen: totals.comparisons % 16 === 0 };
  const options = { mode: 'count', unroll: UNROLL, expired: null, eager: true, techniques } as const;
  const pruned = searchProgram(program, model, options);
  expect(facts(pruned)).toEqual(facts(found));
  if (pruned.candidates < found.candidates) totals.pruned++;
}

/** A search that is exhaustive in spite of cut paths: with a higher bound there is nothing new. */
export function expectNothingLost(program: Program, model: CompiledModel, naive: SearchResult): void {
  const { executions } = candidateExecutions(program, UNROLL + 1, orderingFor(model));
  const further = judgeNaively(program, model, [...executions], null);
  expect(further.states.map((s) => stateKey(s.values))).toEqual(naive.states.map((s) => stateKey(s.values)));
  totals.refutedCuts++;
}

/** A bound on loops cuts paths off, and so may lose states; a machine has no bound. */
export function expectSameStates(machine: OperationalResult, naive: SearchResult): void {
  const reached = machine.states.map(stateKey).sort();
  const found = naive.states.map((s) => stateKey(s.values)).sort();
  if (naive.limit !== null) expect(reached).toEqual(expect.arrayContaining(found));
  else {
    expect(machine.complete).toBe(true);
    expect(reached).toEqual(found);
  }
}

/** The model of a text; throws what is wrong with it. */
export function compileText(text: string, dialect: Dialect): CompiledModel {
  const { value, diagnostics } = compileModel({ name: 'random', text }, noIncludes, [dialect]);
  if (value === null) throw new Error(renderDiagnostics(diagnostics));
  return value;
}
