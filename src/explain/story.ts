/**
 * How an execution that a model allows comes about: told in an order of time, with the orders that it takes advantage of the absence of.
 *
 * Composes `linear-extension.ts` (which order), `narration.ts` (its sentences), `unordered-pairs.ts` and `missing-order.ts` (what the
 * reader expected and the model does not promise). `audit-story.ts` checks the result.
 */
import type { CompiledModel } from '../model/dag.js';
import type { Execution } from '../search/execution.js';
import type { Story } from './explanation.js';
import { orderInTime } from './linear-extension.js';
import { missingOrders } from './missing-order.js';
import { tellOrder } from './narration.js';
import { evaluateExecution } from './refused-execution.js';
import { surprisingCycle } from './unordered-pairs.js';

/** The story of an execution that the model allows. */
export function tellStory(execution: Execution, model: CompiledModel): Story {
  const evaluation = evaluateExecution(execution, model);
  const { order, respected } = orderInTime(execution, model, evaluation);
  const cycle = surprisingCycle(execution, model, evaluation);
  return {
    execution,
    order,
    respected,
    sentences: tellOrder(execution, order),
    isInterleaving: cycle === null,
    missing: cycle === null ? [] : missingOrders(execution, model, cycle),
  };
}
