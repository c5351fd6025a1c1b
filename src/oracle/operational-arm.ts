/**
 * Arm's memory model as a machine: threads that run in order, one instruction at a time, on a memory that keeps all writes, to which
 * a thread may add a write early that it promises to make.
 *
 * Source: Pulte, Pichon-Pharabod, Kang, Lee, Hur, "Promising-ARM/RISC-V: A Simpler and Faster Operational Concurrency Model"
 * (PLDI 2019). By its theorem that promises may all go first, a run is a memory that grows by promises, each of a thread that,
 * alone, could then keep all its own; and after that each thread on its own, in the memory as it is at the end.
 *
 * Independent of traces, relations and models. Control dependencies have no end here, `join` of a branch notwithstanding: it is for
 * programs in which that is null. Absent: pairs, atomics that write on a condition only, and selections (pick dependencies).
 */
import type { Program } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import type { Value } from '../program/value.js';
import { initialThread, type OperationalResult, valueKey } from './operational.js';
import { type Runner, runnersAfter } from './promising-thread.js';
import { initialViews, type Memory, type Message, viewsKey } from './promising-views.js';

/** What a thread can do, alone, in a memory. */
interface Prospects {
  /** Whether some run of it keeps all its promises. */
  readonly certified: boolean;
  /** Writes that it makes in some run without having promised them. */
  readonly writes: readonly Message[];
  /** By thread's observed registers: their values at the end of a run that makes the promised writes and no other. */
  readonly finals: readonly (readonly Value[])[];
}

function memoryKey(memory: Memory): string {
  return memory.map(({ cell, value, thread }) => `${cell.index}=${valueKey(value)}.${thread}`).join(' ');
}

function runnerKey({ pc, registers, views, promised, memory }: Runner, base: number): string {
  const values = [...registers].map(([name, value]) => `${name}=${valueKey(value)}`).sort();
  return `${pc}|${values.join(',')}|${viewsKey(views)}|${promised.join(',')}|${memoryKey(memory.slice(base))}`;
}

/** Whether it has taken note of too much to keep a promise. */
function breaksPromise({ views, promised, memory }: Runner): boolean {
  const { writeNew, captured, coherence } = views;
  const always = Math.max(writeNew, captured);
  return promised.some((time) => time <= Math.max(always, coherence[memory[time - 1]!.cell.index]!));
}

class PromisingMachine {
  private readonly known = new Map<string, Prospects>();
  /** States of threads that may still be looked at; one counts for more by its own writes, of which a loop may make many. */
  private left: number;

  constructor(
    private readonly program: Program,
    maxStates: number,
  ) {
    this.left = maxStates;
  }

  run(): OperationalResult {
    const finals = new Map<string, readonly Value[]>();
    const seen = new Set<string>(['']);
    const pending: Memory[] = [[]];
    for (let memory = pending.pop(); memory !== undefined; memory = pending.pop()) {
      for (const values of this.finals(memory)) finals.set(values.map(valueKey).join(' '), values);
      for (const next of this.promises(memory)) {
        const key = memoryKey(next);
        if (!seen.has(key)) pending.push(next);
        seen.add(key);
      }
    }
    return { states: [...finals.values()], complete: this.left > 0 };
  }

  /** The memories with one more promise. */
  private promises(memory: Memory): readonly Memory[] {
    return this.program.threads.flatMap((_, index) =>
      this.prospects(memory, index)
        .writes.map((write) => [...memory, write])
        .filter((longer) => this.prospects(longer, index).certified),
    );
  }

  private finals(memory: Memory): readonly (readonly Value[])[] {
    const { threads, observed, filter } = this.program;
    let combined: readonly (readonly (readonly Value[])[])[] = [[]];
    for (const { index } of threads) {
      const { finals } = this.prospects(memory, index);
      combined = combined.flatMap((before) => finals.map((values) => [...before, values]));
    }
    const states = combined.map((byThread) => {
      const rest = byThread.map((values) => values.values());
      return observed.map((o): Value => {
        if (o.kind === 'register') return rest[o.thread]!.next().value!;
        return memory.findLast(({ cell }) => cell === o.location)?.value ?? o.location.initial;
      });
    });
    return filter === null ? states : states.filter((values) => evaluateProposition(filter, values));
  }

  private prospects(memory: Memory, index: number): Prospects {
    const key = `${index} ${memoryKey(memory)}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const found = this.runAlone(memory, index);
    this.known.set(key, found);
    return found;
  }

  private runAlone(memory: Memory, index: number): Prospects {
    const thread = this.program.threads[index]!;
    const writes = new Map<string, Message>();
    const finals = new Map<string, readonly Value[]>();
    let certified = false;
    const seen = new Set<string>();
    const pending: Runner[] = [
      {
        ...initialThread(thread),
        views: initialViews(this.program.locations.length),
        promised: memory.flatMap((message, at) => (message.thread === index ? [at + 1] : [])),
        memory,
      },
    ];
    for (let runner = pending.pop(); runner !== undefined; runner = pending.pop()) {
      const key = runnerKey(runner, memory.length);
      if (seen.has(key)) continue;
      seen.add(key);
      const made = runner.memory.slice(memory.length);
      if (this.left <= 0) break;
      this.left -= 1 + made.length;
      if (runner.promised.length === 0) certified = true;
      for (const write of made) writes.set(memoryKey([write]), write);
      if (runner.pc === thread.code.length && runner.promised.length === 0 && made.length === 0) {
        const values = this.observedOf(index, runner);
        finals.set(values.map(valueKey).join(' '), values);
      }
      for (const next of runnersAfter(thread, runner)) if (!breaksPromise(next)) pending.push(next);
    }
    return { certified, writes: [...writes.values()], finals: [...finals.values()] };
  }

  /** In the order of Program.observed. */
  private observedOf(index: number, { registers }: Runner): readonly Value[] {
    return this.program.observed.flatMap((o) =>
      o.kind === 'register' && o.thread === index ? [registers.get(o.name) ?? 0] : [],
    );
  }
}

/** All final states of an arm64 program. The limit is on states of threads, each counted again in each memory. */
export function runArm(program: Program, maxStates = 200_000): OperationalResult {
  return new PromisingMachine(program, maxStates).run();
}
