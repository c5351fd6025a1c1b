/**
 * The nodes of a model that only grow when reads-from, coherence or locations grow. Test support: says of random models whether they
 * have others, which bounds must treat with care.
 */
import type { NodeId } from '../model/dag.js';
import { FINAL_WRITES, KNOWN_ORDER } from '../program/vocabulary.js';
import type { Plan } from '../search/plan.js';

const ofWhole: ReadonlySet<string> = new Set([FINAL_WRITES, KNOWN_ORDER]);

export function growingNodes({ model, order, strata, children }: Plan): Set<NodeId> {
  const broken = new Set<NodeId>();
  const isBroken = (id: NodeId): boolean => {
    if (strata.open[id] === 0) return false;
    const node = model.nodes[id]!;
    if (node.op === 'complement' || node.op === 'computed' || node.op === 'choice') return true;
    if (node.op === 'base' && ofWhole.has(node.name)) return true;
    if (node.op === 'difference' && strata.open[node.right] !== 0) return true;
    if (node.op === 'recursive') return model.groups[node.group]!.bodies.some((body) => broken.has(body));
    return children[id]!.some((operand) => broken.has(operand));
  };
  for (const id of order) if (isBroken(id)) broken.add(id);
  return new Set(order.filter((id) => !broken.has(id)));
}
