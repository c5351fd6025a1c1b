/** The search against the naive enumerator under random models that make choices: of relations and sets, and of the coherence order. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModelEvaluationError } from '../model/evaluation-error.js';
import type { Dialect } from '../program/ir.js';
import { beginTotals, compileText, enumerate, expectAgreement, totals } from './agreement.js';
import { randomChoosingModelText } from './random-models.js';
import { randomProgram } from './random-programs.js';
import { orderingFor } from './reference-choices.js';

beforeAll(beginTotals);

const arbitrary: readonly { readonly dialect: Dialect; readonly seed: number; readonly runs: number }[] = [
  { dialect: 'lkmm', seed: 301, runs: 55 },
  { dialect: 'arm64', seed: 302, runs: 45 },
  { dialect: 'x86', seed: 303, runs: 40 },
];

const made = { choices: 0, coherence: 0, ends: 0, endless: 0 };

describe.each(arbitrary)('random models with choices of $dialect programs', ({ dialect, seed, runs }) => {
  const size = { maxCandidates: 40, maxAccesses: 6 };
  test('search and enumerator agree', () => {
    fc.assert(
      fc.property(
        randomProgram(dialect, size),
        fc.noBias(randomChoosingModelText(dialect)),
        (program, text) => {
          totals.programs++;
          const model = compileText(text, dialect);
          const ordering = orderingFor(model);
          try {
            expectAgreement(program, model, enumerate(program, ordering));
          } catch (error) {
            if (!(error instanceof ModelEvaluationError)) throw error;
            made.endless++;
          }
          made.choices += model.choices.length;
          if (ordering !== 'all') made.coherence++;
          if (ordering === 'last') made.ends++;
        },
      ),
      { seed, numRuns: runs },
    );
  });
});

afterAll(() => {
  expect(totals.programs).toBe(140);
  expect(totals.forbidding).toBeGreaterThan(totals.comparisons / 8);
  expect(totals.needlessLimits).toBe(0);
  expect(made.endless).toBeLessThan(totals.programs / 20);
  expect(made.choices).toBeGreaterThan(totals.programs);
  // orders that the model makes, of which some start from what is last
  expect(made.coherence).toBeGreaterThan(made.ends);
  expect(made.ends).toBeGreaterThan(totals.programs / 10);
});
