/**
 * Why a model refuses an execution: the violated check as a minimal cycle (or pair) of primitive, named edges.
 *
 * Takes the evaluated model; gives plain data. The edges are facts of the execution, so a reader (or a test) can check each
 * of them without the model; that these facts violate the axiom is what `Cycle.derivations` spells out.
 */
import type { Check, CompiledModel } from '../model/dag.js';
import type { Evaluation } from '../model/evaluate.js';
import type { Execution } from '../search/execution.js';
import { closeCosts, NEVER } from './cost-matrix.js';
import { type Cycle, type CycleEdge, edgesOf, eventAt } from './cycle.js';
import { Deriver } from './derive.js';
import { sidesOf } from './edge-derivation.js';
import { ExpansionCosts } from './expansion-cost.js';
import { flatten, type Step } from './flatten.js';

/** The arguments against an execution: one for each violated check, in the model's order. */
export function explainViolations(
  execution: Execution,
  model: CompiledModel,
  evaluation: Evaluation,
): Cycle[] {
  const deriver = new Deriver(new ExpansionCosts(model, evaluation, execution));
  return evaluation.failed.map((check) => explainCheck(check, deriver, execution));
}

/** The argument for one violated check. */
export function explainCheck(check: Check, deriver: Deriver, execution: Execution): Cycle {
  if (check.negated) return emptyCycle('absence', check, []);
  if (check.kind === 'empty') return explainInhabitant(check, deriver, execution);
  const path = check.kind === 'acyclic' ? cheapestCycle(check, deriver) : cheapestLoop(check, deriver);
  const derivations = path.map(([from, to]) => deriver.derive(check.node, from, to));
  const edges = edgesOf(derivations.flatMap(flatten), true, execution);
  const events = edges.length > 0 ? startsOf(edges) : path.map(([from]) => from);
  return { shape: 'cycle', axiom: check.name, events, edges: rotate(edges), derivations };
}

/**
 * Whether the argument is about one location only: a read or write that contradicts coherence, which every model has and
 * which says little about ordering.
 */
export function isAboutOneLocation(cycle: Cycle, execution: Execution): boolean {
  const locations = new Set(cycle.events.map((id) => eventAt(execution, id).location));
  return cycle.events.length > 0 && locations.size === 1;
}

function emptyCycle(shape: Cycle['shape'], check: Check, events: readonly number[]): Cycle {
  return { shape, axiom: check.name, events, edges: [], derivations: [] };
}

/** The pairs of the cheapest cycle of an acyclic check's relation. */
function cheapestCycle(check: Check, deriver: Deriver): [number, number][] {
  const { costs } = deriver;
  const closed = closeCosts(costs.n, costs.matrix(check.node));
  const start = cheapestReflexive(closed, costs.n);
  return start === null ? [] : deriver.path(check.node, start, start);
}

function cheapestLoop(check: Check, deriver: Deriver): [number, number][] {
  const start = cheapestReflexive(deriver.costs.matrix(check.node), deriver.costs.n);
  return start === null ? [] : [[start, start]];
}

function cheapestReflexive(matrix: Int32Array, n: number): number | null {
  let best: number | null = null;
  for (let event = 0; event < n; event++) {
    const cost = matrix[event * n + event]!;
    if (cost < NEVER && (best === null || cost < matrix[best * n + best]!)) best = event;
  }
  return best;
}

/** A pair (or event) of a relation (or set) that has to be empty, derived from all sides. */
function explainInhabitant(check: Check, deriver: Deriver, execution: Execution): Cycle {
  const { costs } = deriver;
  if (costs.node(check.node).type === 'set') {
    const event = costs.set(check.node).members()[0];
    const derivations = event === undefined ? [] : [deriver.test(check.node, event)];
    return { ...emptyCycle('event', check, event === undefined ? [] : [event]), derivations };
  }
  let best: [number, number] | null = null;
  for (const [from, to] of costs.relation(check.node).pairs())
    if (best === null || costs.cost(check.node, from, to) < costs.cost(check.node, ...best))
      best = [from, to];
  if (best === null) return emptyCycle('pair', check, []);
  const derivation = deriver.derive(check.node, ...best);
  const edges = sidesOf(derivation).flatMap((side) => edgesOf(forwards(flatten(side)), false, execution));
  // a pair of an event with itself that is no more than a test of it
  if (edges.length === 0) return { ...emptyCycle('event', check, [best[0]]), derivations: [derivation] };
  const telling = edges.filter((edge) => edge.kind !== 'other');
  const shown = telling.length > 0 ? telling : edges;
  return {
    shape: 'pair',
    axiom: check.name,
    events: [...new Set(shown.flatMap((edge) => [edge.from, edge.to]))],
    edges: shown,
    derivations: [derivation],
  };
}

/** A path that is read backwards from one end to the other is told from its other end. */
function forwards(steps: readonly Step[]): readonly Step[] {
  if (!steps.every((step) => step.reversed)) return steps;
  return steps
    .map((step) => ({
      ...step,
      from: step.to,
      to: step.from,
      reversed: false,
      fromSets: step.toSets,
      toSets: step.fromSets,
    }))
    .reverse();
}

function startsOf(edges: readonly CycleEdge[]): number[] {
  return rotate(edges).map((edge) => edge.from);
}

/** The same cycle, from its smallest event on. */
function rotate(edges: readonly CycleEdge[]): CycleEdge[] {
  let first = 0;
  for (const [at, edge] of edges.entries()) if (edge.from < edges[first]!.from) first = at;
  return [...edges.slice(first), ...edges.slice(0, first)];
}
