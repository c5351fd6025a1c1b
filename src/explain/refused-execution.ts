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
import { carriedArgument, placeCandidate, refutes } from './carry-argument.js';
import { type Refusal, RefusalChooser } from './forbidden.js';

/** What is looked for: executions whose final state satisfies the condition's proposition, or that do not. */
export interface Wanted {
  readonly program: Program;
  readonly satisfies: boolean;
}

/** How many candidates are asked for if they violate several checks each. */
const FALLBACK = 200;
/** How many candidates are kept, for arguments after the first. */
const KEPT = 400;
/** How many candidates are explained for each argument after the first. */
const EXPLAINED_LATER = 8;

export interface Refusals {
  /** The most telling first; each later one is of an execution that no earlier one is an argument against. */
  readonly refusals: readonly Refusal[];
  /** The limit that cut the search short, or null. Without a refusal and without a limit, there is no such execution whatever the model. */
  readonly limit: string | null;
}

/** Null if there is no such execution whatever the model, or a limit came first. */
export function findRefusedExecution(
  wanted: Wanted,
  model: CompiledModel,
  options: SearchOptions,
): Refusal | null {
  return findRefusals(wanted, model, options, 1).refusals[0] ?? null;
}

/** At most `most` refusals. */
export function findRefusals(
  wanted: Wanted,
  model: CompiledModel,
  options: SearchOptions,
  most: number,
): Refusals {
  const { program } = wanted;
  const { proposition } = program.condition;
  const goal: Proposition = wanted.satisfies ? proposition : { kind: 'not', operand: proposition };
  const filter: Proposition =
    program.filter === null ? goal : { kind: 'and', left: program.filter, right: goal };
  const chooser = new RefusalChooser(model);
  const seen: Execution[] = [];
  const offer = (found: Execution): boolean => {
    const execution = { ...found, program };
    if (most > 1 && seen.length < KEPT) seen.push(execution);
    return chooser.offer({ execution, evaluation: evaluateExecution(execution, model) });
  };
  let limit: string | null = null;
  const search = (checks: readonly Check[]): void => {
    chooser.refill();
    limit = visitExecutions({ ...program, filter }, { ...model, checks }, options, offer) ?? limit;
  };
  const laws = model.checks.filter((check) => !check.flag);
  const { satisfied } = recognise(model);
  for (const law of laws) if (!satisfied.has(law)) search(laws.filter((check) => check !== law));
  // an argument about order from several laws at once, before one from coherence or atomicity alone
  if (!chooser.isTelling) search(laws.filter((check) => satisfied.has(check)));
  // the laws about single locations leave no candidate
  if (chooser.best === null && limit === null) chooser.preferOneLocation();
  for (const law of laws)
    if (!chooser.isTelling && satisfied.has(law)) search(laws.filter((check) => check !== law));
  if (chooser.best === null)
    for (const execution of candidatesWith(program, model, goal, FALLBACK, options))
      if (!offer(execution)) break;
  return { refusals: chooser.best === null ? [] : withOthers(chooser, seen, model, most), limit };
}

/** The first refusal, and others of candidates that those before are no arguments against. */
function withOthers(
  first: RefusalChooser,
  candidates: readonly Execution[],
  model: CompiledModel,
  most: number,
): Refusal[] {
  const refusals: Refusal[] = [];
  let open = candidates;
  const said = new Set<string>();
  for (let next = first.best; next !== null && refusals.length < most; ) {
    const argument = carriedArgument(next.check, next.cycle, next.execution);
    // the same steps may rest on something else in another execution, which is not worth saying
    if (!said.has(argument.steps)) refusals.push(next);
    said.add(argument.steps);
    if (refusals.length === most) break;
    const left: Execution[] = [];
    const chooser = first.forOthers(EXPLAINED_LATER);
    let isAsking = true;
    for (const execution of open) {
      if (execution === next.execution) continue;
      const evaluation = evaluateExecution(execution, model);
      if (refutes(argument, placeCandidate(execution, evaluation, model))) continue;
      left.push(execution);
      if (isAsking) isAsking = chooser.offer({ execution, evaluation });
    }
    open = left;
    next = chooser.best;
  }
  return refusals;
}

/** What a model says of a whole execution. */
export function evaluateExecution(execution: Execution, model: CompiledModel): Evaluation {
  return evaluateModel(model, environmentOf(execution));
}
