/** What the parts of a thread's lowering share: the code so far, names in scope, and the evaluation of expressions. */

import type { Expr } from '../program/ir.js';
import type { IntType } from '../program/value.js';
import type { CExpression } from '../syntax/c-tree.js';
import type { Diagnostic } from '../text/diagnostic.js';
import type { Conversions } from './c-conversions.js';
import type { FunctionCalls } from './c-functions.js';
import type { MemoryAccess } from './c-memory.js';
import type { Scope } from './c-scope.js';
import type { CType } from './c-type.js';
import type { Typed } from './c-values.js';
import type { CodeBuilder, Label } from './code-builder.js';
import type { Local, Locals } from './locals.js';
import type { PrimitiveTable } from './primitive-table.js';
import type { SharedObjects } from './shared-objects.js';

/** The memory that a pointer points to. */
export interface Memory {
  readonly kind: 'memory';
  readonly pointer: Typed;
  readonly type: CType;
}

/** What can be read and written. */
export type Place = { readonly kind: 'local'; readonly local: Local } | Memory;

/** An access to memory: its C type, and how the cell is stored. */
export interface Access {
  readonly address: Expr;
  readonly type: CType;
  readonly storage: IntType;
}

/** Where a call may leave its result: in a local, anywhere (null), or nobody wants it. */
export type Wanted = Local | null | 'nothing';

export interface Evaluator {
  readonly code: CodeBuilder;
  readonly scope: Scope;
  readonly locals: Locals;
  readonly objects: SharedObjects;
  readonly memory: MemoryAccess;
  readonly conversions: Conversions;
  readonly primitives: PrimitiveTable;
  readonly calls: FunctionCalls;
  readonly report: (diagnostic: Diagnostic) => void;
  /** The value; emits what it takes to get it. A call may leave its result in `wanted`, if that has the type for it. */
  value(tree: CExpression, wanted?: Wanted): Typed;
  /** A value that stays as it is while `next` is evaluated. */
  held(value: Typed, next: CExpression): Typed;
  /** Null after a report. */
  place(tree: CExpression): Place | null;
  /** Jumps to `target` if the expression is (or is not) true, else goes on. */
  jumpIf(tree: CExpression, wanted: boolean, target: Label, end?: Label | null): void;
}
