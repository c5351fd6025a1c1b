/**
 * What is left of a model for one skeleton: expressions over the relations that the search changes, with everything that is
 * known in advance folded in.
 *
 * Each expression comes in three senses: its value in a complete candidate ("exact"), and bounds of that value in all completions
 * of a part of one ("lo", "hi"), which are expressions over bounds of the same relations. See intervals.ts for why complement and
 * difference change sides.
 *
 * Soundness of folding: a rule looks at the bounds of a node over the whole skeleton, between which all three senses lie, and
 * holds for all values between them: x | y is x if y can be at most what x is at least, and so on.
 */
import { childrenOf } from '../model/children.js';
import type { Node, NodeId, NodeType } from '../model/dag.js';
import * as ops from '../relation/operators.js';
import { type Bits, EventSet, type Relation } from '../relation/relation.js';
import { invariant } from '../text/diagnostic.js';
import type { Intervals } from './intervals.js';
import { FIRST_CHOICE, type Plan, type Stratum } from './plan.js';
import type { Bounds } from './shared-values.js';

export type Sense = 'exact' | 'lo' | 'hi';

interface Common {
  readonly type: NodeType;
  /** 0: never changes. Else when the value is fixed, see plan.ts; bounds are all of stratum 1. */
  readonly stratum: Stratum;
}

/** An expression. Shared parts are the same object. */
export type Residual = Common &
  (
    | { readonly op: 'constant'; readonly value: Bits }
    /** A buffer of the search: `rf`, `rf^-1`, `co`, `loc` ... */
    | { readonly op: 'input'; readonly name: string; readonly sense: Sense }
    | { readonly op: 'choice'; readonly choice: number }
    | {
        readonly op: 'union' | 'intersection' | 'difference' | 'compose' | 'product';
        readonly left: Residual;
        readonly right: Residual;
      }
    /** [A];r and r;[B] for sets that never change. */
    | {
        readonly op: 'restrict-domain' | 'restrict-range';
        readonly set: EventSet;
        readonly operand: Residual;
      }
    | {
        readonly op:
          | 'complement'
          | 'inverse'
          | 'plus'
          | 'star'
          | 'optional'
          | 'identity'
          | 'domain'
          | 'range';
        readonly operand: Residual;
      }
    | { readonly op: 'variable'; readonly recursion: Recursion; readonly index: number }
    | { readonly op: 'recursive'; readonly recursion: Recursion; readonly index: number }
    | {
        readonly op: 'computed';
        readonly computation: number;
        readonly inputs: readonly Residual[];
      }
  );

/** A recursion group in one sense. `bodies` is filled when all are made; their variables refer to it. */
export interface Recursion {
  readonly names: readonly string[];
  readonly types: readonly NodeType[];
  readonly stratum: Stratum;
  bodies: readonly Residual[];
}

/** How soon the bounds of a part of a candidate are known: at once. */
const BOUNDS: Stratum = 1;

const orderRelations: readonly string[] = ['rf', 'co', 'loc'];

function isSubset(a: Bits, b: Bits): boolean {
  return ops.isSubset(a, b);
}

function isDisjoint(a: Bits, b: Bits): boolean {
  for (let i = 0; i < a.bits.length; i++) if ((a.bits[i]! & b.bits[i]!) !== 0) return false;
  return true;
}

/** The set A if the relation is [A], else null. */
function identitySet(value: Bits): EventSet | null {
  const relation = value as Relation;
  const set = new EventSet(relation.n);
  const { n, words, bits } = relation;
  for (let i = 0; i < n; i++)
    for (let k = 0; k < words; k++) {
      const row = bits[i * words + k]!;
      if (row === 0) continue;
      if (k !== i >> 5 || row !== 1 << (i & 31)) return null;
      set.add(i);
    }
  return set;
}

