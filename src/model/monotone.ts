/**
 * Whether the bodies of a recursion group only grow when its members grow: then the least fixpoint exists and
 * iteration from nothing reaches it. Only `\` (on its right) and `~` turn growth into shrinking; computed values may
 * do anything.
 */
import { childrenOf } from './children.js';
import type { Node, NodeId } from './dag.js';

const GROWS = 1;
const SHRINKS = 2;

/** Whether all `bodies` of `group` only grow when its members grow; `bodiesOf` knows the bodies of inner groups. */
export function isMonotone(
  bodies: readonly NodeId[],
  group: number,
  nodeOf: (id: NodeId) => Node,
  bodiesOf: (group: number) => readonly NodeId[],
): boolean {
  const known = new Map<NodeId, number>();
  const swapped = (polarity: number): number => ((polarity & GROWS) << 1) | ((polarity & SHRINKS) >> 1);
  function polarity(id: NodeId): number {
    let result = known.get(id);
    if (result === undefined) {
      result = compute(nodeOf(id));
      known.set(id, result);
    }
    return result;
  }
  function compute(node: Node): number {
    if (node.op === 'variable') return node.group === group ? GROWS : 0;
    if (node.op === 'complement') return swapped(polarity(node.operand));
    if (node.op === 'difference') return polarity(node.left) | swapped(polarity(node.right));
    if (node.op === 'computed' || node.op === 'choice')
      return node.inputs.some((input) => polarity(input) !== 0) ? GROWS | SHRINKS : 0;
    const parts = node.op === 'recursive' ? bodiesOf(node.group) : childrenOf(node);
    return parts.reduce((all, part) => all | polarity(part), 0);
  }
  return bodies.every((body) => (polarity(body) & SHRINKS) === 0);
}
