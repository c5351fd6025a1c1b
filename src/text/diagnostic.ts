/**
 * Diagnostics are data: what is wrong, where, and what to do about it.
 *
 * Passes return `Checked<T>`; user input never throws. `invariant` marks our own bugs.
 */
import type { Span } from './source.js';

export type Severity = 'error' | 'warning';

/** A secondary remark of a diagnostic, with its own place if it has one. */
export interface Note {
  readonly message: string;
  readonly span: Span | null;
}

/**
 * One problem in the user's input.
 *
 * `code` is stable, kebab-case and searchable (`unknown-name`); `message` says what was found against what was
 * expected; `hint` proposes a repair ("did you mean `blocked_on`?").
 */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly span: Span | null;
  readonly notes: readonly Note[];
  readonly hint: string | null;
}

/** A pass's result: `value` is null exactly if some diagnostic is an error. */
export interface Checked<T> {
  readonly value: T | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface DiagnosticExtras {
  readonly hint?: string | null;
  readonly notes?: readonly Note[];
}

export function errorAt(
  span: Span | null,
  code: string,
  message: string,
  extras: DiagnosticExtras = {},
): Diagnostic {
  return { severity: 'error', code, message, span, notes: extras.notes ?? [], hint: extras.hint ?? null };
}

export function warningAt(
  span: Span | null,
  code: string,
  message: string,
  extras: DiagnosticExtras = {},
): Diagnostic {
  return { severity: 'warning', code, message, span, notes: extras.notes ?? [], hint: extras.hint ?? null };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}

/** A value with its warnings, or null if one of the diagnostics is an error. */
export function checked<T>(value: T, diagnostics: readonly Diagnostic[]): Checked<T> {
  return { value: hasErrors(diagnostics) ? null : value, diagnostics };
}

/** A failed internal assumption: always our bug, never the user's. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Makes a switch over a tagged union exhaustive at compile time. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected value: ${JSON.stringify(value)}`);
}
