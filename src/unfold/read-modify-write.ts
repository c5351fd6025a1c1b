/**
 * The ways in which a read-modify-write may go, each as a path of its own: it succeeds, or it fails, or it must wait.
 *
 * Arm's compare-and-swap has more of them, with the same values and other dependencies (Arm ARM C6.2, CAS; B2.3, pick
 * dependencies; herd's semantics of CAS shows the same alternatives in its counts):
 *  it succeeds and keeps the register that it compared, or gets the equal value from memory;
 *  it fails and the result depends on the value read, or also, by a pick, on what was compared; or it fails and writes
 *  back what it read, which is then a write like any other.
 */
import type { Expr, RmwInstruction } from '../program/ir.js';
import { INT32, INT64 } from '../program/value.js';
import {
  allReads,
  type Cell,
  cloneState,
  emitFence,
  emitRead,
  emitWrite,
  evaluate,
  joinAccess,
  keptValue,
  merge,
  type PathState,
  readCell,
} from './state.js';
import { binarySymbol, constant, type SymbolicValue, unarySymbol } from './symbol.js';

/**
 * Which ways of a compare-and-swap are wanted. `least-dependent` leaves out those that order more than another with the same
 * events and values: what they allow, the others allow, under any model in which dependencies only forbid. `weakest` leaves out a
 * failed one's write of the old value, too: for models under which a write of the value that is there already changes nothing.
 */
export type Alternatives = 'all' | 'least-dependent' | 'weakest';

type Success = 'read' | 'kept';
type Failure = 'read' | 'compared' | 'written';

/** What a half of a pair has of its own. */
type Parts = Pick<RmwInstruction, 'address' | 'when' | 'update' | 'dst'>;

/** One access of the instruction: it has one, or two if it is a pair. */
interface Half {
  readonly address: Cell;
  readonly old: Cell;
  readonly succeeds: Cell | null;
  readonly update: Cell;
  readonly result: Cell;
  readonly failed: Cell | null;
  readonly expected: Cell | null;
  readonly dst: string | null;
}

export class ReadModifyWrite {
  /** Fences around one that succeeds come first, so its reads have other numbers than those of one that fails. */
  private readonly succeeding: readonly Half[];
  private readonly failing: readonly Half[];

  /** `state` is the path up to the instruction. */
  constructor(
    private readonly state: PathState,
    private readonly instruction: RmwInstruction,
  ) {
    this.failing = this.halvesFrom(state.events.length);
    this.succeeding =
      instruction.fences === undefined ? this.failing : this.halvesFrom(state.events.length + 1);
  }

  private halvesFrom(event: number): readonly Half[] {
    const { result, fail, swap } = this.instruction;
    const half = (parts: Parts, index: number, expected: Expr | undefined): Half => {
      const old = readCell(event + index);
      const value = (expr: Expr): Cell => evaluate(this.state, expr, old);
      return {
        address: evaluate(this.state, parts.address),
        old,
        succeeds: parts.when === null ? null : value(parts.when),
        update: value(parts.update),
        result: value(result),
        failed: fail === null ? null : value(fail.result),
        expected: expected === undefined ? null : evaluate(this.state, expected),
        dst: parts.dst,
      };
    };
    const main = half(this.instruction, 0, swap?.expected);
    const second = swap?.second;
    return second === undefined ? [main] : [main, half(second, 1, second.expected)];
  }

  /**
   * The paths after it, successes first; `inLoop` and `alternatives` are about compare-and-swaps. The path up to it is not used
   * any more.
   */
  paths(alternatives: Alternatives, inLoop: boolean, assume: Assume): readonly PathState[] {
    const ways = [
      ...this.successes(alternatives).map((way) => (path: PathState) => this.succeed(path, way, assume)),
      ...this.failures(alternatives, inLoop).map((way) => (path: PathState) => this.fail(path, way, assume)),
    ];
    const states = ways.map((_, index) => (index === ways.length - 1 ? this.state : cloneState(this.state)));
    return states.filter((path, index) => ways[index]!(path));
  }

  private successes(alternatives: Alternatives): readonly Success[] {
    const { swap } = this.instruction;
    if (swap === undefined) return ['read'];
    // What is kept depends on the register, what is read does not.
    const dependent = this.succeeding.some(({ expected }) => allReads(expected!).length > 0);
    return alternatives !== 'all' && !dependent ? ['kept'] : ['kept', 'read'];
  }

