/**
 * Unfolds a program's threads into symbolic traces: one trace for each control-flow path.
 *
 * Pipeline: program IR -> traces -> search. Paths fork on branches, conditional read-modify-writes and store-exclusives
 * that constants do not decide. Backward jumps are taken at most `unroll` times on a path, with one exception: an
 * iteration that wrote nothing and left every live register unchanged is a failed wait (a spin); such a path is dropped
 * without counting as cut, because the path that leaves the loop at once has the same effect, with fewer events
 * and so with no more ordering. Where the bound is reached, the path is kept as a cut one (Trace.cut).
 */
import type {
  Instruction,
  LoadInstruction,
  Program,
  RmwInstruction,
  StoreExclusiveInstruction,
  Thread,
} from '../program/ir.js';
import { INT64, type Value } from '../program/value.js';
import { positionAt } from '../text/source.js';
import { decide } from './facts.js';
import { liveRegisters } from './liveness.js';
import {
  type Cell,
  cloneState,
  controllingReads,
  emitFence,
  emitRead,
  emitWrite,
  evaluate,
  initialState,
  type PathState,
} from './state.js';
import { binarySymbol, constant, type SymbolicValue, sameSymbol, unarySymbol } from './symbol.js';
import type { Trace, Unfolded, UnfoldedThread } from './trace.js';

export interface UnfoldOptions {
  /** How often one backward jump may be taken on a path. */
  readonly unroll: number;
  /** Traces of one thread beyond which unfolding stops with a limit. */
  readonly maxTraces: number;
  /** Events, dependencies and conditions of all traces of one thread beyond which it stops: they are kept in memory. */
  readonly maxSize: number;
  /** Asked at each path; true stops unfolding with a limit. */
  readonly expired: (() => boolean) | null;
}

export const defaultUnfoldOptions: UnfoldOptions = {
  unroll: 4,
  maxTraces: 50_000,
  maxSize: 3_000_000,
  expired: null,
};

/** Unfolds one thread; not reusable. */
class ThreadUnfolder {
  readonly traces: Trace[] = [];
  limit: string | null = null;
  private size = 0;
  private readonly live: readonly ReadonlySet<string>[];
  private readonly loopHeads = new Set<number>();
  private readonly pending: PathState[] = [];

  constructor(
    private readonly thread: Thread,
    private readonly options: UnfoldOptions,
    liveAtEnd: ReadonlySet<string>,
  ) {
    this.live = liveRegisters(thread.code, liveAtEnd);
    thread.code.forEach((instruction, index) => {
      if ((instruction.kind === 'jump' || instruction.kind === 'branch') && instruction.target <= index)
        this.loopHeads.add(instruction.target);
    });
  }

  run(initial: ReadonlyMap<string, Value>): void {
    this.pending.push(initialState(initial));
    for (let state = this.pending.pop(); state !== undefined; state = this.pending.pop()) {
      if (this.traces.length >= this.options.maxTraces) {
        this.limit ??= `more than ${this.options.maxTraces} paths through ${this.thread.name}`;
        return;
      }
      if (this.size > this.options.maxSize) {
        this.limit ??= `the paths through ${this.thread.name} are too many and too long`;
        return;
      }
      if (this.options.expired?.() === true) {
        this.limit ??= 'time limit';
        return;
      }
      if (this.follow(state)) this.traces.push(this.finish(state, null));
    }
  }

  /** Runs a path to its end, leaving forks in `pending`; false if it was dropped. */
  private follow(state: PathState): boolean {
    while (state.pc < this.thread.code.length) {
      state.scopes = state.scopes.filter((scope) => scope.join !== state.pc);
      if (this.loopHeads.has(state.pc))
        state.visits.set(state.pc, { writes: state.writes, registers: new Map(state.registers) });
      if (!this.step(state, this.thread.code[state.pc]!)) return false;
    }
    return true;
  }

