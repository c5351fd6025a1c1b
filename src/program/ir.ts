/**
 * The common, model-neutral program representation (IR).
 *
 * Front ends (kernel C, sketch, assembly) lower to it; `unfold/` executes it symbolically. Code is flat: branches
 * name instruction indices. Ordering annotations are *tags*: the names of the event sets that a cat model sees,
 * spelled as the models spell them (`Once`, `Acquire`, `Mb`, `LKW` for lkmm; `A`, `L`, `DMB.ISH` for arm64;
 * `X`, `MFENCE` for x86).
 *
 * Invariants: every branch target and join is in 0..code.length (code.length = the end of the thread); registers
 * have one value at a time and are zero or `initial` at the start; expressions are pure.
 */
import type { Span } from '../text/source.js';
import type { IntType, Location, Value } from './value.js';

/** Which vocabulary of tags the program's events use, and so which models apply. */
export type Dialect = 'lkmm' | 'arm64' | 'x86';

/** The statement an instruction comes from. */
export interface SourceRef {
  /** The C or assembly statement as people should read it in a graph: `WRITE_ONCE(p->__state, 1)`. */
  readonly text: string;
  readonly span: Span;
  /** The kernel primitive, without type variants: `smp_store_mb`, `spin_lock`; null for plain code. */
  readonly primitive: string | null;
  /** For lowered code: the instruction's own text (`str w1, [x2]`), beside the C statement; else null. */
  readonly instruction: string | null;
}

/** `clz`: how many leading zeros; `rbit`: the bits in the opposite order; `rev`: the bytes in the opposite order. */
export type UnaryOp = '-' | '~' | '!' | 'clz' | 'rbit' | 'rev';
/** `mulh`: the upper half of the product, which has twice as many bits as the type. */
export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | 'mulh'
  | '/'
  | '%'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>=';

/** A pure expression. Comparison and `!` give 0 or 1; arithmetic wraps to `type`, comparison compares in `type`. */
export type Expr =
  | { readonly kind: 'const'; readonly value: Value }
  | { readonly kind: 'register'; readonly name: string }
  /** The value that the enclosing read-modify-write reads. */
  | { readonly kind: 'old' }
  | { readonly kind: 'unary'; readonly op: UnaryOp; readonly operand: Expr; readonly type: IntType }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOp;
      readonly left: Expr;
      readonly right: Expr;
      readonly type: IntType;
    }
  /** Conversion to `type`. */
  | { readonly kind: 'convert'; readonly operand: Expr; readonly type: IntType }
  /**
   * `condition ? then : otherwise`. In C all three are dependencies of a branch's strength; what Arm's selections depend on is told
   * by unfold/selection.ts. `arithmetic`: no choice of the program's but a function, as the maximum is, that depends on all as a sum does.
   */
  | {
      readonly kind: 'select';
      readonly condition: Expr;
      readonly then: Expr;
      readonly otherwise: Expr;
      readonly arithmetic?: true;
    };

interface Base {
  readonly source: SourceRef;
}

export interface AssignInstruction extends Base {
  readonly kind: 'assign';
  readonly dst: string;
  readonly value: Expr;
}

export interface LoadInstruction extends Base {
  readonly kind: 'load';
  /** Null: the value is read and dropped. */
  readonly dst: string | null;
  readonly address: Expr;
  readonly type: IntType;
  readonly tags: readonly string[];
  /** The tags instead if the value is 0: spin_is_locked() of a free lock. Absent: the same. */
  readonly zeroTags?: readonly string[];
  /** Load-exclusive: arms the thread's monitor. */
  readonly exclusive: boolean;
  /** The second load of a pair: the load before it is of the same instruction, and not before it in program order. */
  readonly beside?: true;
}

export interface StoreInstruction extends Base {
  readonly kind: 'store';
  readonly address: Expr;
  readonly value: Expr;
  readonly type: IntType;
  readonly tags: readonly string[];
  /** The second store of a pair, as `beside` of a load. */
  readonly beside?: true;
}

/** Store-exclusive: pairs with the last load-exclusive; may fail, which writes nothing. `status`: 0 done, 1 failed. */
export interface StoreExclusiveInstruction extends Base {
  readonly kind: 'store-exclusive';
  readonly status: string;
  readonly address: Expr;
  readonly value: Expr;
  readonly type: IntType;
  readonly tags: readonly string[];
  /** The other half of a pair, of the same type: both are written, or none. */
  readonly second?: { readonly address: Expr; readonly value: Expr };
}

/** Disarms the thread's monitor. */
export interface ClearMonitorInstruction extends Base {
  readonly kind: 'clear-monitor';
}

