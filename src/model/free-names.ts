/** The names that a cat expression takes from its surroundings. */
import type { Binding, BoundName, CatCondition, CatExpr, Pattern } from '../syntax/cat-tree.js';
import { assertNever } from '../text/diagnostic.js';

/** The free names of an expression, or of the body of a function with this parameter. */
export function freeNames(expr: CatExpr, parameter: Pattern | null = null): ReadonlySet<string> {
  const found = new Set<string>();
  const bound = new Set<string>();
  visit(expr, parameter === null ? bound : extended(bound, boundBy(parameter)), found);
  return found;
}

function boundBy(pattern: Pattern): readonly BoundName[] {
  return pattern.kind === 'name' ? [pattern.bound] : pattern.items;
}

function extended(bound: ReadonlySet<string>, names: readonly BoundName[]): ReadonlySet<string> {
  return new Set([...bound, ...names.flatMap(({ name }) => (name === null ? [] : [name]))]);
}

function visit(expr: CatExpr, bound: ReadonlySet<string>, found: Set<string>): void {
  if (expr.kind === 'name' && !bound.has(expr.name)) found.add(expr.name);
  if (expr.kind === 'function') visit(expr.body, extended(bound, boundBy(expr.parameter)), found);
  if (expr.kind === 'let') visitLet(expr.bindings, expr.recursive, expr.body, bound, found);
  if (expr.kind === 'if') visitCondition(expr.condition, bound, found);
  if (expr.kind === 'match-set') {
    const names = [expr.element, expr.rest, ...(expr.before === null ? [] : [expr.before])];
    visit(expr.body, extended(bound, names), found);
  }
  for (const part of partsInScope(expr)) visit(part, bound, found);
}

/** The parts of an expression in which it binds no names. */
function partsInScope(expr: CatExpr): readonly CatExpr[] {
  switch (expr.kind) {
    case 'name':
    case 'empty':
    case 'universe':
    case 'tag':
    case 'function':
    case 'let':
      return [];
    case 'set':
    case 'tuple':
      return expr.items;
    case 'identity':
    case 'complement':
    case 'postfix':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'apply':
      return [expr.callee, expr.argument];
    case 'if':
      return [expr.then, expr.otherwise];
    case 'try':
      return [expr.body, expr.otherwise];
    case 'match-tag':
      return [expr.subject, ...expr.clauses.map(({ body }) => body)];
    case 'match-set':
      return [expr.subject, expr.empty];
    default:
      return assertNever(expr);
  }
}

function visitLet(
  bindings: readonly Binding[],
  recursive: boolean,
  body: CatExpr,
  bound: ReadonlySet<string>,
  found: Set<string>,
): void {
  const inner = extended(
    bound,
    bindings.flatMap(({ pattern }) => boundBy(pattern)),
  );
  for (const { value } of bindings) visit(value, recursive ? inner : bound, found);
  visit(body, inner, found);
}

function visitCondition(condition: CatCondition, bound: ReadonlySet<string>, found: Set<string>): void {
  if (condition.kind === 'not') visitCondition(condition.operand, bound, found);
  else if (condition.kind === 'and' || condition.kind === 'or') {
    visitCondition(condition.left, bound, found);
    visitCondition(condition.right, bound, found);
  } else if (condition.kind === 'compare') {
    visit(condition.left, bound, found);
    visit(condition.right, bound, found);
  }
}
