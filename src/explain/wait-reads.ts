/**
 * What the loads of a wait can see at the end of a program that stops there, and whether that is all that they can see.
 *
 * A load's final register tells what it read, if nothing writes that register later and the load is executed once: then the final states
 * of these registers, of which the search finds each, tell every value, provided that the execution found for each state has the load.
 * (A state of the registers that some execution ends in is found; in the execution found for it the load has the same register, so it
 * read the same.) Where a load is not so, what the executions looked at have is told as that, and no more.
 */
import type { CompiledModel } from '../model/dag.js';
import type { Instruction, Observable, Program, Thread } from '../program/ir.js';
import { compareValues, showValue, type Value } from '../program/value.js';
import type { Execution, ExecutionEvent, SearchOptions } from '../search/execution.js';
import { searchProgram } from '../search/search.js';
import { type ExecutionClaim, isNone } from './claim.js';
import { listOf } from './narration.js';

/** How many final states are gone through. */
const STATES = 200;

/** One value that a load sees. */
export interface SeenValue {
  readonly location: string;
  readonly value: Value;
  /** An execution with such a read. */
  readonly execution: Execution;
  readonly event: number;
}

export interface WaitReads {
  readonly seen: readonly SeenValue[];
  /** No execution has another. */
  readonly isAll: boolean;
  /** That each is seen, and no other where registers tell. */
  readonly claims: readonly ExecutionClaim[];
}

/** Executions of a program; all of them, or some. */
export interface Looked {
  readonly executions: readonly Execution[];
  readonly isAll: boolean;
}

/**
 * `program` ends where its threads stop; `at` is where `thread`, one of the whole program, does, within the statement of
 * its instruction. `looked`: executions of the program that are known.
 */
export function readsOfWait(
  program: Program,
  thread: Thread,
  at: number,
  looked: Looked,
  model: CompiledModel,
  options: SearchOptions,
): WaitReads {
  const instruction = thread.code[at]!;
  const registers = registersOf(thread, at);
  const observed = (registers ?? []).map(
    (name): Observable => ({ kind: 'register', thread: thread.index, name, display: name }),
  );
  const asked = { ...program, observed };
  const result = registers === null ? null : searchProgram(asked, model, { ...options, mode: 'outcomes' });
  const states = (result?.states ?? []).slice(0, STATES);
  const ends = states.map((state) => ({ ...state.witness(), program: asked }));
  const loads = loadsOf(thread, at);
  const isAll =
    result !== null &&
    result.limit === null &&
    states.length === result.states.length &&
    ends.every(({ events }) => {
      const done = events.filter((event) => isReadOf(event, thread, instruction));
      return loads.every((index) => done.filter((event) => event.instruction === index).length === 1);
    });
  // what an execution has is so in any case; those of the search for values come first
  const seen = valuesIn([...ends, ...looked.executions], thread, instruction);
  const others = isAll ? loads.map((index) => noOther(thread.code[index]!, seen, asked, model, options)) : [];
  const claims = [...seen.map((one) => shown(one, model)), ...others];
  return { seen, isAll: looked.isAll || isAll, claims };
}

function shown({ location, value, execution, event }: SeenValue, model: CompiledModel): ExecutionClaim {
  const what = `${location} is ${showValue(value)}`;
  const reads = { event, location, value };
  return { kind: 'some', what, model, execution: () => execution, ends: null, reads };
}

/** No execution ends with anything else in the load's register. */
function noOther(
  load: Instruction,
  seen: readonly SeenValue[],
  asked: Program,
  model: CompiledModel,
  { unroll }: SearchOptions,
): ExecutionClaim {
  const name = load.kind === 'load' ? load.dst : null;
  const index = asked.observed.findIndex((each) => each.kind === 'register' && each.name === name);
  const values = seen.map(({ value }) => value);
  const program = { ...asked, filter: isNone(index, values) };
  return { kind: 'none', what: `${load.source.text} reads something else`, model, program, unroll };
}

/** `x can only be 0 or 1 there`, for each location; null: nothing is read. */
export function waitText({ seen, isAll }: WaitReads): string | null {
  if (seen.length === 0) return null;
  const values = new Map<string, Value[]>();
  for (const { location, value } of seen) values.set(location, [...(values.get(location) ?? []), value]);
  const texts = [...values].map(([name, found]) => {
    const list = found.sort(compareValues).map(showValue);
    const one = list.length === 1 ? list[0]! : `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;
    return isAll ? `${name} can only be ${one} there` : `${name} is ${one} there`;
  });
  return isAll ? listOf(texts) : `in the executions looked at, which may not be all, ${listOf(texts)}`;
}

function valuesIn(executions: readonly Execution[], thread: Thread, instruction: Instruction): SeenValue[] {
  const found = new Map<string, SeenValue>();
  for (const execution of executions)
    for (const event of execution.events) {
      const { location, value, id } = event;
      if (!isReadOf(event, thread, instruction) || location === null || value === null) continue;
      const key = `${location.name} ${showValue(value)}`;
      if (!found.has(key)) found.set(key, { location: location.name, value, execution, event: id });
    }
  return [...found.values()];
}

/** Whether an event reads, as part of an instruction's statement. */
export function isReadOf(event: ExecutionEvent, thread: Thread, instruction: Instruction): boolean {
  return event.kind === 'read' && isWithin(event, thread, instruction);
}

/** Whether an event is part of an instruction's statement. */
export function isWithin(
  { thread, source }: ExecutionEvent,
  { index }: Thread,
  instruction: Instruction,
): boolean {
  return thread === index && source !== null && isPartOf(source, instruction);
}

function isPartOf({ span }: Instruction['source'], { source }: Instruction): boolean {
  return span.start >= source.span.start && span.end <= source.span.end;
}

/** Where the statement's accesses before the stop are that may read. */
function loadsOf({ code }: Thread, at: number): number[] {
  return code
    .slice(0, at)
    .flatMap(({ kind, source }, index) =>
      (kind === 'load' || kind === 'rmw' || kind === 'store-exclusive') && isPartOf(source, code[at]!)
        ? [index]
        : [],
    );
}

/** The registers that tell what the loads of the wait read, and from where; null if some do not. */
function registersOf(thread: Thread, at: number): readonly string[] | null {
  const code = thread.code.slice(0, at);
  const isWrittenFrom = (register: string, from: number): boolean =>
    code.slice(from).some((instruction) => writes(instruction, register));
  const isRepeated = (index: number): boolean =>
    code.some(
      (instruction, end) =>
        (instruction.kind === 'branch' || instruction.kind === 'jump') &&
        end >= index &&
        instruction.target <= index,
    );
  const registers: string[] = [];
  for (const index of loadsOf(thread, at)) {
    const load = code[index]!;
    if (load.kind !== 'load' || load.dst === null) return null;
    if (isWrittenFrom(load.dst, index + 1) || isRepeated(index)) return null;
    registers.push(load.dst);
    if (load.address.kind === 'const') continue;
    if (load.address.kind !== 'register' || isWrittenFrom(load.address.name, index)) return null;
    registers.push(load.address.name);
  }
  return registers;
}

function writes(instruction: Instruction, register: string): boolean {
  switch (instruction.kind) {
    case 'assign':
    case 'load':
      return instruction.dst === register;
    case 'store-exclusive':
      return instruction.status === register;
    case 'rmw':
      return instruction.dst === register || instruction.swap?.second?.dst === register;
    default:
      return false;
  }
}