/**
 * Atomic read-modify-write. Reads `old`; if `when` (an expression over `old`, null = always) is non-zero, writes
 * `update` and sets `dst` to `result`. Otherwise it fails: a read alone with `fail.tags`, and `dst` gets
 * `fail.result`; or, if `fail` is null, it does not complete (a lock spins: only the successful attempt is kept).
 */
export interface RmwInstruction extends Base {
  readonly kind: 'rmw';
  readonly dst: string | null;
  readonly address: Expr;
  readonly type: IntType;
  readonly when: Expr | null;
  readonly update: Expr;
  readonly result: Expr;
  readonly readTags: readonly string[];
  readonly writeTags: readonly string[];
  /** Tags of the fences that it has before and after it if it succeeds. Absent: none. */
  readonly fences?: readonly string[];
  readonly fail: { readonly tags: readonly string[]; readonly result: Expr } | null;
  /** Arm's CAS. Absent: the dependencies are those of the expressions. */
  readonly swap?: CompareAndSwap;
}

/**
 * What a compare-and-swap may do beyond a read-modify-write on a condition (Arm ARM C6.2, CAS, and B2.3, pick dependencies):
 * if it succeeds, `dst` may keep the register that was compared instead of getting the equal value that was read; if it
 * fails, it may write back what it read. The comparison orders its write by a pick dependency.
 */
export interface CompareAndSwap {
  /** What the value read is compared with. */
  readonly expected: Expr;
  /** The other half of a pair (CASP), of the same type and tags: it succeeds only if both `when` hold. */
  readonly second?: {
    readonly dst: string | null;
    readonly address: Expr;
    readonly when: Expr;
    readonly expected: Expr;
    readonly update: Expr;
  };
}

export interface FenceInstruction extends Base {
  readonly kind: 'fence';
  readonly tags: readonly string[];
  /** The object that the fence is about, for `loc`: synchronize_srcu(&s) has s. Absent: none. */
  readonly address?: Expr;
}

/** Jumps to `target` if `condition` is non-zero. Control dependencies reach up to `join` (null: to the end). */
export interface BranchInstruction extends Base {
  readonly kind: 'branch';
  readonly condition: Expr;
  readonly target: number;
  readonly join: number | null;
}

export interface JumpInstruction extends Base {
  readonly kind: 'jump';
  readonly target: number;
}

/** Execution goes on only if `condition` is non-zero: what remains of a wait loop. A control dependency to all that follows. */
export interface AssumeInstruction extends Base {
  readonly kind: 'assume';
  readonly condition: Expr;
}

export type Instruction =
  | AssignInstruction
  | LoadInstruction
  | StoreInstruction
  | StoreExclusiveInstruction
  | ClearMonitorInstruction
  | RmwInstruction
  | FenceInstruction
  | BranchInstruction
  | JumpInstruction
  | AssumeInstruction;

export interface RegisterDeclaration {
  readonly name: string;
  readonly type: IntType;
  readonly initial: Value;
}

export interface Thread {
  readonly index: number;
  /** `P0`, `CPU1`. */
  readonly name: string;
  /** What the thread runs, for titles: `__mutex_lock_common`; null if the test does not say. */
  readonly label: string | null;
  readonly registers: readonly RegisterDeclaration[];
  readonly code: readonly Instruction[];
}

/** Something whose final value is asked for or shown. `display` is `1:r0` or `[x]` as in a state line (without brackets: `x`). */
export type Observable =
  | { readonly kind: 'register'; readonly thread: number; readonly name: string; readonly display: string }
  | { readonly kind: 'location'; readonly location: Location; readonly display: string };

export type Operand =
  | { readonly kind: 'observable'; readonly index: number }
  | { readonly kind: 'value'; readonly value: Value };

/** A proposition over final states; an observable operand is an index into Program.observed. */
export type Proposition =
  | { readonly kind: 'constant'; readonly value: boolean }
  | {
      readonly kind: 'compare';
      readonly op: '=' | '!=';
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'not'; readonly operand: Proposition }
  | {
      readonly kind: 'and' | 'or' | 'implies';
      readonly left: Proposition;
      readonly right: Proposition;
    };

export type Quantifier = 'exists' | '~exists' | 'forall';

/** The question of a test. `text` is its normal rendering: `exists (1:r0=1 /\ 1:r1=0)`. */
export interface Condition {
  readonly quantifier: Quantifier;
  readonly proposition: Proposition;
  readonly text: string;
}

export interface Program {
  readonly name: string;
  readonly dialect: Dialect;
  readonly locations: readonly Location[];
  readonly threads: readonly Thread[];
  /** What the condition and `locations [...]` mention, in the order of the state line: registers by thread, then memory. */
  readonly observed: readonly Observable[];
  readonly condition: Condition;
  /** Executions whose final state does not satisfy it are dropped; null = keep all. */
  readonly filter: Proposition | null;
}
