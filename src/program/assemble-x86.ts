/**
 * What x86 instructions mean, in 64-bit and 32-bit code.
 *
 * Source: Intel SDM volume 2. Operands are taken as (source, destination) in the X86_64 dialect and the other way round in X86, as
 * the collections write them; where one operand must be memory (xchg, cmpxchg, xadd), either order is accepted. Locked
 * accesses carry the tag X on both parts. A read-modify-write of memory without lock is a load and a store.
 */
import type { AsmInstruction, AsmOperand, MemoryOperand, RegisterOperand } from '../syntax/asm-tree.js';
import { didYouMean } from '../text/suggest.js';
import { isMemory, isRegister } from './asm-access.js';
import { conditionOf, type FlagSource } from './asm-flags.js';
import {
  binary,
  constant,
  integer,
  OLD,
  register,
  select,
  type ThreadBuilder,
  viewType,
} from './asm-thread.js';
import type { BinaryOp, Expr } from './ir.js';
import type { IntType } from './value.js';

type Bits = IntType['bits'];

const SUFFIXES: Readonly<Record<string, Bits>> = { b: 8, w: 16, l: 32, q: 64 };
const LOCKED = ['X'];

interface Operation {
  readonly op: BinaryOp;
  readonly flags: 'add' | 'sub' | 'logic';
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  add: { op: '+', flags: 'add' },
  sub: { op: '-', flags: 'sub' },
  and: { op: '&', flags: 'logic' },
  or: { op: '|', flags: 'logic' },
  xor: { op: '^', flags: 'logic' },
};

/** Instructions with a width suffix in AT&T spelling. */
const SUFFIXED =
  'mov xchg cmpxchg xadd add sub and or xor cmp test inc dec not neg shl sal shr sar imul'.split(' ');

/** The mnemonic without its suffix, and the width that the suffix gives. */
function splitMnemonic(mnemonic: string): { readonly base: string; readonly bits: Bits | null } {
  if (SUFFIXED.includes(mnemonic)) return { base: mnemonic, bits: null };
  const bits = SUFFIXES[mnemonic.at(-1) ?? ''];
  const base = mnemonic.slice(0, -1);
  return bits !== undefined && SUFFIXED.includes(base) ? { base, bits } : { base: mnemonic, bits: null };
}

type Place = RegisterOperand | MemoryOperand;

function isPlace(operand: AsmOperand | undefined): operand is Place {
  return isRegister(operand) || isMemory(operand);
}

/** One instruction with its operands sorted out. */
class X86Instruction {
  readonly bits: Bits;
  readonly source: AsmOperand | undefined;
  readonly target: AsmOperand | undefined;

  constructor(
    readonly builder: ThreadBuilder,
    readonly instruction: AsmInstruction,
    readonly base: string,
    suffixBits: Bits | null,
  ) {
    const { operands } = instruction;
    const ordered = builder.context.dialect === 'X86' ? operands.toReversed() : operands;
    this.target = ordered.at(-1);
    this.source = ordered.length > 1 ? ordered[0] : undefined;
    const viewBits = operands.find(isRegister)?.bits;
    this.bits = suffixBits ?? viewBits ?? 32;
    if (suffixBits !== null && viewBits !== undefined && viewBits !== suffixBits)
      builder.error(
        instruction.span,
        'operand-size',
        `\`${instruction.mnemonic}\` is of ${suffixBits} bits and its register of ${viewBits}`,
      );
  }

  get type(): IntType {
    return viewType(this.bits);
  }

  get locked(): boolean {
    return this.instruction.locked;
  }

  /** The value of an operand that is not in memory; null if it is. */
  direct(operand: AsmOperand | undefined): Expr | null {
    if (operand?.kind === 'immediate') return integer(operand.value);
    if (operand?.kind === 'symbol') return this.builder.symbol(operand.symbol, operand.span);
    return isRegister(operand) ? this.builder.raw(operand) : null;
  }

  load(memory: MemoryOperand, dst: string): Expr {
    const { address } = this.builder.address(memory);
    const type = this.builder.accessType(address, this.bits, this.instruction.span);
    this.builder.emit({ kind: 'load', dst, address, type, tags: [], exclusive: false });
    return register(dst);
  }

