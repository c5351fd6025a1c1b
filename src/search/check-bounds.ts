/**
 * What bounds of a relation say of a check on it: that it holds in every execution between them, in none, or neither.
 *
 * Emptiness, acyclicity and irreflexivity hold of every part of what they hold of. A lower bound that violates one violates it for
 * good; an upper bound that satisfies one satisfies it for all.
 *
 * Upper bounds are coarse where a write may be before or after another: both directions are in the bound, and with them a cycle
 * that no execution has. Such harmless cycles are left out of account: in a model that is recognised to be coherent, every candidate
 * that the search makes has no cycle in C = po-loc | rf | co | fr, and so none in C+. A relation has a part in C+ and a rest. It
 * has no cycle if every edge of the rest that lies on a cycle of the upper bound is in C+ for certain.
 */
import type { Check, CompiledModel, Node, NodeId } from '../model/dag.js';
import * as ops from '../relation/operators.js';
import { type Bits, Relation } from '../relation/relation.js';
import type { Intervals } from './intervals.js';

/** Whether a check's relation has the property that the check names, negation apart. */
export function satisfies(kind: Check['kind'], value: Bits): boolean {
  switch (kind) {
    case 'empty':
      return ops.isEmpty(value);
    case 'acyclic':
      return ops.isAcyclic(value as Relation);
    case 'irreflexive':
      return ops.isIrreflexive(value as Relation);
  }
}

/** What is needed to see that cycles of an upper bound are harmless. */
export class Harmless {
  private readonly closure: Relation;
  private readonly onCycle: Relation;

  constructor(
    n: number,
    /** What is certain of C+. */
    private readonly certain: Relation,
  ) {
    this.closure = new Relation(n);
    this.onCycle = new Relation(n);
  }

  /** Whether a relation has no cycle but what C has: `upper` bounds all of it, `rest` what may not be in C+, or more than that. */
  hasNoCycle(upper: Relation, rest: readonly Bits[]): boolean {
    if (rest.length === 0) return true;
    ops.plusInto(this.closure, upper);
    // (a, b) is on a cycle of the bound if b reaches a
    ops.inverseInto(this.onCycle, this.closure);
    const { bits } = this.onCycle;
    const { certain } = this;
    for (const part of rest)
      for (let i = 0; i < bits.length; i++)
        if ((part.bits[i]! & upper.bits[i]! & bits[i]! & ~certain.bits[i]!) !== 0) return false;
    return true;
  }
}

/** Finds the parts of a relation that are contained in C+ in every execution of the skeleton. */
export class Communication {
  private readonly certainOrSame: Relation;
  private readonly within = new Map<NodeId, boolean>();
  private readonly withinOrSame = new Map<NodeId, boolean>();

  constructor(
    private readonly model: CompiledModel,
    private readonly intervals: Intervals,
    /** What is certain of C+. */
    private readonly certain: Relation,
  ) {
    this.certainOrSame = ops.reflexive(certain);
  }

  /** Nodes whose union has what is not in C+, and maybe more: [A];r is taken for r. */
  rest(id: NodeId): readonly NodeId[] {
    const node = this.node(id);
    if (this.isWithin(id)) return [];
    if (node.op === 'union') return [...this.rest(node.left), ...this.rest(node.right)];
    if (node.op === 'compose') {
      if (this.isPartOfIdentity(node.left)) return this.rest(node.right);
      if (this.isPartOfIdentity(node.right)) return this.rest(node.left);
    }
    return [id];
  }

  private node(id: NodeId): Node {
    return this.model.nodes[id]!;
  }

  private isBase(id: NodeId, name: string): boolean {
    const node = this.node(id);
    return node.op === 'base' && node.name === name;
  }

  /** Whether it is contained in C+. */
  private isWithin(id: NodeId): boolean {
    let within = this.within.get(id);
    if (within === undefined) {
      within = this.findWithin(id);
      this.within.set(id, within);
    }
    return within;
  }

  /** Whether it is contained in C*. */
  private isWithinOrSame(id: NodeId): boolean {
    let within = this.withinOrSame.get(id);
    if (within === undefined) {
      within = this.isWithin(id) || this.findWithinOrSame(id);
      this.withinOrSame.set(id, within);
    }
    return within;
  }

  private findWithin(id: NodeId): boolean {
    const node = this.node(id);
    if (ops.isSubset(this.intervals.of(id).hi, this.certain)) return true;
    switch (node.op) {
      case 'base':
        return node.name === 'rf' || node.name === 'co';
      case 'union':
        return this.isWithin(node.left) && this.isWithin(node.right);
      case 'intersection':
        return this.isWithin(node.left) || this.isWithin(node.right);
      case 'difference':
        return this.isWithin(node.left) || (this.isBase(node.right, 'id') && this.isWithinOrSame(node.left));
      case 'compose':
        return (
          this.isFromReads(node.left, node.right) ||
          (this.isWithinOrSame(node.left) && this.isWithin(node.right)) ||
          (this.isWithin(node.left) && this.isWithinOrSame(node.right))
        );
      case 'plus':
        return this.isWithin(node.operand);
      default:
        return false;
    }
  }

  private findWithinOrSame(id: NodeId): boolean {
    const node = this.node(id);
    if (ops.isSubset(this.intervals.of(id).hi, this.certainOrSame)) return true;
    switch (node.op) {
      case 'union':
      case 'compose':
        return this.isWithinOrSame(node.left) && this.isWithinOrSame(node.right);
      case 'intersection':
        return this.isWithinOrSame(node.left) || this.isWithinOrSame(node.right);
      case 'difference':
        return this.isWithinOrSame(node.left);
      case 'plus':
      case 'star':
      case 'optional':
        return this.isWithinOrSame(node.operand);
      default:
        return false;
    }
  }

  private isFromReads(left: NodeId, right: NodeId): boolean {
    const node = this.node(left);
    return node.op === 'inverse' && this.isBase(node.operand, 'rf') && this.isBase(right, 'co');
  }

  private isPartOfIdentity(id: NodeId): boolean {
    const { bits, words, n } = this.intervals.of(id).hi as Relation;
    for (let a = 0; a < n; a++)
      for (let k = 0; k < words; k++) {
        const diagonal = k === a >> 5 ? 1 << (a & 31) : 0;
        if ((bits[a * words + k]! & ~diagonal) !== 0) return false;
      }
    return true;
  }
}
