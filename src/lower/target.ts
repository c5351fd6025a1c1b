/**
 * A kernel-C program as an architecture runs it: lowered, assembled again, and speaking C where people look.
 *
 * The program shares its cells with the C one, observes the C registers and asks the C condition; instructions keep the C
 * statement as their text and carry the assembly beside it.
 */

import { finalRegister } from '../assemble/asm-condition.js';
import { readFrame } from '../assemble/asm-frame.js';
import { assembleThreads, type FinalAssignment } from '../assemble/assemble.js';
import type { Observable, Program } from '../program/ir.js';
import { INT32 } from '../program/value.js';
import type { AsmLitmus } from '../syntax/asm-tree.js';
import { type Checked, checked, type Diagnostic } from '../text/diagnostic.js';
import {
  defaultLowerOptions,
  type Lowered,
  type LowerOptions,
  type LowerTarget,
  lowerProgram,
} from './lower.js';

export interface TargetProgram {
  readonly program: Program;
  readonly assembly: AsmLitmus;
}

function finalsOf(program: Program, lowered: Lowered): FinalAssignment[][] {
  return program.threads.map((thread, i) =>
    program.observed.flatMap((observable): FinalAssignment[] => {
      if (observable.kind !== 'register' || observable.thread !== i) return [];
      const { name } = observable;
      const type = thread.registers.find((r) => r.name === name)?.type ?? INT32;
      return [{ register: lowered.registers[i]!.homes.get(name)!, dst: finalRegister(name), type }];
    }),
  );
}

/** Lowers a program of dialect lkmm and assembles the result. */
export function programFor(
  program: Program,
  target: LowerTarget,
  options: LowerOptions = defaultLowerOptions,
): Checked<TargetProgram> {
  const lowered = lowerProgram(program, target, options);
  if (lowered.value === null) return { value: null, diagnostics: lowered.diagnostics };
  const { assembly, cells } = lowered.value;
  const diagnostics: Diagnostic[] = [...lowered.diagnostics];
  const frame = readFrame(assembly, cells, diagnostics);
  const { threads } = assembleThreads(assembly, frame, finalsOf(program, lowered.value), diagnostics);
  const observed = program.observed.map(
    (o): Observable => (o.kind === 'register' ? { ...o, name: finalRegister(o.name) } : o),
  );
  const named = threads.map((thread, i) => {
    const { name, label } = program.threads[i]!;
    return { ...thread, name, label };
  });
  return checked(
    { program: { ...program, dialect: target, threads: named, observed }, assembly },
    diagnostics,
  );
}
