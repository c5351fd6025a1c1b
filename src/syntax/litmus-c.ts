/**
 * Parses litmus tests in kernel C: text -> CLitmus.
 *
 * Syntax stage, after layout.ts. The language is C's statements and expressions over the kernel's types, see
 * grammar/README.md; names and types are resolved later (program/). Expressions and statements are parsed one by one
 * for the cells of a sketch, where `->field` stands for a field of the one shared object.
 */
import type { IterationNode, MatchResult, Node } from 'ohm-js';
import { grammar } from '../../grammar/litmus-c.ohm';
import type { Checked, Diagnostic } from '../text/diagnostic.js';
import { checked } from '../text/diagnostic.js';
import { joinSpans, type SourceFile, type Span, spanOf } from '../text/source.js';
import { explainC } from './c-failure.js';
import { nestBinary } from './c-precedence.js';
import type {
  CBinaryOp,
  CDeclarator,
  CExpression,
  CLitmus,
  CParameter,
  CStatement,
  CThread,
} from './c-tree.js';
import { parseFrame } from './condition.js';
import type { TypeTree } from './condition-tree.js';
import type { Layout, Range } from './layout.js';
import { contextOf as anyContextOf, matchSection, nodeSpan, reportAt, type TreeContext } from './section.js';

interface CContext extends TreeContext {
  /** `->field` is allowed. */
  readonly sketch: boolean;
}

const semantics = grammar.createSemantics();

function contextOf(node: Node): CContext {
  return anyContextOf(node) as CContext;
}

function treeOf<T>(node: Node, context: CContext): T {
  return (node as unknown as { tree(context: CContext): T }).tree(context);
}

function treesOf<T>(node: Node, context: CContext): T[] {
  return node.children.map((child) => treeOf<T>(child, context));
}

function optionalOf<T>(node: Node, context: CContext): T | null {
  const child = node.children[0];
  return child === undefined ? null : treeOf<T>(child, context);
}

function listOf<T>(list: Node, context: CContext): T[] {
  return treesOf<T>((list as unknown as { asIteration(): IterationNode }).asIteration(), context);
}

/** `x`, `p->f`, `a[i]`, `*p`: what may be assigned to. */
function requirePlace(target: CExpression, context: CContext, what: string): void {
  const { kind } = target;
  if (kind === 'name' || kind === 'field' || kind === 'index' || (kind === 'unary' && target.op === '*'))
    return;
  const hint =
    kind === 'call' && target.callee === 'READ_ONCE'
      ? 'write to memory with `WRITE_ONCE(x, value)`'
      : 'only a variable, a field, an element or `*pointer` can';
  reportAt(context, target.span, 'not-assignable', `this cannot be ${what}`, { hint });
}

function numberTree(node: Node, digits: string, suffix: string, context: CContext): CExpression {
  const span = nodeSpan(context, node);
  const octal = /^0\d/.test(digits);
  if (octal && /[89]/.test(digits)) {
    reportAt(context, span, 'bad-number', `\`${digits}\` is not an octal number`, {
      hint: `a leading zero means octal in C; write ${BigInt(digits)} for the decimal number`,
    });
    return { kind: 'number', value: 0n, suffix, span };
  }
  return { kind: 'number', value: BigInt(octal ? `0o${digits.slice(1)}` : digits), suffix, span };
}

type BaseType = Pick<TypeTree, 'words' | 'struct'> & { readonly span: Span };

/** The type of `qualifiers base qualifiers`; `volatile` is kept among the words, the others mean nothing here. */
function baseType(before: Node, base: Node, after: Node, span: Span, context: CContext): BaseType {
  const volatile = [...before.children, ...after.children].some((word) => word.sourceString === 'volatile');
  const type = treeOf<BaseType>(base, context);
  return { ...type, words: volatile ? ['volatile', ...type.words] : type.words, span };
}

function unsupported(node: Node, what: string): CStatement {
  return { kind: 'unsupported', what, span: nodeSpan(contextOf(node), node) };
}

interface DeclaratorParts {
  readonly stars: number;
  readonly name: string;
  readonly nameSpan: Span;
  readonly array: number | null;
  readonly initialiser: CExpression | null;
}

