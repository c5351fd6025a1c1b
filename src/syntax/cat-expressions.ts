/**
 * Semantic actions of cat's expressions, names and bindings (grammar/cat.ohm), with the precedence of the binary operators. Used by
 * src/syntax/cat.ts.
 *
 * Source: the diy manual, chapter "The cat language".
 */
import type { ActionDict, Interval, Node, Semantics } from 'ohm-js';
import { invariant } from '../text/diagnostic.js';
import { joinSpans, type SourceFile, type Span, spanOf } from '../text/source.js';
import type {
  BinaryOperator,
  Binding,
  BoundName,
  CatCondition,
  CatExpr,
  CatTag,
  Pattern,
  PostfixOperator,
  TagClause,
} from './cat-tree.js';

/**
 * Binding strength, loosest first; postfix operators and application bind tighter than all, the prefix `~` tighter
 * than all binary ones. `;`, `|`, `++` and `&` group to the right, `\` and `*` to the left.
 */
const precedence: Readonly<Record<BinaryOperator, number>> = {
  '|': 1,
  '++': 2,
  ';': 3,
  '\\': 4,
  '&': 5,
  '*': 6,
};

/** The file that the semantic actions run on: they are synchronous and not reentrant. */
export interface Context {
  source: SourceFile;
}

export type Spanner = (node: { readonly source: Interval }) => Span;

export function spanner(context: Context): Spanner {
  return ({ source }) => spanOf(context.source, source.startIdx, source.endIdx);
}

export function list<T>(node: Node, operation: string): T[] {
  return node.asIteration().children.map((child) => child[operation]() as T);
}

export function addNames(of: Semantics, context: Context): void {
  const span = spanner(context);
  of.addOperation<BoundName>('bound', {
    name(_start, _underscore, _letter, _rest, _prime) {
      return { name: this.sourceString, span: span(this) };
    },
    wildcard(_) {
      return { name: null, span: span(this) };
    },
  });
  of.addOperation<Binding>('binding', {
    Binding_function(name, _open, names, close, _equals, body) {
      return functionBinding(name, tuplePattern(list(names, 'bound'), span(close)), body.expr(), span(this));
    },
    Binding_unary(name, parameter, _equals, body) {
      const pattern: Pattern = { kind: 'name', bound: parameter.bound() };
      return functionBinding(name, pattern, body.expr(), span(this));
    },
    Binding_tuple(_open, names, close, _equals, value) {
      const pattern = tuplePattern(list(names, 'bound'), span(close));
      return { pattern, value: value.expr(), span: span(this) };
    },
    Binding_bare(first, _comma, others, _equals, value) {
      const items = [first.bound() as BoundName, ...list<BoundName>(others, 'bound')];
      const pattern: Pattern = { kind: 'tuple', items, span: joinSpans(items[0]!.span, items.at(-1)!.span) };
      return { pattern, value: value.expr(), span: span(this) };
    },
    Binding_simple(bound, _equals, value) {
      return {
        pattern: { kind: 'name', bound: bound.bound() },
        value: value.expr(),
        span: span(this),
      };
    },
  });
  of.addOperation<CatTag>('tagName', {
    tag(_quote, name) {
      return { name: name.sourceString, span: span(this) };
    },
  });
  of.addOperation<string | null>('clauseTag', {
    ClauseTag: (tag) => tag.clauseTag(),
    tag: (_quote, name) => name.sourceString,
    wildcard: (_) => null,
  });
  function functionBinding(name: Node, parameter: Pattern, body: CatExpr, all: Span): Binding {
    const value: CatExpr = { kind: 'function', parameter, body, span: all };
    return { pattern: { kind: 'name', bound: name.bound() }, value, span: all };
  }
}

/** `(x)` is the name x; `()` and `(x, y)` are tuples. */
export function tuplePattern(items: readonly BoundName[], end: Span): Pattern {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return { kind: 'name', bound: only };
  return { kind: 'tuple', items, span: only === undefined ? end : joinSpans(only.span, end) };
}

