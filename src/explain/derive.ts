/**
 * Why a pair is in a model's relation: its cheapest expansion, down to facts of the execution.
 *
 * A derivation is a tree of plain data whose inner nodes are the model's own definitions, so that it can be unfolded to
 * any depth (`ob` because `bob` because ...); its leaves are facts (a pair of rf, co, po, a dependency), tests (an event is
 * in a set), absences (a pair is not in a relation) and samenesses. `flatten.ts` turns it into a path.
 */
import type { Node, NodeId } from '../model/dag.js';
import { showNode } from '../model/show-node.js';
import { assertNever } from '../text/diagnostic.js';
import { NEVER } from './cost-matrix.js';
import type { ExpansionCosts } from './expansion-cost.js';

/**
 * How a derivation's parts establish it:
 *  fact        a pair of the base relation `fact`
 *  test        `from` = `to` is in a set; `sets` are the predefined sets that put it there, the parts what else does
 *  sequence    the parts are a path from `from` to `to`
 *  either      the part is the operand of a union that holds
 *  both        all parts hold; the first is the most telling
 *  except      the first part holds, the second does not (an absence)
 *  reverse     the part derives (to, from)
 *  ends        a product: the parts test `from` and `to`
 *  same        `from` = `to`
 *  absence     the pair is not in the relation
 *  unexplained no expansion is known (a recursion through a difference)
 */
export type Rule =
  | 'fact'
  | 'test'
  | 'sequence'
  | 'either'
  | 'both'
  | 'except'
  | 'reverse'
  | 'ends'
  | 'same'
  | 'absence'
  | 'unexplained';

export interface Derivation {
  readonly rule: Rule;
  readonly from: number;
  readonly to: number;
  /** The model's name for the relation or set, if it has one; of what is absent, and of unnamed sets, else its expression. */
  readonly name: string | null;
  readonly fact: string | null;
  readonly sets: readonly string[];
  readonly parts: readonly Derivation[];
}

/** Derives pairs of the relations of one model on one execution. */
export class Deriver {
  private readonly names = new Map<NodeId, string>();

  constructor(readonly costs: ExpansionCosts) {
    for (const [name, id] of costs.model.names) if (!this.names.has(id)) this.names.set(id, name);
  }

  /** The cheapest derivation of a pair that is in the relation. */
  derive(id: NodeId, from: number, to: number): Derivation {
    const { costs } = this;
    const node = costs.node(id);
    const leaf = (rule: Rule, fact: string | null = null): Derivation =>
      this.make(id, rule, from, to, [], fact);
    const tree = (rule: Rule, ...parts: Derivation[]): Derivation => this.make(id, rule, from, to, parts);
    if (costs.cost(id, from, to) >= NEVER) return leaf('unexplained');
    switch (node.op) {
      case 'base':
        return leaf('fact', node.name);
      case 'choice':
        return leaf('fact', costs.model.choices[node.choice]!.name);
      case 'computed':
        return leaf('fact', costs.model.computations[node.computation]!.name);
      case 'universe':
        return leaf('ends');
      case 'empty':
        return leaf('unexplained');
      case 'union':
        return tree('either', this.derive(this.cheaper(node.left, node.right, from, to), from, to));
      case 'intersection': {
        const first = this.cheaper(node.left, node.right, from, to);
        const second = first === node.left ? node.right : node.left;
        return tree('both', this.derive(first, from, to), this.derive(second, from, to));
      }
      case 'difference':
        return tree('except', this.derive(node.left, from, to), this.absent(node.right, from, to));
      case 'complement':
        return this.absent(node.operand, from, to);
      case 'compose':
        return this.compose(id, node, from, to);
      case 'inverse':
        return tree('reverse', this.derive(node.operand, to, from));
      case 'plus':
        return tree('sequence', ...this.chain(node.operand, from, to));
      case 'star':
        return from === to ? leaf('same') : tree('sequence', ...this.chain(node.operand, from, to));
      case 'optional':
        return from === to ? leaf('same') : tree('either', this.derive(node.operand, from, to));
      case 'product':
        return tree('ends', this.test(node.left, from), this.test(node.right, to));
      case 'identity':
        return tree('sequence', this.test(node.operand, from));
      case 'variable':
      case 'recursive':
        return this.recursion(id, node.group, node.index, from, to);
      case 'domain':
      case 'range':
        return this.test(id, from);
      default:
        return assertNever(node);
    }
  }

  /** Why an event is in a set. */
  test(id: NodeId, event: number): Derivation {
    const sets = new Set<string>();
    this.collectSets(id, event, sets, new Set());
    return {
      rule: 'test',
      from: event,
      to: event,
      name: this.nameOf(id) ?? (sets.size === 0 ? this.expression(id) : null),
      fact: null,
      sets: [...sets],
      parts: this.testParts(id, event),
    };
  }

