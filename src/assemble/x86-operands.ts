/**
 * One x86 instruction with its operands sorted out: which is the source, how wide it is, how it reaches memory.
 *
 * The families of instructions (x86-*.ts) are functions of it. Operands are in AT&T order here whatever the dialect: sources first, the
 * destination last. Source: Intel SDM volume 1, 3.7; the order and the suffixes are those of the GNU assembler.
 */

import { applyBinary } from '../program/arithmetic.js';
import type { Expr } from '../program/ir.js';
import { canonical, INT32, INT64, type IntType, showValue } from '../program/value.js';
import type {
  AsmInstruction,
  AsmOperand,
  ImmediateOperand,
  MemoryOperand,
  RegisterOperand,
  SymbolOperand,
} from '../syntax/asm-tree.js';
import { errorAt, warningAt } from '../text/diagnostic.js';
import { isMemory, isRegister } from './asm-access.js';
import { binary, constant, integer, register, type ThreadBuilder, viewType } from './asm-thread.js';
import { type Flags, needsFlags, setFlags } from './x86-flags.js';

export type Bits = IntType['bits'];

export const SUFFIXES: Readonly<Record<string, Bits>> = { b: 8, w: 16, l: 32, q: 64 };

/** The tag of both accesses of a locked instruction. */
export const LOCKED = ['X'];

/** Where an instruction may write. */
export type Place = RegisterOperand | MemoryOperand;
/** What it may read. */
export type Source = Place | ImmediateOperand | SymbolOperand;

export function isPlace(operand: AsmOperand | undefined): operand is Place {
  return isRegister(operand) || isMemory(operand);
}

export function isSource(operand: AsmOperand | undefined): operand is Source {
  return isPlace(operand) || operand?.kind === 'immediate' || operand?.kind === 'symbol';
}

/** What the mnemonic says, apart from its operands. */
export interface Opcode {
  /** Without suffix: `cmpxchg`. */
  readonly base: string;
  /** The width that the suffix gives; null: there is none. */
  readonly bits: Bits | null;
}

export class X86Instruction {
  readonly operands: readonly AsmOperand[];
  readonly bits: Bits;

  /** `sized`: the operands whose registers have the instruction's width; all, if nothing is said. */
  constructor(
    readonly builder: ThreadBuilder,
    readonly instruction: AsmInstruction,
    readonly opcode: Opcode,
    sized: readonly AsmOperand[] = instruction.operands,
  ) {
    const { operands } = instruction;
    this.operands = builder.context.dialect === 'X86' ? operands.toReversed() : operands;
    this.bits = this.width(sized);
  }

  private width(sized: readonly AsmOperand[]): Bits {
    const { builder, instruction, opcode } = this;
    const views = sized.filter(isRegister);
    const bits = opcode.bits ?? views[0]?.bits ?? this.cellWidth(sized);
    const other = views.find((view) => view.bits !== bits);
    if (other !== undefined)
      builder.error(
        other.span,
        'operand-size',
        opcode.bits === null
          ? `registers of ${bits} and of ${other.bits} bits in one \`${instruction.mnemonic}\``
          : `\`${instruction.mnemonic}\` is of ${bits} bits and its register of ${other.bits}`,
      );
    return bits;
  }

  /** Neither suffix nor register: the cell tells. 32-bit code has a usual width besides. */
  private cellWidth(sized: readonly AsmOperand[]): Bits {
    const { builder, instruction } = this;
    const memory = sized.find(isMemory);
    if (memory === undefined) return 32;
    const base = this.baseOf(memory);
    const cell = base === null ? null : builder.staticLocation(base);
    if (cell !== null) return cell.type.bits;
    if (builder.context.dialect !== 'X86')
      builder.error(
        instruction.span,
        'operand-size',
        `\`${instruction.mnemonic}\` does not say how wide its access is`,
        `write \`${instruction.mnemonic}l\` for 32 bits`,
      );
    return 32;
  }

  get mnemonic(): string {
    return this.instruction.mnemonic;
  }

  get base(): string {
    return this.opcode.base;
  }

  get locked(): boolean {
    return this.instruction.locked;
  }

