/**
 * Checks a derivation rule by rule against the model's definition of what it derives: every node of the tree must be what the
 * definition asks for, every leaf a fact of the execution, every absence absent in the audit's own evaluation of the model.
 *
 * A finite tree that passes is a proof: recursions are least fixpoints, and a tree ends. It knows nothing of costs, of how
 * derivations are found, or of the evaluation that they are found by. (A proof of many candidates checks the derivations of one on the
 * others, with the model's usual evaluation of these: carry-argument.ts.)
 */
import type { CompiledModel, Node, NodeId } from '../model/dag.js';
import { showNode } from '../model/show-node.js';
import type { Execution } from '../search/execution.js';
import type { Derivation } from './derive.js';
import { isBaseFact, isInBaseSet } from './execution-facts.js';

/** What an audit found. */
export interface AuditResult {
  /** How many facts were checked, and hold. */
  readonly facts: number;
  /** What is wrong, in words. */
  readonly faults: readonly string[];
}

/** What a model's definitions come to on an execution. */
export interface ModelValues {
  readonly model: CompiledModel;
  readonly execution: Execution;
  hasPair(id: NodeId, from: number, to: number): boolean;
  hasEvent(id: NodeId, event: number): boolean;
  isThroughDifference(group: number): boolean;
}

/** Checks derivations of one model on one execution. */
export class DerivationAudit {
  private readonly model: CompiledModel;
  private readonly names = new Map<NodeId, Set<string>>();

  constructor(private readonly values: ModelValues) {
    this.model = values.model;
    for (const [name, id] of this.model.names)
      this.names.set(id, (this.names.get(id) ?? new Set()).add(name));
  }

  /** Whether the derivation establishes that its pair is in the relation of the node. */
  check(id: NodeId, derivation: Derivation): AuditResult {
    const { rule, from, to, name } = derivation;
    const { nodes } = this.model;
    const node = nodes[id]!;
    // what is absent from a complement's operand goes by the operand's name
    if (node.op === 'complement' && rule === 'absence') return this.checkAbsence(node.operand, derivation);
    if (!this.isNamed(id, derivation)) return this.fault(derivation, `is not called ${name}`);
    if (node.type === 'set') return this.checkTest(id, derivation);
    if (rule === 'unexplained')
      return this.expect(this.mayBeUnexplained(id) && this.values.hasPair(id, from, to), derivation);
    const result = this.checkRule(node, derivation);
    return result.faults.length > 0 || this.values.hasPair(id, from, to)
      ? result
      : this.fault(derivation, 'is not in the relation');
  }

  /** Whether an absence, a leaf, is one: the pair is not in the relation, or the event not in the set. */
  checkAbsence(id: NodeId, derivation: Derivation): AuditResult {
    const { rule, from, to, parts } = derivation;
    if (rule !== 'absence' || parts.length > 0) return this.fault(derivation, 'is no absence');
    if (!this.isNamed(id, derivation)) return this.fault(derivation, 'names what is absent wrongly');
    const isSet = this.model.nodes[id]!.type === 'set';
    const isThere = isSet ? this.values.hasEvent(id, from) : this.values.hasPair(id, from, to);
    return this.expect(!isThere && (!isSet || from === to), derivation);
  }

  private checkRule(node: Node, derivation: Derivation): AuditResult {
    const { rule, from, to, fact, parts } = derivation;
    const [first, second] = parts;
    const is = (wanted: Derivation['rule'], count: number): boolean =>
      rule === wanted && parts.length === count;
    switch (node.op) {
      case 'base':
        return this.expect(
          is('fact', 0) && fact === node.name && isBaseFact(node.name, from, to, this.values.execution),
          derivation,
        );
      case 'choice':
        return this.expect(is('fact', 0) && fact === this.model.choices[node.choice]!.name, derivation);
      case 'computed':
        return this.expect(
          is('fact', 0) && fact === this.model.computations[node.computation]!.name,
          derivation,
        );
      case 'universe':
        return this.expect(is('ends', 0), derivation);
      case 'union':
        if (!is('either', 1) || !isAlong(derivation)) break;
        return this.either([node.left, node.right], first!);
      case 'intersection':
        if (!is('both', 2) || !isAlong(derivation)) break;
        return this.both(node.left, node.right, first!, second!);
      case 'difference':
        if (!is('except', 2) || !isAlong(derivation)) break;
        return joined([this.check(node.left, first!), this.checkAbsence(node.right, second!)]);
      case 'compose':
        if (!is('sequence', 2) || !isChain(derivation)) break;
        return joined([this.check(node.left, first!), this.check(node.right, second!)]);
      case 'inverse':
        if (!is('reverse', 1) || first!.from !== to || first!.to !== from) break;
        return this.check(node.operand, first!);
      case 'star':
        if (is('same', 0)) return this.expect(from === to, derivation);
        return this.chain(node.operand, derivation);
      case 'plus':
        return this.chain(node.operand, derivation);
      case 'optional':
        if (is('same', 0)) return this.expect(from === to, derivation);
        if (!is('either', 1) || !isAlong(derivation)) break;
        return this.check(node.operand, first!);
      case 'product':
        if (!is('ends', 2) || first!.from !== from || second!.from !== to) break;
        return joined([this.checkTest(node.left, first!), this.checkTest(node.right, second!)]);
      case 'identity':
        if (!is('sequence', 1) || from !== to || first!.from !== from) break;
        return this.checkTest(node.operand, first!);
      case 'variable':
      case 'recursive':
        if (!is('either', 1) || !isAlong(derivation)) break;
        return this.check(this.model.groups[node.group]!.bodies[node.index]!, first!);
      case 'empty':
      case 'complement':
      case 'domain':
      case 'range':
        break;
    }
    return this.fault(derivation, `does not derive ${node.op}`);
  }

