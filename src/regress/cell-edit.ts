/** Edits of tables, sketches and assembly: a cell changes and the columns stay straight if there is room. */
import { type SourceFile, type Span, spanOf } from '../text/source.js';
import { lineEnd, lineStart, nextLineStart, type TextEdit } from './text-edit.js';

/** Where the code of a row ends and its comment begins, if it has one. */
function codeEnd(line: string): number {
  const at = line.search(/\/\/|\/\*|\(\*/);
  return at < 0 ? line.length : at;
}

/** Whether more than blanks follows in the row. */
function isFollowed(text: string, offset: number): boolean {
  const rest = text.slice(offset, lineEnd(text, offset));
  return rest.slice(0, codeEnd(rest)).trim() !== '';
}

/** A part of a cell replaced; blanks behind the cell make up for the difference in length. `end`: where the cell's code ends. */
export function replaceInCell({ file, start, end }: Span, replacement: string, cellEnd: number): TextEdit[] {
  const edit = { start, end, text: replacement };
  const growth = replacement.length - (end - start);
  if (growth === 0 || !isFollowed(file.text, cellEnd)) return [edit];
  if (growth < 0) return [edit, { start: cellEnd, end: cellEnd, text: ' '.repeat(-growth) }];
  const blanks = /^ */.exec(file.text.slice(cellEnd))![0].length;
  const eaten = Math.min(growth, Math.max(0, blanks - 1));
  return eaten === 0 ? [edit] : [edit, { start: cellEnd, end: cellEnd + eaten, text: '' }];
}

/** The cell empty; the whole row gone if nothing else is in it. */
export function clearCell({ file, start, end }: Span): TextEdit[] {
  const { text } = file;
  const from = lineStart(text, start);
  const to = lineEnd(text, end);
  const others = text.slice(from, start) + text.slice(end, to);
  if (/^[\s|;]*$/.test(others)) return [{ start: from, end: nextLineStart(text, to), text: '' }];
  return [{ start, end, text: isFollowed(text, end) ? ' '.repeat(end - start) : '' }];
}

/**
 * A new row above the one of `below`, empty but for a cell in its column. The separators stand where those of that row do, unless
 * the cell needs the room.
 */
export function rowAbove(below: Span, cell: string): TextEdit {
  const { file, start } = below;
  const { text } = file;
  const from = lineStart(text, start);
  const line = text.slice(from, lineEnd(text, start));
  const column = start - from;
  const blank = (part: string): string => part.replace(/[^\s|]/g, ' ');
  const code = line.slice(0, codeEnd(line));
  const separator = code.slice(column).search(/[|;]/);
  const before = blank(code.slice(0, column));
  if (separator < 0) return { start: from, end: from, text: `${before}${cell}\n` };
  const rest = code.slice(column + separator).trimEnd();
  const width = separator;
  const room = cell.length < width ? ' '.repeat(width - cell.length) : ' ';
  const isEnd = rest.endsWith(';');
  const after = `${blank(isEnd ? rest.slice(0, -1) : rest)}${isEnd ? ';' : ''}`;
  return { start: from, end: from, text: `${before}${cell}${room}${after.trimEnd()}\n` };
}

/** A span of a file's offsets that a match within a text gives. */
export function spanWithin(file: SourceFile, start: number, part: string): Span {
  return spanOf(file, start, start + part.length);
}
