/**
 * Builds the expression graph of a model (dag.ts), sharing equal expressions and folding the laws of the empty set,
 * the full set and the identity while it builds.
 *
 * Two expressions that differ only by these laws, or by the order of `|` and `&`, get one node. The laws are sound for
 * every interpretation of the base names; nothing here knows what a relation means.
 */
import { invariant } from '../text/diagnostic.js';
import type { Node, NodeId, NodeType, RecursionGroup } from './dag.js';

interface OpenGroup {
  readonly names: readonly string[];
  readonly types: readonly NodeType[];
  bodies: readonly NodeId[];
}

/** Invariant: `nodes` has no two equal nodes, and children of a node are at smaller indices (see dag.ts). */
export class DagBuilder {
  readonly nodes: Node[] = [];
  private readonly ids = new Map<string, NodeId>();
  private readonly openGroups: OpenGroup[] = [];

  get groups(): readonly RecursionGroup[] {
    return this.openGroups.map(({ names, bodies }) => ({ names, bodies }));
  }

  node(id: NodeId): Node {
    const node = this.nodes[id];
    invariant(node !== undefined, `no node ${id}`);
    return node;
  }

  typeOf(id: NodeId): NodeType {
    return this.node(id).type;
  }

  private intern(node: Node): NodeId {
    const key = Object.values(node).join(' ');
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.nodes.push(node);
    this.ids.set(key, this.nodes.length - 1);
    return this.nodes.length - 1;
  }

  private is(id: NodeId, op: Node['op']): boolean {
    return this.node(id).op === op;
  }

  base(name: string, type: NodeType): NodeId {
    return this.intern({ op: 'base', type, name });
  }

  empty(type: NodeType): NodeId {
    return this.intern({ op: 'empty', type });
  }

  universe(type: NodeType): NodeId {
    return this.intern({ op: 'universe', type });
  }

  private get id(): NodeId {
    return this.base('id', 'relation');
  }

  union(a: NodeId, b: NodeId): NodeId {
    const [left, right] = this.ordered(a, b);
    if (left === right || this.is(right, 'empty') || this.is(left, 'universe')) return left;
    if (this.is(left, 'empty') || this.is(right, 'universe')) return right;
    if (this.hasOperand(left, 'union', right)) return left;
    if (this.hasOperand(right, 'union', left)) return right;
    return this.intern({ op: 'union', type: this.typeOf(left), left, right });
  }

  intersection(a: NodeId, b: NodeId): NodeId {
    const [left, right] = this.ordered(a, b);
    if (left === right || this.is(right, 'universe') || this.is(left, 'empty')) return left;
    if (this.is(left, 'universe') || this.is(right, 'empty')) return right;
    if (this.hasOperand(left, 'intersection', right)) return left;
    if (this.hasOperand(right, 'intersection', left)) return right;
    return this.intern({ op: 'intersection', type: this.typeOf(left), left, right });
  }

  difference(left: NodeId, right: NodeId): NodeId {
    if (this.is(right, 'empty') || this.is(left, 'empty')) return left;
    if (left === right || this.is(right, 'universe')) return this.empty(this.typeOf(left));
    if (this.is(left, 'universe')) return this.complement(right);
    return this.intern({ op: 'difference', type: this.typeOf(left), left, right });
  }

  complement(operand: NodeId): NodeId {
    const node = this.node(operand);
    if (node.op === 'complement') return node.operand;
    if (node.op === 'empty') return this.universe(node.type);
    if (node.op === 'universe') return this.empty(node.type);
    return this.intern({ op: 'complement', type: node.type, operand });
  }

  compose(left: NodeId, right: NodeId): NodeId {
    const [a, b] = [this.node(left), this.node(right)];
    if (a.op === 'empty' || b.op === 'empty') return this.empty('relation');
    if (left === this.id) return right;
    if (right === this.id) return left;
    if (a.op === 'identity') {
      if (b.op === 'identity') return this.identity(this.intersection(a.operand, b.operand));
      if (b.op === 'compose' && this.is(b.left, 'identity'))
        return this.compose(this.compose(left, b.left), b.right);
    }
    if (b.op === 'identity' && a.op === 'compose' && this.is(a.right, 'identity'))
      return this.compose(a.left, this.compose(a.right, right));
    return this.intern({ op: 'compose', type: 'relation', left, right });
  }

