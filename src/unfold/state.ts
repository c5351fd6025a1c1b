/** The state of one symbolic path through a thread, and how instructions evaluate expressions in it. */
import { isTrue } from '../program/arithmetic.js';
import type { Expr, Instruction } from '../program/ir.js';
import { INT64, type IntType, type Value } from '../program/value.js';
import { decide } from './facts.js';
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
 * `picks` are reads it depends on through a selection (`?:`, CSEL, the comparison of a CAS). On Arm these are dependencies of
 * their own kind (pick dependencies, Arm ARM B2.3). In C a compiler may make a branch of a selection, so there a picked
 * value orders a write that uses it, as a control dependency does, and no read.
 */
export interface Cell {
  readonly symbol: SymbolicValue;
  readonly reads: readonly number[];
  readonly picks: readonly number[];
}

/** All reads that the value depends on. */
export function allReads(cell: Cell): readonly number[] {
  return merge(cell.reads, cell.picks);
}

/** A branch whose condition still controls what follows, up to `join` (null: to the end of the thread). */
export interface ControlScope {
  readonly join: number | null;
  readonly reads: readonly number[];
  readonly picks: readonly number[];
}

/** The control that a branch on the value has. */
export function controlBy({ reads, picks }: Cell, join: number | null): ControlScope {
  return { join, reads, picks };
}

/** The relations of a trace, by the name of its field. */
export const TRACE_RELATIONS = [
  'addr',
  'data',
  'ctrl',
  'pickAddr',
  'pickData',
  'pickCtrl',
  'amo',
  'lxsx',
  'scaClass',
] as const;
type TraceRelation = (typeof TRACE_RELATIONS)[number];
type Edges = Record<TraceRelation, TraceEdge[]>;

function noEdges(): Edges {
  return {
    addr: [],
    data: [],
    ctrl: [],
    pickAddr: [],
    pickData: [],
    pickCtrl: [],
    amo: [],
    lxsx: [],
    scaClass: [],
  };
}

/** Makes one single-copy atomic access of two events. */
export function joinAccess(state: PathState, first: number, second: number): void {
  state.edges.scaClass.push([first, second], [second, first]);
}

/** Load-exclusives that wait for their store-exclusive; of a pair, both. */
export type Monitor = readonly { readonly event: number; readonly address: SymbolicValue }[];

/** What the path was when it last stood at a loop head. */
export interface Visit {
  readonly events: number;
  readonly registers: ReadonlyMap<string, Cell>;
  readonly scopes: readonly ControlScope[];
  readonly monitor: Monitor;
}

/** Mutable; a fork clones it. */
export interface PathState {
  /** Whether dependencies by a choice are relations of their own: on Arm. */
  readonly ownPicks: boolean;
  pc: number;
  registers: Map<string, Cell>;
  events: TraceEvent[];
  edges: Edges;
  constraints: SymbolicValue[];
  met: number[];
  scopes: readonly ControlScope[];
  /** Empty: not armed. */
  monitor: Monitor;
  visits: Map<number, Visit>;
  backJumps: Map<number, number>;
  /** By loop head: how many events there were after the last failed turn that was kept. */
  failedTurns: Map<number, number>;
}

export function initialState(registers: ReadonlyMap<string, Value>, ownPicks: boolean): PathState {
  return {
    ownPicks,
    pc: 0,
    registers: new Map(
      [...registers].map(([name, value]) => [name, { symbol: constant(value), reads: [], picks: [] }]),
    ),
    events: [],
    edges: noEdges(),
    constraints: [],
    met: [],
    scopes: [],
    monitor: [],
    visits: new Map(),
    backJumps: new Map(),
    failedTurns: new Map(),
  };
}

export function cloneState(state: PathState): PathState {
  return {
    ...state,
    registers: new Map(state.registers),
    events: state.events.slice(),
    edges: copyEdges(state.edges),
    constraints: state.constraints.slice(),
    met: state.met.slice(),
    visits: new Map(state.visits),
    backJumps: new Map(state.backJumps),
    failedTurns: new Map(state.failedTurns),
  };
}

function copyEdges(edges: Edges): Edges {
  const copy = noEdges();
  for (const name of TRACE_RELATIONS) copy[name] = edges[name].slice();
  return copy;
}

export function merge(...lists: readonly (readonly number[])[]): readonly number[] {
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
    case 'select':
      return evaluateSelection(state, expr, old);
  }
}