export class ResidualBuilder {
  private readonly made: Record<Sense, Map<NodeId, Residual>> = {
    exact: new Map(),
    lo: new Map(),
    hi: new Map(),
  };
  private readonly recursions: Record<Sense, Map<number, Recursion>> = {
    exact: new Map(),
    lo: new Map(),
    hi: new Map(),
  };
  private readonly inputs = new Map<string, Residual>();

  constructor(
    private readonly plan: Plan,
    private readonly strata: readonly Stratum[],
    private readonly intervals: Intervals,
  ) {}

  /** The node in a sense. */
  of(id: NodeId, sense: Sense): Residual {
    const known = this.made[sense].get(id);
    if (known !== undefined) return known;
    const interval = this.intervals.of(id);
    const node = this.plan.model.nodes[id]!;
    const made =
      interval.lo === interval.hi ? this.constant(interval.lo) : this.make(id, node, interval, sense);
    this.made[sense].set(id, made);
    return made;
  }

  private constant(value: Bits): Residual {
    return { op: 'constant', type: value instanceof EventSet ? 'set' : 'relation', stratum: 0, value };
  }

  private make(id: NodeId, node: Node, { lo, hi }: Bounds, sense: Sense): Residual {
    switch (node.op) {
      case 'base':
        return this.base(node.name, node.type, id, sense);
      case 'variable':
        return {
          op: 'variable',
          type: node.type,
          ...this.recursive(node.group, node.index, sense),
        };
      case 'recursive':
        return this.recursion(node.group, node.index, node.type, lo, hi, sense);
      case 'choice':
        if (sense !== 'exact') return this.constant(sense === 'lo' ? lo : hi);
        return { op: 'choice', type: node.type, stratum: FIRST_CHOICE + node.choice, choice: node.choice };
      case 'computed':
        if (sense !== 'exact') return this.constant(sense === 'lo' ? lo : hi);
        return this.computed(id, node);
      case 'empty':
      case 'universe':
        return this.constant(lo);
      default:
        return this.operation(node, sense);
    }
  }

  private computed(id: NodeId, { type, inputs, computation }: Node & { op: 'computed' }): Residual {
    const stratum = this.strata[id]!;
    return {
      op: 'computed',
      type,
      stratum,
      computation,
      inputs: inputs.map((input) => this.of(input, 'exact')),
    };
  }

  private base(name: string, type: NodeType, id: NodeId, sense: Sense): Residual {
    const { lo, hi } = this.intervals.of(id);
    // Only these have bounds that a part of a candidate narrows.
    if (sense !== 'exact' && !orderRelations.includes(name)) return this.constant(sense === 'lo' ? lo : hi);
    return this.input(name, type, sense, this.strata[id]!);
  }

  private input(name: string, type: NodeType, sense: Sense, stratum: Stratum): Residual {
    const key = `${sense} ${name}`;
    let input = this.inputs.get(key);
    if (input === undefined) {
      input = { op: 'input', type, name, sense, stratum: sense === 'exact' ? stratum : BOUNDS };
      this.inputs.set(key, input);
    }
    return input;
  }

  private recursive(
    group: number,
    index: number,
    sense: Sense,
  ): { recursion: Recursion; index: number; stratum: Stratum } {
    const recursion = this.recursions[sense].get(group);
    invariant(recursion !== undefined, 'a variable is inside its recursion');
    return { recursion, index, stratum: recursion.stratum };
  }

  private recursion(
    group: number,
    index: number,
    type: NodeType,
    lo: Bits,
    hi: Bits,
    sense: Sense,
  ): Residual {
    const { nodes, groups } = this.plan.model;
    const { bodies, names } = groups[group]!;
    let recursion = this.recursions[sense].get(group);
    if (recursion === undefined) {
      if (sense !== 'exact' && !this.intervals.isBounded(group))
        return this.constant(sense === 'lo' ? lo : hi);
      const stratum = sense === 'exact' ? Math.max(...bodies.map((body) => this.strata[body]!)) : BOUNDS;
      recursion = { names, types: bodies.map((body) => nodes[body]!.type), stratum, bodies: [] };
      this.recursions[sense].set(group, recursion);
      recursion.bodies = bodies.map((body) => this.of(body, sense));
    }
    return { op: 'recursive', type, recursion, index, stratum: recursion.stratum };
  }

