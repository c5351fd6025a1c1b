/** Lowers assignments: `=`, `+=` and the like, `++` and `--`, on locals and as plain accesses of memory. */

import { INT64 } from '../program/value.js';
import type { CExpression } from '../syntax/c-tree.js';
import { errorAt, warningAt } from '../text/diagnostic.js';
import { didYouMean } from '../text/suggest.js';
import { cInt, showType, storageOf } from './c-type.js';
import { applyOperator, constant, constantOf, failed, type Typed, typed } from './c-values.js';
import type { Evaluator, Memory, Place } from './evaluator.js';
import type { Local } from './locals.js';

type AssignTree = CExpression & { kind: 'assign' };
type StepTree = CExpression & { kind: 'step' };

/** Puts a value into a local. */
export function assignLocal(e: Evaluator, local: Local, value: Typed): void {
  if (local.type.kind === 'auto') e.memory.settle(local, value.type);
  const { expr } = value;
  if (expr.kind === 'register' && expr.name === local.name) return;
  e.code.emit({ kind: 'assign', dst: local.name, value: expr });
}

/** A new register with this value. */
export function assignTemporary({ code }: Evaluator, { type, expr }: Typed): Typed {
  const name = code.temporary(storageOf(type));
  code.emit({ kind: 'assign', dst: name, value: expr });
  return typed({ kind: 'register', name }, type);
}

function localValue(local: Local): Typed {
  return typed({ kind: 'register', name: local.name }, local.type);
}

/** The value as the local takes it, put into it. */
function assignFitted(e: Evaluator, local: Local, value: Typed, tree: CExpression): Typed {
  const fitted =
    local.type.kind !== 'auto'
      ? e.conversions.fit(value, local.type, tree)
      : e.conversions.isScalar(value, tree)
        ? value
        : failed;
  if (fitted.type.kind === 'error') return failed;
  const keepsAddress = value.type.kind === 'pointer' && local.type.kind === 'int' && !isNull(value);
  if (keepsAddress) widenForAddress(e, local);
  assignLocal(e, local, keepsAddress ? typed(value.expr, local.type) : fitted);
  return localValue(local);
}

function isNull(value: Typed): boolean {
  return constantOf(value) === 0;
}

/**
 * Old tests keep addresses in an `int`, which is reported where it is assigned. From there on the local holds addresses and may be
 * dereferenced, as if it were an intptr_t that leads to such ints.
 */
function widenForAddress(e: Evaluator, local: Local): void {
  const { type } = local;
  if (type.kind !== 'int' || type.type.bits === 64) return;
  local.type = { ...type, type: INT64, holds: 'address', to: type };
  e.code.declare(local.name, INT64, 0);
}

/** `a = b`, `a += b`; the value is that of `a` afterwards. `implicit`: r0, r1 ... need no declaration, and no warning. */
export function lowerAssignment(e: Evaluator, tree: AssignTree, implicit: boolean): Typed {
  const { op } = tree;
  if (op === null) declareRegister(e, tree, implicit);
  const place = e.place(tree.target);
  if (place === null) {
    e.value(tree.value);
    return failed;
  }
  if (op !== null)
    return update(e, place, tree, (old) => {
      const value = e.value(tree.value);
      return op === '&&' || op === '||'
        ? failed
        : e.conversions.operate(op, old, value, tree, [tree.target, tree.value]);
    });
  if (place.kind === 'local')
    return assignFitted(e, place.local, e.value(tree.value, place.local), tree.value);
  return storePlain(e, place, tree, e.value(tree.value));
}

/**
 * Old tests read into locals that they do not declare; the reference tool takes them for registers. Here too, with a warning, for such
 * a name may be mistyped; but r0, r1 ... are customary in threads without declarations. A constant is more likely meant for a
 * shared variable: an error.
 */
function declareRegister(e: Evaluator, { target, value }: AssignTree, implicit: boolean): void {
  const { scope, locals, code } = e;
  if (target.kind !== 'name' || locals.function !== null || scope.isKnown(target.name)) return;
  const { name, span } = target;
  if (!implicit || !/^r\d+$/.test(name)) {
    if (value.kind !== 'call') return;
    const hint = didYouMean(name, [...locals.all.keys()]) ?? `declare it: \`int ${name};\``;
    const message = `\`${name}\` is not declared: it is taken for a local`;
    e.report(warningAt(span, 'undeclared-local', message, { hint }));
  }
  locals.declareForThread(name, { kind: 'auto' }, span);
  code.declare(name, storageOf(cInt), 0);
}

function storePlain(e: Evaluator, place: Memory, tree: AssignTree, value: Typed): Typed {
  const access = e.memory.access(place, tree.target, true);
  if (access === null) return failed;
  const fitted = e.conversions.fit(value, access.type, tree.value);
  if (fitted.type.kind === 'error') return failed;
  e.memory.storePlain(access.address, fitted.expr, access.storage);
  return fitted;
}

/** Reads a place, computes, writes it back: no atomic operation. */
function update(
  e: Evaluator,
  place: Place,
  tree: AssignTree | StepTree,
  compute: (old: Typed) => Typed,
): Typed {
  if (place.kind === 'local') {
    e.locals.noteRead(place.local, e.code.length, tree.target.span);
    const value = compute(localValue(place.local));
    return value.type.kind === 'error' ? failed : assignFitted(e, place.local, value, tree);
  }
  const old = e.memory.load(place, tree.target, ['Plain'], null, null);
  const value = compute(old);
  if (old.type.kind === 'error' || value.type.kind === 'error') return failed;
  const fitted = e.conversions.fit(value, place.type, tree);
  if (fitted.type.kind === 'error') return failed;
  e.memory.storePlain(place.pointer.expr, fitted.expr, storageOf(place.type));
  return fitted;
}

/** `++x`, `x++`; `needed`: somebody looks at the value. */
export function lowerStep(e: Evaluator, tree: StepTree, needed: boolean): Typed {
  const place = e.place(tree.target);
  if (place === null) return failed;
  let before: Typed = failed;
  const after = update(e, place, tree, (old) => {
    if (old.type.kind !== 'int' && old.type.kind !== 'pointer') {
      const message = `\`${tree.op}\` does not apply to ${showType(old.type)}`;
      if (old.type.kind !== 'error') e.report(errorAt(tree.span, 'pointer-arithmetic', message));
      return failed;
    }
    before = old;
    if (needed && !tree.prefix && place.kind === 'local') {
      before = assignTemporary(e, old);
    }
    const op = tree.op === '++' ? '+' : '-';
    if (old.type.kind === 'int') return applyOperator(op, old, constant(1));
    return e.conversions.operate(op, old, constant(1), tree, [tree.target, tree.target]);
  });
  return tree.prefix || after.type.kind === 'error' ? after : before;
}