export function addExpressions(of: Semantics, context: Context): void {
  const span = spanner(context);
  of.addOperation<PostfixOperator>('postfix', {
    postfix(op) {
      return op.isTerminal() ? (op.sourceString as PostfixOperator) : op.postfix();
    },
    postfix_inverse(_hat, _space, _minusOne) {
      return '^-1';
    },
    postfix_star(_star) {
      return '*';
    },
  });
  addClauses(of, span);
  of.addOperation<CatExpr>('expr', {
    ...binderActions(span),
    ...branchActions(span),
    ...operatorActions(span),
    ...atomActions(span),
  });
}

function binderActions(span: Spanner): ActionDict<CatExpr> {
  return {
    Exp_let(_let, rec, bindings, _in, body) {
      const recursive = rec.numChildren > 0;
      return {
        kind: 'let',
        recursive,
        bindings: list<Binding>(bindings, 'binding'),
        body: body.expr(),
        span: span(this),
      };
    },
    Exp_functionTuple(_fun, _open, names, close, _arrow, body) {
      const parameter = tuplePattern(list(names, 'bound'), span(close));
      return { kind: 'function', parameter, body: body.expr(), span: span(this) };
    },
    Exp_function(_fun, bound, _arrow, body) {
      const parameter: Pattern = { kind: 'name', bound: bound.bound() };
      return { kind: 'function', parameter, body: body.expr(), span: span(this) };
    },
    Exp_tuple(chains) {
      const items = list<CatExpr>(chains, 'expr');
      return items.length === 1 ? items[0]! : { kind: 'tuple', items, span: span(this) };
    },
  };
}

type SetMatch = Pick<
  Extract<CatExpr, { kind: 'match-set' }>,
  'empty' | 'before' | 'element' | 'rest' | 'body'
>;

function addClauses(of: Semantics, span: Spanner): void {
  of.addOperation<TagClause<CatExpr>>('tagClause', {
    TagClause(tag, _arrow, body) {
      return { tag: tag.clauseTag(), tagSpan: span(tag), body: body.expr() };
    },
  });
  of.addOperation<SetMatch>('setClauses', {
    SetClauses_emptyFirst: (empty, _bars, element) => ({
      ...element.elementClause(),
      empty: empty.emptyClause(),
    }),
    SetClauses_elementFirst: (element, _bars, empty) => ({
      ...element.elementClause(),
      empty: empty.emptyClause(),
    }),
  });
  of.addOperation<CatExpr>('emptyClause', { EmptyClause: (_open, _close, _arrow, body) => body.expr() });
  of.addOperation<Omit<SetMatch, 'empty'>>('elementClause', {
    ElementClause(before, element, _plus, rest, _arrow, body) {
      return {
        before: before.numChildren > 0 ? before.children[0]!.children[0]!.bound() : null,
        element: element.bound(),
        rest: rest.bound(),
        body: body.expr(),
      };
    },
  });
  of.addOperation<CatCondition>('condition', {
    Condition(parts) {
      return joinConditions('or', list(parts, 'condition'));
    },
    Conjunction(parts) {
      return joinConditions('and', list(parts, 'condition'));
    },
    Comparison_not(_not, operand) {
      return { kind: 'not', operand: operand.condition(), span: span(this) };
    },
    Comparison_variant(name) {
      return { kind: 'variant', name: name.sourceString.slice(1, -1), span: span(this) };
    },
    Comparison_compare(left, op, right) {
      const kind = op.sourceString as '=' | 'subset' | 'in';
      return { kind: 'compare', op: kind, left: left.expr(), right: right.expr(), span: span(this) };
    },
    Comparison_parens(_open, condition, _close) {
      return condition.condition();
    },
  });
}

function joinConditions(kind: 'and' | 'or', parts: readonly CatCondition[]): CatCondition {
  return parts.reduce((left, right) => ({ kind, left, right, span: joinSpans(left.span, right.span) }));
}

