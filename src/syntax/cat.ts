/**
 * Text of a cat model to its tree: the grammar of grammar/cat.ohm, and the precedence of the binary operators.
 *
 * Source: the diy manual, chapter "The cat language".
 */
import type { ActionDict, FailedMatchResult, Interval, Node, Semantics } from 'ohm-js';
import { grammar } from '../../grammar/cat.ohm';
import { type Checked, checked, type Diagnostic, errorAt, invariant } from '../text/diagnostic.js';
import { joinSpans, type SourceFile, type Span, spanOf } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import type {
  BinaryOperator,
  Binding,
  BoundName,
  CatExpr,
  CatStatement,
  CatTree,
  Pattern,
  PostfixOperator,
  TestKind,
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

const unsupported: ReadonlyMap<string, string> = new Map([
  ['if', '`if` expressions'],
  ['match', '`match`'],
  ['try', '`try ... with`'],
  ['with', '`with ... from`'],
  ['forall', '`forall`'],
  ['procedure', '`procedure`'],
  ['call', '`call`'],
  ['enum', '`enum` declarations'],
  ['instructions', '`instructions` declarations'],
  ['default', '`default` declarations'],
  ['undefined_unless', '`undefined_unless`'],
  ['debug', '`debug`'],
  ['assert', '`assert`'],
  ['when', '`let rec ... when`'],
  ['yield', '`yield`'],
]);

const statementKeywords = [
  'let',
  'acyclic',
  'irreflexive',
  'empty',
  'flag',
  'include',
  'show',
  'unshow',
  ...unsupported.keys(),
];

/** The file that the semantic actions run on: they are synchronous and not reentrant. */
interface Context {
  source: SourceFile;
}

/** Parses a whole model file. Every problem is one located error. */
export function parseCat(source: SourceFile): Checked<CatTree> {
  try {
    const match = grammar.match(source.text, 'Model');
    if (match.failed()) {
      return { value: null, diagnostics: [syntaxError(source, match as FailedMatchResult)] };
    }
    const context = semantics();
    context.context.source = source;
    return checked(context.of(match).model() as CatTree, []);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const hint = 'split the expression with `let`';
    return {
      value: null,
      diagnostics: [errorAt(null, 'too-deep', `${source.name}: nested too deeply to be read`, { hint })],
    };
  }
}

function syntaxError(source: SourceFile, match: FailedMatchResult): Diagnostic {
  const at = match.getRightmostFailurePosition();
  const rest = source.text.slice(at);
  const openComment = openCommentAt(source.text);
  if (openComment !== null && openComment <= at)
    return errorAt(spanOf(source, openComment, openComment + 2), 'syntax', 'this comment is never closed', {
      hint: 'add `*)`; comments nest',
    });
  const word = /^_?[A-Za-z][A-Za-z0-9_.-]*/.exec(rest)?.[0] ?? null;
  const span = spanOf(source, at, at + Math.max(1, word?.length ?? 1));
  const feature = word === null ? undefined : unsupported.get(word);
  if (feature !== undefined)
    return errorAt(span, 'unsupported-cat', `${feature} of the cat language: not supported yet`);
  if (at >= source.text.length)
    return errorAt(span, 'syntax', `the model ends here; expected ${expectation(match)}`);
  const found = word ?? rest[0] ?? '';
  if (found === '"') return errorAt(span, 'syntax', 'this string is never closed');
  return errorAt(span, 'syntax', `unexpected \`${found}\`; expected ${expectation(match)}`, {
    hint: word === null ? null : didYouMean(word, statementKeywords),
  });
}

/** What could stand at the failure, in the user's terms. */
function expectation(match: FailedMatchResult): string {
  const expected = new Set(match.getExpectedText().split(/, or |, | or /));
  const closing = ['")"', '"]"', '"}"', '"="', '"->"', '"-1"', 'end'].filter((token) => expected.has(token));
  const all = closing.map((token) => `\`${token.replace(/"/g, '')}\``);
  if (expected.has('"++"')) all.push('an operator');
  else if (expected.has('"["')) all.push('an expression');
  else all.push(...['a name', 'a string'].filter((kind) => expected.has(kind)));
  if (expected.has('acyclic')) all.push('a statement');
  return all.length > 0 ? all.join(' or ') : 'a statement';
}

/** The start of a comment that is never closed, or null. */
function openCommentAt(text: string): number | null {
  const open: number[] = [];
  for (const token of text.matchAll(/\(\*|\*\)|(?:\/\/|#)[^\n]*|"[^"]*"/g)) {
    if (token[0] === '(*') open.push(token.index);
    else if (token[0] === '*)') open.pop();
  }
  return open[0] ?? null;
}

interface CatSemantics {
  readonly of: Semantics;
  readonly context: Context;
}

let built: CatSemantics | null = null;

/** The semantic actions, made at the first use. */
function semantics(): CatSemantics {
  if (built === null) {
    const context: Context = { source: { name: '', text: '' } };
    const of = grammar.createSemantics();
    addNames(of, context);
    addExpressions(of, context);
    addStatements(of, context);
    built = { of, context };
  }
  return built;
}

type Spanner = (node: { readonly source: Interval }) => Span;

function spanner(context: Context): Spanner {
  return ({ source }) => spanOf(context.source, source.startIdx, source.endIdx);
}

function list<T>(node: Node, operation: string): T[] {
  return node.asIteration().children.map((child) => child[operation]() as T);
}

function addNames(of: Semantics, context: Context): void {
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
    Binding_simple(bound, _equals, value) {
      return {
        pattern: { kind: 'name', bound: bound.bound() },
        value: value.expr(),
        span: span(this),
      };
    },
  });
  function functionBinding(name: Node, parameter: Pattern, body: CatExpr, all: Span): Binding {
    const value: CatExpr = { kind: 'function', parameter, body, span: all };
    return { pattern: { kind: 'name', bound: name.bound() }, value, span: all };
  }
}

/** `(x)` is the name x; `()` and `(x, y)` are tuples. */
function tuplePattern(items: readonly BoundName[], end: Span): Pattern {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return { kind: 'name', bound: only };
  return { kind: 'tuple', items, span: only === undefined ? end : joinSpans(only.span, end) };
}

function addExpressions(of: Semantics, context: Context): void {
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
  of.addOperation<CatExpr>('expr', {
    ...binderActions(span),
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

function addStatements(of: Semantics, context: Context): void {
  const span = spanner(context);
  const text = (node: Node): string => node.sourceString.slice(1, -1);
  of.addOperation<CatStatement>('statement', {
    Let(_let, rec, bindings, _in) {
      const recursive = rec.numChildren > 0;
      return { kind: 'let', recursive, bindings: list<Binding>(bindings, 'binding'), span: span(this) };
    },
    Check(flag, tilde, test, operand, as) {
      return {
        kind: 'check',
        test: test.sourceString as TestKind,
        negated: tilde.numChildren > 0,
        flag: flag.numChildren > 0,
        operand: operand.expr(),
        name: as.numChildren > 0 ? as.children[0]!.children[1]!.sourceString : null,
        span: span(this),
      };
    },
    Include(_include, path) {
      return { kind: 'include', path: text(path), span: span(this) };
    },
    Show_as(_show, operand, as) {
      const name = as.children[1]!.sourceString;
      return { kind: 'show', hide: false, operands: [operand.expr()], name, span: span(this) };
    },
    Show_names(_show, names) {
      return { kind: 'show', hide: false, operands: list(names, 'expr'), name: null, span: span(this) };
    },
    Show_unshow(_unshow, names) {
      return { kind: 'show', hide: true, operands: list(names, 'expr'), name: null, span: span(this) };
    },
  });
  of.addOperation<string>('title', {
    Title_archString: (_arch, title) => text(title),
    Title_archName: (_arch, title) => title.sourceString,
    Title_name: (title) => title.sourceString,
    Title_string: (title) => text(title),
  });
  of.addOperation<CatTree>('model', {
    Model(title, statements) {
      return {
        source: context.source,
        title: title.numChildren > 0 ? (title.children[0]!.title() as string) : null,
        statements: statements.children.map((node) => node.statement() as CatStatement),
      };
    },
  });
}
