/**
 * A compiled cat model: a hash-consed directed acyclic graph of set and relation expressions, and the checks on them.
 *
 * Functions are inlined, names are resolved, every node has one type. Children have smaller ids than their parents
 * (node order is an evaluation order), except through `recursive` nodes: the bodies of a recursion group may have
 * any id, and refer to the group's current approximation with `variable` nodes.
 */
import type { Bits } from '../relation/relation.js';
import type { Span } from '../text/source.js';

export type NodeId = number;
export type NodeType = 'set' | 'relation';

/**
 * Node kinds. For events a, b, c:
 *  base        a predefined set or relation, by cat name (`R`, `po`, `DMB.ISH`)
 *  empty, universe   {} and the set of all events, or 0 and all pairs
 *  union, intersection, difference   as sets of events or of pairs
 *  complement  of a set or of a relation
 *  compose     (a,c) in left;right iff some b has (a,b) in left and (b,c) in right
 *  inverse     r^-1
 *  plus, star, optional   r+, r*, r?
 *  product     A * B
 *  identity    [A]: (a,a) for a in A
 *  domain, range   sets of left or right ends
 *  variable    inside a recursion: the current value of member `index` of group `group`
 *  recursive   the fixpoint that member `index` of group `group` reaches from nothing: the least one, if the group is monotone
 *  choice      what a candidate has chosen for `with x from S`, by index in CompiledModel.choices
 *  computed    the value of CompiledModel.computations[computation]: what the operators above cannot say
 */
export type Node =
  | { readonly op: 'base'; readonly type: NodeType; readonly name: string }
  | { readonly op: 'empty' | 'universe'; readonly type: NodeType }
  | {
      readonly op: 'union' | 'intersection' | 'difference';
      readonly type: NodeType;
      readonly left: NodeId;
      readonly right: NodeId;
    }
  | { readonly op: 'complement'; readonly type: NodeType; readonly operand: NodeId }
  | { readonly op: 'compose'; readonly type: 'relation'; readonly left: NodeId; readonly right: NodeId }
  | {
      readonly op: 'inverse' | 'plus' | 'star' | 'optional';
      readonly type: 'relation';
      readonly operand: NodeId;
    }
  | { readonly op: 'product'; readonly type: 'relation'; readonly left: NodeId; readonly right: NodeId }
  | { readonly op: 'identity'; readonly type: 'relation'; readonly operand: NodeId }
  | { readonly op: 'domain' | 'range'; readonly type: 'set'; readonly operand: NodeId }
  | {
      readonly op: 'variable' | 'recursive';
      readonly type: NodeType;
      readonly group: number;
      readonly index: number;
    }
  | {
      readonly op: 'choice';
      readonly type: NodeType;
      readonly choice: number;
      readonly inputs: readonly NodeId[];
    }
  | {
      readonly op: 'computed';
      readonly type: NodeType;
      readonly computation: number;
      readonly inputs: readonly NodeId[];
    };

/**
 * What the general values of cat (sets of sets, functions on them) come to when the inputs of their node are known.
 * `compute` gets the inputs' values, which it must not change, and the number of events, and gives a new value. It may throw
 * ModelEvaluationError.
 */
export interface Computation {
  /** For messages: the defined name, or the expression. */
  readonly name: string;
  readonly compute: (inputs: readonly Bits[], n: number) => Bits;
}

/**
 * `with name from S`: a candidate is judged once with each element of S, and there is none if S is empty. `node` is the choice node,
 * whose inputs (choice nodes of earlier choices among them) determine `domain`; for that the same holds as for `compute`.
 */
export interface Choice {
  readonly name: string;
  readonly node: NodeId;
  readonly domain: (inputs: readonly Bits[], n: number) => readonly Bits[];
}

/** The mutually recursive definitions of one `let rec ... and ...`. */
export interface RecursionGroup {
  readonly names: readonly string[];
  readonly bodies: readonly NodeId[];
}

/** `acyclic r as name`; `negated` for `~acyclic`; a `flag` check does not forbid, it raises the flag `name` when it holds. */
export interface Check {
  readonly kind: 'acyclic' | 'irreflexive' | 'empty';
  readonly negated: boolean;
  readonly flag: boolean;
  readonly node: NodeId;
  readonly name: string;
  readonly span: Span | null;
}

export interface CompiledModel {
  /** `lkmm`, or a file's name. */
  readonly name: string;
  /** The model's own title string. */
  readonly title: string;
  readonly nodes: readonly Node[];
  readonly groups: readonly RecursionGroup[];
  readonly checks: readonly Check[];
  /** In source order. */
  readonly choices: readonly Choice[];
  readonly computations: readonly Computation[];
  /**
   * The coherence order that final states are read off: null for the predefined `co`; else, in a model that makes its own
   * (`with co from ...`), the relation that `co` names at the end.
   */
  readonly coherence: NodeId | null;
  /** The last value of each top-level `let`, for graphs and explanations: name to node, in source order. */
  readonly names: ReadonlyMap<string, NodeId>;
}
