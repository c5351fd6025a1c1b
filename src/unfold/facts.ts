/**
 * What a path's constraints already decide: a condition that they imply or contradict need not fork the path.
 *
 * Retry loops of compiled code need it: after a successful compare-and-swap (`old == expected`), the branch back (`old !=
 * expected`) is not taken. Decides equalities that a constraint states or denies, and what the reads that are known to equal a
 * constant decide; everything else is left to the search.
 */
import { isLocation, type Value } from '../program/value.js';
import { evaluateSymbol, isTruthValue, NO_VALUE, type SymbolicValue, sameSymbol } from './symbol.js';

/** `left == right` in `bits` bits, or its negation. */
interface Equality {
  readonly holds: boolean;
  readonly left: SymbolicValue;
  readonly right: SymbolicValue;
  readonly bits: number;
}

const ZERO: SymbolicValue = { kind: 'const', value: 0 };

function isZero(symbol: SymbolicValue): boolean {
  return symbol.kind === 'const' && symbol.value === 0;
}

/** Without conversions that a comparison in `bits` bits does not see. */
function bare(symbol: SymbolicValue, bits: number): SymbolicValue {
  return symbol.kind === 'convert' && symbol.type.bits >= bits ? bare(symbol.operand, bits) : symbol;
}

/**
 * Whether it is 0 exactly where its operands are equal: the EOR before the CBNZ of a compare-and-swap that is made of exclusives.
 * Of whole registers symbol.ts says so; what is narrower is no address, which has no difference.
 */
function isDifference(symbol: SymbolicValue): symbol is Extract<SymbolicValue, { kind: 'binary' }> {
  return symbol.kind === 'binary' && (symbol.op === '^' || symbol.op === '-') && symbol.type.bits < 64;
}

/** The truth of a symbol as an equality or its negation. */
function equalityOf(symbol: SymbolicValue): Equality {
  if (symbol.kind === 'unary' && symbol.op === '!') {
    const inner = equalityOf(symbol.operand);
    return { ...inner, holds: !inner.holds };
  }
  if (symbol.kind === 'binary' && (symbol.op === '==' || symbol.op === '!=')) {
    const { left, right, type } = symbol;
    const holds = symbol.op === '==';
    if (isZero(right) && isTruthValue(left)) {
      const inner = equalityOf(left);
      return { ...inner, holds: inner.holds !== holds };
    }
    const [a, b, bits] =
      isZero(right) && isDifference(left)
        ? [left.left, left.right, Math.min(type.bits, left.type.bits)]
        : [left, right, type.bits];
    return { holds, left: bare(a, bits), right: bare(b, bits), bits };
  }
  return { holds: false, left: symbol, right: ZERO, bits: 64 };
}

function samePair(a: Equality, b: Equality): boolean {
  if (a.bits !== b.bits) return false;
  return (
    (sameSymbol(a.left, b.left) && sameSymbol(a.right, b.right)) ||
    (sameSymbol(a.left, b.right) && sameSymbol(a.right, b.left))
  );
}

/** Whether the value is the same in the signed and the unsigned type of `bits`: only then does equality give the read. */
function isUnambiguous(value: Value, bits: number): boolean {
  return (
    isLocation(value) || (typeof value === 'number' && value >= 0 && value < 2 ** (Math.min(bits, 53) - 1))
  );
}

function learn(
  { holds, left, right, bits }: Equality,
  bitsOf: (event: number) => number,
  known: (Value | undefined)[],
): void {
  if (!holds) return;
  // a comparison that does not see all bits tells nothing of the others
  for (const [read, other] of [
    [left, right],
    [right, left],
  ] as const)
    if (
      read.kind === 'read' &&
      bitsOf(read.event) <= bits &&
      other.kind === 'const' &&
      isUnambiguous(other.value, bits)
    )
      known[read.event] = other.value;
}

/** True or false if the constraints decide the truth of `symbol`; undefined if they do not. `bitsOf`: the width of what a read reads. */
export function decide(
  constraints: readonly SymbolicValue[],
  symbol: SymbolicValue,
  bitsOf: (event: number) => number,
): boolean | undefined {
  if (constraints.length === 0) return undefined;
  const wanted = equalityOf(symbol);
  const known: (Value | undefined)[] = [];
  for (const constraint of constraints) {
    const fact = equalityOf(constraint);
    if (samePair(fact, wanted)) return fact.holds === wanted.holds;
    learn(fact, bitsOf, known);
  }
  if (known.length === 0) return undefined;
  const value = evaluateSymbol(symbol, known, 0);
  return value === undefined || value === NO_VALUE ? undefined : value !== 0;
}
