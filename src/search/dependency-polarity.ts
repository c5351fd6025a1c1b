/**
 * Whether dependencies can only forbid under a model: with fewer of them, it allows no less and raises the same flags.
 *
 * Then the search may leave out the ways of an instruction that have more dependencies than another with the same events and
 * values (unfold/read-modify-write.ts). A check forbids when its relation is too large, so the dependencies must occur in it
 * positively: never under a complement, or on the right of a difference.
 */
import { childrenOf } from '../model/children.js';
import type { CompiledModel, NodeId } from '../model/dag.js';
import { dependencies } from '../program/vocabulary.js';

const dependencyNames: ReadonlySet<string> = new Set(dependencies);

/** `order` is an order of the nodes in which operands and the bodies of recursions come first. */
export function dependenciesOnlyForbid(model: CompiledModel, order: readonly NodeId[]): boolean {
  const dependent = new Set<NodeId>();
  const mixed = new Set<NodeId>();
  for (const id of order) {
    const node = model.nodes[id]!;
    const parts = node.op === 'recursive' ? model.groups[node.group]!.bodies : childrenOf(node);
    const isDependency = node.op === 'base' && dependencyNames.has(node.name);
    if (isDependency || parts.some((part) => dependent.has(part))) dependent.add(id);
    const subtracted =
      node.op === 'complement' || node.op === 'choice' || node.op === 'computed'
        ? parts
        : node.op === 'difference'
          ? [node.right]
          : [];
    if (parts.some((part) => mixed.has(part)) || subtracted.some((part) => dependent.has(part)))
      mixed.add(id);
  }
  // A recursion may depend on itself through any of its members, so none may be subtracted.
  const recursionsGrow = model.groups.every(({ bodies }) =>
    bodies.every((body) => !subtractsRecursion(model, body)),
  );
  return (
    recursionsGrow &&
    model.checks.every(({ node, flag, negated }) =>
      flag || negated ? !dependent.has(node) : !mixed.has(node),
    ) &&
    model.choices.every(({ node }) => !dependent.has(node)) &&
    (model.coherence === null || !dependent.has(model.coherence))
  );
}

/** Whether something below a body of a recursion is subtracted that refers to a recursion. */
function subtractsRecursion(model: CompiledModel, body: NodeId): boolean {
  const refers = new Map<NodeId, boolean>();
  const hasVariable = (id: NodeId): boolean => {
    let found = refers.get(id);
    if (found === undefined) {
      const node = model.nodes[id]!;
      found = node.op === 'variable' || node.op === 'recursive' || childrenOf(node).some(hasVariable);
      refers.set(id, found);
    }
    return found;
  };
  const seen = new Set<NodeId>();
  const visit = (id: NodeId): boolean => {
    if (seen.has(id)) return false;
    seen.add(id);
    const node = model.nodes[id]!;
    if (node.op === 'difference' && hasVariable(node.right)) return true;
    if (['complement', 'computed', 'choice'].includes(node.op) && hasVariable(id)) return true;
    return childrenOf(node).some(visit);
  };
  return visit(body);
}
