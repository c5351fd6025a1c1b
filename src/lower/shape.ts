/**
 * What lowering asks about IR expressions and read-modify-writes, whatever the target: their types, and which family of
 * atomic instruction an update is.
 */
import { mentionsOld, sameExpr, visitLeaves } from '../program/expressions.js';
import type { BinaryOp, Expr, RmwInstruction } from '../program/ir.js';
import { INT32, INT64, type IntType, isLocation } from '../program/value.js';

/** The declared types of a thread's registers. */
export type RegisterTypes = ReadonlyMap<string, IntType>;

const COMPARISONS: readonly BinaryOp[] = ['==', '!=', '<', '<=', '>', '>='];

export function isComparison(op: BinaryOp): boolean {
  return COMPARISONS.includes(op);
}

/** The C type of an expression; constants are `int` if they fit. */
export function typeOf(expr: Expr, registers: RegisterTypes, old: IntType): IntType {
  switch (expr.kind) {
    case 'const':
      if (isLocation(expr.value)) return INT64;
      return typeof expr.value === 'number' && expr.value === (expr.value | 0) ? INT32 : INT64;
    case 'register':
      return registers.get(expr.name) ?? INT32;
    case 'old':
      return old;
    case 'unary':
      return expr.op === '!' ? INT32 : expr.type;
    case 'binary':
      return isComparison(expr.op) ? INT32 : expr.type;
    case 'convert':
      return expr.type;
    case 'select': {
      const left = typeOf(expr.then, registers, old);
      const right = typeOf(expr.otherwise, registers, old);
      return left.bits >= right.bits ? left : right;
    }
  }
}

export type AtomicOp = 'add' | 'sub' | 'or' | 'xor' | 'and';

const ATOMIC: Partial<Record<BinaryOp, AtomicOp>> = {
  '+': 'add',
  '-': 'sub',
  '|': 'or',
  '^': 'xor',
  '&': 'and',
};

/** The family of a read-modify-write. */
export type RmwShape =
  /** Unconditional, and the new value does not depend on the old one. */
  | { readonly kind: 'swap'; readonly value: Expr }
  /**
   * `old op operand`, unconditional; or, if it waits for a condition, made at once and given up for good if that does not hold: a
   * reader counts itself and then looks for a writer. Only the path that gets the lock is complete.
   */
  | { readonly kind: 'operation'; readonly op: AtomicOp; readonly operand: Expr }
  /** Writes `desired` if the old value equals `expected`. */
  | { readonly kind: 'compare'; readonly expected: Expr; readonly desired: Expr }
  /** Anything else: writes `update` if `when` (null: always). */
  | { readonly kind: 'general'; readonly when: Expr | null; readonly update: Expr };

/** Without the conversion to the cell's type that its store makes anyway. */
function bare(expr: Expr, type: IntType): Expr {
  return expr.kind === 'convert' && expr.type.bits >= type.bits ? bare(expr.operand, type) : expr;
}

function comparedWithOld(when: Expr): Expr | null {
  if (when.kind !== 'binary' || when.op !== '==') return null;
  if (when.left.kind === 'old' && !mentionsOld(when.right)) return when.right;
  return when.right.kind === 'old' && !mentionsOld(when.left) ? when.left : null;
}

/**
 * Whether it sets a bit whether or not it is set already, after a look at it that may save the effort:
 * test_and_set_bit_lock() of include/asm-generic/bitops/lock.h.
 */
export function looksFirst(rmw: RmwInstruction): boolean {
  return rmw.source.primitive === 'test_and_set_bit_lock';
}

export function shapeOf(rmw: RmwInstruction): RmwShape {
  const when = looksFirst(rmw) ? null : rmw.when;
  const { type } = rmw;
  const update = bare(rmw.update, type);
  if (when !== null) {
    const expected = comparedWithOld(when);
    if (expected !== null && !mentionsOld(update)) return { kind: 'compare', expected, desired: update };
    const always = rmw.fail === null ? shapeOf({ ...rmw, when: null }) : null;
    return always?.kind === 'operation' ? always : { kind: 'general', when, update };
  }
  if (!mentionsOld(update)) return { kind: 'swap', value: update };
  if (update.kind === 'binary') {
    const op = ATOMIC[update.op];
    const [left, right] = [bare(update.left, type), bare(update.right, type)];
    if (op !== undefined && left.kind === 'old' && !mentionsOld(right))
      return { kind: 'operation', op, operand: right };
    if (op !== undefined && op !== 'sub' && right.kind === 'old' && !mentionsOld(left))
      return { kind: 'operation', op, operand: left };
  }
  return { kind: 'general', when: null, update };
}

