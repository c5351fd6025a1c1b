/** Lowers `switch` (C11 6.8.4.2): a branch for each case, in the order of the text, then the body with its labels. */

import { isLocation, type Value } from '../program/value.js';
import { statementsOf } from '../syntax/c-children.js';
import type { CExpression, CStatement } from '../syntax/c-tree.js';
import { errorAt } from '../text/diagnostic.js';
import { assignTemporary } from './c-assignments.js';
import { showType, storageOf } from './c-type.js';
import { applyOperator, constantOf, convertExpr, promote, type Typed, typed, valueType } from './c-values.js';
import type { Label } from './code-builder.js';
import type { Evaluator } from './evaluator.js';

export type CaseTree = CStatement & { kind: 'case' };
type SwitchTree = CStatement & { kind: 'switch' };

/** The cases of a switch, without those of the switches inside. */
function casesOf(tree: CStatement): readonly CaseTree[] {
  if (tree.kind === 'switch') return [];
  const inner = statementsOf(tree).flatMap(casesOf);
  return tree.kind === 'case' ? [tree, ...inner] : inner;
}

/** The value of a case, converted to the type of the switch; null after a report. */
function caseValue(e: Evaluator, tree: CExpression, type: Typed['type']): Value | null {
  const before = e.code.length;
  const value = e.value(tree);
  if (value.type.kind === 'error') return null;
  const number = constantOf(value);
  if (number !== null && !isLocation(number) && e.code.length === before && value.type.kind === 'int')
    return constantOf(typed(convertExpr(value.expr, valueType(value.type), storageOf(type)), type));
  e.report(errorAt(tree.span, 'not-a-constant', 'the value of a case is a constant'));
  return null;
}

/** The value that the switch looks at, promoted; null after a report. */
function switchValue(e: Evaluator, tree: CExpression): Typed | null {
  const value = e.value(tree);
  if (value.type.kind === 'error' || !e.conversions.isScalar(value, tree)) return null;
  if (value.type.kind !== 'int') {
    const message = `a switch looks at integers, but this is ${showType(value.type)}`;
    e.report(errorAt(tree.span, 'switch-type', message));
    return null;
  }
  const promoted = typed(value.expr, promote(value.type));
  const isSimple = value.expr.kind === 'const' || value.expr.kind === 'register';
  return isSimple ? promoted : assignTemporary(e, promoted);
}

function branchIfEqual(e: Evaluator, value: Typed, chosen: Value, label: Label): void {
  const equal = applyOperator('==', value, typed({ kind: 'const', value: chosen }, value.type));
  const known = constantOf(equal);
  if (known === null) e.code.branch(equal.expr, label);
  else if (known !== 0) e.code.jump(label);
}

/**
 * Emits the branches to the cases and, if there is no default, to `end`. Returns the labels of the cases. `isBarred` tells,
 * and reports, that a case cannot be jumped to.
 */
export function lowerCases(
  e: Evaluator,
  tree: SwitchTree,
  end: Label,
  isBarred: (tree: CaseTree) => boolean,
): ReadonlyMap<CStatement, Label> {
  const { code } = e;
  const labels = new Map<CStatement, Label>();
  const value = switchValue(e, tree.value);
  const seen = new Map<Value | 'default', CaseTree>();
  let fallback = end;
  for (const part of casesOf(tree.body)) {
    const label = code.newLabel();
    labels.set(part, label);
    if (isBarred(part)) continue;
    const chosen =
      part.value === null ? 'default' : value === null ? null : caseValue(e, part.value, value.type);
    if (chosen === null) continue;
    const other = seen.get(chosen);
    const notes = [{ message: 'the other one is here', span: other?.head ?? null }];
    if (other !== undefined)
      e.report(errorAt(part.head, 'duplicate-case', 'this switch has two of this case', { notes }));
    seen.set(chosen, part);
    if (chosen === 'default') fallback = label;
    else if (value !== null) branchIfEqual(e, value, chosen, label);
  }
  code.jump(fallback);
  return labels;
}
