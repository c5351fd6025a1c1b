/**
 * AArch64's data-processing instructions: moves, sums, logic, products and quotients. Shifts and bit fields are in
 * arm64-bits.ts, conditional instructions in arm64-conditional.ts.
 *
 * Source: Arm ARM (DDI 0487), C6.2. Operand registers stay in the expressions even where the value does not depend on them
 * (`EOR W2,W0,W0`): dependencies are syntactic.
 */

import type { BinaryOp, Expr } from '../program/ir.js';
import type { IntType } from '../program/value.js';
import type { AsmInstruction, AsmOperand, RegisterOperand } from '../syntax/asm-tree.js';
import { assembleBits } from './arm64-bits.js';
import { assembleConditional } from './arm64-conditional.js';
import { held, holds, setFlags } from './arm64-flags.js';
import {
  addend,
  bitwiseOperand,
  immediateIn,
  invert,
  isBitmask,
  isGeneral,
  isGeneralOrStack,
  isWithin,
  LOGIC_SHIFTS,
  negate,
  type RightOperand,
  registersOf,
  shiftedRegister,
} from './arm64-operands.js';
import { isRegister } from './asm-access.js';
import { binary, constant, integer, type ThreadBuilder, viewType } from './asm-thread.js';

type Bits = IntType['bits'];

/** One row for ADD and SUB in all their forms: how the operands are laid out and whether there are flags. */
interface SumForm {
  readonly op: '+' | '-';
  readonly flags: boolean;
  /** The operands before the right one: the destination and the left operand, or which of them is the zero register. */
  readonly operands: 'both' | 'left' | 'destination';
}

const SUMS: Readonly<Record<string, SumForm>> = {
  add: { op: '+', flags: false, operands: 'both' },
  adds: { op: '+', flags: true, operands: 'both' },
  cmn: { op: '+', flags: true, operands: 'left' },
  sub: { op: '-', flags: false, operands: 'both' },
  subs: { op: '-', flags: true, operands: 'both' },
  cmp: { op: '-', flags: true, operands: 'left' },
  neg: { op: '-', flags: false, operands: 'destination' },
  negs: { op: '-', flags: true, operands: 'destination' },
};

interface ThreeOperands {
  readonly dst: AsmOperand | null;
  readonly left: AsmOperand | null;
  readonly right: AsmOperand | undefined;
  readonly modifier: AsmOperand | undefined;
  readonly bits: Bits;
}

/** The operands by their role; a null one is the zero register. Null if they are too many. */
function rolesOf({ operands }: AsmInstruction, named: SumForm['operands']): ThreeOperands | null {
  const before = named === 'both' ? 2 : 1;
  if (operands.length <= before || operands.length > before + 2) return null;
  const first = operands[0]!;
  const dst = named === 'left' ? null : first;
  const left = named === 'both' ? operands[1]! : named === 'left' ? first : null;
  const bits = isRegister(first) ? first.bits : 64;
  return { dst, left, right: operands[before], modifier: operands[before + 1], bits };
}

function isStack(operand: AsmOperand | null): boolean {
  return isRegister(operand) && operand.name === 'sp';
}

/** Whether register 31, if it is among dst and left, is what the instruction's form takes it for. */
function fitsForm({ dst, left, bits }: ThreeOperands, form: RightOperand['form'], flags: boolean): boolean {
  const stack = form !== 'shifted';
  const fits = (operand: AsmOperand | null, stackHere: boolean): boolean =>
    operand === null || (stackHere ? isGeneralOrStack(operand, bits) : isGeneral(operand, bits));
  return fits(left, stack) && fits(dst, stack && !flags);
}

function sum(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const { op, flags, operands } = SUMS[instruction.mnemonic]!;
  const roles = rolesOf(instruction, operands);
  const stack = roles !== null && (isStack(roles.dst) || isStack(roles.left));
  const found =
    roles === null ? null : addend(builder, instruction, roles.right, roles.modifier, roles.bits, stack);
  const negation = operands === 'destination';
  if (
    roles === null ||
    found === null ||
    !fitsForm(roles, found.form, flags) ||
    (negation && found.form !== 'shifted')
  ) {
    builder.badOperands(
      negation
        ? 'two registers, the second one perhaps shifted by LSL, LSR or ASR'
        : `${operands === 'both' ? 'two registers' : 'a register'}, and a register (shifted by LSL, LSR or ASR, or extended and shifted by up to 4) or an immediate (perhaps LSL #12)`,
    );
    return;
  }
  const { dst, left, bits } = roles;
  const first = isRegister(left) ? builder.raw(left) : constant(0);
  const right = found.value;
  if (flags && op === '+') setFlags(builder, { kind: 'add', left: first, right, carry: null, bits });
  else if (flags) setFlags(builder, { kind: 'sub', left: first, right, bits });
  if (isRegister(dst)) builder.write(dst, binary(op, first, right, viewType(bits)));
}

