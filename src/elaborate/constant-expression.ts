/** Constant expressions of C (C11 6.6): values of enumerators and macros, known before any code is lowered. */

import { isLocation } from '../program/value.js';
import type { CExpression } from '../syntax/c-tree.js';
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { ExpressionLowering } from './c-expressions.js';
import { FunctionCalls } from './c-functions.js';
import { Scope } from './c-scope.js';
import { sourceOf } from './c-source.js';
import { cError } from './c-type.js';
import { constantOf, type Typed } from './c-values.js';
import { CodeBuilder } from './code-builder.js';
import { Locals } from './locals.js';
import { kernelPrimitives } from './primitive-table.js';
import { SharedObjects } from './shared-objects.js';

/** The value of an expression that needs neither memory nor locals; null after a report. */
export function evaluateConstant(
  tree: CExpression,
  report: (diagnostic: Diagnostic) => void,
): { readonly value: bigint; readonly typed: Typed } | null {
  const code = new CodeBuilder(sourceOf(tree.span));
  const objects = new SharedObjects(() => cError, report);
  const scope = new Scope(code, new Locals(report, new Map(), new Set()), objects, new Map(), report);
  const typed = new ExpressionLowering(
    code,
    scope,
    false,
    kernelPrimitives(),
    new FunctionCalls(new Map()),
  ).value(tree);
  if (typed.type.kind === 'error') return null;
  const value = constantOf(typed);
  if (code.length === 0 && value !== null && !isLocation(value) && typed.type.kind === 'int')
    return { value: BigInt(value), typed };
  report(errorAt(tree.span, 'not-a-constant', 'this is not a constant'));
  return null;
}
