/**
 * Thread traces: one control-flow path of a thread, executed symbolically.
 *
 * Events are numbered from 0 in program order within the trace. A trace is feasible under an assignment of its reads iff
 * every constraint evaluates to non-zero and every address to a location.
 */
import type { SourceRef } from '../program/ir.js';
import type { IntType, Value } from '../program/value.js';
import type { SymbolicValue } from './symbol.js';

export interface TraceEvent {
  readonly kind: 'read' | 'write' | 'fence';
  /** Null for fences, but those about an object: synchronize_srcu(&s). */
  readonly address: SymbolicValue | null;
  /** What a write stores; for a read, the read itself; null for fences. */
  readonly value: SymbolicValue | null;
  readonly type: IntType | null;
  readonly tags: readonly string[];
  readonly source: SourceRef;
  /** Index in the thread's code. */
  readonly instruction: number;
  /**
   * The earlier event of the same instruction that is not before this one in program order: the other half of a pair of
   * loads or stores. Absent: none.
   */
  readonly beside?: number;
}

/** An edge between two events of the trace. */
export type TraceEdge = readonly [from: number, to: number];

export interface Trace {
  readonly thread: number;
  readonly events: readonly TraceEvent[];
  /** Dependencies from reads: into addresses, stored values, and by control. */
  readonly addr: readonly TraceEdge[];
  readonly data: readonly TraceEdge[];
  readonly ctrl: readonly TraceEdge[];
  /** The same through a selection (Arm's pick dependencies); empty for other architectures. */
  readonly pickAddr: readonly TraceEdge[];
  readonly pickData: readonly TraceEdge[];
  readonly pickCtrl: readonly TraceEdge[];
  /** Read and write of one atomic instruction, and of a successful exclusive pair. */
  readonly amo: readonly TraceEdge[];
  readonly lxsx: readonly TraceEdge[];
  /** Different accesses of one instruction that are single-copy atomic together (Arm ARM B2.2.1); both directions. */
  readonly scaClass: readonly TraceEdge[];
  readonly constraints: readonly SymbolicValue[];
  /** By constraint: how many events there were when it was met. */
  readonly met: readonly number[];
  /** Final values of all registers the thread assigned or declared. */
  readonly registers: ReadonlyMap<string, SymbolicValue>;
  /**
   * Null: the path runs to the end of the thread. Else the bound that cut it off: "unroll bound 4 (P1, line 12)". A cut path
   * has no outcome; it tells whether the bound matters, for if no execution can get there, nothing was lost.
   */
  readonly cut: string | null;
}

export interface UnfoldedThread {
  readonly thread: number;
  readonly initialRegisters: ReadonlyMap<string, Value>;
  readonly traces: readonly Trace[];
}

export interface Unfolded {
  readonly threads: readonly UnfoldedThread[];
  /** Null: all paths are there, up to the cut ones. Else why some are not: "more than 50000 paths through P1". */
  readonly limit: string | null;
}