function branchActions(span: Spanner): ActionDict<CatExpr> {
  return {
    Exp_try(_try, body, _with, otherwise) {
      return { kind: 'try', body: body.expr(), otherwise: otherwise.expr(), span: span(this) };
    },
    Exp_if(_if, condition, _then, then, _else, otherwise) {
      return {
        kind: 'if',
        condition: condition.condition(),
        then: then.expr(),
        otherwise: otherwise.expr(),
        span: span(this),
      };
    },
    Exp_matchSet(_match, subject, _with, _bars, clauses, _end) {
      return { kind: 'match-set', subject: subject.expr(), ...clauses.setClauses(), span: span(this) };
    },
    Exp_matchTag(_match, subject, _with, _bars, clauses, _end) {
      return {
        kind: 'match-tag',
        subject: subject.expr(),
        clauses: list(clauses, 'tagClause'),
        span: span(this),
      };
    },
  };
}

function operatorActions(span: Spanner): ActionDict<CatExpr> {
  return {
    Chain(first, operators, operands) {
      const rest = operands.children.map((operand) => operand.expr() as CatExpr);
      return grouped(
        [first.expr(), ...rest],
        operators.children.map((op) => ({ op: op.sourceString as BinaryOperator, span: span(op) })),
      );
    },
    Operand_complement(_tilde, operand) {
      return { kind: 'complement', operand: operand.expr(), span: span(this) };
    },
    Operand_postfix(atom, operators) {
      let operand = atom.expr() as CatExpr;
      for (const op of operators.children)
        operand = {
          kind: 'postfix',
          op: op.postfix(),
          operand,
          span: joinSpans(operand.span, span(op)),
        };
      return operand;
    },
    Atom_apply(name, applied) {
      let callee = name.expr() as CatExpr;
      for (const node of applied.children) {
        const argument = node.expr() as CatExpr;
        callee = { kind: 'apply', callee, argument, span: joinSpans(callee.span, span(node)) };
      }
      return callee;
    },
  };
}

function atomActions(span: Spanner): ActionDict<CatExpr> {
  return {
    Argument(_start, argument) {
      return argument.expr();
    },
    name(_start, _underscore, _letter, _rest, _prime) {
      return { kind: 'name', name: this.sourceString, span: span(this) };
    },
    wildcard(_) {
      return { kind: 'universe', span: span(this) };
    },
    tag(_quote, name) {
      return { kind: 'tag', name: name.sourceString, span: span(this) };
    },
    Simple_empty(_zero) {
      return { kind: 'empty', span: span(this) };
    },
    Simple_parens(_open, exp, _close) {
      const inner = exp.children[0];
      if (inner === undefined) return { kind: 'tuple', items: [], span: span(this) };
      return { ...(inner.expr() as CatExpr), span: span(this) };
    },
    Simple_block(_begin, exp, _end) {
      return exp.expr();
    },
    Simple_identity(_open, exp, _close) {
      return { kind: 'identity', operand: exp.expr(), span: span(this) };
    },
    Simple_set(_open, items, _close) {
      return { kind: 'set', items: list<CatExpr>(items, 'expr'), span: span(this) };
    },
  };
}

interface OperatorToken {
  readonly op: BinaryOperator;
  readonly span: Span;
}

/** Groups `e0 op0 e1 op1 e2 ...` by precedence climbing. */
function grouped(operands: readonly CatExpr[], operators: readonly OperatorToken[]): CatExpr {
  let next = 0;
  function climb(weakest: number): CatExpr {
    let left = operands[next]!;
    for (;;) {
      const token = operators[next];
      if (token === undefined || precedence[token.op] < weakest) return left;
      invariant(precedence[token.op] !== undefined, `unknown operator ${token.op}`);
      const toTheLeft = token.op === '\\' || token.op === '*';
      next++;
      const right = climb(precedence[token.op] + (toTheLeft ? 1 : 0));
      const span = joinSpans(left.span, right.span);
      left = { kind: 'binary', op: token.op, left, right, opSpan: token.span, span };
    }
  }
  return climb(0);
}
