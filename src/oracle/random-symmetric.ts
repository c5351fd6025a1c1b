/**
 * Random programs whose threads are exchangeable, and some whose threads almost are: one or two random threads, each run by several,
 * where one of the locations may be each thread's own.
 *
 * Test support for symmetry.ts. Copies of a thread differ in the names of own locations only; what is observed and asked of them may
 * differ at random, so that symmetry has to look.
 */
import fc from 'fast-check';
import type { Dialect, Expr, Instruction, Observable, Program, Proposition, Thread } from '../program/ir.js';
import type { Location, Value } from '../program/value.js';
import { printable, type RandomProgramOptions, randomProgram } from './random-programs.js';

/** How often the threads of a program run, and which location each has for its own; null: none. */
interface Copying {
  readonly copies: readonly number[];
  readonly own: number | null;
  /** The address of an own location is published, if there is one. */
  readonly publishes: boolean;
  readonly observes: 'all' | 'one register less' | 'memory' | 'nothing own';
  readonly asks: 'what is asked' | 'the same of all';
  readonly filters: boolean;
}

const copying: fc.Arbitrary<Copying> = fc.record({
  copies: fc.constantFrom([2], [3], [2, 1], [1, 2], [2, 2]),
  own: fc.option(fc.nat({ max: 2 }), { freq: 3, nil: null }),
  publishes: fc.nat({ max: 3 }).map((n) => n === 0),
  observes: fc.constantFrom('all', 'all', 'all', 'one register less', 'memory', 'nothing own'),
  asks: fc.constantFrom('what is asked', 'the same of all'),
  filters: fc.nat({ max: 4 }).map((n) => n === 0),
});

type Rename = (location: Location) => Location;

function renameValue(value: Value, rename: Rename): Value {
  return typeof value === 'object' ? rename(value) : value;
}

function renameExpr(expr: Expr, rename: Rename): Expr {
  switch (expr.kind) {
    case 'const':
      return { kind: 'const', value: renameValue(expr.value, rename) };
    case 'unary':
    case 'convert':
      return { ...expr, operand: renameExpr(expr.operand, rename) };
    case 'binary':
      return { ...expr, left: renameExpr(expr.left, rename), right: renameExpr(expr.right, rename) };
    case 'select':
      return {
        ...expr,
        condition: renameExpr(expr.condition, rename),
        then: renameExpr(expr.then, rename),
        otherwise: renameExpr(expr.otherwise, rename),
      };
    default:
      return expr;
  }
}

function renameInstruction(instruction: Instruction, rename: Rename): Instruction {
  switch (instruction.kind) {
    case 'load':
      return { ...instruction, address: renameExpr(instruction.address, rename) };
    case 'store':
    case 'store-exclusive':
      return {
        ...instruction,
        address: renameExpr(instruction.address, rename),
        value: renameExpr(instruction.value, rename),
      };
    case 'rmw':
      return {
        ...instruction,
        address: renameExpr(instruction.address, rename),
        update: renameExpr(instruction.update, rename),
      };
    case 'fence':
      return instruction.address === undefined
        ? instruction
        : { ...instruction, address: renameExpr(instruction.address, rename) };
    case 'assign':
      return { ...instruction, value: renameExpr(instruction.value, rename) };
    case 'branch':
    case 'assume':
      return { ...instruction, condition: renameExpr(instruction.condition, rename) };
    default:
      return instruction;
  }
}

/** A location of each copy's own in the place of one that is shared; `null`: all is shared. */
function ownLocations(program: Program, plan: Copying, threads: number): readonly (readonly Location[])[] {
  const shared = program.locations.find(({ index, role }) => index === plan.own && role === 'int');
  if (shared === undefined) return [];
  const first = program.locations.length;
  return Array.from({ length: threads }, (_, i) => [
    shared,
    { ...shared, index: first + i, name: `${shared.name}${i}` },
  ]);
}

function copyThread(thread: Thread, index: number, rename: Rename, published: Instruction[]): Thread {
  const code = [...thread.code, ...published].map((instruction) => renameInstruction(instruction, rename));
  return { ...thread, index, name: `P${index}`, code };
}

