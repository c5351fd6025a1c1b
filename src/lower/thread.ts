/**
 * Compiles one thread: control structure and waiting, which are the same for all targets, and the registers that it may use.
 *
 * A wait (`assume`) becomes a loop around the load that it waits for. Each line carries the C statement that it comes from.
 */

import { visitLeaves } from '../program/expressions.js';
import type { Expr, Instruction, RmwInstruction, StoreInstruction, Thread } from '../program/ir.js';
import { isLocation, type Location } from '../program/value.js';
import { tags as vocabulary } from '../program/vocabulary.js';
import type { AsmDialect, AsmLine } from '../syntax/asm-tree.js';
import type { Diagnostic } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { type Allocation, allocateRegisters, RegisterShortage } from './allocation.js';
import { Arm64Backend } from './arm64.js';
import type { Backend } from './backend.js';
import { AsmEmitter, type LabelSource } from './emitter.js';
import type { LoweredRegisters } from './frame.js';
import { expressionsOf, lifetimesOf } from './lifetimes.js';
import { type RegisterTypes, shiftsByRegister } from './shape.js';
import { isSymbol, X86Backend } from './x86.js';
import { COUNTER } from './x86-expressions.js';

export interface LowerOptions {
  /** Single-instruction atomics or exclusive pairs; AArch64 only. */
  readonly atomics: 'lse' | 'llsc';
}

export type LowerTarget = 'arm64' | 'x86';

/** What the threads of a program have in common. */
export interface LowerContext {
  readonly target: LowerTarget;
  readonly dialect: AsmDialect;
  readonly options: LowerOptions;
  readonly symbols: ReadonlyMap<Location, string>;
  readonly labels: LabelSource;
  /** Where to point if a thread has no instruction. */
  readonly start: Span;
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

  /** Everything that lives across a branch, and every address, has a register for good. */
  runPlainly(observed: ReadonlySet<string>): LoweredRegisters {
    const { thread, out } = this;
    const kept = new Set([
      ...observed,
      ...thread.registers.filter((r) => r.initial !== 0).map((r) => r.name),
    ]);
    const { permanent, dying } = lifetimesOf(thread, kept, new Set(this.labels.keys()));
    for (const instruction of thread.code)
      for (const location of this.addressesOf(instruction)) out.addressOf(location);
    for (const name of permanent) out.home(name);
    const homes = new Map(permanent.map((name) => [name, out.home(name)]));
    this.lowerCode((i) => {
      for (const name of dying[i]!) if (out.homeOf(name) !== null) out.release(name);
    });
    return { homes, addresses: out.addresses };
  }

  /** As few registers as do. */
  runTightly(observed: ReadonlySet<string>, pool: readonly string[]): LoweredRegisters {
    const { thread, out, waits } = this;
    const addressesOf = (instruction: Instruction) => this.addressesOf(instruction);
    const found = allocateRegisters({ thread, pool, observed, addressesOf, waits });
    if (found instanceof RegisterShortage) {
      const asked = `the condition asks for ${observed.size} of its registers, which are kept to the end`;
      out.exhaust(thread.code[found.at]?.source.span ?? out.span, observed.size > 8 ? asked : undefined);
      return { homes: new Map(), addresses: new Map() };
    }
    out.preassign(found.homes, found.addresses);
    out.vacate(found.free[0] ?? []);
    this.lowerCode((i) => out.vacate(found.free[i + 1] ?? []));
    return { homes: lastingHomes(found, observed), addresses: found.addresses };
  }

  private lowerCode(after: (instruction: number) => void): void {
    const { thread, out } = this;
    let merged = false;
    thread.code.forEach((instruction, i) => {
      out.begin(instruction.source, 'type' in instruction ? instruction.type.signed : true);
      const label = this.labels.get(i);
      if (label !== undefined) out.label(label);
      if (merged) merged = false;
      else merged = this.lowerOne(instruction, i);
      after(i);
    });
    this.finish();
  }

  /** The addresses that an instruction needs as values; x86 names a cell in the instruction. */
  private addressesOf(instruction: Instruction): readonly Location[] {
    const found = new Set<Location>();
    const { address, others } = expressionsOf(instruction);
    const direct = this.target === 'x86' && address !== null && isSymbol(address);
    const visit = { location: (location: Location) => void found.add(location) };
    for (const expr of address === null || direct ? others : [address, ...others]) visitLeaves(expr, visit);
    return [...found];
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
    return this.out.deadEnd();
  }

  /** The label of the thread's end, and the endless loop for waits on what cannot change or is not modelled. */
  private finish(): void {
    const { out, backend, labels, thread } = this;
    let end = labels.get(thread.code.length) ?? null;
    const deadEnd = out.usedDeadEnd;
    if (deadEnd !== null) {
      end ??= out.freshLabel();
      backend.jump(end);
      out.label(deadEnd);
      backend.jump(deadEnd);
    }
    if (end !== null) out.label(end);
  }
}

/** The registers that the init block and the condition speak of. */
function lastingHomes(
  { homes, liveAtStart }: Allocation,
  observed: ReadonlySet<string>,
): Map<string, string> {
  return new Map([...homes].filter(([name]) => observed.has(name) || liveAtStart.has(name)));
}

export interface LoweredThread {
  readonly lines: readonly AsmLine[];
  readonly registers: LoweredRegisters;
}

/** Compiles a thread, of which the condition asks for the registers `observed`. */
export function lowerThread(
  thread: Thread,
  observed: ReadonlySet<string>,
  context: LowerContext,
  diagnostics: Diagnostic[],
): LoweredThread {
  const { target, dialect, options, symbols, labels } = context;
  const types: RegisterTypes = new Map(
    thread.registers.map((r) => [
      r.name,
      isLocation(r.initial) ? { bits: 64 as const, signed: true } : r.type,
    ]),
  );
  const start = thread.code[0]?.source.span ?? context.start;
  const attempt = (run: (lowering: ThreadLowering) => LoweredRegisters, pool: readonly string[]) => {
    const out = new AsmEmitter(dialect, pool, labels, start);
    const backend =
      target === 'arm64'
        ? new Arm64Backend(out, types, options.atomics)
        : new X86Backend(out, types, symbols);
    const registers = run(new ThreadLowering(thread, target, out, backend));
    return { out, registers };
  };
  const shifts = (instruction: Instruction): boolean => {
    const { address, others } = expressionsOf(instruction);
    return others.some(shiftsByRegister) || (address !== null && shiftsByRegister(address));
  };
  const isReserved = (name: string): boolean =>
    target === 'x86' && name === COUNTER && thread.code.some(shifts);
  const pool = POOLS[target].filter((name) => !isReserved(name));
  const plain = attempt((lowering) => lowering.runPlainly(observed), pool);
  // cmpxchg takes rax
  const spare = target === 'x86' && !thread.code.some(({ kind }) => kind === 'rmw') ? ['rax'] : [];
  const all = [...pool, ...spare];
  const { out, registers } = plain.out.isExhausted
    ? attempt((lowering) => lowering.runTightly(observed, all), all)
    : plain;
  diagnostics.push(...out.diagnostics);
  return { lines: out.lines, registers };
}
