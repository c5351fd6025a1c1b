/**
 * A place of a test that orders memory, and what may stand there instead: the data of barriers, repair, and of what mutates tests.
 *
 * Made from the syntax tree by c-sites.ts, sketch-sites.ts and asm-sites.ts; nothing here is about a model. What a site may become
 * keeps what the program computes: values, addresses, branches and loops. Only order and atomicity are at stake.
 */
import type { Span } from '../text/source.js';
import type { TextEdit } from './text-edit.js';

/** One thing that may be written instead. */
export interface Change {
  /** What stands there then, for people: `smp_wmb()`, `READ_ONCE()`; null for nothing at all. */
  readonly to: string | null;
  readonly edits: readonly TextEdit[];
  /** The access is then plain, which is a question of data races, too. */
  readonly plain?: true;
}

export interface Site {
  /** The thread, or the function, that it stands in. */
  readonly thread: string;
  /** The first of its statements. */
  readonly span: Span;
  /** That statement on one line. */
  readonly statement: string;
  /** The primitive, for people: `smp_mb()`, `spin_lock() ... spin_unlock()`. */
  readonly primitive: string;
  /** What else belongs to it: the ends of a critical section. */
  readonly ends: readonly Span[];
  /**
   * What is weaker, from the strongest to the weakest: the last one is weaker than all others. Empty if there is nothing weaker
   * that does the same.
   */
  readonly weaker: readonly Change[];
}
