/**
 * What bears out a claim: of one that something never happens, the refutation of every candidate; of one that it can happen, a
 * witness. Second step of proof/, after claim.ts.
 */
import { analyseCases, type CaseAnalysis } from '../explain/case-analysis.js';
import type { Refusal } from '../explain/forbidden.js';
import { findRefusedExecution } from '../explain/refused-execution.js';
import type { Execution, SearchOptions } from '../search/execution.js';
import { invariant } from '../text/diagnostic.js';
import type { ModelRun } from '../verdict/report.js';
import { type Claim, forbiddenOutcome } from './claim.js';

export type Evidence =
  | { readonly kind: 'cases'; readonly analysis: CaseAnalysis }
  /**
   * There are more candidates than can be gone through one by one; that none is allowed is the word of the search alone. `example`: one of
   * them with what refutes it; null: none was found in the time for it.
   */
  | { readonly kind: 'search'; readonly listed: number; readonly example: Refusal | null }
  /** Allowed executions: one in which the condition's proposition holds, and another in which it does not. */
  | { readonly kind: 'witness'; readonly execution: Execution; readonly other: Execution };

export type Found = Evidence | { readonly kind: 'limit'; readonly limit: string };

export interface EvidenceOptions {
  readonly search: SearchOptions;
  /** How many candidates are gone through one by one at most. */
  readonly most: number;
}

/** The evidence for a claim that holds of the run. */
export function findEvidence(run: ModelRun, claim: Claim, options: EvidenceOptions): Found {
  return claim === 'sometimes' ? witnessOf(run) : refute(run, claim, options);
}

function witnessOf({ result, program }: ModelRun): Evidence {
  const [witness, other] = [true, false].map((wanted) =>
    result.states.find(({ satisfies }) => satisfies === wanted)?.witness(),
  );
  invariant(witness !== undefined && other !== undefined, 'what happens sometimes, and sometimes not');
  return { kind: 'witness', execution: { ...witness, program }, other: { ...other, program } };
}

function refute(
  { program, compiled }: ModelRun,
  claim: 'never' | 'always',
  { search, most }: EvidenceOptions,
): Found {
  const result = analyseCases(program, forbiddenOutcome(program, claim), compiled, { search, most });
  switch (result.kind) {
    case 'analysis':
    case 'limit':
      return result.kind === 'limit' ? result : { kind: 'cases', analysis: result.analysis };
    case 'too-many': {
      const wanted = { program, satisfies: claim === 'never' };
      const example = findRefusedExecution(wanted, compiled, search);
      return { kind: 'search', listed: most, example };
    }
    case 'allowed':
      // the run's search, which was exhaustive, has found none
      invariant(false, 'the case analysis and the search agree');
  }
}
