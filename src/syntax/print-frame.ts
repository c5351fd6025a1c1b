/**
 * Prints what all litmus dialects share: the header, the init block, `locations`, `filter` and condition.
 *
 * The header up to the init block (comments, doc strings, `Key=value`) and what follows the condition stay as they are.
 */
import { assertNever } from '../text/diagnostic.js';
import type { ConditionOperand, InitTree, LitmusFrame, PropositionTree } from './condition-tree.js';
import type { Layout, Range } from './layout.js';
import type { SourceWriter } from './source-writer.js';
import { writtenText, writtenTight } from './written.js';

/** Wider lines are broken, where they can be. */
const WIDTH = 100;

/** Where the init block starts, with its brace. */
export function initStart({ init }: Layout): number {
  return init.start - 1;
}

/** The header as written, up to `end`. */
export function printHeader(writer: SourceWriter, { source }: Layout, end: number): void {
  const start = /^[\s\ufeff]*/.exec(source.text)?.[0].length ?? 0;
  const written = source.text.slice(start, end);
  writer.verbatim({ start, end: start + written.trimEnd().length });
  if (/\n[ \t\r]*\n[ \t]*$/.test(written)) writer.blank();
  writer.moveTo(end);
}

/** `int *x = &y;` in C; assembly writes no spaces around `=`. */
function showInit({ target, type, value, span }: InitTree, layout: Layout, tight: boolean): string {
  const place = writtenTight(layout, target.span);
  // Behind a type brackets are read as a length.
  const name = type === null ? place : place.replace(/^\[(.*)\]$/, '$1');
  // The type of the second of two declarators is written before the first: hence the words of the tree.
  const words =
    type === null ? [] : [...type.words, ...(type.struct === null ? [] : ['struct', type.struct])];
  const stars = '*'.repeat(type?.pointers ?? 0);
  // A length that is a number is part of the name.
  const isOpen = type !== null && type.array !== null && !name.endsWith(']');
  const length = isOpen ? `[${type.lengthName ?? ''}]` : '';
  const head = [...words, stars + name + length].join(' ');
  if (value === null) return `${head};`;
  const equals = layout.text.indexOf('=', target.span.end) + 1;
  const written = writtenText(layout, { start: equals, end: span.end });
  return tight ? `${head}=${written.replaceAll(' ', '')};` : `${head} = ${written};`;
}

function isOnOneLine({ text }: Layout, { start, end }: Range): boolean {
  return !text.slice(start, end).includes('\n');
}

/** Entries of one source line share a line in assembly, whose register values would else fill the screen. */
function initLines(init: readonly InitTree[], layout: Layout, shared: boolean): InitTree[][] {
  const lines: InitTree[][] = [];
  let last: InitTree | null = null;
  for (const entry of init) {
    const together =
      shared && last !== null && isOnOneLine(layout, { start: last.span.end, end: entry.span.start });
    if (together) lines.at(-1)!.push(entry);
    else lines.push([entry]);
    last = entry;
  }
  return lines;
}

/** The init block: on one line if it is written on one, without comments. */
export function printInit(writer: SourceWriter, layout: Layout, init: readonly InitTree[]): void {
  const tight = layout.dialect !== 'C' && layout.dialect !== 'Sketch';
  const show = (entry: InitTree) => showInit(entry, layout, tight);
  const { start, end } = layout.init;
  const block = { start: start - 1, end: end + 1 };
  const isPlain = !layout.source.text.slice(start, end).includes('\n') || init.length === 0;
  const hasComments = layout.source.text.slice(start, end).trim() !== layout.text.slice(start, end).trim();
  const single = init.length === 0 ? '{}' : `{ ${init.map(show).join(' ')} }`;
  if (isPlain && !hasComments && single.length <= WIDTH) {
    writer.item(block, () => writer.line(single));
    return;
  }
  writer.item(block, () => {
    writer.line('{');
    writer.opens(start);
    writer.indented(() => {
      for (const entries of initLines(init, layout, tight)) {
        const range = { start: entries[0]!.span.start, end: entries.at(-1)!.span.end };
        writer.item(range, () => writer.line(entries.map(show).join(' ')));
      }
      writer.flush(end);
    });
    writer.line('}');
    writer.moveTo(end + 1);
  });
}

function showOperand(operand: ConditionOperand, layout: Layout): string {
  return writtenTight(layout, operand.span);
}

const operators = { and: '/\\', or: '\\/', implies: '=>' } as const;

