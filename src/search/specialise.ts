/**
 * Specialises a model to one skeleton: evaluates stratum 0, folds what is certainly empty, and yields straight-line code
 * (closures over preallocated bit rows) for what depends on reads-from (stratum 1), on coherence (stratum 2) and on the model's
 * own choices (3 and up).
 *
 * A test without RCU, plain accesses or some fence thereby loses most of a large model. Folding is sound: a node is
 * treated as empty only if it is empty for every reads-from and coherence.
 */
import { childrenOf } from '../model/children.js';
import type { Check, Choice, CompiledModel, Node, NodeId } from '../model/dag.js';
import { divergingRecursion } from '../model/evaluation-error.js';
import * as ops from '../relation/operators.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import { InvariantError, invariant } from '../text/diagnostic.js';
import { FIRST_CHOICE, type Plan, type Stratum, stratumOfBase } from './plan.js';

export interface ReadyCheck {
  readonly check: Check;
  /** Whether the check's condition holds now (negation included). */
  readonly holds: () => boolean;
  /** Once violated by a part of a candidate, violated by all its completions. */
  readonly monotone: boolean;
  /** Once violated by an execution that is begun, violated by all its continuations. */
  readonly persistent: boolean;
}

export interface ReadyChoice {
  /** What can be chosen, once all before is updated. */
  readonly domain: () => readonly Bits[];
  /** Takes one of it, and recomputes everything that it determines. */
  readonly take: (chosen: Bits) => void;
  /** What `take` has taken. */
  readonly buffer: Bits;
  readonly checks: readonly ReadyCheck[];
}

export interface Specialised {
  /** Mandatory checks of stratum 0 that fail: with them, no candidate of this skeleton is allowed. */
  readonly failures: readonly ReadyCheck[];
  /** Recomputes everything that reads-from determines; call when `rf` (and `loc`, if open) has changed. */
  readonly updateReadsFrom: () => void;
  /** Recomputes everything that coherence determines, after updateReadsFrom. */
  readonly updateCoherence: () => void;
  readonly readsFromChecks: readonly ReadyCheck[];
  readonly coherenceChecks: readonly ReadyCheck[];
  /** By choice of the model, in order. */
  readonly choices: readonly ReadyChoice[];
  /** Where the model's own coherence stands once everything is chosen; null: it makes none. */
  readonly coherence: Relation | null;
  /** Flags that are raised by every candidate, and those that must be evaluated once both updates are done. */
  readonly raisedAlways: readonly Check[];
  readonly flagChecks: readonly ReadyCheck[];
}

/** What the search provides: predefined values; those that are not fixed with the traces are buffers that it overwrites. */
export interface BaseValues {
  readonly n: number;
  readonly sets: ReadonlyMap<string, EventSet>;
  readonly relations: ReadonlyMap<string, Relation>;
}

type Step = () => void;

class Specialiser {
  private readonly strata: readonly Stratum[];
  private readonly values: (Bits | null)[];
  /** Certainly empty in every candidate of the skeleton. */
  private readonly empty: Uint8Array;
  private readonly variables: Bits[][];
  private readonly steps: Step[][];
  private readonly emitted = new Set<NodeId>();

  constructor(
    private readonly plan: Plan,
    private readonly base: BaseValues,
    resolved: boolean,
  ) {
    this.strata = resolved ? plan.strata.resolved : plan.strata.open;
    this.values = plan.model.nodes.map(() => null);
    this.steps = Array.from({ length: FIRST_CHOICE + plan.model.choices.length }, () => []);
    this.empty = new Uint8Array(plan.model.nodes.length);
    this.variables = plan.model.groups.map((group) =>
      group.bodies.map((body) => this.allocate(this.node(body))),
    );
    this.foldEmpty();
  }

  private get model(): CompiledModel {
    return this.plan.model;
  }

  private node(id: NodeId): Node {
    return this.model.nodes[id]!;
  }

  private allocate(node: Node): Bits {
    return node.type === 'set' ? new EventSet(this.base.n) : new Relation(this.base.n);
  }

