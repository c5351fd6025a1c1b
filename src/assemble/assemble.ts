/**
 * Assembly litmus tests to the IR, with the architecture's tags (dialects arm64 and x86).
 *
 * Every jump is a branch whose control dependency never ends (`join` null): assembly has no structured joins. The last
 * instructions of each thread convert the observed registers to their declared types; they are no events.
 */

import { showCondition } from '../program/condition-text.js';
import type {
  Condition,
  Instruction,
  Observable,
  Program,
  Proposition,
  RegisterDeclaration,
  SourceRef,
  Thread,
} from '../program/ir.js';
import { canonical, INT32, INT64, type IntType, type Location, wrapTo } from '../program/value.js';
import type { AsmInstruction, AsmLine, AsmLitmus, AsmThread } from '../syntax/asm-tree.js';
import type { PropositionTree } from '../syntax/condition-tree.js';
import { type Checked, checked, type Diagnostic, hasErrors } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { ConditionReader, finalRegister } from './asm-condition.js';
import { type AsmFrame, readFrame } from './asm-frame.js';
import { type AsmContext, type Needs, noNeeds, register, ThreadBuilder } from './asm-thread.js';
import { unwrittenRegisters } from './asm-unwritten.js';
import { assembleArm64 } from './assemble-arm64.js';
import { assembleX86 } from './assemble-x86.js';

/** A register whose final value is wanted: `dst` gets `register` converted to `type` when the thread ends. */
export interface FinalAssignment {
  readonly register: string;
  readonly dst: string;
  readonly type: IntType;
}

export interface AssembledThreads {
  readonly frame: AsmFrame;
  readonly locations: readonly Location[];
  readonly threads: readonly Thread[];
}

function assembleOne(context: AsmContext, instruction: AsmInstruction, builder: ThreadBuilder): void {
  if (context.dialect === 'AArch64') assembleArm64(builder, instruction);
  else assembleX86(builder, instruction);
}

function runPass(context: AsmContext, frame: AsmFrame, index: number, needs: Needs): ThreadBuilder {
  const builder = new ThreadBuilder(context, index, frame.initial[index]!, needs);
  builder.build((b, instruction) => assembleOne(context, instruction, b));
  return builder;
}

function endOf(thread: AsmThread): Span {
  return thread.lines.at(-1)?.span ?? thread.nameSpan;
}

function assembleThread(
  context: AsmContext,
  thread: AsmThread,
  frame: AsmFrame,
  index: number,
  finals: readonly FinalAssignment[],
): Thread {
  const first = runPass({ ...context, diagnostics: [] }, frame, index, noNeeds);
  const wide = new Set(first.usedWide);
  for (const final of finals) if (final.type.bits === 64) wide.add(final.register);
  const { assigned, assignedCode } = first;
  const needs: Needs = {
    flags: first.usedFlags,
    wide,
    assigned: assignedCode.size === 0 ? assigned : new Set([...assigned, ...assignedCode]),
    given: first.given,
    pointers: new Set([...assignedCode].filter((name) => !assigned.has(name))),
  };
  const builder = runPass(context, frame, index, needs);
  const source: SourceRef = { text: '', span: endOf(thread), primitive: null, instruction: null };
  const epilogue = finals.map(
    ({ register: name, dst, type }): Instruction => ({
      kind: 'assign',
      dst,
      value: { kind: 'convert', operand: register(name), type },
      source,
    }),
  );
  const names = new Set([...builder.registers, ...finals.flatMap((f) => [f.register, f.dst])]);
  const registers = [...names].map((name): RegisterDeclaration => {
    const initial = frame.initial[index]!.get(name) ?? 0;
    return { name, type: INT64, initial };
  });
  return { index, name: thread.name, label: null, registers, code: [...builder.code, ...epilogue] };
}

/** Cells and threads alone; `known` are cells of another program to use, `finals` the final values wanted, by thread. */
export function assembleThreads(
  litmus: AsmLitmus,
  frame: AsmFrame,
  finals: readonly (readonly FinalAssignment[])[],
  diagnostics: Diagnostic[],
): AssembledThreads {
  const { dialect } = litmus;
  const { locations, code, stacks, untyped } = frame;
  const context: AsmContext = { dialect, locations, code, stacks, untyped, diagnostics };
  const threads = litmus.threads.map((thread, i) =>
    assembleThread(context, thread, frame, i, finals[i] ?? []),
  );
  return { frame, locations: [...locations.values()], threads };
}