interface LogicForm {
  readonly op: BinaryOp;
  readonly inverted: boolean;
  readonly flags: boolean;
  readonly operands: SumForm['operands'];
}

function logicForm(
  op: BinaryOp,
  inverted: boolean,
  flags = false,
  operands: SumForm['operands'] = 'both',
): LogicForm {
  return { op, inverted, flags, operands };
}

const LOGIC: Readonly<Record<string, LogicForm>> = {
  and: logicForm('&', false),
  ands: logicForm('&', false, true),
  tst: logicForm('&', false, true, 'left'),
  bic: logicForm('&', true),
  bics: logicForm('&', true, true),
  orr: logicForm('|', false),
  orn: logicForm('|', true),
  mvn: logicForm('|', true, false, 'destination'),
  eor: logicForm('^', false),
  eon: logicForm('^', true),
};

function logic(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const { op, inverted, flags, operands } = LOGIC[instruction.mnemonic]!;
  const roles = rolesOf(instruction, operands);
  const found =
    roles === null
      ? null
      : bitwiseOperand(builder, instruction, roles.right, roles.modifier, roles.bits, inverted);
  const stack = found?.form === 'immediate' && !flags;
  const { dst = null, left = null, bits = 64 } = roles ?? {};
  const fits =
    (dst === null || (stack ? isGeneralOrStack(dst, bits) : isGeneral(dst, bits))) &&
    (left === null || isGeneral(left, bits));
  if (found === null || !fits) {
    const count = operands === 'both' ? 'three' : 'two';
    const second = inverted && instruction.mnemonic !== 'bic' ? '' : ', or an immediate for the last';
    builder.badOperands(
      `${count} registers of one width, the last one perhaps shifted by LSL, LSR, ASR or ROR${second}`,
    );
    return;
  }
  const right = inverted ? invert(found.value, bits) : found.value;
  const result = isRegister(left) ? binary(op, builder.raw(left), right, viewType(bits)) : right;
  if (flags) setFlags(builder, { kind: 'logic', result, bits });
  if (isRegister(dst)) builder.write(dst, result);
}

/** ADC and SBC: a difference with borrow is the sum with the complement. */
function sumWithCarry(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const { mnemonic } = instruction;
  const negation = mnemonic.startsWith('ngc');
  const operands = registersOf(builder, instruction, negation ? 2 : 3);
  if (operands === null) return;
  const dst = operands[0]!;
  const { bits } = dst;
  const left = negation ? constant(0) : builder.raw(operands[1]!);
  const last = builder.raw(operands.at(-1)!);
  const right = mnemonic.startsWith('adc') ? last : invert(last, bits);
  const carry = held(builder, holds(builder, { test: 'hs', negated: false }));
  if (mnemonic.endsWith('s')) setFlags(builder, { kind: 'add', left, right, carry, bits });
  const type = viewType(bits);
  builder.write(dst, binary('+', binary('+', left, right, type), carry, type));
}

function move(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const [dst, value, modifier] = instruction.operands;
  const found =
    isRegister(dst) && instruction.operands.length <= 3 ? movedValue(builder, dst, value, modifier) : null;
  if (isRegister(dst) && found !== null) builder.write(dst, found);
  else
    builder.badOperands(
      'a register, and a register of its width (perhaps shifted) or an immediate that fits into it',
    );
}

/** Any immediate that fits, also if it takes an assembler several instructions. */
function movedValue(
  builder: ThreadBuilder,
  dst: RegisterOperand,
  value: AsmOperand | undefined,
  modifier: AsmOperand | undefined,
): Expr | null {
  const { bits } = dst;
  if (modifier !== undefined) {
    const moved = isGeneral(dst) && isGeneral(value, bits);
    return moved ? (shiftedRegister(builder, value, modifier, bits, LOGIC_SHIFTS)?.value ?? null) : null;
  }
  if (value?.kind === 'immediate') {
    const stack = dst.name === 'sp';
    const fits = isWithin(value.value, bits) && (!stack || isBitmask(value.value, bits));
    return fits ? integer(value.value) : null;
  }
  const stack = isStack(dst) || isStack(value ?? null);
  const fits = stack
    ? isGeneralOrStack(dst, bits) && isGeneralOrStack(value, bits)
    : isGeneral(dst, bits) && isGeneral(value, bits);
  return fits && isRegister(value) ? builder.view(value) : null;
}

/** MOVZ, MOVN and MOVK: 16 bits at a multiple of 16. */
function moveWide(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const [dst, value, modifier] = operands;
  const part = immediateIn(value, 0, 0xffff);
  const amount =
    modifier === undefined ? 0n : modifier.kind === 'shift' && modifier.op === 'lsl' ? modifier.amount : -1n;
  if (!isGeneral(dst) || part === null || operands.length > 3 || !isHalfword(amount, dst.bits)) {
    builder.badOperands('a register and an immediate of 16 bits, perhaps with LSL #16, #32 or #48');
    return;
  }
  const type = viewType(dst.bits);
  const placed = BigInt(part) << amount;
  if (mnemonic === 'movk') {
    const kept = binary('&', builder.raw(dst), integer(~(0xffffn << amount)), type);
    builder.write(dst, binary('|', kept, integer(placed), type));
  } else builder.write(dst, integer(BigInt.asIntN(dst.bits, mnemonic === 'movn' ? ~placed : placed)));
}

