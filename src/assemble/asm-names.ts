/** What the init block and the condition of an assembly test call by name: threads, registers, labels. */
import { parseRegister, strangeRegister } from '../syntax/asm-registers.js';
import type { AsmLitmus, AsmThread } from '../syntax/asm-tree.js';
import type { LabelTree, RegisterTree } from '../syntax/condition-tree.js';
import { registerHint } from '../syntax/x86-memory.js';
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';
import type { CodeMap } from './asm-code.js';

/** The index of the thread that a condition calls `0`, `P0` or by its name; -1 if there is none. */
export function threadIndex(threads: readonly AsmThread[], name: string): number {
  const byName = threads.findIndex((thread) => thread.name === name);
  if (byName >= 0) return byName;
  return /^\d+$/.test(name) && Number(name) < threads.length ? Number(name) : -1;
}

/** A thread by its name or number; null after a report. */
export function resolveThread(
  { threads }: AsmLitmus,
  tree: { readonly thread: string; readonly span: Span },
  diagnostics: Diagnostic[],
): number | null {
  const thread = threadIndex(threads, tree.thread);
  if (thread >= 0) return thread;
  const names = threads.map((t) => t.name).join(', ');
  const message = `there is no thread \`${tree.thread}\`: the test has ${names}`;
  diagnostics.push(errorAt(tree.span, 'unknown-thread', message));
  return null;
}

/** A thread and one of its registers; null after reporting why not. */
export function resolveRegister(
  litmus: AsmLitmus,
  tree: RegisterTree,
  diagnostics: Diagnostic[],
): { readonly thread: number; readonly name: string } | null {
  const thread = resolveThread(litmus, tree, diagnostics);
  const view = parseRegister(litmus.dialect, tree.name);
  if (thread === null) return null;
  if (view === null) {
    const message = `\`${tree.name}\` is not a register of ${litmus.dialect}`;
    const hint = litmus.dialect === 'AArch64' ? strangeRegister(tree.name) : registerHint(tree.name);
    diagnostics.push(errorAt(tree.span, 'unknown-register', message, { hint }));
    return null;
  }
  return { thread, name: view.name };
}

/** `report` says whether it is an error. */
export function unknownLabel(
  { threads }: AsmLitmus,
  code: CodeMap,
  thread: number,
  { name, span }: LabelTree,
  report: typeof errorAt,
): Diagnostic {
  const message = `${threads[thread]!.name} has no label \`${name}\``;
  return report(span, 'unknown-label', message, { hint: code.hintFor(thread, name) });
}
