/** The operands of a node, for passes over the whole expression graph. */
import { assertNever } from '../text/diagnostic.js';
import type { Node, NodeId } from './dag.js';

/** Operands in order; `variable` and `recursive` nodes have none (a group's bodies are not operands). */
export function childrenOf(node: Node): readonly NodeId[] {
  switch (node.op) {
    case 'base':
    case 'empty':
    case 'universe':
    case 'variable':
    case 'recursive':
      return [];
    case 'union':
    case 'intersection':
    case 'difference':
    case 'compose':
    case 'product':
      return [node.left, node.right];
    case 'complement':
    case 'inverse':
    case 'plus':
    case 'star':
    case 'optional':
    case 'identity':
    case 'domain':
    case 'range':
      return [node.operand];
    case 'choice':
    case 'computed':
      return node.inputs;
    default:
      return assertNever(node);
  }
}
