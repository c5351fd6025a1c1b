/**
 * Random arm64 programs for the promising machine: two or three short threads of loads, stores, fences, exclusives and atomics
 * that depend on each other. Of what the machine does not have there is nothing: no pairs, no selections, no compare-and-swap, and
 * control dependencies without end.
 *
 * Test support. Denser than random-programs.ts: most of these programs may do what interleaving does not.
 */
import fc from 'fast-check';
import type { BinaryOp, Expr, Instruction, Program } from '../program/ir.js';
import { INT32, INT64, isLocation } from '../program/value.js';
import { buildProgram, constant, type Place, type Statement } from './program-plan.js';
import { printable } from './random-programs.js';

const registerName = fc.constantFrom('r0', 'r1', 'r2');
const anyCell = fc.nat({ max: 2 });
/** Mostly none of the initial values, so that reads tell writes apart. */
const value = fc.constantFrom(1, 2, 3);

function binary(op: BinaryOp, left: Expr, right: Expr): Expr {
  return { kind: 'binary', op, left, right, type: INT32 };
}

const register = registerName.map((name): Expr => ({ kind: 'register', name }));
const valueExpr: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 6, arbitrary: value.map((n) => constant(n)) },
  { weight: 2, arbitrary: fc.tuple(register, value).map(([r, n]) => binary('+', r, constant(n))) },
  // a false dependency
  {
    weight: 2,
    arbitrary: fc.tuple(register, value).map(([r, n]) => binary('+', binary('^', r, r), constant(n))),
  },
);
const condition = fc.oneof(
  { weight: 2, arbitrary: register },
  { weight: 1, arbitrary: fc.tuple(register, value).map(([r, n]) => binary('==', r, constant(n))) },
  { weight: 1, arbitrary: register.map((r) => binary('==', r, r)) },
);
/** One time in three the address depends on a register. */
function placeIn(cells: fc.Arbitrary<number>): fc.Arbitrary<Place> {
  const chosenBy = fc.option(registerName, { freq: 2, nil: null });
  return fc
    .tuple(cells, chosenBy)
    .map(([cell, by]) => ({ cell, chosenBy: by === null ? null : { register: by, other: cell } }));
}

const anyStyle = fc.nat({ max: 7 });
const style = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: anyStyle });

function load(cells: fc.Arbitrary<number>): fc.Arbitrary<Statement> {
  const kind = fc.constant('load' as const);
  return fc.record({ kind, dst: registerName, place: placeIn(cells), style, unsigned: fc.constant(false) });
}

function store(cells: fc.Arbitrary<number>): fc.Arbitrary<Statement> {
  return fc.record({ kind: fc.constant('store' as const), place: placeIn(cells), value: valueExpr, style });
}

type Shape = 'exchange' | 'add' | 'unless' | 'wait';

function rmw(cells: fc.Arbitrary<number>): fc.Arbitrary<Statement> {
  return fc.record({
    kind: fc.constant('rmw' as const),
    shape: fc.constantFrom<Shape>('exchange', 'add', 'unless', 'wait'),
    dst: fc.option(registerName, { freq: 4, nil: null }),
    place: placeIn(cells),
    operand: valueExpr,
    expected: fc.constantFrom(0, 1),
    style: anyStyle,
  });
}

/** A pair that is retried has nothing between: a failed try has no effect, and so the loop has no bound. */
function exclusive(cells: fc.Arbitrary<number>): fc.Arbitrary<Statement> {
  const same = cells.map((cell) => ({ loaded: cell, stored: cell }));
  const mixed = fc.record({ loaded: cells, stored: anyCell });
  return fc
    .record({
      kind: fc.constant('exclusive' as const),
      unpaired: fc.nat({ max: 15 }).map((n) => n === 15),
      dst: registerName,
      cells: fc.oneof({ weight: 7, arbitrary: same }, { weight: 1, arbitrary: mixed }),
      between: fc.option(fc.oneof(load(anyCell), store(anyCell)), { freq: 1, nil: null }),
      value: valueExpr,
      style: fc.nat({ max: 3 }),
      after: fc.constantFrom<'nothing' | 'assume' | 'retry'>('nothing', 'assume', 'retry'),
    })
    .map((pair) => (pair.after === 'retry' ? { ...pair, between: null } : pair));
}

