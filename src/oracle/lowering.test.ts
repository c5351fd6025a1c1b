/**
 * Lowering keeps the meaning of programs: under sequential consistency, where ordering does not matter, a random kernel program and
 * its assembly for each target have the same final states. Several integer types, all families of atomics, locks, waits and
 * branches; ordering is the tables' business (src/lower/lower.test.ts).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LowerOptions, type LowerTarget, lowerProgram } from '../lower/lower.js';
import { programFor } from '../lower/target.js';
import { loadShippedModel } from '../model/shipped.js';
import type { BinaryOp, Expr, Instruction, Program, Thread } from '../program/ir.js';
import {
  INT32,
  INT64,
  type IntType,
  type Location,
  showValue,
  UINT32,
  UINT64,
  wrapTo,
} from '../program/value.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { printAssembly } from '../syntax/print-assembly.js';
import { renderDiagnostics } from '../text/render.js';
import { spanOf } from '../text/source.js';
import { printedStates, readPrinted, statesAsPrinted } from './printed-program.js';

const UINT8: IntType = { bits: 8, signed: false };
const INT16: IntType = { bits: 16, signed: true };
const TYPES = [INT32, UINT32, INT64, UINT64, UINT8, INT16] as const;
const file = { name: 'random', text: ' ' };

function source(text: string, primitive: string | null = null) {
  return { text, span: spanOf(file, 0, 1), primitive, instruction: null };
}

/** Register and cell number i have type TYPES[i]. */
function registerName(i: number): string {
  return `r${i}`;
}

const constant = (value: number): Expr => ({ kind: 'const', value });
const OLD: Expr = { kind: 'old' };

const ARITHMETIC: readonly BinaryOp[] = ['+', '-', '&', '|', '^', '*'];
const COMPARISON: readonly BinaryOp[] = ['==', '!=', '<', '<=', '>', '>='];
const arithmeticType = fc.constantFrom<IntType>(INT32, UINT32, INT64, UINT64);

const { expr } = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(0, 1, 2, 5, -1, 255, 70_000, -40_000).map(constant),
    fc.nat(TYPES.length - 1).map((i): Expr => ({ kind: 'register', name: registerName(i) })),
    fc
      .tuple(fc.constantFrom(...ARITHMETIC), tie('expr'), tie('expr'), arithmeticType)
      .map(([op, left, right, type]): Expr => ({ kind: 'binary', op, left, right, type })),
    fc
      .tuple(fc.constantFrom(...COMPARISON), tie('expr'), tie('expr'), arithmeticType)
      .map(([op, left, right, type]): Expr => ({ kind: 'binary', op, left, right, type })),
    fc
      .tuple(fc.constantFrom<BinaryOp>('<<', '>>'), tie('expr'), fc.nat(7), arithmeticType)
      .map(([op, left, by, type]): Expr => ({ kind: 'binary', op, left, right: constant(by), type })),
    fc
      .tuple(fc.constantFrom<BinaryOp>('<<', '>>'), tie('expr'), tie('expr'), arithmeticType)
      .map(([op, left, by, type]): Expr => {
        const right: Expr = { kind: 'binary', op: '&', left: by, right: constant(15), type: INT32 };
        return { kind: 'binary', op, left, right, type };
      }),
    fc
      .tuple(fc.constantFrom<BinaryOp>('/', '%'), tie('expr'), fc.constantFrom(1, 2, 4, 1024), arithmeticType)
      .map(([op, left, by, type]): Expr => ({ kind: 'binary', op, left, right: constant(by), type })),
    fc
      .tuple(fc.constantFrom('-' as const, '~' as const, '!' as const), tie('expr'), arithmeticType)
      .map(([op, operand, type]): Expr => ({ kind: 'unary', op, operand, type })),
    fc
      .tuple(tie('expr'), fc.constantFrom(...TYPES))
      .map(([operand, type]): Expr => ({ kind: 'convert', operand, type })),
    fc.tuple(tie('expr'), tie('expr'), tie('expr'), arithmeticType).map(([condition, a, b, type]): Expr => {
      const typed = (operand: Expr): Expr => ({ kind: 'convert', operand, type });
      return { kind: 'select', condition, then: typed(a), otherwise: typed(b) };
    }),
  ),
}));

type Step = (locations: readonly Location[], at: number) => readonly Instruction[];