  private chain(operand: NodeId, derivation: Derivation): AuditResult {
    if (derivation.rule !== 'sequence' || !isChain(derivation))
      return this.fault(derivation, 'is no chain of steps');
    return joined(derivation.parts.map((part) => this.check(operand, part)));
  }

  private either(operands: readonly NodeId[], part: Derivation): AuditResult {
    const results = operands.map((operand) => this.check(operand, part));
    return results.find(({ faults }) => faults.length === 0) ?? results[0]!;
  }

  private both(left: NodeId, right: NodeId, first: Derivation, second: Derivation): AuditResult {
    const straight = joined([this.check(left, first), this.check(right, second)]);
    if (straight.faults.length === 0) return straight;
    const crossed = joined([this.check(right, first), this.check(left, second)]);
    return crossed.faults.length === 0 ? crossed : straight;
  }

  /** An event in a set, with the predefined sets that put it there. What its parts say is checked, too. */
  private checkTest(id: NodeId, derivation: Derivation): AuditResult {
    const { rule, from, to, sets, parts } = derivation;
    if (rule !== 'test' || from !== to) return this.fault(derivation, 'is no test');
    if (!this.isNamed(id, derivation)) return this.fault(derivation, 'is a test for another set');
    const mentioned = this.baseSetsBelow(id);
    const own = sets.every((set) => mentioned.has(set) && isInBaseSet(set, from, this.values.execution));
    if (!own || !this.values.hasEvent(id, from)) return this.fault(derivation, 'is not in the set');
    return joined([{ facts: 1 + sets.length, faults: [] }, this.checkTestParts(id, parts, from)]);
  }

  private checkTestParts(id: NodeId, parts: readonly Derivation[], event: number): AuditResult {
    const node = this.model.nodes[id]!;
    const results = parts.map((part): AuditResult => {
      if (node.op === 'domain' || node.op === 'range') {
        const end = node.op === 'domain' ? part.from : part.to;
        return end === event ? this.check(node.operand, part) : this.fault(part, 'is about another event');
      }
      if (part.from !== event || part.to !== event) return this.fault(part, 'is about another event');
      if (part.rule === 'absence') {
        if (node.op === 'difference') return this.checkAbsence(node.right, part);
        return node.op === 'complement'
          ? this.checkAbsence(node.operand, part)
          : this.fault(part, 'is an absence that the set does not ask for');
      }
      if (node.op === 'difference') return this.check(node.left, part);
      if (node.op === 'union' || node.op === 'intersection')
        return this.either([node.left, node.right], part);
      return this.fault(part, 'is no part of the set');
    });
    return joined(results);
  }

  /** The predefined sets that a set is made of, through its own recursions. */
  private baseSetsBelow(id: NodeId, found = new Set<string>(), visited = new Set<NodeId>()): Set<string> {
    if (visited.has(id)) return found;
    visited.add(id);
    const node = this.model.nodes[id]!;
    if (node.op === 'base' && node.type === 'set') found.add(node.name);
    const below =
      node.op === 'recursive' || node.op === 'variable'
        ? [this.model.groups[node.group]!.bodies[node.index]!]
        : 'left' in node
          ? [node.left, node.right]
          : [];
    for (const part of below) this.baseSetsBelow(part, found, visited);
    return found;
  }

  private mayBeUnexplained(id: NodeId): boolean {
    const node = this.model.nodes[id]!;
    return (node.op === 'variable' || node.op === 'recursive') && this.values.isThroughDifference(node.group);
  }

  /** A name, if there is one, must be the model's for the node, or the node's own expression. */
  private isNamed(id: NodeId, { name }: Derivation): boolean {
    if (name === null) return true;
    const node = this.model.nodes[id]!;
    if (this.names.get(id)?.has(name) === true) return true;
    if ('group' in node) return this.model.groups[node.group]!.names[node.index] === name;
    if (node.op === 'base') return node.name === name;
    return showNode(this.model, id, (operand) => this.firstName(operand)) === name;
  }

  private firstName(id: NodeId): string | null {
    const node = this.model.nodes[id]!;
    if (node.op === 'base') return null;
    const [name] = this.names.get(id) ?? [];
    if (name !== undefined || !('group' in node)) return name ?? null;
    return this.model.groups[node.group]!.names[node.index]!;
  }

  private expect(holds: boolean, derivation: Derivation): AuditResult {
    return holds ? { facts: 1, faults: [] } : this.fault(derivation, 'does not hold');
  }

  private fault({ rule, from, to, name, fact }: Derivation, text: string): AuditResult {
    return { facts: 0, faults: [`${from} ${to}: ${rule} ${name ?? fact ?? ''} ${text}`] };
  }
}

export function joined(results: readonly AuditResult[]): AuditResult {
  return {
    facts: results.reduce((sum, { facts }) => sum + facts, 0),
    faults: results.flatMap(({ faults }) => faults),
  };
}

/** Its parts are about the same pair. */
function isAlong({ from, to, parts }: Derivation): boolean {
  return parts.every((part) => part.from === from && part.to === to);
}

/** Its parts, at least one, lead from its first event to its last. */
export function isChain({ from, to, parts }: Pick<Derivation, 'from' | 'to' | 'parts'>): boolean {
  return (
    parts[0]?.from === from &&
    parts.at(-1)?.to === to &&
    parts.every((part, at) => at === 0 || parts[at - 1]!.to === part.from)
  );
}
