/**
 * What a model says of one pair of events: the relations of its own that hold between them, each with its derivation, and the
 * axioms that put the one before the other.
 *
 * For a reader who points at an edge of a picture, of an execution that the model allows as well as of one that it refuses.
 * Left out is what explains nothing: what no axiom uses (the relations of flags), what holds by a product or a complement alone,
 * names of base relations, relations that are no orders and hold for all of program order, and what another relation's
 * derivation goes through for the same pair.
 */
import { childrenOf } from '../model/children.js';
import type { Check, CompiledModel, NodeId } from '../model/dag.js';
import type { Execution } from '../search/execution.js';
import { type CostMatrix, closeCosts, NEVER } from './cost-matrix.js';
import { type Derivation, Deriver } from './derive.js';
import { ExpansionCosts, UNINFORMATIVE } from './expansion-cost.js';
import { evaluateExecution } from './refused-execution.js';

export interface NamedRelation {
  readonly name: string;
  readonly derivation: Derivation;
}

/** An axiom that keeps the first event before the second. */
export interface OrderingAxiom {
  readonly check: Check;
  /** A path of the axiom's relation from the one to the other. */
  readonly path: readonly Derivation[];
}

export interface PairReasons {
  readonly axioms: readonly OrderingAxiom[];
  /** Relations that the axioms' paths do not go through: orders, or if there are none, others that axioms use. */
  readonly relations: readonly NamedRelation[];
}

/** What one model says of the pairs of one execution. */
export class PairExplainer {
  readonly deriver: Deriver;
  private readonly used: ReadonlySet<NodeId>;
  private readonly ordering: ReadonlySet<NodeId>;
  private readonly closed = new Map<Check, CostMatrix>();

  constructor(
    readonly execution: Execution,
    readonly model: CompiledModel,
  ) {
    const evaluation = evaluateExecution(execution, model);
    this.deriver = new Deriver(new ExpansionCosts(model, evaluation, execution));
    this.used = nodesOf(model);
    this.ordering = ordersOf(model);
  }

  /** At most `limit` relations. */
  reasons(from: number, to: number, limit: number): PairReasons {
    const mentioned = new Set<string>();
    const axioms = this.model.checks
      .filter((check) => isOrder(check) && this.isBefore(check, from, to))
      .map((check) => ({ check, path: this.pathOf(check, from, to) }));
    for (const { path } of axioms) for (const step of path) collectNames(step, from, to, mentioned);
    return { axioms, relations: this.relations(from, to, mentioned, limit) };
  }

  /** The most derived first, without those whose names are in `mentioned`. */
  private relations(from: number, to: number, mentioned: Set<string>, limit: number): NamedRelation[] {
    const { costs } = this.deriver;
    const holding: { readonly name: string; readonly id: NodeId; readonly cost: number }[] = [];
    for (const [name, id] of this.model.names) {
      if (!this.isTelling(id) || holding.some((other) => other.id === id)) continue;
      const cost = costs.cost(id, from, to);
      if (cost < UNINFORMATIVE) holding.push({ name, id, cost });
    }
    const orders = holding.filter(({ id }) => this.ordering.has(id));
    const candidates = orders.length > 0 ? orders : holding;
    const found: NamedRelation[] = [];
    for (const { name, id } of candidates.sort((a, b) => b.cost - a.cost)) {
      if (mentioned.has(name) || found.length === limit) continue;
      const derivation = this.deriver.derive(id, from, to);
      collectNames(derivation, from, to, mentioned);
      found.push({ name, derivation });
    }
    return found;
  }

  private isBefore(check: Check, from: number, to: number): boolean {
    return this.closure(check)[from * this.deriver.costs.n + to]! < NEVER;
  }

  private pathOf(check: Check, from: number, to: number): readonly Derivation[] {
    if (check.kind === 'acyclic') return this.deriver.chain(check.node, from, to);
    return [this.deriver.derive(check.node, from, to)];
  }

  private closure(check: Check): CostMatrix {
    const known = this.closed.get(check);
    if (known !== undefined) return known;
    const { costs } = this.deriver;
    const matrix = costs.matrix(check.node);
    const closed = check.kind === 'acyclic' ? closeCosts(costs.n, matrix) : matrix;
    this.closed.set(check, closed);
    return closed;
  }

  private isTelling(id: NodeId): boolean {
    const node = this.deriver.costs.node(id);
    if (node.type !== 'relation' || node.op === 'base' || !this.used.has(id)) return false;
    return this.ordering.has(id) || !this.holdsForProgramOrder(id);
  }

  private holdsForProgramOrder(id: NodeId): boolean {
    const relation = this.deriver.costs.relation(id);
    const order = this.execution.base.get('po')?.pairs() ?? [];
    return order.length > 0 && order.every(([a, b]) => relation.has(a, b));
  }
}

function isOrder({ kind, flag, negated }: Check): boolean {
  return !flag && !negated && kind !== 'empty';
}

/** The nodes that the axioms are made of. */
function nodesOf(model: CompiledModel): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    const node = model.nodes[id];
    if (node === undefined || found.has(id)) return;
    found.add(id);
    const children = node.op === 'recursive' ? bodyOf(model, node.group, node.index) : childrenOf(node);
    for (const child of children) visit(child);
  };
  for (const check of model.checks) if (!check.flag) visit(check.node);
  return found;
}

/**
 * The nodes that are contained in a relation that may have no cycle: what it is a union or a closure of. A composition with a set on
 * one side contains no other relation, but is spoken of as the order that it restricts.
 */
function ordersOf(model: CompiledModel): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    const node = model.nodes[id];
    if (node === undefined || found.has(id)) return;
    found.add(id);
    if (node.op === 'union') for (const side of [node.left, node.right]) visit(side);
    else if (node.op === 'plus' || node.op === 'star' || node.op === 'optional') visit(node.operand);
    else if (node.op === 'recursive') for (const body of bodyOf(model, node.group, node.index)) visit(body);
    else if (node.op === 'compose') {
      const isTest = (side: NodeId): boolean => model.nodes[side]?.op === 'identity';
      if (isTest(node.left)) visit(node.right);
      if (isTest(node.right)) visit(node.left);
    }
  };
  for (const check of model.checks) if (isOrder(check)) visit(check.node);
  return found;
}

function bodyOf(model: CompiledModel, group: number, index: number): readonly NodeId[] {
  const body = model.groups[group]?.bodies[index];
  return body === undefined ? [] : [body];
}

/** The names in a derivation that are about the pair itself, not about a step of its path. */
function collectNames(derivation: Derivation, from: number, to: number, names: Set<string>): void {
  if (derivation.from !== from || derivation.to !== to) return;
  if (derivation.name !== null) names.add(derivation.name);
  for (const part of derivation.parts) collectNames(part, from, to, names);
}
