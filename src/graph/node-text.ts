/** What is written in a node, line by line: the first line is what it is, the rest what that does. */
import type { GraphNode } from './graph-model.js';

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

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`;
}
