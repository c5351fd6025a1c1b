/**
 * Edits of a test's text: what a mutation or a repair is before it is parsed again.
 *
 * First step of regress/. All else in the file, comments and layout, stays as it was written, so that a diff shows what is meant
 * and nothing more, and a changed test goes through the same pipeline as one from a user.
 */
import { invariant } from '../text/diagnostic.js';
import type { SourceFile, Span } from '../text/source.js';

/** `[start, end)` of the text is replaced. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function replaceSpan({ start, end }: Span, text: string): TextEdit {
  return { start, end, text };
}

export function insertAt(offset: number, text: string): TextEdit {
  return { start: offset, end: offset, text };
}

/**
 * Whether edits touch the same characters, so that they cannot be made together. Insertions at one place can, and what is removed
 * may be removed twice.
 */
export function overlap(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some((one) =>
    b.some(
      (other) => one.start < other.end && other.start < one.end && (one.text !== '' || other.text !== ''),
    ),
  );
}

/** The file with all the edits; what is inserted at one place is in the order of the list, and has the file's line breaks. */
export function applyEdits(source: SourceFile, edits: readonly TextEdit[]): SourceFile {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const lineBreak = /\r?\n/.exec(source.text)?.[0] ?? '\n';
  let text = '';
  let done = 0;
  for (const edit of ordered) {
    invariant(edit.start >= done || edit.text === '', 'edits do not overlap');
    text += source.text.slice(done, Math.max(done, edit.start)) + edit.text.replace(/\r?\n/g, lineBreak);
    done = Math.max(done, edit.end);
  }
  return { name: source.name, text: text + source.text.slice(done) };
}

/** Where the line of an offset starts. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line of an offset ends: at its line break, or at the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

/** Where the next line starts; the end of the text behind the last one. */
export function nextLineStart(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** The blanks that a line begins with. */
export function indentationAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))![0];
}

/** Whether nothing but blanks stands before an offset in its line. */
export function isFirstInLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

const onlyComment = /^[ \t\r]*(?:\/\/.*|(?:\/\*(?:[^*]|\*(?!\/))*\*\/[ \t\r]*)+)?$/;

/** Removes a statement: with its line, and a comment behind it, if it has the line to itself; else with the blanks on one side. */
export function removeStatement({ file, start, end }: Span): TextEdit {
  const { text } = file;
  const rest = text.slice(end, lineEnd(text, end));
  if (isFirstInLine(text, start) && onlyComment.test(rest)) {
    const from = lineStart(text, start);
    const to = nextLineStart(text, end);
    return { start: from, end: to, text: '' };
  }
  if (rest.trim() !== '') return { start, end: end + /^[ \t]*/.exec(rest)![0].length, text: '' };
  const blanks = /[ \t]*$/.exec(text.slice(lineStart(text, start), start))![0].length;
  return { start: start - blanks, end, text: '' };
}

const lineComment = /\/\*[\s\S]*?\*\/|\/\/.*/g;

/** Code on one line, without comments and the semicolon at its end. */
export function oneLine(text: string): string {
  return text
    .replace(lineComment, ' ')
    .replace(/\s+/g, ' ')
    .replace(/[\s;]+$/, '')
    .trim();
}
