/** Lowers calls of atomic operations, exchanges and bit operations. */

import type { Expr } from '../program/ir.js';
import { spanText } from '../text/source.js';
import {
  type AtomicCall,
  atomicUpdate,
  bitMask,
  bitUpdate,
  changedBit,
  shiftedBit,
} from './atomic-updates.js';
import { assignLocal } from './c-assignments.js';
import { cInt, cUnsignedLong, cVoid, showType, storageOf } from './c-type.js';
import {
  binaryExpr,
  constantOf,
  convertExpr,
  failed,
  type Typed,
  truth,
  typed,
  valueType,
} from './c-values.js';
import { type Call, nothing, number, OLD } from './call-arguments.js';
import type { Access, Wanted } from './evaluator.js';
import type { Local } from './locals.js';
import { type Action, orderTags } from './primitives.js';

type AtomicAction = Action & { kind: 'atomic' | 'exchange' | 'compare' | 'add-unless' };

export function lowerAtomic(call: Call, action: AtomicAction): Typed {
  const { e } = call;
  const memory = call.memory();
  const values = call.tree.arguments.filter((_, i) => call.row.parameters[i] === 'value');
  const operands = values.map((tree) => e.value(tree));
  const expected = action.kind === 'compare' && action.try ? call.expectedLocal() : null;
  if (memory === null || (action.kind === 'compare' && action.try && expected === null)) return failed;
  const access = e.memory.access(memory, call.target());
  if (access === null) return failed;
  const fitted = operands.map((value, i) => e.conversions.fit(value, access.type, values[i]!));
  if (fitted.some((value) => value.type.kind === 'error')) return failed;
  if (access.type.kind === 'pointer' && action.kind !== 'exchange' && action.kind !== 'compare') {
    call.fail(call.target(), 'pointer-arithmetic', `\`${call.name}\` does not apply to a pointer`);
    return failed;
  }
  if (action.kind === 'compare' && action.wide && access.storage.bits !== 64) {
    const message = `\`${call.name}\` changes 64 bits, but \`${spanText(call.target().span)}\` is the address of ${showType(access.type)}`;
    call.fail(call.target(), 'wrong-width', message, 'use `cmpxchg()`');
    return failed;
  }
  if (action.kind === 'compare')
    return lowerCompare(
      call,
      action,
      access,
      expected === null ? fitted : [localValue(expected), ...fitted],
      expected,
    );
  if (action.kind === 'exchange') {
    const { read, write } = orderTags(action.order);
    return emitRmw(call, access, {
      when: null,
      update: fitted[0]!.expr,
      result: OLD,
      readTags: read,
      writeTags: write,
      fail: null,
      resultType: access.type,
    });
  }
  return emitRmw(call, access, atomicUpdate(action, access.type, fitted));
}

/** cmpxchg returns the old value; try_cmpxchg also leaves it in its local, and returns whether it was the expected one. */
function lowerCompare(
  call: Call,
  action: Action & { kind: 'compare' },
  access: Access,
  [expected, desired]: readonly Typed[],
  local: Local | null,
): Typed {
  const { read, write } = orderTags(action.order);
  const type = access.storage;
  const update: AtomicCall = {
    when: { kind: 'binary', op: '==', left: OLD, right: expected!.expr, type },
    update: desired!.expr,
    result: OLD,
    readTags: read,
    writeTags: write,
    fail: { tags: ['Once'], result: OLD },
    resultType: access.type,
  };
  if (local === null) return emitRmw(call, access, update);
  const { e } = call;
  const old = emitRmw(call, access, update, null);
  const done = e.code.temporary(storageOf(cInt));
  const same: Expr = { kind: 'binary', op: '==', left: old.expr, right: expected!.expr, type };
  e.code.emit({ kind: 'assign', dst: done, value: same });
  assignLocal(e, local, e.conversions.fit(old, local.type, call.tree));
  return truth({ kind: 'register', name: done });
}

