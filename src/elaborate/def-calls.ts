/**
 * Lowers calls of primitives that a user's macro file defines: the body with the arguments in place of the parameters.
 *
 * What comes from the body has the place of the call, so that what is wrong is reported where the test says it.
 */
import { mapParts, partsOf } from '../syntax/c-children.js';
import type { CExpression } from '../syntax/c-tree.js';
import { spanText } from '../text/source.js';
import { failed, type Typed } from './c-values.js';
import { type Call, nothing } from './call-arguments.js';
import type { Action } from './primitives.js';

/** Whether evaluating it again would do something again. */
function hasEffect(tree: CExpression): boolean {
  if (tree.kind === 'assign' || tree.kind === 'step') return true;
  if (tree.kind === 'call' && !/^(?:un)?likely$/.test(tree.callee)) return true;
  return partsOf(tree).some(hasEffect);
}

/** Counts the uses of each name. */
function countUses(tree: CExpression, uses: Map<string, number>): void {
  if (tree.kind === 'name') uses.set(tree.name, (uses.get(tree.name) ?? 0) + 1);
  for (const part of partsOf(tree)) countUses(part, uses);
}

export function lowerMacro(call: Call, { parameters, body }: Action & { kind: 'macro' }): Typed {
  const { e, tree, wanted } = call;
  const values = new Map(parameters.map((name, i) => [name, tree.arguments[i]!]));
  const expressions = body.kind === 'value' ? [body.value] : body.statements;
  const uses = new Map<string, number>();
  for (const expression of expressions) countUses(expression, uses);
  for (const [name, value] of values) {
    if ((uses.get(name) ?? 0) < 2 || !hasEffect(value)) continue;
    const message = `\`${call.name}\` uses its argument \`${spanText(value.span)}\` more than once`;
    call.fail(value, 'repeated-argument', message, 'put the value into a local first');
    return failed;
  }
  const expand = (part: CExpression): CExpression => {
    const value = part.kind === 'name' ? values.get(part.name) : undefined;
    if (value !== undefined) return value;
    const placed = mapParts(part, expand);
    return placed.kind === 'call'
      ? { ...placed, span: tree.span, calleeSpan: tree.calleeSpan }
      : { ...placed, span: tree.span };
  };
  const expanded = expressions.map(expand);
  if (body.kind === 'value') return e.value(expanded[0]!, wanted);
  for (const expression of expanded) e.value(expression, 'nothing');
  return nothing;
}
