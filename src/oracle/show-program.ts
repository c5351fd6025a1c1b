/** Prints IR programs in a compact notation: reproducers of the property tests, and a look at what a front end produced. */
import type { Expr, Instruction, Operand, Program, Proposition } from '../program/ir.js';
import { type IntType, showValue, type Value } from '../program/value.js';
import { assertNever } from '../text/diagnostic.js';

/** Types are shown only where they are not the usual int. */
function showType(type: IntType): string {
  return type.bits === 32 && type.signed ? '' : `:${type.signed ? 's' : 'u'}${type.bits}`;
}

function showConstant(value: Value): string {
  return typeof value === 'object' ? `&${value.name}` : showValue(value);
}

export function showExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'const':
      return showConstant(expr.value);
    case 'register':
      return expr.name;
    case 'old':
      return 'old';
    case 'unary':
      return `${expr.op}${showExpr(expr.operand)}${showType(expr.type)}`;
    case 'binary':
      return `(${showExpr(expr.left)} ${expr.op} ${showExpr(expr.right)})${showType(expr.type)}`;
    case 'convert':
      return `(${showExpr(expr.operand)})${showType(expr.type) || ':s32'}`;
    case 'select':
      return `(${showExpr(expr.condition)} ? ${showExpr(expr.then)} : ${showExpr(expr.otherwise)})`;
    default:
      return assertNever(expr);
  }
}

function showTags(tags: readonly string[]): string {
  return tags.length === 0 ? '' : `[${tags.join(' ')}]`;
}

function showInstruction(instruction: Instruction): string {
  switch (instruction.kind) {
    case 'assign':
      return `${instruction.dst} = ${showExpr(instruction.value)}`;
    case 'load': {
      const { dst, address, tags, type, exclusive } = instruction;
      const verb = exclusive ? 'load-exclusive' : 'load';
      const ifZero = instruction.zeroTags === undefined ? '' : `, if 0 ${showTags(instruction.zeroTags)}`;
      const pair = instruction.beside === undefined ? '' : ' (beside)';
      return `${dst ?? '_'} = ${verb}${pair}${showTags(tags)}${showType(type)} ${showExpr(address)}${ifZero}`;
    }
    case 'store': {
      const { address, value, tags, type, beside } = instruction;
      return `store${beside === undefined ? '' : ' (beside)'}${showTags(tags)}${showType(type)} ${showExpr(address)} = ${showExpr(value)}`;
    }
    case 'store-exclusive': {
      const { status, address, value, tags, type } = instruction;
      return `${status} = store-exclusive${showTags(tags)}${showType(type)} ${showExpr(address)} = ${showExpr(value)}`;
    }
    case 'rmw': {
      const { dst, address, when, update, result, readTags, writeTags, fences, fail, type, swap } =
        instruction;
      const guard = when === null ? '' : ` when ${showExpr(when)}`;
      const otherwise =
        when === null
          ? ''
          : fail === null
            ? ' else block'
            : ` else ${showTags(fail.tags)} ${showExpr(fail.result)}`;
      const kind = `rmw${showTags(readTags)}${showTags(writeTags)}${showType(type)}`;
      const between = fences === undefined ? '' : ` between ${showTags(fences)}`;
      return `${dst ?? '_'} = ${kind} ${showExpr(address)} = ${showExpr(update)}${guard} -> ${showExpr(result)}${otherwise}${between}${swap === undefined ? '' : ` swap ${showExpr(swap.expected)}`}`;
    }
    case 'clear-monitor':
      return 'clear-monitor';
    case 'fence': {
      const about = instruction.address === undefined ? '' : ` ${showExpr(instruction.address)}`;
      return `fence${showTags(instruction.tags)}${about}`;
    }
    case 'branch': {
      const { condition, target, join } = instruction;
      return `if ${showExpr(condition)} goto ${target} (join ${join ?? 'never'})`;
    }
    case 'jump':
      return `goto ${instruction.target}`;
    case 'assume':
      return `assume ${showExpr(instruction.condition)}`;
    default:
      return assertNever(instruction);
  }
}

function showProposition(proposition: Proposition, program: Program): string {
  const operand = (o: Operand): string =>
    o.kind === 'observable' ? program.observed[o.index]!.display : showConstant(o.value);
  switch (proposition.kind) {
    case 'constant':
      return String(proposition.value);
    case 'compare':
      return `${operand(proposition.left)} ${proposition.op} ${operand(proposition.right)}`;
    case 'not':
      return `~(${showProposition(proposition.operand, program)})`;
    case 'and':
    case 'or':
    case 'implies': {
      const symbol = { and: '/\\', or: '\\/', implies: '=>' }[proposition.kind];
      return `(${showProposition(proposition.left, program)} ${symbol} ${showProposition(proposition.right, program)})`;
    }
    default:
      return assertNever(proposition);
  }
}

/** The whole program, one instruction a line with its index, the question last. */
export function showProgram(program: Program): string {
  const cells = program.locations.map((l) => `${l.name} = ${showConstant(l.initial)};`);
  const threads = program.threads.flatMap((thread) => [
    `${thread.name}:`,
    ...thread.code.map((instruction, index) => `  ${index}: ${showInstruction(instruction)}`),
  ]);
  const { quantifier, proposition } = program.condition;
  const filter = program.filter === null ? [] : [`filter ${showProposition(program.filter, program)}`];
  const question = `${quantifier} ${showProposition(proposition, program)}`;
  const observed = `observe ${program.observed.map((o) => o.display).join(' ')}`;
  return [`${program.dialect} { ${cells.join(' ')} }`, ...threads, observed, ...filter, question].join('\n');
}
