/** Prints the rows of a table, of assembly or of a sketch, with its columns aligned; comments stand between and behind rows. */
import type { Layout, Range } from './layout.js';
import type { SourceWriter } from './source-writer.js';

export interface TableRow {
  /** The text of the cells, or of a ruled line. */
  readonly cells: readonly string[];
  readonly isRule: boolean;
  /** Where its text starts, and the end of its last cell. */
  readonly range: Range;
}

/** The stretch of a row's cells that is not blank. */
export function rowRange({ text }: Layout, cells: readonly Range[]): Range {
  const start = cells[0]?.start ?? 0;
  const end = cells.at(-1)?.end ?? start;
  const written = text.slice(start, end);
  return { start: start + Math.max(0, written.search(/\S/)), end: start + written.trimEnd().length };
}

export function printTable(writer: SourceWriter, rows: readonly TableRow[]): void {
  const columns = Math.max(0, ...rows.map((row) => row.cells.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(0, ...rows.map((row) => (row.isRule ? 0 : (row.cells[i] ?? '').length))),
  );
  for (const { cells, isRule, range } of rows)
    writer.item(range, () => {
      const shown = widths.map((width, i) => (isRule ? '-'.repeat(width) : (cells[i] ?? '').padEnd(width)));
      writer.line(isRule ? `-${shown.join('-+-')}-` : ` ${shown.join(' | ')} ;`);
    });
}