/** The parts of a chain `a /\ b /\ c`, from left to right. */
function chainOf(tree: PropositionTree, kind: 'and' | 'or' | 'implies'): PropositionTree[] {
  if (tree.kind !== kind) return [tree];
  // Implication associates to the right, the others to the left.
  return kind === 'implies'
    ? [tree.left, ...chainOf(tree.right, kind)]
    : [...chainOf(tree.left, kind), tree.right];
}

function showProposition(tree: PropositionTree, layout: Layout): string {
  switch (tree.kind) {
    case 'constant':
      return String(tree.value);
    case 'not':
      return `~(${showProposition(tree.operand, layout)})`;
    case 'compare':
      return `${showOperand(tree.left, layout)}${tree.op}${showOperand(tree.right, layout)}`;
    case 'and':
    case 'or':
    case 'implies':
      return chainParts(tree, layout).join(` ${operators[tree.kind]} `);
    default:
      return assertNever(tree);
  }
}

/** The parts of a chain as text, with parentheses around other chains. */
function chainParts(tree: PropositionTree, layout: Layout): string[] {
  if (tree.kind !== 'and' && tree.kind !== 'or' && tree.kind !== 'implies')
    return [showProposition(tree, layout)];
  return chainOf(tree, tree.kind).map((part) => {
    const text = showProposition(part, layout);
    return part.kind === 'and' || part.kind === 'or' || part.kind === 'implies' ? `(${text})` : text;
  });
}

/** `word (proposition)`, broken at the operators of its outermost chain if it is too wide. */
function propositionLines(word: string, tree: PropositionTree, layout: Layout): string[] {
  const whole = `${word} (${showProposition(tree, layout)})`;
  if (whole.length <= WIDTH || (tree.kind !== 'and' && tree.kind !== 'or')) return [whole];
  const operator = operators[tree.kind];
  const margin = ' '.repeat(word.length + 2);
  const lines: string[] = [];
  let line = `${word} (`;
  chainParts(tree, layout).forEach((part, i, all) => {
    const piece = i === all.length - 1 ? `${part})` : `${part} ${operator}`;
    const isStart = line === margin || i === 0;
    if (!isStart && line.length + 1 + piece.length > WIDTH) {
      lines.push(line);
      line = margin;
    }
    line += line === margin || i === 0 ? piece : ` ${piece}`;
  });
  return [...lines, line];
}

function printLocations(writer: SourceWriter, layout: Layout, { locations }: LitmusFrame): void {
  const [first] = locations;
  if (first === undefined) return;
  const names = locations.map(({ span, type }) => {
    const name = writtenTight(layout, span);
    return `${name}${type === undefined ? '' : ` ${writtenText(layout, type.span)}`};`;
  });
  const last = locations.at(-1)!;
  const range = { start: first.span.start, end: (last.type ?? last).span.end };
  const close = /^[\s;,]*\]/.exec(layout.text.slice(range.end))?.[0].length ?? 0;
  // Comments behind the word stand before the line.
  const word = layout.text.lastIndexOf('locations', range.start);
  writer.item({ start: word < 0 ? range.start : word, end: range.end + close }, () =>
    writer.line(`locations [${names.join(' ')}]`),
  );
}

/** `locations`, filter and condition, and what follows them. */
export function printTail(writer: SourceWriter, layout: Layout, frame: LitmusFrame): void {
  const { filter, condition } = frame;
  writer.blank();
  printLocations(writer, layout, frame);
  if (filter !== null)
    writer.item(filter.span, () => {
      for (const line of propositionLines('filter', filter, layout)) writer.line(line);
    });
  if (condition !== null) {
    const isFinal = layout.text.startsWith('final', condition.span.start);
    const word = isFinal ? 'final' : condition.quantifier;
    writer.item(condition.span, () => {
      for (const line of propositionLines(word, condition.proposition, layout)) writer.line(line);
    });
  }
  printRest(writer, layout, condition?.span.end ?? layout.source.text.length);
}

/** What is read over behind the condition: the verdicts that old tests expect, and blocks for another tool. */
function printRest(writer: SourceWriter, { withDirectives }: Layout, end: number): void {
  const at = end + (/^[\s;]*/.exec(withDirectives.slice(end))?.[0].length ?? 0);
  const rest = withDirectives.slice(at).trimEnd();
  if (rest !== '') writer.verbatim({ start: at, end: at + rest.length });
  writer.flush(withDirectives.length);
}
