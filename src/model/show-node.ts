/** A node of a model as cat text, fully parenthesised: for messages and tests. */
import { assertNever } from '../text/diagnostic.js';
import type { CompiledModel, NodeId } from './dag.js';

/**
 * The expression with all definitions expanded, but for operands that `named` has a name for; a recursive one is `fix name = body
 * with ...`.
 */
export function showNode(
  model: Pick<CompiledModel, 'nodes' | 'groups' | 'choices' | 'computations'>,
  id: NodeId,
  named: (id: NodeId) => string | null = () => null,
): string {
  const node = model.nodes[id]!;
  const show = (operand: NodeId): string => named(operand) ?? showNode(model, operand, named);
  switch (node.op) {
    case 'base':
      return node.name;
    case 'empty':
      return '0';
    case 'universe':
      return node.type === 'set' ? '_' : '(_ * _)';
    case 'union':
      return `(${show(node.left)} | ${show(node.right)})`;
    case 'intersection':
      return `(${show(node.left)} & ${show(node.right)})`;
    case 'difference':
      return `(${show(node.left)} \\ ${show(node.right)})`;
    case 'compose':
      return `(${show(node.left)} ; ${show(node.right)})`;
    case 'product':
      return `(${show(node.left)} * ${show(node.right)})`;
    case 'complement':
      return `~${show(node.operand)}`;
    case 'inverse':
      return `${show(node.operand)}^-1`;
    case 'plus':
      return `${show(node.operand)}+`;
    case 'star':
      return `${show(node.operand)}*`;
    case 'optional':
      return `${show(node.operand)}?`;
    case 'identity':
      return `[${show(node.operand)}]`;
    case 'domain':
    case 'range':
      return `${node.op}(${show(node.operand)})`;
    case 'variable':
      return model.groups[node.group]!.names[node.index]!;
    case 'recursive': {
      const { names, bodies } = model.groups[node.group]!;
      const equations = bodies.map((body, i) => `${names[i]} = ${show(body)}`);
      const [own] = equations.splice(node.index, 1);
      return `fix ${own}${equations.length > 0 ? ` with ${equations.join(' and ')}` : ''}`;
    }
    case 'choice':
      return model.choices[node.choice]!.name;
    case 'computed':
      return `${model.computations[node.computation]!.name}(${node.inputs.map(show).join(', ')})`;
    default:
      return assertNever(node);
  }
}
