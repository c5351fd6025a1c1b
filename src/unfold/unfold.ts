/**
 * Unfolds a program's threads into symbolic traces: one trace for each control-flow path.
 *
 * Pipeline: program IR -> traces -> search. Paths fork on branches, conditional read-modify-writes and store-exclusives
 * that constants do not decide. Backward jumps are taken at most `unroll` times on a path, with one exception: an
 * iteration that left memory as it was and left every live register unchanged is a failed wait (a spin); such a path is dropped
 * without counting as cut, because the path that leaves the loop at once has the same effect, with fewer events
 * and so, mostly, with no more ordering (failed-turns.ts). Where the bound is reached, the path is kept as a cut one (Trace.cut).
 */
import type {
  Expr,
  Instruction,
  LoadInstruction,
  Program,
  RmwInstruction,
  StoreExclusiveInstruction,
  Thread,
} from '../program/ir.js';
import { INT64, type Value } from '../program/value.js';
import { positionAt } from '../text/source.js';
import { withoutDominated } from './dominated.js';
import { type FailedTurns, loosens } from './failed-turns.js';
import { dependentRegisters, liveRegisters } from './liveness.js';
import { type Alternatives, ReadModifyWrite } from './read-modify-write.js';
import { openSelection, selectingOperands } from './selection.js';
import {
  allReads,
  type Cell,
  cloneState,
  controlBy,
  decided,
  emitFence,
  emitRead,
  emitWrite,
  evaluate,
  initialState,
  joinAccess,
  type PathState,
  readCell,
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
  /** Asked at each path, and now and then on it; true stops unfolding with a limit. */
  readonly expired: (() => boolean) | null;
  /** Which ways of Arm's compare-and-swap make paths. */
  readonly alternatives: Alternatives;
  /** Which turns of a loop that change nothing are on paths. */
  readonly failedTurns: FailedTurns;
}

export const defaultUnfoldOptions: UnfoldOptions = {
  unroll: 4,
  maxTraces: 50_000,
  maxSize: 3_000_000,
  expired: null,
  alternatives: 'all',
  failedTurns: 'loosening',
};

/** One path may be without end, too: on it the limits are looked at once in so many instructions. */
const stepsPerQuestion = 1024;

/** Unfolds one thread; not reusable. */
class ThreadUnfolder {
  readonly traces: Trace[] = [];
  limit: string | null = null;
  private size = 0;
  private isStopped = false;
  /** By instruction, of threads with loops: at loop heads it tells whether a turn did something. */
  private readonly live: readonly ReadonlySet<string>[];
  private readonly dependent: readonly ReadonlySet<string>[];
  private readonly loopHeads = new Set<number>();
  /** By instruction: whether a backward jump goes round it. */
  private readonly inLoop: boolean[];
  /** By instruction: the operands whose choices may be paths of their own. */
  private readonly selects: readonly (readonly Expr[])[];
  private readonly pending: PathState[] = [];

  constructor(
    private readonly thread: Thread,
    private readonly options: UnfoldOptions,
    private readonly ownPicks: boolean,
    liveAtEnd: ReadonlySet<string>,
  ) {
    this.inLoop = thread.code.map(() => false);
    this.selects = thread.code.map(selectingOperands);
    thread.code.forEach((instruction, index) => {
      if (instruction.kind !== 'jump' && instruction.kind !== 'branch') return;
      if (instruction.target > index) return;
      this.loopHeads.add(instruction.target);
      this.inLoop.fill(true, instruction.target, index + 1);
    });
    const hasLoops = this.loopHeads.size > 0;
    this.live = hasLoops ? liveRegisters(thread.code, liveAtEnd) : [];
    this.dependent = hasLoops ? dependentRegisters(thread.code, liveAtEnd) : [];
  }

  run(initial: ReadonlyMap<string, Value>): void {
    this.pending.push(initialState(initial, this.ownPicks));
    for (let state = this.pending.pop(); state !== undefined; state = this.pending.pop()) {
      if (this.traces.length >= this.options.maxTraces) {
        this.limit ??= `more than ${this.options.maxTraces} paths through ${this.thread.name}`;
        return;
      }
      if (this.isOver(0)) return;
      if (this.follow(state)) this.traces.push(this.finish(state, null));
      if (this.isStopped) return;
    }
  }

  /** Whether a limit ends the unfolding here. `events`: of the path that is followed. */
  private isOver(events: number): boolean {
    const isTooLarge = this.size + events > this.options.maxSize;
    if (!isTooLarge && this.options.expired?.() !== true) return false;
    this.limit ??= isTooLarge
      ? `the paths through ${this.thread.name} are too many and too long`
      : 'time limit';
    this.isStopped = true;
    return true;
  }

