/**
 * AArch64's instructions on the bits of a register: shifts, rotations, extensions, bit fields, reversals, counts.
 *
 * Source: Arm ARM (DDI 0487), C6.2. A bit field instruction copies bits R..S of the source to the bottom of the destination
 * or, if S < R, bits 0..S to bit (width - R); UBFM clears the rest, SBFM extends the sign to the left, BFM keeps the rest.
 */

import type { Expr, UnaryOp } from '../program/ir.js';
import type { IntType } from '../program/value.js';
import type { AsmInstruction, RegisterOperand } from '../syntax/asm-tree.js';
import { immediateIn, isGeneral, registersOf, shifted } from './arm64-operands.js';
import { binary, constant, integer, type ThreadBuilder, viewType } from './asm-thread.js';

type Bits = IntType['bits'];

function shift(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const { mnemonic, operands } = instruction;
  const op = mnemonic.slice(0, 3);
  const [dst, value, amount] = operands;
  if (isGeneral(dst) && isGeneral(value, dst.bits) && operands.length === 3) {
    const { bits } = dst;
    const by = mnemonic.length === 3 ? immediateIn(amount, 0, bits - 1) : null;
    if (by !== null) {
      builder.write(
        dst,
        by === 0 ? builder.view(value) : shifted(op, builder.raw(value), constant(by), bits),
      );
      return;
    }
    if (isGeneral(amount, bits)) {
      const low = binary('&', builder.raw(amount), constant(bits - 1), viewType(bits));
      builder.write(dst, shifted(op, builder.raw(value), low, bits));
      return;
    }
  }
  builder.badOperands('two registers, and a register of their width or an amount below it');
}

/** SXTB ... UXTW, of a W register. */
function extension(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const [dst, value] = operands;
  const wide = mnemonic === 'sxtw';
  if (!isGeneral(dst, wide ? 64 : undefined) || !isGeneral(value, 32) || operands.length !== 2) {
    builder.badOperands(wide ? 'an X register and a W register' : 'a register and a W register');
    return;
  }
  builder.write(dst, builder.extended(value, mnemonic));
}

/** Bits R..S of a source, as the instruction's encoding has them. */
interface Field {
  readonly dst: RegisterOperand;
  /** Null: zero. */
  readonly source: RegisterOperand | null;
  readonly r: number;
  readonly s: number;
}

/** `UBFX W0,W1,#lsb,#width` and the like, by how lsb and width give R and S. */
function fieldOf({ mnemonic, operands }: AsmInstruction): Field | null {
  const [dst] = operands;
  const clears = mnemonic === 'bfc';
  const [first, second] = operands.slice(-2);
  const source = clears ? null : operands[1];
  if (!isGeneral(dst) || (source !== null && !isGeneral(source, dst.bits))) return null;
  if (operands.length !== (clears ? 3 : 4)) return null;
  const { bits } = dst;
  const lsb = immediateIn(first, 0, bits - 1);
  if (lsb === null) return null;
  if (mnemonic.endsWith('m')) {
    const s = immediateIn(second, 0, bits - 1);
    return s === null ? null : { dst, source, r: lsb, s };
  }
  const width = immediateIn(second, 1, bits - lsb);
  if (width === null) return null;
  return /x(il)?$/.test(mnemonic)
    ? { dst, source, r: lsb, s: lsb + width - 1 }
    : { dst, source, r: (bits - lsb) % bits, s: width - 1 };
}

function ones(count: number): bigint {
  return (1n << BigInt(count)) - 1n;
}

function bitField(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const field = fieldOf(instruction);
  if (field === null) {
    const { mnemonic } = instruction;
    const numbers = mnemonic.endsWith('m') ? 'two bit numbers' : 'the lowest bit and the width of a field';
    const registers = mnemonic === 'bfc' ? 'a register' : 'two registers of one width';
    builder.badOperands(`${registers}, and ${numbers} that lie in it`);
    return;
  }
  const { dst, source } = field;
  const value = source === null ? constant(0) : builder.raw(source);
  const kind = instruction.mnemonic[0];
  if (kind === 'u') builder.write(dst, unsignedField(value, field));
  else if (kind === 's') builder.write(dst, signedField(value, field));
  else builder.write(dst, insertedField(builder.raw(dst), value, field));
}

function unsignedField(value: Expr, { dst: { bits }, r, s }: Field): Expr {
  const type = viewType(bits);
  if (r === 0 && s === bits - 1) return { kind: 'convert', operand: value, type };
  if (s >= r) {
    const low = shifted('lsr', value, constant(r), bits);
    return s === bits - 1 ? low : binary('&', low, integer(ones(s - r + 1)), type);
  }
  return shifted('lsl', binary('&', value, integer(ones(s + 1)), type), constant(bits - r), bits);
}

