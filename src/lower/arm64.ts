/**
 * Linux's primitives in AArch64 instructions, with LSE atomics or with exclusive pairs.
 *
 * Source: the kernel's arch/arm64/include/asm/{barrier,atomic_lse,atomic_ll_sc,cmpxchg}.h and include/asm-generic/qrwlock.h, v6.19.
 * Simplified: spin_unlock stores the whole lock word (stlr) where the kernel stores its locked byte (stlrb), because cells are not
 * split; read_lock adds and looks at what was there, as the kernel does, but where it finds a writer it waits for ever instead of
 * in the queue (a reader that comes later has the same outcomes); a conditional update (atomic_add_unless) reads the cell again
 * after a failed attempt instead of taking over what the attempt read, which leaves the outcomes as they are.
 */

import { applyUnary } from '../program/arithmetic.js';
import type {
  Expr,
  FenceInstruction,
  LoadInstruction,
  RmwInstruction,
  StoreInstruction,
} from '../program/ir.js';
import { INT32, type IntType } from '../program/value.js';
import type { RegisterOperand } from '../syntax/asm-tree.js';
import { Arm64Expressions } from './arm64-expressions.js';
import type { Backend } from './backend.js';
import type { AsmEmitter } from './emitter.js';
import {
  looksFirst,
  orderOf,
  type RegisterTypes,
  type RmwOrder,
  type RmwShape,
  readsIntoDestination,
  resultOf,
  shapeOf,
} from './shape.js';

const FENCES: Readonly<Record<string, string | null>> = {
  Mb: 'ish',
  Rmb: 'ishld',
  Wmb: 'ishst',
  'Before-atomic': 'ish',
  'After-atomic': 'ish',
  'After-spinlock': 'ish',
  'After-unlock-lock': null,
  'After-srcu-read-unlock': null,
  'Rcu-lock': null,
  'Rcu-unlock': null,
  Barrier: null,
};

const LSE_OPS = { add: 'add', or: 'set', xor: 'eor', and: 'clr', sub: 'add' } as const;

function sizeSuffix(type: IntType): string {
  return type.bits === 8 ? 'b' : type.bits === 16 ? 'h' : '';
}

export class Arm64Backend implements Backend {
  private readonly expressions: Arm64Expressions;

  constructor(
    private readonly out: AsmEmitter,
    private readonly types: RegisterTypes,
    private readonly atomics: 'lse' | 'llsc',
  ) {
    this.expressions = new Arm64Expressions(out, types);
  }

  assign(dst: string, value: Expr): void {
    const type = this.types.get(dst) ?? INT32;
    this.expressions.into(this.out.operand(this.out.home(dst), viewBits(type)), value, type);
  }

  private address(expr: Expr): RegisterOperand {
    return this.expressions.register(expr, 64);
  }

  load({ dst, address, type, tags }: LoadInstruction): void {
    const { out } = this;
    const target = dst === null ? out.temporary(viewBits(type)) : out.operand(out.home(dst), viewBits(type));
    this.loadInto(target, this.address(address), type, tags.includes('Acquire') ? 'ldar' : 'ldr');
    if (dst !== null) this.expressions.adapt(target, type, this.types.get(dst) ?? INT32);
  }

  private loadInto(target: RegisterOperand, base: RegisterOperand, type: IntType, mnemonic: string): void {
    const { out } = this;
    const narrow = type.bits < 32;
    const signed = narrow && type.signed && mnemonic === 'ldr';
    out.emit(`${mnemonic}${signed ? 's' : ''}${sizeSuffix(type)}`, target, out.indirect(base));
    if (narrow && type.signed && !signed) out.emit(type.bits === 8 ? 'sxtb' : 'sxth', target, target);
  }

  store({ address, value, type, tags }: StoreInstruction): void {
    const { out } = this;
    const release = tags.includes('Release') || tags.includes('UL');
    const base = this.address(address);
    out.emit(
      `${release ? 'stlr' : 'str'}${sizeSuffix(type)}`,
      this.expressions.stored(value, type),
      out.indirect(base),
    );
  }

  storeMb(): boolean {
    return false;
  }

  fence({ tags, source }: FenceInstruction): void {
    if (source.primitive === 'smp_acquire__after_ctrl_dep') {
      this.barrier('ishld');
      return;
    }
    for (const tag of tags) {
      const domain = Object.hasOwn(FENCES, tag) ? FENCES[tag] : undefined;
      if (domain === undefined) this.out.unsupported(`\`${source.text}\``);
      else if (domain !== null) this.barrier(domain);
    }
  }

  private barrier(domain: string): void {
    this.out.emit('dmb', this.out.word(domain));
  }

  jump(label: string): void {
    this.out.emit('b', this.out.word(label));
  }

