/**
 * C's integers: random expressions over locals of all types have the value that the rules of C11 give them, computed here directly on
 * unbounded integers; and single conversions, by table.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../program/value.js';
import { parseLitmus } from '../syntax/parse.js';
import { hasErrors, invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { unfoldProgram } from '../unfold/unfold.js';
import { elaborateC } from './elaborate.js';

interface Type {
  readonly name: string;
  readonly bits: number;
  readonly signed: boolean;
}

const int = (name: string, bits: number, signed = true): Type => ({ name, bits, signed });
const INT = int('int', 32);
const BOOL = int('bool', 1, false);
const TYPES: readonly Type[] = [
  ...[INT, BOOL, int('u8', 8, false), int('s8', 8), int('unsigned short', 16, false), int('short', 16)],
  ...[
    int('unsigned int', 32, false),
    int('long', 64),
    int('unsigned long', 64, false),
    int('char', 8, false),
  ],
  ...[
    int('signed char', 8),
    int('u64', 64, false),
    int('long long', 64),
    int('size_t', 64, false),
    int('s32', 32),
  ],
];

/** A value of C: 6.3.1. */
interface Typed {
  readonly type: Type;
  readonly value: bigint;
}

function convert(value: bigint, type: Type): bigint {
  if (type.bits === 1) return value === 0n ? 0n : 1n;
  return type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
}

const promoted = (type: Type): Type => (type.bits < 32 ? INT : type);

function common(a: Type, b: Type): Type {
  const [x, y] = [promoted(a), promoted(b)];
  if (x.bits !== y.bits) return x.bits > y.bits ? x : y;
  return x.signed ? y : x;
}

/** An expression as text and what it is worth; null: undefined in C. */
interface Case {
  readonly text: string;
  readonly result: Typed | null;
}

const LITERALS: readonly (readonly [string, Typed])[] = [
  ['0', { type: INT, value: 0n }],
  ['1', { type: INT, value: 1n }],
  ['7', { type: INT, value: 7n }],
  ['200', { type: INT, value: 200n }],
  ['0x7fffffff', { type: INT, value: 0x7fffffffn }],
  ['0x80000000', { type: int('', 32, false), value: 0x80000000n }],
  ['0xffffffff', { type: int('', 32, false), value: 0xffffffffn }],
  ['2147483648', { type: int('', 64), value: 0x80000000n }],
  ['4294967295U', { type: int('', 32, false), value: 0xffffffffn }],
  ['1U', { type: int('', 32, false), value: 1n }],
  ['1L', { type: int('', 64), value: 1n }],
  ['3ULL', { type: int('', 64, false), value: 3n }],
  ['0xffffffffffffffff', { type: int('', 64, false), value: 2n ** 64n - 1n }],
  ['0x7fffffffffffffff', { type: int('', 64), value: 2n ** 63n - 1n }],
  ['017', { type: INT, value: 15n }],
  ["'a'", { type: INT, value: 97n }],
  ['sizeof(short)', { type: int('', 64, false), value: 2n }],
];

/** Initial values of `v0`, `v1` ..., which have the types of TYPES. */
type Locals = readonly bigint[];

type Expression = (locals: Locals) => Case;

function undefinedIn(...sides: readonly (Typed | null)[]): boolean {
  return sides.includes(null);
}

function arithmetic(op: string, a: Typed, b: Typed): Typed | null {
  const type = common(a.type, b.type);
  const [x, y] = [convert(a.value, type), convert(b.value, type)];
  const of = (value: bigint): Typed => ({ type, value: convert(value, type) });
  const truth = (value: boolean): Typed => ({ type: INT, value: value ? 1n : 0n });
  switch (op) {
    case '+':
      return of(x + y);
    case '-':
      return of(x - y);
    case '*':
      return of(x * y);
    case '/':
      return y === 0n ? null : of(x / y);
    case '%':
      return y === 0n ? null : of(x % y);
    case '&':
      return of(x & y);
    case '|':
      return of(x | y);
    case '^':
      return of(x ^ y);
    case '==':
      return truth(x === y);
    case '!=':
      return truth(x !== y);
    case '<':
      return truth(x < y);
    case '<=':
      return truth(x <= y);
    case '>':
      return truth(x > y);
    default:
      return truth(x >= y);
  }
}

function shift(op: string, a: Typed, b: Typed): Typed | null {
  const type = promoted(a.type);
  if (b.value < 0n || b.value >= BigInt(type.bits)) return null;
  const x = convert(a.value, type);
  return { type, value: convert(op === '<<' ? x << b.value : x >> b.value, type) };
}