semantics.addOperation<unknown>('tree(context)', {
  Threads(threads) {
    return treesOf<CThread>(threads, contextOf(this));
  },
  Thread(words, name, _open, parameters, _close, block) {
    const context = contextOf(this);
    for (const word of words.children)
      if (word.sourceString !== 'void')
        reportAt(context, nodeSpan(context, word), 'helper-function', 'helper functions are not supported', {
          hint: 'write the code into the threads; a thread is `P0(int *x) { ... }`',
        });
    return {
      name: name.sourceString,
      nameSpan: nodeSpan(context, name),
      parameters: treeOf<CParameter[]>(parameters, context),
      body: treeOf<Extract<CStatement, { kind: 'block' }>>(block, context).statements,
      span: nodeSpan(context, this),
    };
  },
  Parameters(list) {
    return listOf<CParameter | null>(list, contextOf(this)).filter((parameter) => parameter !== null);
  },
  Parameter_named(type, stars, name, open, _length, _close) {
    const context = contextOf(this);
    const base = treeOf<BaseType>(type, context);
    // An array parameter is a pointer (C11 6.7.6.3).
    const pointers = stars.children.length + open.children.length;
    return {
      type: { words: base.words, struct: base.struct, pointers, array: null, span: base.span },
      name: name.sourceString,
      span: nodeSpan(context, this),
    };
  },
  Parameter_none(_void) {
    return null;
  },
  Block(_open, statements, _close) {
    const context = contextOf(this);
    return {
      kind: 'block',
      statements: treesOf<CStatement>(statements, context),
      span: nodeSpan(context, this),
    };
  },
  Statement_if(_if, _open, condition, _close, then, _else, otherwise) {
    const context = contextOf(this);
    return {
      kind: 'if',
      condition: treeOf(condition, context),
      // biome-ignore lint/suspicious/noThenProperty: a tree node, never awaited
      then: treeOf(then, context),
      otherwise: optionalOf(otherwise, context),
      span: nodeSpan(context, this),
    };
  },
  Statement_while(_while, _open, condition, _close, body) {
    const context = contextOf(this);
    return {
      kind: 'while',
      condition: treeOf(condition, context),
      body: treeOf(body, context),
      span: nodeSpan(context, this),
    };
  },
  Statement_do(_do, body, _while, _open, condition, _close, _end) {
    const context = contextOf(this);
    return {
      kind: 'do',
      body: treeOf(body, context),
      condition: treeOf(condition, context),
      span: nodeSpan(context, this),
    };
  },
  Statement_for(_for, _open, init, condition, _end, step, _close, body) {
    const context = contextOf(this);
    return {
      kind: 'for',
      init: treeOf(init, context),
      condition: optionalOf(condition, context),
      step: optionalOf(step, context),
      body: treeOf(body, context),
      span: nodeSpan(context, this),
    };
  },
  Statement_return(_return, value, _end) {
    const context = contextOf(this);
    return { kind: 'return', value: optionalOf(value, context), span: nodeSpan(context, this) };
  },
  Statement_break(_break, _end) {
    return { kind: 'break', span: nodeSpan(contextOf(this), this) };
  },
  Statement_continue(_continue, _end) {
    return { kind: 'continue', span: nodeSpan(contextOf(this), this) };
  },
  Statement_empty(_end) {
    return { kind: 'empty', span: nodeSpan(contextOf(this), this) };
  },
  Statement_expression(expression, _end) {
    const context = contextOf(this);
    return { kind: 'expression', expression: treeOf(expression, context), span: nodeSpan(context, this) };
  },
  ForInit_expression(expression, end) {
    const context = contextOf(this);
    const tree = optionalOf<CExpression>(expression, context);
    const span = tree === null ? nodeSpan(context, end) : joinSpans(tree.span, nodeSpan(context, end));
    return tree === null ? null : { kind: 'expression', expression: tree, span };
  },
  Unsupported_goto(_word, _name, _end) {
    return unsupported(this, 'goto');
  },
  Unsupported_switch(_word, _open, _expression, _close, _body) {
    return unsupported(this, 'switch');
  },
  Unsupported_label(_word, _expression, _colon) {
    return unsupported(this, 'case');
  },
  Unsupported_name(_name, _colon) {
    return unsupported(this, 'label');
  },
  Unsupported_guard(word, _open, _name, _close, _open2, _lock, _close2, _end) {
    return unsupported(this, word.sourceString);
  },
  Unsupported_scoped(word, _open, _list, _close, _block) {
    return unsupported(this, word.sourceString);
  },
  Declaration(type, first, _commas, rest, _end) {
    const context = contextOf(this);
    const base = treeOf<BaseType>(type, context);
    const declarators = [first, ...rest.children].map((node): CDeclarator => {
      const { stars, name, nameSpan, array, initialiser } = treeOf<DeclaratorParts>(node, context);
      const { words, struct, span } = base;
      return { name, nameSpan, type: { words, struct, pointers: stars, array, span }, initialiser };
    });
    return { kind: 'declaration', declarators, span: nodeSpan(context, this) };
  },
  Declarator(stars, name, open, length, _close, _equals, value) {
    const context = contextOf(this);
    const array =
      open.children.length === 0 ? null : Number(length.children[0]?.children[0]?.sourceString ?? 0);
    return {
      stars: stars.children.length,
      name: name.sourceString,
      nameSpan: nodeSpan(context, name),
      array,
      initialiser: optionalOf<CExpression>(value, context),
    } satisfies DeclaratorParts;
  },
  DeclaredType(before, base, after) {
    const context = contextOf(this);
    return baseType(before, base, after, nodeSpan(context, this), context);
  },
  CastType(before, base, after, stars) {
    const context = contextOf(this);
    const { words, struct, span } = baseType(before, base, after, nodeSpan(context, this), context);
    return { words, struct, pointers: stars.children.length, array: null, span } satisfies TypeTree;
  },
  KnownType_struct(_struct, name) {
    return { words: [], struct: name.sourceString, span: nodeSpan(contextOf(this), this) };
  },
  KnownType_words(words) {
    const texts = words.children.map((word) => word.sourceString);
    return { words: texts, struct: null, span: nodeSpan(contextOf(this), this) };
  },
  declaringName(name, _declared) {
    return { words: [name.sourceString], struct: null, span: nodeSpan(contextOf(this), name) };
  },
  typedefName(_start, _end) {
    return { words: [this.sourceString], struct: null, span: nodeSpan(contextOf(this), this) };
  },
  pointedName(name, _pointer) {
    return { words: [name.sourceString], struct: null, span: nodeSpan(contextOf(this), name) };
  },
  Expression(binary, rest) {
    const context = contextOf(this);
    const left = treeOf<CExpression>(binary, context);
    const tail = rest.children[0];
    if (tail === undefined) return left;
    const span = nodeSpan(context, this);
    if (tail.ctorName === 'ExpressionRest') {
      const alternative = tail.children[0]!;
      const second = treeOf<CExpression>(alternative.children[1]!, context);
      if (alternative.ctorName === 'ExpressionRest_conditional') {
        const otherwise = treeOf<CExpression>(alternative.children[3]!, context);
        // biome-ignore lint/suspicious/noThenProperty: a tree node, never awaited
        return { kind: 'conditional', condition: left, then: second, otherwise, span };
      }
      const op = alternative.children[0]!.sourceString;
      requirePlace(left, context, 'assigned to');
      return { kind: 'assign', op: op === '=' ? null : op.slice(0, -1), target: left, value: second, span };
    }
    return left;
  },
  Otherwise(binary, _question, then, _colon, otherwise) {
    const context = contextOf(this);
    const condition = treeOf<CExpression>(binary, context);
    const second = optionalOf<CExpression>(then, context);
    if (second === null) return condition;
    const third = treeOf<CExpression>(otherwise.children[0]!, context);
    // biome-ignore lint/suspicious/noThenProperty: a tree node, never awaited
    return { kind: 'conditional', condition, then: second, otherwise: third, span: nodeSpan(context, this) };
  },
  Binary(first, ops, rest) {
    const context = contextOf(this);
    const operand = treeOf<CExpression>(first, context);
    if (rest.children.length === 0) return operand;
    return nestBinary(
      [operand, ...treesOf<CExpression>(rest, context)],
      ops.children.map((op) => op.sourceString as CBinaryOp),
    );
  },
  Operand_step(op, operand) {
    const context = contextOf(this);
    const target = treeOf<CExpression>(operand, context);
    requirePlace(target, context, 'changed');
    return { kind: 'step', op: op.sourceString, prefix: true, target, span: nodeSpan(context, this) };
  },
  Operand_prefix(op, operand) {
    const context = contextOf(this);
    const tree = treeOf<CExpression>(operand, context);
    if (op.sourceString === '&') requirePlace(tree, context, 'addressed');
    return { kind: 'unary', op: op.sourceString, operand: tree, span: nodeSpan(context, this) };
  },
  Operand_cast(_open, type, _close, operand) {
    const context = contextOf(this);
    return {
      kind: 'cast',
      type: treeOf(type, context),
      operand: treeOf(operand, context),
      span: nodeSpan(context, this),
    };
  },
  Operand_postfix(primary, suffixes) {
    const context = contextOf(this);
    let tree = treeOf<CExpression>(primary, context);
    for (const node of suffixes.children) {
      const suffix = node.children[0]!;
      const span = joinSpans(tree.span, nodeSpan(context, suffix));
      if (suffix.ctorName === 'Suffix_step') {
        requirePlace(tree, context, 'changed');
        const op = suffix.sourceString as '++' | '--';
        tree = { kind: 'step', op, prefix: false, target: tree, span };
      } else if (suffix.ctorName === 'Suffix_index') {
        tree = { kind: 'index', array: tree, index: treeOf(suffix.children[1]!, context), span };
      } else {
        const arrow = suffix.ctorName === 'Suffix_arrow';
        tree = { kind: 'field', object: tree, arrow, field: suffix.children[1]!.sourceString, span };
      }
    }
    return tree;
  },
  Primary_call(name, _open, list, _close) {
    const context = contextOf(this);
    return {
      kind: 'call',
      callee: name.sourceString,
      calleeSpan: nodeSpan(context, name),
      arguments: listOf<CExpression>(list, context),
      span: nodeSpan(context, this),
    };
  },
  Primary_group(_open, expression, _close) {
    const context = contextOf(this);
    return { ...treeOf<CExpression>(expression, context), span: nodeSpan(context, this) };
  },
  Primary_name(name) {
    return { kind: 'name', name: name.sourceString, span: nodeSpan(contextOf(this), this) };
  },
  Primary_shared(arrow, name) {
    const context = contextOf(this);
    const span = nodeSpan(context, this);
    const arrowSpan = nodeSpan(context, arrow);
    if (!context.sketch)
      reportAt(context, arrowSpan, 'missing-object', 'expected an object before `->`', {
        hint: 'only in a sketch does `->field` stand for the shared object',
      });
    const object: CExpression = { kind: 'name', name: '', span: arrowSpan };
    return { kind: 'field', object, arrow: true, field: name.sourceString, span };
  },
  number(digits, suffix) {
    return numberTree(this, digits.sourceString, suffix.sourceString, contextOf(this));
  },
});

