/**
 * Expressions in AArch64 instructions.
 *
 * Invariant: a register holds the value of its C type: 64-bit types in the X view; others in the W view, 8 and 16 bits
 * extended to 32 by the type's sign. The upper half of an X register whose W view was written is zero.
 */

import type { BinaryOp, Expr } from '../program/ir.js';
import { INT32, type IntType, isLocation } from '../program/value.js';
import type { AsmOperand, RegisterOperand } from '../syntax/asm-tree.js';
import { invariant } from '../text/diagnostic.js';
import type { AsmEmitter } from './emitter.js';
import { isComparison, type RegisterTypes, typeOf } from './shape.js';

/** The register that holds what the enclosing read-modify-write read, and its type. */
export interface Bound {
  readonly old: RegisterOperand;
  readonly type: IntType;
}

const MNEMONICS: Partial<Record<BinaryOp, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '&': 'and',
  '|': 'orr',
  '^': 'eor',
  '<<': 'lsl',
};

const SIGNED: Partial<Record<BinaryOp, string>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};
const UNSIGNED: Partial<Record<BinaryOp, string>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lo',
  '<=': 'ls',
  '>': 'hi',
  '>=': 'hs',
};
const OPPOSITE: Readonly<Record<string, string>> = {
  ...{ eq: 'ne', ne: 'eq', lt: 'ge', ge: 'lt', le: 'gt', gt: 'le' },
  ...{ lo: 'hs', hs: 'lo', ls: 'hi', hi: 'ls' },
};

type BinaryExpr = Extract<Expr, { kind: 'binary' }>;

/** Whether `and`, `orr` and `eor` take the constant: one run of ones. */
function isMask(value: number): boolean {
  return value > 0 && ((value / (value & -value) + 1) & (value / (value & -value))) === 0;
}

export class Arm64Expressions {
  constructor(
    private readonly out: AsmEmitter,
    private readonly types: RegisterTypes,
  ) {}

  private typeOf(expr: Expr, bound: Bound | null): IntType {
    return typeOf(expr, this.types, bound?.type ?? INT32);
  }

  /** The value of `expr`, converted to `bits`, in some register. */
  register(expr: Expr, bits: 32 | 64, bound: Bound | null = null): RegisterOperand {
    const { out } = this;
    const type = this.typeOf(expr, bound);
    const held = this.held(expr, bound);
    if (held !== null) {
      if (bits <= viewOf(type) || !type.signed) return { ...held, bits };
      const wide = out.temporary(64);
      out.emit('sxtw', wide, { ...held, bits: 32 });
      return wide;
    }
    const target = out.temporary(bits);
    this.into(
      target,
      expr,
      bits === 64 ? { bits: 64, signed: type.signed } : { bits: 32, signed: type.signed },
      bound,
    );
    return target;
  }

  /** The register that holds the expression's value already. */
  private held(expr: Expr, bound: Bound | null): RegisterOperand | null {
    const { out } = this;
    if (expr.kind === 'register') return out.operand(out.home(expr.name), viewOf(this.typeOf(expr, bound)));
    if (expr.kind === 'old') return bound?.old ?? null;
    if (expr.kind === 'const' && isLocation(expr.value)) return out.addressOf(expr.value);
    const sameView =
      expr.kind === 'convert' && viewOf(expr.type) === viewOf(this.typeOf(expr.operand, bound));
    return sameView && expr.type.bits >= 32 ? this.held(expr.operand, bound) : null;
  }

  /** What a store writes: the zero register for 0. */
  stored(expr: Expr, type: IntType): RegisterOperand {
    if (expr.kind === 'const' && expr.value === 0) return this.out.operand('xzr', viewOf(type));
    return this.register(expr, viewOf(type));
  }

  /** A register or, if the instruction may take it, a small immediate. */
  private operand(
    expr: Expr,
    bits: 32 | 64,
    bound: Bound | null,
    fits: (value: number) => boolean,
  ): AsmOperand {
    if (expr.kind === 'const' && typeof expr.value === 'number' && fits(expr.value))
      return this.out.immediate(expr.value);
    return this.register(expr, bits, bound);
  }

