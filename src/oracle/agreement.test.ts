/** The search against the naive enumerator, and both against the operational machines, on random programs under the shipped models. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadShippedModel } from '../model/shipped.js';
import type { Dialect, Program } from '../program/ir.js';
import { beginTotals, enumerate, expectAgreement, expectSameStates, totals } from './agreement.js';
import { runSc } from './operational-sc.js';
import { runTso } from './operational-tso.js';
import { randomProgram } from './random-programs.js';

beforeAll(beginTotals);

const shipped: readonly { readonly dialect: Dialect; readonly seed: number; readonly runs: number }[] = [
  { dialect: 'lkmm', seed: 101, runs: 600 },
  { dialect: 'arm64', seed: 102, runs: 600 },
  { dialect: 'x86', seed: 103, runs: 600 },
];

function hasPair({ threads }: Program): boolean {
  return threads.some(({ code }) => code.some((instruction) => 'beside' in instruction));
}

describe.each(shipped)('random $dialect programs', ({ dialect, seed, runs }) => {
  const own = loadShippedModel(dialect);
  const sc = loadShippedModel('sc');

  test('search, enumerator and machines agree', () => {
    fc.assert(
      fc.property(randomProgram(dialect), (program) => {
        totals.programs++;
        const enumerated = enumerate(program);
        const ofOwn = expectAgreement(program, own, enumerated);
        const ofSc = expectAgreement(program, sc, enumerated);
        // the accesses of a pair are in no order, which a machine that takes them in turn does not show
        if (!hasPair(program)) expectSameStates(runSc(program), ofSc);
        // a loop that stores fills a store buffer without end
        if (dialect === 'x86' && ofOwn.limit === null) expectSameStates(runTso(program), ofOwn);
      }),
      { seed, numRuns: runs },
    );
  });
});

afterAll(() => {
  expect(totals.programs).toBeGreaterThanOrEqual(1800);
  // comparisons say something only if models forbid some executions and allow others
  expect(totals.forbidding).toBeGreaterThan(totals.comparisons / 8);
  // no answer is Unknown where every execution is known to end well
  expect(totals.needlessLimits).toBe(0);
  expect(totals.refutedCuts).toBeGreaterThan(0);
  expect(totals.pruned).toBeGreaterThan(25);
});
