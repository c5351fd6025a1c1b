/**
 * What the final state of a candidate may be, as far as a part of it tells: values of reads, and an order forced on writes.
 *
 * Sound: a register's final value is an expression of reads of its thread, and a location's is the value of a write of it that
 * nothing is forced after. So a part all of whose possible final states are known (or not asked for) need not be completed,
 * if what completes it may not be without a value: that would be told (values-exist.ts).
 */
import type { Value } from '../program/value.js';
import { collectReads, evaluateSymbol, NO_VALUE, type SymbolicValue } from '../unfold/symbol.js';
import type { Trace } from '../unfold/trace.js';
import type { ForcedOrder } from './coherence.js';
import { initialValue, type Skeleton } from './skeleton.js';

/** Values of Program.observed; undefined: not known yet. */
export type OpenFinals = (Value | undefined)[];

/** Final states that are tried one by one. */
const MOST = 64;

interface FinalRegister {
  readonly symbol: SymbolicValue;
  readonly offset: number;
}

/** A location that threads may write to, at one place of Program.observed. */
interface FinalLocation {
  readonly index: number;
  readonly writes: readonly number[];
}

export class PossibleFinals {
  private readonly registers: readonly (FinalRegister | null)[];
  private readonly locations: readonly FinalLocation[];

  constructor(private readonly skeleton: Skeleton) {
    const { program, traces, offset, writes, location } = skeleton;
    this.registers = program.observed.map((o) => {
      if (o.kind === 'location') return null;
      const symbol = (traces[o.thread] as Trace).registers.get(o.name);
      return { symbol: symbol ?? { kind: 'const', value: 0 }, offset: offset[o.thread]! };
    });
    this.locations = program.observed.flatMap((o, index) =>
      o.kind === 'location' && skeleton.initialWriteOf.has(o.location.index)
        ? [{ index, writes: writes.filter((write) => location[write] === o.location.index) }]
        : [],
    );
  }

  /** The reads that final values of registers are made of. */
  get reads(): ReadonlySet<number> {
    const reads = new Set<number>();
    for (const register of this.registers) {
      const own = new Set<number>();
      if (register !== null) collectReads(register.symbol, own);
      for (const read of own) reads.add(read + register!.offset);
    }
    return reads;
  }

  /** The final values of registers (undefined: not known, or none), and of locations that no event accesses. */
  known(values: readonly (Value | undefined)[]): OpenFinals {
    const { program, initialWriteOf } = this.skeleton;
    return this.registers.map((register, index) => {
      const observed = program.observed[index]!;
      if (register !== null) {
        const value = evaluateSymbol(register.symbol, values, register.offset);
        return value === NO_VALUE ? undefined : value;
      }
      if (observed.kind !== 'location' || initialWriteOf.has(observed.location.index)) return undefined;
      return observed.location.initial;
    });
  }

  /** The place of a register that has no final value although all reads are known; -1 if there is none. */
  missing(known: OpenFinals): number {
    return known.findIndex((value, index) => value === undefined && this.registers[index] !== null);
  }

  /**
   * Whether `isWanted` of some final state that may be reached (undefined: open). `order` is what is forced on writes so far;
   * null: not known, as where addresses are open.
   */
  some(
    values: readonly (Value | undefined)[],
    order: ForcedOrder | null,
    isWanted: (finals: Readonly<OpenFinals>) => boolean,
  ): boolean {
    const finals = this.known(values);
    if (order === null || this.locations.length === 0) return isWanted(finals);
    // Most often a register is open, and then all is wanted.
    if (isWanted(finals) && this.missing(finals) >= 0) return true;
    let product = 1;
    const open: { readonly index: number; readonly values: readonly Value[] }[] = [];
    for (const { index, writes } of this.locations) {
      const possible = this.lastValues(writes, values, order);
      if (possible === null || product * possible.length > MOST) continue;
      product *= possible.length;
      open.push({ index, values: possible });
    }
    const isReachable = (from: number): boolean => {
      const next = open[from];
      if (next === undefined) return isWanted(finals);
      return next.values.some((value) => {
        finals[next.index] = value;
        return isReachable(from + 1);
      });
    };
    return isReachable(0);
  }

  /** The values of the writes that nothing is forced after; null if one is not known. */
  private lastValues(
    writes: readonly number[],
    values: readonly (Value | undefined)[],
    order: ForcedOrder,
  ): readonly Value[] | null {
    const possible: Value[] = [];
    for (const write of writes) {
      if (order.hasAfter(write)) continue;
      const value = this.valueOf(write, values);
      if (value === undefined || value === NO_VALUE) return null;
      if (!possible.includes(value)) possible.push(value);
    }
    return possible;
  }

  private valueOf(
    write: number,
    values: readonly (Value | undefined)[],
  ): Value | undefined | typeof NO_VALUE {
    const { source, thread, offset } = this.skeleton;
    const of = source[write];
    if (of == null) return initialValue(this.skeleton, write);
    return evaluateSymbol(of.value!, values, offset[thread[write]!]!);
  }
}