  /** The type in which its arithmetic happens where the sign makes no difference. */
  get type(): IntType {
    return viewType(this.bits);
  }

  get unsigned(): IntType {
    return { bits: this.bits, signed: false };
  }

  get signed(): IntType {
    return { bits: this.bits, signed: true };
  }

  /** A register that the instruction uses without naming it. */
  register(name: string, bits: Bits): RegisterOperand {
    return { kind: 'register', name, bits, high: false, span: this.instruction.span };
  }

  bad(expected: string): void {
    const { builder, instruction } = this;
    const word = instruction.operands.find((operand) => operand.kind === 'word');
    const hint =
      word === undefined ? null : `\`${word.word}\` alone is a label: its memory is \`(${word.word})\``;
    const message = `unsupported operands of \`${this.mnemonic}\`: expected ${expected}`;
    builder.error(instruction.span, 'bad-operands', message, hint);
  }

  /** Source and destination, at most one of them in memory; null after a report. */
  pair(): { readonly source: Source; readonly target: Place } | null {
    const [source, target, ...more] = this.operands;
    if (more.length === 0 && isSource(source) && isPlace(target) && !(isMemory(source) && isMemory(target)))
      return { source, target };
    this.bad(
      target !== undefined && isSource(source) && !isPlace(target) && isSource(target)
        ? 'a register or memory as its destination'
        : 'a source and a destination, at most one of them in memory',
    );
    return null;
  }

  /** A register and a place, in either order, as the collections write `cmpxchg`; null after a report. */
  registerAndPlace(): { readonly register: RegisterOperand; readonly place: Place } | null {
    const [source, target, ...more] = this.operands;
    if (more.length === 0 && isRegister(source) && isPlace(target))
      return { register: source, place: target };
    if (more.length === 0 && isMemory(source) && isRegister(target))
      return { register: target, place: source };
    this.bad('a register, and a register or memory');
    return null;
  }

  // Values

  /**
   * A constant of the instruction. A longer one is shortened, as assemblers do; of 64 bits there is only what `mov` puts into a register
   * (`widest`), elsewhere 32 bits are sign-extended.
   */
  immediate({ value, span }: ImmediateOperand, widest: 32 | 64 = 32): Expr {
    const { bits, mnemonic } = this;
    const { diagnostics } = this.builder.context;
    const code = 'immediate-size';
    if (bits === 64 && widest === 32 && BigInt.asIntN(32, value) !== value)
      diagnostics.push(
        errorAt(
          span,
          code,
          `\`${mnemonic}\` takes a signed constant of 32 bits, and \`${value}\` is longer`,
          {
            hint: 'put it into a register with `movabsq`',
          },
        ),
      );
    if (value >= -(1n << BigInt(bits - 1)) && value < 1n << BigInt(bits)) return integer(value);
    const shortened = BigInt.asUintN(bits, value);
    diagnostics.push(
      warningAt(
        span,
        code,
        `\`${value}\` has more than ${bits} bits: \`${mnemonic}\` takes ${shortened} of it`,
      ),
    );
    return integer(shortened);
  }

  /** The value of an operand that is not in memory, right modulo the width. */
  direct(operand: Exclude<Source, MemoryOperand>): Expr {
    if (operand.kind === 'immediate') return this.immediate(operand);
    if (operand.kind === 'register') return this.builder.raw(operand);
    if (this.bits < 32)
      this.builder.error(operand.span, 'operand-size', `an address does not fit into ${this.bits} bits`);
    return this.builder.symbol(operand.symbol, operand.span);
  }

  /** The value of any operand; memory is loaded into a pseudo-register. */
  value(operand: Source): Expr {
    return isMemory(operand) ? this.load(operand, this.builder.pseudo('.loaded')) : this.direct(operand);
  }

  /** The same, exact in the width. */
  exact(operand: Source): Expr {
    return isRegister(operand)
      ? this.builder.view(operand)
      : { kind: 'convert', operand: this.value(operand), type: this.type };
  }

  /** A copy that later writes do not change. */
  snapshot(name: string, value: Expr): Expr {
    const dst = this.builder.pseudo(name);
    this.builder.emit({ kind: 'assign', dst, value });
    return register(dst);
  }