  private baseValue(node: Node & { op: 'base' }): Bits | undefined {
    return node.type === 'set' ? this.base.sets.get(node.name) : this.base.relations.get(node.name);
  }

  /**
   * Computes `empty` for dynamic nodes and `values` for static ones, in evaluation order. Recursion variables are first
   * assumed empty; groups whose bodies then are not all empty are redone with non-empty variables.
   */
  private foldEmpty(): void {
    this.settleEmpty();
    const fixed = this.plan.order.filter((id) => this.strata[id] === 0 && !this.plan.insideRecursion.has(id));
    for (const id of fixed) this.emitValue(id);
    for (const step of this.steps[0]!) step();
    for (const id of fixed) if (ops.isEmpty(this.values[id]!)) this.empty[id] = 1;
    // Static values are known now: fold once more, with the emptiness that only they show.
    this.settleEmpty();
  }

  private settleEmpty(): void {
    const assumed = this.model.groups.map(() => true);
    for (let settled = false; !settled; ) {
      settled = true;
      for (const id of this.plan.order) this.foldNode(id, assumed);
      this.model.groups.forEach((group, index) => {
        if (assumed[index] && !group.bodies.every((body) => this.empty[body] === 1)) {
          assumed[index] = false;
          settled = false;
        }
      });
    }
  }

  private foldNode(id: NodeId, assumed: readonly boolean[]): void {
    const node = this.node(id);
    if (this.strata[id] === 0 && this.values[id] != null) return;
    const empty = (operand: NodeId) => this.empty[operand] === 1;
    this.empty[id] = this.isFoldedEmpty(node, empty, assumed) ? 1 : 0;
  }

  private isFoldedEmpty(node: Node, empty: (id: NodeId) => boolean, assumed: readonly boolean[]): boolean {
    switch (node.op) {
      case 'empty':
        return true;
      case 'base': {
        if (node.name === 'loc' || stratumOfBase(node.name, 0) > 0) return false;
        const value = this.baseValue(node);
        return value === undefined || ops.isEmpty(value);
      }
      case 'union':
        return empty(node.left) && empty(node.right);
      case 'intersection':
      case 'compose':
      case 'product':
        return empty(node.left) || empty(node.right);
      case 'difference':
        return empty(node.left) || node.left === node.right;
      case 'inverse':
      case 'plus':
      case 'identity':
      case 'domain':
      case 'range':
        return empty(node.operand);
      case 'variable':
      case 'recursive':
        return assumed[node.group]!;
      case 'universe':
      case 'complement':
      case 'star':
      case 'optional':
      case 'choice':
      case 'computed':
        return false;
    }
  }

  /** The buffer that holds the node's value once its steps have run; emits the steps on first use. */
  private emitValue(id: NodeId): Bits {
    const existing = this.values[id];
    if (existing != null) return existing;
    const node = this.node(id);
    if (node.op === 'base') {
      const value = this.baseValue(node) ?? this.allocate(node);
      this.values[id] = value;
      return value;
    }
    if (node.op === 'variable') {
      const value = this.variables[node.group]![node.index]!;
      this.values[id] = value;
      return value;
    }
    if (this.empty[id] === 1) {
      const value = this.allocate(node);
      this.values[id] = value;
      return value;
    }
    const alias = this.aliasOf(node);
    if (alias !== null) {
      const value = this.emitValue(alias);
      this.values[id] = value;
      return value;
    }
    if (node.op === 'recursive') return this.emitRecursion(id, node.group, node.index);
    if (node.op === 'choice') return this.emitChoice(id, node);
    const out = this.allocate(node);
    this.values[id] = out;
    this.push(id, this.stepFor(node, out));
    return out;
  }

  /** A node that has the same value in every candidate, or null. */
  private aliasOf(node: Node): NodeId | null {
    if (node.op === 'union') {
      if (this.empty[node.left] === 1) return node.right;
      if (this.empty[node.right] === 1) return node.left;
    }
    if (node.op === 'difference' && this.empty[node.right] === 1) return node.left;
    return null;
  }

