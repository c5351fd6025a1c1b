/**
 * Builds the IR of one assembly thread: registers and their views, addresses, flags, labels.
 *
 * The architecture's instruction tables (assemble-arm64.ts, assemble-x86.ts) call it for each instruction. Registers hold
 * canonical 64-bit values; a narrow load may leave a sign-extended one, so whoever needs the zero-extended value asks for
 * `view`. A thread is built twice: the first time finds which flags and which wide registers anybody reads.
 */

import type { BinaryOp, Expr, Instruction, SourceRef } from '../program/ir.js';
import {
  canonical,
  INT64,
  type IntType,
  isCode,
  isLocation,
  type Location,
  UINT32,
  type Value,
} from '../program/value.js';
import { finalName, registerName } from '../syntax/asm-registers.js';
import type {
  AsmDialect,
  AsmInstruction,
  AsmOperand,
  MemoryOperand,
  RegisterOperand,
} from '../syntax/asm-tree.js';
import { showInstruction } from '../syntax/print-instruction.js';
import { type Diagnostic, errorAt, warningAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import type { CodeMap, CodeTarget } from './asm-code.js';
import { cellAt, placeOf } from './asm-place.js';
import { addressHint, displacement, type Stacks, stackPointer } from './asm-stack.js';

/** What the threads of one test share. */
export interface AsmContext {
  readonly dialect: AsmDialect;
  readonly locations: ReadonlyMap<string, Location>;
  readonly code: CodeMap;
  readonly stacks: Stacks;
  /** Cells whose type nobody says. */
  readonly untyped: ReadonlyMap<Location, bigint>;
  readonly diagnostics: Diagnostic[];
  /** Told of every access of a cell that is known beforehand. */
  readonly onAccess?: (cell: Location, bits: IntType['bits']) => void;
}

/** What a first pass over a thread found. */
export interface Needs {
  /** Names of tests of the flags, each architecture's own. */
  readonly flags: ReadonlySet<string>;
  /** Registers whose upper half somebody reads. */
  readonly wide: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
  /** Registers that are assigned anything but what they hold, moved by a constant. */
  readonly given: ReadonlySet<string>;
  /** Registers that are assigned addresses of code and nothing else. */
  readonly pointers: ReadonlySet<string>;
}

export const noNeeds: Needs = {
  flags: new Set(),
  wide: new Set(),
  assigned: new Set(),
  given: new Set(),
  pointers: new Set(),
};

export function constant(value: Value): Expr {
  return { kind: 'const', value };
}

export function integer(value: bigint): Expr {
  return constant(canonical(value));
}

export function binary(op: BinaryOp, left: Expr, right: Expr, type: IntType): Expr {
  return { kind: 'binary', op, left, right, type };
}

export function register(name: string): Expr {
  return { kind: 'register', name };
}

export function select(condition: Expr, chosen: Expr, otherwise: Expr): Expr {
  return { kind: 'select', condition, then: chosen, otherwise };
}

export const OLD: Expr = { kind: 'old' };

/** The type in which arithmetic on a view of `bits` happens. */
export function viewType(bits: IntType['bits']): IntType {
  return bits === 64 ? INT64 : { bits, signed: false };
}

/** How a test declares a cell of so many bits. */
function typeName(bits: IntType['bits']): string {
  return bits === 32 ? 'int' : `int${bits}_t`;
}

type WithoutSource<I> = I extends Instruction ? Omit<I, 'source'> : never;

export class ThreadBuilder {
  readonly code: Instruction[] = [];
  // What this pass found; the next pass needs it.
  readonly usedFlags = new Set<string>();
  readonly usedWide = new Set<string>();
  /** x86: tests that the last instruction to set flags left undefined, with that instruction. */
  readonly undefinedFlags = new Map<string, string>();
  readonly assigned = new Set<string>();
  readonly assignedCode = new Set<string>();
  readonly given = new Set<string>();
  readonly registers = new Set<string>();
  /** By thread whose code this one runs: where its instructions start, and where they end. */
  private readonly starts = new Map<number, number[]>();
  /** Jumps whose targets are not known yet; null: the end of the thread. */
  private readonly jumps: { readonly at: number; readonly to: CodeTarget | null }[] = [];
  /** The instruction at hand. */
  private here: CodeTarget;
  private source: SourceRef | null = null;
  private current: AsmInstruction | null = null;

  constructor(
    readonly context: AsmContext,
    private readonly thread: number,
    private readonly initial: ReadonlyMap<string, Value>,
    private readonly needs: Needs,
  ) {
    this.here = { thread, position: 0 };
    for (const name of initial.keys()) this.registers.add(name);
  }

  /**
   * Builds the whole thread; `assemble` adds the code of one instruction. Code of other threads that it may branch to comes behind
   * its own; each ends the thread.
   */
  build(assemble: (builder: ThreadBuilder, instruction: AsmInstruction) => void): void {
    const parts = this.context.code.codeOf(this.here.thread);
    for (const thread of parts) {
      this.buildCode(thread, assemble);
      if (parts.length > 1) this.leave();
    }
    for (const { at, to } of this.jumps) {
      const target = to === null ? this.code.length : this.starts.get(to.thread)![to.position]!;
      const jump = this.code[at]!;
      if (jump.kind === 'branch' || jump.kind === 'jump') this.code[at] = { ...jump, target };
    }
  }

  private buildCode(
    thread: number,
    assemble: (builder: ThreadBuilder, instruction: AsmInstruction) => void,
  ): void {
    const { name, lines } = this.context.code.thread(thread);
    const labels = new Set<string>();
    const starts: number[] = [];
    this.starts.set(thread, starts);
    for (const line of lines) {
      if (line.kind === 'label') {
        if (labels.has(line.name))
          this.error(line.span, 'duplicate-label', `the label \`${line.name}\` is defined twice in ${name}`);
        labels.add(line.name);
        continue;
      }
      const { origin, span } = line;
      const text = showInstruction(this.context.dialect, line);
      this.source = {
        text: origin?.text ?? text,
        span,
        primitive: origin?.primitive ?? null,
        instruction: origin === null ? null : text,
      };
      this.current = line;
      this.here = { thread, position: starts.length };
      starts.push(this.code.length);
      assemble(this, line);
    }
    starts.push(this.code.length);
  }

  /** Reports a mistake; once, though other threads may run the same code. */
  error(span: Span, code: string, message: string, hint: string | null = null): void {
    this.report(errorAt(span, code, message, { hint }));
  }

  warn(span: Span, code: string, message: string, hint: string | null = null): void {
    this.report(warningAt(span, code, message, { hint }));
  }

  private report(diagnostic: Diagnostic): void {
    const { span, message } = diagnostic;
    const { diagnostics } = this.context;
    const isKnown = diagnostics.some((d) => d.span?.start === span?.start && d.message === message);
    if (!isKnown) diagnostics.push(diagnostic);
  }

  /** Refuses the current instruction's operands. */
  badOperands(expected: string): void {
    const { mnemonic, span } = this.current!;
    this.error(span, 'bad-operands', `unsupported operands of \`${mnemonic}\`: expected ${expected}`);
  }

  emit(instruction: WithoutSource<Instruction>): void {
    const { kind } = instruction;
    if (kind === 'assign') {
      if (displacement(instruction.value)?.name !== instruction.dst) this.given.add(instruction.dst);
    } else if (kind === 'load' || kind === 'rmw') {
      if (instruction.dst !== null) this.given.add(instruction.dst);
    } else if (kind === 'store-exclusive') this.given.add(instruction.status);
    const isAccess = kind === 'load' || kind === 'store' || kind === 'rmw' || kind === 'store-exclusive';
    const placed = isAccess ? { ...instruction, address: this.placed(instruction) } : instruction;
    this.code.push({ ...placed, source: this.source! } as Instruction);
  }

  /** The address of an access, unless it is through a register that is given none: then a cell of the stack, or a warning. */
  private placed({ address, type }: { readonly address: Expr; readonly type: IntType }): Expr {
    const from = displacement(address);
    // The first pass is yet to find out.
    if (from === null || this.needs === noNeeds || this.needs.given.has(from.name)) return address;
    const { dialect, stacks } = this.context;
    const { name, offset } = from;
    const initial = this.initial.get(name);
    if (initial !== undefined && isLocation(initial)) return address;
    const { span, operands, origin } = this.current!;
    const at = operands.find(({ kind }) => kind === 'memory')?.span ?? span;
    const shown = finalName(dialect, name);
    if (name !== stackPointer(dialect) || initial !== undefined || this.needs.assigned.has(name)) {
      const message = `\`${shown}\` holds no address here`;
      if (origin === null) this.warn(at, 'no-address', message, addressHint(dialect, this.thread, name));
      return address;
    }
    const cell = stacks.cell(this.thread, from, type.bits);
    if (cell !== null) return constant(cell);
    const where = `${shown}${offset < 0n ? '' : '+'}${offset}`;
    this.error(at, 'mixed-size', `unsupported: mixed-size access at ${where}: ${type.bits} bits`);
    return address;
  }

  // Registers

  /** The register as it is: use it where the consumer wraps to the view's width. */
  raw(operand: RegisterOperand): Expr {
    if (operand.name === 'xzr') return constant(0);
    this.registers.add(operand.name);
    if (operand.bits === 64) this.usedWide.add(operand.name);
    const whole = register(operand.name);
    return operand.high ? binary('>>', whole, constant(8), { bits: 64, signed: false }) : whole;
  }

  /** The exact value of the view. */
  view(operand: RegisterOperand): Expr {
    const raw = this.raw(operand);
    if (operand.bits === 64 || raw.kind === 'const') return raw;
    return { kind: 'convert', operand: raw, type: viewType(operand.bits) };
  }

  /**
   * Writes a view: 32-bit writes zero the upper half; narrower ones (x86 only) keep the rest. `value` may be any
   * value that is right modulo the view's width.
   */
  write(operand: RegisterOperand, value: Expr): void {
    const { name, bits } = operand;
    if (name === 'xzr') return;
    this.registers.add(name);
    this.assigned.add(name);
    if (bits === 64 || (bits === 32 && !this.needs.wide.has(name))) {
      this.emit({ kind: 'assign', dst: name, value });
    } else if (bits === 32) {
      this.emit({ kind: 'assign', dst: name, value: { kind: 'convert', operand: value, type: UINT32 } });
    } else this.writePart(operand, value);
  }

  private writePart({ name, bits, high }: RegisterOperand, value: Expr): void {
    const part: Expr = { kind: 'convert', operand: value, type: { bits, signed: false } };
    const shift = high ? 8 : 0;
    const mask = ((1 << bits) - 1) << shift;
    this.usedWide.add(name);
    const kept = binary('&', register(name), constant(~mask), INT64);
    const placed = high ? binary('<<', part, constant(shift), INT64) : part;
    this.emit({ kind: 'assign', dst: name, value: binary('|', kept, placed, INT64) });
  }

  /** The destination of a load or read-modify-write into a whole register, or null for the zero register. */
  destination(operand: RegisterOperand): string | null {
    if (operand.name === 'xzr') return null;
    this.registers.add(operand.name);
    this.assigned.add(operand.name);
    return operand.name;
  }

  /** Whether the upper half of a register that a narrow load writes is read by anybody. */
  isWide(name: string): boolean {
    return this.needs.wide.has(name);
  }

  pseudo(name: string): string {
    this.registers.add(name);
    return name;
  }

  // Memory

  /** The location that an address certainly is, or null. */
  staticLocation(address: Expr): Location | null {
    if (address.kind === 'const') return isLocation(address.value) ? address.value : null;
    if (address.kind !== 'register' || this.needs.assigned.has(address.name)) return null;
    const value = this.initial.get(address.name);
    return value !== undefined && isLocation(value) ? value : null;
  }

  /** The type of an access of `bits` to `address`: a cell's own signedness where the cell is known. */
  accessType(address: Expr, bits: IntType['bits'], span: Span): IntType {
    const place = placeOf(address, (name) => this.staticLocation(register(name)));
    if (place === null) return { bits, signed: this.current?.origin?.signed ?? true };
    if (place.offset === 0n) this.context.onAccess?.(place.base, bits);
    const found = cellAt(place, bits);
    if (found.kind === 'cell') return found.cell.type;
    const { at, cell } = found;
    const has = `\`${cell.name}\` has ${cell.type.bits} bits`;
    const isUndeclared = this.context.untyped.has(cell);
    if (found.kind === 'outside') {
      const hint = isUndeclared ? `\`${typeName(bits)} ${cell.name}[2];\` makes it an array` : null;
      this.error(span, 'out-of-bounds', `there is no location at ${at}: ${has}`, hint);
    } else {
      const hint = isUndeclared ? `declare it in the init block: \`${typeName(bits)} ${cell.name};\`` : null;
      const message = `unsupported: mixed-size access at ${at}: ${bits} bits, where ${has}`;
      this.error(span, 'mixed-size', message, hint);
    }
    return { bits, signed: true };
  }

  /** The address of a memory operand; with writeback, `after` must be called after the access. */
  address(memory: MemoryOperand): { readonly address: Expr; readonly after: () => void } {
    this.refuseCode(memory);
    const base = this.baseOf(memory);
    let moved = base;
    if (memory.index !== null) moved = add(base, this.indexOf(memory, memory.index));
    if (memory.offset !== null) moved = add(base, integer(memory.offset));
    const write = memory.base;
    if (memory.mode === 'offset' || write === null) return { address: moved, after: () => {} };
    return {
      address: memory.mode === 'pre' ? moved : base,
      after: () => this.write(write, moved),
    };
  }

  /** Code is no data here. */
  private refuseCode({ base, span }: MemoryOperand): void {
    if (base === null) return;
    const isUnchanged = !this.needs.assigned.has(base.name);
    const initial = this.initial.get(base.name);
    const isCodeAtFirst = initial === undefined ? null : isCode(initial);
    const isPointer = this.needs.pointers.has(base.name) && isCodeAtFirst !== false;
    if (isPointer || (isUnchanged && isCodeAtFirst))
      this.error(
        span,
        'instruction-fetch',
        `unsupported: instruction fetch: ${registerName(this.context.dialect, base)} has the address of code`,
      );
  }

  private baseOf(memory: MemoryOperand): Expr {
    if (memory.symbol !== null) return this.symbol(memory.symbol, memory.span);
    return memory.base === null ? constant(0) : this.raw({ ...memory.base, bits: 64 });
  }

  /** The address of a symbol. */
  symbol(name: string, span: Span): Expr {
    const { locations } = this.context;
    const location = locations.get(name) ?? locations.get(`${name}[0]`);
    if (location !== undefined) return constant(location);
    this.error(
      span,
      'unknown-name',
      `unknown location \`${name}\``,
      didYouMean(name, this.context.locations.keys()),
    );
    return constant(0);
  }

  private indexOf(memory: MemoryOperand, index: RegisterOperand): Expr {
    const { extend } = memory;
    const value = extend === null ? this.view(index) : this.extended(index, extend.op);
    const amount = extend?.amount ?? 0n;
    return amount === 0n ? value : binary('<<', value, integer(amount), INT64);
  }

  /** A register extended as AArch64's `sxtw`, `uxtb` ... do; `lsl` and `uxtx` leave it. */
  extended(operand: RegisterOperand, op: string): Expr {
    const bits = ({ b: 8, h: 16, w: 32 } as const)[op[3] ?? ''];
    if (!/^[us]xt/.test(op) || bits === undefined) return this.view(operand);
    return {
      kind: 'convert',
      operand: this.raw({ ...operand, bits }),
      type: { bits, signed: op[0] === 's' },
    };
  }

  // Flags and control flow

  /** The tests of the flags that this thread asks for. */
  get neededFlags(): ReadonlySet<string> {
    return this.needs.flags;
  }

  branch(condition: Expr | null, target: AsmOperand | undefined): void {
    const to = this.codeTarget(target);
    if (to !== null) this.branchTo(condition, to);
  }

  private branchTo(condition: Expr | null, to: CodeTarget | null): void {
    this.jumps.push({ at: this.code.length, to });
    if (condition === null) this.emit({ kind: 'jump', target: 0 });
    else this.emit({ kind: 'branch', condition, target: 0, join: null });
  }

  /** Ends the thread. */
  private leave(): void {
    this.branchTo(null, null);
  }

  /** Where a label or `.+4` leads; null after a report. */
  private codeTarget(operand: AsmOperand | undefined): CodeTarget | null {
    const { code, dialect } = this.context;
    const isPlace = operand?.kind === 'word' || (operand?.kind === 'relative' && dialect === 'AArch64');
    if (operand === undefined || !isPlace) {
      this.badOperands('a label');
      return null;
    }
    const { thread } = this.here;
    const position = code.positionOf(operand, thread, this.here.position);
    if (position !== null) return { thread, position };
    const { name } = code.thread(thread);
    if (operand.kind === 'word') {
      const message = `${name} has no label \`${operand.word}\``;
      this.error(operand.span, 'unknown-label', message, code.hintFor(thread, operand.word));
    } else this.error(operand.span, 'bad-offset', `this leads to no instruction of ${name}`);
    return null;
  }

  /** The address of a label or of `.+4`; null after a report. */
  codeAddress(operand: AsmOperand | undefined): Location | null {
    const target = this.codeTarget(operand);
    return target === null ? null : this.context.code.address(target);
  }

  /** The address of the instruction behind this one. */
  get returnAddress(): Location {
    const { thread, position } = this.here;
    return this.context.code.address({ thread, position: position + 1 });
  }

  /** Writes the address of code into a whole register. */
  writeCode(name: string, address: Location): void {
    this.registers.add(name);
    this.assignedCode.add(name);
    this.emit({ kind: 'assign', dst: name, value: constant(address) });
  }

  /**
   * Goes to the address that a register holds, a comparison for each that it may be. Any other value is a fault: an access through
   * an address that does not exist, so that the search reports it where it does happen.
   */
  branchToValue(value: Expr): void {
    const { code } = this.context;
    for (const target of code.targets)
      this.branchTo(binary('==', value, constant(code.address(target)), INT64), target);
    const nowhere = binary('/', value, constant(0), INT64);
    this.emit({ kind: 'load', dst: null, address: nowhere, type: INT64, tags: [], exclusive: false });
    this.leave();
  }
}

function add(left: Expr, right: Expr): Expr {
  return binary('+', left, right, INT64);
}
