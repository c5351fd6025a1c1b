/**
 * Evaluates a model on one whole execution, expression by expression, with no cleverness.
 *
 * The reference enumerator, explanations and graphs use it; the search has its own, incremental evaluation, which
 * property tests compare with this one. Source of the semantics: the definitions in dag.ts.
 */
import * as operators from '../relation/operators.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import { assertNever, invariant } from '../text/diagnostic.js';
import { childrenOf } from './children.js';
import type { Check, CompiledModel, Node, NodeId, NodeType } from './dag.js';
import { divergingRecursion } from './evaluation-error.js';
import { isTagName } from './predefined.js';

/** What the base names stand for, over events 0..n-1. Tags that no event carries may be absent. */
export interface Environment {
  readonly n: number;
  readonly sets: ReadonlyMap<string, EventSet>;
  readonly relations: ReadonlyMap<string, Relation>;
  /** What is chosen for the model's choices, by index; absent: the model has none. */
  readonly chosen?: readonly Bits[];
}

export interface Evaluation {
  /**
   * The value of a node: an EventSet or a Relation, by the node's type; of a part of a recursive definition, at the fixpoint. Not
   * to be changed by the caller.
   */
  readonly value: (node: NodeId) => Bits;
  /** The checks that do not hold and are not flags, in the model's order: the execution is allowed if there are none. */
  readonly failed: readonly Check[];
  /** The flag checks that hold. */
  readonly raised: readonly Check[];
}

export function evaluateModel(model: CompiledModel, environment: Environment): Evaluation {
  const evaluator = new Evaluator(model, environment);
  const value = (node: NodeId): Bits => evaluator.value(node);
  const holds = (check: Check): boolean => testHolds(check, value(check.node)) !== check.negated;
  return {
    value,
    failed: model.checks.filter((check) => !check.flag && !holds(check)),
    raised: model.checks.filter((check) => check.flag && holds(check)),
  };
}

function testHolds(check: Check, value: Bits): boolean {
  if (check.kind === 'empty') return operators.isEmpty(value);
  invariant(value instanceof Relation, `${check.kind} of a set`);
  return check.kind === 'acyclic' ? operators.isAcyclic(value) : operators.isIrreflexive(value);
}

/** Values computed under one choice of approximations for the recursion groups being solved. */
interface Frame {
  readonly approximations: ReadonlyMap<number, readonly Bits[]>;
  readonly values: Map<NodeId, Bits>;
}

class Evaluator {
  private readonly root: Frame = { approximations: new Map(), values: new Map() };
  private readonly open = new Map<NodeId, ReadonlySet<number>>();
  /** By the groups whose fixpoints it stands on. */
  private readonly settled = new Map<string, Frame>();

  constructor(
    private readonly model: CompiledModel,
    private readonly environment: Environment,
  ) {}

  value(id: NodeId): Bits {
    return this.valueIn(id, this.frameOf(this.openGroups(id)));
  }

  /** The frame in which these groups, and those around them, have their fixpoints. */
  private frameOf(groups: ReadonlySet<number>): Frame {
    if (groups.size === 0) return this.root;
    const key = [...groups].sort((a, b) => a - b).join(' ');
    let frame = this.settled.get(key);
    if (frame === undefined) {
      const approximations = new Map<number, readonly Bits[]>();
      const settle = (group: number): void => {
        if (approximations.has(group)) return;
        for (const body of this.model.groups[group]!.bodies)
          for (const outer of this.openGroups(body)) if (outer !== group) settle(outer);
        approximations.set(group, this.fixpoint(group, { approximations, values: new Map() }));
      };
      for (const group of groups) settle(group);
      frame = { approximations, values: new Map() };
      this.settled.set(key, frame);
    }
    return frame;
  }

  private valueIn(id: NodeId, frame: Frame): Bits {
    const values = this.openGroups(id).size === 0 ? this.root.values : frame.values;
    const known = values.get(id);
    if (known !== undefined) return known;
    const value = this.compute(this.model.nodes[id]!, frame);
    values.set(id, value);
    return value;
  }

