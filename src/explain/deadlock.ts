/**
 * Why no execution of a test completes: where each thread stops, and what it waits for there.
 *
 * Definition. A thread that stops before an instruction is a thread whose code ends there. From threads that all stop before their
 * first wait, each in turn is let go on to its next wait, and past it, as long as the shortened program still has an allowed execution; what
 * is left when none can go on is where they stop: each alone cannot pass, with the others where they are. That is one of
 * possibly several such states. What the loads of a wait can see there is what they see in the executions of that shortened program
 * (wait-reads.ts).
 */
import type { CompiledModel } from '../model/dag.js';
import type { Instruction, Program, Thread } from '../program/ir.js';
import { isLocation, type Location } from '../program/value.js';
import type { Execution, SearchOptions } from '../search/execution.js';
import { visitExecutions } from '../search/search.js';
import { positionAt } from '../text/source.js';
import type { ExecutionClaim } from './claim.js';
import type { Sentence } from './explanation.js';
import { explainValues } from './impossible.js';
import { speechOf, takesLock } from './speech.js';
import { isReadOf, isWithin, type Looked, readsOfWait, waitText } from './wait-reads.js';

/** How many executions of the shortened program are looked at for who has a lock, and for what no final register tells. */
const LOOKED_AT = 500;

/** Why nothing completes; `limit` says why that is not known, if it is not. */
export interface DeadlockReasons {
  readonly sentences: readonly Sentence[];
  readonly limit: string | null;
}

/** Of a program none of whose executions is allowed and passes its filter. */
export function explainDeadlock(
  program: Program,
  model: CompiledModel,
  options: SearchOptions,
): DeadlockReasons {
  if (program.filter !== null) {
    const unfiltered = new Completion({ ...program, filter: null }, model, options);
    if (unfiltered.isPossible(ends(program)))
      return explainValues(
        program,
        program.filter,
        'no execution passes the filter of the test: ',
        model,
        options,
      );
    if (unfiltered.limit !== null) return { sentences: [], limit: unfiltered.limit };
  }
  return new Stops({ ...program, filter: null }, model, options).explain();
}

function ends(program: Program): number[] {
  return program.threads.map(({ code }) => code.length);
}

/** The program with each thread's code up to a position. */
function shortened(program: Program, positions: readonly number[]): Program {
  const threads = program.threads.map((thread, at) => shortenThread(thread, positions[at]!));
  return {
    ...program,
    threads,
    condition: { ...program.condition, proposition: { kind: 'constant', value: true } },
  };
}

function shortenThread(thread: Thread, end: number): Thread {
  const within = (target: number): number => Math.min(target, end);
  const code = thread.code.slice(0, end).map((instruction): Instruction => {
    if (instruction.kind === 'jump') return { ...instruction, target: within(instruction.target) };
    if (instruction.kind !== 'branch') return instruction;
    const join = instruction.join === null ? null : within(instruction.join);
    return { ...instruction, target: within(instruction.target), join };
  });
  return { ...thread, code };
}

/** Whether shortened programs have allowed executions. */
class Completion {
  limit: string | null = null;

  constructor(
    private readonly program: Program,
    private readonly model: CompiledModel,
    private readonly options: SearchOptions,
  ) {}

  isPossible(positions: readonly number[]): boolean {
    return this.first(positions, 1).executions.length > 0;
  }

  first(positions: readonly number[], count: number): Looked {
    const found: Execution[] = [];
    const program = shortened(this.program, positions);
    const limit = visitExecutions(program, this.model, this.options, (execution) => {
      found.push({ ...execution, program: this.program });
      return found.length < count;
    });
    if (found.length === 0) this.limit ??= limit;
    return { executions: found, isAll: limit === null && found.length < count };
  }
}

/** Whether a thread may stop at an instruction. */
function mayWait(instruction: Instruction, at: number): boolean {
  switch (instruction.kind) {
    case 'assume':
      return true;
    case 'branch':
    case 'jump':
      return instruction.target <= at;
    case 'rmw':
      return instruction.when !== null && instruction.fail === null;
    default:
      return false;
  }
}

function remark(text: string, claims: readonly ExecutionClaim[]): Sentence {
  return { text, edge: null, derivation: null, events: [], claims };
}

class Stops {
  private readonly completion: Completion;

  constructor(
    private readonly program: Program,
    private readonly model: CompiledModel,
    private readonly options: SearchOptions,
  ) {
    this.completion = new Completion(program, model, options);
  }

