/** Prints a sketch: its statements in the notation's own words, its rows as they are aligned in the source. */
import { assertNever } from '../text/diagnostic.js';
import type { CExpression } from './c-tree.js';
import type { Layout, Range } from './layout.js';
import { showExpression } from './print-c-expression.js';
import { showOnOneLine } from './print-c-statement.js';
import { initStart, printHeader, printInit, printTail } from './print-frame.js';
import { printTable, rowRange, type TableRow } from './print-table.js';
import { isRuledRow, splitRows } from './sketch.js';
import type { SketchLitmus, SketchOrder, SketchRegister, SketchStatement } from './sketch-tree.js';
import type { SourceWriter } from './source-writer.js';
import { writtenText } from './written.js';

const suffixes: Readonly<Record<Exclude<SketchOrder, null>, string>> = {
  acquire: '.acq',
  release: '.rel',
  relaxed: '.rlx',
  full: '.full',
};

function mark(word: string, order: SketchOrder): string {
  return `[${word}${order === null ? '' : suffixes[order]}]`;
}

function withResult(result: SketchRegister | null, text: string): string {
  return result === null ? text : `${result.name} = ${text}`;
}

/** Whether `|` stands outside of all brackets, where it would separate cells. */
function splitsCell(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '(' || c === '{') depth++;
    else if (c === ')' || c === '}') depth--;
    else if (c === '|' && depth === 0 && !/^\|=[^=-]/.test(text.slice(i, i + 3))) return true;
  }
  return false;
}

function showValue(tree: CExpression, layout: Layout): string {
  const text = showExpression(tree, layout);
  return splitsCell(text) ? `(${text})` : text;
}

function showStatement(tree: SketchStatement, layout: Layout): string {
  const show = (expression: CExpression) => showValue(expression, layout);
  switch (tree.kind) {
    case 'lock':
      return tree.lock === null ? tree.word : `${tree.word} ${show(tree.lock)}`;
    case 'fence':
      return tree.word;
    case 'read':
      return withResult(tree.result, `${mark('R', tree.order)} ${show(tree.place)}`);
    case 'write':
      return `${mark('W', tree.order)} ${show(tree.place)} = ${show(tree.value)}`;
    case 'rmw': {
      const update = `${show(tree.place)} ${tree.op ?? ''}= ${show(tree.value)}`;
      return withResult(tree.result, `${mark('RMW', tree.order)} ${update}`);
    }
    case 'if': {
      const condition = showExpression(tree.condition, layout);
      const shown = tree.condition.parenthesised ? condition : `(${condition})`;
      return `if ${shown} ${showStatement(tree.then, layout)}`;
    }
    case 'c':
      return showOnOneLine(tree.statement, layout).replace(/;$/, '');
    default:
      return assertNever(tree);
  }
}

export function printSketch(writer: SourceWriter, layout: Layout, tree: SketchLitmus): void {
  const statements = tree.threads.map((thread) => thread.statements);
  const showCell = (cell: Range, column: number): string => {
    const found = statements[column]?.find(({ span }) => span.start >= cell.start && span.end <= cell.end);
    return found === undefined ? writtenText(layout, cell) : showStatement(found, layout);
  };
  const heading = tree.threads.map(({ name, label }) => (label === null ? name : `${name} (${label})`));
  let headed = false;
  const rows = splitRows(layout.text, layout.body).map((cells): TableRow => {
    const range = rowRange(layout, cells);
    if (isRuledRow(layout.text, cells)) return { cells: [], isRule: true, range };
    const shown = headed ? cells.map(showCell) : heading;
    headed = true;
    return { cells: shown, isRule: false, range };
  });
  printHeader(writer, layout, initStart(layout));
  printInit(writer, layout, tree.init);
  writer.blank();
  printTable(writer, rows);
  printTail(writer, layout, tree);
}