  private emitChoice(id: NodeId, node: Node): Bits {
    const value = this.allocate(node);
    this.values[id] = value;
    return value;
  }

  private push(id: NodeId, step: Step): void {
    invariant(!this.emitted.has(id), 'a node is computed once');
    this.emitted.add(id);
    this.steps[this.strata[id]!]!.push(step);
  }

  private stepFor(node: Node, out: Bits): Step {
    const relation = (id: NodeId) => this.emitValue(id) as Relation;
    const set = (id: NodeId) => this.emitValue(id) as EventSet;
    switch (node.op) {
      case 'universe':
        return () => {
          out.bits.fill(0);
          ops.complementInto(out, out);
        };
      case 'union': {
        const [a, b] = [this.emitValue(node.left), this.emitValue(node.right)];
        return () => ops.unionInto(out, a, b);
      }
      case 'intersection': {
        const [a, b] = [this.emitValue(node.left), this.emitValue(node.right)];
        return () => ops.intersectionInto(out, a, b);
      }
      case 'difference': {
        const [a, b] = [this.emitValue(node.left), this.emitValue(node.right)];
        return () => ops.differenceInto(out, a, b);
      }
      case 'complement': {
        const a = this.emitValue(node.operand);
        return () => ops.complementInto(out, a);
      }
      case 'compose':
        return this.composeStep(node.left, node.right, out as Relation);
      case 'inverse': {
        const a = relation(node.operand);
        return () => ops.inverseInto(out as Relation, a);
      }
      case 'plus': {
        const a = relation(node.operand);
        return () => ops.plusInto(out as Relation, a);
      }
      case 'star': {
        const a = relation(node.operand);
        return () => {
          ops.plusInto(out as Relation, a);
          ops.addIdentity(out as Relation);
        };
      }
      case 'optional': {
        const a = relation(node.operand);
        return () => {
          out.bits.set(a.bits);
          ops.addIdentity(out as Relation);
        };
      }
      case 'product': {
        const [a, b] = [set(node.left), set(node.right)];
        return () => ops.productInto(out as Relation, a, b);
      }
      case 'identity': {
        const a = set(node.operand);
        return () => ops.identityInto(out as Relation, a);
      }
      case 'domain': {
        const a = relation(node.operand);
        return () => ops.domainInto(out as EventSet, a);
      }
      case 'range': {
        const a = relation(node.operand);
        return () => ops.rangeInto(out as EventSet, a);
      }
      case 'computed': {
        const inputs = node.inputs.map((input) => this.emitValue(input));
        const { compute } = this.model.computations[node.computation]!;
        const { n } = this.base;
        return () => out.bits.set(compute(inputs, n).bits);
      }
      default:
        throw new InvariantError(`no step for ${node.op}`);
    }
  }

  /** `[A];r` and `r;[A]` with a static A select rows or columns instead of composing. */
  private composeStep(left: NodeId, right: NodeId, out: Relation): Step {
    const leftSet = this.staticIdentity(left);
    if (leftSet !== null) {
      const r = this.emitValue(right) as Relation;
      return () => ops.restrictDomainInto(out, leftSet, r);
    }
    const rightSet = this.staticIdentity(right);
    if (rightSet !== null) {
      const l = this.emitValue(left) as Relation;
      return () => ops.restrictRangeInto(out, l, rightSet);
    }
    const [l, r] = [this.emitValue(left) as Relation, this.emitValue(right) as Relation];
    return () => ops.composeInto(out, l, r);
  }

  private staticIdentity(id: NodeId): EventSet | null {
    const node = this.node(id);
    if (node.op !== 'identity' || this.strata[node.operand] !== 0) return null;
    return this.emitValue(node.operand) as EventSet;
  }