/** Whether a condition holds on this path; undefined if it may go either way. */
export function decided(state: PathState, condition: SymbolicValue): boolean | undefined {
  if (condition.kind === 'const') return isTrue(condition.value);
  // a lock's events have no type: nothing is known of them in part
  return decide(state.constraints, condition, (event) => state.events[event]?.type?.bits ?? INT64.bits);
}

type Select = Extract<Expr, { readonly kind: 'select' }>;

/** A decided one depends on what it chose; one that is open (selection.ts says when it may be) on both its operands. */
function evaluateSelection(state: PathState, expr: Select, old: Cell | null): Cell {
  const condition = evaluate(state, expr.condition, old);
  const known = expr.arithmetic === true ? undefined : decided(state, condition.symbol);
  if (known !== undefined) {
    const chosen = evaluate(state, known ? expr.then : expr.otherwise, old);
    return picked(state, chosen, condition);
  }
  const then = evaluate(state, expr.then, old);
  const otherwise = evaluate(state, expr.otherwise, old);
  const symbol = selectSymbol(condition.symbol, then.symbol, otherwise.symbol);
  const reads = merge(then.reads, otherwise.reads);
  const picks = merge(then.picks, otherwise.picks);
  if (expr.arithmetic === true)
    return { symbol, reads: merge(reads, condition.reads), picks: merge(picks, condition.picks) };
  return picked(state, { symbol, reads, picks }, condition);
}

/** In C a chosen value may come by a branch, or be computed anew: no more is promised of it than of what a branch decides. */
function picked({ ownPicks }: PathState, value: Cell, condition: Cell): Cell {
  const picks = merge(value.picks, allReads(condition));
  return ownPicks ? { ...value, picks } : { ...value, reads: [], picks: merge(value.reads, picks) };
}

/** The value of a read event. */
export function readCell(event: number): Cell {
  return { symbol: { kind: 'read', event }, reads: [event], picks: [] };
}

/**
 * A register that a successful compare-and-swap left as it was, for it equals the value read: it depends on what it did, and by
 * picks on what the comparison needed.
 */
export function keptValue(read: Cell, kept: Cell, compared: readonly number[]): Cell {
  return { symbol: read.symbol, reads: kept.reads, picks: merge(kept.picks, compared) };
}

/**
 * Appends an event with its control dependencies; returns its index. Where picks are no relations of their own, they control
 * writes.
 */
function emit(state: PathState, event: TraceEvent): number {
  const index = state.events.length;
  state.events.push(event);
  const { ctrl, pickCtrl } = state.edges;
  const reads = state.scopes.map((scope) => scope.reads);
  const picks = state.scopes.map((scope) => scope.picks);
  for (const read of state.ownPicks ? merge(...reads) : merge(...reads, ...picks)) ctrl.push([read, index]);
  if (state.ownPicks) for (const read of merge(...picks)) pickCtrl.push([read, index]);
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
  const at = { instruction: state.pc, source, tags };
  const index = emit(state, { kind: 'fence', address, value: null, type: null, ...at });
  for (const read of about?.reads ?? []) state.edges.addr.push([read, index]);
}

/** `beside`: the other access of a pair, which comes before this one in the trace. */
export function emitRead(
  state: PathState,
  instruction: Instruction,
  address: Cell,
  type: IntType,
  tags: readonly string[],
  beside: number | null = null,
): number {
  const { source } = instruction;
  const event = state.events.length;
  const value: SymbolicValue = { kind: 'read', event };
  const at = { instruction: state.pc, source, tags, ...(beside === null ? {} : { beside }) };
  emit(state, { kind: 'read', address: address.symbol, value, type, ...at });
  addressed(state, address, event);
  return event;
}

export function emitWrite(
  state: PathState,
  instruction: Instruction,
  address: Cell,
  value: Cell,
  type: IntType,
  tags: readonly string[],
  beside: number | null = null,
): number {
  const { source } = instruction;
  const stored = convertSymbol(value.symbol, type);
  const at = { instruction: state.pc, source, tags, ...(beside === null ? {} : { beside }) };
  const event = emit(state, { kind: 'write', address: address.symbol, value: stored, type, ...at });
  addressed(state, address, event);
  const { data, ctrl, pickData } = state.edges;
  for (const read of value.reads) data.push([read, event]);
  if (state.ownPicks) for (const read of value.picks) pickData.push([read, event]);
  else for (const read of merge(address.picks, value.picks)) ctrl.push([read, event]);
  return event;
}

function addressed({ edges, ownPicks }: PathState, address: Cell, event: number): void {
  for (const read of address.reads) edges.addr.push([read, event]);
  if (ownPicks) for (const read of address.picks) edges.pickAddr.push([read, event]);
}