  // Memory

  /** What an address is based on: all elements of an array are equally wide. */
  private baseOf({ symbol, base, span }: MemoryOperand): Expr | null {
    if (symbol !== null) return this.builder.symbol(symbol, span);
    return base === null ? null : this.builder.raw({ ...base, bits: 64 });
  }

  /** An address: symbol, base, index times its scale, and displacement. */
  address(memory: MemoryOperand): Expr {
    const { builder } = this;
    const { base, index, offset, symbol } = memory;
    const parts: Expr[] = [];
    if (symbol !== null) parts.push(builder.symbol(symbol, memory.span));
    if (base !== null) parts.push(this.addressPart(base));
    if (index !== null) {
      const amount = memory.extend?.amount ?? 0n;
      const part = this.addressPart(index);
      parts.push(amount === 0n ? part : binary('<<', part, integer(amount), INT64));
    }
    if (offset !== null && offset !== 0n) parts.push(integer(offset));
    const [first, ...rest] = parts;
    if (first === undefined) return constant(0);
    const moved = rest.reduceRight<Expr | null>(
      (sum, part) => (sum === null ? part : binary('+', part, sum, INT64)),
      null,
    );
    return moved === null ? first : this.movedAddress(first, moved, memory);
  }

  /** `first + moved`, at once where both are known. */
  private movedAddress(first: Expr, moved: Expr, memory: MemoryOperand): Expr {
    const sum = binary('+', first, moved, INT64);
    if (first.kind !== 'const' || moved.kind !== 'const') return sum;
    const value = applyBinary('+', first.value, moved.value, INT64);
    if (value !== undefined) return constant(value);
    const where = `\`${showValue(first.value)}${memory.offset! < 0n ? '' : '+'}${memory.offset}\``;
    this.builder.error(memory.span, 'out-of-bounds', `no cell begins at ${where}`);
    return first;
  }

  private addressPart(part: RegisterOperand): Expr {
    const { builder } = this;
    if (part.bits === 64) return builder.raw(part);
    if (part.bits < 32)
      builder.error(part.span, 'bad-address', `an address is not in a register of ${part.bits} bits`);
    // Addresses of 32 bits wrap: the index -1 is the element before.
    return { kind: 'convert', operand: builder.raw(part), type: INT32 };
  }

  load(memory: MemoryOperand, dst: string): Expr {
    const address = this.address(memory);
    const type = this.builder.accessType(address, this.bits, memory.span);
    this.builder.emit({ kind: 'load', dst, address, type, tags: [], exclusive: false });
    return register(dst);
  }

  store(memory: MemoryOperand, value: Expr, tags: readonly string[] = []): void {
    const address = this.address(memory);
    const type = this.builder.accessType(address, this.bits, memory.span);
    this.builder.emit({ kind: 'store', address, value, type, tags });
  }

  /** Stores to memory or writes a register. */
  assign(place: Place, value: Expr): void {
    if (isRegister(place)) this.builder.write(place, value);
    else this.store(place, value);
  }

  /** A locked read-modify-write of memory; what it read goes to `dst`. It writes only `when` is not 0. */
  atomic(memory: MemoryOperand, dst: string | null, update: Expr, when: Expr | null = null): void {
    const address = this.address(memory);
    const type = this.builder.accessType(address, this.bits, memory.span);
    const result: Expr = { kind: 'old' };
    const fail = when === null ? null : { tags: LOCKED, result };
    const rmw = { dst, address, type, when, update, result, readTags: LOCKED, writeTags: LOCKED, fail };
    this.builder.emit({ kind: 'rmw', ...rmw });
  }

  // Flags

  get needsFlags(): boolean {
    return needsFlags(this.builder);
  }

  setFlags(flags: Flags): void {
    setFlags(this.builder, this.mnemonic, flags);
  }
}

/** The value of an immediate count or bit number, or null. */
export function smallImmediate(operand: AsmOperand | undefined): number | null {
  if (operand?.kind !== 'immediate') return null;
  const value = canonical(operand.value);
  return typeof value === 'number' && value >= -128 && value <= 255 ? value : null;
}
