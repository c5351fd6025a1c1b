/**
 * x86's read-modify-writes: arithmetic and logic on a register or on memory, exchanges, bit tests.
 *
 * With `lock` the accesses of memory are one atomic operation (`rmw`); without it a load and a store that others may come between. XCHG
 * with memory is always locked. Source: Intel SDM volume 2; volume 3A, 9.1.2.2 for the locked ones.
 */

import type { BinaryOp, Expr } from '../program/ir.js';
import { INT64 } from '../program/value.js';
import type { MemoryOperand, RegisterOperand } from '../syntax/asm-tree.js';
import { isMemory, isRegister } from './asm-access.js';
import { binary, constant, OLD, register, select } from './asm-thread.js';
import {
  additionFlags,
  carryFlag,
  type Flags,
  logicFlags,
  not,
  setFlags,
  stepFlags,
  subtractionFlags,
} from './x86-flags.js';
import { isPlace, type Place, smallImmediate, type X86Instruction } from './x86-operands.js';

/**
 * `place = update(old)`, with the flags that `flags` says of the old value, if any. Both may read flags only through a snapshot: the
 * flags are written first where the place is a register.
 */
export function modify(
  x: X86Instruction,
  place: Place,
  update: (old: Expr) => Expr,
  flags: ((old: Expr) => Flags) | null,
): void {
  const { builder } = x;
  const setFlags = (old: Expr): void => {
    if (flags !== null) x.setFlags(flags(old));
  };
  if (isMemory(place) && x.locked) {
    const kept = flags !== null && x.needsFlags ? builder.pseudo('.old') : null;
    x.atomic(place, kept, update(OLD));
    setFlags(kept === null ? OLD : register(kept));
  } else if (isMemory(place)) {
    const old = x.load(place, builder.pseudo('.old'));
    x.store(place, update(old));
    setFlags(old);
  } else {
    const old = builder.raw(place);
    setFlags(old);
    builder.write(place, update(old));
  }
}

interface Arithmetic {
  readonly op: BinaryOp;
  /** Adds or takes away the carry flag too. */
  readonly withCarry: boolean;
}

const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  add: { op: '+', withCarry: false },
  adc: { op: '+', withCarry: true },
  sub: { op: '-', withCarry: false },
  sbb: { op: '-', withCarry: true },
  and: { op: '&', withCarry: false },
  or: { op: '|', withCarry: false },
  xor: { op: '^', withCarry: false },
};

export const arithmeticNames: readonly string[] = Object.keys(ARITHMETIC);

export function binaryUpdate(x: X86Instruction): void {
  const operands = x.pair();
  if (operands === null) return;
  const { op, withCarry } = ARITHMETIC[x.base]!;
  const { bits, type } = x;
  const carry = withCarry ? x.snapshot('.carry', carryFlag(x.builder, x.instruction.span)) : null;
  const operand = x.value(operands.source);
  const update = (old: Expr): Expr => {
    const result = binary(op, old, operand, type);
    return carry === null ? result : binary(op, result, carry, type);
  };
  modify(x, operands.target, update, (old) => {
    if (op === '+') return additionFlags(old, operand, carry, bits);
    if (op === '-') return subtractionFlags(old, operand, carry, bits);
    return logicFlags(update(old), bits);
  });
}

export function unaryUpdate(x: X86Instruction): void {
  const [place, ...more] = x.operands;
  if (!isPlace(place) || more.length > 0) {
    x.bad('one register or memory operand');
    return;
  }
  const { base, bits, type } = x;
  switch (base) {
    case 'inc':
      modify(
        x,
        place,
        (old) => binary('+', old, constant(1), type),
        (old) => stepFlags(old, 1, bits),
      );
      return;
    case 'dec':
      modify(
        x,
        place,
        (old) => binary('-', old, constant(1), type),
        (old) => stepFlags(old, -1, bits),
      );
      return;
    case 'neg':
      modify(
        x,
        place,
        (operand) => ({ kind: 'unary', op: '-', operand, type }),
        (old) => subtractionFlags(constant(0), old, null, bits),
      );
      return;
    default:
      modify(x, place, (operand) => ({ kind: 'unary', op: '~', operand, type }), null);
  }
}

// Exchanges

export function exchange(x: X86Instruction): void {
  const { builder } = x;
  const operands = x.registerAndPlace();
  if (operands === null) return;
  const { register: other, place } = operands;
  if (isRegister(place)) {
    const kept = x.snapshot('.kept', builder.view(other));
    builder.write(other, builder.view(place));
    builder.write(place, kept);
    return;
  }
  const kept = builder.pseudo('.old');
  x.atomic(place, kept, builder.raw(other));
  builder.write(other, register(kept));
}

/** The register gets the old value, the place the sum; where both are one register, the sum. */
export function exchangeAdd(x: X86Instruction): void {
  const { builder, bits, type } = x;
  const operands = x.registerAndPlace();
  if (operands === null) return;
  // In a register the place is the destination, which the other operand must not be taken for.
  const { register: other, place } = operands;
  const value = builder.raw(other);
  if (isMemory(place)) {
    const kept = builder.pseudo('.old');
    if (x.locked) x.atomic(place, kept, binary('+', OLD, value, type));
    else {
      x.load(place, kept);
      x.store(place, binary('+', register(kept), value, type));
    }
    x.setFlags(additionFlags(register(kept), value, null, bits));
    builder.write(other, register(kept));
    return;
  }
  const old = x.snapshot('.old', builder.view(place));
  const sum = x.snapshot('.kept', binary('+', old, value, type));
  x.setFlags(additionFlags(old, value, null, bits));
  builder.write(other, old);
  builder.write(place, sum);
}