  private step(state: PathState, instruction: Instruction): boolean {
    switch (instruction.kind) {
      case 'assign':
        state.registers.set(instruction.dst, evaluate(state, instruction.value));
        break;
      case 'load': {
        const address = evaluate(state, instruction.address);
        if (instruction.zeroTags !== undefined) return this.stepTested(state, instruction, address);
        const event = emitRead(state, instruction, address, instruction.type, instruction.tags);
        if (instruction.dst !== null) state.registers.set(instruction.dst, readCell(event));
        if (instruction.exclusive) state.monitor = { event, address: address.symbol };
        break;
      }
      case 'store': {
        const value = evaluate(state, instruction.value);
        const address = evaluate(state, instruction.address);
        emitWrite(state, instruction, address, value, instruction.type, instruction.tags);
        break;
      }
      case 'fence':
        emitFence(
          state,
          instruction,
          instruction.tags,
          instruction.address === undefined ? null : evaluate(state, instruction.address),
        );
        break;
      case 'rmw':
        return this.stepRmw(state, instruction);
      case 'store-exclusive':
        return this.stepStoreExclusive(state, instruction);
      case 'assume': {
        const condition = evaluate(state, instruction.condition);
        state.scopes = [...state.scopes, { join: null, reads: controllingReads(condition) }];
        if (!assume(state, condition.symbol)) return false;
        break;
      }
      case 'jump':
        return this.jump(state, instruction.target);
      case 'branch': {
        const condition = evaluate(state, instruction.condition);
        const reads = controllingReads(condition);
        if (reads.length > 0) state.scopes = [...state.scopes, { join: instruction.join, reads }];
        const notTaken = cloneState(state);
        notTaken.pc++;
        if (assume(notTaken, negate(condition.symbol))) this.pending.push(notTaken);
        return assume(state, condition.symbol) && this.jump(state, instruction.target);
      }
    }
    state.pc++;
    return true;
  }

  /** A load whose tags tell whether it read 0: a path for each case. */
  private stepTested(state: PathState, instruction: LoadInstruction, address: Cell): boolean {
    const value = readCell(state.events.length);
    const isZero = cloneState(state);
    const step = (path: PathState, tags: readonly string[], condition: SymbolicValue): boolean => {
      emitRead(path, instruction, address, instruction.type, tags);
      if (instruction.dst !== null) path.registers.set(instruction.dst, value);
      path.pc++;
      return assume(path, condition);
    };
    if (step(isZero, instruction.zeroTags ?? instruction.tags, negate(value.symbol)))
      this.pending.push(isZero);
    return step(state, instruction.tags, value.symbol);
  }

  private jump(state: PathState, target: number): boolean {
    if (target <= state.pc) {
      if (this.isFailedWait(state, target)) return false;
      const taken = (state.backJumps.get(state.pc) ?? 0) + 1;
      if (taken > this.options.unroll) {
        const span = this.thread.code[state.pc]!.source.span;
        const { line } = positionAt(span.file, span.start);
        const cut = `unroll bound ${this.options.unroll} (${this.thread.name}, line ${line})`;
        this.traces.push(this.finish(state, cut));
        return false;
      }
      state.backJumps.set(state.pc, taken);
    }
    state.pc = target;
    return true;
  }

  private isFailedWait(state: PathState, target: number): boolean {
    const visit = state.visits.get(target);
    if (visit === undefined || visit.writes !== state.writes) return false;
    for (const name of this.live[target]!) {
      const now = state.registers.get(name)?.symbol ?? constant(0);
      const then = visit.registers.get(name)?.symbol ?? constant(0);
      if (!sameSymbol(now, then)) return false;
    }
    return true;
  }

