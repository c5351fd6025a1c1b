/**
 * Random small programs for property tests: two or three threads over a few cells, as plans (program-plan.ts), trimmed so
 * that naive enumeration stays small.
 *
 * Test support. Deterministic by fast-check's seed, and shrinkable: statements drop out and indices go to 0.
 */
import fc from 'fast-check';
import type { BinaryOp, Dialect, Expr, Observable, Program, Proposition, Quantifier } from '../program/ir.js';
import { INT32, UINT32 } from '../program/value.js';
import { EnumerationCost } from './enumeration-cost.js';
import {
  buildProgram,
  constant,
  type Place,
  type ProgramPlan,
  type Statement,
  select,
} from './program-plan.js';
import { shifted } from './shift-cells.js';
import { showProgram } from './show-program.js';

export interface RandomProgramOptions {
  /** An upper estimate of traces x reads-from maps x coherence orders; statements that would exceed it are dropped. */
  readonly maxCandidates: number;
  /** Memory accesses in total. */
  readonly maxAccesses: number;
}

export const defaultRandomOptions: RandomProgramOptions = { maxCandidates: 300, maxAccesses: 8 };

const registerName = fc.constantFrom('r0', 'r1', 'r2');
const smallValue = fc.nat({ max: 2 });
const style = fc.nat({ max: 7 });

function binary(op: BinaryOp, left: Expr, right: Expr): Expr {
  return { kind: 'binary', op, left, right, type: INT32 };
}

const registerExpr = registerName.map((name): Expr => ({ kind: 'register', name }));
const constantExpr = smallValue.map((value) => constant(value));

const comparison: fc.Arbitrary<Expr> = fc
  .tuple(fc.constantFrom<BinaryOp>('==', '!=', '<', '>='), registerExpr, smallValue)
  .map(([op, left, value]) => binary(op, left, constant(value)));

/** Values that depend on registers in all the ways that matter: really, only in syntax, and through other types. */
const valueExpr: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 8, arbitrary: constantExpr },
  { weight: 4, arbitrary: registerExpr },
  { weight: 3, arbitrary: fc.tuple(registerExpr, constantExpr).map(([r, c]) => binary('+', r, c)) },
  // a false dependency: always 1
  { weight: 2, arbitrary: registerExpr.map((r) => binary('+', binary('^', r, r), constant(1))) },
  { weight: 1, arbitrary: comparison },
  { weight: 1, arbitrary: fc.tuple(registerExpr, registerExpr).map(([a, b]) => binary('-', a, b)) },
  {
    weight: 1,
    arbitrary: registerExpr.map((operand): Expr => ({ kind: 'unary', op: '~', operand, type: UINT32 })),
  },
  {
    weight: 1,
    arbitrary: registerExpr.map(
      (r): Expr => ({
        kind: 'convert',
        operand: binary('-', r, constant(1)),
        type: { bits: 8, signed: false },
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(comparison, registerExpr, constantExpr)
      .map(([condition, taken, otherwise]) => select(condition, taken, otherwise)),
  },
);

/** Mostly decided by what was read; now and then only in syntax. */
const conditionExpr: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 5, arbitrary: comparison },
  { weight: 2, arbitrary: registerExpr },
  { weight: 1, arbitrary: registerExpr.map((r) => binary('==', r, r)) },
);

const place: fc.Arbitrary<Place> = fc.oneof(
  { weight: 9, arbitrary: fc.nat({ max: 2 }).map((cell): Place => ({ cell, chosenBy: null })) },
  {
    weight: 1,
    arbitrary: fc
      .record({ cell: fc.nat({ max: 2 }), register: registerName, other: fc.nat({ max: 2 }) })
      .map(({ cell, register, other }): Place => ({ cell, chosenBy: { register, other } })),
  },
);

const load: fc.Arbitrary<Statement> = fc.record({
  kind: fc.constant('load' as const),
  dst: registerName,
  place,
  style,
  unsigned: fc.nat({ max: 11 }).map((n) => n === 11),
});
const store: fc.Arbitrary<Statement> = fc.record({
  kind: fc.constant('store' as const),
  place,
  value: valueExpr,
  style,
});
const fence = fc.record({ kind: fc.constant('fence' as const), style });
const rmw = fc.record({
  kind: fc.constant('rmw' as const),
  shape: fc.constantFrom<'exchange' | 'add' | 'compare' | 'unless' | 'wait'>(
    'exchange',
    'add',
    'compare',
    'unless',
    'wait',
  ),
  dst: fc.option(registerName, { freq: 4 }),
  place,
  operand: valueExpr,
  expected: smallValue,
  style,
});

const simple: fc.Arbitrary<Statement> = fc.oneof(
  { weight: 10, arbitrary: load },
  { weight: 10, arbitrary: store },
  { weight: 4, arbitrary: fence },
  { weight: 3, arbitrary: rmw },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('assign' as const), dst: registerName, value: valueExpr }),
  },
);

const body = fc.array(simple, { maxLength: 2 });