  /** In a loop, writing back would make an attempt that failed one that did something, and the loop endless. */
  private failures(alternatives: Alternatives, inLoop: boolean): readonly Failure[] {
    const { swap, fail } = this.instruction;
    if (fail === null) return [];
    if (swap === undefined || alternatives === 'weakest') return ['read'];
    return [
      'read',
      ...(alternatives === 'all' ? (['compared'] as const) : []),
      ...(inLoop ? [] : (['written'] as const)),
    ];
  }

  /** The reads that the comparisons need, without that of `but`. */
  private compared(halves: readonly Half[], but: Half | null): readonly number[] {
    const own = but === null ? [] : but.old.reads;
    const all = merge(...halves.map(({ succeeds }) => (succeeds === null ? [] : allReads(succeeds))));
    return all.filter((read) => !own.includes(read));
  }

  private succeed(path: PathState, way: Success, assume: Assume): boolean {
    const { readTags, fences, swap } = this.instruction;
    const halves = this.succeeding;
    if (fences !== undefined) emitFence(path, this.instruction, fences, null);
    if (!assume(path, conditionOf(halves))) return false;
    const reads = this.read(path, halves, readTags);
    this.write(path, halves, reads, (half) =>
      swap === undefined
        ? half.update
        : { ...half.update, picks: merge(half.update.picks, this.compared(halves, half)) },
    );
    if (fences !== undefined) emitFence(path, this.instruction, fences, null);
    for (const half of halves) {
      const { result, expected } = half;
      const isKept = way === 'kept' && expected !== null;
      this.assign(path, half, isKept ? keptValue(result, expected, this.compared(halves, null)) : result);
    }
    path.pc++;
    return true;
  }

  private fail(path: PathState, way: Failure, assume: Assume): boolean {
    const halves = this.failing;
    if (!assume(path, unarySymbol('!', conditionOf(halves), INT64))) return false;
    const { tags } = this.instruction.fail!;
    const reads = this.read(path, halves, way === 'written' ? tags : failedTags(tags));
    if (way === 'written')
      this.write(path, halves, reads, (half) => ({ ...half.old, picks: this.compared(halves, half) }));
    for (const half of halves) {
      const value = half.failed!;
      const picks = way === 'read' ? value.picks : merge(value.picks, this.compared(halves, half));
      this.assign(path, half, { ...value, picks });
    }
    path.pc++;
    return true;
  }

  private read(path: PathState, halves: readonly Half[], tags: readonly string[]): readonly number[] {
    const { type } = this.instruction;
    const reads: number[] = [];
    for (const { address } of halves) {
      const beside = reads[0] ?? null;
      const read = emitRead(path, this.instruction, address, type, tags, beside);
      if (beside !== null) joinAccess(path, beside, read);
      reads.push(read);
    }
    return reads;
  }

  private write(
    path: PathState,
    halves: readonly Half[],
    reads: readonly number[],
    written: (half: Half) => Cell,
  ): void {
    const { type, writeTags } = this.instruction;
    const writes: number[] = [];
    for (const half of halves) {
      const beside = writes[0] ?? null;
      const { address } = half;
      const at = emitWrite(path, this.instruction, address, written(half), type, writeTags, beside);
      if (beside !== null) joinAccess(path, beside, at);
      path.edges.amo.push([reads[writes.length]!, at]);
      writes.push(at);
    }
  }

  private assign(path: PathState, { dst }: Half, value: Cell): void {
    if (dst !== null) path.registers.set(dst, value);
  }
}

/** Whether it succeeds: 0 or 1, or anything else that a single condition says. */
function conditionOf(halves: readonly Half[]): SymbolicValue {
  const conditions = halves.map(({ succeeds }) => succeeds?.symbol ?? constant(1));
  return conditions.reduce((all, one) => binarySymbol('&', all, one, INT32));
}

/** Adds a condition to a path; false if it cannot hold. */
type Assume = (path: PathState, condition: SymbolicValue) => boolean;

/**
 * A failed read-modify-write is still one: smp_mb__before_atomic() and smp_mb__after_atomic() order it. A failed trylock (LF)
 * is no atomic operation in the kernel's model.
 */
function failedTags(tags: readonly string[]): readonly string[] {
  return tags.includes('LF') || tags.includes('RMW') ? tags : [...tags, 'RMW'];
}
