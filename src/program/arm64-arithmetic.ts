/**
 * AArch64's data-processing instructions: moves, arithmetic, logic, shifts, comparison and conditional selection.
 *
 * Source: Arm ARM (DDI 0487), C6.2. Operand registers stay in the expressions even where the value does not depend on them
 * (`EOR W2,W0,W0`): dependencies are syntactic.
 */
import type { AsmInstruction, AsmOperand, RegisterOperand } from '../syntax/asm-tree.js';
import { isRegister } from './asm-access.js';
import { conditionOf, type FlagSource } from './asm-flags.js';
import { binary, constant, integer, select, type ThreadBuilder, viewType } from './asm-thread.js';
import type { BinaryOp, Expr } from './ir.js';
import type { IntType } from './value.js';

const SHIFTS: Readonly<Record<string, BinaryOp>> = { lsl: '<<', lsr: '>>', asr: '>>' };

function shift(op: string, value: Expr, amount: Expr, bits: IntType['bits']): Expr {
  return binary(SHIFTS[op]!, value, amount, { bits, signed: op === 'asr' });
}

function invert(operand: Expr, bits: IntType['bits']): Expr {
  return { kind: 'unary', op: '~', operand, type: viewType(bits) };
}

function negate(operand: Expr, bits: IntType['bits']): Expr {
  return { kind: 'unary', op: '-', operand, type: viewType(bits) };
}

/** The flexible second operand: an immediate or a register, shifted or extended; null if it is none. */
function flexible(
  builder: ThreadBuilder,
  operand: AsmOperand | undefined,
  modifier: AsmOperand | undefined,
  bits: IntType['bits'],
): Expr | null {
  const op =
    modifier?.kind === 'shift' ? modifier.op : modifier?.kind === 'word' ? modifier.word.toLowerCase() : null;
  const amount = modifier?.kind === 'shift' ? modifier.amount : 0n;
  if (modifier !== undefined && (op === null || amount < 0n || amount >= bits)) return null;
  let value: Expr;
  if (operand?.kind === 'immediate') value = integer(operand.value);
  else if (isRegister(operand))
    value = op !== null && /xt/.test(op) ? builder.extended(operand, op) : builder.raw(operand);
  else return null;
  if (op === null || amount === 0n) return value;
  const shifting = op in SHIFTS ? op : /xt/.test(op) ? 'lsl' : null;
  return shifting === null ? null : shift(shifting, value, constant(Number(amount)), bits);
}

const BINARY: Readonly<
  Record<
    string,
    { readonly op: BinaryOp; readonly inverted?: true; readonly flags?: 'add' | 'sub' | 'logic' }
  >
> = {
  add: { op: '+' },
  adds: { op: '+', flags: 'add' },
  cmn: { op: '+', flags: 'add' },
  sub: { op: '-' },
  subs: { op: '-', flags: 'sub' },
  cmp: { op: '-', flags: 'sub' },
  and: { op: '&' },
  ands: { op: '&', flags: 'logic' },
  tst: { op: '&', flags: 'logic' },
  bic: { op: '&', inverted: true },
  bics: { op: '&', inverted: true, flags: 'logic' },
  orr: { op: '|' },
  orn: { op: '|', inverted: true },
  eor: { op: '^' },
  eon: { op: '^', inverted: true },
  mul: { op: '*' },
};

/** `op dst, left, right` and, without a destination, the comparisons. */
function binaryOperation(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const { mnemonic, operands } = instruction;
  const { op, inverted, flags } = BINARY[mnemonic]!;
  const compares = mnemonic === 'cmp' || mnemonic === 'cmn' || mnemonic === 'tst';
  const [dst, left, right, modifier] = compares ? [undefined, ...operands] : operands;
  const bits = isRegister(left) ? left.bits : 64;
  const second = flexible(builder, right, modifier, bits);
  if (!isRegister(left) || second === null || (dst !== undefined && !isRegister(dst))) {
    builder.badOperands(`${compares ? '' : 'a register, '}a register, and a register or an immediate`);
    return;
  }
  const first = builder.raw(left);
  const operand = inverted ? invert(second, bits) : second;
  const result = binary(op, first, operand, viewType(bits));
  if (flags === 'logic') builder.setFlags({ kind: 'logic', result, bits, lo: true });
  else if (flags !== undefined)
    builder.setFlags({ kind: flags, left: first, right: operand, bits } as FlagSource);
  if (dst !== undefined) builder.write(dst, result);
}

function move(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const [dst, value, modifier] = operands;
  if (!isRegister(dst)) {
    builder.badOperands('a register and a value');
    return;
  }
  const { bits } = dst;
  if (mnemonic === 'movk') {
    if (value?.kind !== 'immediate') {
      builder.badOperands('a register and an immediate');
      return;
    }
    const amount = modifier?.kind === 'shift' ? modifier.amount : 0n;
    const cleared = binary('&', builder.raw(dst), integer(~(0xffffn << amount)), viewType(bits));
    builder.write(dst, binary('|', cleared, integer(value.value << amount), viewType(bits)));
    return;
  }
  if (isRegister(value) && modifier === undefined && mnemonic !== 'mvn') {
    builder.write(dst, builder.view(value));
    return;
  }
  const operand = flexible(builder, value, modifier, bits);
  if (operand === null) {
    builder.badOperands('a register and a register or an immediate');
    return;
  }
  const result = mnemonic === 'mvn' || mnemonic === 'movn' ? invert(operand, bits) : operand;
  builder.write(dst, operand.kind === 'const' && result === operand ? operand : result);
}

