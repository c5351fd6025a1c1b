/**
 * AArch64's instructions with two accesses: LDP, STP, LDXP, STXP, CASP, LDIAPP, STILP and their kin.
 *
 * Source: Arm ARM (DDI 0487), C6.2 of each instruction and B2.2 (atomicity): each of the two accesses is single-copy atomic
 * on its own, and they are in no order, but for those of LDIAPP and STILP, which are ordered (FEAT_LRCPC3). STXP and
 * CASP write both or none. Absent, and refused by name: LDNP, which an address dependency need not order.
 */

import type { Expr } from '../program/ir.js';
import { INT64, type IntType } from '../program/value.js';
import type { AsmInstruction, MemoryOperand, RegisterOperand } from '../syntax/asm-tree.js';
import { extendLoaded } from './asm-access.js';
import { binary, integer, OLD, register, type ThreadBuilder } from './asm-thread.js';

interface PairStyle {
  readonly tags: readonly string[];
  /** Whether the accesses are in program order. */
  readonly ordered: boolean;
  readonly exclusive: boolean;
}

const plain: PairStyle = { tags: [], ordered: false, exclusive: false };

const LOADS: Readonly<Record<string, PairStyle>> = {
  ldp: plain,
  ldpsw: plain,
  ldxp: { ...plain, tags: ['X'], exclusive: true },
  ldaxp: { ...plain, tags: ['A', 'X'], exclusive: true },
  ldiapp: { ...plain, tags: ['Q'], ordered: true },
};

const STORES: Readonly<Record<string, PairStyle>> = {
  stp: plain,
  stnp: plain,
  stilp: { ...plain, tags: ['L'], ordered: true },
};

/** The two addresses, and the type of what is there. */
interface Addresses {
  readonly first: Expr;
  readonly second: Expr;
  readonly type: IntType;
  readonly after: () => void;
}

function addressesOf(
  builder: ThreadBuilder,
  { span }: AsmInstruction,
  memory: MemoryOperand,
  bits: IntType['bits'],
): Addresses {
  const { address: first, after } = builder.address(memory);
  const second = binary('+', first, integer(BigInt(bits / 8)), INT64);
  const { diagnostics } = builder.context;
  const before = diagnostics.length;
  const type = builder.accessType(first, bits, span);
  if (diagnostics.length === before) builder.accessType(second, bits, span);
  return { first, second, type, after };
}

function loadPair(builder: ThreadBuilder, instruction: AsmInstruction, style: PairStyle): void {
  const { mnemonic, operands, span } = instruction;
  const [one, other, memory] = operands as [RegisterOperand, RegisterOperand, MemoryOperand];
  if (one.name === other.name && one.name !== 'xzr') {
    builder.error(span, 'unpredictable', `\`${mnemonic}\` into one register twice is not defined`);
    return;
  }
  const isWord = mnemonic === 'ldpsw';
  const bits = isWord ? 32 : one.bits;
  const { first, second, type, after } = addressesOf(builder, instruction, memory, bits);
  const { tags, exclusive, ordered } = style;
  // The first load may be into the register that the second one's address is in.
  const kept = builder.destination(one) === null ? null : builder.pseudo('.first');
  const dst = builder.destination(other);
  builder.emit({ kind: 'load', dst: kept, address: first, type, tags, exclusive });
  const beside = ordered ? {} : ({ beside: true } as const);
  builder.emit({ kind: 'load', dst, address: second, type, tags, exclusive, ...beside });
  if (dst !== null) extendLoaded(builder, other, dst, bits, isWord);
  if (kept !== null) {
    builder.emit({ kind: 'assign', dst: one.name, value: register(kept) });
    extendLoaded(builder, one, one.name, bits, isWord);
  }
  after();
}

