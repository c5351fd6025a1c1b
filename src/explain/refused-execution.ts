/**
 * Finds an execution that would produce a forbidden outcome, with the argument against it.
 *
 * The model's executions do not contain one, so the search runs again under weaker models: the model without one of its
 * checks, each in turn. What such a search finds satisfies the condition and violates just the missing check, which makes
 * the shortest argument. Only if no single check is to blame, executions that violate several are looked at. The search's own limits
 * apply to each run.
 */
import type { Check, CompiledModel } from '../model/dag.js';
import { type Evaluation, evaluateModel } from '../model/evaluate.js';
import type { Program, Proposition } from '../program/ir.js';
import { candidatesWith } from '../search/candidates.js';
import { type Execution, environmentOf, type SearchOptions } from '../search/execution.js';
import { recognise } from '../search/recognise.js';
import { visitExecutions } from '../search/search.js';
import { type Refusal, RefusalChooser } from './forbidden.js';

/** What is looked for: executions whose final state satisfies the condition's proposition, or that do not. */
export interface Wanted {
  readonly program: Program;
  readonly satisfies: boolean;
}

/** How many candidates are asked for if they violate several checks each. */
const FALLBACK = 200;

/** Null if there is no such execution whatever the model, or a limit came first. */
export function findRefusedExecution(
  wanted: Wanted,
  model: CompiledModel,
  options: SearchOptions,
): Refusal | null {
  const { program } = wanted;
  const { proposition } = program.condition;
  const goal: Proposition = wanted.satisfies ? proposition : { kind: 'not', operand: proposition };
  const filter: Proposition =
    program.filter === null ? goal : { kind: 'and', left: program.filter, right: goal };
  const chooser = new RefusalChooser(model);
  const offer = (execution: Execution): boolean =>
    chooser.offer({ execution: { ...execution, program }, evaluation: evaluateExecution(execution, model) });
  for (const law of lawsInOrder(model)) {
    if (chooser.isTelling && recognise(model).satisfied.has(law)) break;
    chooser.refill();
    const checks = model.checks.filter((check) => !check.flag && check !== law);
    visitExecutions({ ...program, filter }, { ...model, checks }, options, offer);
  }
  if (chooser.best === null)
    for (const execution of candidatesWith(program, model, goal, FALLBACK, options))
      if (!offer(execution)) break;
  return chooser.best;
}

/** Coherence and atomicity last: an argument from them is the last resort. */
function lawsInOrder(model: CompiledModel): Check[] {
  const { satisfied } = recognise(model);
  const laws = model.checks.filter((check) => !check.flag);
  return [...laws.filter((law) => !satisfied.has(law)), ...laws.filter((law) => satisfied.has(law))];
}

/** What a model says of a whole execution. */
export function evaluateExecution(execution: Execution, model: CompiledModel): Evaluation {
  return evaluateModel(model, environmentOf(execution));
}