  /** What beside predefined sets puts the event into the set; sets inside recursions are not gone into. */
  private testParts(id: NodeId, event: number): Derivation[] {
    const { costs } = this;
    if (costs.isOpen(id)) return [];
    const node = costs.node(id);
    switch (node.op) {
      case 'domain':
      case 'range': {
        const pairs = costs.relation(node.operand).pairs();
        const ends = pairs.filter(([from, to]) => (node.op === 'domain' ? from : to) === event);
        const costOf = ([from, to]: readonly [number, number]): number => costs.cost(node.operand, from, to);
        const [from, to] = ends.reduce((a, b) => (costOf(b) < costOf(a) ? b : a));
        return [this.derive(node.operand, from, to)];
      }
      case 'complement':
        return [this.absent(node.operand, event, event)];
      case 'difference':
        return [...this.untold(node.left, event), this.absent(node.right, event, event)];
      case 'intersection':
        return [...this.untold(node.left, event), ...this.untold(node.right, event)];
      case 'union': {
        const sets = new Set<string>();
        this.collectSets(id, event, sets, new Set());
        const side = costs.isMember(node.left, event) ? node.left : node.right;
        return sets.size > 0 ? [] : this.untold(side, event);
      }
      default:
        return [];
    }
  }

  /** The test for a set, if it says more than which predefined sets it is made of. */
  private untold(id: NodeId, event: number): Derivation[] {
    const test = this.test(id, event);
    return test.sets.length === 0 || test.parts.length > 0 ? [test] : [];
  }

  /** A path of a relation's pairs from one event to another, as short as its cost allows. */
  chain(id: NodeId, from: number, to: number): Derivation[] {
    return this.path(id, from, to).map(([a, b]) => this.derive(id, a, b));
  }

  /** The pairs of the cheapest path of at least one step. */
  path(id: NodeId, from: number, to: number): [number, number][] {
    const { n } = this.costs;
    const step = this.costs.matrix(id);
    const best = new Map<number, number>([[from, 0]]);
    const previous = new Map<number, number>();
    let goal = NEVER;
    let last = from;
    const open = new Set([from]);
    while (open.size > 0) {
      const at = [...open].reduce((a, b) => (best.get(b)! < best.get(a)! ? b : a));
      open.delete(at);
      const cost = best.get(at)!;
      if (cost >= goal) break;
      for (let next = 0; next < n; next++) {
        const sum = cost + step[at * n + next]! + 1;
        if (next === to && sum < goal) [goal, last] = [sum, at];
        if (sum >= (best.get(next) ?? NEVER)) continue;
        best.set(next, sum);
        previous.set(next, at);
        open.add(next);
      }
    }
    const pairs: [number, number][] = [[last, to]];
    for (let at = last; at !== from; at = previous.get(at)!) pairs.unshift([previous.get(at)!, at]);
    return pairs;
  }

  private make(
    id: NodeId,
    rule: Rule,
    from: number,
    to: number,
    parts: readonly Derivation[],
    fact: string | null = null,
  ): Derivation {
    return { rule, from, to, name: this.nameOf(id), fact, sets: [], parts };
  }

  private nameOf(id: NodeId): string | null {
    const node = this.costs.node(id);
    if (node.op === 'base') return null;
    const name = this.names.get(id);
    if (name !== undefined || !('group' in node)) return name ?? null;
    return this.costs.model.groups[node.group]?.names[node.index] ?? null;
  }

  private absent(id: NodeId, from: number, to: number): Derivation {
    const node = this.costs.node(id);
    const name = node.op === 'base' ? node.name : (this.nameOf(id) ?? this.expression(id));
    return { rule: 'absence', from, to, name, fact: null, sets: [], parts: [] };
  }

  /** What has no name of its own, in the model's notation. */
  private expression(id: NodeId): string {
    return showNode(this.costs.model, id, (operand) => this.nameOf(operand));
  }

  private cheaper(left: NodeId, right: NodeId, from: number, to: number): NodeId {
    return this.costs.cost(right, from, to) < this.costs.cost(left, from, to) ? right : left;
  }

  private compose(id: NodeId, node: Extract<Node, { op: 'compose' }>, from: number, to: number): Derivation {
    const { costs } = this;
    const [left, right] = [costs.matrix(node.left), costs.matrix(node.right)];
    let middle = 0;
    let best = Number.POSITIVE_INFINITY;
    for (let event = 0; event < costs.n; event++) {
      const sum = left[from * costs.n + event]! + right[event * costs.n + to]!;
      if (sum < best) [best, middle] = [sum, event];
    }
    return this.make(id, 'sequence', from, to, [
      this.derive(node.left, from, middle),
      this.derive(node.right, middle, to),
    ]);
  }

  /** The body derives the pair at a lower cost, so this ends. */
  private recursion(id: NodeId, group: number, index: number, from: number, to: number): Derivation {
    const { costs } = this;
    const body = costs.model.groups[group]?.bodies[index];
    if (body === undefined || costs.cost(body, from, to) >= costs.cost(id, from, to))
      return this.make(id, 'unexplained', from, to, []);
    return this.make(id, 'either', from, to, [this.derive(body, from, to)]);
  }

  private collectSets(id: NodeId, event: number, found: Set<string>, visited: Set<NodeId>): void {
    if (visited.has(id) || !this.costs.isMember(id, event)) return;
    visited.add(id);
    const node = this.costs.node(id);
    if (node.op === 'base') found.add(node.name);
    else if (node.op === 'union' || node.op === 'intersection') {
      this.collectSets(node.left, event, found, visited);
      this.collectSets(node.right, event, found, visited);
    } else if (node.op === 'difference') this.collectSets(node.left, event, found, visited);
    else if (node.op === 'recursive' || node.op === 'variable') {
      const body = this.costs.model.groups[node.group]?.bodies[node.index];
      if (body !== undefined) this.collectSets(body, event, found, visited);
    }
  }
}