function treeOfMatch<T>(result: MatchResult, context: CContext): T {
  return (semantics(result) as unknown as { tree(context: CContext): T }).tree(context);
}

/** One C expression of a sketch's cell, or null after reporting why not. */
export function parseSketchExpression(
  source: SourceFile,
  text: string,
  range: Range,
  diagnostics: Diagnostic[],
): CExpression | null {
  const what = 'the expression';
  const task = { grammar, rule: 'Expression', source, text, range, what, explainers: [explainC] };
  return matchSection(task, diagnostics, (result, context) =>
    treeOfMatch(result, { ...context, sketch: true }),
  );
}

/** One C statement of a sketch's cell, its semicolon included, or null after reporting why not. */
export function parseSketchStatement(
  source: SourceFile,
  text: string,
  range: Range,
  diagnostics: Diagnostic[],
): CStatement | null {
  const what = 'the statement';
  const task = { grammar, rule: 'Statement', source, text, range, what, explainers: [explainC] };
  return matchSection(task, diagnostics, (result, context) =>
    treeOfMatch(result, { ...context, sketch: true }),
  );
}

/** A litmus test in kernel C whose layout is known. */
export function parseC(layout: Layout): Checked<CLitmus> {
  const diagnostics: Diagnostic[] = [];
  const { source, text, body: range } = layout;
  const what = 'the code of the threads';
  const task = { grammar, rule: 'Threads', source, text, range, what, explainers: [explainC] };
  const threads = matchSection(task, diagnostics, (result, context) =>
    treeOfMatch<CThread[]>(result, { ...context, sketch: false }),
  );
  const frame = parseFrame(layout, diagnostics);
  if (threads === null || frame === null) return { value: null, diagnostics };
  if (threads.length === 0) {
    const span = spanOf(source, range.start, Math.min(range.start + 1, range.end));
    reportAt(
      { source, offset: 0, diagnostics },
      span,
      'no-threads',
      'expected at least one thread after the init block',
      {
        hint: 'a thread is `P0(int *x) { ... }`',
      },
    );
  }
  return checked<CLitmus>({ dialect: 'C', ...frame, threads }, diagnostics);
}