function unary(op: string, { type: from, value }: Typed): Typed {
  if (op === '!') return { type: INT, value: value === 0n ? 1n : 0n };
  const type = promoted(from);
  return { type, value: convert(op === '-' ? -value : op === '~' ? ~value : value, type) };
}

/** `a && b` does not evaluate b if a decides. */
function logical(op: string, a: Typed, b: Typed | null): Typed | null {
  const decided = (op === '||') === (a.value !== 0n);
  if (decided) return { type: INT, value: op === '||' ? 1n : 0n };
  return b === null ? null : { type: INT, value: b.value === 0n ? 0n : 1n };
}

const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const sub = tie('expression');
  const binary = (ops: readonly string[], combine: (op: string, a: Typed, b: Typed) => Typed | null) =>
    fc.tuple(fc.constantFrom(...ops), sub, sub).map(
      ([op, left, right]): Expression =>
        (locals) => {
          const [a, b] = [left(locals), right(locals)];
          const result = a.result === null || b.result === null ? null : combine(op, a.result, b.result);
          return { text: `(${a.text} ${op} ${b.text})`, result };
        },
    );
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: 'medium' },
      fc.nat(TYPES.length - 1).map(
        (i): Expression =>
          (locals) => ({
            text: `v${i}`,
            result: { type: TYPES[i]!, value: locals[i]! },
          }),
      ),
      fc.constantFrom(...LITERALS).map(
        ([text, result]): Expression =>
          () => ({ text, result }),
      ),
      binary(['+', '-', '*', '/', '%', '&', '|', '^', '==', '!=', '<', '<=', '>', '>='], arithmetic),
      binary(['<<', '>>'], shift),
      fc.tuple(fc.constantFrom('-', '~', '!', '+'), sub).map(
        ([op, operand]): Expression =>
          (locals) => {
            const { text, result } = operand(locals);
            return { text: `(${op}${text})`, result: result === null ? null : unary(op, result) };
          },
      ),
      fc.tuple(fc.constantFrom(...TYPES), sub).map(
        ([type, operand]): Expression =>
          (locals) => {
            const { text, result } = operand(locals);
            const value = result === null ? null : { type, value: convert(result.value, type) };
            return { text: `((${type.name})${text})`, result: value };
          },
      ),
      fc.tuple(fc.constantFrom('&&', '||'), sub, sub).map(
        ([op, left, right]): Expression =>
          (locals) => {
            const [a, b] = [left(locals), right(locals)];
            return {
              text: `(${a.text} ${op} ${b.text})`,
              result: a.result === null ? null : logical(op, a.result, b.result),
            };
          },
      ),
      fc.tuple(sub, sub, sub).map(
        ([first, second, third]): Expression =>
          (locals) => {
            const [a, b, c] = [first(locals), second(locals), third(locals)];
            const text = `(${a.text} ? ${b.text} : ${c.text})`;
            // The type is that of both legs, even of one that has no value.
            if (a.result === null || undefinedIn(b.result, c.result)) return { text, result: null };
            const type = common(b.result!.type, c.result!.type);
            const { value } = (a.result.value === 0n ? c.result : b.result)!;
            return { text, result: { type, value: convert(value, type) } };
          },
      ),
    ),
  };
});

const boundary = fc.constantFrom(
  0n,
  1n,
  -1n,
  5n,
  127n,
  -128n,
  255n,
  2n ** 31n - 1n,
  -(2n ** 31n),
  2n ** 32n,
  -(2n ** 63n),
  2n ** 63n,
);
const locals: fc.Arbitrary<Locals> = fc
  .tuple(...TYPES.map(() => fc.oneof(boundary, fc.bigInt(-(2n ** 64n), 2n ** 64n))))
  .map((values) => values.map((value, i) => convert(value, TYPES[i]!)));