  /** The value of any operand; memory is loaded into a pseudo-register. */
  value(operand: AsmOperand | undefined): Expr {
    if (isMemory(operand)) return this.load(operand, this.builder.pseudo('.loaded'));
    return this.direct(operand) ?? constant(0);
  }

  /** Stores to memory or writes a register. */
  assign(place: Place, value: Expr): void {
    if (isRegister(place)) {
      this.builder.write(place, value);
      return;
    }
    const { address } = this.builder.address(place);
    const type = this.builder.accessType(address, this.bits, this.instruction.span);
    this.builder.emit({ kind: 'store', address, value, type, tags: [] });
  }

  /** A locked read-modify-write; what it read goes to `dst`. */
  atomic(memory: MemoryOperand, dst: string | null, update: Expr, when: Expr | null = null): void {
    const { address } = this.builder.address(memory);
    const type = this.builder.accessType(address, this.bits, this.instruction.span);
    const fail = when === null ? null : { tags: LOCKED, result: OLD };
    const rmw = { dst, address, type, when, update, result: OLD, readTags: LOCKED, writeTags: LOCKED, fail };
    this.builder.emit({ kind: 'rmw', ...rmw });
  }

  flags(operation: Operation['flags'], left: Expr, right: Expr, result: Expr): void {
    const { bits } = this;
    const source: FlagSource =
      operation === 'logic'
        ? { kind: 'logic', result, bits, lo: false }
        : { kind: operation, left, right, bits };
    this.builder.setFlags(source);
  }

  bad(expected: string): void {
    this.builder.badOperands(expected);
  }
}