  /** Makes a register that holds a value of `from` hold it as `to`. */
  adapt(target: RegisterOperand, from: IntType, to: IntType): void {
    const { out } = this;
    const narrow = { ...target, bits: 32 as const };
    if (from.bits === 64 && to.bits === 32 && !to.signed) out.emit('mov', narrow, narrow);
    if (to.bits === 64 && from.bits < 64 && from.signed) out.emit('sxtw', { ...target, bits: 64 }, narrow);
    else if (to.bits < 32 && (to.bits < from.bits || to.signed !== from.signed))
      out.emit(`${to.signed ? 's' : 'u'}xt${to.bits === 8 ? 'b' : 'h'}`, narrow, narrow);
  }

  /** Computes `expr` as `type` into `target`, whose view is that of `type`. */
  into(target: RegisterOperand, expr: Expr, type: IntType, bound: Bound | null = null): void {
    const { out } = this;
    const own = this.typeOf(expr, bound);
    if (expr.kind === 'const' && !isLocation(expr.value)) {
      out.emit('mov', target, out.immediate(expr.value));
      return;
    }
    const held = this.held(expr, bound);
    if (held !== null) {
      const widens = viewOf(type) === 64 && viewOf(own) === 32;
      if (widens && own.signed) out.emit('sxtw', { ...target, bits: 64 }, { ...held, bits: 32 });
      else if (held.name !== target.name) {
        const bits = widens ? 32 : viewOf(type);
        out.emit('mov', { ...target, bits }, { ...held, bits });
      }
      if (type.bits < 32) this.adapt(target, own, type);
      return;
    }
    const mark = out.mark();
    this.compute({ ...target, bits: viewOf(own) }, expr, bound);
    out.freeSince(mark);
    this.adapt(target, own, type);
  }

  /** Computes an expression that no register holds, in its own type. */
  private compute(target: RegisterOperand, expr: Expr, bound: Bound | null): void {
    const { out } = this;
    switch (expr.kind) {
      case 'unary':
        this.unary(target, expr, bound);
        return;
      case 'binary':
        this.binary(target, expr, bound);
        return;
      case 'convert': {
        if (expr.operand.kind !== 'const') {
          this.into({ ...target, bits: viewOf(expr.type) }, expr.operand, expr.type, bound);
          return;
        }
        const from = this.typeOf(expr.operand, bound);
        this.into({ ...target, bits: viewOf(from) }, expr.operand, from, bound);
        this.adapt(target, from, expr.type);
        return;
      }
      case 'select': {
        const type = this.typeOf(expr, bound);
        const chosen = this.register(expr.then, viewOf(type), bound);
        const otherwise = this.register(expr.otherwise, viewOf(type), bound);
        const code = this.compare(expr.condition, bound);
        out.emit('csel', target, chosen, otherwise, out.word(code));
        return;
      }
      default:
        // The other kinds are held by a register or are constants.
        invariant(false, `${expr.kind} has no code`);
    }
  }

  private unary(target: RegisterOperand, expr: Extract<Expr, { kind: 'unary' }>, bound: Bound | null): void {
    if (expr.op === '!') {
      this.setCondition(target, expr, bound);
      return;
    }
    const operand = this.register(expr.operand, viewOf(expr.type), bound);
    this.out.emit(expr.op === '-' ? 'neg' : 'mvn', target, operand);
    this.adapt(target, { bits: viewOf(expr.type), signed: expr.type.signed }, expr.type);
  }

  private binary(target: RegisterOperand, expr: BinaryExpr, bound: Bound | null): void {
    const { out } = this;
    const { op, type } = expr;
    if (isComparison(op)) {
      this.setCondition(target, expr, bound);
      return;
    }
    const bits = viewOf(type);
    if (op === '/' || op === '%') {
      this.divide(target, expr, bound);
      return;
    }
    const mnemonic = op === '>>' ? (type.signed ? 'asr' : 'lsr') : MNEMONICS[op];
    if (mnemonic === undefined) {
      out.unsupported(`the operator \`${op}\``);
      return;
    }
    const left = this.register(expr.left, bits, bound);
    const right = this.operand(expr.right, bits, bound, (value) => immediateFits(op, value, bits));
    out.emit(mnemonic, target, left, right);
    this.adapt(target, { bits, signed: type.signed }, type);
  }

