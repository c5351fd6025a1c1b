/**
 * What the cheapest expansion of each pair of a model's relations costs: the model evaluated in the (min, +) semiring.
 *
 * Cost counts what a reader has to follow: a communication edge or a dependency is one unit, program order half of one
 * (so that "before the fence, after the fence" is one), a test of an event is nearly free, and `loc`, `int`, `ext`, products
 * and complements are so dear that they are chosen only where nothing else explains a pair. Every recursion and every
 * step of a closure adds at least 1, so an expansion that follows equal costs always ends.
 */
import { childrenOf } from '../model/children.js';
import type { CompiledModel, Node, NodeId } from '../model/dag.js';
import type { Evaluation } from '../model/evaluate.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import type { Execution } from '../search/execution.js';
import { assertNever, InvariantError, invariant } from '../text/diagnostic.js';
import {
  type CostMatrix,
  cheaper,
  closeCosts,
  composeCosts,
  intersectCosts,
  lower,
  NEVER,
} from './cost-matrix.js';

/** From this cost on, a pair holds for no reason that a reader could follow. */
export const UNINFORMATIVE = 100_000;

const factCosts: ReadonlyMap<string, number> = new Map([
  ['rf', 100],
  ['co', 100],
  ['fr', 100],
  ['po', 50],
  ['addr', 90],
  ['data', 90],
  ['ctrl', 95],
  ['pick-addr', 92],
  ['pick-data', 92],
  ['pick-ctrl', 95],
  ['rmw', 90],
  ['amo', 90],
  ['lxsx', 90],
  ['sca-class', 90],
  ['loc', UNINFORMATIVE],
  ['int', UNINFORMATIVE],
  ['ext', UNINFORMATIVE],
  ['id', 1],
]);

/** Costs of the nodes of one model on one execution, computed where asked for. */
export class ExpansionCosts {
  readonly n: number;
  private readonly known = new Map<NodeId, CostMatrix>();
  private readonly variables = new Map<string, CostMatrix>();
  private readonly openGroups = new Set<number>();
  private readonly mentions = new Map<NodeId, ReadonlySet<number>>();

  constructor(
    readonly model: CompiledModel,
    readonly evaluation: Evaluation,
    execution: Execution,
  ) {
    this.n = execution.events.length;
  }

  /** The node of an id. */
  node(id: NodeId): Node {
    const node = this.model.nodes[id];
    invariant(node !== undefined, `no node ${id}`);
    return node;
  }

  /** The evaluated relation of a relation node; not of one inside a recursion. */
  relation(id: NodeId): Relation {
    const bits: Bits = this.evaluation.value(id);
    invariant(bits instanceof Relation, `node ${id} is not a relation`);
    return bits;
  }

  /** The evaluated set of a set node; not of one inside a recursion. */
  set(id: NodeId): EventSet {
    const bits: Bits = this.evaluation.value(id);
    invariant(bits instanceof EventSet, `node ${id} is not a set`);
    return bits;
  }

  /** Whether an event is in a set node, inside or outside a recursion. */
  isMember(id: NodeId, event: number): boolean {
    const node = this.node(id);
    if (this.groupsOf(id).size === 0 || node.op === 'recursive') return this.set(id).has(event);
    switch (node.op) {
      case 'union':
        return this.isMember(node.left, event) || this.isMember(node.right, event);
      case 'intersection':
        return this.isMember(node.left, event) && this.isMember(node.right, event);
      case 'difference':
        return this.isMember(node.left, event) && !this.isMember(node.right, event);
      case 'complement':
        return !this.isMember(node.operand, event);
      case 'variable':
        return this.isInFixpoint(node.group, node.index, event);
      case 'domain':
      case 'range': {
        const matrix = this.matrix(node.operand);
        const at = (other: number): number =>
          node.op === 'domain' ? event * this.n + other : other * this.n + event;
        return Array.from({ length: this.n }, (_, other) => matrix[at(other)]!).some((cost) => cost < NEVER);
      }
      default:
        return this.set(id).has(event);
    }
  }

  /** Whether the node depends on variables of recursions: then it has a value in a round only. */
  isOpen(id: NodeId): boolean {
    return this.groupsOf(id).size > 0;
  }

  cost(id: NodeId, from: number, to: number): number {
    return this.matrix(id)[from * this.n + to]!;
  }

  /** The costs of all pairs of a relation node. Cost: at most n^3 for each node below it. */
  matrix(id: NodeId): CostMatrix {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const matrix = this.compute(id);
    this.known.set(id, matrix);
    return matrix;
  }

  /** The costs of a recursion's member while (and after) its fixpoint is computed. */
  variable(group: number, index: number): CostMatrix {
    const key = `${group}.${index}`;
    let matrix = this.variables.get(key);
    if (matrix === undefined) {
      matrix = this.filled();
      this.variables.set(key, matrix);
    }
    return matrix;
  }

