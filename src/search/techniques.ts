/**
 * What makes the search fast, by name. Each technique is a file of this folder with its argument for soundness; each can be
 * switched off, which changes how long a search takes and what it says of candidates, not what it finds.
 *
 * Tests compare every combination with the naive enumerator (oracle/agreement.ts); `fencepost run --no-NAME` is for people who doubt one.
 */
export interface Techniques {
  /** Drops parts of candidates that violate the model for good, and stops judging where nothing can violate it (judge.ts, intervals.ts). */
  readonly bounds: boolean;
  /** Assigns the read with the fewest possible sources first, instead of the first in program order (next-read.ts). */
  readonly constrainedFirst: boolean;
  /** Generates only what is coherent and atomic, where the model demands it (recognise.ts, coherence.ts). */
  readonly coherence: boolean;
  /** Derives coherence edges from each choice of a source at once, and not when all are chosen (forced-edges.ts). */
  readonly forcedEdges: boolean;
  /** Looks for one reads-from map that values and coherence allow before the model is made ready for a choice of paths (reads-from.ts). */
  readonly trial: boolean;
  /** Leaves out what can only end in outcomes that are known (possible-finals.ts, endings.ts); outcome and verdict mode. */
  readonly memo: boolean;
  /** Counts the orders that nothing distinguishes instead of making them (count-orders.ts); count mode. */
  readonly countOrders: boolean;
  /** Examines one of the executions that differ by the names of threads and locations only (symmetry.ts, symmetry-orbit.ts). */
  readonly symmetry: boolean;
  /** Leaves out of the model what is empty or certain in the test (specialise.ts). */
  readonly specialise: boolean;
  /** Runs the model as generated code instead of closures, where code may be generated (generate.ts). */
  readonly codegen: boolean;
}

export const allTechniques: Techniques = {
  bounds: true,
  constrainedFirst: true,
  coherence: true,
  forcedEdges: true,
  trial: true,
  memo: true,
  countOrders: true,
  symmetry: true,
  specialise: true,
  codegen: true,
};

export const techniqueNames = Object.keys(allTechniques) as readonly (keyof Techniques)[];
