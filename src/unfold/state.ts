/** The state of one symbolic path through a thread, and how instructions evaluate expressions in it. */
import type { Expr, Instruction } from '../program/ir.js';
import type { IntType, Value } from '../program/value.js';
import {
  binarySymbol,
  constant,
  convertSymbol,
  type SymbolicValue,
  selectSymbol,
  unarySymbol,
} from './symbol.js';
import type { TraceEdge, TraceEvent } from './trace.js';

/**
 * A register's value and the reads it syntactically depends on.
 *
 * `picks` are reads it depends on through a selection (`?:`, CSEL) only: a compiler may make a branch of it, and Arm
 * gives it no more than that (pick dependencies, Arm ARM B2.3). So a picked value orders a write that uses it, as a
 * control dependency does, and no read.
 */
export interface Cell {
  readonly symbol: SymbolicValue;
  readonly reads: readonly number[];
  readonly picks: readonly number[];
}

/** All reads that a branch on the value is controlled by. */
export function controllingReads(cell: Cell): readonly number[] {
  return merge(cell.reads, cell.picks);
}

/** A branch whose condition still controls what follows, up to `join` (null: to the end of the thread). */
export interface ControlScope {
  readonly join: number | null;
  readonly reads: readonly number[];
}

/** What the path was when it last stood at a loop head. */
export interface Visit {
  readonly writes: number;
  readonly registers: ReadonlyMap<string, Cell>;
}

/** Mutable; a fork clones it. */
export interface PathState {
  pc: number;
  registers: Map<string, Cell>;
  events: TraceEvent[];
  addr: TraceEdge[];
  data: TraceEdge[];
  ctrl: TraceEdge[];
  amo: TraceEdge[];
  lxsx: TraceEdge[];
  constraints: SymbolicValue[];
  scopes: readonly ControlScope[];
  /** The armed load-exclusive: its event and address. */
  monitor: { readonly event: number; readonly address: SymbolicValue } | null;
  writes: number;
  visits: Map<number, Visit>;
  backJumps: Map<number, number>;
}

export function initialState(registers: ReadonlyMap<string, Value>): PathState {
  return {
    pc: 0,
    registers: new Map(
      [...registers].map(([name, value]) => [name, { symbol: constant(value), reads: [], picks: [] }]),
    ),
    events: [],
    addr: [],
    data: [],
    ctrl: [],
    amo: [],
    lxsx: [],
    constraints: [],
    scopes: [],
    monitor: null,
    writes: 0,
    visits: new Map(),
    backJumps: new Map(),
  };
}

export function cloneState(state: PathState): PathState {
  return {
    ...state,
    registers: new Map(state.registers),
    events: state.events.slice(),
    addr: state.addr.slice(),
    data: state.data.slice(),
    ctrl: state.ctrl.slice(),
    amo: state.amo.slice(),
    lxsx: state.lxsx.slice(),
    constraints: state.constraints.slice(),
    visits: new Map(state.visits),
    backJumps: new Map(state.backJumps),
  };
}

function merge(...lists: readonly (readonly number[])[]): readonly number[] {
  const nonEmpty = lists.filter((list) => list.length > 0);
  if (nonEmpty.length <= 1) return nonEmpty[0] ?? [];
  return [...new Set(nonEmpty.flat())].sort((a, b) => a - b);
}

const ZERO: Cell = { symbol: constant(0), reads: [], picks: [] };

/** The value of an expression on this path; `old` is what the enclosing read-modify-write read. */
export function evaluate(state: PathState, expr: Expr, old: Cell | null = null): Cell {
  switch (expr.kind) {
    case 'const':
      return { symbol: constant(expr.value), reads: [], picks: [] };
    case 'register':
      return state.registers.get(expr.name) ?? ZERO;
    case 'old':
      return old ?? ZERO;
    case 'unary': {
      const operand = evaluate(state, expr.operand, old);
      return { ...operand, symbol: unarySymbol(expr.op, operand.symbol, expr.type) };
    }
    case 'convert': {
      const operand = evaluate(state, expr.operand, old);
      return { ...operand, symbol: convertSymbol(operand.symbol, expr.type) };
    }
    case 'binary': {
      const left = evaluate(state, expr.left, old);
      const right = evaluate(state, expr.right, old);
      return {
        symbol: binarySymbol(expr.op, left.symbol, right.symbol, expr.type),
        reads: merge(left.reads, right.reads),
        picks: merge(left.picks, right.picks),
      };
    }
    case 'select': {
      const condition = evaluate(state, expr.condition, old);
      const then = evaluate(state, expr.then, old);
      const otherwise = evaluate(state, expr.otherwise, old);
      return {
        symbol: selectSymbol(condition.symbol, then.symbol, otherwise.symbol),
        reads: [],
        picks: merge(...[condition, then, otherwise].map(controllingReads)),
      };
    }
  }
}

/** Appends an event with its control dependencies; returns its index. */
function emit(state: PathState, event: TraceEvent): number {
  const index = state.events.length;
  state.events.push(event);
  for (const read of merge(...state.scopes.map((scope) => scope.reads))) state.ctrl.push([read, index]);
  if (event.kind === 'write') state.writes++;
  return index;
}

/** `about`: the address of the object that the fence is about, if any. */
export function emitFence(
  state: PathState,
  instruction: Instruction,
  tags: readonly string[],
  about: Cell | null,
): void {
  const address = about?.symbol ?? null;
  const { source } = instruction;
  const event = {
    kind: 'fence',
    address,
    value: null,
    type: null,
    tags,
    source,
    instruction: state.pc,
  } as const;
  const index = emit(state, event);
  for (const read of about?.reads ?? []) state.addr.push([read, index]);
}

export function emitRead(
  state: PathState,
  instruction: Instruction,
  address: Cell,
  type: IntType,
  tags: readonly string[],
): number {
  const { source } = instruction;
  const event = state.events.length;
  const value: SymbolicValue = { kind: 'read', event };
  emit(state, { kind: 'read', address: address.symbol, value, type, tags, source, instruction: state.pc });
  for (const read of address.reads) state.addr.push([read, event]);
  return event;
}

export function emitWrite(
  state: PathState,
  instruction: Instruction,
  address: Cell,
  value: Cell,
  type: IntType,
  tags: readonly string[],
): number {
  const { source } = instruction;
  const stored = convertSymbol(value.symbol, type);
  const event = emit(state, {
    kind: 'write',
    address: address.symbol,
    value: stored,
    type,
    tags,
    source,
    instruction: state.pc,
  });
  for (const read of address.reads) state.addr.push([read, event]);
  for (const read of value.reads) state.data.push([read, event]);
  for (const read of merge(address.picks, value.picks)) state.ctrl.push([read, event]);
  return event;
}
