/**
 * Compiles a kernel-C program to assembly by Linux's own primitive-to-instruction table (lower-arm64.ts, lower-x86.ts).
 *
 * Pipeline: IR of dialect lkmm -> AsmLitmus. Control structure and waiting are the same for all targets: a wait (`assume`) becomes
 * a loop around the load that it waits for. Each line carries the C statement that it comes from.
 */
import type { AsmDialect, AsmLitmus, AsmOperand, AsmThread } from '../syntax/asm-tree.js';
import { type Checked, checked, type Diagnostic } from '../text/diagnostic.js';
import { type Span, spanOf } from '../text/source.js';
import type { Expr, Instruction, Program, RmwInstruction, StoreInstruction, Thread } from './ir.js';
import { Arm64Backend } from './lower-arm64.js';
import type { Backend } from './lower-backend.js';
import { AsmEmitter, LabelSource } from './lower-emitter.js';
import { FrameWriter, type LoweredRegisters } from './lower-frame.js';
import { expressionsOf, lifetimesOf } from './lower-lifetimes.js';
import { symbolNames } from './lower-names.js';
import { visitLeaves } from './lower-shape.js';
import { isSymbol, X86Backend } from './lower-x86.js';
import { isLocation, type Location } from './value.js';
import { tags as vocabulary } from './vocabulary.js';

export interface LowerOptions {
  /** Single-instruction atomics or exclusive pairs; AArch64 only. */
  readonly atomics: 'lse' | 'llsc';
}

export const defaultLowerOptions: LowerOptions = { atomics: 'lse' };

export type LowerTarget = 'arm64' | 'x86';

export interface Lowered {
  readonly assembly: AsmLitmus;
  /** The C cell of each symbol. */
  readonly cells: ReadonlyMap<string, Location>;
  /** By thread. */
  readonly registers: readonly LoweredRegisters[];
}

const POOLS: Readonly<Record<LowerTarget, readonly string[]>> = {
  // x0 is left out only so that the listing starts at X1, as people write it; x18 is the platform's, x29 and x30 the frame's.
  arm64: [...range(1, 17), ...range(19, 28), 0].map((n) => `x${n}`),
  // rax is cmpxchg's, rsp the stack's.
  x86: ['rbx', 'rcx', 'rdx', 'rsi', 'rdi', ...range(8, 15).map((n) => `r${n}`), 'rbp'],
};

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** The instruction that a wait goes back to: the load before it, with nothing but assignments between; -1: none. */
function waitHead(code: readonly Instruction[], assume: number, heads: ReadonlySet<number>): number {
  for (let i = assume - 1; i >= 0; i--) {
    const { kind } = code[i]!;
    if (kind === 'load') return i;
    if (kind !== 'assign' || heads.has(i + 1)) return -1;
  }
  return -1;
}

/** The fast path of mutex_unlock: a compare-and-swap of the owner that releases. It cannot fail: the owner unlocks. */
function releaseOwner({ address, type, value, source }: StoreInstruction): RmwInstruction {
  const old: Expr = { kind: 'old' };
  return {
    kind: 'rmw',
    dst: null,
    address,
    type,
    when: { kind: 'binary', op: '==', left: old, right: { kind: 'const', value: 1 }, type },
    update: value,
    result: old,
    readTags: ['Once'],
    writeTags: ['Release'],
    fail: null,
    source,
  };
}

const KNOWN_TAGS: ReadonlySet<string> = new Set(vocabulary.lkmm);

function tagsOf(instruction: Instruction): readonly string[] {
  if (instruction.kind === 'rmw') {
    const { readTags, writeTags, fences, fail } = instruction;
    return [...readTags, ...writeTags, ...(fences ?? []), ...(fail?.tags ?? [])];
  }
  return 'tags' in instruction ? instruction.tags : [];
}

