/**
 * Which orders a reader would have expected of an allowed execution: the steps in program order of a cycle that interleaving
 * forbids.
 *
 * An execution that no interleaving of the threads explains has a cycle in po | rf | co | fr (Shasha and Snir, TOPLAS 1988). Whoever is
 * surprised by it went round that cycle and took each step for an order. Of all cycles this finds one with the fewest steps in
 * program order that the model does not order, then the shortest. A step is ordered if it is in the transitive closure
 * of the relations of the model's acyclicity checks (`linear-extension.ts`, step 1).
 */
import type { CompiledModel } from '../model/dag.js';
import type { Evaluation } from '../model/evaluate.js';
import { loadShippedModel } from '../model/shipped.js';
import { union } from '../relation/operators.js';
import { Relation } from '../relation/relation.js';
import type { Execution } from '../search/execution.js';
import { type CycleEdge, isFence } from './cycle.js';
import { fromReads, orderOfModel } from './linear-extension.js';
import { evaluateExecution } from './refused-execution.js';
import { explainViolations } from './violated.js';

/** A pair in program order. */
export interface OrderedPair {
  readonly from: number;
  readonly to: number;
}

/** A cycle that interleaving forbids, by what the model makes of its steps. */
export interface SurprisingCycle {
  /** The cycle in order: program order, and rf, co, fr. */
  readonly edges: readonly CycleEdge[];
  /** Its steps in program order. If the model orders them all, the execution is possible because order in one thread is not order for all. */
  readonly pairs: readonly OrderedPair[];
  /** What the model orders. */
  readonly order: Relation;
}

/** What a step costs: one more that is not ordered is never worth any number of others. */
const COMMUNICATION = 2;
const ORDERED = 3;
const UNORDERED = 10_000;

interface Step {
  readonly kind: 'po' | 'rf' | 'co' | 'fr';
  readonly from: number;
  readonly to: number;
  readonly cost: number;
}

/** Null if interleaving explains the execution: no order is missing. */
export function surprisingCycle(
  execution: Execution,
  model: CompiledModel,
  evaluation: Evaluation,
): SurprisingCycle | null {
  const order = orderOfModel(model, evaluation, execution.events.length);
  const whole = withLocks(execution, model, evaluation);
  const edges = cheapestCycle(stepsOf(whole, order)) ?? cycleOfInterleaving(whole);
  if (edges === null) return null;
  const pairs = edges.filter(({ kind }) => kind === 'po').map(({ from, to }) => ({ from, to }));
  return { edges, pairs, order };
}

/**
 * The execution with what a model that orders locks itself says of who reads a lock from whom and in which order it is taken: what
 * the model's `rf` and `co` come to at the end. Elsewhere, the execution.
 */
function withLocks(execution: Execution, model: CompiledModel, evaluation: Evaluation): Execution {
  const { events, sets, base } = execution;
  const accesses = sets.get('M');
  const acquired = events.filter(({ id, tags }) => tags.includes('LKR') && accesses?.has(id) === false);
  if (acquired.length === 0) return execution;
  const relations = new Map(base);
  const add = (name: string, more: Relation): void => {
    relations.set(name, union(relations.get(name) ?? new Relation(events.length), more));
  };
  for (const name of ['rf', 'co']) {
    const node = model.names.get(name);
    const value = node === undefined ? null : evaluation.value(node);
    if (value instanceof Relation) add(name, value);
  }
  const halves = acquired.map(({ id }) => [id, id + 1] as const);
  add('rmw', Relation.of(events.length, halves));
  return { ...execution, base: relations };
}

function stepsOf(execution: Execution, order: Relation): Step[][] {
  const { events, base } = execution;
  const steps: Step[][] = events.map(() => []);
  const add = (kind: Step['kind'], relation: Relation | undefined): void => {
    for (const [from, to] of relation?.pairs() ?? []) {
      if (isFence(events[from]!) || isFence(events[to]!)) continue;
      // within a thread it is program order that a reader relies on
      if (kind !== 'po' && base.get('po')?.has(from, to) === true) continue;
      const cost = kind !== 'po' ? COMMUNICATION : order.has(from, to) ? ORDERED : UNORDERED;
      steps[from]!.push({ kind, from, to, cost });
    }
  };
  add('rf', base.get('rf'));
  add('co', base.get('co'));
  add('fr', fromReads(execution));
  add('po', base.get('po'));
  return steps;
}

/** A cheapest cycle, from its smallest event on; of equal ones the first found. */
function cheapestCycle(steps: readonly (readonly Step[])[]): CycleEdge[] | null {
  let best: { readonly cost: number; readonly path: readonly Step[] } | null = null;
  for (let start = 0; start < steps.length; start++) {
    const found = cheapestReturn(steps, start, best?.cost ?? Number.POSITIVE_INFINITY);
    if (found !== null) best = found;
  }
  if (best === null) return null;
  return best.path.map(({ kind, from, to }) => ({ kind, from, to, label: kind, via: null, reversed: false }));
}

/** The cheapest way from an event through larger ones back to it, if it costs less than `limit`. */
function cheapestReturn(
  steps: readonly (readonly Step[])[],
  start: number,
  limit: number,
): { readonly cost: number; readonly path: readonly Step[] } | null {
  const costs = new Map<number, number>();
  const arrivals = new Map<number, Step>();
  const open = new Set<number>();
  const relax = (from: number, sofar: number): void => {
    for (const step of steps[from]!) {
      const sum = sofar + step.cost;
      if (step.to < start || sum >= (costs.get(step.to) ?? limit)) continue;
      costs.set(step.to, sum);
      arrivals.set(step.to, step);
      open.add(step.to);
    }
  };
  relax(start, 0);
  while (open.size > 0 && !isNearest(start, open, costs)) {
    const at = [...open].reduce((a, b) => (costs.get(b)! < costs.get(a)! ? b : a));
    open.delete(at);
    relax(at, costs.get(at)!);
  }
  const cost = costs.get(start);
  if (cost === undefined) return null;
  const path: Step[] = [];
  let at = start;
  do {
    const step = arrivals.get(at)!;
    path.unshift(step);
    at = step.from;
  } while (at !== start);
  return { cost, path };
}

function isNearest(start: number, open: ReadonlySet<number>, costs: ReadonlyMap<number, number>): boolean {
  return open.has(start) && [...open].every((event) => costs.get(event)! >= costs.get(start)!);
}

/** What else interleaving forbids: an end of a grace period that cannot have come. */
function cycleOfInterleaving(execution: Execution): readonly CycleEdge[] | null {
  const sc = loadShippedModel('sc');
  const cycles = explainViolations(execution, sc, evaluateExecution(execution, sc));
  return cycles[0]?.edges ?? null;
}
