/**
 * How much of a search is done, as an estimate: the share of the search tree that is left behind.
 *
 * The search is a tree of choices: a trace for each thread, a source for each read, a place in coherence for each write. The
 * children of a node are taken for equal parts of it, so that the share is the sum, over the levels of the path that the search
 * stands on, of what lies before it. It never falls; a part that is left out at once counts as done. Trees lean to one side, so that
 * it may be wrong by a factor of some units. Nothing is decided by it.
 */
export class SearchProgress {
  /** Estimated share of the search that is done, from 0 to 1. */
  share = 0;
  /** By level: where the node of the path begins, and its share of the whole. */
  private readonly from: number[] = [0];
  private readonly width: number[] = [1];

  /** The search enters child `index` of `count` (or more: an estimate) of the node at `level`, the root's being 0. */
  enter(level: number, index: number, count: number): void {
    const width = this.width[level]! / count;
    const from = this.from[level]! + Math.min(index, count - 1) * width;
    this.from[level + 1] = from;
    this.width[level + 1] = width;
    this.share = from;
  }

  /** What is searched from here on, down from `level`, is no part of the estimate. */
  hold(level: number): void {
    for (let above = 1; above <= level; above++) {
      this.from[above] = this.share;
      this.width[above] = 0;
    }
  }
}
