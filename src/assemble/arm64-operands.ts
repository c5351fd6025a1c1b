/**
 * The operands of AArch64's data-processing instructions: which registers, immediates, shifts and extensions each class takes.
 *
 * Source: Arm ARM (DDI 0487), C3.4 and C3.5 and the encodings of C4.1. What no class takes is refused; an immediate that has
 * a clear meaning and merely no encoding is a warning, as tests are often written by hand and never assembled.
 */

import type { BinaryOp, Expr } from '../program/ir.js';
import type { IntType } from '../program/value.js';
import type { AsmInstruction, AsmOperand, RegisterOperand } from '../syntax/asm-tree.js';
import { warningAt } from '../text/diagnostic.js';
import { arm64Condition, holds } from './arm64-flags.js';
import { isRegister } from './asm-access.js';
import { binary, constant, integer, type ThreadBuilder, viewType } from './asm-thread.js';

type Bits = IntType['bits'];

/** A register that an instruction reads register 31 as the zero register of; of any width unless `bits` says which. */
export function isGeneral(operand: AsmOperand | undefined, bits?: Bits): operand is RegisterOperand {
  return isRegister(operand) && operand.name !== 'sp' && (bits === undefined || operand.bits === bits);
}

/** The same for instructions where register 31 is the stack pointer. */
export function isGeneralOrStack(operand: AsmOperand | undefined, bits: Bits): operand is RegisterOperand {
  return isRegister(operand) && operand.name !== 'xzr' && operand.bits === bits;
}

