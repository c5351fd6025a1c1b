/**
 * Prints a parsed assembly test with its table aligned. Instructions stay as they are written, but for their spaces: their
 * spelling is the author's. print-assembly.ts prints what kernel C is compiled to.
 */
import type { AsmLitmus } from './asm-tree.js';
import type { Layout, Range } from './layout.js';
import { initStart, printHeader, printInit, printTail } from './print-frame.js';
import { printTable, rowRange, type TableRow } from './print-table.js';
import type { SourceWriter } from './source-writer.js';
import { writtenText } from './written.js';

/** The cells of the rows, which end at `;`; the stretch after the last one is blank. */
function rowsOf({ text, body }: Layout): Range[][] {
  const rows: Range[][] = [];
  let cells: Range[] = [];
  let start = body.start;
  for (let i = body.start; i < body.end; i++) {
    const c = text[i];
    if (c !== '|' && c !== ';') continue;
    cells.push({ start, end: i });
    start = i + 1;
    if (c === '|') continue;
    rows.push(cells);
    cells = [];
  }
  cells.push({ start, end: body.end });
  return text.slice(cells[0]!.start, body.end).trim() === '' ? rows : [...rows, cells];
}

export function printAssemblySource(writer: SourceWriter, layout: Layout, tree: AsmLitmus): void {
  const rows = rowsOf(layout)
    .map(
      (cells): TableRow => ({
        cells: cells.map((cell) => writtenText(layout, cell)),
        isRule: false,
        range: rowRange(layout, cells),
      }),
    )
    .filter((row) => row.cells.some((cell) => cell !== ''));
  printHeader(writer, layout, initStart(layout));
  printInit(writer, layout, tree.init);
  printTable(writer, rows);
  printTail(writer, layout, tree);
}