  /** There is no instruction for the remainder: what the quotient leaves of the dividend. */
  private divide(target: RegisterOperand, { op, left, right, type }: BinaryExpr, bound: Bound | null): void {
    const { out } = this;
    const bits = viewOf(type);
    const dividend = this.register(left, bits, bound);
    const divisor = this.register(right, bits, bound);
    const quotient = op === '/' ? target : out.temporary(bits);
    out.emit(type.signed ? 'sdiv' : 'udiv', quotient, dividend, divisor);
    if (op === '%') out.emit('msub', target, quotient, divisor, dividend);
    this.adapt(target, { bits, signed: type.signed }, type);
  }

  private setCondition(target: RegisterOperand, expr: Expr, bound: Bound | null): void {
    const code = this.compare(expr, bound);
    this.out.emit('cset', { ...target, bits: 32 }, this.out.word(code));
  }

  /** Sets the flags for the truth of `expr`; returns the condition code that says that it is true. */
  private compare(expr: Expr, bound: Bound | null): string {
    if (expr.kind === 'unary' && expr.op === '!') return OPPOSITE[this.compare(expr.operand, bound)]!;
    if (expr.kind === 'binary' && isComparison(expr.op)) {
      const bits = this.comparisonBits(expr);
      const left = this.register(expr.left, bits, bound);
      const right = this.operand(expr.right, bits, bound, (value) => value >= 0 && value < 4096);
      this.out.emit('cmp', left, right);
      return (expr.type.signed ? SIGNED : UNSIGNED)[expr.op]!;
    }
    const type = this.typeOf(expr, bound);
    this.out.emit('cmp', this.register(expr, viewOf(type), bound), this.out.immediate(0));
    return 'ne';
  }

  /** Addresses are compared as 64 bits whatever the comparison's type says. */
  private comparisonBits(expr: Extract<Expr, { kind: 'binary' }>): 32 | 64 {
    const addresses = [expr.left, expr.right].some((e) => e.kind === 'const' && isLocation(e.value));
    return addresses ? 64 : viewOf(expr.type);
  }

  /** Jumps to `label` if the truth of `expr` is `when`. */
  branch(expr: Expr, label: string, when: boolean, bound: Bound | null): void {
    const mark = this.out.mark();
    this.branchOn(expr, label, when, bound);
    this.out.freeSince(mark);
  }

  private branchOn(expr: Expr, label: string, when: boolean, bound: Bound | null): void {
    const { out } = this;
    if (expr.kind === 'unary' && expr.op === '!') {
      this.branchOn(expr.operand, label, !when, bound);
      return;
    }
    if (expr.kind === 'const') {
      if ((expr.value !== 0) === when) out.emit('b', out.word(label));
      return;
    }
    const comparison = expr.kind === 'binary' && isComparison(expr.op) ? expr : null;
    if (comparison !== null) {
      const zero = comparison.right.kind === 'const' && comparison.right.value === 0;
      if (zero && (comparison.op === '==' || comparison.op === '!=')) {
        const tested = this.register(comparison.left, this.comparisonBits(comparison), bound);
        out.emit((comparison.op === '!=') === when ? 'cbnz' : 'cbz', tested, out.word(label));
        return;
      }
      const code = this.compare(expr, bound);
      out.emit(`b.${when ? code : OPPOSITE[code]}`, out.word(label));
      return;
    }
    const tested = this.register(expr, viewOf(this.typeOf(expr, bound)), bound);
    out.emit(when ? 'cbnz' : 'cbz', tested, out.word(label));
  }

  /** Jumps to `label` unless the register equals `expected`. */
  branchUnlessEqual(held: RegisterOperand, expected: Expr, label: string): void {
    const { out } = this;
    if (expected.kind === 'const' && expected.value === 0) out.emit('cbnz', held, out.word(label));
    else {
      const bits = held.bits === 64 ? 64 : 32;
      out.emit(
        'cmp',
        held,
        this.operand(expected, bits, null, (value) => value >= 0 && value < 4096),
      );
      out.emit('b.ne', out.word(label));
    }
  }
}

function viewOf(type: IntType): 32 | 64 {
  return type.bits === 64 ? 64 : 32;
}

function immediateFits(op: BinaryOp, value: number, bits: 32 | 64): boolean {
  if (op === '+' || op === '-') return value >= 0 && value < 4096;
  if (op === '<<' || op === '>>') return value >= 0 && value < bits;
  return op !== '*' && value < 2 ** 30 && isMask(value);
}