/** Ordering of a read-modify-write, from its tags. */
export interface RmwOrder {
  readonly acquire: boolean;
  readonly release: boolean;
  readonly full: boolean;
  /** The kernel's no-return form, `atomic_inc()`. */
  readonly noReturn: boolean;
}

export function orderOf({ readTags, writeTags, fences }: RmwInstruction): RmwOrder {
  const full = [...readTags, ...writeTags, ...(fences ?? [])].includes('Mb');
  return {
    full,
    acquire: full || readTags.includes('Acquire') || readTags.includes('LKR'),
    release: full || writeTags.includes('Release'),
    noReturn: readTags.includes('Noreturn'),
  };
}

/** What the destination gets, as an expression over the old value. */
export function resultOf(rmw: RmwInstruction): Expr {
  const { result, fail, when } = rmw;
  if (fail === null || when === null || sameExpr(result, fail.result)) return result;
  if (isConstant(result, 1) && isConstant(fail.result, 0)) return when;
  return { kind: 'select', condition: when, then: result, otherwise: fail.result };
}

function isConstant(expr: Expr, value: number): boolean {
  return expr.kind === 'const' && expr.value === value;
}

/**
 * Whether what the read-modify-write reads may go to its destination at once: that is its result, and no operand is the
 * destination's own old value (which a retry would need again).
 */
export function readsIntoDestination(rmw: RmwInstruction, registers: RegisterTypes): boolean {
  const { dst, address, update, when, type } = rmw;
  if (dst === null || resultOf(rmw).kind !== 'old') return false;
  const declared = registers.get(dst) ?? INT32;
  if (declared.bits !== type.bits || declared.signed !== type.signed) return false;
  let mentioned = false;
  const visit = {
    register: (name: string) => {
      mentioned ||= name === dst;
    },
  };
  for (const expr of when === null ? [address, update] : [address, update, when]) visitLeaves(expr, visit);
  return !mentioned;
}

/** A kernel primitive on one bit: what it does to it, and the number of the bit. */
export interface BitShape {
  readonly op: 'set' | 'clear' | 'change';
  /** Whether the result says what the bit was. */
  readonly returns: boolean;
  readonly bit: Expr;
}

/** The bit of set_bit(), test_and_set_bit() and their kin; null: another read-modify-write. */
export function bitShapeOf(rmw: RmwInstruction): BitShape | null {
  const [, returns, op] =
    /^(test_and_)?(set|clear|change)_bit(?:_lock|_unlock)?$/.exec(rmw.source.primitive ?? '') ?? [];
  const shape = shapeOf(looksFirst(rmw) ? { ...rmw, when: null } : rmw);
  if (op === undefined || shape.kind !== 'operation') return null;
  const { operand } = shape;
  const mask =
    op !== 'clear' ? operand : operand.kind === 'unary' && operand.op === '~' ? operand.operand : null;
  const bit =
    mask?.kind === 'binary' && mask.op === '<<' && isConstant(mask.left, 1)
      ? mask.right
      : numberOfBit(operand, op === 'clear', rmw.type);
  return bit === null ? null : { op: op as BitShape['op'], returns: returns !== undefined, bit };
}

/** The number of the only bit that a constant has, or lacks. */
function numberOfBit(expr: Expr, complement: boolean, type: IntType): Expr | null {
  if (expr.kind !== 'const' || isLocation(expr.value)) return null;
  const word = BigInt.asUintN(type.bits, complement ? ~BigInt(expr.value) : BigInt(expr.value));
  if (word === 0n || (word & (word - 1n)) !== 0n) return null;
  return { kind: 'const', value: word.toString(2).length - 1 };
}

/** Whether an expression shifts by an amount that is no constant. */
export function shiftsByRegister(expr: Expr): boolean {
  switch (expr.kind) {
    case 'const':
    case 'register':
    case 'old':
      return false;
    case 'unary':
    case 'convert':
      return shiftsByRegister(expr.operand);
    case 'binary': {
      const isShift = expr.op === '<<' || expr.op === '>>';
      if (isShift && expr.right.kind !== 'const') return true;
      return shiftsByRegister(expr.left) || shiftsByRegister(expr.right);
    }
    case 'select':
      return [expr.condition, expr.then, expr.otherwise].some(shiftsByRegister);
  }
}
