/**
 * Linux's primitives in x86_64 instructions.
 *
 * Source: the kernel's arch/x86/include/asm/{barrier,atomic,atomic64_64,cmpxchg}.h, v6.19. Simplified: smp_mb is `mfence` where the
 * kernel uses the equivalent `lock; addl $0,-4(%rsp)`, because litmus tests have no stack; spin_unlock stores the whole lock
 * word (movl) where the kernel stores its byte (movb), because cells are not split; a bit of known number is changed by and, or,
 * xor of the whole word where the kernel uses its byte.
 */

import { sameExpr } from '../program/expressions.js';
import type {
  Expr,
  FenceInstruction,
  LoadInstruction,
  RmwInstruction,
  StoreInstruction,
} from '../program/ir.js';
import { INT32, type IntType, isLocation, type Location } from '../program/value.js';
import type { AsmOperand, MemoryOperand, RegisterOperand } from '../syntax/asm-tree.js';
import type { Backend } from './backend.js';
import type { AsmEmitter } from './emitter.js';
import {
  type BitShape,
  bitShapeOf,
  orderOf,
  type RegisterTypes,
  type RmwShape,
  readsIntoDestination,
  resultOf,
  shapeOf,
} from './shape.js';
import { type Bound, viewOf, widthSuffix, X86Expressions } from './x86-expressions.js';

const FENCES: Readonly<Record<string, string | null>> = {
  Mb: 'mfence',
  Rmb: null,
  Wmb: null,
  'Before-atomic': null,
  'After-atomic': null,
  'After-spinlock': null,
  'After-unlock-lock': null,
  'After-srcu-read-unlock': null,
  'Rcu-lock': null,
  'Rcu-unlock': null,
  Barrier: null,
};

const BIT_OPS = { set: 'bts', clear: 'btr', change: 'btc' } as const;

/** Whether an instruction can name the cell; elements of arrays have no symbols. */
export function isSymbol(address: Expr): address is Expr & { kind: 'const'; value: Location } {
  return address.kind === 'const' && isLocation(address.value) && address.value.inRow === undefined;
}

export class X86Backend implements Backend {
  private readonly expressions: X86Expressions;

  constructor(
    private readonly out: AsmEmitter,
    private readonly types: RegisterTypes,
    private readonly symbols: ReadonlyMap<Location, string>,
  ) {
    this.expressions = new X86Expressions(out, types);
  }

  assign(dst: string, value: Expr): void {
    const type = this.types.get(dst) ?? INT32;
    this.expressions.into(this.out.operand(this.out.home(dst), viewOf(type)), value, type);
  }

  private memory(address: Expr): MemoryOperand {
    return isSymbol(address)
      ? this.out.symbol(this.symbols.get(address.value)!)
      : this.out.indirect(this.expressions.register(address, 64));
  }

  private get rax(): RegisterOperand {
    return this.out.operand('rax', 64);
  }

  load({ dst, address, type }: LoadInstruction): void {
    const { out } = this;
    const target = dst === null ? out.temporary(viewOf(type)) : out.operand(out.home(dst), viewOf(type));
    this.loadInto(target, this.memory(address), type);
    if (dst !== null) this.expressions.adapt(target, type, this.types.get(dst) ?? INT32);
  }

  private loadInto(target: RegisterOperand, memory: MemoryOperand, type: IntType): void {
    const bits = viewOf(type);
    const extension = `mov${type.signed ? 's' : 'z'}${widthSuffix(type.bits)}l`;
    this.out.emit(type.bits < 32 ? extension : `mov${widthSuffix(bits)}`, memory, { ...target, bits });
  }

  /** The operand that a store takes, in the width of the access. */
  private stored(value: Expr, type: IntType): AsmOperand {
    const operand = this.expressions.operand(value, viewOf(type));
    if (operand.kind === 'immediate') return { ...operand, value: BigInt.asIntN(type.bits, operand.value) };
    return operand.kind === 'register' ? { ...operand, bits: type.bits } : operand;
  }

  store({ address, value, type }: StoreInstruction): void {
    const memory = this.memory(address);
    this.out.emit(`mov${widthSuffix(type.bits)}`, this.stored(value, type), memory);
  }

  storeMb({ address, value, type }: StoreInstruction): boolean {
    const memory = this.memory(address);
    const exchanged = this.out.temporary(viewOf(type));
    this.expressions.into(exchanged, value, type);
    this.out.emit(`xchg${widthSuffix(type.bits)}`, { ...exchanged, bits: type.bits }, memory);
    return true;
  }

  fence({ tags, source }: FenceInstruction): void {
    if (source.primitive === 'smp_acquire__after_ctrl_dep') return;
    for (const tag of tags) {
      const mnemonic = Object.hasOwn(FENCES, tag) ? FENCES[tag] : undefined;
      if (mnemonic === undefined) this.out.unsupported(`\`${source.text}\``);
      else if (mnemonic !== null) this.out.emit(mnemonic);
    }
  }

  jump(label: string): void {
    this.out.emit('jmp', this.out.word(label));
  }

  branch(condition: Expr, label: string, when: boolean): void {
    this.expressions.branch(condition, label, when, null);
  }

  rmw(rmw: RmwInstruction): void {
    const { out } = this;
    const memory = this.memory(rmw.address);
    const bit = bitShapeOf(rmw);
    if (bit !== null && (bit.returns || bit.bit.kind !== 'const')) {
      this.changeBit(rmw, bit, memory);
      return;
    }
    const shape = shapeOf(rmw);
    if (shape.kind === 'operation' && this.withoutResult(rmw, shape, memory)) return;
    const done = out.freshLabel();
    const old = this.atomic(rmw, shape, memory, done);
    if (shape.kind === 'operation' && rmw.when !== null && rmw.fail === null)
      this.expressions.branch(rmw.when, out.deadEnd(), false, { old, type: rmw.type });
    out.labelIfUsed(done);
    if (rmw.dst === null) return;
    const type = this.types.get(rmw.dst) ?? INT32;
    const target = out.operand(out.home(rmw.dst), viewOf(type));
    this.expressions.into(target, resultOf(rmw), type, { old, type: rmw.type });
  }

