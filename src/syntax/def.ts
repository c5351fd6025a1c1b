/**
 * Parses macro files (`linux-kernel.def`): text -> tree, by grammar/macros.ohm. What the operations mean is in elaborate/def-macros.ts.
 */
import type { Node } from 'ohm-js';
import { grammar } from '../../grammar/macros.ohm';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { type SourceFile, type Span, spanOf } from '../text/source.js';
import type { Macro, MacroBody, MacroExpression, MacroFile, MacroName, MacroOperator } from './def-tree.js';
import {
  contextOf,
  type Failure,
  matchSection,
  nodeSpan,
  reportAt,
  type TreeContext,
  treeOf,
  treeOfOnlyChild,
} from './section.js';

const semantics = grammar.createSemantics();

type BinaryOp = Extract<MacroExpression, { kind: 'binary' }>['op'];
type UnaryOp = Extract<MacroExpression, { kind: 'unary' }>['op'];
type Argument =
  | MacroExpression
  | { readonly kind: 'operator'; readonly op: MacroOperator; readonly span: Span };

function nameOf(node: Node, context: TreeContext): MacroName {
  return { name: node.sourceString, span: nodeSpan(context, node) };
}

function treesOf<T>(list: Node, context: TreeContext): T[] {
  return list.asIteration().children.map((child) => treeOf<T>(child, context));
}

function operationOf(
  context: TreeContext,
  node: Node,
  operation: Node,
  tag: MacroName | null,
  given: readonly Argument[],
): MacroExpression {
  return {
    kind: 'operation',
    operation: nameOf(operation, context),
    tag,
    operators: given.flatMap((part) => (part.kind === 'operator' ? [{ op: part.op, span: part.span }] : [])),
    arguments: given.flatMap((part) => (part.kind === 'operator' ? [] : [part])),
    span: nodeSpan(context, node),
  };
}

/** Whether a `Sum` that is not in parentheses combines bits. */
function isBitwise(sum: Node): boolean {
  return sum.children[1]!.children.some((op) => /[&|^]/.test(op.sourceString));
}

function reportPrecedence(context: TreeContext, node: Node): void {
  const hint = 'C binds some of these operators more tightly than others';
  reportAt(context, nodeSpan(context, node), 'precedence', 'put parentheses around the operands', { hint });
}

semantics.addOperation<unknown>('tree', {
  _nonterminal: treeOfOnlyChild,
  File(macros) {
    const context = contextOf(this);
    return { macros: macros.children.map((child) => treeOf<Macro>(child, context)) } satisfies MacroFile;
  },
  Macro(name, _open, parameters, _close, body) {
    const context = contextOf(this);
    return {
      name: nameOf(name, context),
      parameters: parameters.asIteration().children.map((child) => nameOf(child, context)),
      body: treeOf<MacroBody>(body, context),
      span: nodeSpan(context, this),
    } satisfies Macro;
  },
  Body_statements(_open, statements, _ends, _close) {
    const context = contextOf(this);
    return {
      kind: 'statements',
      statements: statements.children.map((child) => treeOf<MacroExpression>(child, context)),
    } satisfies MacroBody;
  },
  Body_value(value) {
    return { kind: 'value', value: treeOf<MacroExpression>(value, contextOf(this)) } satisfies MacroBody;
  },
  Expression(left, op, right) {
    const context = contextOf(this);
    const first = treeOf<MacroExpression>(left, context);
    const comparison = op.children[0];
    if (comparison === undefined || right.children[0] === undefined) return first;
    if (isBitwise(left) || isBitwise(right.children[0])) reportPrecedence(context, this);
    return {
      kind: 'binary',
      op: comparison.sourceString as BinaryOp,
      left: first,
      right: treeOf(right.children[0], context),
      span: nodeSpan(context, this),
    } satisfies MacroExpression;
  },
  Sum(first, operators, rest) {
    const context = contextOf(this);
    let left = treeOf<MacroExpression>(first, context);
    const kinds = new Set(
      operators.children.map((op) => (/[-+]/.test(op.sourceString) ? '+' : op.sourceString)),
    );
    if (kinds.size > 1) reportPrecedence(context, this);
    rest.children.forEach((child, i) => {
      const right = treeOf<MacroExpression>(child, context);
      const span = spanOf(left.span.file, left.span.start, right.span.end);
      left = { kind: 'binary', op: operators.children[i]!.sourceString as BinaryOp, left, right, span };
    });
    return left;
  },
  Unary_prefix(op, operand) {
    const context = contextOf(this);
    return {
      kind: 'unary',
      op: op.sourceString as UnaryOp,
      operand: treeOf(operand, context),
      span: nodeSpan(context, this),
    } satisfies MacroExpression;
  },
  Primary_group(_open, expression, _close) {
    return treeOf(expression, contextOf(this));
  },
  Operation_tagged(operation, tag, list) {
    const context = contextOf(this);
    const given = list.children[0] === undefined ? [] : treeOf<Argument[]>(list.children[0], context);
    return operationOf(context, this, operation, treeOf(tag, context), given);
  },
  Operation_untagged(operation, list) {
    const context = contextOf(this);
    return operationOf(context, this, operation, null, treeOf(list, context));
  },
  Tag(_open, _quote, name, _close) {
    return nameOf(name, contextOf(this));
  },
  Arguments(_open, list, _close) {
    return treesOf<Argument>(list, contextOf(this));
  },
  Argument_operator(op, _end) {
    const span = nodeSpan(contextOf(this), op);
    return { kind: 'operator', op: op.sourceString as MacroOperator, span } satisfies Argument;
  },
  Call(name, _open, list, _close) {
    const context = contextOf(this);
    return {
      kind: 'call',
      callee: nameOf(name, context),
      arguments: treesOf<MacroExpression>(list, context),
      span: nodeSpan(context, this),
    } satisfies MacroExpression;
  },
  parameter(name) {
    return { kind: 'name', ...nameOf(name, contextOf(this)) } satisfies MacroExpression;
  },
  number(_digits) {
    const span = nodeSpan(contextOf(this), this);
    return { kind: 'number', value: BigInt(this.sourceString), span } satisfies MacroExpression;
  },
});

