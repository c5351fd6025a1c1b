/**
 * Forced edges: the coherence edges that follow from each choice of a source, and which sources they leave.
 *
 * Sound: under a model that is recognised to demand coherence or atomicity, every candidate that lacks one of these edges violates a
 * mandatory check (coherence.ts has the rules). So a choice that closes a cycle has no allowed completion, nor a source that would.
 */
import { applyPins, type ForcedOrder, type Pin } from './coherence.js';
import type { Recognised } from './recognise.js';
import type { Skeleton } from './skeleton.js';
import type { Orbit } from './symmetry-orbit.js';

/** Reads-from as far as it is chosen. The arrays change under the search. */
export interface Chosen {
  /** By event: the write that a read reads, else -1. */
  readonly source: Int32Array;
  /** By event: location index. */
  readonly location: Int32Array;
}

export class ForcedEdges {
  /** Of the read-modify-writes whose sources are chosen. */
  readonly pins: Pin[] = [];
  private readonly source: Int32Array;
  private readonly location: Int32Array;
  private readonly writesAt: readonly (readonly number[])[];

  constructor(
    private readonly skeleton: Skeleton,
    private readonly recognised: Recognised,
    private readonly orbit: Orbit | null,
    { source, location }: Chosen,
  ) {
    this.source = source;
    this.location = location;
    const { program, writes } = skeleton;
    this.writesAt = program.locations.map((l) =>
      writes.filter((write) => skeleton.location[write] === l.index),
    );
  }

  /** Whether nothing that is forced so far forbids that the read reads from the write. */
  isViable(read: number, write: number, order: ForcedOrder): boolean {
    const at = this.location[read]!;
    if (this.isInterrupted(read, write, order)) return false;
    if (!this.recognised.coherent) return true;
    const { thread, offset, traces, source } = this.skeleton;
    const start = offset[thread[read]!]!;
    const end = start + traces[thread[read]!]!.events.length;
    for (let e = start; e < end; e++) {
      if (this.location[e] !== at || e === read) continue;
      const other = source[e]!.kind === 'write' ? e : this.source[e]!;
      if (other < 0 || other === write) {
        if (e > read && other === write && source[e]!.kind === 'write') return false;
        continue;
      }
      if (e < read ? order.before(write, other) : order.before(other, write)) return false;
    }
    return true;
  }

  /** Whether a write is known to come between a write and the read-modify-write that is to read from it. */
  private isInterrupted(read: number, write: number, order: ForcedOrder): boolean {
    const updated = this.skeleton.rmwWrite[read]!;
    if (this.recognised.atomicity === 'none' || updated < 0) return false;
    const pin = { from: write, write: updated, thread: this.skeleton.thread[read]! };
    return this.writesAt[this.location[updated]!]!.some(
      (other) => order.before(write, other) && order.before(other, updated) && !this.mayIntervene(pin, other),
    );
  }

  /**
   * The order among writes that holds before any read is assigned. The last write first: then the first pair of a write implies
   * its others by transitivity, which costs n^2 for n writes of a thread instead of n^3.
   */
  orderWrites(order: ForcedOrder): boolean {
    const { writes, inits, thread } = this.skeleton;
    for (let i = writes.length - 1; i >= 0; i--) {
      const a = writes[i]!;
      for (const b of writes) {
        if (a === b || this.location[a] !== this.location[b] || this.location[a]! < 0) continue;
        const first = a < inits || (this.recognised.coherent && thread[a] === thread[b] && a < b);
        if (first && !order.add(a, b)) return false;
      }
    }
    return this.orbit === null || this.orbit.orderWrites(order);
  }

  /** Adds what the choice of one read forces; false on a contradiction. */
  orderRead(order: ForcedOrder, read: number, write: number): boolean {
    if (this.recognised.coherent && !this.orderByCoherence(order, read, write)) return false;
    const updated = this.skeleton.rmwWrite[read]!;
    if (this.recognised.atomicity !== 'none' && updated >= 0)
      this.pins.push({ from: write, write: updated, thread: this.skeleton.thread[read]! });
    return this.pins.length === 0 || applyPins(order, this.pins, this.writesOfPin, this.mayIntervene);
  }

  private orderByCoherence(order: ForcedOrder, read: number, write: number): boolean {
    const { thread, offset, traces, source } = this.skeleton;
    const start = offset[thread[read]!]!;
    const end = start + traces[thread[read]!]!.events.length;
    for (let e = start; e < end; e++) {
      if (e === read || this.location[e] !== this.location[read]) continue;
      const isWrite = source[e]!.kind === 'write';
      const other = isWrite ? e : this.source[e]!;
      if (isWrite && e > read && other === write) return false;
      if (other < 0 || other === write) continue;
      if (!(e < read ? order.add(other, write) : order.add(write, other))) return false;
    }
    return true;
  }

  readonly writesOfPin = (pin: Pin): readonly number[] => {
    const at = this.location[pin.write]!;
    return this.skeleton.resolved
      ? this.writesAt[at]!
      : this.skeleton.writes.filter((w) => this.location[w] === at);
  };

  readonly mayIntervene = (pin: Pin, write: number): boolean =>
    this.recognised.atomicity === 'other-threads' && this.skeleton.thread[write] === pin.thread;
}
