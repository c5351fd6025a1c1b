/**
 * Bounds of every expression of a model in all executions of one skeleton: what it certainly contains (`lo`) and what it can
 * contain at most (`hi`), computed once before reads-from is chosen.
 *
 * Soundness: the caller bounds the predefined names (rf by the sources that a read may have, co by the order that is forced). Every
 * operator is monotone in its operands but for complement and the right side of a difference, which are antitone: there the bounds
 * change sides. A least fixpoint is monotone in its bodies if these are monotone in the variables; a recursion that is not, a
 * choice of the model, and a computation whose inputs are not exact can be anything. (Interval analysis of relational terms as
 * in Torlak and Jackson, "Kodkod: a relational model finder", TACAS 2007.)
 */
import type { Node, NodeId, NodeType } from '../model/dag.js';
import { divergingRecursion, ModelEvaluationError } from '../model/evaluation-error.js';
import * as ops from '../relation/operators.js';
import type { Bits } from '../relation/relation.js';
import { invariant } from '../text/diagnostic.js';
import type { Plan, Stratum } from './plan.js';
import { type Bounds, type Interval, NUMBERS, SharedValues } from './shared-values.js';

/** What is known of the predefined names before reads-from is chosen. */
export interface BaseBounds {
  readonly n: number;
  readonly of: (name: string, type: NodeType) => Bounds;
}

/** Bounds of operators' results by those of their operands, for the executions of so many events. */
export class KnownIntervals {
  readonly values: SharedValues;
  private readonly results: (Results | undefined)[] = [];

  /** `remembers`: false computes all anew. */
  constructor(
    n: number,
    private readonly remembers: boolean,
  ) {
    this.values = new SharedValues(n, remembers);
  }

  /** The bounds of a node whose operands have bounds of these numbers. */
  of(id: NodeId, left: number, right: number, compute: (id: NodeId) => Interval): Interval {
    if (!this.remembers) return compute(id);
    let results = this.results[id];
    if (results === undefined) {
      results = { left: -1, right: -1, last: null, all: new Map() };
      this.results[id] = results;
    }
    if (results.last !== null && results.left === left && results.right === right) return results.last;
    const key = left * NUMBERS + right;
    let result = results.all.get(key);
    if (result === undefined) {
      result = compute(id);
      results.all.set(key, result);
    }
    results.left = left;
    results.right = right;
    results.last = result;
    return result;
  }
}

/** All that is known of a node, and what was asked for last: most often it is the same again. */
interface Results {
  left: number;
  right: number;
  last: Interval | null;
  readonly all: Map<number, Interval>;
}

/** The bounds of every node that a plan evaluates. */
export class Intervals {
  readonly values: SharedValues;
  private readonly known: (Interval | undefined)[];
  /** By group: the bounds of its variables during the present iteration, or after it at all its iterations. */
  private readonly variables: Interval[][];

  /**
   * `detailed`: false leaves what depends on reads-from or coherence unbounded. `remembered`: what is known from others of the same
   * plan, detail and number of events.
   */
  constructor(
    private readonly plan: Plan,
    private readonly strata: readonly Stratum[],
    private readonly base: BaseBounds,
    private readonly detailed: boolean,
    private readonly remembered = new KnownIntervals(base.n, false),
  ) {
    this.values = remembered.values;
    this.known = new Array(plan.model.nodes.length);
    this.variables = plan.model.groups.map(() => []);
    for (const id of plan.order)
      if (!plan.insideRecursion.has(id) && this.known[id] === undefined) this.settle(id);
  }

  of(id: NodeId): Interval {
    const interval = this.known[id];
    invariant(interval !== undefined, 'operands come first');
    return interval;
  }

  /** Whether the fixpoint of the group has bounds that narrow with those of its inputs. */
  isBounded(group: number): boolean {
    return this.plan.isMonotoneGroup[group]!;
  }

  private settle(id: NodeId): void {
    const node = this.plan.model.nodes[id]!;
    if (node.op === 'recursive') this.settleGroup(node.group);
    else this.known[id] = this.interval(id, node);
  }

  private interval(id: NodeId, node: Node): Interval {
    if (node.op === 'base') return this.ofBase(node.name, node.type, this.strata[id]! > 0);
    if (node.op === 'variable') return this.variables[node.group]![node.index]!;
    if (node.op === 'computed') return this.ofComputation(id, node);
    if (node.op === 'choice' || (!this.detailed && this.strata[id]! > 0)) return this.anything(node.type);
    const children = this.plan.children[id]!;
    const left = children.length === 0 ? 0 : this.of(children[0]!).id;
    const right = children.length < 2 ? 0 : this.of(children[1]!).id;
    return this.remembered.of(id, left, right, this.ofOperator);
  }

