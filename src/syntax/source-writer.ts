/**
 * The output of a formatter: lines, with the comments of the source where they belong, and its blank lines, at most one at a time.
 *
 * The printers (print-*.ts) write the parts of a file in its order, each with `item`. Comments before a part get lines of their
 * own in front of it; those inside of it or behind it on its line follow it on its line, unless that would change where they
 * end (`//`) or what they look like (several lines): then they stand before it, too. So no comment is ever lost, and printing
 * what was printed changes nothing.
 */
import type { SourceFile } from '../text/source.js';
import type { Comment } from './comments.js';
import type { Range } from './layout.js';

const TAB = 8;

/** The column after `text`, which starts at column 0. */
function columnAfter(text: string): number {
  let column = 0;
  for (const character of text) column = character === '\t' ? column + TAB - (column % TAB) : column + 1;
  return column;
}

export class SourceWriter {
  private readonly lines: string[] = [];
  /** The first comment that is not written yet. */
  private next = 0;
  private depth = 0;
  /** At the start of a block, where no blank line belongs. */
  private opened = true;
  private blankWanted = false;

  constructor(
    private readonly source: SourceFile,
    private readonly comments: readonly Comment[],
    /** Up to here the source is dealt with. */
    private at: number,
  ) {
    this.skipTo(at);
  }

  private skipTo(offset: number): void {
    while ((this.comments[this.next]?.start ?? offset) < offset) this.next++;
  }

  /** Writes a line at the present depth, shifted by `shift`. */
  line(text: string, shift = 0): void {
    if (this.blankWanted && !this.opened) this.lines.push('');
    this.blankWanted = false;
    this.opened = false;
    this.lines.push(text === '' ? '' : '\t'.repeat(Math.max(0, this.depth + shift)) + text);
  }

  /** A blank line before the next line, unless a block begins there. */
  blank(): void {
    this.blankWanted = true;
  }

  indented(write: () => void): void {
    this.depth++;
    this.opened = true;
    write();
    this.depth--;
    this.opened = false;
    this.blankWanted = false;
  }

  /** The source is dealt with up to here: what comes next decides on blank lines from here on. */
  moveTo(offset: number): void {
    this.at = Math.max(this.at, offset);
  }

  private keepBlank(offset: number): void {
    if (/\n[ \t\r]*\n/.test(this.source.text.slice(this.at, offset))) this.blank();
    this.moveTo(offset);
  }

  private commentLines({ start, end }: Comment): string[] {
    const { text } = this.source;
    const lineStart = text.lastIndexOf('\n', start) + 1;
    const column = columnAfter(text.slice(lineStart, start));
    const [first = '', ...rest] = text.slice(start, end).split(/\r?\n/);
    const shifted = rest.map((line) => {
      const words = line.trim();
      const indent = columnAfter(/^[ \t]*/.exec(line)?.[0] ?? '') - column;
      return words === '' ? '' : ' '.repeat(Math.max(0, indent)) + words;
    });
    return [first.trimEnd(), ...shifted];
  }

  private writeComment(comment: Comment): void {
    this.keepBlank(comment.start);
    const [first = '', ...rest] = this.commentLines(comment);
    this.line(first);
    for (const text of rest) this.line(text);
    this.moveTo(comment.end);
  }

  /** Writes the comments that start before `offset`. */
  flush(offset: number): void {
    for (
      let c = this.comments[this.next];
      c !== undefined && c.start < offset;
      c = this.comments[this.next]
    ) {
      this.next++;
      this.writeComment(c);
    }
  }

  private isSameLine(from: number, to: number): boolean {
    return /^[ \t;,]*$/.test(this.source.text.slice(from, to));
  }

  /** The comments inside of a part and behind it on its line. */
  private takeBehind(end: number): Comment[] {
    const found: Comment[] = [];
    let from = end;
    for (let c = this.comments[this.next]; c !== undefined; c = this.comments[this.next]) {
      if (c.start >= from && !this.isSameLine(from, c.start)) break;
      found.push(c);
      from = Math.max(from, c.end);
      this.next++;
    }
    return found;
  }

  private fitsBehind(comments: readonly Comment[]): boolean {
    const { text } = this.source;
    return comments.every(
      ({ start, end }, i) =>
        !text.slice(start, end).includes('\n') &&
        (i === comments.length - 1 || !text.startsWith('//', start)),
    );
  }

  /** A comment behind the last line, as far behind as it is written behind `from`: people align them. */
  private append({ start, end }: Comment, from: number): void {
    const gap = /[ \t]*$/.exec(this.source.text.slice(from, start))?.[0] ?? '';
    const text = this.source.text.slice(start, end).trimEnd();
    if (this.lines.length > 0) this.lines[this.lines.length - 1] += (gap === '' ? ' ' : gap) + text;
  }

  /** Comments behind what was written last, which ends at `end` in the source. `first`: the line that they may stand before. */
  private follow(end: number, first: number): void {
    const comments = this.takeBehind(end);
    if (this.fitsBehind(comments)) {
      let at = end;
      for (const comment of comments) {
        this.append(comment, at);
        at = comment.end;
      }
    } else {
      const indent = '\t'.repeat(this.depth);
      const lines = comments.flatMap((comment) => this.commentLines(comment));
      this.lines.splice(first, 0, ...lines.map((line) => (line === '' ? '' : indent + line)));
    }
    this.moveTo(Math.max(end, comments.at(-1)?.end ?? end));
  }

  /** Writes one part of the file, which stands at `range`, by `write`, with its comments. */
  item(range: Range, write: () => void): void {
    this.flush(range.start);
    this.keepBlank(range.start);
    const first = this.lines.length + (this.blankWanted && !this.opened ? 1 : 0);
    write();
    this.follow(range.end, first);
  }

  /** Just behind an opening brace that ends at `end`: a comment there stays on its line. */
  opens(end: number): void {
    this.moveTo(end);
    const comment = this.comments[this.next];
    if (comment === undefined || comment.start < end || !this.isSameLine(end, comment.start)) return;
    if (this.fitsBehind([comment]) && /^[ \t]*\r?(?:\n|$)/.test(this.source.text.slice(comment.end))) {
      this.append(comment, end);
      this.next++;
      this.moveTo(comment.end);
    }
  }

  /** Writes a stretch of the source as it is, comments included, but for blanks at the ends of lines. */
  verbatim({ start, end }: Range): void {
    this.flush(start);
    if (this.blankWanted && !this.opened) this.lines.push('');
    this.blankWanted = false;
    this.opened = false;
    const lines = this.source.text.slice(start, end).split(/\r?\n/);
    for (const text of lines) this.lines.push(text.trimEnd());
    this.skipTo(end);
    this.moveTo(end);
  }

  /** The whole output, with a final line break. */
  finish(): string {
    return `${this.lines.join('\n').trimEnd()}\n`;
  }
}