/** Mostly to the cell that was loaded from, as the architecture wants it. */
const exclusiveCells = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 2 }).map((cell) => ({ loaded: cell, stored: cell })) },
  { weight: 1, arbitrary: fc.record({ loaded: fc.nat({ max: 2 }), stored: fc.nat({ max: 2 }) }) },
);

/** A pair that is retried has nothing between, so that a failed try has no effect and the loop needs no bound. */
const between: fc.Arbitrary<Statement | null> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.oneof(load, store, rmw) },
);

const exclusive: fc.Arbitrary<Statement> = fc
  .record({
    kind: fc.constant('exclusive' as const),
    unpaired: fc.nat({ max: 7 }).map((n) => n === 7),
    dst: registerName,
    cells: exclusiveCells,
    between,
    value: valueExpr,
    style: fc.nat({ max: 3 }),
    after: fc.constantFrom<'nothing' | 'assume' | 'retry'>('nothing', 'assume', 'retry'),
  })
  .map((pair) => (pair.after === 'retry' ? { ...pair, between: null } : pair));

const pair: fc.Arbitrary<Statement> = fc.record({
  kind: fc.constant('pair' as const),
  values: fc.option(fc.tuple(valueExpr, valueExpr), { freq: 2, nil: null }),
  cell: fc.nat({ max: 2 }),
  style,
});

const wait: fc.Arbitrary<Statement> = fc.record({
  kind: fc.constant('wait' as const),
  dst: registerName,
  cell: fc.nat({ max: 2 }),
  announced: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ cell: fc.nat({ max: 2 }), value: smallValue }) },
  ),
  expected: smallValue,
  style,
});

const spin: fc.Arbitrary<Statement> = fc.record({
  kind: fc.constant('spin' as const),
  dst: registerName,
  cell: fc.nat({ max: 2 }),
  swapped: smallValue,
  expected: smallValue,
  style,
});

const compound: fc.Arbitrary<Statement> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('if' as const),
      condition: conditionExpr,
      taken: body,
      otherwise: body,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('return' as const), condition: conditionExpr }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('assume' as const), condition: conditionExpr }) },
  { weight: 1, arbitrary: wait },
  { weight: 1, arbitrary: spin },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('critical' as const), body }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('trylock' as const), body }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('publish' as const), cell: fc.nat({ max: 2 }), style }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('follow' as const),
      dst: fc.option(registerName, { freq: 2 }),
      value: constantExpr,
      style,
      guarded: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('repeat' as const),
      times: fc.integer({ min: 1, max: 2 }),
      body: fc.array(simple, { minLength: 1, maxLength: 1 }),
    }),
  },
);

const gracePeriod = fc.record({ kind: fc.constant('grace-period' as const), srcu: fc.boolean() });

/** A grace period within a section of its own kind waits for itself. */
const section = fc.record({
  kind: fc.constant('section' as const),
  srcu: fc.boolean(),
  body: fc.array(fc.oneof({ weight: 9, arbitrary: simple }, { weight: 1, arbitrary: gracePeriod }), {
    maxLength: 2,
  }),
});

/** Threads of sections and grace periods, with little else: what the axiom on them is about. */
const rcuStatement: fc.Arbitrary<Statement> = fc.oneof(
  { weight: 2, arbitrary: section },
  { weight: 2, arbitrary: gracePeriod },
  { weight: 3, arbitrary: simple },
);

function statement(dialect: Dialect): fc.Arbitrary<Statement> {
  const common = [
    { weight: 6, arbitrary: simple },
    { weight: 2, arbitrary: compound },
  ];
  return dialect === 'arm64'
    ? fc.oneof(...common, { weight: 1, arbitrary: exclusive }, { weight: 1, arbitrary: pair })
    : fc.oneof(...common);
}

type Threads = readonly (readonly Statement[])[];

/** Keeps statements in turn, first of each thread first, as long as the whole stays within the options once it is expanded. */
function trim(
  plan: ProgramPlan,
  options: RandomProgramOptions,
  expand: (threads: Threads) => Threads,
): ProgramPlan {
  const kept: Statement[][] = plan.threads.map(() => []);
  const longest = Math.max(...plan.threads.map((thread) => thread.length));
  const costWith = (extra: Statement, of: number): EnumerationCost => {
    const cost = new EnumerationCost();
    const threads = kept.map((thread, t) => (t === of ? [...thread, extra] : thread));
    for (const s of expand(threads).flat()) cost.add(s, plan.cells.length);
    return cost;
  };
  for (let i = 0; i < longest; i++) {
    plan.threads.forEach((thread, t) => {
      const next = thread[i];
      if (next === undefined) return;
      const cost = costWith(next, t);
      if (cost.accesses <= options.maxAccesses && cost.candidates <= options.maxCandidates)
        kept[t]!.push(next);
    });
  }
  return { ...plan, threads: expand(kept) };
}

/** A proposition over some of the observables; indices wrap, so that it fits any program. */
interface QuestionPlan {
  readonly quantifier: Quantifier;
  readonly terms: readonly { readonly index: number; readonly value: number; readonly op: '=' | '!=' }[];
  readonly join: 'and' | 'or' | 'implies';
  readonly negated: boolean;
}