  /** One step iterates the bodies of the group from empty variables to the least fixpoint. */
  private emitRecursion(id: NodeId, groupIndex: number, index: number): Bits {
    const group = this.model.groups[groupIndex]!;
    const variables = this.variables[groupIndex]!;
    const stratum = this.strata[id]!;
    const outer = this.steps[stratum]!;
    const bodyNodes = new Set(this.plan.groupBodies[groupIndex]!);
    // What does not refer to the group is computed before, in its own stratum.
    for (const node of bodyNodes)
      for (const operand of childrenOf(this.node(node))) if (!bodyNodes.has(operand)) this.emitValue(operand);
    const inner: Step[] = [];
    this.steps[stratum] = inner;
    const bodies = group.bodies.map((body) => this.emitValue(body));
    this.steps[stratum] = outer;
    const limit = 2 + variables.reduce((sum, v) => sum + v.bits.length * 32, 0);
    outer.push(() => {
      for (const variable of variables) variable.bits.fill(0);
      for (let round = 0; ; round++) {
        for (const step of inner) step();
        let stable = true;
        for (let k = 0; k < variables.length; k++) {
          if (ops.isEqual(variables[k]!, bodies[k]!)) continue;
          variables[k]!.bits.set(bodies[k]!.bits);
          stable = false;
        }
        if (stable) return;
        if (round > limit) throw divergingRecursion(group.names);
      }
    });
    this.model.nodes.forEach((node, other) => {
      if (node.op === 'recursive' && node.group === groupIndex && this.values[other] == null)
        this.values[other] = variables[node.index]!;
    });
    return variables[index]!;
  }

  private ready(check: Check): ReadyCheck {
    const value = this.emitValue(check.node);
    const { kind, negated } = check;
    const test =
      kind === 'empty'
        ? () => ops.isEmpty(value)
        : kind === 'acyclic'
          ? () => ops.isAcyclic(value as Relation)
          : () => ops.isIrreflexive(value as Relation);
    const monotone = !negated && this.plan.monotone.has(check.node);
    const persistent = !negated && this.plan.persistent.has(check.node);
    return { check, holds: negated ? () => !test() : test, monotone, persistent };
  }

  finish(): Specialised {
    const failures: ReadyCheck[] = [];
    const byStratum: ReadyCheck[][] = this.steps.map(() => []);
    const raisedAlways: Check[] = [];
    const flagChecks: ReadyCheck[] = [];
    for (const check of this.model.checks) {
      if (this.plan.recognised.satisfied.has(check)) continue;
      const isStatic = this.strata[check.node] === 0 || this.empty[check.node] === 1;
      const ready = this.ready(check);
      if (check.flag) {
        if (!isStatic) flagChecks.push(ready);
        else if (ready.holds()) raisedAlways.push(check);
      } else if (!isStatic) byStratum[this.strata[check.node]!]!.push(ready);
      else if (!ready.holds()) failures.push(ready);
    }
    const choices = this.model.choices.map((choice, index) =>
      this.readyChoice(choice, FIRST_CHOICE + index, byStratum[FIRST_CHOICE + index]!),
    );
    const own = this.model.coherence;
    const coherence = own === null ? null : (this.emitValue(own) as Relation);
    const [, ofReadsFrom, ofCoherence] = this.steps;
    return {
      failures,
      updateReadsFrom: () => runAll(ofReadsFrom!),
      updateCoherence: () => runAll(ofCoherence!),
      readsFromChecks: byStratum[1]!,
      coherenceChecks: byStratum[2]!,
      choices,
      coherence,
      raisedAlways,
      flagChecks,
    };
  }

  private readyChoice(choice: Choice, stratum: Stratum, checks: readonly ReadyCheck[]): ReadyChoice {
    const buffer = this.emitValue(choice.node);
    const inputs = childrenOf(this.node(choice.node)).map((input) => this.emitValue(input));
    const steps = this.steps[stratum]!;
    return {
      domain: () => choice.domain(inputs, this.base.n),
      take: (chosen) => {
        buffer.bits.set(chosen.bits);
        runAll(steps);
      },
      buffer,
      checks,
    };
  }
}

function runAll(steps: readonly Step[]): void {
  for (const step of steps) step();
}

export function specialise(plan: Plan, base: BaseValues, resolved: boolean): Specialised {
  return new Specialiser(plan, base, resolved).finish();
}
