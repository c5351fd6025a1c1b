/**
 * The audit's own evaluation of a model on an execution: sets of events and sets of pairs, by the definitions in model/dag.ts.
 *
 * Shares no code with the evaluations of the search and of explanations: no bit rows, no operators, no costs. Slow (a
 * composition costs a product of pairs) and meant to be obviously right. Base relations are the execution's own.
 */
import type { Check, CompiledModel, Node, NodeId } from '../model/dag.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import type { Execution } from '../search/execution.js';
import { assertNever } from '../text/diagnostic.js';

/** Pairs as `from * n + to`, events as themselves. */
type Naive = ReadonlySet<number>;

export class NaiveValues {
  readonly n: number;
  private readonly known = new Map<NodeId, Naive>();
  /** The values of recursion groups at their fixpoints, or of the round at hand. */
  private readonly groups = new Map<number, readonly Naive[]>();
  /** Values of nodes inside recursions, while `groups` stays as it is. */
  private readonly round = new Map<NodeId, Naive>();
  private readonly mentioned = new Map<NodeId, ReadonlySet<number>>();

  constructor(
    readonly model: CompiledModel,
    readonly execution: Execution,
  ) {
    this.n = execution.events.length;
  }

  hasPair(id: NodeId, from: number, to: number): boolean {
    return this.settled(id).has(from * this.n + to);
  }

  hasEvent(id: NodeId, event: number): boolean {
    return this.settled(id).has(event);
  }

  /** Whether the recursion takes something away that depends on itself: then it is no least fixpoint, and a tree of reasons may not end. */
  isThroughDifference(group: number): boolean {
    const { nodes, groups } = this.model;
    const visited = new Set<NodeId>();
    const takesAway = (id: NodeId): boolean => {
      if (visited.has(id)) return false;
      visited.add(id);
      const node = nodes[id]!;
      const taken =
        node.op === 'difference'
          ? [node.right]
          : node.op === 'complement'
            ? [node.operand]
            : 'inputs' in node
              ? node.inputs
              : [];
      return (
        taken.some((part) => this.mentions(part).has(group)) || partsOf(node, this.model).some(takesAway)
      );
    };
    return groups[group]!.bodies.some(takesAway);
  }

  /** Whether the check's test comes true; `negated` and `flag` are for the caller. */
  holds({ kind, node }: Check): boolean {
    const value = this.settled(node);
    if (kind === 'empty') return value.size === 0;
    const closed = kind === 'acyclic' ? this.closure(value) : value;
    return this.events().every((event) => !closed.has(event * this.n + event));
  }

  /** A node's value; of one inside a recursion, at the fixpoint. */
  private settled(id: NodeId): Naive {
    for (const group of this.mentions(id)) this.settle(group);
    return this.value(id);
  }

  private settle(group: number): void {
    if (this.groups.has(group)) return;
    for (const body of this.model.groups[group]!.bodies)
      for (const outer of this.mentions(body)) if (outer !== group) this.settle(outer);
    this.approximate(group, this.fixpoint(group));
  }

  private approximate(group: number, values: readonly Naive[] | undefined): void {
    if (values === undefined) this.groups.delete(group);
    else this.groups.set(group, values);
    this.round.clear();
  }

  private events(): number[] {
    return Array.from({ length: this.n }, (_, event) => event);
  }

  private pairs(value: Naive): [number, number][] {
    return [...value].map((pair) => [Math.floor(pair / this.n), pair % this.n]);
  }

  private value(id: NodeId): Naive {
    const memo = this.mentions(id).size === 0 ? this.known : this.round;
    const known = memo.get(id);
    if (known !== undefined) return known;
    const value = this.compute(this.model.nodes[id]!);
    memo.set(id, value);
    return value;
  }

