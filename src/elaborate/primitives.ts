/**
 * What a kernel primitive is: its parameters, its meaning and its ordering tags. The rows are in primitive-rows.ts, atomic-rows.ts and
 * lock-rows.ts, their table in primitive-table.ts; a user's own come from a macro file (def-macros.ts).
 *
 * `primitive` is the name without variants of type or interrupt state, by which lowering finds the instruction.
 */

import type { BinaryOp } from '../program/ir.js';
import type { CExpression } from '../syntax/c-tree.js';

/**
 * What an argument is. `place`: an lvalue (`*x`, `p->f`); `pointer`: the address of a cell; `bits`: that of an `unsigned long`;
 * `lock`: the address of a lock; `domain`: that of a `struct srcu_struct`; `expected`: the address of a local; `flags`: a local;
 * `condition`: an expression over VAL; `lockdep`: what only lockdep looks at, which is not evaluated.
 */
export type Parameter =
  | 'place'
  | 'pointer'
  | 'bits'
  | 'lock'
  | 'domain'
  | 'value'
  | 'expected'
  | 'flags'
  | 'condition'
  | 'lockdep';

export type Order = 'full' | 'acquire' | 'release' | 'relaxed';

/** Tags of the read and the write of a read-modify-write. */
export interface OrderTags {
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Tags of the fences that a successful one has before and after it. */
  readonly fences?: readonly string[];
}

/** What an atomic operation returns: nothing, the old or new value, or a test of the new one. */
export type AtomicResult = 'none' | 'old' | 'new' | 'zero' | 'negative';

export type LockKind = 'spin' | 'mutex' | 'rw' | 'rwsem';

/** Of the old value: equal to the last argument, zero, below or above zero, or so small that the new value is below zero. */
export type AtomicException = 'argument' | 'zero' | 'negative' | 'positive' | 'underflow';

export type Action =
  | { readonly kind: 'load'; readonly tags: readonly string[] }
  /** `barrier`: a full fence follows. */
  | { readonly kind: 'store'; readonly tags: readonly string[]; readonly barrier: boolean }
  /** A store to the state of the current task. */
  | { readonly kind: 'set-state'; readonly barrier: boolean }
  | { readonly kind: 'fence'; readonly tags: readonly string[] }
  | { readonly kind: 'wait'; readonly tags: readonly string[] }
  | {
      readonly kind: 'atomic';
      readonly op: BinaryOp;
      /** The operand is the complement of the argument. */
      readonly complement: boolean;
      /** Null: an argument. */
      readonly operand: number | null;
      readonly result: AtomicResult;
      readonly order: Order | OrderTags;
    }
  | { readonly kind: 'exchange'; readonly order: Order | OrderTags }
  /**
   * `try`: takes the address of the expected value, which a failure updates, and returns whether it succeeded. `wide`: cells of
   * 64 bits only.
   */
  | {
      readonly kind: 'compare';
      readonly order: Order | OrderTags;
      readonly try: boolean;
      readonly wide: boolean;
    }
  /** Adds `operand` (null: an argument) but in one case; returns the old value, the new one, or whether it added. */
  | {
      readonly kind: 'add-unless';
      readonly operand: number | null;
      readonly unless: AtomicException;
      readonly result: 'old' | 'new' | 'done';
      readonly order: Order | OrderTags;
    }
  /** Reads one bit. */
  | { readonly kind: 'test-bit'; readonly tags: readonly string[] }
  /** Changes one bit at once; returns what it was, if anything. `lock`: only a bit that is clear. */
  | {
      readonly kind: 'bit';
      readonly op: BitOp;
      readonly returns: boolean;
      readonly order: Order;
      readonly lock: boolean;
    }
  /** Changes one bit by a read and a write, which others may come between. */
  | {
      readonly kind: 'split-bit';
      readonly op: BitOp;
      readonly returns: boolean;
      readonly read: readonly string[];
      readonly write: readonly string[];
    }
  /** SRCU: a read-side section begins (its value is the index) or ends, or its readers are waited for. */
  | {
      readonly kind: 'srcu';
      readonly step: 'lock' | 'unlock' | 'synchronize';
      readonly tags: readonly string[];
    }
  /** `any`: a spinlock or a mutex. What it returns: nothing, whether it got the lock, or 0 (it is not interrupted). */
  | {
      readonly kind: 'lock';
      readonly lock: 'spin' | 'mutex' | 'any';
      readonly result: 'none' | 'done' | 'zero';
    }
  | { readonly kind: 'unlock'; readonly lock: 'spin' | 'mutex' | 'any' }
  | { readonly kind: 'is-locked'; readonly lock: 'spin' | 'mutex' | 'any' }
  | {
      readonly kind: 'shared-lock';
      readonly lock: 'rw' | 'rwsem';
      readonly side: 'read' | 'write';
      readonly result: 'none' | 'done' | 'zero';
    }
  | { readonly kind: 'shared-unlock'; readonly lock: 'rw' | 'rwsem'; readonly side: 'read' | 'write' }
  /** The machine stops, for this thread: BUG_ON(x) if its argument is true, BUG() always. */
  | { readonly kind: 'stop' }
  /** The value of the argument; `truth`: as 0 or 1. */
  | { readonly kind: 'same'; readonly truth: boolean }
  /** What only checks. */
  | { readonly kind: 'nothing' }
  /** A user's own: its body with the arguments in the place of these parameters. `lock`: of what kind those are that it takes. */
  | {
      readonly kind: 'macro';
      readonly parameters: readonly string[];
      readonly body: MacroMeaning;
      readonly lock: LockKind | 'any';
    }
  | { readonly kind: 'refused'; readonly why: string };

/** Expressions over the parameters' names, which may call what only the macro's table knows. */
export type MacroMeaning =
  | { readonly kind: 'value'; readonly value: CExpression }
  | { readonly kind: 'statements'; readonly statements: readonly CExpression[] };

export type BitOp = 'set' | 'clear' | 'change';

export interface Primitive {
  readonly parameters: readonly Parameter[];
  readonly primitive: string;
  readonly action: Action;
  /** How messages name it; absent: as the call does. */
  readonly shown?: string;
}

/** A primitive as the tables list it; `primitive`: its name without variants, if that is another. */
export type Row = readonly [
  name: string,
  parameters: readonly Parameter[],
  action: Action,
  primitive?: string,
];

export const ONCE: readonly string[] = ['Once'];
export const LOAD_ONCE: Action = { kind: 'load', tags: ONCE };
export const LOAD_ACQUIRE: Action = { kind: 'load', tags: ['Acquire'] };
export const STORE_ONCE: Action = { kind: 'store', tags: ONCE, barrier: false };
export const STORE_RELEASE: Action = { kind: 'store', tags: ['Release'], barrier: false };

/** The orders that the kernel's read-modify-writes come in, by suffix. */
export const ORDERS: readonly (readonly [string, Order])[] = [
  ['', 'full'],
  ['_acquire', 'acquire'],
  ['_release', 'release'],
  ['_relaxed', 'relaxed'],
];

/** Tags of the read and the write of a successful read-modify-write. */
export function orderTags(order: Order | OrderTags): OrderTags {
  if (typeof order !== 'string') return order;
  switch (order) {
    case 'full':
      return { read: ['Mb'], write: ['Mb'] };
    case 'acquire':
      return { read: ['Acquire'], write: ONCE };
    case 'release':
      return { read: ONCE, write: ['Release'] };
    case 'relaxed':
      return { read: ONCE, write: ONCE };
  }
}
