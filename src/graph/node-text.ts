/** What is written in a node, line by line: the first line is what it is, the rest what that does. */
import type { GraphModel, GraphNode } from './graph-model.js';

const LONGEST = 56;

/** Lines of plain text; the letter leads the first and indents the others. */
export function nodeLines(node: GraphNode): string[] {
  const instruction = node.instruction === null ? null : shorten(node.instruction);
  const event = shorten(node.event);
  if (node.kind === 'initial') return [`init ${event}`];
  if (node.kind === 'fence') return instruction === null ? [event] : [event, instruction];
  const isAccess = node.kind === 'access' && node.statement !== null;
  const first = isAccess ? shorten(node.statement) : event;
  const rest = [isAccess ? event : null, instruction].filter((line) => line !== null);
  const letter = node.letter === null ? '' : `${node.letter}: `;
  return [letter + first, ...rest.map((line) => ' '.repeat(letter.length) + line)];
}

/**
 * How a text refers to a node: by its letter; an initial write as `(x = 0)`; a fence by its name, with its line if it is not the
 * only one: `rcu_read_lock (P0:7)`.
 */
export function nameWith(
  id: string,
  { nodes, columns }: Pick<GraphModel, 'nodes' | 'columns'>,
  fenceText: (fence: GraphNode) => string,
): string {
  const node = nodes.find((each) => each.id === id);
  if (node === undefined) return id;
  if (node.kind === 'initial') return `(${node.event})`;
  if (node.letter !== null) return node.letter;
  const isOnly = nodes.every((each) => each === node || each.event !== node.event);
  const place = `${columns[node.column ?? -1]?.title ?? ''}:${node.line ?? '?'}`;
  return isOnly ? fenceText(node) : `${fenceText(node)} (${place})`;
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`;
}
