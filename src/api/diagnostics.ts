/** What is wrong with an input, as plain data of the library: places as lines and columns, and the text for people. */
import type { Place } from '../check/check-report.js';
import { placeOf } from '../check/expected.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { renderDiagnostic } from '../text/render.js';
import type { Span } from '../text/source.js';

/** One thing that is wrong with an input, or worth a remark. */
export interface LitmusDiagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable, for programs: `unknown-name`. */
  readonly code: string;
  /** One line, for people. */
  readonly message: string;
  /** Null: about no place in particular. */
  readonly place: Place | null;
  /** What to do about it: did you mean `blocked_on`? */
  readonly hint: string | null;
  /** Further places, and what is there. */
  readonly notes: readonly { readonly message: string; readonly place: Place | null }[];
  /** All of it as lines for people, with the line of the input and a caret; without a line break at the end. */
  readonly text: string;
}

function placeOfSpan(span: Span | null): Place | null {
  return span === null ? null : placeOf(span);
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
