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
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import { invariant } from '../text/diagnostic.js';
import type { Plan, Stratum } from './plan.js';

/** Values are shared and never changed. The same object on both sides: the value is known. */
export interface Interval {
  readonly lo: Bits;
  readonly hi: Bits;
}

/** What is known of the predefined names before reads-from is chosen. */
export interface BaseBounds {
  readonly n: number;
  readonly of: (name: string, type: NodeType) => Interval;
}

/** Allocating operators on shared values that know the empty ones; empty results are always these. */
export class SharedValues {
  readonly noEvents: EventSet;
  readonly noPairs: Relation;
  readonly allEvents: EventSet;
  readonly allPairs: Relation;

  constructor(readonly n: number) {
    this.noEvents = new EventSet(n);
    this.noPairs = new Relation(n);
    this.allEvents = ops.complement(this.noEvents);
    this.allPairs = ops.complement(this.noPairs);
  }

  none(type: NodeType): Bits {
    return type === 'set' ? this.noEvents : this.noPairs;
  }

  all(type: NodeType): Bits {
    return type === 'set' ? this.allEvents : this.allPairs;
  }

  isNone(value: Bits): boolean {
    return value === this.noEvents || value === this.noPairs;
  }

  /** The value with which emptiness is seen by identity. */
  shared(value: Bits): Bits {
    if (!ops.isEmpty(value)) return value;
    return value instanceof EventSet ? this.noEvents : this.noPairs;
  }

  /** The value of an operator on operands of known value; null for those that `Node` alone does not determine. */
  apply(node: Node, operand: (id: NodeId) => Bits): Bits | null {
    switch (node.op) {
      case 'empty':
        return this.none(node.type);
      case 'universe':
        return this.all(node.type);
      case 'union':
        return this.union(operand(node.left), operand(node.right));
      case 'intersection':
        return this.intersection(operand(node.left), operand(node.right));
      case 'difference':
        return this.difference(operand(node.left), operand(node.right));
      case 'complement':
        return this.shared(ops.complement(operand(node.operand)));
      case 'compose':
      case 'product':
        return this.binary(node.op, operand(node.left), operand(node.right));
      case 'inverse':
      case 'plus':
      case 'star':
      case 'optional':
      case 'identity':
      case 'domain':
      case 'range':
        return this.unary(node.op, operand(node.operand));
      default:
        return null;
    }
  }

  union(a: Bits, b: Bits): Bits {
    if (a === b || this.isNone(b)) return a;
    return this.isNone(a) ? b : ops.union(a, b);
  }

  intersection(a: Bits, b: Bits): Bits {
    if (a === b || this.isNone(a)) return a;
    return this.isNone(b) ? b : this.shared(ops.intersection(a, b));
  }

  difference(a: Bits, b: Bits): Bits {
    if (this.isNone(a) || this.isNone(b)) return a;
    return this.shared(ops.difference(a, b));
  }

  private binary(op: 'compose' | 'product', a: Bits, b: Bits): Bits {
    if (this.isNone(a) || this.isNone(b)) return this.noPairs;
    if (op === 'compose') return this.shared(ops.compose(a as Relation, b as Relation));
    return ops.product(a as EventSet, b as EventSet);
  }

  private unary(
    op: 'inverse' | 'plus' | 'star' | 'optional' | 'identity' | 'domain' | 'range',
    a: Bits,
  ): Bits {
    const empty = this.isNone(a);
    switch (op) {
      case 'inverse':
        return empty ? a : ops.inverse(a as Relation);
      case 'plus':
        return empty ? a : ops.transitiveClosure(a as Relation);
      case 'star':
        return ops.reflexive(empty ? this.noPairs : ops.transitiveClosure(a as Relation));
      case 'optional':
        return ops.reflexive(a as Relation);
      case 'identity':
        return empty ? this.noPairs : ops.identityOn(a as EventSet);
      case 'domain':
        return empty ? this.noEvents : ops.domain(a as Relation);
      case 'range':
        return empty ? this.noEvents : ops.range(a as Relation);
    }
  }
}

