/**
 * AArch64's condition flags, each as a pseudo-register that holds 0 or 1; beside them the combinations that conditions ask for.
 *
 * An instruction that sets the flags assigns those that some instruction of the thread asks for, as expressions over its
 * operands, so that dependencies run through them: through all four, also where one of them has a constant value. A combination
 * (`hi`, `lt`, `le`) has a register of its own, because a comparison gives it directly. All flags are clear at the start, and no
 * combination holds then. Source: Arm ARM (DDI 0487) C1.2.4 (conditions), C5.2.10 (NZCV) and AddWithCarry() of J1.1.
 */

import type { Expr } from '../program/ir.js';
import { INT32, type IntType, UINT64 } from '../program/value.js';
import { assertNever } from '../text/diagnostic.js';
import { binary, constant, register, type ThreadBuilder } from './asm-thread.js';

type Bits = IntType['bits'];

/** `mi` is N, `eq` is Z, `hs` is C, `vs` is V; `hi`: C and not Z; `lt`: N is not V; `le`: Z or `lt`. */
type Test = 'mi' | 'eq' | 'hs' | 'vs' | 'hi' | 'lt' | 'le';

const TESTS: readonly Test[] = ['mi', 'eq', 'hs', 'vs', 'hi', 'lt', 'le'];

export interface Arm64Condition {
  readonly test: Test;
  readonly negated: boolean;
}

const POSITIVE: Readonly<Record<string, Test>> = {
  ...{ eq: 'eq', cs: 'hs', hs: 'hs', mi: 'mi', vs: 'vs', hi: 'hi', lt: 'lt', le: 'le' },
};
const NEGATIVE: Readonly<Record<string, Test>> = {
  ...{ ne: 'eq', cc: 'hs', lo: 'hs', pl: 'mi', vc: 'vs', ls: 'hi', ge: 'lt', gt: 'le' },
};

/** The meaning of a condition code, or null if there is no such code; AL and NV are none. */
export function arm64Condition(code: string): Arm64Condition | null {
  if (Object.hasOwn(POSITIVE, code)) return { test: POSITIVE[code]!, negated: false };
  return Object.hasOwn(NEGATIVE, code) ? { test: NEGATIVE[code]!, negated: true } : null;
}

/** What sets the flags. */
export type FlagSource =
  | { readonly kind: 'sub'; readonly left: Expr; readonly right: Expr; readonly bits: Bits }
  | {
      readonly kind: 'add';
      readonly left: Expr;
      readonly right: Expr;
      /** 0 or 1, added too; null: nothing. */
      readonly carry: Expr | null;
      readonly bits: Bits;
    }
  /** A bitwise result: C and V are clear. */
  | { readonly kind: 'logic'; readonly result: Expr; readonly bits: Bits }
  /** The flags themselves, in bits 31 to 28. */
  | { readonly kind: 'nzcv'; readonly value: Expr }
  | {
      readonly kind: 'chosen';
      readonly condition: Expr;
      readonly then: FlagSource;
      readonly otherwise: FlagSource;
    };

function flagRegister(test: Test): string {
  return `.${test}`;
}

/** 0 or 1: whether the condition holds. */
export function holds(builder: ThreadBuilder, { test, negated }: Arm64Condition): Expr {
  builder.usedFlags.add(test);
  const flag = register(builder.pseudo(flagRegister(test)));
  return negated ? not(flag) : flag;
}

/**
 * A condition's value before the flags change: they are set one after the other, so an instruction that reads and sets them keeps
 * what it read.
 */
export function held(builder: ThreadBuilder, condition: Expr): Expr {
  const kept = builder.pseudo('.held');
  builder.emit({ kind: 'assign', dst: kept, value: condition });
  return register(kept);
}

/** Assigns the flags that the thread asks for; the source must not read them. */
export function setFlags(builder: ThreadBuilder, source: FlagSource): void {
  for (const test of TESTS)
    if (builder.neededFlags.has(test))
      builder.emit({
        kind: 'assign',
        dst: builder.pseudo(flagRegister(test)),
        value: flagValue(test, source),
      });
}

/** N, Z, C and V as the system register NZCV holds them. */
export function storedFlags(builder: ThreadBuilder): Expr {
  const flags = (['mi', 'eq', 'hs', 'vs'] as const).map((test, i) =>
    binary('<<', holds(builder, { test, negated: false }), constant(31 - i), UINT64),
  );
  return flags.reduce((all, flag) => binary('|', all, flag, UINT64));
}

const ZERO = constant(0);

