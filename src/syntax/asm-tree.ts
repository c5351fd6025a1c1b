/**
 * Syntax tree of assembly litmus tests, for every architecture.
 *
 * Made by the assembly parser and by the lowering of kernel C; printed by print-assembly.ts and given its meaning by
 * assemble/assemble.ts. Operands are generic: which of them an instruction takes is not the tree's business.
 */
import type { Span } from '../text/source.js';
import type { LitmusFrame } from './condition-tree.js';

/** The header word of the file. `X86` is 32-bit code in Intel's operand order, as older collections write it. */
export type AsmDialect = 'AArch64' | 'X86_64' | 'X86';

/** An address in memory: `[X1,W2,SXTW]`, `[X1],#4`; `(x)`, `4(%rax)`. */
export interface MemoryOperand {
  readonly kind: 'memory';
  readonly base: RegisterOperand | null;
  /** x86: the symbol that is addressed directly. */
  readonly symbol: string | null;
  readonly index: RegisterOperand | null;
  /** How the index is extended or shifted (`sxtw`, `lsl`); null: not at all. */
  readonly extend: { readonly op: string; readonly amount: bigint | null } | null;
  readonly offset: bigint | null;
  /** `pre`: `[X1,#4]!`; `post`: `[X1],#4`. */
  readonly mode: 'offset' | 'pre' | 'post';
  readonly span: Span;
}

/**
 * A register through one of its views. `name` is the whole register, in lower case (`x5`, `sp`, `xzr`; `rax`); `bits` is the
 * width of the view. `high` marks x86's `ah`, `bh`, `ch`, `dh`.
 */
export interface RegisterOperand {
  readonly kind: 'register';
  readonly name: string;
  readonly bits: 8 | 16 | 32 | 64;
  readonly high: boolean;
  readonly span: Span;
}

export interface ImmediateOperand {
  readonly kind: 'immediate';
  readonly value: bigint;
  readonly span: Span;
}

/** A bare word: a label, a barrier's domain, a condition code, a shift. In lower case unless it is a label. */
export interface WordOperand {
  readonly kind: 'word';
  readonly word: string;
  readonly span: Span;
}

/** `LSL #16` or `SXTW #2` after a register or immediate operand. */
export interface ShiftOperand {
  readonly kind: 'shift';
  readonly op: string;
  readonly amount: bigint;
  readonly span: Span;
}

/** x86's `$x`: the address of a symbol. */
export interface SymbolOperand {
  readonly kind: 'symbol';
  readonly symbol: string;
  readonly span: Span;
}

/** `.+4`: the instruction that many bytes from this one. */
export interface RelativeOperand {
  readonly kind: 'relative';
  readonly offset: bigint;
  readonly span: Span;
}

export type AsmOperand =
  | RegisterOperand
  | ImmediateOperand
  | MemoryOperand
  | WordOperand
  | ShiftOperand
  | SymbolOperand
  | RelativeOperand;

/** Where a lowered instruction comes from: the C statement as people read it, and its primitive. */
export interface AsmOrigin {
  readonly text: string;
  readonly primitive: string | null;
  /** Whether the memory that it accesses is of a signed C type; instructions do not tell. */
  readonly signed: boolean;
}

export interface AsmInstruction {
  readonly kind: 'instruction';
  /** Lower case, without prefix: `ldr`, `b.ne`, `cmpxchgl`. */
  readonly mnemonic: string;
  /** x86's `lock`. */
  readonly locked: boolean;
  readonly operands: readonly AsmOperand[];
  /** Null in parsed files. */
  readonly origin: AsmOrigin | null;
  readonly span: Span;
}

export interface AsmLabel {
  readonly kind: 'label';
  readonly name: string;
  readonly span: Span;
}

export type AsmLine = AsmInstruction | AsmLabel;

export interface AsmThread {
  readonly name: string;
  readonly nameSpan: Span;
  readonly lines: readonly AsmLine[];
}

export interface AsmLitmus extends LitmusFrame {
  readonly dialect: AsmDialect;
  readonly threads: readonly AsmThread[];
}
