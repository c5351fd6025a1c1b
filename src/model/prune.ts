/** Drops the nodes and recursion groups that a model's checks and names do not need, and renumbers the rest. */
import { childrenOf } from './children.js';
import type { CompiledModel, Node, NodeId } from './dag.js';

/** The same model with only the nodes reachable from its checks and names; relative order is kept. */
export function pruneModel(model: CompiledModel): CompiledModel {
  const roots = [...model.checks, ...model.choices].map(({ node }) => node);
  if (model.coherence !== null) roots.push(model.coherence);
  const used = reachable(model, [...roots, ...model.names.values()]);
  const groupIds = new Map<number, number>();
  for (const id of used) {
    const node = model.nodes[id]!;
    if ((node.op === 'recursive' || node.op === 'variable') && !groupIds.has(node.group))
      groupIds.set(node.group, groupIds.size);
  }
  const ids = new Map([...used].sort((a, b) => a - b).map((id, index) => [id, index]));
  const move = (id: NodeId): NodeId => ids.get(id)!;
  return {
    ...model,
    nodes: [...ids.keys()].map((id) => renumbered(model.nodes[id]!, move, groupIds)),
    groups: [...groupIds.keys()].map((group) => {
      const { names, bodies } = model.groups[group]!;
      return { names, bodies: bodies.map(move) };
    }),
    checks: model.checks.map((check) => ({ ...check, node: move(check.node) })),
    choices: model.choices.map((choice) => ({ ...choice, node: move(choice.node) })),
    coherence: model.coherence === null ? null : move(model.coherence),
    names: new Map([...model.names].map(([name, id]) => [name, move(id)])),
  };
}

/** All nodes that the roots depend on, the bodies of recursion groups included. */
export function reachable(
  model: Pick<CompiledModel, 'nodes' | 'groups'>,
  roots: Iterable<NodeId>,
): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  const pending = [...roots];
  for (;;) {
    const id = pending.pop();
    if (id === undefined) return found;
    if (found.has(id)) continue;
    found.add(id);
    const node = model.nodes[id]!;
    pending.push(...childrenOf(node));
    if (node.op === 'recursive' || node.op === 'variable') pending.push(...model.groups[node.group]!.bodies);
  }
}

function renumbered(node: Node, move: (id: NodeId) => NodeId, groups: ReadonlyMap<number, number>): Node {
  if ('left' in node) return { ...node, left: move(node.left), right: move(node.right) };
  if ('operand' in node) return { ...node, operand: move(node.operand) };
  if ('inputs' in node) return { ...node, inputs: node.inputs.map(move) };
  if ('group' in node) return { ...node, group: groups.get(node.group)! };
  return node;
}
