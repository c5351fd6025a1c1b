/**
 * Plans as JSON, so that the build can make those of the shipped models ahead, as it compiles these: making them takes longer than
 * most searches of small tests.
 */

import { childrenOf } from '../model/children.js';
import type { CompiledModel, NodeId } from '../model/dag.js';
import { invariant } from '../text/diagnostic.js';
import { membersOf, type Plan } from './plan.js';

export interface PackedPlan
  extends Pick<
    Plan,
    'uses' | 'strata' | 'dependenciesOnlyForbid' | 'order' | 'groupBodies' | 'isMonotoneGroup'
  > {
  readonly persistent: readonly NodeId[];
  readonly coherent: boolean;
  readonly atomicity: Plan['recognised']['atomicity'];
  /** Indices of checks. */
  readonly satisfied: readonly number[];
}

export function packPlan(plan: Plan): PackedPlan {
  const { model, recognised, uses, strata, persistent, dependenciesOnlyForbid, order } = plan;
  const { coherent, atomicity } = recognised;
  const satisfied = [...recognised.satisfied].map((check) => model.checks.indexOf(check));
  const { groupBodies, isMonotoneGroup } = plan;
  return {
    uses,
    strata,
    persistent: [...persistent],
    coherent,
    atomicity,
    satisfied,
    dependenciesOnlyForbid,
    order,
    groupBodies,
    isMonotoneGroup,
  };
}

/** `model`: the one that the plan was made of, or that one unpacked. */
export function unpackPlan(model: CompiledModel, packed: PackedPlan): Plan {
  const { uses, strata, dependenciesOnlyForbid, order, groupBodies, isMonotoneGroup } = packed;
  invariant(
    packed.strata.open.length === model.nodes.length,
    `a packed plan of another model than ${model.name}`,
  );
  const { coherent, atomicity } = packed;
  const satisfied = new Set(packed.satisfied.map((index) => model.checks[index]!));
  return {
    model,
    recognised: { coherent, atomicity, satisfied },
    uses,
    strata,
    persistent: new Set(packed.persistent),
    dependenciesOnlyForbid,
    order,
    groupBodies,
    children: model.nodes.map(childrenOf),
    members: membersOf(model),
    isMonotoneGroup,
    insideRecursion: new Set(groupBodies.flat()),
  };
}
