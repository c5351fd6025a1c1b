/** Builds operands and expressions of kernel C. Part of the syntax stage, used by litmus-c.ts. */
import type { ActionDict, Node } from 'ohm-js';
import { joinSpans } from '../text/source.js';
import { type CContext, contextOf, separatedOf, textOf, treesOf } from './c-context.js';
import {
  type ConditionalRest,
  characterTree,
  isAssignment,
  isReserved,
  nameTree,
  nestOperators,
  numberTree,
  requirePlace,
} from './c-expression.js';
import type { CExpression } from './c-tree.js';
import type { TypeTree } from './condition-tree.js';
import { nodeSpan, reportAt, treeOf } from './section.js';

/** `first, rest, ...` */
export function commaTree(first: Node, rest: Node, context: CContext): CExpression {
  let left = treeOf<CExpression>(first, context);
  for (const node of rest.children) {
    const right = treeOf<CExpression>(node, context);
    left = { kind: 'comma', left, right, span: joinSpans(left.span, right.span) };
  }
  return left;
}

/** `(Expression ("," Expression)*)?`; null if there is none. */
export function optionalCommaTree(first: Node, rest: Node, context: CContext): CExpression | null {
  const head = first.children[0];
  return head === undefined ? null : commaTree(head, rest.children[0]!, context);
}

export const expressionActions: ActionDict<unknown> = {
  expression(first, ops, rest, _question, second, _colon, otherwise) {
    const context = contextOf(this);
    const operand = treeOf<CExpression>(first, context);
    const last = otherwise.children[0];
    if (ops.children.length === 0 && last === undefined) return operand;
    const conditional: ConditionalRest | null =
      last === undefined
        ? null
        : {
            second: treeOf(second.children[0]!, context),
            otherwise: treeOf(last, context),
            otherwiseAssigns: last.children[1]!.children.some((op) => isAssignment(textOf(op, context))),
          };
    return nestOperators(
      [operand, ...treesOf<CExpression>(rest, context)],
      ops.children.map((op) => textOf(op, context)),
      conditional,
      context,
    );
  },
  operand_word(word, args, suffixes) {
    const context = contextOf(this);
    const text = textOf(word, context);
    const span = nodeSpan(context, word);
    const isNumber = /^\d/.test(text);
    if (args.children[0] === undefined) {
      const tree = isNumber ? numberTree(text, span, context) : nameTree(text, span, context);
      return withSuffixes(tree, suffixes, context);
    }
    if (isReserved(text)) reportAt(context, span, 'unsupported', `\`${text}\` is not supported here`);
    else if (isNumber)
      reportAt(context, span, 'syntax', `\`${text}\` cannot be called`, {
        hint: 'an operator may be missing',
      });
    const call: CExpression = {
      kind: 'call',
      callee: text,
      calleeSpan: span,
      arguments: treeOf<CExpression[]>(args.children[0], context),
      span: joinSpans(span, nodeSpan(context, args.children[0])),
    };
    return withSuffixes(call, suffixes, context);
  },
  arguments(_open, first, _commas, rest, _close) {
    return separatedOf<CExpression>(first, rest, contextOf(this));
  },
  operand_prefix(op, operand) {
    const context = contextOf(this);
    const tree = treeOf<CExpression>(operand, context);
    const span = nodeSpan(context, this);
    const written = textOf(op, context) as '++' | '--' | '-' | '+' | '~' | '!' | '*' | '&';
    if (written === '++' || written === '--') {
      requirePlace(tree, context, 'changed');
      return { kind: 'step', op: written, prefix: true, target: tree, span } satisfies CExpression;
    }
    if (written === '&') requirePlace(tree, context, 'addressed');
    return { kind: 'unary', op: written, operand: tree, span } satisfies CExpression;
  },
  operand_cast(_open, type, _close, operand) {
    const context = contextOf(this);
    return {
      kind: 'cast',
      type: treeOf(type, context),
      operand: treeOf(operand, context),
      span: nodeSpan(context, this),
    };
  },
  operand_group(open, first, _commas, rest, close, suffixes) {
    const context = contextOf(this);
    const span = joinSpans(nodeSpan(context, open), nodeSpan(context, close));
    const inner = commaTree(first, rest, context);
    return withSuffixes({ ...inner, span, parenthesised: true }, suffixes, context);
  },
  operand_sizeofType(_sizeof, _open, type, _close) {
    const context = contextOf(this);
    return {
      kind: 'sizeof',
      of: treeOf<TypeTree>(type, context),
      span: nodeSpan(context, this),
    } satisfies CExpression;
  },
  operand_sizeof(_sizeof, operand) {
    const context = contextOf(this);
    return {
      kind: 'sizeof',
      of: treeOf<CExpression>(operand, context),
      span: nodeSpan(context, this),
    } satisfies CExpression;
  },
  operand_character(character) {
    const context = contextOf(this);
    return characterTree(textOf(character, context), nodeSpan(context, character), context);
  },
  operand_shared(arrow, name, suffixes) {
    const context = contextOf(this);
    const span = nodeSpan(context, arrow);
    if (!context.sketch)
      reportAt(context, span, 'missing-object', 'expected an object before `->`', {
        hint: 'only in a sketch does `->field` stand for the shared object',
      });
    const object: CExpression = { kind: 'name', name: '', span };
    const whole = joinSpans(span, nodeSpan(context, name));
    const tree: CExpression = {
      kind: 'field',
      object,
      arrow: true,
      field: textOf(name, context),
      span: whole,
    };
    return withSuffixes(tree, suffixes, context);
  },
};

/** `tree` with its `->field`, `[index]` and `++`, from left to right. */
function withSuffixes(tree: CExpression, suffixes: Node, context: CContext): CExpression {
  let result = tree;
  for (const node of suffixes.children) {
    const suffix = node.children[0]!;
    const span = joinSpans(result.span, nodeSpan(context, suffix));
    if (suffix.ctorName === 'suffix_step') {
      requirePlace(result, context, 'changed');
      const op = textOf(suffix, context) as '++' | '--';
      result = { kind: 'step', op, prefix: false, target: result, span };
    } else if (suffix.ctorName === 'suffix_index') {
      result = { kind: 'index', array: result, index: treeOf(suffix.children[1]!, context), span };
    } else {
      const arrow = textOf(suffix.children[0]!, context) === '->';
      result = { kind: 'field', object: result, arrow, field: textOf(suffix.children[1]!, context), span };
    }
  }
  return result;
}
