/**
 * The condition flags of x86, each as a pseudo-register that holds 0 or 1; beside them the combinations that conditions ask for.
 *
 * An instruction assigns those that some instruction of the thread asks for, as expressions over its operands. Combinations (`be`,
 * `l`, `le`) have registers of their own, because a comparison gives them directly. Source: Intel SDM volume 1, 3.4.3 and appendix
 * B, and the "Flags Affected" paragraphs of volume 2. AF is absent: no instruction here reads it.
 */

import type { Expr } from '../program/ir.js';
import { INT32, type IntType } from '../program/value.js';
import { assertNever } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { binary, constant, integer, register, select, type ThreadBuilder } from './asm-thread.js';

type Bits = IntType['bits'];
type Flag = 'cf' | 'zf' | 'sf' | 'of' | 'pf';
/** `be`: CF or ZF; `l`: SF is not OF; `le`: ZF or `l`. */
type Test = Flag | 'be' | 'l' | 'le';

const TESTS: readonly Test[] = ['cf', 'zf', 'sf', 'of', 'pf', 'be', 'l', 'le'];

const PARTS: Readonly<Record<Test, readonly Flag[]>> = {
  cf: ['cf'],
  zf: ['zf'],
  sf: ['sf'],
  of: ['of'],
  pf: ['pf'],
  be: ['cf', 'zf'],
  l: ['sf', 'of'],
  le: ['zf', 'sf', 'of'],
};

/** In a thread's needs: some instruction leaves flags as they are, so that combinations need their parts. */
const KEEPS = 'keeps';

export interface X86Condition {
  readonly test: Test;
  readonly negated: boolean;
}

const POSITIVE: Readonly<Record<string, Test>> = {
  ...{ o: 'of', b: 'cf', c: 'cf', nae: 'cf', e: 'zf', z: 'zf', be: 'be', na: 'be' },
  ...{ s: 'sf', p: 'pf', pe: 'pf', l: 'l', nge: 'l', le: 'le', ng: 'le' },
};
const NEGATIVE: Readonly<Record<string, Test>> = {
  ...{ no: 'of', ae: 'cf', nb: 'cf', nc: 'cf', ne: 'zf', nz: 'zf', a: 'be', nbe: 'be' },
  ...{ ns: 'sf', np: 'pf', po: 'pf', ge: 'l', nl: 'l', g: 'le', nle: 'le' },
};

/** All condition codes with their meaning; the synonyms are the manual's. */
export const x86Conditions: ReadonlyMap<string, X86Condition> = new Map([
  ...Object.entries(POSITIVE).map(([code, test]): [string, X86Condition] => [code, { test, negated: false }]),
  ...Object.entries(NEGATIVE).map(([code, test]): [string, X86Condition] => [code, { test, negated: true }]),
]);

/** What an instruction makes of a flag: 0 or 1; `undefined` is the manual's word. */
export type FlagValue = Expr | 'kept' | 'undefined';

export interface Flags extends Readonly<Record<Flag, FlagValue>> {
  /** Combinations, where the operation has a shorter expression than the parts give. */
  readonly be?: Expr;
  readonly l?: Expr;
  readonly le?: Expr;
  /** Where this is not 0 all flags are kept. */
  readonly unless?: Expr;
}

const ZERO = constant(0);

export function not(truth: Expr): Expr {
  return { kind: 'unary', op: '!', operand: truth, type: INT32 };
}

function isNegative(value: Expr, bits: Bits): Expr {
  return binary('<', value, ZERO, { bits, signed: true });
}

/** PF: whether the lowest byte has an even number of ones. */
function parity(value: Expr): Expr {
  const byte: IntType = { bits: 8, signed: false };
  const fold = (e: Expr, by: number): Expr => binary('^', e, binary('>>', e, constant(by), byte), byte);
  const odd = binary('&', fold(fold(fold(value, 4), 2), 1), constant(1), byte);
  return not(odd);
}

/** Flags of a value: ZF, SF and PF; CF and OF as given. */
export function resultFlags(result: Expr, bits: Bits, carry: FlagValue, overflow: FlagValue): Flags {
  return {
    cf: carry,
    zf: binary('==', result, ZERO, { bits, signed: true }),
    sf: isNegative(result, bits),
    of: overflow,
    pf: parity(result),
  };
}

/** Flags of a bitwise operation. */
export function logicFlags(result: Expr, bits: Bits): Flags {
  const signed: IntType = { bits, signed: true };
  const flags = resultFlags(result, bits, ZERO, ZERO);
  return {
    ...flags,
    be: binary('==', result, ZERO, signed),
    l: isNegative(result, bits),
    le: binary('<=', result, ZERO, signed),
  };
}

/** OF of `left + right = result`: both have a sign that the result has not. */
function additionOverflow(left: Expr, right: Expr, result: Expr, bits: Bits): Expr {
  const signed: IntType = { bits, signed: true };
  const signs = binary('&', binary('^', left, result, signed), binary('^', right, result, signed), signed);
  return isNegative(signs, bits);
}

/** OF of `left - right = result`. */
function subtractionOverflow(left: Expr, right: Expr, result: Expr, bits: Bits): Expr {
  const signed: IntType = { bits, signed: true };
  const signs = binary('&', binary('^', left, right, signed), binary('^', left, result, signed), signed);
  return isNegative(signs, bits);
}

