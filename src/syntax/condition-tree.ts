/** Syntax trees of init blocks' values, `locations`, `filter` and conditions: shared by all litmus dialects. */
import type { Span } from '../text/source.js';

/**
 * A name for something in memory, as written: `x`, `*x` (older tests), `p->__state`, `s.field`, `a[1]`, `[x]`, or the
 * sketch's `->field` (object null). `path` are the steps after the root.
 */
export interface PlaceTree {
  readonly kind: 'place';
  /** Null: the sketch's unnamed shared object. */
  readonly root: string | null;
  readonly path: readonly PlaceStep[];
  /** Present if a star is written before it: `*x`, in older tests the cell x itself, elsewhere what x points to. */
  readonly starred?: true;
  /** Present if it is written in brackets: `[x]` on the right of a comparison is what x holds, `x` its address. */
  readonly bracketed?: true;
  readonly span: Span;
}

export type PlaceStep =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number };

/** `0:r1`, `P0:r1`, `CPU1:r1`: the thread as written. */
export interface RegisterTree {
  readonly kind: 'register';
  readonly thread: string;
  readonly name: string;
  readonly span: Span;
}

export interface NumberTree {
  readonly kind: 'number';
  readonly value: bigint;
  readonly span: Span;
}

/** `&x` (explicit address); a bare name may be a memory cell, an address or a constant such as TASK_RUNNING: resolved later. */
export interface AddressTree {
  readonly kind: 'address';
  readonly place: PlaceTree;
  readonly span: Span;
}

/** `label:"P0:L0"`, in an init block also `P0:L0`: the address of an instruction. The thread as written. */
export interface LabelTree {
  readonly kind: 'label';
  readonly thread: string;
  readonly name: string;
  readonly span: Span;
}

/** `ListTree`, on the right alone, is for the elements of an array. */
export type ConditionOperand = PlaceTree | RegisterTree | NumberTree | AddressTree | LabelTree | ListTree;

export type PropositionTree =
  | { readonly kind: 'constant'; readonly value: boolean; readonly span: Span }
  | {
      readonly kind: 'compare';
      readonly op: '=' | '!=';
      readonly left: ConditionOperand;
      readonly right: ConditionOperand;
      readonly span: Span;
    }
  | { readonly kind: 'not'; readonly operand: PropositionTree; readonly span: Span }
  | {
      readonly kind: 'and' | 'or' | 'implies';
      readonly left: PropositionTree;
      readonly right: PropositionTree;
      readonly span: Span;
    };

export interface ConditionTree {
  readonly quantifier: 'exists' | '~exists' | 'forall';
  readonly proposition: PropositionTree;
  readonly span: Span;
}

/** One entry of the init block. `type` is the declared type's words (`int`, `spinlock_t`), null if none is written. */
export interface InitTree {
  readonly target: PlaceTree | RegisterTree;
  readonly type: TypeTree | null;
  /** Null: declared without a value (zero). */
  readonly value: InitValue | null;
  readonly span: Span;
}

/** `{ 0, 1 }` of an array or `{ .state = 1 }` of a struct; `field` is null for values in order. */
export interface ListTree {
  readonly kind: 'list';
  readonly items: readonly { readonly field: string | null; readonly value: InitValue }[];
  readonly span: Span;
}

export type InitValue = NumberTree | PlaceTree | AddressTree | ListTree | LabelTree;

/** A C type as written: base words in order (`unsigned`, `long`), `struct` tag or null, number of `*`, array length or null. */
export interface TypeTree {
  readonly words: readonly string[];
  readonly struct: string | null;
  readonly pointers: number;
  readonly array: number | null;
  /** Present until the constant is known that the length is: `int a[N]`; `array` is 0 as long. */
  readonly lengthName?: string;
  readonly span: Span;
}

/** What `locations` names; `type` is the type that is written behind it. */
export type LocationTree = (PlaceTree | RegisterTree) & { readonly type?: TypeTree };

/** What every litmus file has, whatever its dialect. */
export interface LitmusFrame {
  readonly name: string;
  readonly nameSpan: Span;
  /** All comments before the init block, joined, without their delimiters. */
  readonly comment: string;
  readonly init: readonly InitTree[];
  readonly locations: readonly LocationTree[];
  readonly filter: PropositionTree | null;
  readonly condition: ConditionTree | null;
}
