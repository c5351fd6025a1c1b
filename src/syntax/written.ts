/** Stretches of a file as they are written, with their spaces in order: for what a tree says less precisely than its source. */
import type { Span } from '../text/source.js';
import type { Layout, Range } from './layout.js';

/** The text of a range without comments, on one line, single spaces. */
export function writtenText({ withDirectives }: Layout, { start, end }: Range | Span): string {
  return withDirectives.slice(start, end).trim().replace(/\s+/g, ' ');
}

/** The same without any spaces: for names of places. */
export function writtenTight(layout: Layout, range: Range | Span): string {
  return writtenText(layout, range).replaceAll(' ', '');
}

/** The same with the kernel's spaces around stars: `int * const*x` is `int *const *x`. */
export function writtenType(layout: Layout, range: Range | Span): string {
  return writtenText(layout, range)
    .replace(/ ?\* ?/g, ' *')
    .replace(/\* (?=\*)/g, '*')
    .trim();
}
