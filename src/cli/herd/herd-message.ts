/**
 * Diagnostics as herd7 words them, for scripts that read its standard error: one line each, `File "x.litmus", line 3, characters 4-9: ...`,
 * columns from 0. `Unknown macro NAME (User error)` is what the kernel's scripts look for.
 */
import type { Diagnostic } from '../../text/diagnostic.js';
import { positionAt, type Span, spanText } from '../../text/source.js';

function place({ file, start, end }: Span): string {
  const from = positionAt(file, start);
  const to = positionAt(file, Math.max(start, end));
  // herd7 counts on from the first line's start.
  const width = to.line === from.line ? to.column - from.column : Math.max(1, end - start);
  const first = from.column - 1;
  return `File "${file.name}", line ${from.line}, characters ${first}-${first + width}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

/** A primitive that the kernel, or the macro file, has not. */
function isUnknownMacro({ code, span }: Diagnostic, file: string): boolean {
  return (code === 'unknown-primitive' || code === 'unsupported-primitive') && span?.file.name === file;
}

/** `file`: is named where the diagnostic names none. `macro`: what herd7 would call an unknown macro; null: nothing. */
export function herdMessage(diagnostic: Diagnostic, file: string, macro: string | null = null): string {
  const { span, severity, message, hint } = diagnostic;
  const where = span === null ? `File "${file}"` : place(span);
  const what = macro === null ? message : `Unknown macro ${macro} (User error): ${message}`;
  const text = `${where}: ${what}${hint === null ? '' : ` (${hint})`}`;
  return `${severity === 'warning' ? 'Warning: ' : ''}${oneLine(text)}`;
}

/** Of a test. herd7 stops at its first unknown macro; scripts take the name from the only line that has one. */
export function herdMessages(diagnostics: readonly Diagnostic[], file: string): string[] {
  const first = diagnostics.find((each) => isUnknownMacro(each, file));
  return diagnostics.map((each) =>
    herdMessage(each, file, each === first && each.span !== null ? spanText(each.span) : null),
  );
}