/**
 * CMPXCHG. A failed one writes the old value back ("the processor never produces a locked read without also producing a locked
 * write"). Without lock that is a store of its own, which can undo another processor's store. A locked one is modelled by its
 * read alone if it fails: nothing can come between the two, so the write back changes no outcome, and a read with the tag X has
 * the same fences around it; herd's model has none either, so that executions are counted alike.
 */
export function compareExchange(x: X86Instruction): void {
  const { builder, bits } = x;
  const operands = x.registerAndPlace();
  if (operands === null) return;
  const { register: desired, place } = operands;
  const rax = x.register('rax', bits);
  const expected = x.snapshot('.expected', builder.view(rax));
  const old = isMemory(place)
    ? compareMemory(x, place, desired, expected)
    : x.snapshot('.old', builder.view(place));
  const equal = binary('==', expected, old, x.type);
  x.setFlags(subtractionFlags(expected, old, null, bits));
  if (isMemory(place)) {
    // A successful one leaves the accumulator, and so its upper half, alone.
    if (bits === 32 && builder.isWide('rax')) writeIf(x, rax, not(equal), old);
    else builder.write(rax, old);
    return;
  }
  const value = x.snapshot('.kept', builder.view(desired));
  writeIf(x, place, equal, value);
  writeIf(x, rax, not(equal), old);
}

/** Writes a register on a condition; otherwise its upper half stays too, also in a 32-bit write. */
function writeIf(x: X86Instruction, target: RegisterOperand, condition: Expr, value: Expr): void {
  const { builder } = x;
  const whole: RegisterOperand = target.bits === 32 ? { ...target, bits: 64 } : target;
  const written: Expr = { kind: 'convert', operand: value, type: x.unsigned };
  builder.write(whole, select(condition, target.bits === 64 ? value : written, builder.view(whole)));
}

function compareMemory(
  x: X86Instruction,
  place: MemoryOperand,
  desired: RegisterOperand,
  expected: Expr,
): Expr {
  const { builder, type } = x;
  const kept = builder.pseudo('.old');
  const value = builder.raw(desired);
  if (x.locked) x.atomic(place, kept, value, binary('==', OLD, expected, type));
  else {
    const old = x.load(place, kept);
    x.store(place, select(binary('==', old, expected, type), value, old));
  }
  return register(kept);
}

// Bits

const BIT_UPDATES: Readonly<Record<string, (old: Expr, mask: Expr, x: X86Instruction) => Expr>> = {
  bts: (old, mask, { type }) => binary('|', old, mask, type),
  btr: (old, mask, { type }) => binary('&', old, { kind: 'unary', op: '~', operand: mask, type }, type),
  btc: (old, mask, { type }) => binary('^', old, mask, type),
};

export const bitNames: readonly string[] = ['bt', ...Object.keys(BIT_UPDATES)];

/**
 * CF is the bit before the change; ZF is kept, the others are undefined. A number in a register addresses bits of memory before
 * and after the operand: there it is the cell that the bit is in that is accessed, which an array may have.
 */
export function bitTest(x: X86Instruction): void {
  const { bits } = x;
  const operands = x.pair();
  if (operands === null) return;
  const { source, target } = operands;
  if (bits === 8 || isMemory(source) || source.kind === 'symbol') {
    x.bad('a bit number and a place of at least 16 bits');
    return;
  }
  const last = constant(bits - 1);
  const fixed = smallImmediate(source);
  if (isRegister(source) === (fixed !== null)) {
    x.bad('a bit number of 8 bits');
    return;
  }
  const number = isRegister(source) ? x.snapshot('.bit', x.builder.view(source)) : constant(fixed!);
  const at = binary('&', number, last, x.type);
  const place = isMemory(target) && isRegister(source) ? operandWith(x, target, number) : target;
  const flags = (old: Expr): Flags => {
    const bit = binary('&', binary('>>', old, at, x.type), constant(1), x.type);
    return { cf: bit, zf: 'kept', sf: 'undefined', of: 'undefined', pf: 'undefined' };
  };
  const update = Object.hasOwn(BIT_UPDATES, x.base) ? BIT_UPDATES[x.base]! : null;
  if (update === null) {
    const old = x.value(place);
    setFlags(x.builder, x.mnemonic, flags(old));
    return;
  }
  const mask = binary('<<', constant(1), at, x.type);
  modify(x, place, (old) => update(old, mask, x), flags);
}

/** The operand of that many bits that `number` (signed) leads to. */
function operandWith(x: X86Instruction, memory: MemoryOperand, number: Expr): MemoryOperand {
  // What the first element is, the others are.
  x.builder.accessType(x.address({ ...memory, offset: null, index: null }), x.bits, memory.span);
  const operands = binary('>>', number, constant(Math.log2(x.bits)), x.signed);
  const bytes = binary('<<', operands, constant(Math.log2(x.bits / 8)), INT64);
  x.snapshot('.address', binary('+', x.address(memory), bytes, INT64));
  const { span } = memory;
  const base: RegisterOperand = { kind: 'register', name: '.address', bits: 64, high: false, span };
  return {
    kind: 'memory',
    base,
    symbol: null,
    index: null,
    extend: null,
    offset: null,
    mode: 'offset',
    span,
  };
}
