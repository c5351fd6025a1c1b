/** The sites of a sketch: MB and its like, marks with an order, LOCK ... UNLOCK, and the C in its cells. */
import type { CStatement } from '../syntax/c-tree.js';
import type { SketchLitmus, SketchOrder, SketchStatement, SketchThread } from '../syntax/sketch-tree.js';
import { type Span, spanText } from '../text/source.js';
import { type CallsOfCode, callsOf, type PrimitiveCall } from './c-calls.js';
import { type SiteOptions, sitesOfCalls } from './c-sites.js';
import { clearCell, replaceInCell } from './cell-edit.js';
import type { Change, Site } from './site.js';
import { oneLine, type TextEdit } from './text-edit.js';

/** A statement and the cell that it stands in: with `if (r1)` in front, the cell is more. */
export interface SketchCell {
  readonly statement: SketchStatement;
  readonly span: Span;
}

export function cellsOf({ statements }: SketchThread): SketchCell[] {
  return statements.map((statement) => {
    let inner = statement;
    while (inner.kind === 'if') inner = inner.then;
    return { statement: inner, span: statement.span };
  });
}

const suffixes: Readonly<Record<Exclude<SketchOrder, null>, string>> = {
  acquire: '.acq',
  release: '.rel',
  relaxed: '.rlx',
  full: '.full',
};

/** The cell with another mark, or null if it has none. */
export function withMark({ statement, span }: SketchCell, order: SketchOrder): Change | null {
  const text = spanText(statement.span);
  const found = /\[\s*(R|W|RMW)\b[^\]]*\]/.exec(text);
  if (found === null) return null;
  const mark = `[${found[1]}${order === null ? '' : suffixes[order]}]`;
  const start = statement.span.start + found.index;
  const at = { file: span.file, start, end: start + found[0].length };
  return { to: mark, edits: replaceInCell(at, mark, span.end) };
}

/** The cell with another barrier: `MB` or, as it was written, `smp_mb()`. */
export function withFence({ statement, span }: SketchCell, word: string): Change {
  const text = spanText(statement.span);
  const name = /[a-z]/i.exec(text.replace(/^smp_/, ''))?.[0] ?? '';
  const written = name === name.toLowerCase() ? `smp_${word.toLowerCase()}` : word;
  const old = /^\w+/.exec(text)![0];
  const { file, start } = statement.span;
  return { to: written, edits: replaceInCell({ file, start, end: start + old.length }, written, span.end) };
}

/** Orders of a read-modify-write that are weaker; an update without a result has none to begin with. */
function weakerOrders(statement: SketchStatement): readonly SketchOrder[] {
  switch (statement.kind) {
    case 'read':
      return statement.order === 'acquire' ? [null] : [];
    case 'write':
      return statement.order === 'release' || statement.order === 'full' ? [null] : [];
    case 'rmw': {
      const { order, result, op } = statement;
      const isFull = order === 'full' || (order === null && (result !== null || op === null));
      if (isFull) return ['acquire', 'release', 'relaxed'];
      return order === 'acquire' || order === 'release' ? ['relaxed'] : [];
    }
    default:
      return [];
  }
}

function markOf(statement: SketchStatement): string {
  return /\[[^\]]*\]/.exec(spanText(statement.span))?.[0] ?? '';
}

function siteOf(
  { statement, span }: SketchCell,
  thread: string,
  primitive: string,
  weaker: readonly Change[],
): Site {
  return { thread, span, statement: oneLine(spanText(statement.span)), primitive, ends: [], weaker };
}

function fenceSite(cell: SketchCell, word: 'MB' | 'RMB' | 'WMB', thread: string): Site {
  const weaker = word === 'MB' ? [withFence(cell, 'RMB'), withFence(cell, 'WMB')] : [];
  const written = /^\w+/.exec(spanText(cell.statement.span))![0];
  return siteOf(cell, thread, written, [...weaker, { to: null, edits: clearCell(cell.span) }]);
}

function wordSite(cell: SketchCell, thread: string): Site | null {
  const { statement } = cell;
  if (statement.kind === 'fence') return fenceSite(cell, statement.word, thread);
  const weaker = weakerOrders(statement).map((order) => withMark(cell, order));
  const changes = weaker.filter((change) => change !== null);
  return changes.length === 0 ? null : siteOf(cell, thread, markOf(statement), changes);
}

interface WordSection {
  readonly key: string | null;
  readonly cells: SketchCell[];
}

function isTaking(word: string): boolean {
  return word === 'LOCK' || word === 'ACQUIRE';
}

/** LOCK and the UNLOCK of the same lock; without a lock's name, of what was taken last (elaborate/sketch-to-c.ts). */
function wordSections(cells: readonly SketchCell[]): WordSection[] {
  const all: WordSection[] = [];
  const held: WordSection[] = [];
  for (const cell of cells) {
    const { statement } = cell;
    if (statement.kind !== 'lock') continue;
    const key = statement.lock === null ? null : spanText(statement.lock.span).replace(/\s+/g, '');
    if (isTaking(statement.word)) {
      const section = { key, cells: [cell] };
      held.push(section);
      all.push(section);
      continue;
    }
    const at = key === null ? held.length - 1 : held.findLastIndex((section) => section.key === key);
    if (at >= 0) held.splice(at, 1)[0]!.cells.push(cell);
    else all.push({ key, cells: [cell] });
  }
  return all;
}

function sectionSite({ cells }: WordSection, thread: string): Site {
  const [first, ...ends] = cells;
  const words = cells.map(({ statement }) => (statement.kind === 'lock' ? statement.word : ''));
  const edits = cells.flatMap(({ span }) => clearCell(span));
  const gone: Change = { to: null, edits };
  return { ...siteOf(first!, thread, words.join(' ... '), [gone]), ends: ends.map(({ span }) => span) };
}

/** The C of a thread's cells. */
export function codeOfCells(cells: readonly SketchCell[]): readonly CStatement[] {
  return cells.flatMap(({ statement }) => (statement.kind === 'c' ? [statement.statement] : []));
}

function cSitesOf(cells: readonly SketchCell[], thread: string, options: SiteOptions): Site[] {
  const found: CallsOfCode = callsOf(codeOfCells(cells), options.primitives);
  const remove = ({ statement }: PrimitiveCall): TextEdit | null => {
    const cell = cells.find((c) => c.statement.kind === 'c' && c.statement.statement === statement);
    return cell === undefined ? null : (clearCell(cell.span)[0] ?? null);
  };
  return sitesOfCalls(found, thread, found.strayUnlocks === 0, options, remove);
}

/** All sites of a sketch, thread by thread. */
export function sketchSites({ threads }: SketchLitmus, options: SiteOptions): Site[] {
  return threads.flatMap((thread) => {
    const cells = cellsOf(thread);
    const words = cells.map((cell) => wordSite(cell, thread.name)).filter((site) => site !== null);
    const sections = wordSections(cells).map((section) => sectionSite(section, thread.name));
    return [...words, ...sections, ...cSitesOf(cells, thread.name, options)].sort(
      (a, b) => a.span.start - b.span.start,
    );
  });
}