function access(cells: fc.Arbitrary<number>): fc.Arbitrary<Statement> {
  return fc.oneof(
    { weight: 5, arbitrary: load(cells) },
    { weight: 5, arbitrary: store(cells) },
    { weight: 1, arbitrary: rmw(cells) },
    { weight: 1, arbitrary: exclusive(cells) },
  );
}

const body = fc.array(fc.oneof(load(anyCell), store(anyCell)), { maxLength: 1 });

const compound: fc.Arbitrary<Statement> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('if' as const), condition, taken: body, otherwise: body }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('return' as const), condition }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('assume' as const), condition }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      dst: registerName,
      cell: anyCell,
      announced: fc.constant(null),
      expected: fc.constantFrom(0, 1),
      style,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('publish' as const), cell: anyCell, style }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('follow' as const),
      dst: fc.option(registerName, { freq: 2, nil: null }),
      value: valueExpr,
      style,
      guarded: fc.boolean(),
    }),
  },
);

const statement = fc.oneof(
  { weight: 4, arbitrary: access(anyCell) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fence' as const), style: anyStyle }) },
  { weight: 2, arbitrary: compound },
);

/** An access of one cell, something between, an access of another. */
function fromTo(from: number, to: number): fc.Arbitrary<readonly Statement[]> {
  const between = fc.noBias(fc.array(statement, { maxLength: 3 }));
  return fc
    .tuple(access(fc.constant(from)), between, access(fc.constant(to)))
    .map(([first, rest, last]) => [first, ...rest, last]);
}

/**
 * Each thread goes from its cell to the next one's, the last to the first's: the shape in which threads can contradict each other.
 * A thread that only reads or writes may come in between.
 */
const ring: fc.Arbitrary<readonly (readonly Statement[])[]> = fc.oneof(
  fc.tuple(fromTo(0, 1), fromTo(1, 0)),
  fc.tuple(fromTo(0, 1), fromTo(1, 0), fc.tuple(access(anyCell))),
  fc.tuple(fromTo(0, 1), fromTo(1, 2), fromTo(2, 0)),
);

/** A place that is chosen between a cell and itself becomes a cell whose address depends on the choice, and on nothing by a pick. */
function withoutSelections(expr: Expr): Expr {
  if (expr.kind !== 'select' || expr.then.kind !== 'const' || !isLocation(expr.then.value)) return expr;
  const zero: Expr = { kind: 'binary', op: '^', left: expr.condition, right: expr.condition, type: INT64 };
  return { kind: 'binary', op: '+', left: expr.then, right: zero, type: INT64 };
}

function plain(instruction: Instruction): Instruction {
  if (instruction.kind === 'branch') return { ...instruction, join: null };
  if (instruction.kind !== 'load' && instruction.kind !== 'store' && instruction.kind !== 'rmw')
    return instruction;
  return { ...instruction, address: withoutSelections(instruction.address) };
}

/** The program as the machine takes it. */
export function forMachine(program: Program): Program {
  return { ...program, threads: program.threads.map((t) => ({ ...t, code: t.code.map(plain) })) };
}

function cost(s: Statement): number {
  switch (s.kind) {
    case 'exclusive':
      return 2 + (s.between === null ? 0 : 1);
    case 'rmw':
    case 'follow':
      return 2;
    case 'if':
      return s.taken.length + s.otherwise.length;
    case 'load':
    case 'store':
    case 'publish':
    case 'wait':
      return 1;
    default:
      return 0;
  }
}

/** Whether there are no more accesses than this; both ways of a condition count. */
function isSmall(threads: readonly (readonly Statement[])[], maxAccesses: number): boolean {
  const accesses = threads.flat().reduce((sum, s) => sum + cost(s), 0);
  return accesses <= maxAccesses;
}

export function randomPromisingProgram(maxAccesses: number): fc.Arbitrary<Program> {
  return fc
    .tuple(
      ring.filter((threads) => isSmall(threads, maxAccesses)),
      fc.boolean(),
    )
    .map(([threads, nullPointer]) =>
      printable(forMachine(buildProgram({ dialect: 'arm64', threads, cells: [0, 0, 0], nullPointer }))),
    );
}
