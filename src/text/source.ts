/**
 * Source files and spans: where a piece of input text came from.
 *
 * First stage of the pipeline; everything that can be wrong later points back to a Span.
 */

/** An input text with the name it is reported under (a path, or `<stdin>`). */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** Half-open range `[start, end)` of UTF-16 offsets in `file.text`. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** One-based line and column of an offset. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function spanOf(file: SourceFile, start: number, end: number): Span {
  return { file, start, end };
}

/** The smallest span that covers both; they must be of the same file. */
export function joinSpans(a: Span, b: Span): Span {
  return { file: a.file, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

/** The text that a span covers. */
export function spanText(span: Span): string {
  return span.file.text.slice(span.start, span.end);
}

const lineStarts = new WeakMap<SourceFile, readonly number[]>();

function lineStartsOf(file: SourceFile): readonly number[] {
  let starts = lineStarts.get(file);
  if (starts === undefined) {
    const found = [0];
    for (let i = 0; i < file.text.length; i++) if (file.text.charCodeAt(i) === 10) found.push(i + 1);
    starts = found;
    lineStarts.set(file, starts);
  }
  return starts;
}

/** Line and column of an offset; an offset past the end is the position after the last character. */
export function positionAt(file: SourceFile, offset: number): Position {
  const starts = lineStartsOf(file);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** The text of a one-based line, without its line break. */
export function lineText(file: SourceFile, line: number): string {
  const starts = lineStartsOf(file);
  const start = starts[line - 1] ?? file.text.length;
  const next = starts[line] ?? file.text.length + 1;
  return file.text.slice(start, next - 1).replace(/\r$/, '');
}
