/** Resolves C lvalues: locals, and the memory that pointers and fields lead to. */
import type { CExpression } from '../syntax/c-tree.js';
import { errorAt } from '../text/diagnostic.js';
import { spanText } from '../text/source.js';
import { mayBeAddress } from './c-conversions.js';
import { showType } from './c-type.js';
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
      e.value(tree.index);
      fail(e, tree, 'unsupported-array', 'arrays are not supported yet', 'use one object for each element');
      return null;
    case 'call':
      if (tree.callee === 'data_race' && tree.arguments.length === 1) return e.place(tree.arguments[0]!);
      break;
  }
  fail(e, tree, 'not-a-place', `\`${spanText(tree.span)}\` is a value, not a variable`);
  return null;
}

/** What a pointer points to. */
export function targetOf(e: Evaluator, pointer: Typed, tree: CExpression): Memory | null {
  const { type } = pointer;
  if (type.kind === 'pointer') return { kind: 'memory', pointer, type: type.to };
  if (mayBeAddress(pointer)) return { kind: 'memory', pointer, type };
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
    base = { ...place.pointer, type: { kind: 'pointer', to: place.type } };
    if (place.pointer.object !== null) base = e.scope.addressOf(place.pointer.object);
  }
  if (base.type.kind === 'error') return null;
  if (base.type.kind !== 'pointer' || base.type.to.kind !== 'struct') {
    const message = `\`${spanText(of.span)}\` is ${showType(base.type)}, not ${arrow ? 'a pointer to a struct' : 'a struct'}`;
    fail(e, tree, 'not-a-struct', message);
    return null;
  }
  const { tag } = base.type.to;
  if (base.object !== null) {
    const separator = base.object.name.includes('->') ? '.' : '->';
    const pointer = e.scope.addressOf(e.objects.field(base.object, field, separator, tree.span));
    return { kind: 'memory', pointer, type: pointer.object!.type };
  }
  const found = fieldAddress(e.objects, base.expr, tag, field, tree.span);
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
