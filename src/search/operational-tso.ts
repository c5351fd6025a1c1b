/**
 * x86-TSO as a machine: each thread has a first-in-first-out store buffer in front of one memory.
 *
 * Source: Owens, Sarkar, Sewell, "A Better x86 Memory Model: x86-TSO" (TPHOLs 2009). A load takes the newest buffered store
 * of its own thread to the cell, else memory; a buffer may write its oldest store to memory at any time; MFENCE and locked
 * instructions wait for the thread's own buffer to be empty, and a locked instruction is then one step on memory. LFENCE and
 * SFENCE do nothing. There are no exclusives.
 */
import { convertValue } from '../program/arithmetic.js';
import type { Program } from '../program/ir.js';
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
import { attemptRmw } from './operational-sc.js';

interface BufferedStore {
  readonly cell: Location;
  readonly value: Value;
}

interface TsoState extends MachineState {
  readonly memory: readonly Value[];
  /** By thread, oldest store first. */
  readonly buffers: readonly (readonly BufferedStore[])[];
}

function execute(program: Program, state: TsoState, index: number): readonly TsoState[] {
  const thread = state.threads[index]!;
  const buffer = state.buffers[index]!;
  const instruction = nextInstruction(program.threads[index]!, thread);
  if (instruction === null) return [];
  const after = (next: ThreadState, changes: Partial<TsoState> = {}): TsoState => ({
    ...state,
    ...changes,
    threads: replaceAt(state.threads, index, next),
  });
  if (instruction.kind === 'fence') {
    const waits = instruction.tags.includes('MFENCE') && buffer.length > 0;
    return waits ? [] : [after(advance(thread))];
  }
  invariant(instruction.kind !== 'clear-monitor', 'x86 has no exclusives');
  const cell = addressOf(instruction.address, thread.registers);
  if (cell === null) return [];
  switch (instruction.kind) {
    case 'load': {
      const buffered = buffer.findLast((store) => store.cell === cell);
      const value = buffered === undefined ? state.memory[cell.index]! : buffered.value;
      return [after(advance(thread, instruction.dst, convertValue(value, instruction.type)))];
    }
    case 'store': {
      const value = evaluateExpr(instruction.value, thread.registers);
      if (value === undefined) return [];
      const extended = [...buffer, { cell, value: convertValue(value, instruction.type) }];
      return [after(advance(thread), { buffers: replaceAt(state.buffers, index, extended) })];
    }
    case 'rmw': {
      if (buffer.length > 0) return [];
      const attempt = attemptRmw(instruction, thread, state.memory[cell.index]!);
      if (attempt === null) return [];
      const { written } = attempt;
      return [
        after(attempt.thread, {
          memory: written === null ? state.memory : replaceAt(state.memory, cell.index, written),
        }),
      ];
    }
    case 'store-exclusive':
      invariant(false, 'x86 has no store-exclusive');
      return [];
    default:
      return assertNever(instruction);
  }
}

function drain(state: TsoState, index: number): readonly TsoState[] {
  const [oldest, ...rest] = state.buffers[index]!;
  if (oldest === undefined) return [];
  const memory = replaceAt(state.memory, oldest.cell.index, oldest.value);
  return [{ ...state, memory, buffers: replaceAt(state.buffers, index, rest) }];
}

/** All final states of an x86 program under x86-TSO. */
export function runTso(program: Program, maxStates = 200_000): OperationalResult {
  const initial: TsoState = {
    threads: program.threads.map(initialThread),
    memory: program.locations.map((l) => l.initial),
    buffers: program.threads.map(() => []),
  };
  const showBuffer = (buffer: readonly BufferedStore[]): string =>
    buffer.map(({ cell, value }) => `${cell.index}=${valueKey(value)}`).join(',');
  return explore(
    program,
    {
      initial,
      successors: (state) =>
        program.threads.flatMap((_, index) => [...execute(program, state, index), ...drain(state, index)]),
      settledMemory: (state) => (state.buffers.every((buffer) => buffer.length === 0) ? state.memory : null),
      showRest: ({ memory, buffers }) =>
        `${memory.map(valueKey).join(',')}|${buffers.map(showBuffer).join('|')}`,
    },
    maxStates,
  );
}
