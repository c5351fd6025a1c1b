/**
 * Parses sketches, the two-column notation of kernel mailing lists: text -> SketchLitmus.
 *
 * Syntax stage, after layout.ts. A row ends at its line's end or at `;`, cells are separated by `|`; inside of brackets
 * the last two do not count. The first row names the threads. Rules, `...` and empty cells stand for nothing. What is not in the notation is C.
 */
import type { Node } from 'ohm-js';
import { grammar } from '../../grammar/sketch.ohm';
import type { Checked, Diagnostic } from '../text/diagnostic.js';
import { checked, errorAt } from '../text/diagnostic.js';
import { type Span, spanOf } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { isReserved, typeWords } from './c-expression.js';
import type { CExpression } from './c-tree.js';
import { parseFrame } from './condition.js';
import type { Layout, Range } from './layout.js';
import { parseSketchExpression, parseSketchStatement } from './litmus-c.js';
import {
  contextOf as anyContextOf,
  matchSection,
  nodeSpan,
  reportAt,
  type TreeContext,
  treeOf,
  treeOfOnlyChild,
} from './section.js';
import { explainCell } from './sketch-failure.js';
import type {
  SketchLitmus,
  SketchOrder,
  SketchRegister,
  SketchStatement,
  SketchThread,
} from './sketch-tree.js';
import { checkThreadNames } from './thread-names.js';

interface CellContext extends TreeContext {
  readonly layout: Layout;
}

interface Header {
  readonly name: string;
  readonly nameSpan: Span;
  readonly label: string | null;
}

interface Mark {
  readonly access: 'R' | 'W' | 'RMW';
  readonly order: SketchOrder;
  readonly span: Span;
}

const orders: Readonly<Record<string, Exclude<SketchOrder, null>>> = {
  acquire: 'acquire',
  acq: 'acquire',
  release: 'release',
  rel: 'release',
  relaxed: 'relaxed',
  rlx: 'relaxed',
  once: 'relaxed',
  full: 'full',
  mb: 'full',
};

const semantics = grammar.createSemantics();

function contextOf(node: Node): CellContext {
  return anyContextOf(node) as CellContext;
}

function rangeOf(node: Node, context: CellContext): Range {
  const { start, end } = nodeSpan(context, node);
  return { start, end };
}

/** The C expression at a node; null after a report. */
function expressionAt(node: Node, context: CellContext): CExpression | null {
  const { source, text } = context.layout;
  return parseSketchExpression(source, text, rangeOf(node, context), context.diagnostics);
}

function complain(context: CellContext, span: Span, message: string, hint: string): null {
  reportAt(context, span, 'sketch', message, { hint });
  return null;
}

/** A register: a plain name on the left of `=`. */
function registerOf(target: CExpression, context: CellContext): SketchRegister | null {
  if (target.kind === 'name') return { name: target.name, span: target.span };
  return complain(
    context,
    target.span,
    'a read goes into a register',
    'a register is a plain name: `r1 = [R] p->__state`',
  );
}

function buildRead(
  mark: Mark,
  result: SketchRegister | null,
  code: CExpression,
  span: Span,
  context: CellContext,
): SketchStatement | null {
  const { order } = mark;
  if (order === 'release')
    return complain(context, mark.span, 'a read cannot be a release', 'use `[R]`, `[R.acq]` or `[RMW.rel]`');
  if (code.kind !== 'assign') return { kind: 'read', order, result, place: code, span };
  if (result !== null || code.op !== null)
    return complain(
      context,
      code.span,
      'a read does not assign',
      'write `r1 = [R] place` or `[R] r1 = place`',
    );
  const register = registerOf(code.target, context);
  return register === null ? null : { kind: 'read', order, result: register, place: code.value, span };
}

function buildWrite(mark: Mark, code: CExpression, span: Span, context: CellContext): SketchStatement | null {
  const { order } = mark;
  if (order === 'acquire')
    return complain(
      context,
      mark.span,
      'a write cannot be an acquire',
      'use `[W]`, `[W.rel]` or `[RMW.acq]`',
    );
  if (code.kind !== 'assign')
    return complain(context, code.span, 'a write needs a value', 'write `[W] place = value`');
  if (code.op !== null)
    return complain(
      context,
      code.span,
      'a write does not read',
      `an atomic update is \`[RMW] place ${code.op}= value\``,
    );
  return { kind: 'write', order, place: code.target, value: code.value, span };
}

function buildRmw(
  mark: Mark,
  result: SketchRegister | null,
  code: CExpression,
  span: Span,
  context: CellContext,
): SketchStatement | null {
  const { order } = mark;
  if (code.kind === 'step') {
    const value: CExpression = { kind: 'number', value: 1n, suffix: '', span: code.span };
    return { kind: 'rmw', order, result, place: code.target, op: code.op === '++' ? '+' : '-', value, span };
  }
  if (code.kind !== 'assign')
    return complain(
      context,
      code.span,
      'a read-modify-write needs a new value',
      'write `r1 = [RMW] place = value` to exchange, `[RMW] place += value` to add; for others, write the kernel primitive',
    );
  return { kind: 'rmw', order, result, place: code.target, op: code.op, value: code.value, span };
}