/** Why no instruction does what a statement does; null if one does. */
function whyNoCode(instruction: Instruction): string | null {
  const tags = tagsOf(instruction);
  const foreign = tags.find((tag) => !KNOWN_TAGS.has(tag));
  if (foreign !== undefined) return `no instruction is known for the tag \`${foreign}\` of a macro file`;
  if (tags.includes('Sync-rcu') || tags.includes('Sync-srcu')) return 'it waits until readers are done';
  if (tags.includes('Srcu-lock') || tags.includes('Srcu-unlock')) return 'it counts readers for each CPU';
  return null;
}

class ThreadLowering {
  private readonly labels = new Map<number, string>();
  private readonly waits = new Map<number, number>();
  private stuck: string | null = null;

  constructor(
    private readonly thread: Thread,
    private readonly target: LowerTarget,
    private readonly out: AsmEmitter,
    private readonly backend: Backend,
  ) {
    const { code } = thread;
    const heads = new Set(code.flatMap((i) => (i.kind === 'branch' || i.kind === 'jump' ? [i.target] : [])));
    code.forEach((instruction, i) => {
      if (instruction.kind === 'assume') this.waits.set(i, waitHead(code, i, heads));
    });
    for (const head of [...heads, ...this.waits.values()])
      if (head >= 0 && !this.labels.has(head)) this.labels.set(head, out.freshLabel());
  }

  run(observed: ReadonlySet<string>): LoweredRegisters {
    const { thread, out } = this;
    const kept = new Set([
      ...observed,
      ...thread.registers.filter((r) => r.initial !== 0).map((r) => r.name),
    ]);
    const { permanent, dying } = lifetimesOf(thread, kept, new Set(this.labels.keys()));
    this.reserveAddresses();
    for (const name of permanent) out.home(name);
    const homes = new Map(permanent.map((name) => [name, out.home(name)]));
    let merged = false;
    thread.code.forEach((instruction, i) => {
      out.begin(instruction.source, 'type' in instruction ? instruction.type.signed : true);
      const label = this.labels.get(i);
      if (label !== undefined) out.label(label);
      if (merged) merged = false;
      else merged = this.lowerOne(instruction, i);
      for (const name of dying[i]!) if (out.homeOf(name) !== null) out.release(name);
    });
    this.finish();
    return { homes, addresses: out.addresses };
  }

  /** Registers for the addresses that the code needs as values; x86 names a cell in the instruction. */
  private reserveAddresses(): void {
    for (const instruction of this.thread.code) {
      const { address, others } = expressionsOf(instruction);
      const direct = this.target === 'x86' && address !== null && isSymbol(address);
      const visit = { location: (location: Location) => void this.out.addressOf(location) };
      for (const expr of address === null || direct ? others : [address, ...others]) visitLeaves(expr, visit);
    }
  }

  /** True if the next instruction is part of this one. */
  private lowerOne(instruction: Instruction, i: number): boolean {
    const { backend, out } = this;
    const why = whyNoCode(instruction);
    if (why !== null) {
      out.unsupported(`\`${instruction.source.text}\``, why);
      return false;
    }
    switch (instruction.kind) {
      case 'assign':
        backend.assign(instruction.dst, instruction.value);
        return false;
      case 'load':
        backend.load(instruction);
        return false;
      case 'store':
        if (instruction.source.primitive === 'mutex_unlock') {
          backend.rmw(releaseOwner(instruction));
          return false;
        }
        if (this.isStoreMb(i) && backend.storeMb(instruction)) return true;
        backend.store(instruction);
        return false;
      case 'rmw':
        backend.rmw(instruction);
        return false;
      case 'fence':
        backend.fence(instruction);
        return false;
      case 'branch':
        backend.branch(instruction.condition, this.labels.get(instruction.target)!, true);
        return false;
      case 'jump':
        backend.jump(this.labels.get(instruction.target)!);
        return false;
      case 'assume':
        backend.branch(instruction.condition, this.waitLabel(i), false);
        return false;
      case 'store-exclusive':
      case 'clear-monitor':
        out.unsupported(`\`${instruction.source.text}\``);
        return false;
    }
  }