/** The value of `text` in a local of type `to`; null: it has none, or elaboration refuses it. */
function run(text: string, to: Type, values: Locals): Value | null {
  const used = TYPES.flatMap(({ name }, i) => (text.includes(`v${i}`) ? [{ name, i }] : []));
  const init = used.map(({ i }) => `0:v${i} = ${values[i]};`).join(' ');
  const declarations = used.map(({ name, i }) => `${name} v${i};`).join(' ');
  const file = `C t\n{ ${init} }\nP0() { ${declarations} ${to.name} r; r = ${text}; }\nexists (0:r=0)\n`;
  const tree = parseLitmus({ name: 't', text: file });
  invariant(tree.value?.dialect === 'C', renderDiagnostics(tree.diagnostics));
  const { value: program, diagnostics } = elaborateC(tree.value);
  if (program === null) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.filter(({ code }) => code !== 'division-by-zero' && code !== 'shift-count')).toEqual([]);
    expect(hasErrors(diagnostics)).toBe(true);
    return null;
  }
  const { traces } = unfoldProgram(program).threads[0]!;
  const result = traces.length === 1 ? traces[0]!.registers.get('r') : undefined;
  return result?.kind === 'const' ? result.value : null;
}

describe('expressions', () => {
  it('have the value that C gives them', () => {
    let compared = 0;
    fc.assert(
      fc.property(expression, locals, fc.constantFrom(...TYPES), (make, values, to) => {
        const { text, result } = make(values);
        const value = run(text, to, values);
        if (result === null || value === null) return;
        compared++;
        expect(String(value), text).toBe(String(convert(result.value, to)));
      }),
      { seed: 20, numRuns: 700 },
    );
    expect(compared).toBeGreaterThan(450);
  });

  it('have a value wherever C gives them one, but for constants that are never evaluated', () => {
    const given = run(
      '(v0 && (v1 / v2)) || (v3 << 3)',
      INT,
      TYPES.map(() => 1n),
    );
    expect(given).toBe(1);
    expect(
      run(
        'v0 / v1',
        INT,
        TYPES.map(() => 0n),
      ),
    ).toBe(null);
    expect(
      run(
        'v0 << v7',
        INT,
        TYPES.map(() => 40n),
      ),
    ).toBe(null);
    expect(
      run(
        'v0 && v1 / v2',
        INT,
        TYPES.map(() => 0n),
      ),
    ).toBe(0);
  });
});

describe('assignments', () => {
  const zeros = TYPES.map(() => 0n);
  it.each<[string, string, Value]>([
    ['u8', '300', 44],
    ['s8', '200', -56],
    ['bool', '256', 1],
    ['char', '-1', 255],
    ['signed char', "'\\xff'", -1],
    ['unsigned int', '-1', 4294967295],
    ['long', '-1U', 4294967295],
    ['long', '0x80000000', 2147483648],
    ['long', '1 << 31', -2147483648],
    ['unsigned long', '-1', 2n ** 64n - 1n],
    ['int', '-1 < 1U', 0],
    ['int', '-1 < 1UL', 0],
    ['int', '(s8)-1 < (u8)1', 1],
    ['int', '-1L < 1U', 1],
    ['int', '(u8)255 + 1', 256],
    ['int', '2147483647 + 1', -2147483648],
    ['unsigned int', '4294967295U + 1', 0],
    ['int', '-7 / 2', -3],
    ['int', '-7 % 2', -1],
    ['int', '-8 >> 1', -4],
    ['unsigned int', '-8U >> 1', 2147483644],
    ['int', '~(u8)0', -1],
    ['int', '!5', 0],
    ['int', '(u16)-1 == 65535', 1],
    ['u64', '(u32)~0ULL', 4294967295],
    ['int', "'A' + '\\n'", 75],
  ])('%s r = %s', (name, text, value) => {
    expect(run(text, TYPES.find((type) => type.name === name)!, zeros)).toBe(value);
  });

  it.each<[string, string, Value]>([
    ['compound, in the wider type', 'u8 a = 250; a += 10; r = a;', 4],
    ['steps that wrap', 'u8 a = 255; a++; r = a;', 0],
    ['steps that wrap below', 'unsigned int a = 0; --a; r = a == 4294967295U;', 1],
    ['shifts of narrow types', 's8 a = -128; a >>= 3; r = a;', -16],
    ['to a cell', 'WRITE_ONCE(*c, 511); r = 1;', 1],
  ])('%s', (_name, body, value) => {
    const text = `C t\n{}\nP0(u8 *c) { int r; ${body} }\nexists (0:r=0)\n`;
    const tree = parseLitmus({ name: 't', text });
    invariant(tree.value?.dialect === 'C', renderDiagnostics(tree.diagnostics));
    const trace = unfoldProgram(elaborateC(tree.value).value!).threads[0]!.traces[0]!;
    expect(trace.registers.get('r')).toEqual({ kind: 'const', value });
    for (const event of trace.events) expect(event.value).toEqual({ kind: 'const', value: 255 });
  });
});
