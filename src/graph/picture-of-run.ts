/** The picture that answers a test under a model: the execution that proves it, or the cycle that forbids it. */
import { findRefusedExecution } from '../explain/refused-execution.js';
import type { CompiledModel } from '../model/dag.js';
import type { SearchOptions } from '../search/execution.js';
import type { ModelRun } from '../verdict/report.js';
import { viewedGraph } from './from-execution.js';
import type { Caption, GraphModel } from './graph-model.js';
import { usualView, type View } from './view.js';

/**
 * The graph of a witness of the condition (of `forall`: of a counterexample), if the model allows one; else of an execution
 * that would be one, with its cycle highlighted. Null if there is neither: nothing that the threads can do leads there. Null,
 * too, where no execution completes, whatever its outcome, and where a limit left open whether the model forbids it.
 */
export function pictureOfRun(
  run: ModelRun,
  test: string,
  model: CompiledModel,
  options: SearchOptions,
  view: View = usualView,
): GraphModel | null {
  const caption = (verdict: string): Caption => ({ test, model: run.model, verdict });
  const satisfies = run.program.condition.quantifier !== 'forall';
  const allowed = run.result.states.find((state) => state.satisfies === satisfies);
  if (allowed !== undefined) return viewedGraph(allowed.witness(), caption('allowed'), null, { model, view });
  // that one execution is refused says nothing of the others
  if (run.result.limit !== null || run.verdict === 'Deadlock') return null;
  const refusal = findRefusedExecution({ program: run.program, satisfies }, model, options);
  if (refusal === null) return null;
  return viewedGraph(refusal.execution, caption('forbidden'), refusal.cycle, { model, view });
}