function buildAccess(
  mark: Mark,
  result: SketchRegister | null,
  node: Node,
  span: Span,
  context: CellContext,
): SketchStatement | null {
  const code = expressionAt(node, context);
  if (code === null) return null;
  if (mark.access === 'R') return buildRead(mark, result, code, span, context);
  if (mark.access === 'RMW') return buildRmw(mark, result, code, span, context);
  if (result !== null)
    return complain(context, result.span, 'a write has no result', 'write `[W] place = value`');
  return buildWrite(mark, code, span, context);
}

/** The words that are a cell by themselves. */
const operations = ['LOCK', 'UNLOCK', 'ACQUIRE', 'RELEASE', 'MB', 'RMB', 'WMB'];

/** A word, perhaps with a place behind it, and a mark in small letters are no C: something of the notation is mistyped. */
function mistyped(node: Node, context: CellContext): boolean {
  const code = node.sourceString.trim();
  const mark = /^(?:\w+\s*=\s*)?(\[[\w. ]*\])/.exec(code)?.[1];
  if (mark !== undefined) {
    const hint = didYouMean(mark, ['[R]', '[W]', '[RMW]']) ?? 'the marks are `[R]`, `[W]` and `[RMW]`';
    complain(context, nodeSpan(context, node), `unknown mark \`${mark}\``, hint);
    return true;
  }
  const word = /^([A-Za-z_]\w*)(?:\s+(?:&?\w+(?:->|\.)[\w.>-]+|->\w+|\w+))?$/.exec(code)?.[1];
  if (word === undefined || isReserved(word) || typeWords.has(word)) return false;
  const hint = didYouMean(word, operations) ?? `the operations are ${operations.join(', ')}`;
  complain(context, nodeSpan(context, node), `unknown operation \`${word}\``, hint);
  return true;
}

/** The C statement at a node. */
function buildCode(node: Node, context: CellContext): SketchStatement | null {
  const { source, text } = context.layout;
  if (mistyped(node, context)) return null;
  const statement = parseSketchStatement(source, text, rangeOf(node, context), context.diagnostics);
  return statement === null ? null : { kind: 'c', statement, span: nodeSpan(context, node) };
}

semantics.addOperation<unknown>('tree', {
  _nonterminal: treeOfOnlyChild,
  Header(name, _colon, label) {
    const context = contextOf(this);
    const said = label.sourceString.trim().replace(/^\((.*)\)$/s, '$1');
    return {
      name: name.sourceString.replace(/\s+/g, ''),
      nameSpan: nodeSpan(context, name),
      label: said === '' ? null : said,
    } satisfies Header;
  },
  Cell_if(_if, condition, cell) {
    const context = contextOf(this);
    const tree = expressionAt(condition, context);
    const then = treeOf<SketchStatement | null>(cell, context);
    if (tree === null || then === null) return null;
    return { kind: 'if', condition: tree, then, span: nodeSpan(context, this) };
  },
  Cell_lock(word, code) {
    const context = contextOf(this);
    const span = nodeSpan(context, this);
    const argument = code.children[0];
    if (argument === undefined) return { kind: 'lock', word: word.sourceString, lock: null, span };
    const lock = expressionAt(argument, context);
    if (lock === null) return null;
    const bare = lock.kind === 'unary' && lock.op === '&' ? lock.operand : lock;
    return { kind: 'lock', word: word.sourceString, lock: bare, span };
  },
  Cell_fence(word, _open, _close) {
    const name = word.sourceString.replace(/^smp_/, '').toUpperCase();
    return { kind: 'fence', word: name, span: nodeSpan(contextOf(this), this) };
  },
  Cell_result(name, _equals, mark, code) {
    const context = contextOf(this);
    const result = { name: name.sourceString, span: nodeSpan(context, name) };
    return buildAccess(treeOf<Mark>(mark, context), result, code, nodeSpan(context, this), context);
  },
  Cell_access(mark, code) {
    const context = contextOf(this);
    return buildAccess(treeOf<Mark>(mark, context), null, code, nodeSpan(context, this), context);
  },
  Cell_code(code) {
    return buildCode(code, contextOf(this));
  },
  accessMark(_open, _before, access, _dot, order, _after, _close) {
    const word = order.children[0]?.sourceString;
    return {
      access: access.sourceString,
      order: word === undefined ? null : orders[word]!,
      span: nodeSpan(contextOf(this), this),
    };
  },
});

/** The text of a row's cells, from left to right. */
type Row = readonly Range[];

