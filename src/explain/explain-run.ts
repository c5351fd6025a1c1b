/**
 * What a verdict rests on: of a test under a model, the explanation of the outcome that its condition asks for, and of the flags.
 *
 * The outcome of `exists` and `~exists` is their proposition; of `forall`, a counterexample to it. Composes the parts of this folder
 * (explain-forbidden.ts, story.ts, impossible.ts, deadlock.ts, flags.ts); pure but for the given limit.
 */
import { showProposition } from '../program/condition-text.js';
import type { Program } from '../program/ir.js';
import type { SearchOptions } from '../search/execution.js';
import type { ModelRun } from '../verdict/report.js';
import { explainDeadlock } from './deadlock.js';
import { explainForbidden } from './explain-forbidden.js';
import type { Explanation, OutcomeExplanation } from './explanation.js';
import { explainFlag } from './flags.js';
import { explainImpossible } from './impossible.js';
import { tellStory } from './story.js';

export interface ExplainOptions {
  /** Of the searches for reasons. */
  readonly search: SearchOptions;
  /** How many arguments are given at most. */
  readonly arguments: number;
  /** Whether it is to be said that there are more. Absent: not. */
  readonly asksForMore?: boolean;
}

/** Whether the outcome in question is the condition's proposition; else it is its negation. */
export function asksForProposition({ condition }: Program): boolean {
  return condition.quantifier !== 'forall';
}

/** `1:r0=1 /\ 1:r1=0`: what the explanation is about; with the filter that executions have to pass, if there is one. */
export function outcomeText(program: Program): string {
  const { condition, filter, observed } = program;
  const text = showProposition(condition.proposition, observed);
  const outcome = asksForProposition(program) ? text : `not (${text})`;
  return filter === null
    ? outcome
    : `${outcome}, of what passes filter (${showProposition(filter, observed)})`;
}

export function explainRun(run: ModelRun, options: ExplainOptions): Explanation {
  const { program, model, compiled, result } = run;
  return {
    test: program.name,
    model,
    outcome: outcomeText(program),
    explained: explainOutcome(run, options),
    flags: result.flags.map(({ name, witness }) => explainFlag(name, witness(), compiled)),
  };
}

function explainOutcome(run: ModelRun, options: ExplainOptions): OutcomeExplanation {
  const { program, compiled, result, verdict } = run;
  const satisfies = asksForProposition(program);
  const allowed = result.states.find((state) => state.satisfies === satisfies);
  if (allowed !== undefined) return { kind: 'allowed', story: tellStory(allowed.witness(), compiled) };
  if (verdict === 'Unknown') return { kind: 'unknown', limit: result.limit ?? 'unknown' };
  const { search } = options;
  if (verdict === 'Deadlock') return { kind: 'deadlock', ...explainDeadlock(program, compiled, search) };
  const found = explainForbidden(
    { program, satisfies },
    compiled,
    search,
    options.arguments,
    options.asksForMore,
  );
  if (found.arguments.length > 0 || found.limit !== null) return { kind: 'forbidden', ...found };
  return { kind: 'impossible', ...explainImpossible(program, satisfies, compiled, search) };
}

/** The limit that left the outcome, or the reason for it, open; null if none did. That there may be further arguments is not open. */
export function openLimit({ explained }: Explanation): string | null {
  switch (explained.kind) {
    case 'allowed':
      return null;
    case 'forbidden':
      return explained.arguments.length === 0 ? explained.limit : null;
    case 'impossible':
    case 'deadlock':
    case 'unknown':
      return explained.limit;
  }
}
