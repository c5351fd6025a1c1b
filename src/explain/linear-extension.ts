/**
 * An allowed execution in an order of time, for stories: one total order of its events that agrees with the model as far as
 * a single order can.
 *
 * Definition. The order extends a relation that grows in steps, from the initial writes before all else; each step is taken only
 * if the relation stays acyclic:
 *  1. the relations of the model's acyclicity checks, whole, in the model's order; those that only state coherence are left out;
 *  2. the pairs of rf, then of fr, then of co, one by one: a story in which reads come after the writes that they read, and stores reach
 *     everybody when they are made, is the simplest, and some models (of machines where they do not) have no such order;
 *  3. the pairs of program order, one by one, those with a fence between them or a dependency first: what is left of it where nothing
 *     above contradicts.
 * The relations of step 1 are acyclic each, but two of them need not be acyclic together; then the earlier counts. What the order
 * leaves on the way is told: `story.ts` says of each event where it departs from program order and from steps 2. Among the
 * events that may come next, the halves of one atomic access stay together, then the events of one thread.
 */
import type { Check, CompiledModel } from '../model/dag.js';
import type { Evaluation } from '../model/evaluate.js';
import { dependencies } from '../program/vocabulary.js';
import { compose, difference, inverse, isSubset } from '../relation/operators.js';
import { Relation } from '../relation/relation.js';
import type { Execution } from '../search/execution.js';
import { recognise } from '../search/recognise.js';
import { invariant } from '../text/diagnostic.js';
import { isFence } from './cycle.js';

export interface TimeOrder {
  /** Ids of events, initial writes first. */
  readonly order: readonly number[];
  /** The acyclicity checks whose whole relation the order extends. */
  readonly respected: readonly Check[];
}

/** A strict partial order that grows by pairs and stays one. */
export class GrowingOrder {
  /** Transitively closed. */
  readonly before: Relation;

  constructor(readonly n: number) {
    this.before = new Relation(n);
  }

  /** Adds a pair with all that follows from it, unless it contradicts the order; then false. Cost: n w. */
  add(from: number, to: number): boolean {
    const { before, n } = this;
    if (from === to || before.has(to, from)) return false;
    if (before.has(from, to)) return true;
    const { words, bits } = before;
    for (let event = 0; event < n; event++) {
      if (event !== from && !before.has(event, from)) continue;
      before.add(event, to);
      for (let k = 0; k < words; k++) bits[event * words + k]! |= bits[to * words + k]!;
    }
    return true;
  }

  /** Adds a whole relation, or nothing if it contradicts the order. */
  addAll(relation: Relation): boolean {
    const trial = new GrowingOrder(this.n);
    trial.before.bits.set(this.before.bits);
    for (const [from, to] of relation.pairs()) if (!trial.add(from, to)) return false;
    this.before.bits.set(trial.before.bits);
    return true;
  }
}

/** The acyclicity checks that a model forbids executions by: those about more than coherence first, each part in the model's order. */
export function acyclicChecks(model: CompiledModel): readonly Check[] {
  const checks = model.checks.filter((check) => check.kind === 'acyclic' && !check.flag && !check.negated);
  const { satisfied } = recognise(model);
  return [
    ...checks.filter((check) => !satisfied.has(check)),
    ...checks.filter((check) => satisfied.has(check)),
  ];
}

/** The value of a check's relation. */
export function relationOf(check: Check, evaluation: Evaluation): Relation {
  const value = evaluation.value(check.node);
  invariant(value instanceof Relation, `${check.kind} of a set`);
  return value;
}

/** From reads: (r, w) if r reads a write that is coherence-before w. */
export function fromReads({ base, events }: Execution): Relation {
  const { length } = events;
  const [rf, co] = [base.get('rf') ?? new Relation(length), base.get('co') ?? new Relation(length)];
  return difference(compose(inverse(rf), co), base.get('id') ?? new Relation(length));
}

function addModelOrder(growing: GrowingOrder, model: CompiledModel, evaluation: Evaluation): void {
  const { satisfied } = recognise(model);
  for (const check of acyclicChecks(model))
    if (!satisfied.has(check)) growing.addAll(relationOf(check, evaluation));
}

/** What the model orders, transitively closed: the checks of step 1. */
export function orderOfModel(model: CompiledModel, evaluation: Evaluation, n: number): Relation {
  const growing = new GrowingOrder(n);
  addModelOrder(growing, model, evaluation);
  return growing.before;
}

export function orderInTime(execution: Execution, model: CompiledModel, evaluation: Evaluation): TimeOrder {
  const n = execution.events.length;
  const growing = new GrowingOrder(n);
  for (const { id, thread } of execution.events)
    if (thread < 0) for (const other of execution.events) if (other.thread >= 0) growing.add(id, other.id);
  addModelOrder(growing, model, evaluation);
  const relation = (name: string): Relation => execution.base.get(name) ?? new Relation(n);
  for (const communication of [relation('rf'), fromReads(execution), relation('co')])
    for (const [from, to] of communication.pairs()) growing.add(from, to);
  for (const isTied of [true, false])
    for (const [from, to] of programOrder(execution))
      if (isLinked(from, to, execution) === isTied) growing.add(from, to);
  const order = sorted(growing.before, execution);
  const total = Relation.of(
    n,
    order.flatMap((from, at) => order.slice(at + 1).map((to) => [from, to] as const)),
  );
  const respected = acyclicChecks(model).filter((check) => isSubset(relationOf(check, evaluation), total));
  return { order, respected };
}

/** The pairs of program order, the earlier second event first, and of these the later first event. */
function programOrder({ events, base }: Execution): [number, number][] {
  const po = base.get('po');
  const pairs: [number, number][] = [];
  for (let to = 0; to < events.length; to++)
    for (let from = to - 1; from >= 0; from--) if (po?.has(from, to) === true) pairs.push([from, to]);
  return pairs;
}

/** Whether something leads from the one to the other that a reader would take for an order: a fence between them, a dependency. */
function isLinked(from: number, to: number, { events, base }: Execution): boolean {
  const po = base.get('po');
  return (
    dependencies.some((name) => base.get(name)?.has(from, to) === true) ||
    events.some((event) => isFence(event) && po?.has(from, event.id) === true && po.has(event.id, to))
  );
}

/** A linear extension of a strict partial order; the initial writes, which nothing comes before but each other, first. */
function sorted(before: Relation, execution: Execution): number[] {
  const { events, base } = execution;
  const rmw = base.get('rmw');
  const earlier = inverse(before);
  const open = new Set(events.map(({ id }) => id));
  const order: number[] = [];
  const isOther = (read: number, write: number): boolean =>
    rmw?.has(read, write) === true || (events[read]!.tags.includes('LKR') && write === read + 1);
  const isReady = (id: number): boolean =>
    open.has(id) && earlier.successors(id).every((event) => !open.has(event));
  const next = (): number => {
    const last = order.at(-1);
    const ready = [...open].filter(isReady);
    const initial = ready.find((id) => events[id]!.thread < 0);
    const half = last === undefined ? undefined : ready.find((id) => isOther(last, id));
    const sameThread = ready.find((id) => last !== undefined && events[id]!.thread === events[last]!.thread);
    const chosen = initial ?? half ?? sameThread ?? ready[0];
    invariant(chosen !== undefined, 'a partial order has a first event');
    return chosen;
  };
  while (open.size > 0) {
    const id = next();
    order.push(id);
    open.delete(id);
  }
  return order;
}
