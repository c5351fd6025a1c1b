/** The arithmetic of the kernel's atomic operations, as parts of a read-modify-write instruction. */

import { type CType, cInt, storageOf } from './c-type.js';
import { binaryExpr, type Typed, unaryExpr } from './c-values.js';
import type { Expr, RmwInstruction } from './ir.js';
import { type Action, orderTags } from './primitives.js';

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
  if (action.kind === 'add-unless') {
    const operand = action.operand === null ? values[0]!.expr : number(action.operand);
    const unless = action.operand === null ? values[1]!.expr : number(0);
    const returnsOld = action.result === 'old';
    return {
      when: { kind: 'binary', op: '!=', left: OLD, right: unless, type: bits },
      update: { kind: 'binary', op: '+', left: OLD, right: operand, type: bits },
      result: returnsOld ? OLD : number(1),
      readTags: orderTags('full').read,
      writeTags: orderTags('full').write,
      fail: { tags: ['Once'], result: returnsOld ? OLD : number(0) },
      resultType: returnsOld ? type : cInt,
    };
  }
  const given = action.operand === null ? values[0]!.expr : number(action.operand);
  const operand = action.complement ? unaryExpr('~', given, bits) : given;
  const update = binaryExpr(action.op, OLD, operand, bits);
  const { read, write } = orderTags(action.order);
  const isSilent = action.result === 'none';
  return {
    when: null,
    update,
    result: resultOf(action.result, update, bits),
    readTags: isSilent ? ['Noreturn'] : read,
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