  private operation(node: Node, sense: Sense): Residual {
    const [first, second] = childrenOf(node) as readonly [NodeId, NodeId | undefined];
    const other: Sense = sense === 'exact' ? 'exact' : sense === 'lo' ? 'hi' : 'lo';
    const left = () => this.of(first, sense);
    const [a, b] = [this.intervals.of(first), second === undefined ? null : this.intervals.of(second)];
    switch (node.op) {
      case 'union':
        if (isSubset(b!.hi, a.lo)) return left();
        if (isSubset(a.hi, b!.lo)) return this.of(second!, sense);
        return this.binary('union', node.type, left(), this.of(second!, sense));
      case 'intersection':
        if (isSubset(a.hi, b!.lo)) return left();
        if (isSubset(b!.hi, a.lo)) return this.of(second!, sense);
        return this.binary('intersection', node.type, left(), this.of(second!, sense));
      case 'difference':
        if (isDisjoint(a.hi, b!.hi)) return left();
        return this.binary('difference', node.type, left(), this.of(second!, other));
      case 'compose':
        return this.compose(left(), this.of(second!, sense), a, b!);
      case 'product':
        return this.binary('product', 'relation', left(), this.of(second!, sense));
      case 'complement':
        return this.unary('complement', node.type, this.of(first, other));
      case 'inverse':
        return this.inverse(left());
      case 'plus':
      case 'star':
        return this.closure(node.op, left(), a.hi as Relation);
      case 'optional':
      case 'identity':
      case 'domain':
      case 'range':
        return this.unary(node.op, node.type, left());
      default:
        invariant(false, `no operation: ${node.op}`);
    }
  }

  private binary(
    op: 'union' | 'intersection' | 'difference' | 'compose' | 'product',
    type: NodeType,
    left: Residual,
    right: Residual,
  ): Residual {
    return { op, type, left, right, stratum: Math.max(left.stratum, right.stratum) };
  }

  private unary(
    op: 'complement' | 'inverse' | 'plus' | 'star' | 'optional' | 'identity' | 'domain' | 'range',
    type: NodeType,
    operand: Residual,
  ): Residual {
    return { op, type, operand, stratum: operand.stratum };
  }

  /** Selecting rows or columns where one side is [A]; nothing at all where A is everything that there can be. */
  private compose(left: Residual, right: Residual, a: Bounds, b: Bounds): Residual {
    const chosen = left.op === 'constant' ? identitySet(left.value) : null;
    if (chosen !== null) {
      if (isSubset(ops.domain(b.hi as Relation), chosen)) return right;
      return {
        op: 'restrict-domain',
        type: 'relation',
        set: chosen,
        operand: right,
        stratum: right.stratum,
      };
    }
    const ends = right.op === 'constant' ? identitySet(right.value) : null;
    if (ends === null) return this.binary('compose', 'relation', left, right);
    if (isSubset(ops.range(a.hi as Relation), ends)) return left;
    return { op: 'restrict-range', type: 'relation', set: ends, operand: left, stratum: left.stratum };
  }

  /** The search keeps the inverse of reads-from beside it. */
  private inverse(operand: Residual): Residual {
    if (operand.op === 'input' && operand.name === 'rf')
      return this.input('rf^-1', 'relation', operand.sense, operand.stratum);
    return this.unary('inverse', 'relation', operand);
  }

  /** Where two steps are never possible, one is all there is. */
  private closure(op: 'plus' | 'star', operand: Residual, hi: Relation): Residual {
    if (!ops.isEmpty(ops.compose(hi, hi))) return this.unary(op, 'relation', operand);
    return op === 'plus' ? operand : this.unary('optional', 'relation', operand);
  }
}
