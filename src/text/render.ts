/** Renders diagnostics for people: `file:line:col`, the line, a caret under the span, notes and hint. */
import type { Diagnostic } from './diagnostic.js';
import { lineText, positionAt, type Span } from './source.js';
import { inColumns, visible } from './visible.js';

/** Colour functions for the parts of a rendered diagnostic; identity where colours are off. */
export interface Palette {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly note: (text: string) => string;
  readonly strong: (text: string) => string;
}

const identity = (text: string): string => text;

export const plainPalette: Palette = { error: identity, warning: identity, note: identity, strong: identity };

const TAB = '        ';
const MAX_WIDTH = 160;

/** Control characters would move the caret or the terminal. */
function printable(text: string): string {
  return inColumns(text.replace(/\t/g, TAB).replace(/[\n\r]/g, '\ufffd'));
}

function excerpt(span: Span, paint: (text: string) => string): string[] {
  const from = positionAt(span.file, span.start);
  const to = positionAt(span.file, Math.max(span.start, span.end - 1));
  const line = lineText(span.file, from.line);
  const lastColumn = to.line === from.line ? to.column : Math.max(from.column, line.length);
  const before = printable(line.slice(0, from.column - 1));
  const marked = printable(line.slice(from.column - 1, lastColumn));
  const after = printable(line.slice(lastColumn));
  const cut = Math.max(0, before.length - MAX_WIDTH / 2);
  const shown = (before.slice(cut) + marked + after).slice(0, MAX_WIDTH);
  const width = Math.max(1, Math.min(marked.length, MAX_WIDTH - (before.length - cut)));
  const number = String(from.line);
  const gutter = ' '.repeat(number.length);
  return [
    ` ${number} | ${shown}`.trimEnd(),
    ` ${gutter} | ${' '.repeat(before.length - cut)}${paint('^'.repeat(width))}`,
  ];
}

function place(span: Span): string {
  const { line, column } = positionAt(span.file, span.start);
  return `${visible(span.file.name)}:${line}:${column}`;
}

/** One diagnostic as lines of text, without a trailing newline. */
export function renderDiagnostic(diagnostic: Diagnostic, palette: Palette = plainPalette): string {
  const paint = diagnostic.severity === 'error' ? palette.error : palette.warning;
  const head = `${paint(diagnostic.severity)}: ${palette.strong(visible(diagnostic.message))} [${diagnostic.code}]`;
  const lines = diagnostic.span === null ? [head] : [`${place(diagnostic.span)}: ${head}`];
  if (diagnostic.span !== null) lines.push(...excerpt(diagnostic.span, paint));
  for (const note of diagnostic.notes) {
    lines.push(
      `  ${palette.note('note')}: ${note.span === null ? '' : `${place(note.span)}: `}${visible(note.message)}`,
    );
    if (note.span !== null) lines.push(...excerpt(note.span, palette.note));
  }
  if (diagnostic.hint !== null) lines.push(`  ${palette.note('hint')}: ${visible(diagnostic.hint)}`);
  return lines.join('\n');
}

/** All diagnostics, in order, separated by line breaks. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  palette: Palette = plainPalette,
): string {
  return diagnostics.map((d) => renderDiagnostic(d, palette)).join('\n');
}
