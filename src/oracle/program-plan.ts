/**
 * Plans: a small structured language of thread bodies, and its translation to the IR, in each dialect's tags.
 *
 * Test support for random programs. A plan names no tag and no location, only indices, so that one generator serves all
 * dialects, every plan is meaningful, and shrinking an index or dropping a statement gives another plan.
 *
 * Long because it is one table of generators, each a few lines; test support, not part of the engine.
 */
import type { Dialect, Expr, Instruction, Program, RegisterDeclaration, SourceRef } from '../program/ir.js';
import { INT32, INT64, type IntType, type Location, UINT32, type Value } from '../program/value.js';

/** A cell by index, or one of two cells, chosen by a register: an address dependency. */
export interface Place {
  readonly cell: number;
  readonly chosenBy: { readonly register: string; readonly other: number } | null;
}

export type Statement =
  | {
      readonly kind: 'load';
      readonly dst: string;
      readonly place: Place;
      readonly style: number;
      /** As an unsigned number, which the cells are not. */
      readonly unsigned: boolean;
    }
  | { readonly kind: 'store'; readonly place: Place; readonly value: Expr; readonly style: number }
  | {
      readonly kind: 'rmw';
      readonly shape: 'exchange' | 'add' | 'compare' | 'unless' | 'wait';
      readonly dst: string | null;
      readonly place: Place;
      readonly operand: Expr;
      readonly expected: number;
      readonly style: number;
    }
  | { readonly kind: 'fence'; readonly style: number }
  | { readonly kind: 'assign'; readonly dst: string; readonly value: Expr }
  | { readonly kind: 'assume'; readonly condition: Expr }
  /**
   * Load until the value is `expected`: a loop. If every turn also stores `announced` to a cell, a failed turn has an effect,
   * and the number of turns has no bound.
   */
  | {
      readonly kind: 'wait';
      readonly dst: string;
      readonly cell: number;
      readonly announced: { readonly cell: number; readonly value: number } | null;
      readonly expected: number;
      readonly style: number;
    }
  /** Exchange until the value read is `expected`: a turn that writes what it read has no effect. */
  | {
      readonly kind: 'spin';
      readonly dst: string;
      readonly cell: number;
      readonly swapped: number;
      readonly expected: number;
      readonly style: number;
    }
  | {
      readonly kind: 'if';
      readonly condition: Expr;
      readonly taken: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  /** Ends the thread if the condition holds. */
  | { readonly kind: 'return'; readonly condition: Expr }
  | { readonly kind: 'critical'; readonly body: readonly Statement[] }
  /** An RCU section, or an SRCU section of the one structure. lkmm only. */
  | { readonly kind: 'section'; readonly srcu: boolean; readonly body: readonly Statement[] }
  | { readonly kind: 'grace-period'; readonly srcu: boolean }
  /** A critical section if the lock is free, else nothing. */
  | { readonly kind: 'trylock'; readonly body: readonly Statement[] }
  /** Stores the address of a cell to the pointer cell. */
  | { readonly kind: 'publish'; readonly cell: number; readonly style: number }
  /** Loads the pointer cell and loads or stores what it points to; `guarded` by a test for NULL. */
  | {
      readonly kind: 'follow';
      readonly dst: string | null;
      readonly value: Expr;
      readonly style: number;
      readonly guarded: boolean;
    }
  /** A counted loop: always as many turns. */
  | { readonly kind: 'repeat'; readonly times: number; readonly body: readonly Statement[] }
  /** Loads or stores of two cells by one instruction. arm64 only. */
  | {
      readonly kind: 'pair';
      readonly values: readonly [Expr, Expr] | null;
      readonly cell: number;
      readonly style: number;
    }
  /** Load-exclusive (unless `unpaired`), something between, store-exclusive, what to do about a failure. arm64 only. */
  | {
      readonly kind: 'exclusive';
      readonly unpaired: boolean;
      readonly dst: string;
      readonly cells: { readonly loaded: number; readonly stored: number };
      readonly between: Statement | null;
      readonly value: Expr;
      readonly style: number;
      readonly after: 'nothing' | 'assume' | 'retry';
    };

export interface ProgramPlan {
  readonly dialect: Dialect;
  readonly threads: readonly (readonly Statement[])[];
  /** Initial values of the integer cells; their number is the number of cells. */
  readonly cells: readonly number[];
  /** Whether the pointer cell is NULL at the start; else it points to the first cell. */
  readonly nullPointer: boolean;
}

/** A read-modify-write's tags: of its read, its write, and of the read alone if it fails. */
type AtomicStyle = readonly [read: readonly string[], write: readonly string[], fail: readonly string[]];

interface Styles {
  readonly loads: readonly (readonly string[])[];
  readonly stores: readonly (readonly string[])[];
  readonly fences: readonly (readonly string[])[];
  readonly atomics: readonly AtomicStyle[];
  /** For read-modify-writes whose result is dropped. */
  readonly noResult: readonly AtomicStyle[];
  readonly lock: AtomicStyle;
  readonly unlock: readonly string[];
}

const styles: Readonly<Record<Dialect, Styles>> = {
  lkmm: {
    loads: [['Once'], ['Acquire'], ['Plain']],
    stores: [['Once'], ['Release'], ['Plain']],
    fences: [
      ['Mb'],
      ['Rmb'],
      ['Wmb'],
      ['Before-atomic'],
      ['After-atomic'],
      ['After-spinlock'],
      ['After-unlock-lock'],
      ['Barrier'],
    ],
    atomics: [
      [['Mb'], ['Mb'], ['Once']],
      [['Once'], ['Once'], ['Once']],
      [['Acquire'], ['Once'], ['Once']],
      [['Once'], ['Release'], ['Once']],
    ],
    noResult: [[['Once', 'Noreturn'], ['Once'], ['Once']]],
    lock: [['LKR'], ['LKW'], ['LF']],
    unlock: ['UL'],
  },
  arm64: {
    loads: [[], ['A'], ['Q']],
    stores: [[], ['L']],
    fences: [['DMB.ISH'], ['DMB.ISHLD'], ['DMB.ISHST'], ['ISB'], ['DSB.ISH']],
    atomics: [
      [[], [], []],
      [['A'], ['L'], ['A']],
      [['A'], [], ['A']],
      [[], ['L'], []],
    ],
    noResult: [
      [['NoRet'], [], ['NoRet']],
      [['NoRet'], ['L'], ['NoRet']],
    ],
    lock: [['A'], [], []],
    unlock: ['L'],
  },
  x86: {
    loads: [[]],
    stores: [[], [], ['NT']],
    fences: [['MFENCE'], ['LFENCE'], ['SFENCE']],
    atomics: [[['X'], ['X'], ['X']]],
    noResult: [[['X'], ['X'], ['X']]],
    lock: [['X'], ['X'], ['X']],
    unlock: [],
  },
};

function pick<T>(choices: readonly T[], index: number): T {
  return choices[index % choices.length]!;
}

export function constant(value: Value): Expr {
  return { kind: 'const', value };
}

function register(name: string): Expr {
  return { kind: 'register', name };
}

function equals(left: Expr, value: number): Expr {
  return { kind: 'binary', op: '==', left, right: constant(value), type: INT32 };
}

export function select(condition: Expr, taken: Expr, otherwise: Expr): Expr {
  return { kind: 'select', condition, then: taken, otherwise };
}

const OLD: Expr = { kind: 'old' };
const nowhere = { file: { name: 'random', text: '' }, start: 0, end: 0 };
const source: SourceRef = { text: 'random', span: nowhere, primitive: null, instruction: null };

/** The registers for the pointer cell's value, for the success of store-exclusives and trylocks, and for counting. */
const POINTER = 'p';
const STATUS = 's';
const COUNTER = 'c';
/** The first letter of the registers that keep SRCU indices. */
const INDEX = 'i';

interface Cells {
  readonly data: readonly Location[];
  readonly pointer: Location;
  readonly lock: Location;
  readonly structure: Location;
}

/** Emits one thread's code. Forward targets are patched when they are known. */
class ThreadEmitter {
  readonly code: Instruction[] = [];
  private readonly styles: Styles;

  constructor(
    private readonly dialect: Dialect,
    private readonly cells: Cells,
  ) {
    this.styles = styles[dialect];
  }

  /** Registers assigned so far in code order. */
  private readonly assigned: string[] = [];

  /** A register that nothing assigned yet stands for the last one assigned: few reads are left unused. */
  private boundName(name: string): string {
    return this.assigned.includes(name) ? name : (this.assigned.at(-1) ?? name);
  }

  private bind(expr: Expr): Expr {
    switch (expr.kind) {
      case 'register':
        return register(this.boundName(expr.name));
      case 'unary':
      case 'convert':
        return { ...expr, operand: this.bind(expr.operand) };
      case 'binary':
        return { ...expr, left: this.bind(expr.left), right: this.bind(expr.right) };
      case 'select':
        return select(this.bind(expr.condition), this.bind(expr.then), this.bind(expr.otherwise));
      default:
        return expr;
    }
  }

  private assigns(name: string | null): void {
    if (name?.startsWith('r')) this.assigned.push(name);
  }

  emitAll(statements: readonly Statement[]): void {
    for (const statement of statements) this.emit(statement);
  }

  private emit(statement: Statement): void {
    switch (statement.kind) {
      case 'load':
        this.load(
          statement.dst,
          this.address(statement.place),
          statement.style,
          statement.unsigned ? UINT32 : INT32,
        );
        return;
      case 'store':
        this.store(this.address(statement.place), this.bind(statement.value), statement.style);
        return;
      case 'rmw':
        this.rmw(statement);
        return;
      case 'pair':
        this.pair(statement);
        return;
      case 'fence':
        this.code.push({ kind: 'fence', tags: pick(this.styles.fences, statement.style), source });
        return;
      case 'assign':
        this.code.push({ kind: 'assign', dst: statement.dst, value: this.bind(statement.value), source });
        this.assigns(statement.dst);
        return;
      case 'assume':
        this.code.push({ kind: 'assume', condition: this.bind(statement.condition), source });
        return;
      case 'wait':
        this.wait(statement);
        return;
      case 'spin':
        this.spin(statement);
        return;
      case 'if':
        this.conditional(this.bind(statement.condition), statement.taken, statement.otherwise);
        return;
      case 'return': {
        const condition = this.bind(statement.condition);
        this.forward((target) => ({ kind: 'branch', condition, target, join: null, source }));
        return;
      }
      case 'critical':
        this.lock(null);
        this.emitAll(statement.body);
        this.unlock();
        return;
      case 'section':
        this.section(statement.srcu, statement.body);
        return;
      case 'grace-period':
        if (statement.srcu)
          this.code.push({
            kind: 'fence',
            tags: ['Sync-srcu'],
            address: constant(this.cells.structure),
            source,
          });
        else this.code.push({ kind: 'fence', tags: ['Sync-rcu'], source });
        return;
      case 'trylock':
        this.lock(STATUS);
        this.conditional(register(STATUS), statement.body, [], () => this.unlock());
        return;
      case 'publish':
        this.store(
          constant(this.cells.pointer),
          constant(pick(this.cells.data, statement.cell)),
          statement.style,
        );
        return;
      case 'follow':
        this.follow(statement);
        return;
      case 'repeat':
        this.repeat(statement.times, statement.body);
        return;
      case 'exclusive':
        this.exclusive(statement);
        return;
    }
  }

  private section(srcu: boolean, body: readonly Statement[]): void {
    if (!srcu) {
      this.code.push({ kind: 'fence', tags: ['Rcu-lock'], source });
      this.emitAll(body);
      this.code.push({ kind: 'fence', tags: ['Rcu-unlock'], source });
      return;
    }
    const address = constant(this.cells.structure);
    const dst = `${INDEX}${this.code.length}`;
    const common = { address, type: INT32, source };
    this.code.push({ kind: 'load', dst, tags: ['Srcu-lock'], exclusive: false, ...common });
    this.emitAll(body);
    this.code.push({ kind: 'store', value: register(dst), tags: ['Srcu-unlock'], ...common });
  }

  private wait({ dst, cell, announced, expected, style }: Statement & { kind: 'wait' }): void {
    const top = this.code.length;
    if (announced !== null)
      this.store(constant(pick(this.cells.data, announced.cell)), constant(announced.value), 0);
    this.load(dst, constant(pick(this.cells.data, cell)), style);
    const operand = equals(register(dst), expected);
    const failed: Expr = { kind: 'unary', op: '!', operand, type: INT32 };
    this.code.push({ kind: 'branch', condition: failed, target: top, join: null, source });
  }

  private spin({ dst, cell, swapped, expected, style }: Statement & { kind: 'spin' }): void {
    const top = this.code.length;
    const operand = constant(swapped);
    this.rmw({
      kind: 'rmw',
      shape: 'exchange',
      dst,
      place: { cell, chosenBy: null },
      operand,
      expected,
      style,
    });
    const failed: Expr = {
      kind: 'unary',
      op: '!',
      operand: equals(register(dst), expected),
      type: INT32,
    };
    this.code.push({ kind: 'branch', condition: failed, target: top, join: null, source });
  }

  private follow({ dst, value, style, guarded }: Statement & { kind: 'follow' }): void {
    this.load(POINTER, constant(this.cells.pointer), style, INT64);
    const access = (): void => {
      if (dst !== null) this.load(dst, register(POINTER), 0);
      else this.store(register(POINTER), this.bind(value), 0);
    };
    if (guarded) this.conditional(register(POINTER), [], [], access);
    else access();
  }

  private repeat(times: number, body: readonly Statement[]): void {
    const counter = register(COUNTER);
    this.code.push({ kind: 'assign', dst: COUNTER, value: constant(0), source });
    const top = this.code.length;
    this.emitAll(body);
    const next: Expr = { kind: 'binary', op: '+', left: counter, right: constant(1), type: INT32 };
    const again: Expr = { kind: 'binary', op: '<', left: counter, right: constant(times), type: INT32 };
    this.code.push({ kind: 'assign', dst: COUNTER, value: next, source });
    this.code.push({ kind: 'branch', condition: again, target: top, join: null, source });
  }

  private address(place: Place): Expr {
    const cell = constant(pick(this.cells.data, place.cell));
    if (place.chosenBy === null) return cell;
    const { register: name, other } = place.chosenBy;
    const otherwise = constant(pick(this.cells.data, other));
    return select(register(this.boundName(name)), otherwise, cell);
  }

  private load(dst: string, address: Expr, style: number, type: IntType = INT32): void {
    const tags = pick(this.styles.loads, style);
    this.code.push({ kind: 'load', dst, address, type, tags, exclusive: false, source });
    this.assigns(dst);
  }

  private store(address: Expr, value: Expr, style: number): void {
    const type = value.kind === 'const' && typeof value.value === 'object' ? INT64 : INT32;
    this.code.push({ kind: 'store', address, value, type, tags: pick(this.styles.stores, style), source });
  }

  /** The second access is of another cell, if there is one. */
  private pair({ values, cell, style }: Statement & { kind: 'pair' }): void {
    if (this.cells.data.length < 2) return;
    const [first, second] = [cell, cell + 1].map((n) => constant(pick(this.cells.data, n)));
    if (values === null) {
      this.load('r0', first!, style);
      this.load('r1', second!, style);
    } else {
      const [one, other] = values.map((value) => this.bind(value));
      this.store(first!, one!, style);
      this.store(second!, other!, style);
    }
    const last = this.code.at(-1)!;
    if (last.kind === 'load' || last.kind === 'store')
      this.code[this.code.length - 1] = { ...last, beside: true };
  }

  private rmw(statement: Statement & { kind: 'rmw' }): void {
    const { shape, dst, style } = statement;
    // A register, where the dependency on it is to be seen.
    const named = shape === 'compare' && style % 2 === 1 ? this.assigned.at(-1) : undefined;
    const expected = named === undefined ? constant(statement.expected) : register(named);
    const operand = this.bind(statement.operand);
    const [readTags, writeTags, failTags] = pick(
      dst === null ? this.styles.noResult : this.styles.atomics,
      statement.style,
    );
    const isExpected: Expr = { kind: 'binary', op: '==', left: OLD, right: expected, type: INT32 };
    const when: Expr | null =
      shape === 'exchange' || shape === 'add'
        ? null
        : shape === 'unless'
          ? { kind: 'unary', op: '!', operand: isExpected, type: INT32 }
          : isExpected;
    const update: Expr =
      shape === 'add' ? { kind: 'binary', op: '+', left: OLD, right: operand, type: INT32 } : operand;
    this.code.push({
      kind: 'rmw',
      dst,
      address: this.address(statement.place),
      type: INT32,
      when,
      update,
      result: OLD,
      readTags,
      writeTags,
      fail: when === null || shape === 'wait' ? null : { tags: failTags, result: OLD },
      ...(this.dialect === 'arm64' && shape === 'compare' ? { swap: { expected } } : {}),
      source,
    });
    this.assigns(dst);
  }

  /** Spins if there is no register for the result. */
  private lock(dst: string | null): void {
    const [readTags, writeTags, tags] = this.styles.lock;
    this.code.push({
      kind: 'rmw',
      dst,
      address: constant(this.cells.lock),
      type: INT32,
      when: equals(OLD, 0),
      update: constant(1),
      result: constant(1),
      readTags,
      writeTags,
      fail: dst === null ? null : { tags, result: constant(0) },
      source,
    });
  }

  private unlock(): void {
    const address = constant(this.cells.lock);
    this.code.push({
      kind: 'store',
      address,
      value: constant(0),
      type: INT32,
      tags: this.styles.unlock,
      source,
    });
  }

  private conditional(
    condition: Expr,
    taken: readonly Statement[],
    otherwise: readonly Statement[],
    atEndOfTaken: () => void = () => {},
  ): void {
    const branch = this.code.length;
    this.code.push({ kind: 'jump', target: 0, source });
    this.emitAll(otherwise);
    const jump = this.code.length;
    this.code.push({ kind: 'jump', target: 0, source });
    const target = this.code.length;
    this.emitAll(taken);
    atEndOfTaken();
    const join = this.code.length;
    this.code[branch] = { kind: 'branch', condition, target, join, source };
    this.code[jump] = { kind: 'jump', target: join, source };
  }

  private readonly returns: { readonly at: number; readonly make: (target: number) => Instruction }[] = [];

  private forward(make: (target: number) => Instruction): void {
    this.returns.push({ at: this.code.length, make });
    this.code.push(make(0));
  }

  private exclusive(statement: Statement & { kind: 'exclusive' }): void {
    const acquire = statement.style % 2 === 1 ? ['A'] : [];
    const release = statement.style >= 2 ? ['L'] : [];
    const top = this.code.length;
    if (!statement.unpaired) {
      this.code.push({
        kind: 'load',
        dst: statement.dst,
        address: constant(pick(this.cells.data, statement.cells.loaded)),
        type: INT32,
        tags: [...acquire, 'X'],
        exclusive: true,
        source,
      });
      this.assigns(statement.dst);
    }
    if (statement.between !== null) this.emit(statement.between);
    this.code.push({
      kind: 'store-exclusive',
      status: STATUS,
      address: constant(pick(this.cells.data, statement.cells.stored)),
      value: this.bind(statement.value),
      type: INT32,
      tags: [...release, 'X'],
      source,
    });
    const status = register(STATUS);
    if (statement.after === 'assume')
      this.code.push({ kind: 'assume', condition: equals(status, 0), source });
    if (statement.after === 'retry')
      this.code.push({ kind: 'branch', condition: status, target: top, join: null, source });
  }

  finish(): readonly Instruction[] {
    for (const { at, make } of this.returns) this.code[at] = make(this.code.length);
    return this.code;
  }
}

const CELL_NAMES = ['x', 'y', 'z'];

function cell(index: number, name: string, role: Location['role'], initial: Value): Location {
  return { kind: 'location', index, name, type: role === 'pointer' ? INT64 : INT32, role, initial };
}

/** The registers that an instruction sequence assigns, in the order r0, r1, ..., p, s. */
function assignedRegisters(code: readonly Instruction[]): string[] {
  const names = new Set<string>();
  for (const instruction of code) {
    if (instruction.kind === 'store-exclusive') names.add(instruction.status);
    else if ('dst' in instruction && instruction.dst !== null) names.add(instruction.dst);
  }
  const order = (name: string): string => (name.startsWith('r') ? `0${name}` : `1${name}`);
  return [...names].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Everything of a program but its question: observes all assigned registers and all cells. */
export function buildProgram(plan: ProgramPlan): Program {
  const data = plan.cells.map((initial, i) => cell(i, CELL_NAMES[i]!, 'int', initial));
  const pointer = cell(data.length, 'p', 'pointer', plan.nullPointer ? 0 : data[0]!);
  const lock = cell(data.length + 1, 'l', 'spinlock', 0);
  const structure = cell(data.length + 2, 's', 'int', 0);
  const threads = plan.threads.map((statements, index) => {
    const emitter = new ThreadEmitter(plan.dialect, { data, pointer, lock, structure });
    emitter.emitAll(statements);
    const code = emitter.finish();
    const registers = assignedRegisters(code).map(
      (name): RegisterDeclaration => ({ name, type: name === POINTER ? INT64 : INT32, initial: 0 }),
    );
    return { index, name: `P${index}`, label: null, registers, code };
  });
  const locations = [...data, pointer, lock, structure];
  return {
    name: 'random',
    dialect: plan.dialect,
    locations,
    threads,
    observed: [
      ...threads.flatMap((thread) =>
        thread.registers.map(({ name }) => ({
          kind: 'register' as const,
          thread: thread.index,
          name,
          display: `${thread.index}:${name}`,
        })),
      ),
      ...locations.map((location) => ({ kind: 'location' as const, location, display: location.name })),
    ],
    condition: { quantifier: 'exists', proposition: { kind: 'constant', value: true }, text: 'exists true' },
    filter: null,
  };
}
