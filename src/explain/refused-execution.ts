/**
 * Finds an execution that would produce a forbidden outcome, with the argument against it.
 *
 * The model's executions do not contain one, so the search runs again under weaker models: the model without one of its
 * checks, each in turn. What such a search finds satisfies the condition and violates just the missing check, which makes
 * the shortest argument. Only if no single check is to blame are all dropped. The search's own limits apply to each run.
 */
import type { Check, CompiledModel } from '../model/dag.js';
import { evaluateModel } from '../model/evaluate.js';
import type { Program } from '../program/ir.js';
import type { Execution, SearchOptions } from '../search/execution.js';
import { searchProgram } from '../search/search.js';
import { type Candidate, mostTellingRefusal, type Refusal } from './forbidden.js';

/** What is looked for: executions whose final state satisfies the condition's proposition, or that do not. */
export interface Wanted {
  readonly program: Program;
  readonly satisfies: boolean;
}

function executionsUnder(
  wanted: Wanted,
  model: CompiledModel,
  checks: readonly Check[],
  options: SearchOptions,
): readonly Execution[] {
  const { states } = searchProgram(wanted.program, { ...model, checks }, options);
  return states.filter((state) => state.satisfies === wanted.satisfies).map((state) => state.witness);
}

function* judged(executions: readonly Execution[], model: CompiledModel): Generator<Candidate> {
  for (const execution of executions) {
    const { sets, base: relations, events } = execution;
    yield { execution, evaluation: evaluateModel(model, { n: events.length, sets, relations }) };
  }
}

/** Null if there is no such execution whatever the model, or a limit came first. */
export function findRefusedExecution(
  wanted: Wanted,
  model: CompiledModel,
  options: SearchOptions,
): Refusal | null {
  const outcomes: SearchOptions = { ...options, mode: 'outcomes' };
  const laws = model.checks.filter((check) => !check.flag);
  const single = laws.flatMap((law) =>
    executionsUnder(
      wanted,
      model,
      laws.filter((other) => other !== law),
      outcomes,
    ),
  );
  const executions = single.length > 0 ? single : executionsUnder(wanted, model, [], outcomes);
  return mostTellingRefusal(judged(executions, model), model);
}
