/**
 * Compiles a kernel-C program to assembly by Linux's own primitive-to-instruction table (arm64.ts, x86.ts).
 *
 * Pipeline: IR of dialect lkmm -> AsmLitmus.
 */

import type { Program } from '../program/ir.js';
import type { Location } from '../program/value.js';
import type { AsmDialect, AsmLitmus, AsmOperand, AsmThread } from '../syntax/asm-tree.js';
import { type Checked, checked, type Diagnostic, hasErrors } from '../text/diagnostic.js';
import { type Span, spanOf } from '../text/source.js';
import { LabelSource } from './emitter.js';
import { FrameWriter, type LoweredRegisters } from './frame.js';
import { symbolNames } from './names.js';
import { type LowerOptions, type LowerTarget, lowerThread } from './thread.js';

export type { LowerOptions, LowerTarget } from './thread.js';

export const defaultLowerOptions: LowerOptions = { atomics: 'lse' };

export interface Lowered {
  readonly assembly: AsmLitmus;
  /** The C cell of each symbol. */
  readonly cells: ReadonlyMap<string, Location>;
  /** By thread. */
  readonly registers: readonly LoweredRegisters[];
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
  const span = anySpan(program);
  const threads: AsmThread[] = [];
  const context = { target, dialect, options, symbols, labels: new LabelSource(), start: span };
  const registers = program.threads.map((thread, i): LoweredRegisters => {
    const observed = program.observed.flatMap((o) =>
      o.kind === 'register' && o.thread === i ? [o.name] : [],
    );
    const lowered = lowerThread(thread, new Set(observed), context, diagnostics);
    threads.push({ name: `P${i}`, nameSpan: span, lines: lowered.lines });
    return lowered.registers;
  });
  if (hasErrors(diagnostics)) return { value: null, diagnostics };
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
