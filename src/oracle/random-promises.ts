/**
 * Random arm64 programs for the promising machine: two or three short threads of loads, stores, fences, exclusives and atomics
 * that depend on each other. Of what the machine does not have there is nothing: no pairs, no selections, no conditional atomics, and
 * control dependencies without end.
 *
 * Test support. Denser than random-programs.ts: a third of these programs may do what interleaving does not.
 */
import fc from 'fast-check';
import type { BinaryOp, Expr, Instruction, Program } from '../program/ir.js';
import { INT32, INT64, isLocation } from '../program/value.js';
import { buildProgram, constant, type Place, type Statement } from './program-plan.js';
import { printable } from './random-programs.js';

const registerName = fc.constantFrom('r0', 'r1', 'r2', 'r3');
const anyCell = fc.nat({ max: 2 });
/** Mostly none of the initial values, so that reads tell writes apart. */
const value = fc.constantFrom(1, 2, 3);

function binary(op: BinaryOp, left: Expr, right: Expr): Expr {
  return { kind: 'binary', op, left, right, type: INT32 };
}

const register = registerName.map((name): Expr => ({ kind: 'register', name }));
const valueExpr: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 8, arbitrary: value.map((n) => constant(n)) },
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

/** One time in four the address depends on a register. */
function placeIn(cells: fc.Arbitrary<number>): fc.Arbitrary<Place> {
  const chosenBy = fc.option(registerName, { freq: 3, nil: null });
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

function rmw(cells: fc.Arbitrary<number>): fc.Arbitrary<Statement> {
  return fc.record({
    kind: fc.constant('rmw' as const),
    shape: fc.constantFrom<'exchange' | 'add'>('exchange', 'add'),
    dst: fc.option(registerName, { freq: 4, nil: null }),
    place: placeIn(cells),
    operand: valueExpr,
    expected: fc.constant(0),
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

const body = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.oneof(load(anyCell), store(anyCell)).map((s) => [s]) },
);

const compound: fc.Arbitrary<Statement> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('if' as const), condition, taken: body, otherwise: body }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('return' as const), condition }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('assume' as const), condition }) },
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
  { weight: 2, arbitrary: access(anyCell) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fence' as const), style: anyStyle }) },
  { weight: 2, arbitrary: compound },
);

const ISB: Statement = { kind: 'fence', style: 3 };
const FULL: Statement = { kind: 'fence', style: 0 };

/** What few programs have by chance: a write and a read of it, a context synchronisation that waits for something. */
const idiom: fc.Arbitrary<readonly Statement[]> = fc.oneof(
  { weight: 3, arbitrary: statement.map((s) => [s]) },
  {
    weight: 1,
    arbitrary: anyCell.chain((cell) => {
      const own = fc.constant(cell);
      return fc.tuple(fc.oneof(store(own), rmw(own), exclusive(own)), load(own));
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(compound, load(anyCell), store(anyCell)).map((s) => [s, ISB]),
  },
);

/** An access of one cell, something between, an access of another. */
function fromTo(from: number, to: number): fc.Arbitrary<readonly Statement[]> {
  const between = fc.noBias(fc.array(idiom, { maxLength: 2 }));
  return fc
    .tuple(access(fc.constant(from)), between, access(fc.constant(to)))
    .map(([first, rest, last]) => inOwnRegisters([first, ...rest.flat(), last]));
}

/** No value that was read is lost for the final state: each of the thread's reads has a register of its own, as far as they go. */
function inOwnRegisters(statements: readonly Statement[]): readonly Statement[] {
  let count = 0;
  return statements.map((s) => ('dst' in s && s.dst !== null ? { ...s, dst: `r${count++}` } : s));
}

/** Two accesses about whose order there is no doubt. Reads need not meet reads: that is no contest. */
function inOrder(
  [from, met]: readonly [cell: number, Statement],
  [to, meets]: readonly [cell: number, Statement],
): fc.Arbitrary<readonly Statement[]> {
  const against = (cell: number, other: Statement): fc.Arbitrary<Statement> =>
    other.kind === 'load'
      ? store(fc.constant(cell))
      : fc.oneof(load(fc.constant(cell)), store(fc.constant(cell)));
  return fc.tuple(against(from, met), against(to, meets)).map(([one, other]) => [one, FULL, other]);
}

/**
 * Each thread goes from its cell to the next one's, the last to the first's: the shape in which threads can contradict each other.
 * Mostly it depends on the first of them whether they do. A thread with a single access may join in.
 */
const ring: fc.Arbitrary<readonly (readonly Statement[])[]> = fromTo(0, 1).chain((first) => {
  const [start, end] = [first[0]!, first.at(-1)!];
  const back = inOrder([1, end], [0, start]);
  return fc.oneof(
    { weight: 4, arbitrary: back.map((second) => [first, second]) },
    {
      weight: 1,
      arbitrary: fc.tuple(back, access(anyCell)).map(([second, third]) => [first, second, [third]]),
    },
    {
      weight: 1,
      arbitrary: store(fc.constant(2)).chain((shared) =>
        fc
          .tuple(inOrder([1, end], [2, shared]), inOrder([2, shared], [0, start]))
          .map(([second, third]) => [first, second, third]),
      ),
    },
    { weight: 1, arbitrary: fromTo(1, 0).map((second) => [first, second]) },
  );
});

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
