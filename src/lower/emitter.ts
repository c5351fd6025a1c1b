/**
 * Collects the assembly of one lowered thread: lines with their C origin, labels, registers.
 *
 * C registers that live across branches have an assembly register for good; those that live within one straight piece of
 * code, and the temporaries of one instruction, share the rest. Where that does not do, `preassign` says who shares with whom
 * (allocation.ts). Nothing is spilled: a thread that needs more registers than the architecture has is refused.
 */

import type { SourceRef } from '../program/ir.js';
import type { IntType, Location } from '../program/value.js';
import type {
  AsmDialect,
  AsmLine,
  AsmOperand,
  ImmediateOperand,
  MemoryOperand,
  RegisterOperand,
  WordOperand,
} from '../syntax/asm-tree.js';
import { type Diagnostic, errorAt, invariant } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';

export type Bits = IntType['bits'];

/** Label names are unique in the whole test: `L0`, `L1` ... */
export class LabelSource {
  private next = 0;

  fresh(): string {
    return `L${this.next++}`;
  }
}

const JUDGE_THE_C = 'the models lkmm and sc judge the C itself: `--model lkmm,sc`';

export class AsmEmitter {
  readonly lines: AsmLine[] = [];
  /** Registers that hold the address of a cell, for the init block. */
  readonly addresses = new Map<Location, string>();
  readonly diagnostics: Diagnostic[] = [];
  private readonly homes = new Map<string, string>();
  private free: string[];
  private readonly words = new Set<string>();
  private temporaries: string[] = [];
  private exhausted = false;
  private deadEndLabel: string | null = null;
  private source: SourceRef | null = null;
  private signed = true;

  constructor(
    readonly dialect: AsmDialect,
    pool: readonly string[],
    private readonly labels: LabelSource,
    private readonly start: Span,
  ) {
    this.free = [...pool];
  }

  /** Starts the code of a C instruction; temporaries of the last one are free again. */
  begin(source: SourceRef, signed: boolean): void {
    this.source = source;
    this.signed = signed;
    this.free.unshift(...this.temporaries);
    this.temporaries = [];
  }

  get span(): Span {
    return this.source?.span ?? this.start;
  }

  unsupported(what: string, why: string | null = null): void {
    this.diagnostics.push(
      errorAt(
        this.span,
        'cannot-lower',
        `cannot compile ${what} to ${this.dialect}${why === null ? '' : `: ${why}`}`,
        { hint: JUDGE_THE_C },
      ),
    );
  }

  private take(): string {
    const name = this.free.shift();
    if (name !== undefined) return name;
    this.exhaust(this.span);
    return this.dialect === 'AArch64' ? 'x0' : 'rbx';
  }

  /** Says, once, that there are too few registers. */
  exhaust(span: Span, hint: string = JUDGE_THE_C): void {
    if (!this.exhausted) {
      const message = `this thread needs more registers than ${this.dialect} has`;
      this.diagnostics.push(errorAt(span, 'out-of-registers', message, { hint }));
    }
    this.exhausted = true;
  }

  get isExhausted(): boolean {
    return this.exhausted;
  }

  /** Registers chosen beforehand; `vacate` then says what else there is. */
  preassign(homes: ReadonlyMap<string, string>, addresses: ReadonlyMap<Location, string>): void {
    for (const [name, home] of homes) this.homes.set(name, home);
    for (const [location, home] of addresses) this.addresses.set(location, home);
  }

  /** The registers that hold nothing from the next `begin` on. */
  vacate(free: readonly string[]): void {
    this.temporaries = [];
    this.free = [...free];
  }

  operand(name: string, bits: Bits): RegisterOperand {
    return { kind: 'register', name, bits, high: false, span: this.span };
  }

  /** A scratch register until the next `begin`. */
  temporary(bits: Bits): RegisterOperand {
    const name = this.take();
    this.temporaries.push(name);
    return this.operand(name, bits);
  }

  /** For `freeSince`: the temporaries taken so far. */
  mark(): number {
    return this.temporaries.length;
  }

  /** Frees the temporaries taken since `mark`: their values are used up. */
  freeSince(mark: number): void {
    this.free.unshift(...this.temporaries.splice(mark));
  }

  /** The assembly register of a C register, allocated at its first use. */
  home(name: string): string {
    const found = this.homes.get(name);
    if (found !== undefined) return found;
    const taken = this.take();
    this.homes.set(name, taken);
    return taken;
  }

  homeOf(name: string): string | null {
    return this.homes.get(name) ?? null;
  }

  /** Gives back the register of a C register that is dead from here on. */
  release(name: string): void {
    const home = this.homes.get(name);
    invariant(home !== undefined, `release of ${name}, which has no register`);
    this.homes.delete(name);
    this.temporaries.push(home);
  }

  /** The register that holds the address of `location` throughout the thread. */
  addressOf(location: Location): RegisterOperand {
    const found = this.addresses.get(location) ?? this.take();
    this.addresses.set(location, found);
    return this.operand(found, 64);
  }

  freshLabel(): string {
    return this.labels.fresh();
  }

  /** The label of a loop that never ends, for waits that are not modelled further; the thread's end defines it. */
  deadEnd(): string {
    this.deadEndLabel ??= this.freshLabel();
    return this.deadEndLabel;
  }

  get usedDeadEnd(): string | null {
    return this.deadEndLabel;
  }

  /** Defines a label if something jumps to it. */
  labelIfUsed(name: string): void {
    if (this.words.has(name)) this.label(name);
  }

  label(name: string): void {
    this.lines.push({ kind: 'label', name, span: this.span });
  }

  emit(mnemonic: string, ...operands: readonly AsmOperand[]): void {
    this.push(mnemonic, false, operands);
  }

  emitLocked(mnemonic: string, ...operands: readonly AsmOperand[]): void {
    this.push(mnemonic, true, operands);
  }

  private push(mnemonic: string, locked: boolean, operands: readonly AsmOperand[]): void {
    invariant(this.source !== null, 'code outside of a C instruction');
    const { text, primitive } = this.source;
    const origin = { text, primitive, signed: this.signed };
    this.lines.push({ kind: 'instruction', mnemonic, locked, operands, origin, span: this.span });
  }

  immediate(value: bigint | number): ImmediateOperand {
    return { kind: 'immediate', value: BigInt(value), span: this.span };
  }

  word(word: string): WordOperand {
    this.words.add(word);
    return { kind: 'word', word, span: this.span };
  }

  /** `[X1]`, `(%rdi)` */
  indirect(base: RegisterOperand): MemoryOperand {
    return {
      kind: 'memory',
      base,
      symbol: null,
      index: null,
      extend: null,
      offset: null,
      mode: 'offset',
      span: this.span,
    };
  }

  /** `(x)` */
  symbol(symbol: string): MemoryOperand {
    return {
      kind: 'memory',
      base: null,
      symbol,
      index: null,
      extend: null,
      offset: null,
      mode: 'offset',
      span: this.span,
    };
  }
}
