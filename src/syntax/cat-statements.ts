/** Semantic actions of cat's statements (grammar/cat.ohm). Used by src/syntax/cat.ts. */
import type { ActionDict, Node, Semantics } from 'ohm-js';
import { type Context, list, type Spanner, spanner, tuplePattern } from './cat-expressions.js';
import type {
  Binding,
  BoundName,
  CatCheck,
  CatExpr,
  CatStatement,
  CatTag,
  CatTree,
  CheckRole,
  Pattern,
  TagClause,
  TestKind,
} from './cat-tree.js';

export function addStatements(of: Semantics, context: Context): void {
  const span = spanner(context);
  addChecks(of, span);
  of.addOperation<TagClause<readonly CatStatement[]>>('statementClause', {
    StatementClause(tag, _arrow, body) {
      return { tag: tag.clauseTag(), tagSpan: span(tag), body: statementsOf(body) };
    },
  });
  of.addOperation<CatStatement>('statement', {
    ...plainActions(span),
    ...blockActions(span),
    ...declarationActions(span),
  });
  of.addOperation<string>('title', {
    Title_archString: (_arch, title) => unquoted(title),
    Title_archName: (_arch, title) => title.sourceString,
    Title_name: (title) => title.sourceString,
    Title_string: (title) => unquoted(title),
  });
  const word = (node: Node): CatTag => ({ name: node.sourceString, span: span(node) });
  of.addOperation<CatTag | null>('architecture', {
    Title_archString: (architecture, _title) => word(architecture),
    Title_archName: (architecture, _title) => word(architecture),
    Title_name: (title) => word(title),
    Title_string: (_title) => null,
  });
  of.addOperation<CatTree>('model', {
    Model(title, options, statements) {
      return {
        source: context.source,
        title: title.numChildren > 0 ? (title.children[0]!.title() as string) : null,
        architecture: title.numChildren > 0 ? (title.children[0]!.architecture() as CatTag | null) : null,
        options: options.children.map(word),
        statements: statementsOf(statements),
      };
    },
  });
}

const unquoted = (node: Node): string => node.sourceString.slice(1, -1);

const statementsOf = (nodes: Node): CatStatement[] =>
  nodes.children.map((node) => node.statement() as CatStatement);

/** The name of an optional `as name`. */
const givenName = (as: Node): string | null =>
  as.numChildren > 0 ? as.children[0]!.children[1]!.sourceString : null;

function addChecks(of: Semantics, span: Spanner): void {
  of.addOperation<CatCheck>('check', {
    Check(role, tilde, test, operand, as) {
      return {
        kind: 'check',
        role: role.numChildren > 0 ? (role.sourceString as CheckRole) : 'check',
        test: test.sourceString as TestKind,
        negated: tilde.numChildren > 0,
        operand: operand.expr(),
        name: givenName(as),
        span: span(this),
      };
    },
    When(_when, check) {
      return check.check();
    },
  });
}

function plainActions(span: Spanner): ActionDict<CatStatement> {
  return {
    Let(_let, rec, bindings, when, _in) {
      return {
        kind: 'let',
        recursive: rec.numChildren > 0,
        bindings: list<Binding>(bindings, 'binding'),
        when: when.numChildren > 0 ? when.children[0]!.check() : null,
        span: span(this),
      };
    },
    Check(_role, _tilde, _test, _operand, _as) {
      return this.check();
    },
    Include(_include, path) {
      return { kind: 'include', path: unquoted(path), span: span(this) };
    },
    Show_as(_show, operand, as) {
      const name = as.children[1]!.sourceString;
      return { kind: 'show', hide: false, operands: [operand.expr()], name, span: span(this) };
    },
    Show_names(_show, names) {
      return { kind: 'show', hide: false, operands: list(names, 'expr'), name: null, span: span(this) };
    },
    Show_unshow(_show, names) {
      return { kind: 'show', hide: true, operands: list(names, 'expr'), name: null, span: span(this) };
    },
    Debug(_debug, operand) {
      return { kind: 'debug', operand: operand.expr(), span: span(this) };
    },
    With(_with, bound, _from, domain) {
      return { kind: 'with', bound: bound.bound(), domain: domain.expr(), span: span(this) };
    },
  };
}

function blockActions(span: Spanner): ActionDict<CatStatement> {
  return {
    Forall(_forall, bound, _in, domain, _do, body, _end) {
      return {
        kind: 'forall',
        bound: bound.bound(),
        domain: domain.expr(),
        body: statementsOf(body),
        span: span(this),
      };
    },
    If(_if, _variant, condition, _then, then, otherwise, _end) {
      return {
        kind: 'if',
        condition: condition.condition(),
        then: statementsOf(then),
        otherwise: otherwise.numChildren > 0 ? statementsOf(otherwise.children[0]!.children[1]!) : [],
        span: span(this),
      };
    },
    Match(_match, subject, _with, _bars, clauses, _end) {
      return {
        kind: 'match-tag',
        subject: subject.expr(),
        clauses: list(clauses, 'statementClause'),
        span: span(this),
      };
    },
    Procedure_tuple(_procedure, rec, name, _open, names, close, _equals, body, _end) {
      const parameters = tuplePattern(list(names, 'bound'), span(close));
      return procedure(name, rec, parameters, body, span(this));
    },
    Procedure_one(_procedure, rec, name, bound, _equals, body, _end) {
      return procedure(name, rec, { kind: 'name', bound: bound.bound() }, body, span(this));
    },
    Call(_call, callee, argument, as) {
      return {
        kind: 'call',
        callee: callee.bound(),
        argument: argument.expr(),
        name: givenName(as),
        span: span(this),
      };
    },
  };
}

function procedure(
  name: Node,
  rec: Node,
  parameters: Pattern,
  body: Node,
  all: CatStatement['span'],
): CatStatement {
  return {
    kind: 'procedure',
    name: name.bound() as BoundName,
    recursive: rec.numChildren > 0,
    parameters,
    body: statementsOf(body),
    span: all,
  };
}

function declarationActions(span: Spanner): ActionDict<CatStatement> {
  return {
    Enum(_enum, name, _equals, _bars, tags) {
      return { kind: 'enum', name: name.bound(), tags: list<CatTag>(tags, 'tagName'), span: span(this) };
    },
    Instructions(keyword, name, _open, tags, _close) {
      return {
        kind: keyword.sourceString as 'instructions' | 'default',
        name: name.bound(),
        tags: list<CatExpr>(tags, 'expr'),
        span: span(this),
      };
    },
  };
}
