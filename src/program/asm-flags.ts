/**
 * Condition flags without flags: each test that a thread uses (`eq`, `lo`, ...) is a pseudo-register.
 *
 * An instruction that sets the flags assigns the tests that some later instruction of the thread asks for, directly as
 * expressions over its operands, so that dependencies run through them. Sources: Arm ARM (DDI 0487) C1.2.4; Intel SDM
 * volume 1, appendix B. Parity is absent.
 */
import type { BinaryOp, Expr } from './ir.js';
import type { IntType } from './value.js';

/** A condition as the combination of flags that it stands for; the other conditions are negations. */
export type FlagTest = 'eq' | 'lo' | 'ls' | 'lt' | 'le' | 'mi' | 'vs';

export interface Condition {
  readonly test: FlagTest;
  readonly negated: boolean;
}

const ARM64: Readonly<Record<string, string>> = {
  eq: 'eq',
  ne: '!eq',
  cs: '!lo',
  hs: '!lo',
  cc: 'lo',
  lo: 'lo',
  mi: 'mi',
  pl: '!mi',
  vs: 'vs',
  vc: '!vs',
  hi: '!ls',
  ls: 'ls',
  ge: '!lt',
  lt: 'lt',
  gt: '!le',
  le: 'le',
};

const X86: Readonly<Record<string, string>> = {
  e: 'eq',
  z: 'eq',
  ne: '!eq',
  nz: '!eq',
  b: 'lo',
  c: 'lo',
  nae: 'lo',
  ae: '!lo',
  nc: '!lo',
  nb: '!lo',
  be: 'ls',
  na: 'ls',
  a: '!ls',
  nbe: '!ls',
  l: 'lt',
  nge: 'lt',
  ge: '!lt',
  nl: '!lt',
  le: 'le',
  ng: 'le',
  g: '!le',
  nle: '!le',
  s: 'mi',
  ns: '!mi',
  o: 'vs',
  no: '!vs',
};

/** The meaning of a condition code, or null if the architecture has no such code. */
export function conditionOf(dialect: 'arm64' | 'x86', code: string): Condition | null {
  const table = dialect === 'arm64' ? ARM64 : X86;
  const found = Object.hasOwn(table, code) ? table[code]! : null;
  if (found === null) return null;
  return found.startsWith('!')
    ? { test: found.slice(1) as FlagTest, negated: true }
    : { test: found as FlagTest, negated: false };
}

/** The pseudo-register of a test. */
export function flagRegister(test: FlagTest): string {
  return `.${test}`;
}

const ZERO: Expr = { kind: 'const', value: 0 };

function binary(op: BinaryOp, left: Expr, right: Expr, type: IntType): Expr {
  return { kind: 'binary', op, left, right, type };
}

/** Which operation sets the flags: `left - right`, `left + right`, or a bitwise result alone. */
export type FlagSource =
  | {
      readonly kind: 'sub' | 'add';
      readonly left: Expr;
      readonly right: Expr;
      readonly bits: IntType['bits'];
    }
  /** `borrow`: what carry-clear/below means after it: AArch64 clears C (so `lo` holds), x86 clears CF (so `b` does not). */
  | { readonly kind: 'logic'; readonly result: Expr; readonly bits: IntType['bits']; readonly lo: boolean };

/** The value of a test after the operation. */
export function flagValue(test: FlagTest, source: FlagSource, dialect: 'arm64' | 'x86'): Expr {
  const signed: IntType = { bits: source.bits, signed: true };
  const unsigned: IntType = { bits: source.bits, signed: false };
  if (source.kind === 'logic') return logicFlag(test, source.result, signed, source.lo);
  const { left, right } = source;
  if (source.kind === 'sub') return subtractionFlag(test, left, right, signed, unsigned);
  return additionFlag(test, left, right, signed, unsigned, dialect);
}

function logicFlag(test: FlagTest, result: Expr, signed: IntType, lo: boolean): Expr {
  switch (test) {
    case 'eq':
      return binary('==', result, ZERO, signed);
    case 'lo':
      return { kind: 'const', value: lo ? 1 : 0 };
    case 'ls':
      return lo ? { kind: 'const', value: 1 } : binary('==', result, ZERO, signed);
    case 'lt':
    case 'mi':
      return binary('<', result, ZERO, signed);
    case 'le':
      return binary('<=', result, ZERO, signed);
    case 'vs':
      return ZERO;
  }
}

/** Overflow as a sign bit: `a - b` overflows iff the sign of a differs from that of b and from that of the result. */
function subtractionFlag(test: FlagTest, left: Expr, right: Expr, signed: IntType, unsigned: IntType): Expr {
  const difference = binary('-', left, right, signed);
  switch (test) {
    case 'eq':
      return binary('==', left, right, signed);
    case 'lo':
      return binary('<', left, right, unsigned);
    case 'ls':
      return binary('<=', left, right, unsigned);
    case 'lt':
      return binary('<', left, right, signed);
    case 'le':
      return binary('<=', left, right, signed);
    case 'mi':
      return binary('<', difference, ZERO, signed);
    case 'vs': {
      const signs = binary(
        '&',
        binary('^', left, right, signed),
        binary('^', left, difference, signed),
        signed,
      );
      return binary('<', signs, ZERO, signed);
    }
  }
}

function additionFlag(
  test: FlagTest,
  left: Expr,
  right: Expr,
  signed: IntType,
  unsigned: IntType,
  dialect: 'arm64' | 'x86',
): Expr {
  const sum = binary('+', left, right, signed);
  const zero = binary('==', sum, ZERO, signed);
  const negative = binary('<', sum, ZERO, signed);
  const signs = binary('&', binary('^', left, sum, signed), binary('^', right, sum, signed), signed);
  const overflow = binary('<', signs, ZERO, signed);
  const carry = binary('<', sum, left, unsigned);
  const below: Expr = dialect === 'x86' ? carry : { kind: 'unary', op: '!', operand: carry, type: signed };
  const less = binary('^', negative, overflow, signed);
  switch (test) {
    case 'eq':
      return zero;
    case 'mi':
      return negative;
    case 'vs':
      return overflow;
    case 'lo':
      return below;
    case 'ls':
      return binary('|', below, zero, signed);
    case 'lt':
      return less;
    case 'le':
      return binary('|', less, zero, signed);
  }
}