/** The bounds of every node that a plan evaluates. */
export class Intervals {
  readonly values: SharedValues;
  private readonly known: (Interval | undefined)[];
  /** By group: the bounds of its variables during the present iteration, or after it at all its iterations. */
  private readonly variables: Interval[][];

  /**
   * `detailed`: false leaves what depends on reads-from or coherence unbounded.
   */
  constructor(
    private readonly plan: Plan,
    private readonly strata: readonly Stratum[],
    private readonly base: BaseBounds,
    private readonly detailed: boolean,
  ) {
    this.values = new SharedValues(base.n);
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
    const unknown = { lo: this.values.none(node.type), hi: this.values.all(node.type) };
    if (node.op === 'choice' || (!this.detailed && this.strata[id]! > 0)) return unknown;
    let exact = true;
    for (const child of this.plan.children[id]!) {
      const { lo, hi } = this.of(child);
      if (lo !== hi) exact = false;
    }
    const lower = this.values.apply(node, exact ? this.lowest : this.lower(node));
    invariant(lower !== null, 'recursions are settled by group');
    if (exact) return { lo: lower, hi: lower };
    return same(lower, this.values.apply(node, this.upper(node))!);
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
    if (dynamic && !this.detailed) return { lo: this.values.none(type), hi: this.values.all(type) };
    const { lo, hi } = this.base.of(name, type);
    return lo === hi
      ? same(this.values.shared(lo), this.values.shared(lo))
      : same(this.values.shared(lo), this.values.shared(hi));
  }

  private ofComputation(id: NodeId, node: Node & { op: 'computed' }): Interval {
    const unknown = { lo: this.values.none(node.type), hi: this.values.all(node.type) };
    const inputs = node.inputs.map((input) => this.of(input));
    if (inputs.some(({ lo, hi }) => lo !== hi)) return unknown;
    const { compute } = this.plan.model.computations[node.computation]!;
    try {
      const value = this.values.shared(
        compute(
          inputs.map(({ lo }) => lo),
          this.values.n,
        ),
      );
      return { lo: value, hi: value };
    } catch (error) {
      // What depends on a candidate fails when a candidate gets there.
      if (error instanceof ModelEvaluationError && this.strata[id]! > 0) return unknown;
      throw error;
    }
  }

  private settleGroup(group: number): void {
    const { bodies, names } = this.plan.model.groups[group]!;
    const inside = this.plan.groupBodies[group]!;
    const isFixed = bodies.every((body) => this.strata[body] === 0);
    const type = (index: number): NodeType => this.plan.model.nodes[bodies[index]!]!.type;
    const start = (hi: (type: NodeType) => Bits): Interval[] =>
      bodies.map((_, index) => ({ lo: this.values.none(type(index)), hi: hi(type(index)) }));
    const anything = () => start((t) => this.values.all(t));
    const reached =
      isFixed || (this.detailed && this.isBounded(group))
        ? this.iterate(
            group,
            start((t) => this.values.none(t)),
            isFixed ? names : null,
          )
        : anything();
    // During an iteration of the search, a variable is anything up to the fixpoint.
    this.variables[group] = reached.map(({ hi }, index) => ({ lo: this.values.none(type(index)), hi }));
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
  private iterate(group: number, start: Interval[], names: readonly string[] | null): Interval[] {
    const { bodies } = this.plan.model.groups[group]!;
    let current = start;
    const limit = 2 + bodies.length * this.values.n * this.values.n;
    for (let round = 0; ; round++) {
      this.variables[group] = current;
      for (const id of this.plan.groupBodies[group]!) this.settleInside(id, group);
      const next = bodies.map((body) => this.of(body));
      const stable = next.every(({ lo, hi }, k) => {
        const old = current[k]!;
        return ops.isEqual(lo, old.lo) && (lo === hi || ops.isEqual(hi, old.hi));
      });
      if (stable) return next.map(({ lo, hi }) => same(lo, hi));
      current = next;
      if (round > limit) throw divergingRecursion(names ?? this.plan.model.groups[group]!.names);
    }
  }
}

function same(lo: Bits, hi: Bits): Interval {
  return lo === hi || !ops.isEqual(lo, hi) ? { lo, hi } : { lo, hi: lo };
}
