/**
 * What the operational machines share: threads that run the IR on concrete values, and the exhaustive walk over the
 * machine's states.
 *
 * They are the third opinion beside the search and the naive enumerator: no traces, no relations, no model.
 * A thread runs on its own up to its next memory access or fence; what those do is the machine's business.
 */
import { applyBinary, applyUnary, convertValue, isTrue } from '../program/arithmetic.js';
import type { Expr, Instruction, Program, Thread } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import { cellAt, isLocation, type Location, type Value } from '../program/value.js';
import { invariant } from '../text/diagnostic.js';

/** Instructions that the machine, not the thread, carries out. */
export type MachineInstruction = Extract<
  Instruction,
  { readonly kind: 'load' | 'store' | 'store-exclusive' | 'clear-monitor' | 'rmw' | 'fence' }
>;

export interface ThreadState {
  readonly pc: number;
  readonly registers: ReadonlyMap<string, Value>;
}

/** An expression without a value (arithmetic on an address, division by zero) is undefined: the thread stops for good. */
export function evaluateExpr(
  expr: Expr,
  registers: ReadonlyMap<string, Value>,
  old: Value | null = null,
): Value | undefined {
  switch (expr.kind) {
    case 'const':
      return expr.value;
    case 'register':
      return registers.get(expr.name) ?? 0;
    case 'old':
      invariant(old !== null, '`old` outside of a read-modify-write');
      return old;
    case 'unary': {
      const operand = evaluateExpr(expr.operand, registers, old);
      return operand === undefined ? undefined : applyUnary(expr.op, operand, expr.type);
    }
    case 'convert': {
      const operand = evaluateExpr(expr.operand, registers, old);
      return operand === undefined ? undefined : convertValue(operand, expr.type);
    }
    case 'binary': {
      const left = evaluateExpr(expr.left, registers, old);
      const right = evaluateExpr(expr.right, registers, old);
      return left === undefined || right === undefined
        ? undefined
        : applyBinary(expr.op, left, right, expr.type);
    }
    case 'select': {
      const condition = evaluateExpr(expr.condition, registers, old);
      if (condition === undefined) return undefined;
      return evaluateExpr(isTrue(condition) ? expr.then : expr.otherwise, registers, old);
    }
  }
}

export function addressOf(expr: Expr, registers: ReadonlyMap<string, Value>): Location | null {
  const value = evaluateExpr(expr, registers);
  return value === undefined ? null : cellAt(value);
}

export function initialThread(thread: Thread): ThreadState {
  return { pc: 0, registers: new Map(thread.registers.map((r) => [r.name, r.initial])) };
}

/** The thread after its current instruction, with an optional register assignment. */
export function advance(thread: ThreadState, dst: string | null = null, value: Value = 0): ThreadState {
  const registers = dst === null ? thread.registers : new Map(thread.registers).set(dst, value);
  return { pc: thread.pc + 1, registers };
}

/** More steps without a memory access than any test program takes: an endless loop, which has no final state. */
const MAX_LOCAL_STEPS = 10_000;

/** Runs assigns, jumps, branches and assumes up to the next machine instruction or the end; null if it never gets there. */
export function runLocally(code: readonly Instruction[], start: ThreadState): ThreadState | null {
  let { pc } = start;
  const registers = new Map(start.registers);
  for (let step = 0; step < MAX_LOCAL_STEPS; step++) {
    const instruction = code[pc];
    switch (instruction?.kind) {
      case 'assign': {
        const value = evaluateExpr(instruction.value, registers);
        if (value === undefined) return null;
        registers.set(instruction.dst, value);
        pc++;
        break;
      }
      case 'jump':
        pc = instruction.target;
        break;
      case 'branch': {
        const condition = evaluateExpr(instruction.condition, registers);
        if (condition === undefined) return null;
        pc = isTrue(condition) ? instruction.target : pc + 1;
        break;
      }
      case 'assume': {
        const condition = evaluateExpr(instruction.condition, registers);
        if (condition === undefined || !isTrue(condition)) return null;
        pc++;
        break;
      }
      default:
        return { pc, registers };
    }
  }
  return null;
}

/** The instruction that a thread at rest stands at; null at its end. */
export function nextInstruction(thread: Thread, state: ThreadState): MachineInstruction | null {
  return (thread.code[state.pc] ?? null) as MachineInstruction | null;
}

/**
 * A machine: its states hold everything that decides the future. `successors` gives the states one step ahead, with threads
 * not yet run locally; `memory` is the memory of a state without work left, null if there is some.
 */
export interface Machine<S extends MachineState> {
  readonly initial: S;
  readonly successors: (state: S) => readonly S[];
  readonly settledMemory: (state: S) => readonly Value[] | null;
  /** The part of a state that `threads` does not hold, as text. */
  readonly showRest: (state: S) => string;
}

export interface MachineState {
  readonly threads: readonly ThreadState[];
}

export interface OperationalResult {
  /** Final states, each the values of Program.observed, in no particular order. */
  readonly states: readonly (readonly Value[])[];
  /** False if the state limit cut the exploration. */
  readonly complete: boolean;
}

export function valueKey(value: Value): string {
  return isLocation(value) ? `&${value.index < 0 ? value.name : value.index}` : String(value);
}

function threadKey(thread: ThreadState): string {
  const registers = [...thread.registers].map(([name, value]) => `${name}=${valueKey(value)}`).sort();
  return `${thread.pc}:${registers.join(',')}`;
}

/** Visits every reachable state once. A state without successors and with unfinished threads is a deadlock: no outcome. */
export function explore<S extends MachineState>(
  program: Program,
  machine: Machine<S>,
  maxStates: number,
): OperationalResult {
  const settle = (state: S): S | null => {
    const threads: ThreadState[] = [];
    for (const [index, thread] of state.threads.entries()) {
      const settled = runLocally(program.threads[index]!.code, thread);
      if (settled === null) return null;
      threads.push(settled);
    }
    return { ...state, threads };
  };
  const keyOf = (state: S): string => `${state.threads.map(threadKey).join('|')}|${machine.showRest(state)}`;
  const finals = new Map<string, readonly Value[]>();
  const seen = new Set<string>();
  const pending: S[] = [];
  const reach = (state: S): void => {
    const settled = settle(state);
    if (settled === null) return;
    const key = keyOf(settled);
    if (seen.has(key)) return;
    seen.add(key);
    pending.push(settled);
  };
  reach(machine.initial);
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    if (seen.size > maxStates) return { states: [...finals.values()], complete: false };
    const final = finalValues(program, state, machine.settledMemory(state));
    if (final !== null) finals.set(final.map(valueKey).join(' '), final);
    for (const next of machine.successors(state)) reach(next);
  }
  return { states: [...finals.values()], complete: true };
}

function finalValues(
  program: Program,
  state: MachineState,
  memory: readonly Value[] | null,
): readonly Value[] | null {
  if (memory === null || state.threads.some((t, i) => t.pc < program.threads[i]!.code.length)) return null;
  const values = program.observed.map((o) =>
    o.kind === 'location' ? memory[o.location.index]! : (state.threads[o.thread]!.registers.get(o.name) ?? 0),
  );
  return program.filter === null || evaluateProposition(program.filter, values) ? values : null;
}

export function replaceAt<T>(list: readonly T[], index: number, value: T): readonly T[] {
  return list.map((item, i) => (i === index ? value : item));
}