/** The first `count` operands if they are general registers of one width; null after a report. */
export function registersOf(
  builder: ThreadBuilder,
  { operands }: AsmInstruction,
  count: number,
): readonly RegisterOperand[] | null {
  const registers = operands.slice(0, count);
  const [first] = registers;
  const bits = isRegister(first) ? first.bits : undefined;
  if (operands.length === count && registers.every((r): r is RegisterOperand => isGeneral(r, bits)))
    return registers;
  builder.badOperands(`${NUMBERS[count]} registers of one width`);
  return null;
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four'] as const;

/** An immediate of low <= value <= high; null if it is none. */
export function immediateIn(operand: AsmOperand | undefined, low: number, high: number): number | null {
  if (operand?.kind !== 'immediate' || operand.value < low || operand.value > high) return null;
  return Number(operand.value);
}

/** What a modifier says: an operation and, if it is written, an amount. Without a modifier it is a shift by nothing. */
function modifierOf(
  operand: AsmOperand | undefined,
): { readonly op: string; readonly amount: bigint | null } | null {
  if (operand === undefined) return { op: 'lsl', amount: 0n };
  if (operand.kind === 'shift') return operand;
  return operand.kind === 'word' ? { op: operand.word.toLowerCase(), amount: null } : null;
}

/** A right operand, and which of its forms it has: that decides what register 31 is in the instruction. */
export interface RightOperand {
  readonly form: 'immediate' | 'shifted' | 'extended';
  readonly value: Expr;
}

const SHIFTS: Readonly<Record<string, BinaryOp>> = { lsl: '<<', lsr: '>>', asr: '>>' };

/** `value` shifted or rotated by `amount`, a constant below `bits` or an expression for one. */
export function shifted(op: string, value: Expr, amount: Expr, bits: Bits): Expr {
  if (amount.kind === 'const' && amount.value === 0) return value;
  if (op !== 'ror') return binary(SHIFTS[op]!, value, amount, { bits, signed: op === 'asr' });
  const type: IntType = { bits, signed: false };
  const rest = binary('&', binary('-', constant(bits), amount, type), constant(bits - 1), type);
  return binary('|', binary('>>', value, amount, type), binary('<<', value, rest, type), type);
}

const SUM_SHIFTS = /^(lsl|lsr|asr)$/;
export const LOGIC_SHIFTS = /^(lsl|lsr|asr|ror)$/;

/** A register shifted or rotated by a constant below its width, by one of `shifts`; null if it is none. */
export function shiftedRegister(
  builder: ThreadBuilder,
  operand: AsmOperand,
  modifier: AsmOperand | undefined,
  bits: Bits,
  shifts: RegExp,
): RightOperand | null {
  const { op, amount } = modifierOf(modifier) ?? { op: '', amount: null };
  if (!isGeneral(operand, bits) || !shifts.test(op) || amount === null) return null;
  if (amount < 0n || amount >= bits) return null;
  return { form: 'shifted', value: shifted(op, builder.raw(operand), integer(amount), bits) };
}

/** `W2,SXTW #2`. What is extended from less than 64 bits may be written as an X register too. */
function extendedRegister(
  builder: ThreadBuilder,
  operand: AsmOperand,
  modifier: AsmOperand | undefined,
  bits: Bits,
): RightOperand | null {
  const { op, amount } = modifierOf(modifier) ?? { op: '', amount: null };
  if (!/^([us]xt[bhwx]|lsl)$/.test(op) || (op === 'lsl' && amount === null)) return null;
  const narrow = bits === 32 || /[bhw]$/.test(op);
  if (!isGeneral(operand, bits) && !(narrow && isGeneral(operand, 32))) return null;
  const by = amount ?? 0n;
  if (by < 0n || by > 4n) return null;
  const value = builder.extended(operand, op);
  return { form: 'extended', value: shifted('lsl', value, integer(by), bits) };
}

function warnOfEncoding(builder: ThreadBuilder, instruction: AsmInstruction, operand: AsmOperand): void {
  const shown = operand.kind === 'immediate' ? operand.value : '';
  const message = `\`${instruction.mnemonic}\` has no encoding for the immediate ${shown}: assemblers refuse it`;
  builder.context.diagnostics.push(warningAt(operand.span, 'no-encoding', message));
}

/** Whether an immediate can be meant as a value of so many bits. */
export function isWithin(value: bigint, bits: Bits): boolean {
  return value >= -(1n << BigInt(bits - 1)) && value < 1n << BigInt(bits);
}

/** The right operand of ADD, SUB and their relatives; null if it is none. `stack`: another operand is the stack pointer. */
export function addend(
  builder: ThreadBuilder,
  instruction: AsmInstruction,
  operand: AsmOperand | undefined,
  modifier: AsmOperand | undefined,
  bits: Bits,
  stack: boolean,
): RightOperand | null {
  if (operand?.kind === 'immediate') return addedImmediate(builder, instruction, operand, modifier, bits);
  if (operand === undefined) return null;
  const plain = stack ? null : shiftedRegister(builder, operand, modifier, bits, SUM_SHIFTS);
  return plain ?? extendedRegister(builder, operand, modifier, bits);
}

/** 12 bits, also shifted left by 12; assemblers take a negative one for its opposite in the opposite instruction. */
function addedImmediate(
  builder: ThreadBuilder,
  instruction: AsmInstruction,
  operand: Extract<AsmOperand, { kind: 'immediate' }>,
  modifier: AsmOperand | undefined,
  bits: Bits,
): RightOperand | null {
  const { op, amount } = modifierOf(modifier) ?? { op: '', amount: null };
  if (op !== 'lsl' || (amount !== 0n && amount !== 12n)) return null;
  if (modifier !== undefined && (operand.value < 0n || operand.value > 4095n)) return null;
  if (!isWithin(operand.value, bits)) return null;
  const value = BigInt.asIntN(64, operand.value);
  const size = value < 0n ? -value : value;
  if (size > 4095n && (size > 0xfff000n || (size & 0xfffn) !== 0n))
    warnOfEncoding(builder, instruction, operand);
  return { form: 'immediate', value: integer(value << amount) };
}

/** The right operand of the bitwise instructions; of those that invert it, BIC alone has an immediate form (that of AND). */
export function bitwiseOperand(
  builder: ThreadBuilder,
  instruction: AsmInstruction,
  operand: AsmOperand | undefined,
  modifier: AsmOperand | undefined,
  bits: Bits,
  inverted: boolean,
): RightOperand | null {
  if (operand === undefined) return null;
  if (operand.kind !== 'immediate') return shiftedRegister(builder, operand, modifier, bits, LOGIC_SHIFTS);
  if (modifier !== undefined || !isWithin(operand.value, bits)) return null;
  if (inverted && instruction.mnemonic !== 'bic') return null;
  if (!isBitmask(inverted ? ~operand.value : operand.value, bits))
    warnOfEncoding(builder, instruction, operand);
  return { form: 'immediate', value: integer(operand.value) };
}

/** Whether an immediate is a run of ones, rotated and repeated in elements of 2, 4 ... 64 bits (DecodeBitMasks). */
export function isBitmask(value: bigint, bits: Bits): boolean {
  const whole = BigInt.asUintN(bits, value);
  for (let size = 2; size <= bits; size *= 2) {
    const element = BigInt.asUintN(size, whole);
    let repeated = 0n;
    for (let at = 0; at < bits; at += size) repeated |= element << BigInt(at);
    if (repeated === whole) return hasOneRun(element, size);
  }
  return false;
}

/** Read in a circle, the digits change twice: from zeros to ones and back. */
function hasOneRun(element: bigint, size: number): boolean {
  const turned = (element >> 1n) | ((element & 1n) << BigInt(size - 1));
  const changes = (element ^ turned).toString(2).replace(/0/g, '').length;
  return element !== 0n && changes === 2;
}

/** Whether a condition code holds, as 0 or 1; null if the operand is none. `always`: AL and NV are codes here. */
export function conditionOperand(
  builder: ThreadBuilder,
  operand: AsmOperand | undefined,
  always: boolean,
): Expr | null {
  if (operand?.kind !== 'word') return null;
  const code = operand.word.toLowerCase();
  if (always && (code === 'al' || code === 'nv')) return constant(1);
  const condition = arm64Condition(code);
  return condition === null ? null : holds(builder, condition);
}

export function invert(operand: Expr, bits: Bits): Expr {
  return { kind: 'unary', op: '~', operand, type: viewType(bits) };
}

export function negate(operand: Expr, bits: Bits): Expr {
  return { kind: 'unary', op: '-', operand, type: viewType(bits) };
}
