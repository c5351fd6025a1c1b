/**
 * Prints C expressions in the kernel's style: spaces around binary operators, none around unary ones.
 *
 * Parentheses are those of the source, for people have reasons for them, and those that the tree needs. Numbers are
 * spelled as in the source.
 */
import { assertNever } from '../text/diagnostic.js';
import { precedence } from './c-expression.js';
import type { CExpression } from './c-tree.js';
import type { TypeTree } from './condition-tree.js';
import type { Layout } from './layout.js';
import { writtenText, writtenType } from './written.js';

/** How tightly an expression binds: C's levels from the comma (0) to calls. */
const levels = { comma: 0, assign: 1, conditional: 2, binary: 2, unary: 13, postfix: 14 } as const;

function levelOf(tree: CExpression): number {
  switch (tree.kind) {
    case 'comma':
    case 'assign':
    case 'conditional':
      return levels[tree.kind];
    case 'binary':
      return levels.binary + precedence[tree.op];
    case 'unary':
    case 'cast':
    case 'sizeof':
      return levels.unary;
    case 'step':
      return tree.prefix ? levels.unary : levels.postfix;
    case 'number':
    case 'name':
    case 'field':
    case 'index':
    case 'call':
      return levels.postfix;
    default:
      return assertNever(tree);
  }
}

function showNumber(tree: Extract<CExpression, { kind: 'number' }>, layout: Layout): string {
  const written = writtenText(layout, tree.span).replace(/^[( ]+|[) ]+$/g, '');
  return /^(?:\d\w*|'.*')$/.test(written) ? written : `${tree.value}${tree.suffix}`;
}

/** A cast's type. Its span leaves out qualifiers before it. */
function showCastType(type: TypeTree, layout: Layout): string {
  const written = writtenType(layout, type.span);
  const missing = type.words.filter((word) => !written.split(/[ *]+/).includes(word));
  return [...missing, written].join(' ');
}

function showSizeof(of: TypeTree | CExpression, layout: Layout): string {
  if ('words' in of) return `sizeof(${showCastType(of, layout)})`;
  const operand = showExpression(of, layout, levels.unary);
  return operand.startsWith('(') ? `sizeof${operand}` : `sizeof ${operand}`;
}

/** Two of the same sign must not grow together. */
function showPrefix(op: string, operand: string): string {
  return operand.startsWith(op.slice(-1)) && '+-&'.includes(op.slice(-1)) ? `${op} ${operand}` : op + operand;
}

function showBare(tree: CExpression, layout: Layout): string {
  const show = (part: CExpression, level: number) => showExpression(part, layout, level);
  switch (tree.kind) {
    case 'number':
      return showNumber(tree, layout);
    case 'name':
      return tree.name;
    case 'unary':
      return showPrefix(tree.op, show(tree.operand, levels.unary));
    case 'binary': {
      const level = levelOf(tree);
      return `${show(tree.left, level)} ${tree.op} ${show(tree.right, level + 1)}`;
    }
    case 'conditional': {
      const condition = show(tree.condition, levels.conditional + 1);
      return `${condition} ? ${show(tree.then, levels.assign)} : ${show(tree.otherwise, levels.conditional)}`;
    }
    case 'field':
      return `${show(tree.object, levels.postfix)}${tree.arrow ? '->' : '.'}${tree.field}`;
    case 'index':
      return `${show(tree.array, levels.postfix)}[${show(tree.index, levels.assign)}]`;
    case 'call':
      return `${tree.callee}(${tree.arguments.map((argument) => show(argument, levels.assign)).join(', ')})`;
    case 'cast':
      return `(${showCastType(tree.type, layout)})${show(tree.operand, levels.unary)}`;
    case 'sizeof':
      return showSizeof(tree.of, layout);
    case 'assign':
      return `${show(tree.target, levels.unary)} ${tree.op ?? ''}= ${show(tree.value, levels.assign)}`;
    case 'step':
      return tree.prefix
        ? showPrefix(tree.op, show(tree.target, levels.unary))
        : show(tree.target, levels.postfix) + tree.op;
    case 'comma':
      return `${show(tree.left, levels.comma)}, ${show(tree.right, levels.assign)}`;
    default:
      return assertNever(tree);
  }
}

/** `level`: how tightly it must bind where it stands; 0 for a statement, 1 where a comma would separate. */
export function showExpression(tree: CExpression, layout: Layout, level: number = levels.comma): string {
  const text = showBare(tree, layout);
  return tree.parenthesised || levelOf(tree) < level ? `(${text})` : text;
}
