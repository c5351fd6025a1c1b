/**
 * Sequential consistency as a machine: threads take turns, one memory access at a time, on one memory (Lamport 1979).
 *
 * Independent of traces, relations and models: a check on all of them for small programs. Fences do nothing, but for grace
 * periods: those begin, and end when every section that was open then is closed (operational-sections.ts). A
 * read-modify-write is one step; one that must not fail waits. A store-exclusive succeeds only if no other thread wrote the
 * cell since the thread's load-exclusive of it, and may always fail. Absent: pairs.
 */
import { convertValue, isTrue } from '../program/arithmetic.js';
import type { Program, RmwInstruction } from '../program/ir.js';
import type { Location, Value } from '../program/value.js';
import { assertNever, invariant } from '../text/diagnostic.js';
import {
  addressOf,
  advance,
  evaluateExpr,
  explore,
  initialThread,
  type MachineState,
  nextInstruction,
  type OperationalResult,
  replaceAt,
  type ThreadState,
  valueKey,
} from './operational.js';
import { initialSections, passSection, type SectionState, sectionsKey } from './operational-sections.js';

interface ScState extends MachineState {
  readonly memory: readonly Value[];
  /** By thread: the cell of its last load-exclusive while the reservation holds. */
  readonly reserved: readonly (Location | null)[];
  readonly sections: SectionState;
}

/** What one attempt of a read-modify-write does: the write if it succeeds, and the thread after it; null if it waits. */
export function attemptRmw(
  instruction: RmwInstruction,
  thread: ThreadState,
  memory: Value,
): { readonly written: Value | null; readonly thread: ThreadState } | null {
  const { when, update, result, fail, dst, type } = instruction;
  const old = convertValue(memory, type);
  const evaluate = (expr: RmwInstruction['update']) => evaluateExpr(expr, thread.registers, old);
  const condition = when === null ? 1 : evaluate(when);
  if (condition === undefined) return null;
  if (isTrue(condition)) {
    const [written, returned] = [evaluate(update), evaluate(result)];
    if (written === undefined || returned === undefined) return null;
    return { written: convertValue(written, type), thread: advance(thread, dst, returned) };
  }
  if (fail === null) return null;
  const returned = evaluate(fail.result);
  return returned === undefined ? null : { written: null, thread: advance(thread, dst, returned) };
}

function step(program: Program, state: ScState, index: number): readonly ScState[] {
  const thread = state.threads[index]!;
  const instruction = nextInstruction(program.threads[index]!, thread);
  if (instruction === null) return [];
  const passed = passSection(state.sections, index, instruction, thread.registers);
  if (passed === 'waits') return [];
  const sections: SectionState = passed;
  const after = (next: ThreadState, changes: Partial<ScState> = {}): ScState => ({
    ...state,
    sections,
    ...changes,
    threads: replaceAt(state.threads, index, next),
  });
  if (sections.waiting[index] !== null) return [after(thread, { sections })];
  if (instruction.kind === 'fence') return [after(advance(thread), { sections })];
  const reserve = (cell: Location | null) => replaceAt(state.reserved, index, cell);
  if (instruction.kind === 'clear-monitor') return [after(advance(thread), { reserved: reserve(null) })];
  const write = (cell: Location, value: Value): Partial<ScState> => ({
    memory: replaceAt(state.memory, cell.index, value),
    reserved: state.reserved.map((r, other) => (r === cell && other !== index ? null : r)),
  });
  const cell = addressOf(instruction.address, thread.registers);
  switch (instruction.kind) {
    case 'load': {
      if (cell === null) return [];
      const next = advance(
        thread,
        instruction.dst,
        convertValue(state.memory[cell.index]!, instruction.type),
      );
      return [after(next, instruction.exclusive ? { reserved: reserve(cell) } : {})];
    }
    case 'store': {
      const value = evaluateExpr(instruction.value, thread.registers);
      if (cell === null || value === undefined) return [];
      return [after(advance(thread), write(cell, convertValue(value, instruction.type)))];
    }
    case 'store-exclusive': {
      invariant(instruction.second === undefined, 'a pair');
      const released = reserve(null);
      const failed = after(advance(thread, instruction.status, 1), { reserved: released });
      const value = evaluateExpr(instruction.value, thread.registers);
      if (cell === null || state.reserved[index] !== cell || value === undefined) return [failed];
      const written = write(cell, convertValue(value, instruction.type));
      const reserved = replaceAt(written.reserved!, index, null);
      return [failed, after(advance(thread, instruction.status, 0), { ...written, reserved })];
    }
    case 'rmw': {
      invariant(instruction.swap?.second === undefined, 'a pair');
      if (cell === null) return [];
      const attempt = attemptRmw(instruction, thread, state.memory[cell.index]!);
      if (attempt === null) return [];
      return [after(attempt.thread, attempt.written === null ? {} : write(cell, attempt.written))];
    }
    default:
      return assertNever(instruction);
  }
}

/** All final states of a program under sequential consistency. */
export function runSc(program: Program, maxStates = 100_000): OperationalResult {
  const initial: ScState = {
    threads: program.threads.map(initialThread),
    memory: program.locations.map((l) => l.initial),
    reserved: program.threads.map(() => null),
    sections: initialSections(program.threads.length),
  };
  return explore(
    program,
    {
      initial,
      successors: (state) => program.threads.flatMap((_, index) => step(program, state, index)),
      settledMemory: (state) => state.memory,
      showRest: ({ memory, reserved, sections }) =>
        `${memory.map(valueKey).join(',')}|${reserved.map((r) => r?.index ?? '-').join(',')}|${sectionsKey(sections)}`,
    },
    maxStates,
  );
}
