/** What `fencepost diff` and baselines compare, from the library's own results. */
import { compareOutcomes as compareSets, type OutcomeChange, type OutcomeSet } from '../compare/outcomes.js';
import type { ModelResult } from './run-litmus.js';

function outcomeSet({ model, verdict, observed, states, flags, limit }: ModelResult): OutcomeSet {
  return {
    model,
    verdict: verdict ?? 'Unknown',
    observed,
    states: states.map(({ text }) => text),
    flags: flags ?? [],
    limit: limit ?? missingParts(verdict, flags),
  };
}

/** States that nobody looked for have not vanished. */
function missingParts(verdict: ModelResult['verdict'], flags: ModelResult['flags']): string | null {
  if (verdict === null) return 'not judged';
  return flags === null ? 'states were not looked for' : null;
}

/**
 * Compares what two runs found: another verdict, final states and flags that appeared or vanished.
 *
 * Sets of states are compared as sets. What a limit left out of one of them is neither appeared nor vanished, but open. Between two
 * versions of a test, two models, or two results of one kept test.
 *
 * @param before - what one model said of a test, from {@link runLitmus}
 * @param after - what it, or another model, says of the test, or of another version of it
 * @returns the differences
 * @example
 * ```ts
 * import { compareOutcomes, runLitmus } from 'fencepost';
 *
 * const test = (barrier: string) => `
 * C message-passing
 * { }
 * P0(int *x, int *y) { WRITE_ONCE(*x, 1); ${barrier} WRITE_ONCE(*y, 1); }
 * P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); smp_rmb(); r1 = READ_ONCE(*x); }
 * exists (1:r0=1 /\\ 1:r1=0)
 * `;
 * const [before] = runLitmus(test('smp_wmb();'), { models: ['arm64'] }).models;
 * const [after] = runLitmus(test(''), { models: ['arm64'] }).models;
 * if (before !== undefined && after !== undefined) {
 *   const { verdict, appeared, vanished } = compareOutcomes(before, after);
 *   console.log(verdict, appeared, vanished);
 * }
 * ```
 * ```text
 * { before: 'Never', after: 'Sometimes' } [ '1:r0=1; 1:r1=0' ] []
 * ```
 */
export function compareOutcomes(before: ModelResult, after: ModelResult): OutcomeChange {
  return compareSets(outcomeSet(before), outcomeSet(after));
}