/** Rows and cells of the table; brackets hide `|` and `;`, up to the end of the line, and `|=` is an operator. */
export function splitRows(text: string, range: Range): Row[] {
  const rows: Row[] = [];
  let cells: Range[] = [];
  let start = range.start;
  let depth = 0;
  const endCell = (end: number): void => {
    cells.push({ start, end });
    start = end + 1;
  };
  const endRow = (end: number): void => {
    endCell(end);
    if (cells.length > 1 || text.slice(cells[0]!.start, end).trim() !== '') rows.push(cells);
    cells = [];
  };
  for (let i = range.start; i < range.end; i++) {
    const c = text[i]!;
    if (c === '(' || c === '{') depth++;
    else if (c === ')' || c === '}') depth = Math.max(0, depth - 1);
    else if (depth > 0 && c !== '\n') continue;
    else if (c === '|' && !/^\|=[^=-]/.test(text.slice(i, i + 3))) endCell(i);
    else if (c === ';' || c === '\n') {
      depth = 0;
      endRow(i);
    }
  }
  endRow(range.end);
  return rows;
}

/** A row of dashes and the like, which separates but says nothing. */
export function isRuledRow(text: string, row: Row): boolean {
  return row.every((cell) => /^[-=+~\s]*$/.test(text.slice(cell.start, cell.end)));
}

function isSilent(text: string, cell: Range): boolean {
  return /^\s*(?:\.\.\.|…)?\s*$/.test(text.slice(cell.start, cell.end));
}

function parseCell<T>(layout: Layout, rule: string, cell: Range, diagnostics: Diagnostic[]): T | null {
  const { source, text } = layout;
  const start = cell.start + text.slice(cell.start, cell.end).search(/\S/);
  const end = cell.start + text.slice(cell.start, cell.end).trimEnd().length;
  const range = { start, end };
  const what = rule === 'Header' ? "the thread's name" : 'the cell';
  const task = { grammar, rule, source, text, range, what, explainers: [explainCell] };
  return matchSection(task, diagnostics, (result, context) => {
    const cellContext: CellContext = { ...context, layout };
    return treeOf<T | null>(semantics(result) as unknown as Node, cellContext);
  });
}

function parseHeader(layout: Layout, row: Row, diagnostics: Diagnostic[]): Header[] {
  const headers: Header[] = [];
  for (const cell of row) {
    if (isSilent(layout.text, cell)) {
      const span = spanOf(layout.source, cell.start, Math.max(cell.end, cell.start + 1));
      diagnostics.push(
        errorAt(span, 'sketch', 'expected the name of a thread in this column', {
          hint: 'the first row names the columns: `CPU0 | CPU1 ;`',
        }),
      );
      continue;
    }
    const header = parseCell<Header>(layout, 'Header', cell, diagnostics);
    if (header === null) continue;
    headers.push(header);
  }
  if (headers.length === row.length) checkThreadNames(headers, diagnostics);
  return headers;
}

function addRow(
  layout: Layout,
  row: Row,
  columns: readonly SketchStatement[][],
  diagnostics: Diagnostic[],
): void {
  const { source, text } = layout;
  row.forEach((cell, index) => {
    if (isSilent(text, cell)) return;
    const column = columns[index];
    if (column === undefined) {
      const found = `this row has ${row.length} cells, but the sketch has ${columns.length} column${columns.length === 1 ? '' : 's'}`;
      const start = cell.start + text.slice(cell.start, cell.end).search(/\S/);
      diagnostics.push(
        errorAt(spanOf(source, start, start + 1), 'sketch', found, {
          hint: '`|` separates cells; put the operators `|` and `||` in parentheses',
        }),
      );
      return;
    }
    const statement = parseCell<SketchStatement>(layout, 'Cell', cell, diagnostics);
    if (statement !== null) column.push(statement);
  });
}

function parseTable(layout: Layout, diagnostics: Diagnostic[]): SketchThread[] {
  const { source, text, body } = layout;
  const [head, ...rows] = splitRows(text, body).filter((row) => !isRuledRow(text, row));
  if (head === undefined) {
    const span = spanOf(source, Math.max(0, body.start - 1), body.start);
    diagnostics.push(
      errorAt(span, 'no-threads', 'expected the columns of the sketch after the init block', {
        hint: 'the first row names the columns: `CPU0 | CPU1 ;`',
      }),
    );
    return [];
  }
  const last = head.at(-1)!;
  const trimmed = head.length > 1 && isSilent(text, last) ? head.slice(0, -1) : head;
  const headers = parseHeader(layout, trimmed, diagnostics);
  const columns: SketchStatement[][] = trimmed.map(() => []);
  for (const row of rows) addRow(layout, row, columns, diagnostics);
  return headers.map((header, index): SketchThread => {
    const statements = columns[index]!;
    const end = statements.at(-1)?.span.end ?? header.nameSpan.end;
    return {
      ...header,
      statements,
      span: spanOf(source, header.nameSpan.start, Math.max(header.nameSpan.end, end)),
    };
  });
}

/** A sketch whose layout is known. */
export function parseSketch(layout: Layout): Checked<SketchLitmus> {
  const diagnostics: Diagnostic[] = [];
  const threads = parseTable(layout, diagnostics);
  const frame = parseFrame(layout, diagnostics);
  if (frame === null) return { value: null, diagnostics };
  return checked<SketchLitmus>({ dialect: 'Sketch', ...frame, threads }, diagnostics);
}
