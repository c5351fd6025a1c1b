/**
 * AArch64's single-instruction atomics (FEAT_LSE): CAS, SWP, LD<op> and ST<op>.
 *
 * Source: Arm ARM (DDI 0487), C6.2 of each instruction and B2.3: an atomic whose result goes to the zero register (which
 * ST<op> is) has no acquire semantics, and its read is not ordered by DMB LD: the tag NoRet. A CAS that fails is its read alone.
 */

import type { BinaryOp, Expr } from '../program/ir.js';
import type { IntType } from '../program/value.js';
import type { AsmInstruction, RegisterOperand } from '../syntax/asm-tree.js';
import { accessBits, extendLoaded, isMemory, isRegister } from './asm-access.js';
import { binary, OLD, type ThreadBuilder } from './asm-thread.js';

const UPDATES: Readonly<Record<string, BinaryOp>> = { add: '+', set: '|', eor: '^', clr: '&' };

function updateOf(op: string, operand: Expr, bits: IntType['bits']): Expr {
  const signed: IntType = { bits, signed: op[0] !== 'u' };
  if (op === 'clr') return binary('&', OLD, { kind: 'unary', op: '~', operand, type: signed }, signed);
  const plain = UPDATES[op];
  if (plain !== undefined) return binary(plain, OLD, operand, signed);
  const older = binary(op.endsWith('max') ? '>' : '<', OLD, operand, signed);
  return { kind: 'select', condition: older, then: OLD, otherwise: operand, arithmetic: true };
}

function writeTags(order: string): readonly string[] {
  return order.includes('l') ? ['L'] : [];
}

/** `update` of memory at the last operand, whose old value goes to `target` (null: nowhere). */
function readModifyWrite(
  builder: ThreadBuilder,
  instruction: AsmInstruction,
  target: RegisterOperand | null,
  bits: IntType['bits'],
  order: string,
  updateFrom: () => Expr,
): void {
  const memory = instruction.operands.at(-1);
  if (!isMemory(memory) || memory.mode !== 'offset') {
    builder.badOperands('registers and an address in brackets');
    return;
  }
  const { address } = builder.address(memory);
  const type = builder.accessType(address, bits, instruction.span);
  const update = updateFrom();
  const dst = target === null ? null : builder.destination(target);
  const readTags = dst === null ? ['NoRet'] : order.startsWith('a') ? ['A'] : [];
  builder.emit({
    kind: 'rmw',
    dst,
    address,
    type,
    when: null,
    update,
    result: OLD,
    readTags,
    writeTags: writeTags(order),
    fail: null,
  });
  if (target !== null && dst !== null) extendLoaded(builder, target, dst, bits, false);
}

function compareAndSwap(
  builder: ThreadBuilder,
  instruction: AsmInstruction,
  order: string,
  suffix: string,
): void {
  const [expected, desired, memory] = instruction.operands;
  if (!isRegister(expected) || !isRegister(desired) || !isMemory(memory)) {
    builder.badOperands('two registers and an address in brackets');
    return;
  }
  const bits = accessBits(suffix, expected);
  const { address } = builder.address(memory);
  const type = builder.accessType(address, bits, instruction.span);
  const when = binary('==', OLD, builder.raw(expected), { bits, signed: type.signed });
  const update = builder.raw(desired);
  const dst = builder.destination(expected);
  const readTags = dst === null ? ['NoRet'] : order.startsWith('a') ? ['A'] : [];
  builder.emit({
    kind: 'rmw',
    dst,
    address,
    type,
    when,
    update,
    result: OLD,
    readTags,
    writeTags: writeTags(order),
    fail: { tags: readTags, result: OLD },
    swap: { expected: builder.view(expected) },
  });
  if (dst !== null) extendLoaded(builder, expected, dst, bits, false);
}

/** Adds the code of an atomic; false if the instruction is none. */
export function assembleAtomic(builder: ThreadBuilder, instruction: AsmInstruction): boolean {
  const { mnemonic, operands } = instruction;
  const cas = /^cas(a?l?)([bh]?)$/.exec(mnemonic);
  const swap = /^swp(a?l?)([bh]?)$/.exec(mnemonic);
  const fetch = /^ld(add|set|clr|eor|smax|smin|umax|umin)(a?l?)([bh]?)$/.exec(mnemonic);
  const update = /^st(add|set|clr|eor|smax|smin|umax|umin)(l?)([bh]?)$/.exec(mnemonic);
  const [first, second] = operands;
  if (cas !== null) compareAndSwap(builder, instruction, cas[1]!, cas[2]!);
  else if (swap !== null || fetch !== null) {
    const [order, suffix] = swap !== null ? [swap[1]!, swap[2]!] : [fetch![2]!, fetch![3]!];
    if (!isRegister(first) || !isRegister(second))
      builder.badOperands('two registers and an address in brackets');
    else {
      const bits = accessBits(suffix, first);
      const value = () => builder.raw(first);
      readModifyWrite(builder, instruction, second, bits, order, () =>
        fetch === null ? value() : updateOf(fetch[1]!, value(), bits),
      );
    }
  } else if (update !== null) {
    if (!isRegister(first)) builder.badOperands('a register and an address in brackets');
    else {
      const bits = accessBits(update[3]!, first);
      readModifyWrite(builder, instruction, null, bits, update[2]!, () =>
        updateOf(update[1]!, builder.raw(first), bits),
      );
    }
  } else return false;
  return true;
}
