/** What is wrong with an input, as plain data of the library: places as lines and columns, and the text for people. */
import type { Diagnostic } from '../text/diagnostic.js';
import { renderDiagnostic } from '../text/render.js';
import { positionAt, type Span } from '../text/source.js';

/** Where in a text: lines and columns from 1. */
export interface TextPlace {
  /** The name that the text was given. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** The column after the last. */
  readonly endColumn: number;
}

/** One thing that is wrong with an input, or worth a remark. */
export interface LitmusDiagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable, for programs: `unknown-name`. */
  readonly code: string;
  /** One line, for people. */
  readonly message: string;
  /** Null: about no place in particular. */
  readonly place: TextPlace | null;
  /** What to do about it: ``did you mean `blocked_on`?`` */
  readonly hint: string | null;
  /** Further places, and what is there. */
  readonly notes: readonly { readonly message: string; readonly place: TextPlace | null }[];
  /** All of it as lines for people, with the line of the input and a caret; without a line break at the end. */
  readonly text: string;
}

export function placeOfSpan(span: Span | null): TextPlace | null {
  if (span === null) return null;
  const { file, start, end } = span;
  const [from, to] = [positionAt(file, start), positionAt(file, end)];
  return {
    file: file.name,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
  };
}

export function toLitmusDiagnostic(diagnostic: Diagnostic): LitmusDiagnostic {
  const { severity, code, message, span, hint, notes } = diagnostic;
  return {
    severity,
    code,
    message,
    place: placeOfSpan(span),
    hint,
    notes: notes.map((note) => ({ message: note.message, place: placeOfSpan(note.span) })),
    text: renderDiagnostic(diagnostic),
  };
}

export function toLitmusDiagnostics(diagnostics: readonly Diagnostic[]): readonly LitmusDiagnostic[] {
  return diagnostics.map(toLitmusDiagnostic);
}
