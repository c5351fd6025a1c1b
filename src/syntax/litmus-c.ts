/**
 * Parses litmus tests in kernel C: text -> CLitmus.
 *
 * Syntax stage, after layout.ts. The language is C's statements and expressions over the kernel's types, see
 * grammar/README.md; names and types are resolved later (program/). Expressions and statements are parsed one by one
 * for the cells of a sketch, where `->field` stands for a field of the one shared object.
 */
import type { MatchResult, Node } from 'ohm-js';
import { grammar } from '../../grammar/litmus-c.ohm';
import type { Checked, Diagnostic } from '../text/diagnostic.js';
import { checked } from '../text/diagnostic.js';
import { joinSpans, type SourceFile, type Span, spanOf, spanText } from '../text/source.js';
import {
  type ConditionalRest,
  isAssignment,
  isReserved,
  nameTree,
  nestOperators,
  numberTree,
  requirePlace,
  typeWords,
} from './c-expression.js';
import { explainC } from './c-failure.js';
import type { CDeclarator, CExpression, CLitmus, CParameter, CStatement, CThread } from './c-tree.js';
import { parseFrame } from './condition.js';
import type { TypeTree } from './condition-tree.js';
import type { Layout, Range } from './layout.js';
import {
  contextOf as anyContextOf,
  type Failure,
  matchSection,
  nodeSpan,
  reportAt,
  type TreeContext,
  treeOf,
  treeOfOnlyChild,
} from './section.js';
import { checkThreadNames } from './thread-names.js';

interface CContext extends TreeContext {
  /** `->field` is allowed. */
  readonly sketch: boolean;
}

const semantics = grammar.createSemantics();

function contextOf(node: Node): CContext {
  return anyContextOf(node) as CContext;
}

function treesOf<T>(node: Node, context: CContext): T[] {
  return node.children.map((child) => treeOf<T>(child, context));
}

function optionalOf<T>(node: Node, context: CContext): T | null {
  const child = node.children[0];
  return child === undefined ? null : treeOf<T>(child, context);
}

/** The trees of `(first ("," rest)*)?`. */
function separatedOf<T>(first: Node, rest: Node, context: CContext): T[] {
  const head = first.children[0];
  if (head === undefined) return [];
  return [treeOf<T>(head, context), ...treesOf<T>(rest.children[0]!, context)];
}

type BaseType = Pick<TypeTree, 'words' | 'struct' | 'span'>;

/** Words that say nothing about a litmus test's variable. `volatile` is not among them: it is kept. */
const ignoredWords = new Set(['const', 'static', 'register', 'restrict', '__rcu', '__percpu']);

/** The type that a list of words names. */
function baseType(words: readonly string[], span: Span, context: CContext): BaseType {
  const kept = words.filter((word) => !ignoredWords.has(word));
  const tag = kept.indexOf('struct');
  const struct = tag < 0 ? null : (kept[tag + 1] ?? null);
  const rest = tag < 0 ? kept : [...kept.slice(0, tag), ...kept.slice(tag + 2)];
  const isType = struct !== null || rest.some((word) => word !== 'volatile');
  const foreign = rest.find((word) => /^\d/.test(word) || (isReserved(word) && !typeWords.has(word)));
  if (!isType || foreign !== undefined || (tag >= 0 && struct === null))
    reportAt(context, span, 'missing-type', `\`${foreign ?? spanText(span)}\` does not name a type`, {
      hint: 'types are `int`, `u64`, `spinlock_t`, `struct task_struct` and the like',
    });
  return { words: rest, struct, span };
}

function declaredName(node: Node, context: CContext): string {
  const name = node.sourceString;
  if (/^\d/.test(name) || isReserved(name))
    reportAt(context, nodeSpan(context, node), 'reserved-word', `\`${name}\` cannot be a name`);
  return name;
}

