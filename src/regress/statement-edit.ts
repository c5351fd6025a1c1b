/** Statements that are put beside another one in kernel C, in the layout of the file. */
import type { Span } from '../text/source.js';
import { indentationAt, insertAt, isFirstInLine, lineEnd, type TextEdit } from './text-edit.js';

export function before({ file, start }: Span, statement: string): TextEdit {
  if (!isFirstInLine(file.text, start)) return insertAt(start, `${statement} `);
  return insertAt(start, `${statement}\n${indentationAt(file.text, start)}`);
}

/** Whether nothing, or a comment, is left of the line behind an offset. */
function isLastInLine(text: string, offset: number): boolean {
  const rest = text.slice(offset, lineEnd(text, offset)).trim();
  return rest === '' || /^(?:\/\/|\/\*)/.test(rest);
}

export function behind({ file, start, end }: Span, statement: string): TextEdit {
  const { text } = file;
  if (!isLastInLine(text, end)) return insertAt(end, ` ${statement}`);
  return insertAt(lineEnd(text, end), `\n${indentationAt(text, start)}${statement}`);
}

/** The statement of a branch in braces, with another one before or behind it. Two of these edits can be made together. */
export function inBraces(
  { file, start, end }: Span,
  statement: string,
  isBefore: boolean,
): readonly TextEdit[] {
  const { text } = file;
  const head = text.slice(0, start).trimEnd().length;
  const hasLines = isFirstInLine(text, start) && isLastInLine(text, end);
  if (!hasLines || !/(?:\)|\belse|\bdo)$/.test(text.slice(0, head)))
    return isBefore
      ? [insertAt(start, `{ ${statement} `), insertAt(end, ' }')]
      : [insertAt(start, '{ '), insertAt(end, ` ${statement} }`)];
  const indentation = indentationAt(text, start);
  const close = `\n${/^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', head - 1) + 1))![0]}}`;
  const opened = insertAt(head, ' {');
  const closed = insertAt(lineEnd(text, end), isBefore ? close : `\n${indentation}${statement}${close}`);
  return isBefore ? [opened, insertAt(start, `${statement}\n${indentation}`), closed] : [opened, closed];
}
