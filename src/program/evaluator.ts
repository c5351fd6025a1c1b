/** What the parts of a thread's lowering share: the code so far, names in scope, and the evaluation of expressions. */
import type { CExpression } from '../syntax/c-tree.js';
import type { Diagnostic } from '../text/diagnostic.js';
import type { CType } from './c-type.js';
import type { Typed } from './c-values.js';
import type { CodeBuilder, Label } from './code-builder.js';
import type { Expr } from './ir.js';
import type { Local, Locals } from './locals.js';
import type { SharedObject, SharedObjects } from './shared-objects.js';
import type { IntType } from './value.js';

/** What can be read and written: a local, or the memory that a pointer points to. */
export type Place =
  | { readonly kind: 'local'; readonly local: Local }
  | { readonly kind: 'memory'; readonly pointer: Typed; readonly type: CType };

export type Memory = Place & { readonly kind: 'memory' };

/** Where a call may leave its result: a local, anywhere (null), or nobody wants it. */
export type Wanted = Local | null | 'nothing';

export interface Evaluator {
  readonly code: CodeBuilder;
  readonly locals: Locals;
  readonly objects: SharedObjects;
  readonly report: (diagnostic: Diagnostic) => void;
  /** The value; emits what it takes to get it. A call may leave its result in `wanted`, if that has the type for it. */
  value(tree: CExpression, wanted?: Wanted): Typed;
  /** Null after a report. */
  place(tree: CExpression): Place | null;
  /** A value that is assigned to `type`, converted; reports if it does not fit. */
  fit(value: Typed, type: CType, tree: CExpression): Typed;
  /** Puts a value into a local. */
  assign(local: Local, value: Typed): void;
  /** Jumps to `target` if the expression is (or is not) true, else goes on. */
  jumpIf(tree: CExpression, wanted: boolean, target: Label): void;
  /** The task that runs the thread; null after a report. */
  currentTask(tree: CExpression): SharedObject | null;
  /** Binds `VAL` while `evaluate` runs. */
  withVal<T>(val: Typed, evaluate: () => T): T;
}

/** An access to memory: its C type, and how the cell is stored. */
export interface Access {
  readonly address: Expr;
  readonly type: CType;
  readonly storage: IntType;
}

/** What primitives need beyond that. */
export interface AccessEvaluator extends Evaluator {
  /** Null after a report. Plain accesses of atomics are refused. */
  access(place: Memory, tree: CExpression, plain?: boolean): Access | null;
  load(
    place: Memory,
    tree: CExpression,
    tags: readonly string[],
    primitive: string | null,
    wanted: Wanted,
  ): Typed;
  /** Where a result of this type goes: the wanted register if it can take the value, null if nobody wants it. */
  destination(from: CType, wanted: Wanted): { readonly dst: string | null; readonly type: CType };
  /** The value of what `destination` chose. */
  resultIn(destination: { readonly dst: string | null; readonly type: CType }): Typed;
}