function emitRmw(
  call: Call,
  access: Access,
  { resultType, ...update }: AtomicCall,
  wanted: Wanted = call.wanted,
): Typed {
  const { e } = call;
  const { action } = call.row;
  const { fences } = 'order' in action ? orderTags(action.order) : {};
  const destination = e.memory.destination(resultType ?? cVoid, resultType === null ? 'nothing' : wanted);
  // a local of the same width and another sign gets the value as its own type has it
  const fitted = (result: Expr): Expr =>
    resultType?.kind === 'int' && destination.type.kind === 'int'
      ? convertExpr(result, storageOf(resultType), storageOf(destination.type))
      : result;
  e.code.emit(
    {
      kind: 'rmw',
      dst: destination.dst,
      address: access.address,
      type: access.storage,
      ...update,
      result: fitted(update.result),
      fail: update.fail === null ? null : { ...update.fail, result: fitted(update.fail.result) },
      ...(fences === undefined ? {} : { fences }),
    },
    call.row.primitive,
  );
  return resultType === null ? nothing : e.memory.resultIn(destination);
}

function localValue(local: Local): Typed {
  return typed({ kind: 'register', name: local.name }, local.type);
}

/** The cell, the bit's number and its mask; null after a report. */
function bitOf(call: Call): { readonly access: Access; readonly bit: Expr; readonly mask: Expr } | null {
  const { e } = call;
  const tree = call.argument('value');
  const number = e.value(tree);
  const memory = call.memory();
  if (memory === null || number.type.kind === 'error') return null;
  const target = call.target();
  const access = e.memory.access(memory, target);
  if (access === null || !e.conversions.isScalar(number, tree)) return null;
  const { bits } = access.storage;
  if (bits !== 64 || access.type.kind !== 'int') {
    const message = `\`${call.name}\` works on an unsigned long, but \`${spanText(target.span)}\` is the address of ${showType(access.type)}`;
    return call.fail(target, 'wrong-width', message, 'declare it as `unsigned long *`');
  }
  const known = constantOf(number);
  if (known !== null && (typeof known !== 'number' || known < 0 || known >= bits)) {
    const message = `bit ${spanText(tree.span)} is outside of the ${bits} bits of \`${spanText(target.span)}\``;
    return call.fail(tree, 'bit-number', message, 'a bitmap of several words is one cell for each word');
  }
  const bit = convertExpr(number.expr, valueType(number.type), access.storage);
  return { access, bit, mask: bitMask(bit, access.storage) };
}

/** Whether a bit is set in a word, as 0 or 1: the comparison of include/asm-generic/bitops/generic-non-atomic.h. */
function bitIn(word: Expr, mask: Expr): Typed {
  const type = storageOf(cUnsignedLong);
  return truth(binaryExpr('!=', binaryExpr('&', word, mask, type), number(0), type));
}

export function lowerBit(call: Call, action: Action & { kind: 'bit' }): Typed {
  const bit = bitOf(call);
  return bit === null ? failed : emitRmw(call, bit.access, bitUpdate(action, bit.access.storage, bit.mask));
}

export function lowerTestBit(call: Call, tags: readonly string[]): Typed {
  const found = bitOf(call);
  if (found === null) return failed;
  const { access, bit } = found;
  return truth(shiftedBit(readWord(call, access, tags), bit, access.storage));
}

function readWord(call: Call, { address, storage }: Access, tags: readonly string[]): Expr {
  const { code } = call.e;
  const dst = code.temporary(storage);
  code.emit({ kind: 'load', dst, address, type: storage, tags, exclusive: false }, call.row.primitive);
  return { kind: 'register', name: dst };
}

/** The bit operations that begin with `__`: a read and a write of the word. */
export function lowerSplitBit(call: Call, action: Action & { kind: 'split-bit' }): Typed {
  const bit = bitOf(call);
  if (bit === null) return failed;
  const { access, mask } = bit;
  const word = readWord(call, access, action.read);
  call.store(access.address, changedBit(action.op, word, mask, access.storage), access.storage, action.write);
  return action.returns ? bitIn(word, mask) : nothing;
}
