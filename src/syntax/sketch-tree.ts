/**
 * Syntax tree of sketches: the two-column notation of kernel mailing lists, as a litmus file.
 *
 * Expressions are C's (c-tree.ts). `->field`, the field of the one shared object that a sketch does not name, is a
 * `field` node whose object is a `name` node with the empty name; it occurs in sketches only.
 */
import type { Span } from '../text/source.js';
import type { CBinaryOp, CExpression, CStatement } from './c-tree.js';
import type { LitmusFrame } from './condition-tree.js';

/** The suffix of `[R.acq]`; null where none is written: an ordinary marked access. `full`: fully ordered. */
export type SketchOrder = 'acquire' | 'release' | 'relaxed' | 'full' | null;

export interface SketchRegister {
  readonly name: string;
  readonly span: Span;
}

export type SketchStatement =
  /** `LOCK p->lock`; without a lock (null) it is an ordering only: acquire for LOCK and ACQUIRE, release for the others. */
  | {
      readonly kind: 'lock';
      readonly word: 'LOCK' | 'UNLOCK' | 'ACQUIRE' | 'RELEASE';
      /** The lock itself, without a leading `&`. */
      readonly lock: CExpression | null;
      readonly span: Span;
    }
  | { readonly kind: 'fence'; readonly word: 'MB' | 'RMB' | 'WMB'; readonly span: Span }
  /** `r1 = [R] p->__state`, `[R] r1 = p->__state`, `[R] ->__state` (the value is dropped). */
  | {
      readonly kind: 'read';
      readonly order: SketchOrder;
      readonly result: SketchRegister | null;
      readonly place: CExpression;
      readonly span: Span;
    }
  /** `[W] p->blocked_on = lock`. */
  | {
      readonly kind: 'write';
      readonly order: SketchOrder;
      readonly place: CExpression;
      readonly value: CExpression;
      readonly span: Span;
    }
  /**
   * `r1 = [RMW] p->x = 2` (exchange, op null), `[RMW] p->x += 1`, `[RMW] p->x++`. The result is the value that was read, before
   * the update.
   */
  | {
      readonly kind: 'rmw';
      readonly order: SketchOrder;
      readonly result: SketchRegister | null;
      readonly place: CExpression;
      readonly op: CBinaryOp | null;
      readonly value: CExpression;
      readonly span: Span;
    }
  /** `if (r1) [W] x = 1`: the rest of the cell, or the C block, under a condition. */
  | {
      readonly kind: 'if';
      readonly condition: CExpression;
      readonly then: SketchStatement;
      readonly span: Span;
    }
  /** Any other cell is a C statement: `r2 = r1 + 1`, `smp_mb()`, `WRITE_ONCE(p->x, 1)`. */
  | { readonly kind: 'c'; readonly statement: CStatement; readonly span: Span };

/** One column. */
export interface SketchThread {
  /** `CPU0`. */
  readonly name: string;
  readonly nameSpan: Span;
  /** What it runs, as in `CPU0 (__mutex_lock_common)`; null if the header does not say. */
  readonly label: string | null;
  /** From top to bottom; empty cells are left out. */
  readonly statements: readonly SketchStatement[];
  readonly span: Span;
}

export interface SketchLitmus extends LitmusFrame {
  readonly dialect: 'Sketch';
  readonly threads: readonly SketchThread[];
}
