/** The plan of a model: made ahead, with the shipped models, or when it is first used. */
import type { CompiledModel } from '../model/dag.js';
import { isShipped } from '../model/shipped.js';
import { unpackPlan } from './packed-plan.js';
import { makePlan, type Plan } from './plan.js';
import { precompiledPlans } from './precompiled-plans.js';

const plans = new WeakMap<CompiledModel, Plan>();

/** The plan of a model; one object for each model object. */
export function planFor(model: CompiledModel): Plan {
  let plan = plans.get(model);
  if (plan === undefined) {
    const packed = isShipped(model) ? precompiledPlans.get(model.name) : undefined;
    plan = packed === undefined ? makePlan(model) : unpackPlan(model, packed);
    plans.set(model, plan);
  }
  return plan;
}
