/** A node of a picture as a line of plain text: the statement as written, or what it does in the notation of kernel comments. */
import type { GraphModel, GraphNode } from './graph-model.js';
import { nameWith } from './node-text.js';

/**
 *  statements  `b: WRITE_ONCE(p->blocked_on, 1)`, `e: r0 = READ_ONCE(p->__state) [1]`, `<smp_wmb>`
 *  accesses    `b: [W] p->blocked_on = 1`, `e: [R] p->__state = 1`, `WMB`
 */
export type TextStyle = 'statements' | 'accesses';

/** The words of kernel comments for barriers. */
const words: ReadonlyMap<string, string> = new Map([
  ['smp_mb', 'MB'],
  ['smp_rmb', 'RMB'],
  ['smp_wmb', 'WMB'],
  ['mb', 'MB'],
  ['rmb', 'RMB'],
  ['wmb', 'WMB'],
  ['smp_store_release', 'RELEASE'],
]);

/** `*` marks the cycle; a read says what it read. */
export function nodeText(node: GraphNode, style: TextStyle): string {
  const mark = node.highlighted ? '*' : ' ';
  if (node.kind === 'fence') return `${mark}   ${fenceText(node, style)}`;
  return `${mark}${node.letter ?? ''}: ${style === 'statements' ? statementText(node) : accessText(node)}`;
}

/** How texts below the picture refer to a node: `b`, `WMB`, `<rcu_read_lock> (P0:7)` if there are several, `(x = 0)`. */
export function nodeName(id: string, graph: GraphModel, style: TextStyle): string {
  return nameWith(id, graph, (node) => fenceText(node, style));
}

/** `MB (smp_store_mb)` for `smp_store_mb (Mb)`. */
function fenceText({ event }: GraphNode, style: TextStyle): string {
  const [, primitive, tag] = event.match(/^(\w+) \((Mb|Rmb|Wmb)\)$/) ?? [];
  if (style === 'accesses' && tag !== undefined) return `${tag.toUpperCase()} (${primitive ?? ''})`;
  return (style === 'accesses' ? words.get(event) : undefined) ?? `<${event}>`;
}

function statementText({ kind, statement, event }: GraphNode): string {
  if (kind !== 'access' || statement === null) return event;
  return event.startsWith('R') ? `${statement} [${event.replace(/^.*? = /, '')}]` : statement;
}

/** `[W] x = 1`, `[R-acq] x = 1`, `[RMW-mb] x = 0 -> 1`; locks as they are. */
function accessText({ kind, event }: GraphNode): string {
  const [, letters, suffix, rest] = event.match(/^(RMW|R|W)(\S*) (.*)$/u) ?? [];
  if (kind !== 'access' || letters === undefined) return event;
  const notes = (suffix ?? '').split('-').filter((note) => note !== '' && note !== 'once');
  return `[${[letters, ...notes].join('-')}] ${rest ?? ''}`;
}
