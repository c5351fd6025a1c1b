/** The arithmetic of the kernel's atomic operations, as parts of a read-modify-write instruction. */

import type { Expr, RmwInstruction } from '../program/ir.js';
import type { IntType } from '../program/value.js';
import { type CType, cInt, storageOf } from './c-type.js';
import { binaryExpr, convertExpr, type Typed, unaryExpr } from './c-values.js';
import { type Action, type BitOp, orderTags } from './primitives.js';

/** A read-modify-write as its family describes it; `resultType` null: nothing is returned. */
export type AtomicCall = Pick<
  RmwInstruction,
  'when' | 'update' | 'result' | 'readTags' | 'writeTags' | 'fail'
> & { readonly resultType: CType | null };

const OLD: Expr = { kind: 'old' };

function number(value: number): Expr {
  return { kind: 'const', value };
}

/** What an atomic operation on a cell of type `type` does with its arguments. */
export function atomicUpdate(
  action: Action & { kind: 'atomic' | 'add-unless' },
  type: CType,
  values: readonly Typed[],
): AtomicCall {
  const bits = storageOf(type);
  if (action.kind === 'add-unless') return addUnless(action, type, values);
  const given = action.operand === null ? values[0]!.expr : number(action.operand);
  const operand = action.complement ? unaryExpr('~', given, bits) : given;
  const update = binaryExpr(action.op, OLD, operand, bits);
  const { read, write } = orderTags(action.order);
  const isSilent = action.result === 'none';
  const isUnordered = isSilent && action.order === 'relaxed';
  return {
    when: null,
    update,
    result: resultOf(action.result, update, bits),
    readTags: isUnordered ? ['Noreturn'] : read,
    writeTags: write,
    fail: null,
    resultType: isSilent ? null : action.result === 'old' || action.result === 'new' ? type : cInt,
  };
}

function resultOf(
  result: (Action & { kind: 'atomic' })['result'],
  update: Expr,
  type: RmwInstruction['type'],
): Expr {
  switch (result) {
    case 'none':
    case 'old':
      return OLD;
    case 'new':
      return update;
    case 'zero':
      return { kind: 'binary', op: '==', left: update, right: number(0), type };
    case 'negative':
      return { kind: 'binary', op: '<', left: update, right: number(0), type };
  }
}

/** The condition under which it adds. */
function whenToAdd(
  { unless }: Action & { kind: 'add-unless' },
  update: Expr,
  argument: Expr | undefined,
  type: IntType,
): { readonly op: '!=' | '>=' | '<='; readonly left: Expr; readonly right: Expr; readonly type: IntType } {
  const zero = number(0);
  switch (unless) {
    case 'argument':
      return { op: '!=', left: OLD, right: argument!, type };
    case 'zero':
      return { op: '!=', left: OLD, right: zero, type };
    case 'negative':
      return { op: '>=', left: OLD, right: zero, type };
    case 'positive':
      return { op: '<=', left: OLD, right: zero, type };
    case 'underflow':
      return { op: '>=', left: update, right: zero, type };
  }
}

function addUnless(
  action: Action & { kind: 'add-unless' },
  type: CType,
  values: readonly Typed[],
): AtomicCall {
  const bits = storageOf(type);
  const operand = action.operand === null ? values[0]!.expr : number(Math.abs(action.operand));
  const op = action.operand === -1 ? '-' : '+';
  const update: Expr = { kind: 'binary', op, left: OLD, right: operand, type: bits };
  const { read, write } = orderTags(action.order);
  const value = action.result === 'old' ? OLD : update;
  const isTruth = action.result === 'done';
  return {
    when: { kind: 'binary', ...whenToAdd(action, update, values[1]?.expr, bits) },
    update,
    result: isTruth ? number(1) : value,
    readTags: read,
    writeTags: write,
    fail: { tags: ['Once'], result: isTruth ? number(0) : value },
    resultType: isTruth ? cInt : type,
  };
}

/** The word in which only this bit is set. */
export function bitMask(bit: Expr, type: IntType): Expr {
  return binaryExpr('<<', number(1), bit, type);
}

/** The bit as 0 or 1, shifted down: unlike a comparison, an address that is computed from it depends on the word on every machine. */
export function shiftedBit(word: Expr, bit: Expr, type: IntType): Expr {
  const shifted = bit.kind === 'const' && bit.value === 0 ? word : binaryExpr('>>', word, bit, type);
  return convertExpr(binaryExpr('&', shifted, number(1), type), type, storageOf(cInt));
}

/** The word with the bit changed. */
export function changedBit(op: BitOp, word: Expr, mask: Expr, type: IntType): Expr {
  // Signed, the complement of one bit is a small number.
  if (op === 'clear') return binaryExpr('&', word, unaryExpr('~', mask, { ...type, signed: true }), type);
  return binaryExpr(op === 'set' ? '|' : '^', word, mask, type);
}

/** What a bit operation does to its word. Without a result and an order it is an atomic_long_or() or the like. */
export function bitUpdate(action: Action & { kind: 'bit' }, type: IntType, mask: Expr): AtomicCall {
  const { op, returns, order, lock } = action;
  const { read, write } = orderTags(order);
  const isSet = binaryExpr('!=', binaryExpr('&', OLD, mask, type), number(0), type);
  const isClear = binaryExpr('==', binaryExpr('&', OLD, mask, type), number(0), type);
  return {
    when: lock ? isClear : null,
    update: changedBit(op, OLD, mask, type),
    result: lock ? number(0) : returns ? isSet : OLD,
    readTags: !returns && order === 'relaxed' ? ['Noreturn'] : read,
    writeTags: write,
    fail: lock ? { tags: ['Once'], result: number(1) } : null,
    resultType: returns ? cInt : null,
  };
}
