/** How an expression that is evaluated in each execution (deferred.ts) finds the parts of it that are compiled: by names that no model can define. */
import type { BoundName, CatExpr } from '../syntax/cat-tree.js';
import type { Span } from '../text/source.js';
import type { Scope, Value } from './values.js';

/** The name of the part of an expression with this index, which no model can define; see withParts. */
export function partName(index: number, span: Span): CatExpr {
  return { kind: 'name', name: ` ${index}`, span };
}

/** The scope with the compiled parts of an expression that is deferred, so that they are not evaluated by it. */
export function withParts(scope: Scope | null, ...parts: readonly Value[]): Scope | null {
  return parts.reduce((outer, value, index): Scope => ({ name: ` ${index}`, value, outer }), scope);
}

export function extended(scope: Scope | null, { name }: BoundName, value: Value): Scope | null {
  return name === null ? scope : { name, value, outer: scope };
}
