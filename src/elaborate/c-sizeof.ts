/** `sizeof`: the type of an operand, which is not evaluated (C11 6.5.3.4). */
import type { CExpression } from '../syntax/c-tree.js';
import { errorAt } from '../text/diagnostic.js';
import { type CType, cError, cInt, cUnsignedLong, showType, typeFromTree } from './c-type.js';
import { constant, failed, literalType, promote, type Typed } from './c-values.js';
import type { Evaluator } from './evaluator.js';

type SizeofTree = CExpression & { kind: 'sizeof' };

export function lowerSizeof(e: Evaluator, tree: SizeofTree): Typed {
  const type = 'kind' in tree.of ? typeOf(e, tree.of) : typeFromTree(tree.of, e.report);
  if (type === null) {
    const message = 'the size of this expression is not known here';
    e.report(errorAt(tree.span, 'unknown-size', message, { hint: 'write `sizeof(type)`' }));
    return failed;
  }
  if (type.kind === 'error') return failed;
  const size = e.objects.types.sizeOf(type);
  if (size !== null) return constant(size, cUnsignedLong);
  const hint = `define it above the threads: \`${showType(type)} { ... };\``;
  e.report(errorAt(tree.span, 'unknown-size', `${showType(type)} has no definition`, { hint }));
  return failed;
}

/** Null: not one of the forms that are understood. The error type after a report. */
function typeOf(e: Evaluator, tree: CExpression): CType | null {
  switch (tree.kind) {
    case 'number':
      return literalType(tree.value, tree.suffix, tree.radix);
    case 'name':
      return typeOfName(e, tree);
    case 'cast':
      return typeFromTree(tree.type, e.report);
    case 'sizeof':
      return cUnsignedLong;
    case 'unary':
      return typeOfUnary(e, tree);
    case 'index': {
      const array = typeOf(e, tree.array);
      return array?.kind === 'array' ? array.of : pointee(array);
    }
    case 'field': {
      const object = typeOf(e, tree.object);
      const struct = tree.arrow ? pointee(object) : object;
      if (struct?.kind !== 'struct') return struct?.kind === 'error' ? struct : null;
      const { types } = e.objects;
      return types.find(struct.tag) === null
        ? null
        : (types.find(struct.tag)!.fields.get(tree.field) ?? null);
    }
    default:
      return null;
  }
}

function typeOfName(e: Evaluator, tree: CExpression & { kind: 'name' }): CType | null {
  const local = e.locals.find(tree.name);
  if (local !== null) return local.type.kind === 'auto' ? null : local.type;
  const object = e.scope.parameters.get(tree.name);
  if (object !== undefined) return e.scope.addressOf(object).type;
  return e.scope.unknown(tree).type;
}

function typeOfUnary(e: Evaluator, tree: CExpression & { kind: 'unary' }): CType | null {
  const operand = typeOf(e, tree.operand);
  if (operand === null || operand.kind === 'error') return operand;
  switch (tree.op) {
    case '*':
      return operand.kind === 'array' ? operand.of : pointee(operand);
    case '&':
      return { kind: 'pointer', to: operand };
    case '!':
      return cInt;
    default:
      return operand.kind === 'int' ? promote(operand) : null;
  }
}

function pointee(type: CType | null): CType | null {
  if (type === null || type.kind === 'error') return type === null ? null : cError;
  return type.kind === 'pointer' ? type.to : null;
}
