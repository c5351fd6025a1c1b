/** The direct parts of a C tree, to walk it or to rebuild it. Used by the passes of elaborate/. */
import { assertNever } from '../text/diagnostic.js';
import type { CExpression, CStatement } from './c-tree.js';

function isExpression(of: (CExpression & { kind: 'sizeof' })['of']): of is CExpression {
  return 'kind' in of;
}

/** The expressions directly in an expression, in the order of the text. */
export function partsOf(tree: CExpression): readonly CExpression[] {
  switch (tree.kind) {
    case 'number':
    case 'name':
      return [];
    case 'sizeof':
      return isExpression(tree.of) ? [tree.of] : [];
    case 'unary':
    case 'cast':
      return [tree.operand];
    case 'binary':
    case 'comma':
      return [tree.left, tree.right];
    case 'conditional':
      return [tree.condition, tree.then, tree.otherwise];
    case 'field':
      return [tree.object];
    case 'index':
      return [tree.array, tree.index];
    case 'call':
      return tree.arguments;
    case 'assign':
      return [tree.target, tree.value];
    case 'step':
      return [tree.target];
    default:
      return assertNever(tree);
  }
}

/** The expression with its direct parts replaced. */
export function mapParts(tree: CExpression, map: (part: CExpression) => CExpression): CExpression {
  switch (tree.kind) {
    case 'number':
    case 'name':
      return tree;
    case 'sizeof':
      return isExpression(tree.of) ? { ...tree, of: map(tree.of) } : tree;
    case 'unary':
    case 'cast':
      return { ...tree, operand: map(tree.operand) };
    case 'binary':
    case 'comma':
      return { ...tree, left: map(tree.left), right: map(tree.right) };
    case 'conditional':
      return {
        ...tree,
        condition: map(tree.condition),
        then: map(tree.then),
        otherwise: map(tree.otherwise),
      };
    case 'field':
      return { ...tree, object: map(tree.object) };
    case 'index':
      return { ...tree, array: map(tree.array), index: map(tree.index) };
    case 'call':
      return { ...tree, arguments: tree.arguments.map(map) };
    case 'assign':
      return { ...tree, target: map(tree.target), value: map(tree.value) };
    case 'step':
      return { ...tree, target: map(tree.target) };
    default:
      return assertNever(tree);
  }
}

function present<T>(...parts: readonly (T | null)[]): T[] {
  return parts.filter((part) => part !== null);
}

/** The expressions directly in a statement, in the order of the text. */
export function expressionsOf(tree: CStatement): readonly CExpression[] {
  switch (tree.kind) {
    case 'declaration':
      return present(...tree.declarators.map(({ initialiser }) => initialiser));
    case 'expression':
      return [tree.expression];
    case 'if':
    case 'while':
    case 'do':
      return [tree.condition];
    case 'for':
      return present(tree.condition, tree.step);
    case 'return':
    case 'case':
      return present(tree.value);
    case 'switch':
      return [tree.value];
    case 'guard':
      return tree.arguments;
    default:
      return [];
  }
}

/** The statements directly in a statement, in the order of the text. */
export function statementsOf(tree: CStatement): readonly CStatement[] {
  switch (tree.kind) {
    case 'if':
      return present(tree.then, tree.otherwise);
    case 'while':
    case 'do':
    case 'switch':
      return [tree.body];
    case 'for':
      return present(tree.init, tree.body);
    case 'block':
      return tree.statements;
    case 'label':
    case 'case':
      return present(tree.statement);
    case 'guard':
      return present(tree.body);
    default:
      return [];
  }
}

/** The statement with its direct parts replaced. */
export function mapStatement(
  tree: CStatement,
  expression: (part: CExpression) => CExpression,
  statement: (part: CStatement) => CStatement,
): CStatement {
  const value = (part: CExpression | null): CExpression | null => (part === null ? null : expression(part));
  const inner = (part: CStatement | null): CStatement | null => (part === null ? null : statement(part));
  switch (tree.kind) {
    case 'declaration':
      return {
        ...tree,
        declarators: tree.declarators.map((d) => ({ ...d, initialiser: value(d.initialiser) })),
      };
    case 'expression':
      return { ...tree, expression: expression(tree.expression) };
    case 'if':
      return {
        ...tree,
        condition: expression(tree.condition),
        then: statement(tree.then),
        otherwise: inner(tree.otherwise),
      };
    case 'while':
    case 'do':
      return { ...tree, condition: expression(tree.condition), body: statement(tree.body) };
    case 'for':
      return {
        ...tree,
        init: inner(tree.init),
        condition: value(tree.condition),
        step: value(tree.step),
        body: statement(tree.body),
      };
    case 'block':
      return { ...tree, statements: tree.statements.map(statement) };
    case 'return':
      return { ...tree, value: value(tree.value) };
    case 'switch':
      return { ...tree, value: expression(tree.value), body: statement(tree.body) };
    case 'case':
      return { ...tree, value: value(tree.value), statement: inner(tree.statement) };
    case 'label':
      return { ...tree, statement: inner(tree.statement) };
    case 'guard':
      return { ...tree, arguments: tree.arguments.map(expression), body: inner(tree.body) };
    case 'break':
    case 'continue':
    case 'empty':
    case 'goto':
    case 'unsupported':
      return tree;
    default:
      return assertNever(tree);
  }
}