function unaryOperation(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const [dst, value, modifier] = operands;
  const bits = isRegister(dst) ? dst.bits : 64;
  const operand = flexible(builder, value, modifier, bits);
  if (!isRegister(dst) || operand === null) {
    builder.badOperands('two registers');
    return;
  }
  if (mnemonic === 'negs') builder.setFlags({ kind: 'sub', left: constant(0), right: operand, bits });
  builder.write(dst, negate(operand, bits));
}

function extension(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const [dst, value] = operands;
  if (!isRegister(dst) || !isRegister(value)) {
    builder.badOperands('two registers');
    return;
  }
  builder.write(dst, builder.extended(value, mnemonic));
}

function shiftOperation(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const [dst, value, amount] = operands;
  if (!isRegister(dst) || !isRegister(value)) {
    builder.badOperands('two registers and an amount');
    return;
  }
  const { bits } = dst;
  let by: Expr;
  if (amount?.kind === 'immediate' && amount.value >= 0n && amount.value < bits) by = integer(amount.value);
  else if (isRegister(amount)) by = binary('&', builder.raw(amount), constant(bits - 1), viewType(bits));
  else {
    builder.badOperands(`two registers and a register or an amount below ${bits}`);
    return;
  }
  builder.write(dst, shift(mnemonic, builder.raw(value), by, bits));
}

function multiplyAdd(builder: ThreadBuilder, { mnemonic, operands }: AsmInstruction): void {
  const [dst, left, right, addend] = operands;
  if (![dst, left, right, addend].every(isRegister)) {
    builder.badOperands('four registers');
    return;
  }
  const [d, l, r, a] = operands as readonly RegisterOperand[];
  const type = viewType(d!.bits);
  const product = binary('*', builder.raw(l!), builder.raw(r!), type);
  builder.write(d!, binary(mnemonic === 'madd' ? '+' : '-', builder.raw(a!), product, type));
}

/** What csel, csinc, csinv and csneg do to their second choice. */
function alternative(mnemonic: string, value: Expr, bits: IntType['bits']): Expr {
  if (/inc$|^cset$/.test(mnemonic)) return binary('+', value, constant(1), viewType(bits));
  if (/inv$|^csetm$/.test(mnemonic)) return invert(value, bits);
  return mnemonic.endsWith('neg') ? negate(value, bits) : value;
}

/** `csel dst, then, otherwise, cond` and its relatives; `cset`, `cinc` ... are theirs with the condition negated. */
function conditionalSelect(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const { mnemonic, operands } = instruction;
  const code = operands.at(-1);
  const condition = code?.kind === 'word' ? conditionOf('arm64', code.word.toLowerCase()) : null;
  const [dst, then, otherwise] = operands;
  if (!isRegister(dst) || condition === null) {
    builder.badOperands('registers and a condition code');
    return;
  }
  const { bits } = dst;
  const holds = builder.condition(condition);
  const choose = (yes: Expr, no: Expr): void => builder.write(dst, select(holds, yes, no));
  if (mnemonic === 'cset' || mnemonic === 'csetm') {
    choose(alternative(mnemonic, constant(0), bits), constant(0));
    return;
  }
  if (!isRegister(then)) {
    builder.badOperands('registers and a condition code');
    return;
  }
  const first = builder.view(then);
  if (!mnemonic.startsWith('cs')) {
    choose(alternative(mnemonic, first, bits), first);
    return;
  }
  if (!isRegister(otherwise)) {
    builder.badOperands('three registers and a condition code');
    return;
  }
  choose(first, alternative(mnemonic, builder.view(otherwise), bits));
}

/** Adds the code of a data-processing instruction; false if the instruction is none. */
export function assembleArithmetic(builder: ThreadBuilder, instruction: AsmInstruction): boolean {
  const { mnemonic } = instruction;
  if (Object.hasOwn(BINARY, mnemonic)) binaryOperation(builder, instruction);
  else if (/^(mov[zkn]?|mvn)$/.test(mnemonic)) move(builder, instruction);
  else if (/^negs?$/.test(mnemonic)) unaryOperation(builder, instruction);
  else if (/^(sxt[bhw]|uxt[bhw])$/.test(mnemonic)) extension(builder, instruction);
  else if (Object.hasOwn(SHIFTS, mnemonic)) shiftOperation(builder, instruction);
  else if (/^m(add|sub)$/.test(mnemonic)) multiplyAdd(builder, instruction);
  else if (/^(cs(el|inc|inv|neg|etm?)|c(inc|inv|neg))$/.test(mnemonic))
    conditionalSelect(builder, instruction);
  else return false;
  return true;
}