  private compute(node: Node, frame: Frame): Bits {
    const any = (id: NodeId): Bits => this.valueIn(id, frame);
    const relation = (id: NodeId): Relation => any(id) as Relation;
    const set = (id: NodeId): EventSet => any(id) as EventSet;
    switch (node.op) {
      case 'base':
        return this.base(node.name, node.type);
      case 'empty':
        return this.nothing(node.type);
      case 'universe':
        return operators.complement(this.nothing(node.type));
      case 'union':
        return operators.union(any(node.left), any(node.right));
      case 'intersection':
        return operators.intersection(any(node.left), any(node.right));
      case 'difference':
        return operators.difference(any(node.left), any(node.right));
      case 'complement':
        return operators.complement(any(node.operand));
      case 'compose':
        return operators.compose(relation(node.left), relation(node.right));
      case 'inverse':
        return operators.inverse(relation(node.operand));
      case 'plus':
        return operators.transitiveClosure(relation(node.operand));
      case 'star':
        return operators.reflexive(operators.transitiveClosure(relation(node.operand)));
      case 'optional':
        return operators.reflexive(relation(node.operand));
      case 'product':
        return operators.product(set(node.left), set(node.right));
      case 'identity':
        return operators.identityOn(set(node.operand));
      case 'domain':
        return operators.domain(relation(node.operand));
      case 'range':
        return operators.range(relation(node.operand));
      case 'variable': {
        const value = frame.approximations.get(node.group)?.[node.index];
        invariant(value !== undefined, 'a recursion variable outside its group');
        return value;
      }
      case 'recursive':
        return this.fixpoint(node.group, frame)[node.index]!;
      case 'choice': {
        const value = this.environment.chosen?.[node.choice];
        invariant(value !== undefined, `nothing is chosen for choice ${node.choice}`);
        return value;
      }
      case 'computed':
        return this.model.computations[node.computation]!.compute(node.inputs.map(any), this.environment.n);
      default:
        return assertNever(node);
    }
  }

  /** The fixpoint that a group reaches from nothing; a group that is not monotone may reach none. */
  private fixpoint(group: number, frame: Frame): readonly Bits[] {
    const { bodies, names } = this.model.groups[group]!;
    const { n } = this.environment;
    const limit = 2 + bodies.length * n * Math.max(n, 1);
    let current: readonly Bits[] = bodies.map((body) => this.nothing(this.model.nodes[body]!.type));
    for (let round = 0; round <= limit; round++) {
      const inner: Frame = {
        approximations: new Map(frame.approximations).set(group, current),
        values: new Map(),
      };
      const next = bodies.map((body) => this.valueIn(body, inner));
      if (next.every((value, i) => operators.isEqual(value, current[i]!))) return current;
      current = next;
    }
    throw divergingRecursion(names);
  }

  private base(name: string, type: NodeType): Bits {
    const { sets, relations } = this.environment;
    const value = type === 'set' ? sets.get(name) : relations.get(name);
    if (value !== undefined) return value;
    invariant(isTagName(name), `the execution does not define \`${name}\``);
    return this.nothing(type);
  }

  private nothing(type: NodeType): Bits {
    return type === 'set' ? new EventSet(this.environment.n) : new Relation(this.environment.n);
  }

  /** The groups whose variables a node's value depends on. */
  private openGroups(id: NodeId): ReadonlySet<number> {
    const known = this.open.get(id);
    if (known !== undefined) return known;
    const node = this.model.nodes[id]!;
    const found = new Set<number>();
    if (node.op === 'variable') found.add(node.group);
    const parts = node.op === 'recursive' ? this.model.groups[node.group]!.bodies : childrenOf(node);
    for (const part of parts) for (const group of this.openGroups(part)) found.add(group);
    if (node.op === 'recursive') found.delete(node.group);
    this.open.set(id, found);
    return found;
  }
}
