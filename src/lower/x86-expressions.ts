/**
 * Expressions in x86_64 instructions (AT&T order: source, destination).
 *
 * Invariant: a register holds the value of its C type: 64-bit types in the whole register; others in the 32-bit view, 8 and
 * 16 bits extended to 32 by the type's sign, the upper half zero.
 */

import { visitLeaves } from '../program/expressions.js';
import type { BinaryOp, Expr } from '../program/ir.js';
import { INT32, type IntType, isLocation } from '../program/value.js';
import type { AsmOperand, RegisterOperand } from '../syntax/asm-tree.js';
import { invariant } from '../text/diagnostic.js';
import { withoutDivision } from './division.js';
import type { AsmEmitter } from './emitter.js';
import { isComparison, type RegisterTypes, typeOf } from './shape.js';

/** The register that holds what the enclosing read-modify-write read, and its type. */
export interface Bound {
  readonly old: RegisterOperand;
  readonly type: IntType;
}

type View = 32 | 64;

const MNEMONICS: Partial<Record<BinaryOp, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'imul',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
};
const SIGNED: Partial<Record<BinaryOp, string>> = {
  '==': 'e',
  '!=': 'ne',
  '<': 'l',
  '<=': 'le',
  '>': 'g',
  '>=': 'ge',
};
const UNSIGNED: Partial<Record<BinaryOp, string>> = {
  '==': 'e',
  '!=': 'ne',
  '<': 'b',
  '<=': 'be',
  '>': 'a',
  '>=': 'ae',
};
const OPPOSITE: Readonly<Record<string, string>> = {
  ...{ e: 'ne', ne: 'e', l: 'ge', ge: 'l', le: 'g', g: 'le' },
  ...{ b: 'ae', ae: 'b', be: 'a', a: 'be' },
};

/** The register of the amount of a shift. */
export const COUNTER = 'rcx';

const WHY_NO_DIVISION = 'its division instruction can stop the processor, and only powers of two do without';

export function viewOf(type: IntType): View {
  return type.bits === 64 ? 64 : 32;
}

export function widthSuffix(bits: IntType['bits']): string {
  return { 8: 'b', 16: 'w', 32: 'l', 64: 'q' }[bits];
}

function isImmediate(expr: Expr): boolean {
  return expr.kind === 'const' && typeof expr.value === 'number' && expr.value === (expr.value | 0);
}

export class X86Expressions {
  constructor(
    private readonly out: AsmEmitter,
    private readonly types: RegisterTypes,
  ) {}

  typeOf(expr: Expr, bound: Bound | null): IntType {
    return typeOf(expr, this.types, bound?.type ?? INT32);
  }

  private held(expr: Expr, bound: Bound | null): RegisterOperand | null {
    const { out } = this;
    if (expr.kind === 'register') return out.operand(out.home(expr.name), viewOf(this.typeOf(expr, bound)));
    if (expr.kind === 'old') return bound?.old ?? null;
    if (expr.kind === 'const' && isLocation(expr.value)) return out.addressOf(expr.value);
    const sameView =
      expr.kind === 'convert' && viewOf(expr.type) === viewOf(this.typeOf(expr.operand, bound));
    return sameView && expr.type.bits >= 32 ? this.held(expr.operand, bound) : null;
  }

  /** The value of `expr`, converted to `bits`, in some register. */
  register(expr: Expr, bits: View, bound: Bound | null = null): RegisterOperand {
    const type = this.typeOf(expr, bound);
    const held = this.held(expr, bound);
    if (held !== null && (bits <= viewOf(type) || !type.signed)) return { ...held, bits };
    const target = this.out.temporary(bits);
    this.into(target, expr, { bits, signed: type.signed }, bound);
    return target;
  }

  /** An immediate where one fits, else a register. */
  operand(expr: Expr, bits: View, bound: Bound | null = null): AsmOperand {
    if (expr.kind === 'const' && isImmediate(expr)) return this.out.immediate(expr.value as number);
    return this.register(expr, bits, bound);
  }

  /** Makes a register that holds a value of `from` hold it as `to`. */
  adapt(target: RegisterOperand, from: IntType, to: IntType): void {
    const { out } = this;
    const narrow = { ...target, bits: 32 as const };
    if (to.bits === 64 && from.bits < 64 && from.signed) out.emit('movslq', narrow, { ...target, bits: 64 });
    else if (to.bits < 32 && (to.bits < from.bits || to.signed !== from.signed))
      out.emit(`mov${to.signed ? 's' : 'z'}${widthSuffix(to.bits)}l`, { ...target, bits: to.bits }, narrow);
    else if (from.bits === 64 && to.bits === 32) out.emit('movl', narrow, narrow);
  }

  /** Computes `expr` as `type` into `target`. */
  into(target: RegisterOperand, expr: Expr, type: IntType, bound: Bound | null = null): void {
    const { out } = this;
    const own = this.typeOf(expr, bound);
    const view = viewOf(type);
    if (expr.kind === 'const' && !isLocation(expr.value)) {
      out.emit(`mov${widthSuffix(view)}`, out.immediate(expr.value), { ...target, bits: view });
      return;
    }
    const held = this.held(expr, bound);
    if (held === null) this.computeApart(target, expr, own, bound);
    else if (type.bits === 64 && own.bits < 64 && own.signed) {
      out.emit('movslq', { ...held, bits: 32 }, { ...target, bits: 64 });
      return;
    } else if (held.name !== target.name) {
      const bits = viewOf(own);
      out.emit(`mov${widthSuffix(bits)}`, { ...held, bits }, { ...target, bits });
    }
    this.adapt(target, own, type);
  }