  private compute(node: Node): Naive {
    const { n } = this;
    const of = (id: NodeId): Naive => this.value(id);
    switch (node.op) {
      case 'base':
        return this.base(node.name, node.type);
      case 'empty':
        return new Set();
      case 'universe':
        return this.all(node.type);
      case 'union':
        return new Set([...of(node.left), ...of(node.right)]);
      case 'intersection':
        return common(of(node.left), of(node.right));
      case 'difference': {
        const removed = of(node.right);
        return filtered(of(node.left), (member) => !removed.has(member));
      }
      case 'complement': {
        const removed = of(node.operand);
        return filtered(this.all(node.type), (member) => !removed.has(member));
      }
      case 'compose':
        return this.composed(of(node.left), of(node.right));
      case 'inverse':
        return new Set(this.pairs(of(node.operand)).map(([from, to]) => to * n + from));
      case 'plus':
        return this.closure(of(node.operand));
      case 'star':
        return new Set([...this.closure(of(node.operand)), ...this.identity()]);
      case 'optional':
        return new Set([...of(node.operand), ...this.identity()]);
      case 'product': {
        const right = [...of(node.right)];
        return new Set([...of(node.left)].flatMap((from) => right.map((to) => from * n + to)));
      }
      case 'identity':
        return new Set([...of(node.operand)].map((event) => event * n + event));
      case 'domain':
        return new Set(this.pairs(of(node.operand)).map(([from]) => from));
      case 'range':
        return new Set(this.pairs(of(node.operand)).map(([, to]) => to));
      case 'variable':
        return this.groups.get(node.group)![node.index]!;
      case 'recursive':
        return this.fixpoint(node.group)[node.index]!;
      case 'choice':
        return this.naive(this.execution.chosen[node.choice]!);
      case 'computed': {
        const inputs = node.inputs.map((input) => this.bits(of(input), this.model.nodes[input]!.type));
        return this.naive(this.model.computations[node.computation]!.compute(inputs, n));
      }
      default:
        return assertNever(node);
    }
  }

  private all(type: Node['type']): Naive {
    return new Set(Array.from({ length: type === 'set' ? this.n : this.n * this.n }, (_, member) => member));
  }

  private identity(): number[] {
    return this.events().map((event) => event * this.n + event);
  }

  private base(name: string, type: Node['type']): Naive {
    const { sets, base } = this.execution;
    const value = type === 'set' ? sets.get(name) : base.get(name);
    return value === undefined ? new Set() : this.naive(value);
  }

  private naive(bits: Bits): Naive {
    if (bits instanceof Relation) return new Set(bits.pairs().map(([from, to]) => from * this.n + to));
    return new Set(bits.members());
  }

  private bits(value: Naive, type: Node['type']): Bits {
    return type === 'set' ? EventSet.of(this.n, value) : Relation.of(this.n, this.pairs(value));
  }

  private composed(left: Naive, right: Naive): Naive {
    const after = new Map<number, number[]>();
    for (const [from, to] of this.pairs(right)) after.set(from, [...(after.get(from) ?? []), to]);
    const found = new Set<number>();
    for (const [from, middle] of this.pairs(left))
      for (const to of after.get(middle) ?? []) found.add(from * this.n + to);
    return found;
  }

  private closure(value: Naive): Naive {
    let closed = value;
    for (;;) {
      const next = new Set([...closed, ...this.composed(closed, value)]);
      if (next.size === closed.size) return closed;
      closed = next;
    }
  }

  /** From nothing until nothing changes. A recursion that never settles has no value: the model's evaluation refuses it before. */
  private fixpoint(group: number): readonly Naive[] {
    const { bodies } = this.model.groups[group]!;
    const outer = this.groups.get(group);
    let current: readonly Naive[] = bodies.map(() => new Set<number>());
    for (;;) {
      this.approximate(group, current);
      const next = bodies.map((body) => this.value(body));
      if (next.every((value, at) => isSame(value, current[at]!))) break;
      current = next;
    }
    this.approximate(group, outer);
    return current;
  }

  /** The groups whose variables stand below a node, outside their own recursion. */
  private mentions(id: NodeId): ReadonlySet<number> {
    const known = this.mentioned.get(id);
    if (known !== undefined) return known;
    const node = this.model.nodes[id]!;
    const found = new Set<number>(node.op === 'variable' ? [node.group] : []);
    for (const part of partsOf(node, this.model)) for (const group of this.mentions(part)) found.add(group);
    if (node.op === 'recursive') found.delete(node.group);
    this.mentioned.set(id, found);
    return found;
  }
}

function partsOf(node: Node, { groups }: CompiledModel): readonly NodeId[] {
  if (node.op === 'recursive') return groups[node.group]!.bodies;
  if ('inputs' in node) return node.inputs;
  if ('operand' in node) return [node.operand];
  return 'left' in node ? [node.left, node.right] : [];
}

function common(a: Naive, b: Naive): Naive {
  return filtered(a, (member) => b.has(member));
}

function filtered(value: Naive, keeps: (member: number) => boolean): Naive {
  return new Set([...value].filter(keeps));
}

function isSame(a: Naive, b: Naive): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member));
}
