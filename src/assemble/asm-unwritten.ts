/**
 * Registers that a condition asks about and that nothing gives a value: they are 0 at the end, as in herd7, whatever the threads do.
 * Mostly another register was meant, so it is a warning.
 */
import type { Instruction, Thread } from '../program/ir.js';
import { finalName } from '../syntax/asm-registers.js';
import type { AsmDialect } from '../syntax/asm-tree.js';
import { type Diagnostic, warningAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';

/** A register of a thread that the condition or the filter names, and where. */
export interface AskedRegister {
  readonly thread: number;
  readonly name: string;
  readonly span: Span;
}

function writtenBy(instruction: Instruction): readonly (string | null | undefined)[] {
  switch (instruction.kind) {
    case 'assign':
    case 'load':
      return [instruction.dst];
    case 'rmw':
      return [instruction.dst, instruction.swap?.second?.dst];
    case 'store-exclusive':
      return [instruction.status];
    default:
      return [];
  }
}

/** The registers of a thread that are given a value; those that only we need have names that begin with a dot. */
function givenRegisters({ code }: Thread, initial: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const names = [...code.flatMap(writtenBy), ...initial.keys()];
  return new Set(names.flatMap((name) => (name == null || name.startsWith('.') ? [] : [name])));
}

/** `initial`: by thread, the registers that the init block gives a value. */
export function unwrittenRegisters(
  dialect: AsmDialect,
  asked: readonly AskedRegister[],
  threads: readonly Thread[],
  initial: readonly ReadonlyMap<string, unknown>[],
): readonly Diagnostic[] {
  return asked.flatMap(({ thread, name, span }) => {
    const given = givenRegisters(threads[thread]!, initial[thread]!);
    if (given.has(name)) return [];
    const isAsked = (register: string): boolean =>
      asked.some((other) => other.thread === thread && other.name === register);
    // Of two that are as near, the one that nobody asks about is rather meant.
    const others = [...given].sort((a, b) => Number(isAsked(a)) - Number(isAsked(b)));
    const shown = finalName(dialect, name);
    const message = `\`${shown}\` is always 0: nothing in ${threads[thread]!.name} writes it`;
    const hint = didYouMean(
      shown,
      others.map((other) => finalName(dialect, other)),
    );
    return [warningAt(span, 'unwritten-register', message, { hint })];
  });
}