  explain(): DeadlockReasons {
    const positions = this.furthest();
    const { limit } = this.completion;
    if (limit !== null) return { sentences: [], limit };
    if (positions === null) {
      const text = `${this.model.name} forbids every execution, even of what the threads do before they wait for anything`;
      const positions = this.program.threads.map((thread) => this.nextWait(thread, 0));
      const claims = [this.noneGoesOn(positions, 'there is an execution')];
      return { sentences: [remark(text, claims)], limit };
    }
    const stopped = this.program.threads.filter(({ code, index }) => positions[index]! < code.length);
    const seen = this.completion.first(positions, LOOKED_AT);
    const sentences = stopped.map((thread) => this.stop(thread, positions, seen));
    return { sentences, limit };
  }

  private noneGoesOn(positions: readonly number[], what: string): ExecutionClaim {
    const { program, model, options } = this;
    return { kind: 'none', what, model, program: shortened(program, positions), unroll: options.unroll };
  }

  /** Where the threads stop; the instruction there is a wait. Null: there is no execution even up to the first ones. */
  private furthest(): number[] | null {
    const positions = this.program.threads.map((thread) => this.nextWait(thread, 0));
    if (!this.completion.isPossible(positions)) return null;
    for (let isMoving = true; isMoving && this.completion.limit === null; ) {
      isMoving = false;
      for (const thread of this.program.threads) {
        while (positions[thread.index]! < thread.code.length) {
          const moved = this.moved(thread, positions);
          if (!this.completion.isPossible(moved)) break;
          positions[thread.index] = moved[thread.index]!;
          isMoving = true;
        }
      }
    }
    return positions;
  }

  /** One thread goes on to its next wait. */
  private moved(thread: Thread, positions: readonly number[]): number[] {
    const next = this.nextWait(thread, positions[thread.index]! + 1);
    return positions.map((position, at) => (at === thread.index ? next : position));
  }

  private nextWait({ code }: Thread, from: number): number {
    const found = code.findIndex((instruction, at) => at >= from && mayWait(instruction, at));
    return found < 0 ? code.length : found;
  }

  private stop(thread: Thread, positions: readonly number[], looked: Looked): Sentence {
    const seen = looked.executions;
    const at = positions[thread.index]!;
    const instruction = thread.code[at]!;
    const { source } = instruction;
    const { line } = positionAt(source.span.file, source.span.start);
    const statement = source.text.replace(/\s+/g, ' ').trim();
    const place = `${thread.name}:${line} ${statement}`;
    const lock = this.lockOf(thread, instruction, seen);
    const holders =
      lock === null ? [] : seen.map((execution) => this.holder(lock, execution, thread, instruction));
    const stuck = this.noneGoesOn(this.moved(thread, positions), `${place} goes on`);
    if (holders.length > 0 && !holders.includes(null))
      return remark(`${place} waits for ${[...new Set(holders)].join('; or for ')}`, [stuck]);
    const program = shortened(this.program, positions);
    const reads = readsOfWait(program, thread, at, looked, this.model, this.options);
    const text = waitText(reads);
    return remark(`${place} ${text === null ? 'never ends' : `waits for another value: ${text}`}`, [
      stuck,
      ...reads.claims,
    ]);
  }

  /** The location that an atomic access waits for: its own, or what the accesses of its statement read. */
  private lockOf(thread: Thread, instruction: Instruction, seen: readonly Execution[]): Location | null {
    if (instruction.kind === 'rmw' && instruction.address.kind === 'const') {
      const { value } = instruction.address;
      return isLocation(value) ? value : null;
    }
    const read = seen[0]?.events.findLast((event) => isReadOf(event, thread, instruction));
    return read?.location?.role === 'spinlock' ? read.location : null;
  }

  /** Who has a location, at the end of an execution. */
  private holder(
    location: Location,
    execution: Execution,
    thread: Thread,
    instruction: Instruction,
  ): string | null {
    const co = execution.base.get('co');
    // a compare-and-swap that fails may write back what it read
    const writes = execution.events.filter(
      (event) =>
        event.kind === 'write' && event.location === location && !isWithin(event, thread, instruction),
    );
    const last = writes.find(({ id }) => writes.every((other) => co?.has(id, other.id) !== true));
    if (last === undefined) return null;
    const name = speechOf(execution).name(last.id);
    return takesLock(last, execution)
      ? `${location.name}, which ${name} has taken and not given back`
      : `another value of ${location.name}, which ${name} was the last to write`;
  }
}