/**
 * Gives cells of no declared type the size of the accesses to them, if these are all of one size and the initial value fits:
 * `LDR X0,[X1]` reads 64 bits of x. Cells accessed in several sizes stay `int`, and these accesses are refused.
 */
function inferSizes(litmus: AsmLitmus, frame: AsmFrame): void {
  const sizes = new Map<Location, Set<IntType['bits']>>();
  const onAccess = (cell: Location, bits: IntType['bits']): void => {
    const known = sizes.get(cell);
    if (known === undefined) sizes.set(cell, new Set([bits]));
    else known.add(bits);
  };
  const { dialect } = litmus;
  const { locations, code, stacks, untyped } = frame;
  const context: AsmContext = { dialect, locations, code, stacks, untyped, diagnostics: [], onAccess };
  litmus.threads.forEach((_, index) => {
    runPass(context, frame, index, noNeeds);
  });
  for (const [cell, value] of frame.untyped) {
    const [bits, ...more] = sizes.get(cell) ?? [32];
    if (bits === undefined || bits === 32 || more.length > 0) continue;
    const type: IntType = { bits, signed: bits === 64 };
    const initial = wrapTo(canonical(value), type);
    if (bits < 32 && BigInt(initial) !== value) continue;
    Object.assign(cell, { type, initial });
  }
}

/** Whether an instruction accesses memory in another size than that of `int`. */
function accessesOtherSizes(line: AsmLine): boolean {
  if (line.kind === 'label' || !line.operands.some(({ kind }) => kind === 'memory')) return false;
  return (
    /[bhqw]$/.test(line.mnemonic) ||
    line.operands.some((operand) => operand.kind === 'register' && operand.bits !== 32)
  );
}

/** What the condition observes of each thread, in its declared types. */
function finalsOf(observed: readonly Observable[], frame: AsmFrame, threads: number): FinalAssignment[][] {
  const finals: FinalAssignment[][] = Array.from({ length: threads }, () => []);
  for (const observable of observed) {
    if (observable.kind !== 'register') continue;
    const { thread, name } = observable;
    const register = name.slice(finalRegister('').length);
    finals[thread]!.push({ register, dst: name, type: frame.types[thread]!.get(register) ?? INT32 });
  }
  return finals;
}

/** A test that uses what is out of scope does so in many places: the first refusal of each kind is enough. */
function oncePerFeature(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ message }) => {
    const feature = /^unsupported: ([^:]+):/.exec(message)?.[1];
    if (feature === undefined) return true;
    const isFirst = !seen.has(feature);
    seen.add(feature);
    return isFirst;
  });
}

/** The program of an assembly litmus test. */
export function assemble(litmus: AsmLitmus): Checked<Program> {
  const diagnostics: Diagnostic[] = [];
  const frame = readFrame(litmus, null, diagnostics);
  if (litmus.threads.some(({ lines }) => lines.some(accessesOtherSizes))) inferSizes(litmus, frame);
  const reader = new ConditionReader(litmus, frame, diagnostics);
  for (const place of litmus.locations) reader.observeLocation(place);
  if (litmus.condition !== null) reader.observeAll(litmus.condition.proposition);
  if (litmus.filter !== null) reader.observeAll(litmus.filter);
  const observed = reader.finish();
  const { locations, threads } = assembleThreads(
    litmus,
    frame,
    finalsOf(observed, frame, litmus.threads.length),
    diagnostics,
  );
  // What was refused may be what writes it.
  if (!hasErrors(diagnostics))
    diagnostics.push(...unwrittenRegisters(litmus.dialect, reader.asked, threads, frame.initial));
  const quantifier = litmus.condition?.quantifier ?? 'forall';
  // Names that are wrong have been reported; resolving would report them again.
  const resolve = (tree: PropositionTree | undefined): Proposition =>
    tree === undefined || hasErrors(diagnostics) ? { kind: 'constant', value: true } : reader.resolve(tree);
  const proposition = resolve(litmus.condition?.proposition);
  const condition: Condition = {
    quantifier,
    proposition,
    text: showCondition(quantifier, proposition, observed),
  };
  const program: Program = {
    name: litmus.name,
    dialect: litmus.dialect === 'AArch64' ? 'arm64' : 'x86',
    locations,
    threads,
    observed,
    condition,
    filter: litmus.filter === null ? null : resolve(litmus.filter),
  };
  return checked(program, oncePerFeature(diagnostics));
}
