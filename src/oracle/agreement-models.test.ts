/** The search against the naive enumerator under random models, also without coherence and with definitions that are not monotone. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileModel, noIncludes } from '../model/compile.js';
import type { CompiledModel } from '../model/dag.js';
import type { Dialect } from '../program/ir.js';
import { renderDiagnostics } from '../text/render.js';
import { beginTotals, enumerate, expectAgreement, totals } from './agreement.js';
import { randomModelText } from './random-models.js';
import { randomProgram } from './random-programs.js';

beforeAll(beginTotals);

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
  test('search and enumerator agree', () => {
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
  expect(totals.programs).toBeGreaterThanOrEqual(600);
  // comparisons say something only if models forbid some executions and allow others
  expect(totals.forbidding).toBeGreaterThan(totals.comparisons / 8);
  // no answer is Unknown where every execution is known to end well
  expect(totals.needlessLimits).toBe(0);
  expect(totals.pruned).toBeGreaterThan(10);
});