  /** Runs a path to its end, leaving forks in `pending`; false if it was dropped. */
  private follow(state: PathState): boolean {
    for (let steps = 1; state.pc < this.thread.code.length; steps++) {
      if (steps % stepsPerQuestion === 0 && this.isOver(state.events.length)) return false;
      state.scopes = state.scopes.filter((scope) => scope.join !== state.pc);
      if (this.loopHeads.has(state.pc))
        state.visits.set(state.pc, {
          events: state.events.length,
          registers: new Map(state.registers),
          scopes: state.scopes,
          monitor: state.monitor,
        });
      if (!this.step(state, this.thread.code[state.pc]!)) return false;
    }
    return true;
  }

  private step(state: PathState, instruction: Instruction): boolean {
    for (const operand of this.selects[state.pc]!) {
      const open = openSelection(state, operand);
      if (open !== null) return this.forkOn(state, open);
    }
    switch (instruction.kind) {
      case 'assign':
        state.registers.set(instruction.dst, evaluate(state, instruction.value));
        break;
      case 'load':
        return this.stepLoad(state, instruction);
      case 'store': {
        const value = evaluate(state, instruction.value);
        const address = evaluate(state, instruction.address);
        const beside = instruction.beside === undefined ? null : state.events.length - 1;
        emitWrite(state, instruction, address, value, instruction.type, instruction.tags, beside);
        break;
      }
      case 'fence': {
        const { address, tags } = instruction;
        emitFence(state, instruction, tags, address === undefined ? null : evaluate(state, address));
        break;
      }
      case 'clear-monitor':
        state.monitor = [];
        break;
      case 'rmw':
        return this.stepRmw(state, instruction);
      case 'store-exclusive':
        return this.stepStoreExclusive(state, instruction);
      case 'assume': {
        const condition = evaluate(state, instruction.condition);
        state.scopes = [...state.scopes, controlBy(condition, null)];
        if (!assume(state, condition.symbol)) return false;
        break;
      }
      case 'jump':
        return this.jump(state, instruction.target);
      case 'branch': {
        const condition = evaluate(state, instruction.condition);
        if (allReads(condition).length > 0)
          state.scopes = [...state.scopes, controlBy(condition, instruction.join)];
        const notTaken = cloneState(state);
        notTaken.pc++;
        if (assume(notTaken, negate(condition.symbol))) this.pending.push(notTaken);
        return assume(state, condition.symbol) && this.jump(state, instruction.target);
      }
    }
    state.pc++;
    return true;
  }

  /** Forks on a condition that decides what a value depends on; the instruction is left to both paths. */
  private forkOn(state: PathState, condition: SymbolicValue): boolean {
    const otherwise = cloneState(state);
    for (const path of [otherwise, state]) {
      if (!assume(path, path === state ? condition : negate(condition))) continue;
      if (decided(path, condition) !== undefined) this.pending.push(path);
      else this.limit ??= `a choice that cannot be made in advance (${this.placeOf(path)})`;
    }
    return false;
  }

  private stepLoad(state: PathState, instruction: LoadInstruction): boolean {
    const { dst, type, tags, exclusive, beside, zeroTags } = instruction;
    const address = evaluate(state, instruction.address);
    if (zeroTags !== undefined) return this.stepTested(state, instruction, address);
    const other = beside === undefined ? null : state.events.length - 1;
    const event = emitRead(state, instruction, address, type, tags, other);
    if (dst !== null) state.registers.set(dst, readCell(event));
    if (exclusive) {
      const armed = { event, address: address.symbol };
      state.monitor = beside === undefined ? [armed] : [...state.monitor, armed];
      if (other !== null) joinAccess(state, other, event);
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
      const changes = this.changesOf(state, target);
      this.keepFailedTurn(state, target, changes);
      return assume(state, changes) && this.goBack(state, target);
    }
    state.pc = target;
    return true;
  }

  /** False if the bound cuts the path off. */
  private goBack(state: PathState, target: number): boolean {
    const taken = (state.backJumps.get(state.pc) ?? 0) + 1;
    if (taken > this.options.unroll) {
      const cut = `unroll bound ${this.options.unroll} (${this.placeOf(state)})`;
      this.traces.push(this.finish(state, cut));
      return false;
    }
    state.backJumps.set(state.pc, taken);
    state.pc = target;
    return true;
  }

  /** Where the path is, for people. */
  private placeOf(state: PathState): string {
    const { span } = this.thread.code[state.pc]!.source;
    return `${this.thread.name}, line ${positionAt(span.file, span.start).line}`;
  }

  /**
   * Leaves a path in `pending` on which the turn that ends here changed nothing, if it can matter all the same. Of several in a row the
   * last is enough: it takes away what the others do, too. So is any that raises a flag. It counts for nothing towards the bound, for the
   * turn that follows does.
   */
  private keepFailedTurn(state: PathState, target: number, changes: SymbolicValue): void {
    const visit = state.visits.get(target);
    if (visit === undefined || state.failedTurns.get(target) === visit.events) return;
    if (!loosens(state, visit, this.dependent[target]!, this.options.failedTurns)) return;
    const failed = cloneState(state);
    if (!assume(failed, negate(changes))) return;
    failed.failedTurns.set(target, failed.events.length);
    failed.pc = target;
    this.pending.push(failed);
  }

