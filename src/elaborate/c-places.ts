/** Resolves C lvalues: locals, and the memory that pointers and fields lead to. */

import type { Expr } from '../program/ir.js';
import { INT64 } from '../program/value.js';
import type { CExpression } from '../syntax/c-tree.js';
import { errorAt } from '../text/diagnostic.js';
import { spanText } from '../text/source.js';
import { heldAddress } from './c-conversions.js';
import { isEndOfArray } from './c-pointers.js';
import { type CType, showType } from './c-type.js';
import { type Typed, typed } from './c-values.js';
import type { Evaluator, Memory, Place } from './evaluator.js';
import { kernelConstants } from './kernel-names.js';
import { fieldAddress } from './pointers.js';

function fail(
  e: Evaluator,
  tree: CExpression,
  code: string,
  message: string,
  hint: string | null = null,
): null {
  e.report(errorAt(tree.span, code, message, { hint }));
  return null;
}

/** What an expression on the left of an assignment names; null after a report. */
export function lowerPlace(e: Evaluator, tree: CExpression): Place | null {
  switch (tree.kind) {
    case 'name': {
      const local = e.locals.find(tree.name);
      if (local !== null) return { kind: 'local', local };
      const object = e.scope.parameters.get(tree.name);
      if (object !== undefined) {
        const message = `\`${tree.name}\` is a parameter: the address of the shared \`${tree.name}\``;
        const isStruct = object.type.kind === 'struct';
        const hint = isStruct
          ? `name a field: \`${tree.name}->...\``
          : `write \`*${tree.name}\` for what it points to`;
        fail(e, tree, 'parameter-as-variable', message, hint);
      } else if (kernelConstants.has(tree.name))
        fail(e, tree, 'not-a-place', `\`${tree.name}\` is a constant`);
      else e.scope.unknown(tree);
      return null;
    }
    case 'unary':
      if (tree.op === '*') return targetOf(e, e.value(tree.operand), tree.operand);
      break;
    case 'field':
      return fieldPlace(e, tree);
    case 'index':
      return elementPlace(e, tree);
    case 'call':
      if (tree.callee === 'data_race' && tree.arguments.length === 1) return e.place(tree.arguments[0]!);
      break;
  }
  fail(e, tree, 'not-a-place', `\`${spanText(tree.span)}\` is a value, not a variable`);
  return null;
}

/** `a[i]` is `*(a + i)` (C11 6.5.2.1), so `i[a]` as well. */
function elementPlace(e: Evaluator, tree: CExpression & { kind: 'index' }): Memory | null {
  const element = elementAddress(e, tree);
  return element === null ? null : targetOf(e, element, tree);
}

/** Null after a report. */
export function elementAddress(e: Evaluator, tree: CExpression & { kind: 'index' }): Typed | null {
  const array = e.held(e.value(tree.array), tree.index);
  const index = e.value(tree.index);
  if (array.type.kind === 'error' || index.type.kind === 'error') return null;
  if (array.type.kind !== 'pointer' && index.type.kind !== 'pointer') {
    fail(
      e,
      tree,
      'not-an-array',
      `\`${spanText(tree.array.span)}\` is ${showType(array.type)}, not an array`,
    );
    return null;
  }
  const element = e.conversions.operate('+', array, index, tree, [tree.array, tree.index]);
  return element.type.kind === 'error' ? null : element;
}

/** An array as a value: a pointer to its first element (C11 6.3.2.1). */
export function decayed({ pointer }: Memory, type: CType & { kind: 'array' }): Typed {
  return { ...pointer, expr: pointer.expr, type: { kind: 'pointer', to: type.of } };
}

/** What a pointer points to. */
export function targetOf(e: Evaluator, pointer: Typed, tree: CExpression): Memory | null {
  const { type } = pointer;
  if (isEndOfArray(pointer)) {
    const message = `\`${spanText(tree.span)}\` is behind the last element of its array`;
    fail(e, tree, 'out-of-bounds', message);
    return null;
  }
  if (type.kind === 'pointer') return { kind: 'memory', pointer, type: type.to };
  const held = heldAddress(type);
  if (held !== null) return { kind: 'memory', pointer, type: held };
  if (type.kind !== 'error')
    fail(
      e,
      tree,
      'not-a-pointer',
      `\`${spanText(tree.span)}\` is ${showType(type)}, not a pointer`,
      tree.kind === 'name' ? `declare it as a pointer: \`${showType(type)} *${tree.name}\`` : null,
    );
  return null;
}

/** The pointer in a register of its own if it has to be computed: the address of a field mentions it more than once. */
function inRegister({ code }: Evaluator, pointer: Expr): Expr {
  if (pointer.kind === 'const' || pointer.kind === 'register') return pointer;
  const name = code.temporary(INT64);
  code.emit({ kind: 'assign', dst: name, value: pointer });
  return { kind: 'register', name };
}

function fieldPlace(e: Evaluator, tree: CExpression & { kind: 'field' }): Memory | null {
  const { object: of, field, arrow } = tree;
  let base: Typed;
  if (arrow) base = e.value(of);
  else {
    const place = e.place(of);
    if (place === null) return null;
    if (place.kind === 'local') {
      const message = `\`${spanText(of.span)}\` is ${showType(place.local.type)}, not a struct`;
      const hint = place.local.type.kind === 'pointer' ? `write \`${spanText(of.span)}->${field}\`` : null;
      fail(e, tree, 'not-a-struct', message, hint);
      return null;
    }
    const { object } = place.pointer;
    base =
      object === null
        ? { ...place.pointer, type: { kind: 'pointer', to: place.type } }
        : e.scope.addressOf(object);
  }
  if (base.type.kind === 'error') return null;
  if (base.type.kind !== 'pointer' || base.type.to.kind !== 'struct') {
    const found = arrow || base.type.kind !== 'pointer' ? base.type : base.type.to;
    const message = `\`${spanText(of.span)}\` is ${showType(found)}, not ${arrow ? 'a pointer to a struct' : 'a struct'}`;
    const isPointer = !arrow && found.kind === 'pointer' && found.to.kind === 'struct';
    fail(e, tree, 'not-a-struct', message, isPointer ? `write \`${spanText(of.span)}->${field}\`` : null);
    return null;
  }
  const { tag } = base.type.to;
  if (base.object !== null) {
    const found = e.objects.field(base.object, field, '->', tree.span);
    return { kind: 'memory', pointer: e.scope.addressOf(found), type: found.type };
  }
  const found = fieldAddress(e.objects, inRegister(e, base.expr), tag, field, tree.span);
  if (found === null) {
    fail(
      e,
      tree,
      'unknown-object',
      `no object of type struct ${tag} is declared that \`${spanText(of.span)}\` could point to`,
    );
    return null;
  }
  return {
    kind: 'memory',
    pointer: typed(found.address, { kind: 'pointer', to: found.type }),
    type: found.type,
  };
}
