/**
 * An execution as a picture, before any drawing: columns of nodes and named edges between them.
 *
 * Plain data between `from-execution.ts` and the back ends (`dot.ts`, `text.ts`). Node ids are stable names (`a`, `f0`,
 * `i0`); columns list their nodes in program order; edges are in drawing order. Nothing here says how wide, where or in
 * which file.
 */
import type { EdgeKind } from '../explain/cycle.js';

/**
 *  access   a read, a write, or a read-modify-write as one
 *  lock, unlock   an acquisition or release of a spinlock, as one
 *  fence    a fence, small
 *  initial  the initial write of a location, above the columns
 */
export type NodeKind = 'access' | 'lock' | 'unlock' | 'fence' | 'initial';

export interface GraphNode {
  readonly id: string;
  /**
   * The same in every execution of the program for the same statement (of a loop: the same round), and no other node's: letters,
   * digits and `_`.
   */
  readonly key: string;
  readonly kind: NodeKind;
  /** Index in `columns`; null for initial writes. */
  readonly column: number | null;
  /** The letter that texts refer to; null for fences and initial writes. */
  readonly letter: string | null;
  /** The statement as written: `WRITE_ONCE(p->blocked_on, 1)`; null for initial writes. */
  readonly statement: string | null;
  /** What happens: `Wonce p->blocked_on = 1`, `LOCK p->blocked_lock`, `smp_wmb`. */
  readonly event: string;
  /** The instruction that a lowered statement became; null otherwise. */
  readonly instruction: string | null;
  /** One-based line of the statement; null for initial writes. */
  readonly line: number | null;
  /** The execution's events that this node stands for. */
  readonly events: readonly number[];
  /** Part of the cycle. */
  readonly highlighted: boolean;
}

/** Why an edge is drawn: a pair of events of a relation, by its name (`rf`, `po`, `ppo`). */
export interface EdgeFact {
  readonly relation: string;
  readonly from: number;
  readonly to: number;
  /** Which of the highlighted cycle's edges it belongs to; null: none. An edge past a fence is drawn as two. */
  readonly cycleEdge: number | null;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** At least one. */
  readonly facts: readonly EdgeFact[];
  /** Null: unlabelled (program order between neighbours). */
  readonly label: string | null;
  /** Part of the cycle. */
  readonly highlighted: boolean;
}

export interface GraphColumn {
  /** `P0`, `CPU1`. */
  readonly title: string;
  /** What the thread runs; null if the test does not say. */
  readonly subtitle: string | null;
  /** Ids of its nodes, in program order. */
  readonly nodes: readonly string[];
}

/** What the picture is of. */
export interface Caption {
  readonly test: string;
  readonly model: string;
  /** `allowed`, `forbidden`, or a verdict word. */
  readonly verdict: string;
}

export interface GraphModel {
  readonly caption: Caption;
  /** The final state: `1:r0=1; 1:r1=0`. */
  readonly state: string;
  /** For a forbidden execution, the check and its cycle in words: `happens-before: b smp_wmb c, c rf e`; else null. */
  readonly argument: string | null;
  readonly columns: readonly GraphColumn[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
