/**
 * The parts of a model's own text that an argument uses: checks and definitions, each with the comment above it, which in the
 * models that come with fencepost names its source.
 *
 * Taken from the files that the checks stand in, as they are written; a definition in another file (an include) is left out.
 */
import type { Check, CompiledModel } from '../model/dag.js';
import { parseCat } from '../syntax/cat.js';
import type { CatStatement } from '../syntax/cat-tree.js';
import { type SourceFile, spanText } from '../text/source.js';

/** What is shown of a file. */
export interface ModelExcerpt {
  readonly file: SourceFile;
  /** The comment at its start; null: there is none. */
  readonly head: string | null;
  /** In the order of the file. */
  readonly parts: readonly string[];
}

interface Comment {
  readonly start: number;
  readonly end: number;
}

/** `acyclic hb as happens-before` */
export function checkText(check: Check): string {
  if (check.span !== null) return spanText(check.span).replace(/\s+/g, ' ').trim();
  return `${check.negated ? '~' : ''}${check.kind} ... as ${check.name}`;
}

/** What a model says in these checks and definitions. */
export function excerptsOf(
  model: CompiledModel,
  checks: readonly Check[],
  names: ReadonlySet<string>,
): readonly ModelExcerpt[] {
  const files = new Set(model.checks.flatMap(({ span }) => (span === null ? [] : [span.file])));
  return [...files].flatMap((file) => {
    const spans = checks.flatMap(({ span }) => (span?.file === file ? [span] : []));
    const defined = definitionsOf(file, names);
    const starts = new Map([...spans, ...defined].map(({ start, end }) => [start, end]));
    if (starts.size === 0) return [];
    return [
      excerpt(
        file,
        [...starts].sort(([a], [b]) => a - b),
      ),
    ];
  });
}

function definitionsOf(file: SourceFile, names: ReadonlySet<string>) {
  const statements = parseCat(file).value?.statements ?? [];
  return statements.filter((statement) => binds(statement, names)).map(({ span }) => span);
}

function binds(statement: CatStatement, names: ReadonlySet<string>): boolean {
  if (statement.kind !== 'let') return false;
  return statement.bindings.some(
    ({ pattern }) => pattern.kind === 'name' && names.has(pattern.bound.name ?? ''),
  );
}

function excerpt(file: SourceFile, statements: readonly (readonly [number, number])[]): ModelExcerpt {
  const { text } = file;
  const comments = commentsOf(text);
  const head = headOf(text, comments);
  const parts: string[] = [];
  const shown = new Set<Comment>(head === null ? [] : [head]);
  const show = (comment: Comment | undefined): void => {
    if (comment === undefined || shown.has(comment)) return;
    shown.add(comment);
    parts.push(text.slice(comment.start, comment.end));
  };
  /** A comment may be about several definitions, with no empty line between. */
  const isAbout = ({ end }: Comment, start: number): boolean => {
    const between = text.slice(end, start);
    return between.trim() === '' || !/\n\s*\n/.test(between);
  };
  for (const [start, end] of statements) {
    show(comments.findLast((comment) => comment.end <= start && isHeading(text, comment)));
    const above = comments.findLast((comment) => comment.end <= start);
    const statement = text.slice(start, end).trimEnd();
    if (above === undefined || shown.has(above) || !isAbout(above, start)) parts.push(statement);
    else {
      shown.add(above);
      parts.push(`${text.slice(above.start, above.end)}\n${statement}`);
    }
  }
  return { file, head: head === null ? null : text.slice(head.start, head.end), parts };
}

/** The first comment, if nothing but the title stands before it, and an empty line after it. */
function headOf(text: string, comments: readonly Comment[]): Comment | null {
  const first = comments[0];
  if (first === undefined || !/^\s*$/.test(text.slice(first.end).split('\n', 2)[1] ?? '')) return null;
  return /^[^"]*("[^"]*")?\s*$/.test(text.slice(0, first.start)) ? first : null;
}

/** `(* ---- Happens-before ---- *)` */
function isHeading(text: string, { start, end }: Comment): boolean {
  return /^\(\*[\s*]*[-=]{3,}/.test(text.slice(start, end));
}

/** Blocks nest; strings are strings outside of them. Neighbouring lines of comment are one. */
function commentsOf(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  const marks = /\(\*|\*\)|"[^"\n]*"|(?:\/\/|#).*(?:\n[ \t]*(?:\/\/|#).*)*/g;
  let [depth, start] = [0, 0];
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    const { 0: mark, index } = found;
    if (mark === '(*') {
      if (depth++ === 0) start = index;
    } else if (mark === '*)') {
      if (depth > 0 && --depth === 0) comments.push({ start, end: index + 2 });
    } else if (depth > 0) marks.lastIndex = index + 1;
    else if (!mark.startsWith('"')) comments.push({ start: index, end: index + mark.length });
  }
  return comments;
}
