/**
 * Candidate executions that end in a wanted state whether or not a model allows them: what an explanation of a
 * forbidden outcome starts from.
 */
import type { CompiledModel } from '../model/dag.js';
import type { Program, Proposition } from '../program/ir.js';
import type { Execution, SearchOptions } from './execution.js';
import { recognise } from './recognise.js';
import { visitExecutions } from './search.js';

/**
 * At most `max` candidates whose final state satisfies `goal` (and the program's filter).
 *
 * Prefers candidates that are coherent and atomic as far as the model is recognised to demand it, for they show the
 * interesting axiom; only if there is none, all candidates count.
 */
export function candidatesWith(
  program: Program,
  model: CompiledModel,
  goal: Proposition,
  max: number,
  options: Omit<SearchOptions, 'mode'>,
): readonly Execution[] {
  const filter: Proposition =
    program.filter === null ? goal : { kind: 'and', left: program.filter, right: goal };
  const filtered = { ...program, filter };
  const { satisfied } = recognise(model);
  for (const checks of [model.checks.filter((check) => satisfied.has(check)), []]) {
    const found: Execution[] = [];
    visitExecutions(filtered, { ...model, checks }, options, (execution) => {
      found.push({ ...execution, program });
      return found.length < max;
    });
    if (found.length > 0) return found;
  }
  return [];
}