  branch(condition: Expr, label: string, when: boolean): void {
    this.expressions.branch(condition, label, when, null);
  }

  /** Memory first, then result: the read-modify-write proper, and what the destination gets. */
  rmw(rmw: RmwInstruction): void {
    const { out } = this;
    const base = this.address(rmw.address);
    const shape = shapeOf(rmw);
    const order = orderOf(rmw);
    const done = out.freshLabel();
    const old =
      this.atomics === 'lse'
        ? this.lse(rmw, shape, order, base, done)
        : this.llsc(rmw, shape, order, base, done);
    if (shape.kind === 'operation' && rmw.when !== null && rmw.fail === null)
      this.expressions.branch(rmw.when, out.deadEnd(), false, { old, type: rmw.type });
    out.labelIfUsed(done);
    if (rmw.dst === null) return;
    const type = this.types.get(rmw.dst) ?? INT32;
    this.expressions.into(out.operand(out.home(rmw.dst), viewBits(type)), resultOf(rmw), type, {
      old,
      type: rmw.type,
    });
  }

  /** The register that gets what the read-modify-write reads. */
  private oldRegister(rmw: RmwInstruction, bits: 32 | 64): RegisterOperand {
    const { out } = this;
    if (rmw.dst === null || !readsIntoDestination(rmw, this.types)) return out.temporary(bits);
    return out.operand(out.home(rmw.dst), bits);
  }

  private orderSuffix({ acquire, release }: RmwOrder): string {
    return `${acquire ? 'a' : ''}${release ? 'l' : ''}`;
  }

  private lse(
    rmw: RmwInstruction,
    shape: RmwShape,
    order: RmwOrder,
    base: RegisterOperand,
    done: string,
  ): RegisterOperand {
    const { out, expressions } = this;
    const { type } = rmw;
    const bits = viewBits(type);
    const memory = out.indirect(base);
    const suffix = `${this.orderSuffix(order)}${sizeSuffix(type)}`;
    switch (shape.kind) {
      case 'swap': {
        const value = expressions.register(shape.value, bits);
        const old = this.oldRegister(rmw, bits);
        out.emit(`swp${suffix}`, value, old, memory);
        return this.extended(old, type);
      }
      case 'operation': {
        const operand = expressions.register(lseOperand(shape.op, shape.operand, type), bits);
        const name = LSE_OPS[shape.op];
        if (order.noReturn && rmw.dst === null) {
          out.emit(`st${name}${suffix}`, operand, memory);
          return operand;
        }
        const old = this.oldRegister(rmw, bits);
        this.lookFirst(rmw, old, base, done);
        out.emit(`ld${name}${suffix}`, operand, old, memory);
        return this.extended(old, type);
      }
      case 'compare':
        return this.compareAndSwap(rmw, shape.expected, shape.desired, suffix, base, done);
      case 'general':
        return this.generalLse(rmw, shape.when, shape.update, suffix, base, done);
    }
  }

  /** Leaves at once if a first look shows that there is nothing to do. */
  private lookFirst(rmw: RmwInstruction, old: RegisterOperand, base: RegisterOperand, done: string): void {
    if (!looksFirst(rmw) || rmw.when === null) return;
    this.loadInto(old, base, rmw.type, 'ldr');
    this.expressions.branch(rmw.when, done, false, { old, type: rmw.type });
  }

  private extended(old: RegisterOperand, type: IntType): RegisterOperand {
    if (type.bits < 32 && type.signed) this.out.emit(type.bits === 8 ? 'sxtb' : 'sxth', old, old);
    return old;
  }

  private compareAndSwap(
    rmw: RmwInstruction,
    expected: Expr,
    desired: Expr,
    suffix: string,
    base: RegisterOperand,
    done: string,
  ): RegisterOperand {
    const { out, expressions } = this;
    const bits = viewBits(rmw.type);
    const value = expressions.register(desired, bits);
    const old = this.oldRegister(rmw, bits);
    const retry = out.freshLabel();
    if (rmw.fail === null) out.label(retry);
    if (rmw.source.primitive?.includes('trylock')) {
      this.loadInto(old, base, rmw.type, 'ldr');
      expressions.branchUnlessEqual(old, expected, done);
    }
    expressions.into(old, expected, rmw.type);
    out.emit(`cas${suffix}`, old, value, out.indirect(base));
    this.extended(old, rmw.type);
    if (rmw.fail === null) expressions.branchUnlessEqual(old, expected, retry);
    return old;
  }

