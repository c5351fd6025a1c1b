/** x86's moves: between registers and memory, widening, conditional, non-temporal; and addresses (`lea`). Source: Intel SDM volume 2. */

import type { Expr } from '../program/ir.js';
import type { IntType } from '../program/value.js';
import type { AsmInstruction, RegisterOperand } from '../syntax/asm-tree.js';
import { isMemory, isRegister } from './asm-access.js';
import { binary, constant, register, select, type ThreadBuilder } from './asm-thread.js';
import { conditionValue, type X86Condition } from './x86-flags.js';
import { type Bits, isPlace, isSource, type Source, SUFFIXES, X86Instruction } from './x86-operands.js';

export function move(x: X86Instruction): void {
  const operands = x.pair();
  if (operands === null) return;
  const { source, target } = operands;
  if (!isMemory(source)) {
    if (isRegister(source)) x.assign(target, x.builder.view(source));
    else if (source.kind === 'immediate') x.assign(target, x.immediate(source, isRegister(target) ? 64 : 32));
    else x.assign(target, x.direct(source));
    return;
  }
  if (!isRegister(target)) return;
  if (x.bits < 32) {
    x.builder.write(target, x.load(source, x.builder.pseudo('.loaded')));
    return;
  }
  const dst = x.builder.destination(target);
  if (dst === null) return;
  x.load(source, dst);
  if (x.bits === 32 && x.builder.isWide(dst)) x.builder.write(target, register(dst));
}

/** `movabs`: a constant of 64 bits. */
export function moveConstant(x: X86Instruction): void {
  const operands = x.pair();
  if (operands === null) return;
  if (isMemory(operands.target) || isRegister(operands.source)) x.bad('a constant and a register');
  else move(x);
}

/** `movnti`: a store that other stores may overtake (tag NT). */
export function moveNonTemporal(x: X86Instruction): void {
  const [source, target, ...more] = x.operands;
  if (more.length > 0 || !isRegister(source) || !isMemory(target)) x.bad('a register and memory');
  else if (x.bits < 32) x.bad('a register of 32 or 64 bits');
  else x.store(target, x.builder.view(source), ['NT']);
}

export function loadAddress(x: X86Instruction): void {
  const [source, target, ...more] = x.operands;
  if (more.length > 0 || !isMemory(source) || !isRegister(target) || x.bits === 8)
    x.bad('memory and a register of at least 16 bits');
  else x.builder.write(target, x.address(source));
}

/** Widens `source`, of `from` bits (null: as it is written), into a register. */
function widen(x: X86Instruction, source: Source, target: RegisterOperand, signed: boolean): void {
  if (x.bits >= target.bits) {
    x.bad(`a source narrower than its ${target.bits}-bit register`);
    return;
  }
  const type = { bits: x.bits, signed };
  x.builder.write(target, { kind: 'convert', operand: x.value(source), type });
}

/**
 * `movzbl`, `movswl`, `movslq`, `movzb` ...: the letters after mov[sz] are the widths of source and destination. `movzx`, `movsx` and
 * `movsxd`, Intel's names, take them from the operands.
 */
export function extension(builder: ThreadBuilder, instruction: AsmInstruction): boolean {
  const match = /^mov([sz])(?:([bwl])([wlq]?)|x|xd)$/.exec(instruction.mnemonic);
  if (match === null) return false;
  const [, kind, from, to] = match;
  const bits: Bits | null = from === undefined ? null : SUFFIXES[from]!;
  const ordered =
    builder.context.dialect === 'X86' ? instruction.operands.toReversed() : instruction.operands;
  const [source, target, ...more] = ordered;
  const opcode = { base: 'movx', bits };
  const x = new X86Instruction(builder, instruction, opcode, source === undefined ? [] : [source]);
  const wanted = to === undefined || to === '' ? null : SUFFIXES[to]!;
  if (more.length > 0 || !isPlace(source) || !isRegister(target)) x.bad('a source and a register');
  else if (wanted !== null && target.bits !== wanted) x.bad(`a register of ${wanted} bits`);
  else widen(x, source, target, kind === 's');
  return true;
}

/** `cltq` and its kin widen the accumulator, or spread its sign over rdx. By AT&T name and Intel's. */
const SPREADS: Readonly<Record<string, { readonly from: Bits; readonly to: 'wider' | 'rdx' }>> = {
  ...{ cbtw: { from: 8, to: 'wider' }, cbw: { from: 8, to: 'wider' } },
  ...{ cwtl: { from: 16, to: 'wider' }, cwde: { from: 16, to: 'wider' } },
  ...{ cltq: { from: 32, to: 'wider' }, cdqe: { from: 32, to: 'wider' } },
  ...{ cwtd: { from: 16, to: 'rdx' }, cwd: { from: 16, to: 'rdx' } },
  ...{ cltd: { from: 32, to: 'rdx' }, cdq: { from: 32, to: 'rdx' } },
  ...{ cqto: { from: 64, to: 'rdx' }, cqo: { from: 64, to: 'rdx' } },
};

export const spreads: readonly string[] = Object.keys(SPREADS);

export function spreadSign(x: X86Instruction): void {
  const { builder } = x;
  const { from, to } = SPREADS[x.base]!;
  if (x.operands.length > 0) {
    x.bad('no operands');
    return;
  }
  const signed: IntType = { bits: from, signed: true };
  const value: Expr = { kind: 'convert', operand: builder.raw(x.register('rax', from)), type: signed };
  if (to === 'wider') builder.write(x.register('rax', (from * 2) as Bits), value);
  else {
    const isNegative = binary('<', value, constant(0), signed);
    builder.write(x.register('rdx', from), { kind: 'unary', op: '-', operand: isNegative, type: signed });
  }
}

/** `cmov..`: memory is read, and the upper half of a 32-bit register cleared, whatever the condition. */
export function moveIf(x: X86Instruction, condition: X86Condition): void {
  const { builder } = x;
  // herd's older tests name the register first also in AT&T order.
  const [first, second, ...more] = x.operands;
  const [source, target] = isRegister(first) && isMemory(second) ? [second, first] : [first, second];
  if (more.length > 0 || !isSource(source) || !isPlace(source) || !isRegister(target) || x.bits === 8) {
    x.bad('a source and a register of at least 16 bits');
    return;
  }
  const chosen = isRegister(source) ? builder.view(source) : x.value(source);
  const truth = conditionValue(builder, condition, x.instruction.span);
  builder.write(target, select(truth, chosen, builder.view(target)));
}

export function setIf(x: X86Instruction, condition: X86Condition): void {
  const [target, ...more] = x.operands;
  if (more.length > 0 || !isPlace(target)) x.bad('a byte register or memory');
  else x.assign(target, conditionValue(x.builder, condition, x.instruction.span));
}