/** One kernel statement on the cell and the register of type number `i`. */
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.nat(TYPES.length - 1), expr).map(
    ([i, value]): Step =>
      () => [
        {
          kind: 'assign',
          dst: registerName(i),
          value: { kind: 'convert', operand: value, type: TYPES[i]! },
          source: source('assign'),
        },
      ],
  ),
  fc.tuple(fc.nat(TYPES.length - 1), fc.constantFrom('Once', 'Acquire')).map(
    ([i, tag]): Step =>
      (locations) => [
        {
          kind: 'load',
          dst: registerName(i),
          address: { kind: 'const', value: locations[i]! },
          type: TYPES[i]!,
          tags: [tag],
          exclusive: false,
          source: source('load'),
        },
      ],
  ),
  fc.tuple(fc.nat(TYPES.length - 1), expr, fc.constantFrom('Once', 'Release', 'Mb')).map(
    ([i, value, tag]): Step =>
      (locations) => {
        const store: Instruction = {
          kind: 'store',
          address: { kind: 'const', value: locations[i]! },
          value,
          type: TYPES[i]!,
          tags: [tag === 'Mb' ? 'Once' : tag],
          source: source('store', tag === 'Mb' ? 'smp_store_mb' : 'store'),
        };
        const fence: Instruction = { kind: 'fence', tags: ['Mb'], source: source('store', 'smp_store_mb') };
        return tag === 'Mb' ? [store, fence] : [store];
      },
  ),
  rmwStep(),
  fc.tuple(expr, fc.nat(TYPES.length - 1)).map(
    ([condition, i]): Step =>
      (_locations, at) => [
        { kind: 'branch', condition, target: at + 2, join: at + 2, source: source('if') },
        { kind: 'assign', dst: registerName(i), value: constant(1), source: source('then') },
      ],
  ),
);

/** Registers that nobody asks for at the end: more than x86 has, so that values must share. */
const HIDDEN = 24;

function hiddenName(i: number): string {
  return `h${i}`;
}

function hiddenType(i: number): IntType {
  return TYPES[i % TYPES.length]!;
}

/** Statements on hidden registers: assignments to and from them, loads, branches. */
const hiddenStep: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom('set', 'get', 'load', 'branch'), fc.nat(HIDDEN - 1), fc.nat(5), expr)
  .map(
    ([kind, h, i, value]): Step =>
      (locations, at) => {
        const hidden: Expr = { kind: 'register', name: hiddenName(h) };
        const assign = (dst: string, type: IntType, operand: Expr): Instruction => ({
          kind: 'assign',
          dst,
          value: { kind: 'convert', operand, type },
          source: source(kind),
        });
        const sum: Expr = { kind: 'binary', op: '+', left: value, right: hidden, type: INT64 };
        switch (kind) {
          case 'set':
            return [assign(hiddenName(h), hiddenType(h), value)];
          case 'get':
            return [assign(registerName(i), TYPES[i]!, sum)];
          case 'load':
            return [
              {
                kind: 'load',
                dst: hiddenName(h),
                address: { kind: 'const', value: locations[h % TYPES.length]! },
                type: hiddenType(h),
                tags: ['Once'],
                exclusive: false,
                source: source('load'),
              },
            ];
          default:
            return [
              { kind: 'branch', condition: hidden, target: at + 2, join: at + 2, source: source('if') },
              assign(registerName(i), TYPES[i]!, hidden),
            ];
        }
      },
  );

/** Forms that lowering knows by their primitive. */
const PRIMITIVES: Readonly<Record<string, string>> = {
  trylock: 'spin_trylock',
  'bit-lock': 'test_and_set_bit_lock',
};

