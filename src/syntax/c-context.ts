/** What the tree-building actions of kernel C share. Part of the syntax stage, used by litmus-c.ts. */
import type { Node } from 'ohm-js';
import { spanText } from '../text/source.js';
import { contextOf as anyContextOf, nodeSpan, type TreeContext, treeOf } from './section.js';

export interface CContext extends TreeContext {
  /** `->field` is allowed. */
  readonly sketch: boolean;
}

export function contextOf(node: Node): CContext {
  return anyContextOf(node) as CContext;
}

/** The text of a node: the grammar reads tokens, whose characters are not those of the file. */
export function textOf(node: Node, context: CContext): string {
  return spanText(nodeSpan(context, node));
}

export function treesOf<T>(node: Node, context: CContext): T[] {
  return node.children.map((child) => treeOf<T>(child, context));
}

export function optionalOf<T>(node: Node, context: CContext): T | null {
  const child = node.children[0];
  return child === undefined ? null : treeOf<T>(child, context);
}

/** The trees of `(first ("," rest)*)?`. */
export function separatedOf<T>(first: Node, rest: Node, context: CContext): T[] {
  const head = first.children[0];
  if (head === undefined) return [];
  return [treeOf<T>(head, context), ...treesOf<T>(rest.children[0]!, context)];
}
