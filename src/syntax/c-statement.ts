/** Builds statements of kernel C. Part of the syntax stage, used by litmus-c.ts. */
import type { ActionDict, Node } from 'ohm-js';
import { joinSpans, type Span } from '../text/source.js';
import { type CContext, contextOf, optionalOf, textOf, treesOf } from './c-context.js';
import { commaTree, optionalCommaTree } from './c-operands.js';
import type { CExpression, CStatement } from './c-tree.js';
import { nodeSpan, treeOf } from './section.js';

export const statementActions = {
  block(_open, statements, _close) {
    const context = contextOf(this);
    return {
      kind: 'block',
      statements: treesOf<CStatement>(statements, context),
      span: nodeSpan(context, this),
    };
  },
  control_if(_if, _open, condition, _close, then, _else, otherwise) {
    const context = contextOf(this);
    return {
      kind: 'if',
      condition: treeOf(condition, context),
      then: treeOf(then, context),
      otherwise: optionalOf(otherwise, context),
      span: nodeSpan(context, this),
    };
  },
  control_while(_while, _open, condition, _close, body) {
    const context = contextOf(this);
    return {
      kind: 'while',
      condition: treeOf(condition, context),
      body: treeOf(body, context),
      span: nodeSpan(context, this),
    };
  },
  control_do(_do, body, _while, _open, condition, _close, _end) {
    const context = contextOf(this);
    return {
      kind: 'do',
      body: treeOf(body, context),
      condition: treeOf(condition, context),
      span: nodeSpan(context, this),
    };
  },
  control_for(_for, _open, init, condition, _end, step, _close, body) {
    const context = contextOf(this);
    return {
      kind: 'for',
      init: treeOf(init, context),
      condition: optionalOf(condition, context),
      step: treeOf(step, context),
      body: treeOf(body, context),
      span: nodeSpan(context, this),
    };
  },
  control_return(_return, value, _end) {
    const context = contextOf(this);
    return { kind: 'return', value: optionalOf(value, context), span: nodeSpan(context, this) };
  },
  control_break(_break, _end) {
    return { kind: 'break', span: nodeSpan(contextOf(this), this) };
  },
  control_continue(_continue, _end) {
    return { kind: 'continue', span: nodeSpan(contextOf(this), this) };
  },
  statement_empty(_end) {
    return { kind: 'empty', span: nodeSpan(contextOf(this), this) };
  },
  statement_expression(first, _commas, rest, _end) {
    const context = contextOf(this);
    const expression = commaTree(first, rest, context);
    return { kind: 'expression', expression, span: nodeSpan(context, this) };
  },
  forInit_expression(first, _commas, rest, end) {
    const context = contextOf(this);
    const tree = optionalCommaTree(first, rest, context);
    if (tree === null) return null;
    return { kind: 'expression', expression: tree, span: joinSpans(tree.span, nodeSpan(context, end)) };
  },
  forStep(first, _commas, rest) {
    return optionalCommaTree(first, rest, contextOf(this));
  },
  control_switch(_switch, _open, value, _close, body) {
    const context = contextOf(this);
    return {
      kind: 'switch',
      value: treeOf(value, context),
      body: treeOf(body, context),
      span: nodeSpan(context, this),
    };
  },
  control_case(word, value, _dots, last, colon, labelled) {
    const context = contextOf(this);
    const head = joinSpans(nodeSpan(context, word), nodeSpan(context, colon));
    if (last.children.length > 0) return { kind: 'unsupported', what: 'a range of cases', span: head };
    return caseTree(treeOf(value, context), head, labelled, context);
  },
  control_default(word, colon, labelled) {
    const context = contextOf(this);
    const head = joinSpans(nodeSpan(context, word), nodeSpan(context, colon));
    return caseTree(null, head, labelled, context);
  },
  labelled(statement) {
    return optionalOf<CStatement>(statement, contextOf(this));
  },
  control_goto(_goto, label, _end) {
    const context = contextOf(this);
    return {
      kind: 'goto',
      label: textOf(label, context),
      labelSpan: nodeSpan(context, label),
      span: nodeSpan(context, this),
    };
  },
  statement_label(name, _colon, labelled) {
    const context = contextOf(this);
    return {
      kind: 'label',
      name: textOf(name, context),
      nameSpan: nodeSpan(context, name),
      statement: treeOf(labelled, context),
      span: nodeSpan(context, this),
    };
  },
  control_guard(_guard, _open, name, _close, args, _end) {
    const context = contextOf(this);
    return {
      kind: 'guard',
      class: textOf(name, context),
      classSpan: nodeSpan(context, name),
      arguments: treeOf(args, context),
      body: null,
      span: nodeSpan(context, this),
    };
  },
  control_scoped(_scoped, _open, name, _commas, args, _close, body) {
    const context = contextOf(this);
    return {
      kind: 'guard',
      class: textOf(name, context),
      classSpan: nodeSpan(context, name),
      arguments: treesOf(args, context),
      body: treeOf(body, context),
      span: nodeSpan(context, this),
    };
  },
} satisfies ActionDict<CStatement | CExpression | null>;

function caseTree(value: CExpression | null, head: Span, labelled: Node, context: CContext): CStatement {
  const statement = treeOf<CStatement | null>(labelled, context);
  return {
    kind: 'case',
    value,
    head,
    statement,
    span: statement === null ? head : joinSpans(head, statement.span),
  };
}