  /** Two-operand instructions overwrite their left operand: use another register if the expression reads `target`. */
  private computeApart(target: RegisterOperand, expr: Expr, own: IntType, bound: Bound | null): void {
    const bits = viewOf(own);
    const mark = this.out.mark();
    let reads = bound?.old.name === target.name;
    visitLeaves(expr, {
      register: (name) => {
        if (this.out.home(name) === target.name) reads = true;
      },
    });
    const apart = reads ? this.out.temporary(bits) : { ...target, bits };
    this.compute(apart, expr, bound);
    if (reads) this.out.emit(`mov${widthSuffix(bits)}`, apart, { ...target, bits });
    this.out.freeSince(mark);
  }

  private compute(target: RegisterOperand, expr: Expr, bound: Bound | null): void {
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
        this.into(target, expr.otherwise, type, bound);
        const code = this.compare(expr.condition, bound);
        this.out.emit(`cmov${code}`, chosen, { ...target, bits: viewOf(type) });
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
    const bits = viewOf(expr.type);
    this.into(target, expr.operand, { bits, signed: this.typeOf(expr.operand, bound).signed }, bound);
    this.out.emit(`${expr.op === '-' ? 'neg' : 'not'}${widthSuffix(bits)}`, { ...target, bits });
    this.adapt(target, { bits, signed: expr.type.signed }, expr.type);
  }

  private binary(
    target: RegisterOperand,
    expr: Extract<Expr, { kind: 'binary' }>,
    bound: Bound | null,
  ): void {
    const { out } = this;
    const { op, type } = expr;
    if (isComparison(op)) {
      this.setCondition(target, expr, bound);
      return;
    }
    const bits = viewOf(type);
    const divided = withoutDivision(expr);
    if (divided !== null) {
      this.into(target, divided, { bits, signed: type.signed }, bound);
      return;
    }
    const shift = op === '<<' ? 'shl' : op === '>>' ? (type.signed ? 'sar' : 'shr') : null;
    const mnemonic = shift ?? MNEMONICS[op];
    if (mnemonic === undefined) {
      out.unsupported(`the operator \`${op}\``, op === '/' || op === '%' ? WHY_NO_DIVISION : null);
      return;
    }
    if (shift !== null && !isImmediate(expr.right)) {
      this.shiftByRegister(target, expr, shift, bound);
      return;
    }
    const right = op === '*' ? this.register(expr.right, bits, bound) : this.operand(expr.right, bits, bound);
    const left = this.typeOf(expr.left, bound);
    this.into(target, expr.left, { bits, signed: left.signed }, bound);
    out.emit(`${mnemonic}${widthSuffix(bits)}`, right, { ...target, bits });
    this.adapt(target, { bits, signed: type.signed }, type);
  }

  /** The amount goes into %cl at the last moment: its register is nobody's home, but that of other shifts' amounts. */
  private shiftByRegister(
    target: RegisterOperand,
    { left, right, type }: Extract<Expr, { kind: 'binary' }>,
    shift: string,
    bound: Bound | null,
  ): void {
    const { out } = this;
    const bits = viewOf(type);
    const amount = this.register(right, viewOf(this.typeOf(right, bound)), bound);
    this.into(target, left, { bits, signed: this.typeOf(left, bound).signed }, bound);
    const counter = out.operand(COUNTER, 32);
    out.emit('movl', { ...amount, bits: 32 }, counter);
    out.emit(`${shift}${widthSuffix(bits)}`, { ...counter, bits: 8 }, { ...target, bits });
    this.adapt(target, { bits, signed: type.signed }, type);
  }

  private setCondition(target: RegisterOperand, expr: Expr, bound: Bound | null): void {
    const code = this.compare(expr, bound);
    // Cleared first, since setcc writes a byte and keeps the rest; mov leaves the flags alone.
    this.out.emit('movl', this.out.immediate(0), { ...target, bits: 32 });
    this.out.emit(`set${code}`, { ...target, bits: 8 });
  }

  /** Sets the flags for the truth of `expr`; returns the condition code that says that it is true. */
  compare(expr: Expr, bound: Bound | null): string {
    const { out } = this;
    if (expr.kind === 'unary' && expr.op === '!') return OPPOSITE[this.compare(expr.operand, bound)]!;
    if (expr.kind === 'binary' && isComparison(expr.op)) {
      const addresses = [expr.left, expr.right].some((e) => e.kind === 'const' && isLocation(e.value));
      const bits = addresses ? 64 : viewOf(expr.type);
      const left = this.register(expr.left, bits, bound);
      out.emit(`cmp${widthSuffix(bits)}`, this.operand(expr.right, bits, bound), left);
      return (expr.type.signed ? SIGNED : UNSIGNED)[expr.op]!;
    }
    const bits = viewOf(this.typeOf(expr, bound));
    const tested = this.register(expr, bits, bound);
    out.emit(`cmp${widthSuffix(bits)}`, out.immediate(0), tested);
    return 'ne';
  }

  /** Jumps to `label` if the truth of `expr` is `when`. */
  branch(expr: Expr, label: string, when: boolean, bound: Bound | null): void {
    const { out } = this;
    if (expr.kind === 'const') {
      if ((expr.value !== 0) === when) out.emit('jmp', out.word(label));
      return;
    }
    const mark = out.mark();
    const code = this.compare(expr, bound);
    out.emit(`j${when ? code : OPPOSITE[code]}`, out.word(label));
    out.freeSince(mark);
  }
}