function rmwStep(): fc.Arbitrary<Step> {
  const orders = fc.constantFrom<readonly [string, string]>(
    ['Mb', 'Mb'],
    ['Acquire', 'Once'],
    ['Once', 'Release'],
    ['Once', 'Once'],
    ['Noreturn', 'Once'],
  );
  const forms = [
    'swap',
    'add',
    'sub',
    'or',
    'and',
    'andnot',
    'xor',
    'cmpxchg',
    'unless',
    'test',
    'trylock',
    'return',
    'bit-lock',
    'if-positive',
  ] as const;
  return fc.tuple(fc.nat(3), fc.constantFrom(...forms), expr, expr, orders).map(
    ([i, form, operand, other, [read, write]]): Step =>
      (locations) => {
        const type = TYPES[i]!;
        const typed = (e: Expr): Expr => ({ kind: 'convert', operand: e, type });
        const op = (o: BinaryOp, right: Expr): Expr => ({ kind: 'binary', op: o, left: OLD, right, type });
        const updates: Record<(typeof forms)[number], Expr> = {
          swap: typed(operand),
          add: op('+', operand),
          sub: op('-', operand),
          or: op('|', operand),
          and: op('&', operand),
          andnot: op('&', { kind: 'unary', op: '~', operand, type }),
          xor: op('^', operand),
          cmpxchg: typed(operand),
          unless: op('+', operand),
          test: op('-', operand),
          trylock: constant(1),
          return: op('+', operand),
          'bit-lock': op('|', constant(4)),
          'if-positive': op('-', constant(1)),
        };
        const update = updates[form];
        const when: Expr | null =
          form === 'cmpxchg'
            ? op('==', typed(other))
            : form === 'unless'
              ? op('!=', typed(other))
              : form === 'trylock'
                ? op('==', constant(0))
                : form === 'bit-lock'
                  ? { kind: 'binary', op: '==', left: op('&', constant(4)), right: constant(0), type }
                  : form === 'if-positive'
                    ? { kind: 'binary', op: '>=', left: update, right: constant(0), type }
                    : null;
        const result: Expr =
          form === 'test'
            ? { kind: 'binary', op: '==', left: update, right: constant(0), type }
            : form === 'return' || form === 'if-positive'
              ? update
              : form === 'unless' || form === 'trylock'
                ? constant(1)
                : form === 'bit-lock'
                  ? constant(0)
                  : OLD;
        const failed: Expr =
          form === 'cmpxchg' ? OLD : form === 'if-positive' ? update : constant(form === 'bit-lock' ? 1 : 0);
        return [
          {
            kind: 'rmw',
            dst: read === 'Noreturn' ? null : registerName(i),
            address: { kind: 'const', value: locations[i]! },
            type,
            when,
            update,
            result,
            readTags: [read],
            writeTags: [write],
            fail: when === null ? null : { tags: ['Once'], result: failed },
            source: source(form, PRIMITIVES[form] ?? form),
          },
        ];
      },
  );
}

function threadOf(
  index: number,
  steps: readonly Step[],
  locations: readonly Location[],
  lock: Location | null,
): Thread {
  const code: Instruction[] = [];
  const address: Expr | null = lock === null ? null : { kind: 'const', value: lock };
  if (address !== null)
    code.push({
      kind: 'rmw',
      dst: null,
      address,
      type: INT32,
      when: { kind: 'binary', op: '==', left: OLD, right: constant(0), type: INT32 },
      update: constant(1),
      result: OLD,
      readTags: ['LKR'],
      writeTags: ['LKW'],
      fail: null,
      source: source('spin_lock', 'spin_lock'),
    });
  for (const make of steps) code.push(...make(locations, code.length));
  if (address !== null)
    code.push({
      kind: 'store',
      address,
      value: constant(0),
      type: INT32,
      tags: ['UL'],
      source: source('spin_unlock'),
    });
  const declared = TYPES.map((type, i) => ({ name: registerName(i), type, initial: 0 }));
  const hidden = Array.from({ length: HIDDEN }, (_, i) => ({
    name: hiddenName(i),
    type: hiddenType(i),
    initial: 0,
  }));
  const used = JSON.stringify(code, (_, value) => (typeof value === 'bigint' ? null : value));
  const registers = [...declared, ...hidden.filter(({ name }) => used.includes(`"${name}"`))];
  return { index, name: `P${index}`, label: null, registers, code };
}

function programOf(
  threads: readonly (readonly Step[])[],
  initial: readonly number[],
  locked: boolean,
): Program {
  const locations = [...TYPES, INT32].map(
    (type, index): Location => ({
      kind: 'location',
      index,
      name: `s->c${index}`,
      type,
      role: 'int',
      initial: initial[index] ?? 0,
    }),
  );
  const lock = locked ? locations.at(-1)! : null;
  const built = threads.map((steps, i) => threadOf(i, steps, locations, lock));
  const registers = built.flatMap((thread) =>
    TYPES.map((_, i) => ({
      kind: 'register' as const,
      thread: thread.index,
      name: registerName(i),
      display: `${thread.index}:r${i}`,
    })),
  );
  const cells = locations.map((location) => ({
    kind: 'location' as const,
    location,
    display: location.name,
  }));
  return {
    name: 'random',
    dialect: 'lkmm',
    locations,
    threads: built,
    observed: [...registers, ...cells],
    condition: {
      quantifier: 'forall',
      proposition: { kind: 'constant', value: true },
      text: 'forall (true)',
    },
    filter: null,
  };
}

const sc = loadShippedModel('sc');

/** Final states under sequential consistency, one line each. */
function finalStates(program: Program, listing: string): string[] {
  const result = searchProgram(program, sc, { ...defaultSearchOptions, mode: 'outcomes' });
  expect(result.limit, listing).toBeNull();
  return [...new Set(result.states.map((state) => state.values.map(showValue).join(' ')))].sort();
}

const TARGETS: readonly (readonly [LowerTarget, LowerOptions])[] = [
  ['arm64', { atomics: 'lse' }],
  ['arm64', { atomics: 'llsc' }],
  ['x86', { atomics: 'lse' }],
];

