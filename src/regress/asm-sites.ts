/** The sites of an assembly test: barriers, ordered accesses and atomics of AArch64, fences and the LOCK prefix of x86. */
import type { AsmDialect, AsmInstruction, AsmLitmus } from '../syntax/asm-tree.js';
import { spanText } from '../text/source.js';
import { isBarrier, type OtherInstruction, otherForms } from './asm-ladders.js';
import { clearCell, replaceInCell } from './cell-edit.js';
import type { Change, Site } from './site.js';
import { oneLine } from './text-edit.js';

/** As the file writes its instructions: `DMB ISH` or `dmb ish`. */
export function inCaseOf(written: string, text: string): string {
  return /[A-Z]/.test(written.replace(/^\s*lock\b/i, '').split(/[\s,]/)[0] ?? '') || /^[A-Z]+$/.test(written)
    ? text.toUpperCase()
    : text;
}

/** What is written in front of the operands that stay: prefix and mnemonic, of a barrier all. */
function headOf(text: string, isWhole: boolean): string {
  if (isWhole) return text.trimEnd();
  return /^(?:lock\s*;?\s*)?[A-Za-z][\w.]*/i.exec(text)![0];
}

/** The instruction with another name. */
export function withForm(instruction: AsmInstruction, form: OtherInstruction): Change {
  const { span } = instruction;
  const text = spanText(span);
  const isFence = /\s/.test(form.text) || instruction.operands.every(({ kind }) => kind === 'word');
  const head = headOf(text, isFence);
  const name = inCaseOf(text.replace(/^lock\s*;?\s*/i, ''), form.text);
  const prefix = form.locked ? `${inCaseOf(text, 'lock')} ` : '';
  const written = `${prefix}${name}`;
  const { file, start } = span;
  return { to: written, edits: replaceInCell({ file, start, end: start + head.length }, written, span.end) };
}

function instructionSite(dialect: AsmDialect, instruction: AsmInstruction, thread: string): Site | null {
  const { span, mnemonic, operands } = instruction;
  const weaker = otherForms(dialect, instruction, true).map((form) => withForm(instruction, form));
  if (isBarrier(dialect, instruction)) weaker.push({ to: null, edits: clearCell(span) });
  const statement = oneLine(spanText(span));
  const isLockedAnyway =
    dialect !== 'AArch64' && /^xchg/.test(mnemonic) && operands.some(({ kind }) => kind === 'memory');
  if (weaker.length === 0 && !isLockedAnyway) return null;
  const primitive = isBarrier(dialect, instruction) ? statement : headOf(statement, false);
  return { thread, span, statement, primitive, ends: [], weaker };
}

/** All sites of an assembly test, thread by thread. */
export function asmSites({ dialect, threads }: AsmLitmus): Site[] {
  return threads.flatMap(({ name, lines }) =>
    lines.flatMap((line) => {
      const site = line.kind === 'instruction' ? instructionSite(dialect, line, name) : null;
      return site === null ? [] : [site];
    }),
  );
}
