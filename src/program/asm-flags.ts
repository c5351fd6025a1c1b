/**
 * Condition flags without flags: each test that a thread uses (`eq`, `lo`, ...) is a pseudo-register.
 *
 * An instruction that sets the flags assigns the tests that some later instruction of the thread asks for, directly as
 * expressions over its operands, so that dependencies run through them. Sources: Arm ARM (DDI 0487) C1.2.4; Intel SDM
 * volume 1, appendix B. Parity is absent.
 *
 * The architecture's four flags are the tests mi (N), eq (Z), vs (V) and lo (no C).
 */
import { assertNever } from '../text/diagnostic.js';
import type { BinaryOp, Expr } from './ir.js';
import { INT32, type IntType, UINT64 } from './value.js';

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

/** Which operation sets the flags: `left - right`, `left + right`, a bitwise result alone, or none. */
export type FlagSource =
  | { readonly kind: 'sub'; readonly left: Expr; readonly right: Expr; readonly bits: IntType['bits'] }
  /** `carry`: 0 or 1, added too. Absent: nothing is. */
  | {
      readonly kind: 'add';
      readonly left: Expr;
      readonly right: Expr;
      readonly carry?: Expr;
      readonly bits: IntType['bits'];
    }
  /** `borrow`: what carry-clear/below means after it: AArch64 clears C (so `lo` holds), x86 clears CF (so `b` does not). */
  | { readonly kind: 'logic'; readonly result: Expr; readonly bits: IntType['bits']; readonly lo: boolean }
  /** AArch64's N, Z, C and V in bits 31 to 28 of a value. */
  | { readonly kind: 'nzcv'; readonly value: Expr }
  | {
      readonly kind: 'chosen';
      /** No flag register: what sets the flags one by one would change it on the way. */
      readonly condition: Expr;
      readonly then: FlagSource;
      readonly otherwise: FlagSource;
    };

/** The value of a test after the operation. All operands stay in it, as dependencies, also where a flag is constant. */
export function flagValue(test: FlagTest, source: FlagSource, dialect: 'arm64' | 'x86'): Expr {
  switch (source.kind) {
    case 'nzcv':
      return storedFlag(test, source.value);
    case 'chosen': {
      const { condition } = source;
      const chosen = flagValue(test, source.then, dialect);
      const otherwise = flagValue(test, source.otherwise, dialect);
      return { kind: 'select', condition, then: chosen, otherwise };
    }
    case 'logic':
      return logicFlag(test, source.result, source.bits, source.lo);
    case 'sub':
      return subtractionFlag(test, source.left, source.right, source.bits);
    case 'add':
      return additionFlag(test, source.left, source.right, source.carry, source.bits, dialect);
    default:
      return assertNever(source);
  }
}

/** Every flag is clear when a thread starts. */
export function initialFlag(test: FlagTest, dialect: 'arm64' | 'x86'): 0 | 1 {
  return dialect === 'arm64' && (test === 'lo' || test === 'ls') ? 1 : 0;
}

function not(operand: Expr): Expr {
  return { kind: 'unary', op: '!', operand, type: INT32 };
}

function storedFlag(test: FlagTest, value: Expr): Expr {
  const bit = (at: number): Expr => {
    const shifted = binary('>>', value, { kind: 'const', value: at }, UINT64);
    return binary('&', shifted, { kind: 'const', value: 1 }, UINT64);
  };
  const less = (): Expr => binary('!=', bit(31), bit(28), INT32);
  switch (test) {
    case 'eq':
      return bit(30);
    case 'mi':
      return bit(31);
    case 'vs':
      return bit(28);
    case 'lo':
      return not(bit(29));
    case 'ls':
      return binary('|', not(bit(29)), bit(30), INT32);
    case 'lt':
      return less();
    case 'le':
      return binary('|', less(), bit(30), INT32);
    default:
      return assertNever(test);
  }
}

function logicFlag(test: FlagTest, result: Expr, bits: IntType['bits'], lo: boolean): Expr {
  const signed: IntType = { bits, signed: true };
  const clear = binary('&', result, ZERO, signed);
  switch (test) {
    case 'eq':
      return binary('==', result, ZERO, signed);
    case 'lo':
      return lo ? not(clear) : clear;
    case 'ls':
      return lo ? not(clear) : binary('==', result, ZERO, signed);
    case 'lt':
    case 'mi':
      return binary('<', result, ZERO, signed);
    case 'le':
      return binary('<=', result, ZERO, signed);
    case 'vs':
      return clear;
    default:
      return assertNever(test);
  }
}

/** Overflow as a sign bit: `a - b` overflows iff the sign of a differs from that of b and from that of the result. */
function subtractionFlag(test: FlagTest, left: Expr, right: Expr, bits: IntType['bits']): Expr {
  const signed: IntType = { bits, signed: true };
  const unsigned: IntType = { bits, signed: false };
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

/** The sum of n bits is less than an operand iff there is a carry; with a carry in, also if it is equal. */
function carryOf(sum: Expr, left: Expr, carryIn: Expr | undefined, unsigned: IntType): Expr {
  const less = binary('<', sum, left, unsigned);
  if (carryIn === undefined) return less;
  return binary('|', less, binary('&', carryIn, binary('==', sum, left, unsigned), unsigned), unsigned);
}

function additionFlag(
  test: FlagTest,
  left: Expr,
  right: Expr,
  carryIn: Expr | undefined,
  bits: IntType['bits'],
  dialect: 'arm64' | 'x86',
): Expr {
  const signed: IntType = { bits, signed: true };
  const unsigned: IntType = { bits, signed: false };
  const both = binary('+', left, right, signed);
  const sum = carryIn === undefined ? both : binary('+', both, carryIn, signed);
  const zero = binary('==', sum, ZERO, signed);
  const negative = binary('<', sum, ZERO, signed);
  const signs = binary('&', binary('^', left, sum, signed), binary('^', right, sum, signed), signed);
  const overflow = binary('<', signs, ZERO, signed);
  const carry = carryOf(sum, left, carryIn, unsigned);
  const below: Expr = dialect === 'x86' ? carry : not(carry);
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
