/**
 * x86-TSO as a machine: each thread has a first-in-first-out store buffer in front of one memory. Non-temporal stores (tag NT) leave
 * the buffer out of turn.
 *
 * Source: Owens, Sarkar, Sewell, "A Better x86 Memory Model: x86-TSO" (TPHOLs 2009). A load takes the newest buffered store
 * of its own thread to the cell, else memory; a buffer may write its oldest store to memory at any time; MFENCE and locked
 * instructions wait for the thread's own buffer to be empty, and a locked instruction is then one step on memory. LFENCE does
 * nothing. There are no exclusives.
 *
 * Non-temporal stores are weakly ordered (Intel SDM volume 3A, 8.2.2): one may pass, and be passed by, stores to other cells. SFENCE is an
 * entry of the buffer that no store passes; without non-temporal stores it changes nothing.
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
  readonly nonTemporal: boolean;
}

type Entry = BufferedStore | 'sfence';

interface TsoState extends MachineState {
  readonly memory: readonly Value[];
  /** By thread, oldest entry first. */
  readonly buffers: readonly (readonly Entry[])[];
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
    if (waits) return [];
    // An empty buffer has nothing that the fence could hold back.
    const marks = instruction.tags.includes('SFENCE') && buffer.length > 0;
    return [
      after(
        advance(thread),
        marks ? { buffers: replaceAt(state.buffers, index, [...buffer, 'sfence']) } : {},
      ),
    ];
  }
  invariant(instruction.kind !== 'clear-monitor', 'x86 has no exclusives');
  const cell = addressOf(instruction.address, thread.registers);
  if (cell === null) return [];
  switch (instruction.kind) {
    case 'load': {
      const buffered = buffer.findLast(
        (entry): entry is BufferedStore => entry !== 'sfence' && entry.cell === cell,
      );
      const value = buffered === undefined ? state.memory[cell.index]! : buffered.value;
      return [after(advance(thread, instruction.dst, convertValue(value, instruction.type)))];
    }
    case 'store': {
      const value = evaluateExpr(instruction.value, thread.registers);
      if (value === undefined) return [];
      const nonTemporal = instruction.tags.includes('NT');
      const extended = [...buffer, { cell, value: convertValue(value, instruction.type), nonTemporal }];
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

/** Whether a later store may reach memory before an earlier one. */
function passes(later: BufferedStore, earlier: Entry): boolean {
  return earlier !== 'sfence' && earlier.cell !== later.cell && (earlier.nonTemporal || later.nonTemporal);
}

/** A fence leaves the buffer when everything before it has. */
function drain(state: TsoState, index: number): readonly TsoState[] {
  const buffer = state.buffers[index]!;
  return buffer.flatMap((entry, position): TsoState[] => {
    const earlier = buffer.slice(0, position);
    if (entry === 'sfence' ? position > 0 : !earlier.every((other) => passes(entry, other))) return [];
    const buffers = replaceAt(state.buffers, index, [...earlier, ...buffer.slice(position + 1)]);
    if (entry === 'sfence') return [{ ...state, buffers }];
    return [{ ...state, buffers, memory: replaceAt(state.memory, entry.cell.index, entry.value) }];
  });
}

/** All final states of an x86 program under x86-TSO. */
export function runTso(program: Program, maxStates = 200_000): OperationalResult {
  const initial: TsoState = {
    threads: program.threads.map(initialThread),
    memory: program.locations.map((l) => l.initial),
    buffers: program.threads.map(() => []),
  };
  const showEntry = (entry: Entry): string =>
    entry === 'sfence'
      ? entry
      : `${entry.nonTemporal ? 'n' : ''}${entry.cell.index}=${valueKey(entry.value)}`;
  const showBuffer = (buffer: readonly Entry[]): string => buffer.map(showEntry).join(',');
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