/** To the top, so that the shift back brings the sign. */
function signedField(value: Expr, { dst: { bits }, r, s }: Field): Expr {
  if (r === 0 && s === bits - 1) return { kind: 'convert', operand: value, type: viewType(bits) };
  const top = shifted('lsl', value, constant(bits - 1 - s), bits);
  const back = s >= r ? bits - 1 - s + r : r - 1 - s;
  return shifted('asr', top, constant(back), bits);
}

function insertedField(old: Expr, value: Expr, { dst: { bits }, r, s }: Field): Expr {
  const type = viewType(bits);
  const width = s >= r ? s - r + 1 : s + 1;
  const at = s >= r ? 0 : bits - r;
  const mask = ones(width);
  const field = binary('&', s >= r ? shifted('lsr', value, constant(r), bits) : value, integer(mask), type);
  const kept = binary('&', old, integer(~(mask << BigInt(at))), type);
  return binary('|', kept, shifted('lsl', field, constant(at), bits), type);
}

/** `EXTR dst,high,low,#lsb`: the low half of both, as one number, shifted right. Both operands stay dependencies. */
function extract(builder: ThreadBuilder, { operands }: AsmInstruction): void {
  const [dst, high, low, amount] = operands;
  const bits = isGeneral(dst) ? dst.bits : 64;
  const lsb = immediateIn(amount, 0, bits - 1);
  if (
    !isGeneral(dst) ||
    !isGeneral(high, bits) ||
    !isGeneral(low, bits) ||
    lsb === null ||
    operands.length !== 4
  ) {
    builder.badOperands('three registers of one width, and an amount below it');
    return;
  }
  const upper = builder.raw(high);
  const type = viewType(bits);
  const left =
    lsb === 0 ? binary('&', upper, constant(0), type) : shifted('lsl', upper, constant(bits - lsb), bits);
  builder.write(dst, binary('|', left, shifted('lsr', builder.raw(low), constant(lsb), bits), type));
}

function unary(op: UnaryOp, operand: Expr, bits: Bits): Expr {
  return { kind: 'unary', op, operand, type: { bits, signed: false } };
}

/** The bytes of every `size` bits in the opposite order. */
function reversedBytes(value: Expr, size: number, bits: Bits): Expr {
  const whole = unary('rev', value, bits);
  if (size === bits) return whole;
  if (size === 32) return shifted('ror', whole, constant(32), bits);
  const even = integer(bits === 64 ? 0x00ff00ff00ff00ffn : 0x00ff00ffn);
  const type: IntType = { bits, signed: false };
  const up = binary('<<', binary('&', value, even, type), constant(8), type);
  const down = binary('&', binary('>>', value, constant(8), type), even, type);
  return binary('|', up, down, type);
}

const REVERSALS: Readonly<Record<string, number>> = { rev: 0, rev64: 64, rev32: 32, rev16: 16 };

function reversal(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const operands = registersOf(builder, instruction, 2);
  if (operands === null) return;
  const [dst, source] = operands;
  const { bits } = dst!;
  const size = REVERSALS[instruction.mnemonic]!;
  if (size >= 32 && bits !== 64) {
    builder.badOperands('two registers of 64 bits');
    return;
  }
  builder.write(dst!, reversedBytes(builder.raw(source!), size === 0 ? bits : size, bits));
}

/** RBIT, CLZ and CLS. Equal digits at the top are zeros of the value against itself shifted by one. */
function digits(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const operands = registersOf(builder, instruction, 2);
  if (operands === null) return;
  const [dst, source] = operands;
  const { bits } = dst!;
  const value = builder.raw(source!);
  if (instruction.mnemonic !== 'cls') {
    builder.write(dst!, unary(instruction.mnemonic === 'clz' ? 'clz' : 'rbit', value, bits));
    return;
  }
  const type: IntType = { bits, signed: false };
  const changes = binary('^', value, shifted('asr', value, constant(1), bits), type);
  builder.write(dst!, binary('-', unary('clz', changes, bits), constant(1), type));
}

/** Adds the code of an instruction on bits; false if the instruction is none. */
export function assembleBits(builder: ThreadBuilder, instruction: AsmInstruction): boolean {
  const { mnemonic } = instruction;
  if (/^(lsl|lsr|asr|ror)v?$/.test(mnemonic)) shift(builder, instruction);
  else if (/^[su]xt[bhw]$/.test(mnemonic)) extension(builder, instruction);
  else if (/^([su]?bfm|[su]bf(x|iz)|bfi|bfc|bfxil)$/.test(mnemonic)) bitField(builder, instruction);
  else if (mnemonic === 'extr') extract(builder, instruction);
  else if (Object.hasOwn(REVERSALS, mnemonic)) reversal(builder, instruction);
  else if (/^(rbit|clz|cls)$/.test(mnemonic)) digits(builder, instruction);
  else return false;
  return true;
}