/** A statement body whose last statement is not ended. */
function explainSemicolon({ source, text, expected, at }: Failure): Diagnostic | null {
  if (text[at] !== '}' || !expected.includes(';')) return null;
  const span = spanOf(source, at, at + 1);
  return errorAt(span, 'syntax', 'a statement of a macro ends with `;`', {
    hint: 'write `;` before the `}`',
  });
}

/** A preprocessor's line. */
function explainDefine({ source, text, at }: Failure): Diagnostic | null {
  if (text[at] !== '#') return null;
  const hint = 'a macro file has lines such as `READ_ONCE(X) __load{once}(X)`';
  return errorAt(spanOf(source, at, at + 1), 'syntax', 'this is no preprocessor file', { hint });
}

function explainComment({ source, text, at }: Failure): Diagnostic | null {
  if (!text.startsWith('/*', at)) return null;
  return errorAt(spanOf(source, at, at + 2), 'syntax', 'this comment is never closed', { hint: 'add `*/`' });
}

/** Comments as spaces: offsets stay what they are. One that is never closed stays, to be reported. */
function withoutComments(text: string): string {
  let out = '';
  let at = 0;
  for (const { index, 0: mark } of text.matchAll(/\/[/*]/g)) {
    if (index < at) continue;
    const close = mark === '//' ? text.indexOf('\n', index) : text.indexOf('*/', index + 2);
    if (close < 0 && mark === '/*') break;
    const end = close < 0 ? text.length : mark === '//' ? close : close + 2;
    out += text.slice(at, index) + text.slice(index, end).replaceAll(/[^\n]/g, ' ');
    at = end;
  }
  return out + text.slice(at);
}

/** The macros of a file. Every mistake is one located error. */
/** Several times what the kernel's has; a parse takes some kilobytes for each character, and cannot be ended. */
const LARGEST_FILE = 128 << 10;

export function parseMacroFile(source: SourceFile): Checked<MacroFile> {
  const diagnostics: Diagnostic[] = [];
  if (source.text.length > LARGEST_FILE) {
    const message = `this is too large for a macro file: more than ${LARGEST_FILE >> 10} KiB`;
    return { value: null, diagnostics: [errorAt(spanOf(source, 0, 1), 'file-too-large', message)] };
  }
  const task = {
    grammar,
    rule: 'File',
    source,
    text: withoutComments(source.text),
    range: { start: 0, end: source.text.length },
    what: 'the macro file',
    explainers: [explainDefine, explainComment, explainSemicolon],
  };
  const tree = matchSection(task, diagnostics, (result, context) =>
    treeOf<MacroFile>(semantics(result) as unknown as Node, context),
  );
  return tree === null ? { value: null, diagnostics } : checked(tree, diagnostics);
}