function move(x: X86Instruction): void {
  const { source, target } = x;
  if (!isPlace(target) || source === undefined || (isMemory(source) && isMemory(target))) {
    x.bad('a source and a destination, at most one of them in memory');
    return;
  }
  if (!isMemory(source)) {
    const value = isRegister(source) ? x.builder.view(source) : (x.direct(source) ?? constant(0));
    x.assign(target, value);
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

function exchange(x: X86Instruction): void {
  const { source, target, builder } = x;
  if (isRegister(source) && isRegister(target)) {
    const kept = builder.pseudo('.kept');
    builder.emit({ kind: 'assign', dst: kept, value: builder.view(source) });
    builder.write(source, builder.view(target));
    builder.write(target, register(kept));
    return;
  }
  const memory = isMemory(source) ? source : target;
  const other = isMemory(source) ? target : source;
  if (!isMemory(memory) || !isRegister(other)) {
    x.bad('a register, and a register or memory');
    return;
  }
  swapWith(x, memory, other, builder.raw(other));
}

/** Reads memory into a register while writing `update`. */
function swapWith(x: X86Instruction, memory: MemoryOperand, target: RegisterOperand, update: Expr): void {
  const { builder } = x;
  const kept = builder.pseudo('.old');
  x.atomic(memory, kept, update);
  builder.write(target, register(kept));
}

/** cmpxchg compares the accumulator with the destination; if they differ, the accumulator gets the destination. */
function compareExchange(x: X86Instruction): void {
  const { source, target, builder, bits, instruction } = x;
  const place = isMemory(source) ? source : target;
  const desired = isMemory(source) ? target : source;
  if (!isMemory(place) || !isRegister(desired)) {
    x.bad('a register and memory');
    return;
  }
  if (!x.locked) {
    builder.error(instruction.span, 'unsupported-instruction', 'unsupported: `cmpxchg` without `lock`');
    return;
  }
  const accumulator: RegisterOperand = {
    kind: 'register',
    name: 'rax',
    bits,
    high: false,
    span: instruction.span,
  };
  const expected = register(builder.pseudo('.expected'));
  builder.emit({ kind: 'assign', dst: '.expected', value: builder.view(accumulator) });
  const kept = builder.pseudo('.old');
  x.atomic(place, kept, builder.raw(desired), binary('==', OLD, expected, x.type));
  x.flags('sub', expected, register(kept), OLD);
  builder.write(accumulator, register(kept));
}

function exchangeAdd(x: X86Instruction): void {
  const { source, target, builder } = x;
  const memory = isMemory(source) ? source : target;
  const addend = isMemory(source) ? target : source;
  if (!isMemory(memory) || !isRegister(addend)) {
    x.bad('a register and memory');
    return;
  }
  const value = builder.raw(addend);
  const kept = builder.pseudo('.old');
  if (x.locked) x.atomic(memory, kept, binary('+', OLD, value, x.type));
  else {
    x.load(memory, kept);
    x.assign(memory, binary('+', register(kept), value, x.type));
  }
  x.flags('add', register(kept), value, OLD);
  builder.write(addend, register(kept));
}

/** `place = update(place)`, locked or not, setting flags from the old value. */
function modify(
  x: X86Instruction,
  place: Place,
  update: (old: Expr) => Expr,
  flags: (old: Expr) => void,
): void {
  const { builder } = x;
  if (isMemory(place) && x.locked) {
    const kept = builder.anyFlags ? builder.pseudo('.old') : null;
    x.atomic(place, kept, update(OLD));
    if (kept !== null) flags(register(kept));
  } else if (isMemory(place)) {
    const old = x.load(place, builder.pseudo('.old'));
    x.assign(place, update(old));
    flags(old);
  } else {
    const old = builder.raw(place);
    flags(old);
    builder.write(place, update(old));
  }
}

function binaryOperation(x: X86Instruction): void {
  const { source, target, type } = x;
  const { op, flags } = OPERATIONS[x.base]!;
  if (!isPlace(target) || source === undefined || (isMemory(source) && isMemory(target))) {
    x.bad('a source and a destination, at most one of them in memory');
    return;
  }
  const operand = isMemory(source) ? x.load(source, x.builder.pseudo('.loaded')) : x.value(source);
  const update = (old: Expr): Expr => binary(op, old, operand, type);
  modify(x, target, update, (old) => x.flags(flags, old, operand, update(old)));
}

function unaryOperation(x: X86Instruction): void {
  const { target, type, base } = x;
  if (!isPlace(target) || x.source !== undefined) {
    x.bad('one register or memory operand');
    return;
  }
  const one = constant(1);
  const update = (old: Expr): Expr => {
    if (base === 'not') return { kind: 'unary', op: '~', operand: old, type };
    if (base === 'neg') return { kind: 'unary', op: '-', operand: old, type };
    return binary(base === 'inc' ? '+' : '-', old, one, type);
  };
  modify(x, target, update, (old) => {
    if (base === 'neg') x.flags('sub', constant(0), old, OLD);
    else if (base !== 'not') x.flags(base === 'inc' ? 'add' : 'sub', old, one, OLD);
  });
}

const SHIFTS: Readonly<Record<string, BinaryOp>> = { shl: '<<', sal: '<<', shr: '>>', sar: '>>' };

function shiftOperation(x: X86Instruction): void {
  const { source, target, bits } = x;
  if (!isRegister(target) || source?.kind !== 'immediate' || source.value < 0n || source.value >= bits) {
    x.bad(`a constant below ${bits} and a register`);
    return;
  }
  const signed = x.base === 'sar';
  const op = SHIFTS[x.base]!;
  const result = binary(op, x.builder.raw(target), integer(source.value), { bits, signed });
  x.flags('logic', OLD, OLD, result);
  x.builder.write(target, result);
}

function multiply(x: X86Instruction): void {
  const { source, target } = x;
  if (!isRegister(target) || source === undefined) {
    x.bad('a source and a register');
    return;
  }
  const operand = x.value(source);
  x.builder.write(target, binary('*', x.builder.raw(target), operand, x.type));
}

/** cmp and test: flags alone. In AT&T order `cmp b,a` is `a - b`. */
function compare(x: X86Instruction): void {
  const { source, target } = x;
  if (source === undefined || (isMemory(source) && isMemory(target))) {
    x.bad('two operands');
    return;
  }
  const right = x.value(source);
  const left = x.value(target);
  if (x.base === 'cmp') x.flags('sub', left, right, OLD);
  else x.flags('logic', left, right, binary('&', left, right, x.type));
}

/** `movzbl`, `movswl`, `movslq` ...: the first letter after mov[sz] is the source's width, the second the target's. */
function extend(
  builder: ThreadBuilder,
  instruction: AsmInstruction,
  signed: boolean,
  from: string,
  to: string,
): void {
  const x = new X86Instruction(
    builder,
    { ...instruction, operands: instruction.operands.slice(0, 1) },
    'mov',
    SUFFIXES[from]!,
  );
  const [source, target] = instruction.operands;
  if (!isRegister(target) || target.bits !== SUFFIXES[to]! || !isPlace(source)) {
    builder.badOperands('a source and a register');
    return;
  }
  const type: IntType = { bits: SUFFIXES[from]!, signed };
  builder.write(target, { kind: 'convert', operand: x.value(source), type });
}

function conditional(builder: ThreadBuilder, instruction: AsmInstruction): boolean {
  const match = /^(j|set|cmov)([a-z]{1,3}?)([lqw]?)$/.exec(instruction.mnemonic);
  if (match === null) return false;
  const [, family, code] = match;
  const exact = conditionOf('x86', instruction.mnemonic.slice(family!.length));
  const condition = exact ?? (family === 'cmov' ? conditionOf('x86', code!) : null);
  if (condition === null) return false;
  const { operands } = instruction;
  if (family === 'j') builder.branch(builder.condition(condition), operands[0]);
  else if (family === 'set') {
    const x = new X86Instruction(builder, instruction, 'set', 8);
    if (!isPlace(x.target)) builder.badOperands('a byte register or memory');
    else x.assign(x.target, builder.condition(condition));
  } else {
    const x = new X86Instruction(builder, instruction, 'cmov', null);
    if (!isRegister(x.target) || x.source === undefined) builder.badOperands('a source and a register');
    else {
      const chosen = isRegister(x.source) ? builder.view(x.source) : x.value(x.source);
      const otherwise = builder.view(x.target);
      builder.write(x.target, select(builder.condition(condition), chosen, otherwise));
    }
  }
  return true;
}

const FAMILIES: Readonly<Record<string, (x: X86Instruction) => void>> = {
  mov: move,
  xchg: exchange,
  cmpxchg: compareExchange,
  xadd: exchangeAdd,
  cmp: compare,
  test: compare,
  imul: multiply,
  ...Object.fromEntries(Object.keys(OPERATIONS).map((name) => [name, binaryOperation])),
  ...Object.fromEntries(['inc', 'dec', 'not', 'neg'].map((name) => [name, unaryOperation])),
  ...Object.fromEntries(Object.keys(SHIFTS).map((name) => [name, shiftOperation])),
};

const LOCKABLE = new Set([
  'xchg',
  'cmpxchg',
  'xadd',
  'add',
  'sub',
  'and',
  'or',
  'xor',
  'inc',
  'dec',
  'not',
  'neg',
]);

const KNOWN = [
  ...Object.keys(FAMILIES).flatMap((name) => [name, `${name}l`, `${name}q`]),
  ...['mfence', 'sfence', 'lfence', 'jmp', 'je', 'jne', 'sete', 'setne', 'cmovel', 'nop'],
];

/** Adds the code of one instruction. */
export function assembleX86(builder: ThreadBuilder, instruction: AsmInstruction): void {
  const { mnemonic, operands, span, locked } = instruction;
  const { base, bits } = splitMnemonic(mnemonic);
  const family = Object.hasOwn(FAMILIES, base) ? FAMILIES[base]! : null;
  const extension = /^mov([sz])([bwl])([wlq])$/.exec(mnemonic);
  if (locked && !(LOCKABLE.has(base) && operands.some(isMemory))) {
    builder.error(
      span,
      'bad-prefix',
      `\`${mnemonic}\` cannot be locked here`,
      'lock needs a read-modify-write of memory',
    );
    return;
  }
  if (family !== null) family(new X86Instruction(builder, instruction, base, bits));
  else if (/^[mls]fence$/.test(mnemonic)) builder.emit({ kind: 'fence', tags: [mnemonic.toUpperCase()] });
  else if (mnemonic === 'jmp') builder.branch(null, operands[0]);
  else if (extension !== null)
    extend(builder, instruction, extension[1] === 's', extension[2]!, extension[3]!);
  else if (mnemonic === 'nop' || mnemonic === 'endbr64') return;
  else if (!conditional(builder, instruction))
    builder.error(
      span,
      'unsupported-instruction',
      `unsupported instruction \`${mnemonic}\``,
      didYouMean(mnemonic, KNOWN),
    );
}