  private filled(): CostMatrix {
    return new Int32Array(this.n * this.n).fill(NEVER);
  }

  private compute(id: NodeId): CostMatrix {
    const node = this.node(id);
    switch (node.op) {
      case 'base':
        return this.uniform(id, factCosts.get(node.name) ?? 100);
      case 'choice':
      case 'computed':
        return this.uniform(id, 100);
      case 'universe':
      case 'complement':
        return this.uniform(id, UNINFORMATIVE);
      case 'product':
        return this.product(node.left, node.right);
      case 'empty':
        return this.filled();
      case 'identity':
        return this.identity(node.operand);
      case 'union':
        return cheaper(this.matrix(node.left), this.matrix(node.right));
      case 'intersection':
        return intersectCosts(this.matrix(node.left), this.matrix(node.right));
      case 'difference':
        return this.without(this.matrix(node.left), node.right);
      case 'compose':
        return composeCosts(this.n, this.matrix(node.left), this.matrix(node.right));
      case 'inverse':
        return this.inverse(node.operand);
      case 'plus':
        return closeCosts(this.n, this.matrix(node.operand));
      case 'star':
        return this.orSame(closeCosts(this.n, this.matrix(node.operand)));
      case 'optional':
        return this.orSame(this.matrix(node.operand).slice());
      case 'variable':
        return this.variable(node.group, node.index);
      case 'recursive':
        return this.recursive(node.group, node.index);
      case 'domain':
      case 'range':
        throw new InvariantError('a set has no expansion cost');
      default:
        return assertNever(node);
    }
  }

  private uniform(id: NodeId, cost: number): CostMatrix {
    const matrix = this.filled();
    for (const [from, to] of this.relation(id).pairs()) matrix[from * this.n + to] = cost;
    return matrix;
  }

  /** Bodies of recursions are monotone, so what is taken away depends on no variable. */
  private without(costs: CostMatrix, removed: NodeId): CostMatrix {
    const matrix = costs.map((cost) => Math.min(NEVER, cost + 1));
    for (const [from, to] of this.relation(removed).pairs()) matrix[from * this.n + to] = NEVER;
    return matrix;
  }

  private product(left: NodeId, right: NodeId): CostMatrix {
    const matrix = this.filled();
    for (let from = 0; from < this.n; from++) {
      if (!this.isMember(left, from)) continue;
      for (let to = 0; to < this.n; to++)
        if (this.isMember(right, to)) matrix[from * this.n + to] = UNINFORMATIVE;
    }
    return matrix;
  }

  private identity(set: NodeId): CostMatrix {
    const matrix = this.filled();
    for (let event = 0; event < this.n; event++)
      if (this.isMember(set, event)) matrix[event * this.n + event] = 1;
    return matrix;
  }

  /** Reading rf backwards is the first half of fr, and costs next to nothing. */
  private inverse(operand: NodeId): CostMatrix {
    const node = this.node(operand);
    const costs = node.op === 'base' && node.name === 'rf' ? this.uniform(operand, 1) : this.matrix(operand);
    const matrix = this.filled();
    for (let from = 0; from < this.n; from++)
      for (let to = 0; to < this.n; to++) matrix[to * this.n + from] = costs[from * this.n + to]!;
    return matrix;
  }

  private orSame(matrix: CostMatrix): CostMatrix {
    for (let event = 0; event < this.n; event++) matrix[event * this.n + event] = 0;
    return matrix;
  }

  /** Costs fall from NEVER until the bodies add nothing; nodes that mention the group are recomputed each time. */
  private recursive(group: number, index: number): CostMatrix {
    if (this.openGroups.has(group)) return this.variable(group, index);
    const bodies = this.model.groups[group]?.bodies ?? [];
    this.openGroups.add(group);
    for (let changed = true; changed; ) {
      changed = false;
      for (const id of this.known.keys()) if (this.groupsOf(id).has(group)) this.known.delete(id);
      for (const [member, body] of bodies.entries()) {
        if (this.node(body).type === 'set') continue;
        if (lower(this.variable(group, member), this.matrix(body))) changed = true;
      }
    }
    this.openGroups.delete(group);
    return this.variable(group, index);
  }

  private isInFixpoint(group: number, index: number, event: number): boolean {
    const id = this.model.nodes.findIndex(
      (node) => node.op === 'recursive' && node.group === group && node.index === index,
    );
    return id >= 0 && this.set(id).has(event);
  }

  /** The recursion groups whose variables occur below a node. */
  private groupsOf(id: NodeId): ReadonlySet<number> {
    const known = this.mentions.get(id);
    if (known !== undefined) return known;
    const found = new Set<number>();
    this.mentions.set(id, found);
    const node = this.node(id);
    if (node.op === 'variable') found.add(node.group);
    const children =
      node.op === 'recursive' ? (this.model.groups[node.group]?.bodies ?? []) : childrenOf(node);
    for (const child of children) for (const group of this.groupsOf(child)) found.add(group);
    return found;
  }
}