  private readonly ofOperator = (id: NodeId): Interval => {
    const node = this.plan.model.nodes[id]!;
    const exact = this.plan.children[id]!.every((child) => {
      const { lo, hi } = this.of(child);
      return lo === hi;
    });
    const lower = this.values.apply(node, exact ? this.lowest : this.lower(node));
    invariant(lower !== null, 'recursions are settled by group');
    return this.values.interval(lower, exact ? lower : this.values.apply(node, this.upper(node))!);
  };

  private anything(type: NodeType): Interval {
    return this.values.interval(this.values.none(type), this.values.all(type));
  }

  private readonly lowest = (id: NodeId): Bits => this.known[id]!.lo;
  private readonly highest = (id: NodeId): Bits => this.known[id]!.hi;

  /** The bounds of the operands that bound the node from below. */
  private lower(node: Node): (operand: NodeId) => Bits {
    if (node.op === 'complement') return this.highest;
    if (node.op !== 'difference') return this.lowest;
    return (operand) => (operand === node.right ? this.highest(operand) : this.lowest(operand));
  }

  /** Those that bound it from above. */
  private upper(node: Node): (operand: NodeId) => Bits {
    if (node.op === 'complement') return this.lowest;
    if (node.op !== 'difference') return this.highest;
    return (operand) => (operand === node.right ? this.lowest(operand) : this.highest(operand));
  }

  private ofBase(name: string, type: NodeType, dynamic: boolean): Interval {
    if (dynamic && !this.detailed) return this.anything(type);
    const { lo, hi } = this.base.of(name, type);
    return this.values.interval(lo, hi);
  }

  private ofComputation(id: NodeId, node: Node & { op: 'computed' }): Interval {
    const inputs = node.inputs.map((input) => this.of(input));
    if (inputs.some(({ lo, hi }) => lo !== hi)) return this.anything(node.type);
    const { compute } = this.plan.model.computations[node.computation]!;
    try {
      const value = compute(
        inputs.map(({ lo }) => lo),
        this.values.n,
      );
      return this.values.interval(value, value);
    } catch (error) {
      // What depends on a candidate fails when a candidate gets there.
      if (error instanceof ModelEvaluationError && this.strata[id]! > 0) return this.anything(node.type);
      throw error;
    }
  }

  private settleGroup(group: number): void {
    const { bodies, names } = this.plan.model.groups[group]!;
    const inside = this.plan.groupBodies[group]!;
    const isFixed = bodies.every((body) => this.strata[body] === 0);
    const type = (index: number): NodeType => this.plan.model.nodes[bodies[index]!]!.type;
    const reached =
      isFixed || (this.detailed && this.isBounded(group))
        ? this.iterate(group, isFixed ? names : null)
        : bodies.map((_, index) => this.anything(type(index)));
    // During an iteration of the search, a variable is anything up to the fixpoint.
    this.variables[group] = reached.map(({ hi }, index) =>
      this.values.interval(this.values.none(type(index)), hi),
    );
    if (!isFixed) for (const id of inside) this.settleInside(id, group);
    for (const id of this.plan.members[group]!) {
      const node = this.plan.model.nodes[id]!;
      if (node.op === 'recursive') this.known[id] = reached[node.index];
    }
  }

  private settleInside(id: NodeId, group: number): void {
    const node = this.plan.model.nodes[id]!;
    if (node.op !== 'recursive' || node.group !== group) this.settle(id);
  }

  /** The bounds of the fixpoint; for a fixed one (with names for messages), its value. */
  private iterate(group: number, names: readonly string[] | null): Interval[] {
    const { nodes, groups } = this.plan.model;
    const { bodies } = groups[group]!;
    let current = bodies.map((body) => {
      const none = this.values.none(nodes[body]!.type);
      return this.values.interval(none, none);
    });
    const limit = 2 + bodies.length * this.values.n * this.values.n;
    for (let round = 0; ; round++) {
      this.variables[group] = current;
      for (const id of this.plan.groupBodies[group]!) this.settleInside(id, group);
      const next = bodies.map((body) => this.of(body));
      if (next.every((interval, k) => isSame(interval, current[k]!))) return next;
      current = next;
      if (round > limit) throw divergingRecursion(names ?? groups[group]!.names);
    }
  }
}

function isSame(a: Bounds, b: Bounds): boolean {
  return a === b || (ops.isEqual(a.lo, b.lo) && ops.isEqual(a.hi, b.hi));
}