/** Flags of `left + right + carry`; `carry` is 0 or 1, null: nothing. */
export function additionFlags(left: Expr, right: Expr, carry: Expr | null, bits: Bits): Flags {
  const type: IntType = { bits, signed: false };
  const sum = binary('+', left, right, type);
  const result = carry === null ? sum : binary('+', sum, carry, type);
  const wraps = binary('<', result, left, type);
  const out =
    carry === null
      ? wraps
      : binary('|', wraps, binary('&', carry, binary('==', result, left, type), INT32), INT32);
  return resultFlags(result, bits, out, additionOverflow(left, right, result, bits));
}

/** Flags of `left - right - borrow`; `borrow` is 0 or 1, null: nothing. */
export function subtractionFlags(left: Expr, right: Expr, borrow: Expr | null, bits: Bits): Flags {
  const type: IntType = { bits, signed: false };
  const signed: IntType = { bits, signed: true };
  const difference = binary('-', left, right, type);
  if (borrow !== null) {
    const result = binary('-', difference, borrow, type);
    const equal = binary('&', borrow, binary('==', left, right, type), INT32);
    const out = binary('|', binary('<', left, right, type), equal, INT32);
    return resultFlags(result, bits, out, subtractionOverflow(left, right, result, bits));
  }
  return {
    cf: binary('<', left, right, type),
    zf: binary('==', left, right, signed),
    sf: isNegative(difference, bits),
    of: subtractionOverflow(left, right, difference, bits),
    pf: parity(difference),
    be: binary('<=', left, right, type),
    l: binary('<', left, right, signed),
    le: binary('<=', left, right, signed),
  };
}

/** Flags of INC (`by` 1) and DEC (-1): all but CF. */
export function stepFlags(old: Expr, by: 1 | -1, bits: Bits): Flags {
  const result = binary('+', old, constant(by), { bits, signed: true });
  // It overflows to the smallest value of the width, or to the largest.
  const smallest = -(2n ** BigInt(bits - 1));
  const edge = integer(by === 1 ? smallest : -smallest - 1n);
  const overflow = binary('==', result, edge, { bits, signed: true });
  return resultFlags(result, bits, 'kept', overflow);
}

function flagRegister(test: Test): string {
  return `.${test}`;
}

function combine(test: Test, parts: readonly Expr[]): Expr {
  const [first, second, third] = parts as [Expr, Expr, Expr];
  switch (test) {
    case 'be':
      return binary('|', first, second, INT32);
    case 'l':
      return binary('^', first, second, INT32);
    case 'le':
      return binary('|', first, binary('^', second, third, INT32), INT32);
    case 'cf':
    case 'zf':
    case 'sf':
    case 'of':
    case 'pf':
      return first;
    default:
      return assertNever(test);
  }
}

function stateOf(test: Test, flags: Flags): FlagValue {
  const direct = test === 'be' || test === 'l' || test === 'le' ? flags[test] : undefined;
  if (direct !== undefined) return direct;
  const parts = PARTS[test];
  const values = parts.map((flag) => flags[flag]);
  if (values.includes('undefined')) return 'undefined';
  if (values.every((value) => value === 'kept')) return 'kept';
  const known = values.map((value, i) =>
    value === 'kept' || value === 'undefined' ? register(flagRegister(parts[i]!)) : value,
  );
  return combine(test, known);
}

/** An expression without a value: an execution that depends on it is reported as not explored. */
export const UNDEFINED = binary('/', ZERO, ZERO, INT32);

function neededTests(builder: ThreadBuilder): ReadonlySet<string> {
  const needs = builder.neededFlags;
  if (!needs.has(KEEPS)) return needs;
  const asked = TESTS.filter((test) => needs.has(test));
  return new Set(asked.flatMap((test) => [test, ...PARTS[test]]));
}

/** Whether the thread asks for any flag. */
export function needsFlags(builder: ThreadBuilder): boolean {
  return TESTS.some((test) => builder.neededFlags.has(test));
}

/** Assigns the flags that the thread asks for. Their expressions must not read what is written in between. */
export function setFlags(builder: ThreadBuilder, mnemonic: string, flags: Flags): void {
  if (Object.values(flags).includes('kept')) builder.usedFlags.add(KEEPS);
  const needed = neededTests(builder);
  for (const test of TESTS) {
    const value = stateOf(test, flags);
    if (value === 'kept') continue;
    if (value === 'undefined') builder.undefinedFlags.set(test, mnemonic);
    else builder.undefinedFlags.delete(test);
    if (!needed.has(test)) continue;
    const dst = builder.pseudo(flagRegister(test));
    const next = value === 'undefined' ? UNDEFINED : value;
    const chosen = flags.unless === undefined ? next : select(flags.unless, register(dst), next);
    builder.emit({ kind: 'assign', dst, value: chosen });
  }
}

/** 0 or 1: the flag or combination as the last instruction left it. */
function readTest(builder: ThreadBuilder, test: Test, span: Span): Expr {
  builder.usedFlags.add(test);
  const setter = builder.undefinedFlags.get(test);
  if (setter !== undefined) {
    const names = PARTS[test].map((flag) => flag.toUpperCase()).join(', ');
    builder.error(span, 'undefined-flag', `this reads ${names}, which \`${setter}\` leaves undefined`);
  }
  return register(builder.pseudo(flagRegister(test)));
}

export function carryFlag(builder: ThreadBuilder, span: Span): Expr {
  return readTest(builder, 'cf', span);
}

/** 0 or 1: whether the condition holds. */
export function conditionValue(builder: ThreadBuilder, { test, negated }: X86Condition, span: Span): Expr {
  const truth = readTest(builder, test, span);
  return negated ? not(truth) : truth;
}
