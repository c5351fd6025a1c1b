/**
 * Two versions of a list of statements, set side by side: which stayed, which became which, which came and went.
 *
 * A longest common subsequence with weights (quadratic, after the common start and end are set aside): equal statements count most, then
 * those that are about the same things, as `smp_store_release(&x, 1)` and `WRITE_ONCE(x, 1)` are. What a list becomes by some of the
 * changes only is well defined: every pair stands for its earlier or its later side.
 */
import type { Inner, Statement } from './statements.js';

/** One difference: `before` null: added; `after` null: removed. */
export interface Edit<T> {
  readonly before: Statement<T> | null;
  readonly after: Statement<T> | null;
}

/** A part of the two lists. */
export type Part<T> =
  | { readonly kind: 'same'; readonly tree: T }
  | { readonly kind: 'edit'; readonly edit: Edit<T> }
  | Inside<T>;

/** A statement with others inside, which differ; its head may be an edit of its own. */
interface Inside<T> {
  readonly kind: 'inside';
  readonly before: Inner<T>;
  readonly after: Inner<T>;
  /** Null: the same head. */
  readonly head: Edit<T> | null;
  readonly lists: readonly (readonly Part<T>[])[];
}

/** Larger tables than this are not filled: then all between the common start and end is removed and added. */
const MOST_CELLS = 1_000_000;

const EQUAL = 4;
const SAME_HEAD = 3;
/** Statements that share less than this of what they are about are not versions of each other. */
const LEAST_SHARE = 1 / 3;

function share(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 && b.length === 0) return 1;
  const right = new Set(b);
  const left = new Set(a);
  const common = [...left].filter((word) => right.has(word)).length;
  return common / (left.size + right.size - common);
}

/** How well two statements fit; 0: not at all. */
function likeness<T>(a: Statement<T>, b: Statement<T>): number {
  if (a.key === b.key) return EQUAL;
  if ((a.inner === null) !== (b.inner === null)) return 0;
  const words = share(a.words, b.words);
  if (a.inner !== null && b.inner !== null) {
    if (a.inner.head === b.inner.head) return SAME_HEAD + words / 2;
    return a.inner.form === b.inner.form && words >= LEAST_SHARE ? 1 + words : 0;
  }
  return words >= LEAST_SHARE ? 1 + words : 0;
}

/** Pairs of positions that belong together, in their order. */
function pairsOf<T>(a: readonly Statement<T>[], b: readonly Statement<T>[]): (readonly [number, number])[] {
  if (a.length * b.length > MOST_CELLS) return [];
  const width = b.length + 1;
  const best = new Float64Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const fit = likeness(a[i]!, b[j]!);
      const paired = fit > 0 ? fit + best[(i + 1) * width + j + 1]! : 0;
      best[i * width + j] = Math.max(paired, best[(i + 1) * width + j]!, best[i * width + j + 1]!);
    }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const here = best[i * width + j]!;
    const fit = likeness(a[i]!, b[j]!);
    if (fit > 0 && fit + best[(i + 1) * width + j + 1]! === here) pairs.push([i++, j++]);
    else if (best[(i + 1) * width + j] === here) i++;
    else j++;
  }
  return pairs;
}

/** The head alone, as what is removed, added or becomes another; what is inside stands for itself. */
function headOf<T>(whole: Statement<T>, { head, headSpan, headText }: Inner<T>): Statement<T> {
  return { ...whole, span: headSpan, text: headText, key: head };
}

function pairParts<T>(before: Statement<T>, after: Statement<T>): Part<T> {
  if (before.key === after.key) return { kind: 'same', tree: after.tree };
  if (before.inner === null || after.inner === null) return { kind: 'edit', edit: { before, after } };
  const [old, fresh] = [before.inner, after.inner];
  const isSameHead = old.head === fresh.head;
  return {
    kind: 'inside',
    before: old,
    after: fresh,
    head: isSameHead ? null : { before: headOf(before, old), after: headOf(after, fresh) },
    lists: fresh.lists.map((list, i) => alignStatements(old.lists[i] ?? [], list)),
  };
}

export function alignStatements<T>(
  before: readonly Statement<T>[],
  after: readonly Statement<T>[],
): Part<T>[] {
  let start = 0;
  while (start < before.length && before[start]!.key === after[start]?.key) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end)!.key === after.at(-1 - end)!.key) end++;
  const same = (list: readonly Statement<T>[]): Part<T>[] => list.map(({ tree }) => ({ kind: 'same', tree }));
  const a = before.slice(start, before.length - end);
  const b = after.slice(start, after.length - end);
  const parts: Part<T>[] = [];
  const between = (from: readonly [number, number], to: readonly [number, number]): void => {
    for (const each of a.slice(from[0], to[0]))
      parts.push({ kind: 'edit', edit: { before: each, after: null } });
    for (const each of b.slice(from[1], to[1]))
      parts.push({ kind: 'edit', edit: { before: null, after: each } });
  };
  let at: readonly [number, number] = [0, 0];
  for (const [i, j] of pairsOf(a, b)) {
    between(at, [i, j]);
    parts.push(pairParts(a[i]!, b[j]!));
    at = [i + 1, j + 1];
  }
  between(at, [a.length, b.length]);
  return [...same(after.slice(0, start)), ...parts, ...same(after.slice(after.length - end))];
}

/** All differences, in the order of the text. */
export function editsOf<T>(parts: readonly Part<T>[]): Edit<T>[] {
  return parts.flatMap((part) => {
    if (part.kind === 'edit') return [part.edit];
    return part.kind === 'inside'
      ? [...(part.head === null ? [] : [part.head]), ...part.lists.flatMap(editsOf)]
      : [];
  });
}

/** Whether only a local variable was declared, or is not any more. */
export function isDeclaration<T>({ before, after }: Edit<T>): boolean {
  return before?.isDeclaration !== false && after?.isDeclaration !== false;
}

/** The list with the chosen differences made, and no others. Of declarations, those of both sides stay: either side's code may need them. */
export function mixed<T>(parts: readonly Part<T>[], chosen: (edit: Edit<T>) => boolean): T[] {
  return parts.flatMap((part) => {
    if (part.kind === 'same') return [part.tree];
    if (part.kind === 'inside') {
      const { before, after, head, lists } = part;
      const around = head === null || chosen(head) ? after : before;
      return [around.rebuild(lists.map((list) => mixed(list, chosen)))];
    }
    const { before, after } = part.edit;
    const side = isDeclaration(part.edit) ? (after ?? before) : chosen(part.edit) ? after : before;
    return side === null ? [] : [side.tree];
  });
}