/** Stores the address of a location to the pointer cell. */
function publication(program: Program, location: Location): Instruction[] {
  const pointer = program.locations.find(({ role }) => role === 'pointer');
  const sample = program.threads.flatMap(({ code }) => code)[0];
  if (pointer === undefined || sample === undefined) return [];
  const [address, value]: Expr[] = [
    { kind: 'const', value: pointer },
    { kind: 'const', value: location },
  ];
  return [
    { kind: 'store', address: address!, value: value!, type: pointer.type, tags: [], source: sample.source },
  ];
}

/** Of each register and own location of copies, that it has this value: symmetric. */
function ofAll(observed: readonly Observable[], name: string): Proposition {
  const terms = observed.flatMap((o, index): Proposition[] =>
    o.kind === 'register' && o.name === name
      ? [
          {
            kind: 'compare',
            op: '=',
            left: { kind: 'observable', index },
            right: { kind: 'value', value: 1 },
          },
        ]
      : [],
  );
  const none: Proposition = { kind: 'constant', value: true };
  return terms.reduce((left, right): Proposition => ({ kind: 'or', left, right }), terms.pop() ?? none);
}

function keepsOf({ observes }: Copying, observed: readonly Observable[]): readonly Observable[] {
  if (observes === 'memory') return observed.filter((o) => o.kind === 'location');
  if (observes === 'nothing own')
    return observed.filter((o) => o.kind === 'location' && o.location.index < 4);
  if (observes === 'all') return observed;
  const dropped = observed.find((o) => o.kind === 'register');
  return observed.filter((o) => o !== dropped);
}

/** Indices beyond what is observed wrap. */
function wrapped(proposition: Proposition, count: number): Proposition {
  switch (proposition.kind) {
    case 'compare': {
      const { left } = proposition;
      if (left.kind !== 'observable') return proposition;
      if (count === 0) return { kind: 'constant', value: true };
      return { ...proposition, left: { ...left, index: left.index % count } };
    }
    case 'not':
      return { kind: 'not', operand: wrapped(proposition.operand, count) };
    case 'and':
    case 'or':
    case 'implies':
      return {
        ...proposition,
        left: wrapped(proposition.left, count),
        right: wrapped(proposition.right, count),
      };
    default:
      return proposition;
  }
}

/** The program whose threads are copies of those of `program`. */
export function copied(program: Program, plan: Copying): Program {
  const bodies = plan.copies.flatMap((times, i) =>
    Array.from({ length: times }, () => program.threads[i % program.threads.length]!),
  );
  const own = ownLocations(program, plan, bodies.length);
  const threads = bodies.map((body, index) => {
    const [shared, location] = own[index] ?? [];
    const rename: Rename = (at) => (at === shared ? location! : at);
    const published = plan.publishes && location !== undefined ? publication(program, location) : [];
    return copyThread(body, index, rename, published);
  });
  const locations = [...program.locations, ...own.map(([, location]) => location!)];
  const everything: Observable[] = [
    ...threads.flatMap((thread) =>
      thread.registers.map(({ name }) => ({
        kind: 'register' as const,
        thread: thread.index,
        name,
        display: `${thread.index}:${name}`,
      })),
    ),
    ...locations.map((location) => ({ kind: 'location' as const, location, display: location.name })),
  ];
  const observed = keepsOf(plan, everything);
  const asked = wrapped(program.condition.proposition, observed.length);
  const symmetric = ofAll(observed, 'r0');
  const proposition = plan.asks === 'the same of all' ? symmetric : asked;
  const filter = plan.filters ? symmetric : program.filter && wrapped(program.filter, observed.length);
  return {
    ...program,
    threads,
    locations,
    observed,
    condition: { ...program.condition, proposition },
    filter,
  };
}

/** Small enough for the naive enumerator when its threads are doubled. */
const seedOptions: RandomProgramOptions = { maxCandidates: 8, maxAccesses: 5 };

export function randomSymmetricProgram(
  dialect: Dialect,
  options: RandomProgramOptions = seedOptions,
): fc.Arbitrary<Program> {
  return fc
    .tuple(randomProgram(dialect, options), copying)
    .map(([program, plan]) => printable(copied(program, plan)));
}
