/** Lowers `guard(class)(object)` and `scoped_guard (class, object)`: the primitive that takes the lock, and what releases it. */

import type { SourceRef } from '../program/ir.js';
import type { CExpression, CStatement } from '../syntax/c-tree.js';
import { errorAt } from '../text/diagnostic.js';
import { type Span, spanText } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { assignLocal } from './c-assignments.js';
import { type CType, cInt, storageOf } from './c-type.js';
import type { Evaluator } from './evaluator.js';
import { type GuardClass, guardClasses } from './guard-classes.js';
import type { Local } from './locals.js';
import { isPure } from './purity.js';

type GuardTree = CStatement & { kind: 'guard' };

function refuseUnknown(e: Evaluator, { class: name, classSpan }: GuardTree): null {
  const isConditional = /_(?:try|intr|kill|timeout)$/.test(name);
  const message = isConditional
    ? `conditional guards as \`${name}\` are not supported`
    : `unknown class \`${name}\` of guards`;
  const hint = isConditional ? 'write the lock and its test' : didYouMean(name, guardClasses.keys());
  e.report(errorAt(classSpan, 'unknown-guard', message, { hint }));
  return null;
}

/** A local that only the lowering names, for what the guard keeps until its end. */
function keep(e: Evaluator, type: CType, span: Span): { readonly local: Local; readonly tree: CExpression } {
  const local = e.locals.hide('guard', type, span);
  e.code.declare(local.name, storageOf(type), 0);
  return { local, tree: { kind: 'name', name: local.written, span } };
}

/** The object of a guard, to be named again at its end; null after a report. The guard keeps its address (C: a constructor's argument). */
function guardedObject(e: Evaluator, tree: CExpression): CExpression | null {
  const value = e.value(tree);
  if (value.type.kind === 'error') return null;
  if (isPure(tree) && value.expr.kind === 'const') return tree;
  const { tree: name, local } = keep(e, value.type, tree.span);
  assignLocal(e, local, value);
  return name;
}

/** What a graph shows of the guard. */
export function guardText({ class: name, arguments: args, body }: GuardTree): string {
  const objects = args.map((tree) => spanText(tree.span));
  return body === null
    ? `guard(${name})(${objects.join(', ')})`
    : `scoped_guard (${[name, ...objects].join(', ')})`;
}

/**
 * Takes the guard. Returns what releases it, with `source` as it is then; null after a report.
 *
 * `sourceFor`: the source of what is emitted, from its text.
 */
export function takeGuard(
  e: Evaluator,
  tree: GuardTree,
  sourceFor: (text: string) => SourceRef,
): (() => void) | null {
  const found = guardClasses.get(tree.class);
  if (found === undefined) return refuseUnknown(e, tree);
  const expected = found.takesObject ? 1 : 0;
  if (tree.arguments.length !== expected) {
    const hint = found.takesObject ? `\`guard(${tree.class})(&lock)\`` : `\`guard(${tree.class})()\``;
    const message = `the guard \`${tree.class}\` takes ${expected === 0 ? 'no object' : 'one object'}`;
    e.report(errorAt(tree.classSpan, 'argument-count', message, { hint }));
    return null;
  }
  const text = guardText(tree);
  e.code.source = sourceFor(text);
  const objects = tree.arguments.map((part) => guardedObject(e, part));
  if (objects.some((part) => part === null)) return null;
  const release = take(e, tree, found, objects as CExpression[]);
  return () => {
    const { source } = e.code;
    e.code.source = sourceFor(`end of ${text}`);
    release();
    e.code.source = source;
  };
}

function take(e: Evaluator, tree: GuardTree, found: GuardClass, objects: readonly CExpression[]): () => void {
  const span = objects[0]?.span ?? tree.classSpan;
  const call = (callee: string, args: readonly CExpression[]): CExpression => ({
    kind: 'call',
    callee,
    calleeSpan: tree.classSpan,
    arguments: args,
    span,
  });
  if (!found.keepsResult) {
    const taken = e.value(call(found.lock, objects), 'nothing');
    if (taken.type.kind === 'error') return () => {};
    return () => void e.value(call(found.unlock, objects), 'nothing');
  }
  const { tree: kept, local } = keep(e, cInt, tree.classSpan);
  assignLocal(e, local, e.value(call(found.lock, objects), local));
  return () => void e.value(call(found.unlock, [...objects, kept]), 'nothing');
}
