/**
 * What bounds of a relation say of a check on it: that it holds in every execution between them, in none, or neither.
 *
 * Emptiness, acyclicity and irreflexivity hold of every part of what they hold of. A lower bound that violates one violates it for
 * good; an upper bound that satisfies one satisfies it for all.
 *
 * Upper bounds are coarse where a write may be before or after another: both directions are in the bound, and with them a cycle
 * that no execution has. Such harmless cycles are left out of account: in a model that is recognised to be coherent, every candidate
 * that the search makes has no cycle in po-loc | rf | co | fr. So a relation that is the union of parts of these and of a rest has
 * no cycle if every edge of the rest that lies on a cycle of the upper bound is in po-loc.
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
    /** po-loc, where it is certain. */
    private readonly programOrder: Relation,
  ) {
    this.closure = new Relation(n);
    this.onCycle = new Relation(n);
  }

  /** Whether a relation without cycles but those of coherence has none: `upper` bounds all of it, `rest` what is not communication. */
  hasNoCycle(upper: Relation, rest: readonly Bits[]): boolean {
    ops.plusInto(this.closure, upper);
    // (a, b) is on a cycle of the bound if b reaches a
    ops.inverseInto(this.onCycle, this.closure);
    const { bits } = this.onCycle;
    const { programOrder } = this;
    for (const part of rest)
      for (let i = 0; i < bits.length; i++)
        if ((part.bits[i]! & bits[i]! & ~programOrder.bits[i]!) !== 0) return false;
    return true;
  }
}

/** Finds the parts of a relation that are contained in po-loc | rf | co | fr in every execution of the skeleton. */
export class Communication {
  /** What is certain of po-loc | rf | co | fr. */
  private readonly certain: Relation;
  private readonly within = new Map<NodeId, boolean>();

  constructor(
    private readonly model: CompiledModel,
    private readonly intervals: Intervals,
    n: number,
    certain: readonly Bits[],
  ) {
    this.certain = new Relation(n);
    for (const part of certain) ops.unionInto(this.certain, this.certain, part);
  }

  /** The parts of a union that are no communication; empty ones left out. */
  rest(id: NodeId): readonly NodeId[] {
    const node = this.node(id);
    if (this.isWithin(id)) return [];
    if (node.op !== 'union') return [id];
    return [...this.rest(node.left), ...this.rest(node.right)];
  }

  private node(id: NodeId): Node {
    return this.model.nodes[id]!;
  }

  private isBase(id: NodeId, name: string): boolean {
    const node = this.node(id);
    return node.op === 'base' && node.name === name;
  }

  private isWithin(id: NodeId): boolean {
    let within = this.within.get(id);
    if (within === undefined) {
      within = this.findWithin(id);
      this.within.set(id, within);
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
        return this.isWithin(node.left);
      case 'compose':
        return (
          this.isFromReads(node.left, node.right) ||
          (this.isPartOfIdentity(node.right) && this.isWithin(node.left)) ||
          (this.isPartOfIdentity(node.left) && this.isWithin(node.right))
        );
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
