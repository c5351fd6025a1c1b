/**
 * Which read is assigned next: the most constrained one, among those whose past is chosen; before them, where that is asked for, those
 * that registers end with: then one execution of each final state is looked for, and not all that differ in other reads.
 *
 * Sound whatever it says: every open read is assigned on each path, and each with all its sources; only the order differs. (Choosing
 * the variable with the fewest values left: Haralick and Elliott, Increasing tree search efficiency for constraint
 * satisfaction problems, 1980.)
 */
import type { ForcedOrder } from './coherence.js';
import { isFaulty } from './faulty-places.js';
import type { Chosen } from './forced-edges.js';
import { type Skeleton, UNRESOLVED } from './skeleton.js';

/** What is chosen instead of a read. */
export const DEAD_END = -1;
export const NONE_LEFT = -2;
/** Greater than every event. */
const NO_EVENT = 0x7fffffff;

export class NextRead {
  /** How many sources the read has that was chosen last, about; for the estimate of what is done. */
  viable = 1;
  private readonly source: Int32Array;
  private readonly location: Int32Array;
  /** By thread: its first open read, or NO_EVENT. */
  private readonly firstOpen: Int32Array;

  constructor(
    private readonly skeleton: Skeleton,
    { source, location }: Chosen,
    private readonly candidates: readonly (readonly number[])[],
    private readonly isViable: (read: number, write: number, order: ForcedOrder) => boolean,
    private readonly constrainedFirst: boolean,
    /** Reads that go before others whose past is chosen. */
    private readonly first: ReadonlySet<number>,
  ) {
    this.source = source;
    this.location = location;
    this.firstOpen = new Int32Array(skeleton.program.threads.length);
  }

  /**
   * The open read with the fewest viable writes (or just the first); DEAD_END if one has none. Those go first whose past is all
   * chosen: then what they may read is known, and a wrong choice shows at once. Reads of unknown address come last; faulty
   * ones read nothing, so that NONE_LEFT may come before all are assigned.
   */
  choose(order: ForcedOrder): number {
    const { constrainedFirst, candidates } = this;
    const { n, reads } = this.skeleton;
    if (constrainedFirst) this.findOpen();
    let best = NONE_LEFT;
    let [bestRank, bestCount] = [Number.POSITIVE_INFINITY, 1];
    for (const read of reads) {
      if (this.source[read] !== -1 || isFaulty(this.location[read]!)) continue;
      const isLate = this.location[read] === UNRESOLVED || (constrainedFirst && !this.isNext(read));
      const isFirst = !isLate && constrainedFirst && this.first.has(read);
      const most = isLate ? bestRank - n : isFirst ? bestRank + n : bestRank;
      let count = 0;
      for (const write of candidates[read]!) {
        if (!this.isViable(read, write, order)) continue;
        // two tell that it is not forced
        if (++count >= most && count > 1) break;
      }
      if (count === 0) return DEAD_END;
      const isForced = count === 1 && this.location[read] !== UNRESOLVED;
      const rank = isForced ? Number.NEGATIVE_INFINITY : isLate ? count + n : isFirst ? count - n : count;
      if (rank < bestRank) {
        best = read;
        bestRank = rank;
        bestCount = count;
        if (isForced || (!constrainedFirst && this.location[read] !== UNRESOLVED)) break;
      }
    }
    if (best >= 0) this.viable = Math.min(bestCount, candidates[best]!.length);
    return best;
  }

  /** Finds the first open read of each thread. */
  private findOpen(): void {
    const { reads, thread } = this.skeleton;
    this.firstOpen.fill(NO_EVENT);
    for (const read of reads) {
      const t = thread[read]!;
      if (this.source[read] === -1 && read < this.firstOpen[t]!) this.firstOpen[t] = read;
    }
  }

  /** Whether all reads before it are assigned: in its thread, and in other threads before the writes that its thread has read from. */
  private isNext(read: number): boolean {
    const { thread, offset } = this.skeleton;
    const t = thread[read]!;
    if (this.firstOpen[t] !== read) return false;
    for (let event = offset[t]!; event < read; event++) {
      const write = this.source[event]!;
      if (write < 0 || thread[write]! < 0) continue;
      if (write > this.firstOpen[thread[write]!]!) return false;
    }
    return true;
  }
}