  /**
   * Whether the turn of the loop that ends here changed something: a register that matters, or memory. Atomic operations may write
   * back what they read (test-and-set of a lock that is taken): nobody is the wiser.
   */
  private changesOf(state: PathState, target: number): SymbolicValue {
    const visit = state.visits.get(target);
    if (visit === undefined) return constant(1);
    for (const name of this.live[target]!) {
      const now = state.registers.get(name)?.symbol ?? constant(0);
      const then = visit.registers.get(name)?.symbol ?? constant(0);
      if (!sameSymbol(now, then)) return constant(1);
    }
    let changes: SymbolicValue = constant(0);
    for (let event = visit.events; event < state.events.length; event++) {
      const { kind, value, type } = state.events[event]!;
      if (kind !== 'write') continue;
      const pair = state.edges.amo.find(([, write]) => write === event);
      if (pair === undefined || value === null || type === null) return constant(1);
      const isChange = binarySymbol('!=', readCell(pair[0]).symbol, value, type);
      changes = changes.kind === 'const' ? isChange : binarySymbol('|', changes, isChange, INT64);
    }
    return changes;
  }

  /** Leaves the paths after it in `pending`, the first on top. */
  private stepRmw(state: PathState, instruction: RmwInstruction): boolean {
    const ways = new ReadModifyWrite(state, instruction);
    const paths = ways.paths(this.options.alternatives, this.inLoop[state.pc]!, assume);
    for (let index = paths.length - 1; index >= 0; index--) this.pending.push(paths[index]!);
    return false;
  }

  private stepStoreExclusive(state: PathState, instruction: StoreExclusiveInstruction): boolean {
    const { status, type, tags, second } = instruction;
    const armed = state.monitor;
    state.monitor = [];
    const failed = armed.length === 0 ? state : cloneState(state);
    const halves = [instruction, ...(second === undefined ? [] : [second])];
    if (armed.length > 0 && armed.length !== halves.length) {
      const place = this.placeOf(state);
      const cut = `a store-exclusive of another size than its load-exclusive (${place}): what it does is not defined`;
      this.traces.push(this.finish(state, cut));
    } else if (armed.length > 0) {
      const [address, ...others] = halves.map((half) => evaluate(state, half.address));
      if (assume(state, binarySymbol('==', address!.symbol, armed[0]!.address, INT64))) {
        const writes: number[] = [];
        for (const [index, at] of [address!, ...others].entries()) {
          const value = evaluate(state, halves[index]!.value);
          const beside = writes[0] ?? null;
          const write = emitWrite(state, instruction, at, value, type, tags, beside);
          state.edges.lxsx.push([armed[index]!.event, write]);
          if (beside !== null) joinAccess(state, beside, write);
          writes.push(write);
        }
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
    const { events, edges, constraints, met } = state;
    const registers = new Map([...state.registers].map(([name, cell]) => [name, cell.symbol]));
    const dependencies = Object.values(edges).reduce((sum, list) => sum + list.length, 0);
    this.size += events.length + dependencies + constraints.length + registers.size;
    return { thread: this.thread.index, events, ...edges, constraints, met, registers, cut };
  }
}

function negate(symbol: SymbolicValue): SymbolicValue {
  return unarySymbol('!', symbol, INT64);
}

/** Adds a constraint to the path; false if it is constantly false or contradicts the others. */
function assume(state: PathState, symbol: SymbolicValue): boolean {
  if (symbol.kind === 'const') return symbol.value !== 0;
  const known = decided(state, symbol);
  if (known !== undefined) return known;
  state.constraints.push(symbol);
  state.met.push(state.events.length);
  return true;
}

/**
 * All traces of all threads. Registers that the condition, filter or `locations` observe count as used at the end.
 *
 * Traces come in a defined order: for each fork, the taken or successful side first.
 */
export function unfoldProgram(program: Program, options: UnfoldOptions = defaultUnfoldOptions): Unfolded {
  let limit: string | null = null;
  const ownPicks = program.dialect === 'arm64';
  const threads = program.threads.map((thread): UnfoldedThread => {
    const observed = program.observed.flatMap((o) =>
      o.kind === 'register' && o.thread === thread.index ? [o.name] : [],
    );
    const unfolder = new ThreadUnfolder(thread, options, ownPicks, new Set(observed));
    const initialRegisters = new Map(thread.registers.map((r) => [r.name, r.initial]));
    unfolder.run(initialRegisters);
    limit ??= unfolder.limit;
    const hasAlternatives = thread.code.some((i) => i.kind === 'rmw' && i.swap !== undefined);
    const { traces } = unfolder;
    return {
      thread: thread.index,
      initialRegisters,
      traces: hasAlternatives && options.alternatives !== 'all' ? withoutDominated(traces) : traces,
    };
  });
  return { threads, limit };
}