/** How many stars `stars` matched, among spaces and qualifiers. */
function starCount(stars: Node): number {
  return stars.sourceString.split('*').length - 1;
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

semantics.addOperation<unknown>('tree', {
  _nonterminal: treeOfOnlyChild,
  Threads(threads) {
    return treesOf<CThread>(threads, contextOf(this));
  },
  Thread(words, name, _open, first, _commas, rest, _close, block) {
    const context = contextOf(this);
    if (words.children.some((word) => word.sourceString !== 'void'))
      reportAt(context, nodeSpan(context, name), 'helper-function', 'helper functions are not supported', {
        hint: 'write the code into the threads; a thread is `P0(int *x) { ... }`',
      });
    return {
      name: name.sourceString,
      nameSpan: nodeSpan(context, name),
      parameters: separatedOf<CParameter | null>(first, rest, context).filter((tree) => tree !== null),
      body: treeOf<Extract<CStatement, { kind: 'block' }>>(block, context).statements,
      span: nodeSpan(context, this),
    };
  },
  Parameter_named(type, stars, name, open, _length, _close) {
    const context = contextOf(this);
    const base = treeOf<BaseType>(type, context);
    // An array parameter is a pointer (C11 6.7.6.3).
    const pointers = starCount(stars) + open.children.length;
    return {
      type: { words: base.words, struct: base.struct, pointers, array: null, span: base.span },
      name: declaredName(name, context),
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
  Unsupported_scoped(word, _open, _first, _commas, _rest, _close, _body) {
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
      stars: starCount(stars),
      name: declaredName(name, context),
      nameSpan: nodeSpan(context, name),
      array,
      initialiser: optionalOf<CExpression>(value, context),
    } satisfies DeclaratorParts;
  },
  DeclaredType(words) {
    const context = contextOf(this);
    const texts = words.children.map((word) => word.sourceString);
    return baseType(texts, nodeSpan(context, this), context);
  },
  CastType_struct(_struct, name, stars) {
    const span = nodeSpan(contextOf(this), this);
    return {
      words: [],
      struct: name.sourceString,
      pointers: starCount(stars),
      array: null,
      span,
    } satisfies TypeTree;
  },
  CastType_words(words, stars) {
    const texts = words.children.map((word) => word.sourceString);
    const span = nodeSpan(contextOf(this), this);
    return { words: texts, struct: null, pointers: starCount(stars), array: null, span } satisfies TypeTree;
  },
  CastType_qualified(qualifiers, type) {
    const context = contextOf(this);
    const tree = treeOf<TypeTree>(type, context);
    const volatile = qualifiers.children.some((word) => word.sourceString === 'volatile');
    return volatile ? { ...tree, words: ['volatile', ...tree.words] } : tree;
  },
  CastType_name(name, stars, _end) {
    const span = nodeSpan(contextOf(this), this);
    return {
      words: [name.sourceString],
      struct: null,
      pointers: starCount(stars),
      array: null,
      span,
    } satisfies TypeTree;
  },
  Expression(first, ops, rest, _question, conditional) {
    const context = contextOf(this);
    const operand = treeOf<CExpression>(first, context);
    if (ops.children.length === 0 && conditional.children.length === 0) return operand;
    return nestOperators(
      [operand, ...treesOf<CExpression>(rest, context)],
      ops.children.map((op) => op.sourceString),
      optionalOf<ConditionalRest>(conditional, context),
      context,
    );
  },
  Conditional(_question, second, _colon, otherwise) {
    const context = contextOf(this);
    return {
      second: treeOf(second, context),
      otherwise: treeOf(otherwise, context),
      otherwiseAssigns: otherwise.children[1]!.children.some((op) => isAssignment(op.sourceString)),
    } satisfies ConditionalRest;
  },
  Operand_word(word, args, _start, suffixes) {
    const context = contextOf(this);
    const text = word.sourceString;
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
  Arguments(_open, first, _commas, rest, _close) {
    return separatedOf<CExpression>(first, rest, contextOf(this));
  },
  Operand_prefix(op, operand) {
    const context = contextOf(this);
    const tree = treeOf<CExpression>(operand, context);
    const span = nodeSpan(context, this);
    const written = op.sourceString as '++' | '--' | '-' | '+' | '~' | '!' | '*' | '&';
    if (written === '++' || written === '--') {
      requirePlace(tree, context, 'changed');
      return { kind: 'step', op: written, prefix: true, target: tree, span } satisfies CExpression;
    }
    if (written === '&') requirePlace(tree, context, 'addressed');
    return { kind: 'unary', op: written, operand: tree, span } satisfies CExpression;
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
  Operand_group(open, expression, close, _start, suffixes) {
    const context = contextOf(this);
    const span = joinSpans(nodeSpan(context, open), nodeSpan(context, close));
    return withSuffixes({ ...treeOf<CExpression>(expression, context), span }, suffixes, context);
  },
  Operand_shared(arrow, name, _start, suffixes) {
    const context = contextOf(this);
    const span = nodeSpan(context, arrow);
    if (!context.sketch)
      reportAt(context, span, 'missing-object', 'expected an object before `->`', {
        hint: 'only in a sketch does `->field` stand for the shared object',
      });
    const object: CExpression = { kind: 'name', name: '', span };
    const whole = joinSpans(span, nodeSpan(context, name));
    const tree: CExpression = { kind: 'field', object, arrow: true, field: name.sourceString, span: whole };
    return withSuffixes(tree, suffixes, context);
  },
});

/** `tree` with its `->field`, `[index]` and `++`, from left to right. */
function withSuffixes(tree: CExpression, suffixes: Node, context: CContext): CExpression {
  let result = tree;
  for (const node of suffixes.children) {
    const suffix = node.children[0]!;
    const span = joinSpans(result.span, nodeSpan(context, suffix));
    if (suffix.ctorName === 'Suffix_step') {
      requirePlace(result, context, 'changed');
      const op = suffix.sourceString as '++' | '--';
      result = { kind: 'step', op, prefix: false, target: result, span };
    } else if (suffix.ctorName === 'Suffix_index') {
      result = { kind: 'index', array: result, index: treeOf(suffix.children[1]!, context), span };
    } else {
      const arrow = suffix.children[0]!.sourceString === '->';
      result = { kind: 'field', object: result, arrow, field: suffix.children[1]!.sourceString, span };
    }
  }
  return result;
}

function treeOfMatch<T>(result: MatchResult, context: CContext): T {
  return treeOf<T>(semantics(result) as unknown as Node, context);
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

/** One C statement of a sketch's cell, or null after reporting why not. Its semicolon may be missing: the table's may have taken it. */
export function parseSketchStatement(
  source: SourceFile,
  text: string,
  range: Range,
  diagnostics: Diagnostic[],
): CStatement | null {
  const { start, end } = range;
  const complete = /[;}]\s*$/.test(text.slice(start, end));
  const padded = complete ? text : `${text.slice(0, end)};${text.slice(end + 1)}`;
  const explain = (failure: Failure): Diagnostic =>
    explainC({ ...failure, text, section: range, at: Math.min(failure.at, end) });
  const task = {
    grammar,
    rule: 'Statement',
    source,
    text: padded,
    range: { start, end: complete ? end : end + 1 },
    what: 'the statement',
    explainers: [explain],
  };
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
  // A helper function that was refused has no number.
  if (diagnostics.length === 0) checkThreadNames(threads, diagnostics);
  return checked<CLitmus>({ dialect: 'C', ...frame, threads }, diagnostics);
}