let compared = 0;

function checkSameStates(program: Program): void {
  const expected = finalStates(program, '');
  for (const [target, options] of TARGETS) {
    const lowered = programFor(program, target, options);
    // Random expressions may need more registers than there are; anything else must compile.
    if (lowered.diagnostics.some((d) => d.code === 'out-of-registers')) continue;
    expect(renderDiagnostics(lowered.diagnostics)).toBe('');
    compared++;
    const { program: compiled, assembly } = lowered.value!;
    const listing = printAssembly(assembly);
    expect(finalStates(compiled, listing), listing).toEqual(expected);
  }
}

/** `r0 = 0; if (!(r_i op r_j)) r0 = 1; r_4 = r_i op r_j` on registers loaded from cells. */
function comparisonProgram(op: BinaryOp, type: IntType, i: number): Step[] {
  const load: Step = (locations) =>
    [i, i + 2].map((n) => ({
      kind: 'load',
      dst: registerName(n),
      address: { kind: 'const', value: locations[n]! },
      type: TYPES[n]!,
      tags: ['Once'],
      exclusive: false,
      source: source('load'),
    }));
  const left: Expr = { kind: 'register', name: registerName(i) };
  const right: Expr = { kind: 'register', name: registerName(i + 2) };
  const condition: Expr = { kind: 'binary', op, left, right, type };
  const negated: Expr = { kind: 'unary', op: '!', operand: condition, type: INT32 };
  const decide: Step = (_locations, at) => [
    { kind: 'branch', condition: negated, target: at + 2, join: at + 2, source: source('if') },
    { kind: 'assign', dst: registerName(4), value: constant(1), source: source('then') },
    { kind: 'assign', dst: registerName(5), value: negated, source: source('value') },
  ];
  return [load, decide];
}

describe('lowering keeps the final states', () => {
  it.each(COMPARISON)('of comparisons with %s', (op) => {
    for (const type of [INT32, UINT32, INT64, UINT64])
      for (const i of [0, 1])
        for (const [a, b] of [
          [0, 0],
          [0, 1],
          [1, 0],
          [-1, 1],
          [1, -1],
          [-1, -1],
        ] as const) {
          const initial: number[] = [];
          initial[i] = Number(wrapTo(a, TYPES[i]!));
          initial[i + 2] = b < 0 && !TYPES[i + 2]!.signed ? 4_294_967_295 : b;
          checkSameStates(programOf([comparisonProgram(op, type, i)], initial, false));
        }
  });

  const values = fc.tuple(
    fc.constantFrom(0, 1, -1, 100_000),
    fc.constantFrom(0, 2, 4_000_000_000),
    fc.constantFrom(0, -3),
  );

  it('of one thread with any arithmetic', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 7 }), values, (steps, initial) =>
        checkSameStates(programOf([steps], initial, false)),
      ),
      { numRuns: 250, seed: 4 },
    );
  });

  it('of threads with more values than registers', () => {
    const steps = fc.array(fc.oneof(step, { arbitrary: hiddenStep, weight: 3 }), {
      minLength: 16,
      maxLength: 32,
    });
    let crowded = 0;
    fc.assert(
      fc.property(steps, values, (code, initial) => {
        const program = programOf([code], initial, false);
        checkSameStates(program);
        const fits = lowerProgram(program, 'x86').value !== null;
        if (fits && program.threads[0]!.registers.length > 15) crowded++;
      }),
      { numRuns: 60, seed: 8 },
    );
    expect(crowded).toBeGreaterThan(20);
  });

  it('also as the file that is printed', () => {
    const steps = fc.array(step, { minLength: 1, maxLength: 3 });
    let printed = 0;
    fc.assert(
      fc.property(steps, steps, fc.boolean(), (first, second, locked) => {
        const program = programOf([first, second], [7], locked);
        for (const [target, options] of TARGETS) {
          const lowered = lowerProgram(program, target, options).value;
          if (lowered === null) continue;
          printed++;
          const search = (searched: Program) => searchProgram(searched, sc, defaultSearchOptions);
          const again = readPrinted(lowered);
          expect(printedStates(again, search(again))).toEqual(
            statesAsPrinted(program, lowered, search(program)),
          );
        }
      }),
      { numRuns: 50, seed: 7 },
    );
    expect(printed).toBeGreaterThan(120);
  });

  it('of two threads, with and without a lock', () => {
    const thread = fc.array(step, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(thread, thread, fc.boolean(), (first, second, locked) =>
        checkSameStates(programOf([first, second], [], locked)),
      ),
      { numRuns: 150, seed: 5 },
    );
    expect(compared).toBeGreaterThan(1500);
  });
});