  /** `retry: ldr old; [unless when: done]; compute; cas; again if it failed; done:` */
  private generalLse(
    rmw: RmwInstruction,
    when: Expr | null,
    update: Expr,
    suffix: string,
    base: RegisterOperand,
    done: string,
  ): RegisterOperand {
    const { out, expressions } = this;
    const bits = viewBits(rmw.type);
    const old = this.oldRegister(rmw, bits);
    const attempt = out.temporary(bits);
    const retry = out.freshLabel();
    const bound = { old, type: rmw.type };
    out.label(retry);
    this.loadInto(old, base, rmw.type, 'ldr');
    if (when !== null) expressions.branch(when, rmw.fail === null ? retry : done, false, bound);
    const value = expressions.register(update, bits, bound);
    out.emit('mov', attempt, old);
    out.emit(`cas${suffix}`, attempt, value, out.indirect(base));
    out.emit('cmp', attempt, old);
    out.emit('b.ne', out.word(retry));
    return old;
  }

  private llsc(
    rmw: RmwInstruction,
    shape: RmwShape,
    order: RmwOrder,
    base: RegisterOperand,
    done: string,
  ): RegisterOperand {
    const { out, expressions } = this;
    const { type } = rmw;
    const bits = viewBits(type);
    // A full barrier follows a fully ordered pair, which is why its load is no acquire.
    const acquire = order.acquire && !order.full;
    const load = `${acquire ? 'ldaxr' : 'ldxr'}${sizeSuffix(type)}`;
    const store = `${order.release ? 'stlxr' : 'stxr'}${sizeSuffix(type)}`;
    const old = this.oldRegister(rmw, bits);
    const bound = { old, type };
    const fixed = shape.kind === 'swap' ? shape.value : shape.kind === 'compare' ? shape.desired : null;
    const early = fixed === null ? null : expressions.register(fixed, bits);
    const retry = out.freshLabel();
    if (rmw.source.primitive?.includes('trylock') && shape.kind === 'compare') {
      this.loadInto(old, base, type, 'ldr');
      expressions.branchUnlessEqual(old, shape.expected, done);
    }
    this.lookFirst(rmw, old, base, done);
    const expected = shape.kind === 'compare' ? this.expectedRegister(shape.expected, bits) : null;
    out.label(retry);
    const outer =
      shape.kind === 'general' ? this.generalAttempt(rmw, shape.when, old, base, retry, done) : null;
    const read = outer === null ? old : out.temporary(bits);
    const inner = outer === null ? retry : outer;
    out.emit(load, read, out.indirect(base));
    this.extended(read, type);
    if (outer !== null) this.leaveUnlessEqual(read, old, retry);
    if (shape.kind === 'compare') this.leaveUnlessEqual(old, expected, rmw.fail === null ? retry : done);
    const value = early ?? expressions.register(updateOf(shape, rmw), bits, bound);
    const status = out.temporary(32);
    out.emit(store, status, value, out.indirect(base));
    out.emit('cbnz', status, out.word(inner));
    if (order.full) this.barrier('ish');
    return old;
  }

  /** Null: compared with zero. */
  private expectedRegister(expected: Expr, bits: 32 | 64): RegisterOperand | null {
    return expected.kind === 'const' && expected.value === 0
      ? null
      : this.expressions.register(expected, bits);
  }

  private leaveUnlessEqual(old: RegisterOperand, expected: RegisterOperand | null, label: string): void {
    const { out } = this;
    let tested = old;
    if (expected !== null) {
      tested = out.temporary(old.bits);
      out.emit('eor', tested, old, expected);
    }
    out.emit('cbnz', tested, out.word(label));
  }

  /** The plain read before an exclusive pair that updates on a condition; returns the label of the pair. */
  private generalAttempt(
    rmw: RmwInstruction,
    when: Expr | null,
    old: RegisterOperand,
    base: RegisterOperand,
    retry: string,
    done: string,
  ): string | null {
    if (when === null) return null;
    const { out, expressions } = this;
    this.loadInto(old, base, rmw.type, 'ldr');
    expressions.branch(when, rmw.fail === null ? retry : done, false, { old, type: rmw.type });
    const inner = out.freshLabel();
    out.label(inner);
    return inner;
  }
}

function updateOf(shape: RmwShape, rmw: RmwInstruction): Expr {
  return shape.kind === 'general' ? shape.update : rmw.update;
}

/** LSE has no subtraction and no conjunction: add the negation, clear the complement. */
function lseOperand(op: keyof typeof LSE_OPS, operand: Expr, type: IntType): Expr {
  if (op !== 'sub' && op !== 'and') return operand;
  const sign = op === 'sub' ? '-' : '~';
  if (operand.kind === 'unary' && operand.op === sign) return operand.operand;
  // In the signed type, where a negative number is one move.
  const value =
    operand.kind === 'const' ? applyUnary(sign, operand.value, { ...type, signed: true }) : undefined;
  return value === undefined ? { kind: 'unary', op: sign, operand, type } : { kind: 'const', value };
}

/** The register view that holds a value of the type. */
export function viewBits(type: IntType): 32 | 64 {
  return type.bits === 64 ? 64 : 32;
}
