/**
 * Whether putting a tree in place of a name gives what putting its text there would.
 *
 * A macro is expanded as text in C, here as a tree. Both agree if the tree binds at least as tightly as its place wants, or has
 * parentheses: `#define SUM 1 + 2` in `SUM * 3` does not. Source of the levels: the grammar of C11 6.5.
 */
import type { CBinaryOp, CExpression, CStatement } from '../syntax/c-tree.js';

/** From loose to tight. */
const COMMA = 0;
export const ASSIGNMENT = 1;
export const CONDITIONAL = 2;
const BINARY: Readonly<Record<CBinaryOp, number>> = {
  '||': 3,
  '&&': 4,
  '|': 5,
  '^': 6,
  '&': 7,
  '==': 8,
  '!=': 8,
  '<': 9,
  '<=': 9,
  '>': 9,
  '>=': 9,
  '<<': 10,
  '>>': 10,
  '+': 11,
  '-': 11,
  '*': 12,
  '/': 12,
  '%': 12,
};
const UNARY = 13;
const POSTFIX = 14;
/** Of places that anything may take, as between parentheses. */
export const ANYTHING = COMMA;

/** How tightly an expression binds as it is written. */
export function tightness(tree: CExpression): number {
  if (tree.parenthesised) return POSTFIX;
  switch (tree.kind) {
    case 'comma':
      return COMMA;
    case 'assign':
      return ASSIGNMENT;
    case 'conditional':
      return CONDITIONAL;
    case 'binary':
      return BINARY[tree.op];
    case 'unary':
    case 'cast':
      return UNARY;
    case 'step':
      return tree.prefix ? UNARY : POSTFIX;
    default:
      return POSTFIX;
  }
}

/** Whether an `else` behind the statement would be part of it. As written none is: then the `if` comes from a macro. */
export function takesElse(tree: CStatement): boolean {
  if (tree.kind === 'if') return tree.otherwise === null || takesElse(tree.otherwise);
  if (tree.kind === 'while' || tree.kind === 'for' || tree.kind === 'switch') return takesElse(tree.body);
  if (tree.kind === 'label' || tree.kind === 'case')
    return tree.statement !== null && takesElse(tree.statement);
  return tree.kind === 'guard' && tree.body !== null && takesElse(tree.body);
}

/** How tightly each direct part of an expression must bind, in the order of `partsOf`. */
export function wantedOfParts(tree: CExpression): readonly number[] {
  switch (tree.kind) {
    case 'number':
    case 'name':
      return [];
    case 'sizeof':
      return 'kind' in tree.of ? [UNARY] : [];
    case 'comma':
      return [COMMA, ASSIGNMENT];
    case 'assign':
      return [UNARY, ASSIGNMENT];
    case 'conditional':
      return [CONDITIONAL + 1, ANYTHING, CONDITIONAL];
    case 'binary':
      return [BINARY[tree.op], BINARY[tree.op] + 1];
    case 'unary':
    case 'cast':
      return [UNARY];
    case 'step':
      return [tree.prefix ? UNARY : POSTFIX];
    case 'field':
      return [POSTFIX];
    case 'index':
      return [POSTFIX, ANYTHING];
    case 'call':
      return tree.arguments.map(() => ASSIGNMENT);
  }
}