  /** `lock op`: no result, or only whether the new value is zero; false if the result needs more. */
  private withoutResult(
    rmw: RmwInstruction,
    { op, operand }: Extract<RmwShape, { kind: 'operation' }>,
    memory: MemoryOperand,
  ): boolean {
    const { out } = this;
    const { dst, result, type } = rmw;
    const isTest = dst !== null && isZeroTest(result, rmw.update);
    const isSilent = orderOf(rmw).noReturn || rmw.source.primitive === 'clear_bit_unlock';
    if (dst === null ? !isSilent : !isTest) return false;
    out.emitLocked(`${op}${widthSuffix(type.bits)}`, this.stored(operand, type), memory);
    if (dst !== null) this.setFrom('sete', dst);
    return true;
  }

  /** `lock bts` and its kin, which leave what the bit was in the carry flag. */
  private changeBit({ dst, type }: RmwInstruction, { op, bit }: BitShape, memory: MemoryOperand): void {
    const { out } = this;
    out.emitLocked(`${BIT_OPS[op]}${widthSuffix(type.bits)}`, this.expressions.operand(bit, 64), memory);
    if (dst !== null) this.setFrom('setc', dst);
  }

  /** A truth value from the flags. */
  private setFrom(mnemonic: string, dst: string): void {
    const { out } = this;
    const target = out.operand(out.home(dst), 32);
    out.emit('movl', out.immediate(0), target);
    out.emit(mnemonic, { ...target, bits: 8 });
  }

  /** Returns the register that holds the old value. */
  private atomic(rmw: RmwInstruction, shape: RmwShape, memory: MemoryOperand, done: string): RegisterOperand {
    const { out, expressions } = this;
    const { type } = rmw;
    const view = viewOf(type);
    if (shape.kind === 'swap') return this.exchange('xchg', shape.value, memory, rmw);
    if (shape.kind === 'operation' && (shape.op === 'add' || shape.op === 'sub')) {
      const operand = shape.op === 'add' ? shape.operand : negated(shape.operand, type);
      return this.exchange('xadd', operand, memory, rmw);
    }
    const old = { ...this.rax, bits: view };
    const bound: Bound = { old, type };
    const retry = out.freshLabel();
    if (shape.kind === 'compare') {
      if (rmw.fail === null) out.label(retry);
      if (rmw.source.primitive?.includes('trylock')) {
        this.loadInto(old, memory, type);
        this.leaveUnless(
          { kind: 'binary', op: '==', left: { kind: 'old' }, right: shape.expected, type },
          bound,
          done,
        );
      }
      const desired = expressions.register(shape.desired, view);
      expressions.into(old, shape.expected, { bits: view, signed: type.signed });
      this.compareExchange(desired, memory, type);
      if (rmw.fail === null) out.emit('jne', out.word(retry));
      return old;
    }
    const when = shape.kind === 'general' ? shape.when : null;
    out.label(retry);
    this.loadInto(old, memory, type);
    if (when !== null) this.leaveUnless(when, bound, rmw.fail === null ? retry : done);
    const value = out.temporary(view);
    expressions.into(value, rmw.update, { bits: view, signed: type.signed }, bound);
    this.compareExchange(value, memory, type);
    out.emit('jne', out.word(retry));
    return old;
  }

  private leaveUnless(condition: Expr, bound: Bound, label: string): void {
    this.expressions.branch(condition, label, false, bound);
  }

  /** herd writes the operands of a locked cmpxchg the other way round than an assembler. */
  private compareExchange(desired: RegisterOperand, memory: MemoryOperand, type: IntType): void {
    this.out.emitLocked(`cmpxchg${widthSuffix(type.bits)}`, memory, { ...desired, bits: type.bits });
    const view = viewOf(type);
    this.expressions.adapt({ ...this.rax, bits: view }, { bits: view, signed: true }, type);
  }

  /** xchg or xadd: a copy of the operand goes in, the old value comes out. */
  private exchange(
    mnemonic: 'xchg' | 'xadd',
    operand: Expr,
    memory: MemoryOperand,
    rmw: RmwInstruction,
  ): RegisterOperand {
    const { out, expressions } = this;
    const { dst, type } = rmw;
    const view = viewOf(type);
    const direct = dst !== null && readsIntoDestination(rmw, this.types);
    const old = direct ? out.operand(out.home(dst), view) : out.temporary(view);
    expressions.into(old, operand, { bits: view, signed: type.signed });
    const operands = [{ ...old, bits: type.bits }, memory] as const;
    const name = `${mnemonic}${widthSuffix(type.bits)}`;
    // xchg with memory is locked without saying so.
    if (mnemonic === 'xadd') out.emitLocked(name, ...operands);
    else out.emit(name, ...operands);
    expressions.adapt(old, { bits: view, signed: true }, { bits: type.bits, signed: type.signed });
    return old;
  }
}

function negated(operand: Expr, type: IntType): Expr {
  return operand.kind === 'const' && typeof operand.value === 'number'
    ? { kind: 'const', value: 0 - operand.value }
    : { kind: 'unary', op: '-', operand, type };
}

/** `update == 0`, as the kernel's *_and_test return it. */
function isZeroTest(result: Expr, update: Expr): boolean {
  if (result.kind !== 'binary' || result.op !== '==') return false;
  return result.right.kind === 'const' && result.right.value === 0 && sameExpr(result.left, update);
}