function not(operand: Expr): Expr {
  return { kind: 'unary', op: '!', operand, type: INT32 };
}

function both(left: Expr, right: Expr): Expr {
  return binary('&', left, right, INT32);
}

function either(left: Expr, right: Expr): Expr {
  return binary('|', left, right, INT32);
}

function flagValue(test: Test, source: FlagSource): Expr {
  switch (source.kind) {
    case 'sub':
      return differenceFlag(test, source.left, source.right, source.bits);
    case 'add':
      return sumFlag(test, source.left, source.right, source.carry, source.bits);
    case 'logic':
      return bitwiseFlag(test, source.result, source.bits);
    case 'nzcv':
      return givenFlag(test, source.value);
    case 'chosen': {
      const { condition } = source;
      const chosen = flagValue(test, source.then);
      const otherwise = flagValue(test, source.otherwise);
      return { kind: 'select', condition, then: chosen, otherwise };
    }
    default:
      return assertNever(source);
  }
}

/** `left - right`: C says that there was no borrow, V that the result has the wrong sign. */
function differenceFlag(test: Test, left: Expr, right: Expr, bits: Bits): Expr {
  const signed: IntType = { bits, signed: true };
  const unsigned: IntType = { bits, signed: false };
  const difference = (): Expr => binary('-', left, right, signed);
  switch (test) {
    case 'mi':
      return binary('<', difference(), ZERO, signed);
    case 'eq':
      return binary('==', left, right, signed);
    case 'hs':
      return binary('>=', left, right, unsigned);
    case 'vs': {
      const unlike = binary('^', left, right, signed);
      const changed = binary('^', left, difference(), signed);
      return binary('<', binary('&', unlike, changed, signed), ZERO, signed);
    }
    case 'hi':
      return binary('>', left, right, unsigned);
    case 'lt':
      return binary('<', left, right, signed);
    case 'le':
      return binary('<=', left, right, signed);
    default:
      return assertNever(test);
  }
}

function sumFlag(test: Test, left: Expr, right: Expr, carry: Expr | null, bits: Bits): Expr {
  const signed: IntType = { bits, signed: true };
  const plain = binary('+', left, right, signed);
  const sum = carry === null ? plain : binary('+', plain, carry, signed);
  const zero = (): Expr => binary('==', sum, ZERO, signed);
  const negative = (): Expr => binary('<', sum, ZERO, signed);
  const overflow = (): Expr => {
    const signs = binary('&', binary('^', left, sum, signed), binary('^', right, sum, signed), signed);
    return binary('<', signs, ZERO, signed);
  };
  switch (test) {
    case 'mi':
      return negative();
    case 'eq':
      return zero();
    case 'hs':
      return carryOf(sum, left, carry, bits);
    case 'vs':
      return overflow();
    case 'hi':
      return both(carryOf(sum, left, carry, bits), not(zero()));
    case 'lt':
      return binary('!=', negative(), overflow(), INT32);
    case 'le':
      return either(binary('!=', negative(), overflow(), INT32), zero());
    default:
      return assertNever(test);
  }
}

/** There is a carry out iff the sum is less than an operand or, with a carry in, equal to it. */
function carryOf(sum: Expr, left: Expr, carry: Expr | null, bits: Bits): Expr {
  const unsigned: IntType = { bits, signed: false };
  const less = binary('<', sum, left, unsigned);
  return carry === null ? less : either(less, both(carry, binary('==', sum, left, unsigned)));
}

function bitwiseFlag(test: Test, result: Expr, bits: Bits): Expr {
  const signed: IntType = { bits, signed: true };
  switch (test) {
    case 'eq':
      return binary('==', result, ZERO, signed);
    case 'mi':
    case 'lt':
      return binary('<', result, ZERO, signed);
    case 'le':
      return binary('<=', result, ZERO, signed);
    case 'hs':
    case 'vs':
    case 'hi':
      return binary('&', result, ZERO, signed);
    default:
      return assertNever(test);
  }
}

function givenFlag(test: Test, value: Expr): Expr {
  const bit = (at: number): Expr => both(binary('>>', value, constant(at), UINT64), constant(1));
  const less = (): Expr => binary('!=', bit(31), bit(28), INT32);
  switch (test) {
    case 'mi':
      return bit(31);
    case 'eq':
      return bit(30);
    case 'hs':
      return bit(29);
    case 'vs':
      return bit(28);
    case 'hi':
      return both(bit(29), not(bit(30)));
    case 'lt':
      return less();
    case 'le':
      return either(less(), bit(30));
    default:
      return assertNever(test);
  }
}
