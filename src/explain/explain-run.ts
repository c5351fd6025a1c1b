/**
 * What a verdict rests on: of a test under a model, the explanation of the outcome that its condition asks for, and of the flags.
 *
 * The outcome of `exists` and `~exists` is their proposition; of `forall`, a counterexample to it. Composes explain-forbidden.ts
 * with the stories of allowed executions; pure but for the given limit.
 */
import { showProposition } from '../program/condition-text.js';
import type { Program } from '../program/ir.js';
import type { SearchOptions } from '../search/execution.js';
import type { ModelRun } from '../verdict/report.js';
import { explainForbidden } from './explain-forbidden.js';
import type { Explanation, OutcomeExplanation } from './explanation.js';

export interface ExplainOptions {
  /** Of the searches for executions to argue against. */
  readonly search: SearchOptions;
  /** How many arguments are given at most. */
  readonly arguments: number;
}

/** `1:r0=1 /\ 1:r1=0`: what the explanation is about. */
export function outcomeText({ condition, observed }: Program): string {
  const text = showProposition(condition.proposition, observed);
  return condition.quantifier === 'forall' ? `not (${text})` : text;
}

export function explainRun(run: ModelRun, options: ExplainOptions): Explanation {
  const { program, model } = run;
  return {
    test: program.name,
    model,
    outcome: outcomeText(program),
    explained: explainOutcome(run, options),
    flags: [],
  };
}

function explainOutcome(
  { program, compiled, result }: ModelRun,
  options: ExplainOptions,
): OutcomeExplanation {
  const satisfies = program.condition.quantifier !== 'forall';
  if (result.limit !== null) return { kind: 'unknown', limit: result.limit };
  const found = explainForbidden({ program, satisfies }, compiled, options.search, options.arguments);
  return { kind: 'forbidden', ...found };
}
