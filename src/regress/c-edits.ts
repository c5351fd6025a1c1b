/** Edits of kernel C: another primitive in the place of one, with the arguments as it takes them; a statement removed. */
import type { PrimitiveTable } from '../elaborate/primitive-table.js';
import type { Parameter } from '../elaborate/primitives.js';
import type { CExpression } from '../syntax/c-tree.js';
import { spanText } from '../text/source.js';
import type { CallTree, PrimitiveCall } from './c-calls.js';
import { insertAt, removeStatement, replaceSpan, type TextEdit } from './text-edit.js';

const POINTERS: readonly Parameter[] = ['pointer', 'bits'];

/** Whether `&` and `*` in front of it apply to all of it. */
function isPostfix(tree: CExpression): boolean {
  return ['name', 'field', 'index', 'call', 'number'].includes(tree.kind) || tree.parenthesised === true;
}

/** `op` undone, or `opposite` in front: `&x` as a place is `x`, `p` as a place is `*p`. */
function convert(tree: CExpression, undone: '&' | '*', added: '&' | '*'): TextEdit[] {
  const { start, end } = tree.span;
  if (tree.kind === 'unary' && tree.op === undone) {
    const inner = tree.operand;
    if (tree.parenthesised === true) return [replaceSpan(tree.span, spanText(inner.span))];
    return [{ start, end: inner.span.start, text: '' }];
  }
  if (isPostfix(tree)) return [insertAt(start, added)];
  return [insertAt(start, `${added}(`), insertAt(end, ')')];
}

function fitArgument(tree: CExpression, from: Parameter, to: Parameter): TextEdit[] {
  if (from === to) return [];
  if (POINTERS.includes(from) && to === 'place') return convert(tree, '&', '*');
  if (from === 'place' && POINTERS.includes(to)) return convert(tree, '*', '&');
  return [];
}

/** The call of another primitive of the same arguments, which fences may drop. */
export function callInstead(tree: CallTree, name: string, table: PrimitiveTable): TextEdit[] {
  const from = table.get(tree.callee)?.parameters ?? [];
  const to = table.get(name)?.parameters ?? [];
  const rename = replaceSpan(tree.calleeSpan, name);
  if (to.length === 0 && tree.arguments.length > 0) {
    const first = tree.arguments[0]!.span;
    return [rename, { start: first.start, end: tree.arguments.at(-1)!.span.end, text: '' }];
  }
  return [rename, ...tree.arguments.flatMap((part, i) => fitArgument(part, from[i]!, to[i]!))];
}

/** The statement gone; null if its value is used, or an edit that gives `value` instead. */
export function withoutCall(call: PrimitiveCall, value: string | null): TextEdit | null {
  const { statement, isInList, tree } = call;
  if (statement === null) return value === null ? null : replaceSpan(tree.span, value);
  return isInList ? removeStatement(statement.span) : replaceSpan(statement.span, ';');
}

/** The access without its mark: `READ_ONCE(*x)` is `*x`, `WRITE_ONCE(*x, v)` is `*x = v`; null if it is none of these. */
export function plainAccess({ tree, action }: PrimitiveCall): TextEdit[] | null {
  const [place, value] = tree.arguments;
  if (place === undefined || tree.parenthesised === true) return null;
  const head: TextEdit = { start: tree.span.start, end: place.span.start, text: '' };
  if (action.kind === 'load' && tree.callee === 'READ_ONCE')
    return [head, { start: place.span.end, end: tree.span.end, text: '' }];
  if (action.kind !== 'store' || tree.callee !== 'WRITE_ONCE' || value === undefined) return null;
  return [
    head,
    { start: place.span.end, end: value.span.start, text: ' = ' },
    { start: value.span.end, end: tree.span.end, text: '' },
  ];
}