function isHalfword(amount: bigint, bits: Bits): boolean {
  return amount >= 0n && amount < bits && amount % 16n === 0n;
}

/** A product: with `wide` ones both factors are W registers, extended so; `addend` is the last operand, null: 0. */
interface ProductForm {
  readonly wide: 's' | 'u' | null;
  readonly sign: '+' | '-';
  readonly addend: boolean;
}

function products(): Readonly<Record<string, ProductForm>> {
  const forms: Record<string, ProductForm> = {
    mul: { wide: null, sign: '+', addend: false },
    mneg: { wide: null, sign: '-', addend: false },
    madd: { wide: null, sign: '+', addend: true },
    msub: { wide: null, sign: '-', addend: true },
  };
  for (const wide of ['s', 'u'] as const) {
    forms[`${wide}mull`] = { wide, sign: '+', addend: false };
    forms[`${wide}mnegl`] = { wide, sign: '-', addend: false };
    forms[`${wide}maddl`] = { wide, sign: '+', addend: true };
    forms[`${wide}msubl`] = { wide, sign: '-', addend: true };
  }
  return forms;
}

const PRODUCTS = products();

function product(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const { mnemonic, operands } = instruction;
  const form = PRODUCTS[mnemonic]!;
  const [dst, left, right, last] = operands;
  const bits = form.wide !== null ? 64 : isRegister(dst) ? dst.bits : 64;
  const factors = form.wide === null ? bits : 32;
  if (
    operands.length !== (form.addend ? 4 : 3) ||
    !isGeneral(dst, bits) ||
    !isGeneral(left, factors) ||
    !isGeneral(right, factors) ||
    (form.addend && !isGeneral(last, bits))
  ) {
    const count = form.addend ? 'four' : 'three';
    builder.badOperands(
      form.wide === null
        ? `${count} registers of one width`
        : `${count} registers, the second and third of 32 bits, the others of 64`,
    );
    return;
  }
  const factor = (operand: RegisterOperand): Expr =>
    form.wide === null ? builder.raw(operand) : builder.extended(operand, `${form.wide}xtw`);
  const type = viewType(bits);
  const times = binary('*', factor(left), factor(right), type);
  if (isGeneral(last)) builder.write(dst, binary(form.sign, builder.raw(last), times, type));
  else builder.write(dst, form.sign === '+' ? times : negate(times, bits));
}

function highProduct(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const [dst, left, right] = instruction.operands;
  const registers = isGeneral(dst, 64) && isGeneral(left, 64) && isGeneral(right, 64);
  if (!registers || instruction.operands.length !== 3) {
    builder.badOperands('three registers of 64 bits');
    return;
  }
  const type: IntType = { bits: 64, signed: instruction.mnemonic === 'smulh' };
  builder.write(dst, binary('mulh', builder.raw(left), builder.raw(right), type));
}

/** A quotient by 0 is 0, and no choice: the divisor is made 1 and the quotient multiplied by 0. */
function quotient(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const operands = registersOf(builder, instruction, 3);
  if (operands === null) return;
  const [dst, left, right] = operands;
  const { bits } = dst!;
  const type: IntType = { bits, signed: instruction.mnemonic === 'sdiv' };
  const divisor = builder.raw(right!);
  const safe = binary('|', divisor, binary('==', divisor, constant(0), type), type);
  const divided = binary('/', builder.raw(left!), safe, type);
  builder.write(dst!, binary('*', divided, binary('!=', divisor, constant(0), type), type));
}

/** Adds the code of a data-processing instruction; false if the instruction is none. */
export function assembleArithmetic(builder: ThreadBuilder, instruction: AsmInstruction): boolean {
  const { mnemonic } = instruction;
  if (mnemonic === 'mov') move(builder, instruction);
  else if (Object.hasOwn(SUMS, mnemonic)) sum(builder, instruction);
  else if (Object.hasOwn(LOGIC, mnemonic)) logic(builder, instruction);
  else if (/^mov[znk]$/.test(mnemonic)) moveWide(builder, instruction);
  else if (/^(adc|sbc|ngc)s?$/.test(mnemonic)) sumWithCarry(builder, instruction);
  else if (Object.hasOwn(PRODUCTS, mnemonic)) product(builder, instruction);
  else if (/^[su]mulh$/.test(mnemonic)) highProduct(builder, instruction);
  else if (/^[su]div$/.test(mnemonic)) quotient(builder, instruction);
  else return assembleBits(builder, instruction) || assembleConditional(builder, instruction);
  return true;
}