function storePair(builder: ThreadBuilder, instruction: AsmInstruction, style: PairStyle): void {
  const [one, other, memory] = instruction.operands as [RegisterOperand, RegisterOperand, MemoryOperand];
  const { first, second, type, after } = addressesOf(builder, instruction, memory, one.bits);
  const { tags, ordered } = style;
  builder.emit({ kind: 'store', address: first, value: builder.raw(one), type, tags });
  const beside = ordered ? {} : ({ beside: true } as const);
  builder.emit({ kind: 'store', address: second, value: builder.raw(other), type, tags, ...beside });
  after();
}

function storeExclusivePair(builder: ThreadBuilder, instruction: AsmInstruction, release: boolean): void {
  const operands = instruction.operands as [RegisterOperand, RegisterOperand, RegisterOperand, MemoryOperand];
  const [status, one, other, memory] = operands;
  const { first, second, type } = addressesOf(builder, instruction, memory, one.bits);
  builder.emit({
    kind: 'store-exclusive',
    status: builder.destination(status) ?? builder.pseudo('.status'),
    address: first,
    value: builder.raw(one),
    type,
    tags: release ? ['L', 'X'] : ['X'],
    second: { address: second, value: builder.raw(other) },
  });
}

/** Registers of CASP come in pairs, an even one and the next. */
function isEvenPair(low: RegisterOperand, high: RegisterOperand): boolean {
  const [l, h] = [Number(low.name.slice(1)), Number(high.name.slice(1))];
  return l % 2 === 0 && (h === l + 1 || (l === 30 && high.name === 'xzr'));
}

function compareAndSwapPair(builder: ThreadBuilder, instruction: AsmInstruction, order: string): void {
  const registers = instruction.operands.slice(0, 4) as RegisterOperand[];
  const [oldLow, oldHigh, newLow, newHigh] = registers as [
    RegisterOperand,
    RegisterOperand,
    RegisterOperand,
    RegisterOperand,
  ];
  if (!isEvenPair(oldLow, oldHigh) || !isEvenPair(newLow, newHigh)) {
    builder.badOperands('two pairs of registers, each an even one and the next, and an address in brackets');
    return;
  }
  const memory = instruction.operands[4] as MemoryOperand;
  const { bits } = oldLow;
  const { first, second, type } = addressesOf(builder, instruction, memory, bits);
  const isExpected = (operand: RegisterOperand): Expr =>
    binary('==', OLD, builder.raw(operand), { bits, signed: type.signed });
  const readTags = order.startsWith('a') ? ['A'] : [];
  const [low, high] = [builder.destination(oldLow), builder.destination(oldHigh)];
  builder.emit({
    kind: 'rmw',
    dst: low,
    address: first,
    type,
    when: isExpected(oldLow),
    update: builder.raw(newLow),
    result: OLD,
    readTags,
    writeTags: order.endsWith('l') ? ['L'] : [],
    fail: { tags: readTags, result: OLD },
    swap: {
      expected: builder.view(oldLow),
      second: {
        dst: high,
        address: second,
        when: isExpected(oldHigh),
        expected: builder.view(oldHigh),
        update: builder.raw(newHigh),
      },
    },
  });
  if (low !== null) extendLoaded(builder, oldLow, low, bits, false);
  if (high !== null) extendLoaded(builder, oldHigh, high, bits, false);
}

/** Adds the code of an instruction with two accesses, whose operands are checked; false if the instruction is none. */
export function assemblePair(builder: ThreadBuilder, instruction: AsmInstruction): boolean {
  const { mnemonic } = instruction;
  const exclusive = /^st(l?)xp$/.exec(mnemonic);
  const swap = /^casp(a?l?)$/.exec(mnemonic);
  if (Object.hasOwn(LOADS, mnemonic)) loadPair(builder, instruction, LOADS[mnemonic]!);
  else if (Object.hasOwn(STORES, mnemonic)) storePair(builder, instruction, STORES[mnemonic]!);
  else if (exclusive !== null) storeExclusivePair(builder, instruction, exclusive[1] === 'l');
  else if (swap !== null) compareAndSwapPair(builder, instruction, swap[1]!);
  else return false;
  return true;
}