  /** Whether the store is followed by the full fence of the same primitive. */
  private isStoreMb(i: number): boolean {
    const store = this.thread.code[i]!.source;
    const next = this.thread.code[i + 1];
    if (next?.kind !== 'fence' || !next.tags.includes('Mb') || this.labels.has(i + 1)) return false;
    return (
      store.primitive !== null &&
      store.primitive === next.source.primitive &&
      store.span.start === next.source.span.start
    );
  }

  private waitLabel(assume: number): string {
    const head = this.waits.get(assume)!;
    if (head >= 0) return this.labels.get(head)!;
    this.stuck ??= this.out.freshLabel();
    return this.stuck;
  }

  /** The label of the thread's end, and an endless loop for waits on values that can no longer change. */
  private finish(): void {
    const { out, backend, labels, thread } = this;
    let end = labels.get(thread.code.length) ?? null;
    if (this.stuck !== null) {
      end ??= out.freshLabel();
      backend.jump(end);
      out.label(this.stuck);
      backend.jump(this.stuck);
    }
    if (end !== null) out.label(end);
  }
}

/** Labels `L0`, `L1` ... in the order in which they stand in the code; unused numbers of the generator vanish. */
function renumberLabels(threads: readonly AsmThread[]): AsmThread[] {
  const names = new Map<string, string>();
  for (const { lines } of threads)
    for (const line of lines) if (line.kind === 'label') names.set(line.name, `L${names.size}`);
  const renamed = (operand: AsmOperand): AsmOperand => {
    const name = operand.kind === 'word' ? names.get(operand.word) : undefined;
    return operand.kind === 'word' && name !== undefined ? { ...operand, word: name } : operand;
  };
  return threads.map((thread) => ({
    ...thread,
    lines: thread.lines.map((line) =>
      line.kind === 'label'
        ? { ...line, name: names.get(line.name)! }
        : { ...line, operands: line.operands.map(renamed) },
    ),
  }));
}

/** A place to point at in programs whose instructions have none. */
function anySpan(program: Program): Span {
  for (const thread of program.threads) {
    const first = thread.code[0];
    if (first !== undefined) return first.source.span;
  }
  return spanOf({ name: program.name, text: '' }, 0, 0);
}

/** The assembly test of a kernel-C program. */
export function lowerProgram(
  program: Program,
  target: LowerTarget,
  options: LowerOptions = defaultLowerOptions,
): Checked<Lowered> {
  const diagnostics: Diagnostic[] = [];
  const dialect: AsmDialect = target === 'arm64' ? 'AArch64' : 'X86_64';
  const symbols = symbolNames(dialect, program.locations);
  const labels = new LabelSource();
  const span = anySpan(program);
  const threads: AsmThread[] = [];
  const registers = program.threads.map((thread, i): LoweredRegisters => {
    const out = new AsmEmitter(dialect, POOLS[target], labels, span, diagnostics);
    const types = new Map(
      thread.registers.map((r) => [
        r.name,
        isLocation(r.initial) ? { bits: 64 as const, signed: true } : r.type,
      ]),
    );
    const backend =
      target === 'arm64'
        ? new Arm64Backend(out, types, options.atomics)
        : new X86Backend(out, types, symbols);
    const observed = program.observed.flatMap((o) =>
      o.kind === 'register' && o.thread === i ? [o.name] : [],
    );
    const lowered = new ThreadLowering(thread, target, out, backend).run(new Set(observed));
    threads.push({ name: `P${i}`, nameSpan: span, lines: out.lines });
    return lowered;
  });
  const frame = new FrameWriter(program, dialect, symbols, registers, threads, span);
  const { quantifier, proposition } = program.condition;
  const assembly: AsmLitmus = {
    dialect,
    name: program.name,
    nameSpan: span,
    comment: '',
    init: frame.init(),
    locations: frame.locations(),
    filter: program.filter === null ? null : frame.proposition(program.filter),
    condition: { quantifier, proposition: frame.proposition(proposition), span },
    threads: renumberLabels(threads),
  };
  const cells = new Map([...symbols].map(([location, name]) => [name, location]));
  return checked({ assembly, cells, registers }, diagnostics);
}