  private stepRmw(state: PathState, instruction: RmwInstruction): boolean {
    const { type, when, fail, dst, fences } = instruction;
    const address = evaluate(state, instruction.address);
    const succeeds = (path: PathState, value: Cell): SymbolicValue =>
      when === null ? constant(1) : evaluate(path, when, value).symbol;
    if (fail !== null) {
      const failed = cloneState(state);
      const value = readCell(failed.events.length);
      if (assume(failed, negate(succeeds(failed, value)))) {
        emitRead(failed, instruction, address, type, failedTags(fail.tags));
        if (dst !== null) failed.registers.set(dst, evaluate(state, fail.result, value));
        failed.pc++;
        this.pending.push(failed);
      }
    }
    if (fences !== undefined) emitFence(state, instruction, fences, null);
    const old = readCell(state.events.length);
    if (!assume(state, succeeds(state, old))) return false;
    const read = emitRead(state, instruction, address, type, instruction.readTags);
    const update = evaluate(state, instruction.update, old);
    const result = evaluate(state, instruction.result, old);
    const write = emitWrite(state, instruction, address, update, type, instruction.writeTags);
    if (fences !== undefined) emitFence(state, instruction, fences, null);
    state.amo.push([read, write]);
    if (dst !== null) state.registers.set(dst, result);
    state.pc++;
    return true;
  }

  private stepStoreExclusive(state: PathState, instruction: StoreExclusiveInstruction): boolean {
    const { status, type, tags } = instruction;
    const monitor = state.monitor;
    state.monitor = null;
    const failed = monitor === null ? state : cloneState(state);
    if (monitor !== null) {
      const address = evaluate(state, instruction.address);
      const value = evaluate(state, instruction.value);
      if (assume(state, binarySymbol('==', address.symbol, monitor.address, INT64))) {
        const write = emitWrite(state, instruction, address, value, type, tags);
        state.lxsx.push([monitor.event, write]);
        state.registers.set(status, { symbol: constant(0), reads: [], picks: [] });
        state.pc++;
        this.pending.push(state);
      }
    }
    failed.registers.set(status, { symbol: constant(1), reads: [], picks: [] });
    failed.pc++;
    this.pending.push(failed);
    return false;
  }

  private finish(state: PathState, cut: string | null): Trace {
    const { events, addr, data, ctrl, amo, lxsx, constraints } = state;
    const registers = new Map([...state.registers].map(([name, cell]) => [name, cell.symbol]));
    this.size +=
      events.length + addr.length + data.length + ctrl.length + constraints.length + registers.size;
    return { thread: this.thread.index, events, addr, data, ctrl, amo, lxsx, constraints, registers, cut };
  }
}

/**
 * A failed read-modify-write is still one: smp_mb__before_atomic() and smp_mb__after_atomic() order it. A failed trylock (LF)
 * is no atomic operation in the kernel's model.
 */
function failedTags(tags: readonly string[]): readonly string[] {
  return tags.includes('LF') || tags.includes('RMW') ? tags : [...tags, 'RMW'];
}

function readCell(event: number): Cell {
  return { symbol: { kind: 'read', event }, reads: [event], picks: [] };
}

function negate(symbol: SymbolicValue): SymbolicValue {
  return unarySymbol('!', symbol, INT64);
}

/** Adds a constraint to the path; false if it is constantly false or contradicts the others. */
function assume(state: PathState, symbol: SymbolicValue): boolean {
  if (symbol.kind === 'const') return symbol.value !== 0;
  const decided = decide(state.constraints, symbol);
  if (decided !== undefined) return decided;
  state.constraints.push(symbol);
  return true;
}

/**
 * All traces of all threads. Registers that the condition, filter or `locations` observe count as used at the end.
 *
 * Traces come in a defined order: for each fork, the taken or successful side first.
 */
export function unfoldProgram(program: Program, options: UnfoldOptions = defaultUnfoldOptions): Unfolded {
  let limit: string | null = null;
  const threads = program.threads.map((thread): UnfoldedThread => {
    const observed = program.observed.flatMap((o) =>
      o.kind === 'register' && o.thread === thread.index ? [o.name] : [],
    );
    const unfolder = new ThreadUnfolder(thread, options, new Set(observed));
    const initialRegisters = new Map(thread.registers.map((r) => [r.name, r.initial]));
    unfolder.run(initialRegisters);
    limit ??= unfolder.limit;
    return { thread: thread.index, initialRegisters, traces: unfolder.traces };
  });
  return { threads, limit };
}