  inverse(operand: NodeId): NodeId {
    const node = this.node(operand);
    if (node.op === 'inverse') return node.operand;
    if (node.op === 'product') return this.product(node.right, node.left);
    if (this.isPartialIdentity(operand) || node.op === 'empty' || node.op === 'universe') return operand;
    return this.intern({ op: 'inverse', type: 'relation', operand });
  }

  plus(operand: NodeId): NodeId {
    const node = this.node(operand);
    if (node.op === 'optional') return this.star(node.operand);
    if (this.isPartialIdentity(operand)) return operand;
    if (node.op === 'plus' || node.op === 'star' || node.op === 'empty' || node.op === 'universe')
      return operand;
    return this.intern({ op: 'plus', type: 'relation', operand });
  }

  star(operand: NodeId): NodeId {
    const node = this.node(operand);
    if (node.op === 'plus' || node.op === 'optional') return this.star(node.operand);
    if (node.op === 'empty' || this.isPartialIdentity(operand)) return this.id;
    if (node.op === 'star' || node.op === 'universe') return operand;
    return this.intern({ op: 'star', type: 'relation', operand });
  }

  optional(operand: NodeId): NodeId {
    const node = this.node(operand);
    if (node.op === 'plus') return this.star(node.operand);
    if (node.op === 'empty' || this.isPartialIdentity(operand)) return this.id;
    if (node.op === 'star' || node.op === 'optional' || node.op === 'universe') return operand;
    return this.intern({ op: 'optional', type: 'relation', operand });
  }

  product(left: NodeId, right: NodeId): NodeId {
    if (this.is(left, 'empty') || this.is(right, 'empty')) return this.empty('relation');
    if (this.is(left, 'universe') && this.is(right, 'universe')) return this.universe('relation');
    return this.intern({ op: 'product', type: 'relation', left, right });
  }

  identity(operand: NodeId): NodeId {
    if (this.is(operand, 'empty')) return this.empty('relation');
    if (this.is(operand, 'universe')) return this.id;
    return this.intern({ op: 'identity', type: 'relation', operand });
  }

  domain(operand: NodeId): NodeId {
    return this.end('domain', operand);
  }

  range(operand: NodeId): NodeId {
    return this.end('range', operand);
  }

  private end(op: 'domain' | 'range', operand: NodeId): NodeId {
    const node = this.node(operand);
    if (node.op === 'empty') return this.empty('set');
    if (node.op === 'identity') return node.operand;
    if (operand === this.id || node.op === 'universe') return this.universe('set');
    return this.intern({ op, type: 'set', operand });
  }

  choice(type: NodeType, choice: number, inputs: readonly NodeId[]): NodeId {
    return this.intern({ op: 'choice', type, choice, inputs });
  }

  computed(type: NodeType, computation: number, inputs: readonly NodeId[]): NodeId {
    return this.intern({ op: 'computed', type, computation, inputs });
  }

  /** Opens a recursion group; its members are referred to by `variable` until `closeGroup`. */
  openGroup(names: readonly string[], types: readonly NodeType[]): number {
    this.openGroups.push({ names, types, bodies: [] });
    return this.openGroups.length - 1;
  }

  variable(group: number, index: number): NodeId {
    const type = this.openGroups[group]?.types[index];
    invariant(type !== undefined, `no member ${index} in group ${group}`);
    return this.intern({ op: 'variable', type, group, index });
  }

  /** Sets the bodies; returns the nodes of the members' fixpoints. A body may have any id relative to its fixpoint. */
  closeGroup(group: number, bodies: readonly NodeId[]): NodeId[] {
    const open = this.openGroups[group];
    invariant(open !== undefined && bodies.length === open.types.length, `group ${group} does not fit`);
    open.bodies = bodies;
    return open.types.map((type, index) => this.intern({ op: 'recursive', type, group, index }));
  }

  private isPartialIdentity(id: NodeId): boolean {
    return id === this.id || this.is(id, 'identity');
  }

  private ordered(a: NodeId, b: NodeId): readonly [NodeId, NodeId] {
    invariant(this.typeOf(a) === this.typeOf(b), 'operands of one type');
    return a < b ? [a, b] : [b, a];
  }

  private hasOperand(id: NodeId, op: 'union' | 'intersection', operand: NodeId): boolean {
    const node = this.node(id);
    return node.op === op && (node.left === operand || node.right === operand);
  }
}