const question: fc.Arbitrary<QuestionPlan> = fc.record({
  quantifier: fc.constantFrom<Quantifier>('exists', '~exists', 'forall'),
  terms: fc.array(
    fc.record({ index: fc.nat({ max: 20 }), value: smallValue, op: fc.constantFrom<'=' | '!='>('=', '!=') }),
    { minLength: 1, maxLength: 3 },
  ),
  join: fc.constantFrom<'and' | 'or' | 'implies'>('and', 'or', 'implies'),
  negated: fc.boolean(),
});

/** What of a final state is asked for: usually all; the search takes short cuts if it is only registers, or little. */
type Observing = 'all' | 'registers' | readonly boolean[];

const observing: fc.Arbitrary<Observing> = fc.oneof(
  { weight: 5, arbitrary: fc.constant('all' as const) },
  { weight: 2, arbitrary: fc.constant('registers' as const) },
  { weight: 2, arbitrary: fc.array(fc.boolean(), { minLength: 4, maxLength: 12 }) },
);

function restrict(program: Program, observing: Observing): Program {
  const keeps = (o: Observable, index: number): boolean =>
    observing === 'all' || (observing === 'registers' ? o.kind === 'register' : observing[index] === true);
  return { ...program, observed: program.observed.filter(keeps) };
}

function proposition(plan: QuestionPlan, program: Program): Proposition {
  if (program.observed.length === 0) return { kind: 'constant', value: !plan.negated };
  const compared = plan.terms.map(
    ({ index, value, op }): Proposition => ({
      kind: 'compare',
      op,
      left: { kind: 'observable', index: index % program.observed.length },
      right: { kind: 'value', value },
    }),
  );
  const joined = compared.reduce((left, right): Proposition => ({ kind: plan.join, left, right }));
  return plan.negated ? { kind: 'not', operand: joined } : joined;
}

/** A random program of a dialect; fast-check prints it as its IR when a property fails. */
export function randomProgram(
  dialect: Dialect,
  options: RandomProgramOptions = defaultRandomOptions,
): fc.Arbitrary<Program> {
  return programOf(dialect, statement(dialect), options);
}

/**
 * A random program in which threads are copies of others, on the same cells or on the next ones: what symmetry is about. One thread may
 * be without a copy.
 */
export function randomSymmetricProgram(
  dialect: Dialect,
  options: RandomProgramOptions = defaultRandomOptions,
): fc.Arbitrary<Program> {
  const copied = fc.record({ copies: fc.integer({ min: 1, max: 2 }), shift: fc.constantFrom(0, 0, 1) });
  return copied.chain(({ copies, shift }) =>
    programOf(dialect, statement(dialect), options, ([first, ...others]) => [
      ...Array.from({ length: copies + 1 }, (_, copy) => first!.map((s) => shifted(s, copy * shift))),
      ...others.slice(0, 2 - copies),
    ]),
  );
}

/** A random program with so many barriers that sets of its events take several words. */
export function randomLongProgram(
  dialect: Dialect,
  options: RandomProgramOptions = defaultRandomOptions,
): fc.Arbitrary<Program> {
  const barriers = fc.record({ count: fc.constantFrom(30, 62, 100), style, after: fc.boolean() });
  return barriers.chain(({ count, style, after }) => {
    const many = Array.from({ length: count }, (): Statement => ({ kind: 'fence', style }));
    return programOf(dialect, statement(dialect), options, ([first, ...others]) => [
      after ? [...first!, ...many] : [...many, ...first!],
      ...others,
    ]);
  });
}

/** A random program of RCU and SRCU sections and grace periods. */
export function randomRcuProgram(
  options: RandomProgramOptions = defaultRandomOptions,
): fc.Arbitrary<Program> {
  return programOf('lkmm', rcuStatement, options);
}

function programOf(
  dialect: Dialect,
  statements: fc.Arbitrary<Statement>,
  options: RandomProgramOptions,
  expand: (threads: Threads) => Threads = (threads) => threads,
): fc.Arbitrary<Program> {
  const thread = fc.noBias(fc.array(statements, { minLength: 1, maxLength: 5 }));
  return fc
    .record({
      threads: fc.array(thread, { minLength: 2, maxLength: 3 }),
      cells: fc.oneof(
        { weight: 4, arbitrary: fc.constant([0, 0]) },
        { weight: 1, arbitrary: fc.array(smallValue, { minLength: 1, maxLength: 3 }) },
      ),
      nullPointer: fc.boolean(),
      observed: observing,
      asked: question,
      filter: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: question }),
    })
    .map(({ threads, cells, nullPointer, observed, asked, filter }) => {
      const program = restrict(
        buildProgram(trim({ dialect, threads, cells, nullPointer }, options, expand)),
        observed,
      );
      return printable({
        ...program,
        condition: {
          quantifier: asked.quantifier,
          proposition: proposition(asked, program),
          text: `${asked.quantifier} ...`,
        },
        filter: filter === null ? null : proposition(filter, program),
      });
    });
}

export function printable(program: Program): Program {
  return Object.defineProperty(program, fc.toStringMethod, { value: () => `\n${showProgram(program)}\n` });
}
