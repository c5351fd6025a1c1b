/**
 * Splits a litmus file into its sections: header line, init block, threads, and the tail with the condition.
 *
 * First step of the syntax stage, the same for all dialects:
 *
 *     C name            header: dialect word and test name; then comments, doc strings, `Key=value` lines
 *     enum { A, B };    prelude: definitions of kernel C may stand before the init block, as after it
 *     { ... }           init
 *     P0(...) { ... }   body: the dialect's own grammar
 *     exists (...)      tail: locations, filter, condition
 *
 * Comments are already spaces in `Layout.text`, whose offsets are those of the file; so are kernel C's preprocessor lines.
 */
import { type Checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { type SourceFile, type Span, spanOf } from '../text/source.js';
import { nearestName } from '../text/suggest.js';
import { removeComments } from './comments.js';

/** Half-open range of offsets in the file. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Layout {
  readonly source: SourceFile;
  /** The file's text with comments, preprocessor lines (and herd's `<< ... >>` trailers) blanked; same offsets. */
  readonly text: string;
  /** With the preprocessor lines, which `directives` are. */
  readonly withDirectives: string;
  readonly directives: readonly Range[];
  /** The first word: `C`, `Sketch`, `AArch64` ... */
  readonly dialect: string;
  readonly dialectSpan: Span;
  readonly name: string;
  readonly nameSpan: Span;
  /** All comments before the init block, joined, without their delimiters. */
  readonly comment: string;
  /** The definitions before the init block, one each. */
  readonly prelude: readonly Range[];
  /** Between the braces. */
  readonly init: Range;
  readonly body: Range;
  readonly tail: Range;
}

const LARGEST_FILE = 1 << 20;

/**
 * Characters without comments and blanks: thirty times what the longest published test has. A parse takes some kilobytes for each, and
 * cannot be ended.
 */
const LARGEST_TEST = 256 << 10;

/** The first words of the files that are understood. */
export const dialects = ['C', 'Sketch', 'AArch64', 'X86_64', 'X86'] as const;

/** Words that start the tail. */
export const tailWords = ['exists', 'forall', 'locations', 'filter', 'final'] as const;

class LayoutError extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
  }
}

function fail(span: Span, code: string, message: string, hint: string | null): never {
  throw new LayoutError(errorAt(span, code, message, { hint }));
}

/** C0 but for blanks, DEL, C1; overrides of the direction of text, by which a reader sees another test than the one that is judged. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unreadable = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069]/;

function refuseSize(source: SourceFile, most: number): never {
  const message = `this file is too large for a litmus test: more than ${most >> 10} KiB`;
  fail(spanOf(source, 0, 1), 'file-too-large', message, null);
}

function refuseUnreadable(source: SourceFile): void {
  const { text } = source;
  if (text.length > LARGEST_FILE) refuseSize(source, LARGEST_FILE);
  const control = text.search(unreadable);
  if (control >= 0) {
    const code = text.charCodeAt(control).toString(16).toUpperCase().padStart(4, '0');
    const span = spanOf(source, control, control + 1);
    if (code >= '2000')
      fail(span, 'not-text', `the character U+${code} makes text look like other text`, 'remove it');
    fail(span, 'not-text', `this is not a text file: it contains the control character U+${code}`, null);
  }
}

const noHeader = 'expected the header line, which names the dialect and the test';
const headerHint = 'start the file with a line such as `C name-of-the-test`';

function isDialect(word: string): boolean {
  return (dialects as readonly string[]).includes(word);
}

/** Dialect word and name of the test. `at` is where the first line of the test proper starts. */
function readHeader(
  source: SourceFile,
  text: string,
): Pick<Layout, 'dialect' | 'dialectSpan' | 'name' | 'nameSpan'> & { end: number } {
  const match = /^[\s\ufeff]*([A-Za-z_]\w*)(?:[ \t]+([^\s{]+))?/.exec(text);
  const at = text.search(/[^\s\ufeff]/);
  if (at < 0) {
    const what = source.text.trim() === '' ? 'this file is empty' : 'this file has nothing but comments';
    fail(
      spanOf(source, 0, 0),
      'empty-file',
      what,
      'a litmus test starts with a line such as `C name-of-the-test`',
    );
  }
  if (match === null || match[1] === undefined)
    fail(spanOf(source, at, at + 1), 'missing-header', noHeader, headerHint);
  const dialect = match[1];
  const dialectSpan = spanOf(source, at, at + dialect.length);
  const name = match[2];
  if (name === undefined && !isDialect(dialect)) fail(dialectSpan, 'missing-header', noHeader, headerHint);
  if (name === undefined)
    fail(
      /^\s*[({]/.test(text.slice(at + dialect.length))
        ? dialectSpan
        : spanOf(source, dialectSpan.end - 1, dialectSpan.end),
      'missing-header',
      `expected the header line \`${dialect} name-of-the-test\``,
      'the first line names the dialect (C, Sketch, AArch64, X86_64) and the test',
    );
  const end = match[0].length;
  return { dialect, dialectSpan, name, nameSpan: spanOf(source, end - name.length, end), end };
}

/** What may stand between the header line and the init block: doc strings, a short name in parentheses, `Key=value`. */
const headerLine = /^\s*(?:\([^()]*\)\s*)?(?:"[^"\n]*"?\s*|[A-Za-z][\w.-]*\s*[=:][^\n]*)?$/;

function refuseHeaderJunk(source: SourceFile, text: string, from: number, to: number): void {
  let start = from;
  for (const line of text.slice(from, to).split('\n')) {
    if (!headerLine.test(line)) {
      const at = start + line.search(/\S/);
      fail(
        spanOf(source, at, start + line.trimEnd().length),
        'missing-init',
        'expected the init block `{ ... }` before this',
        'write `{}` between the header line and the first thread if all variables start at 0',
      );
    }
    start += line.length + 1;
  }
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}

/** How a definition of kernel C begins, which may stand before the init block. */
const definition = /^[ \t]*(?:enum\b|struct\s+\w+\s*\{|(?:static|inline|__always_inline|noinline)\b)/m;

/** The definitions between the header line and the init block; `end` is where what follows them starts. */
function findPrelude(source: SourceFile, text: string, from: number): { prelude: Range[]; end: number } {
  const prelude: Range[] = [];
  let end = from;
  for (;;) {
    const open = text.indexOf('{', end);
    const start = open < 0 ? null : definition.exec(text.slice(end, open + 1));
    const close = start === null ? -1 : closingBrace(text, open);
    if (start === null || close < 0) return { prelude, end };
    const after = close + 1 + (/^\s*;?/.exec(text.slice(close + 1))?.[0].length ?? 0);
    refuseHeaderJunk(source, text, end, end + start.index);
    prelude.push({ start: end + start.index, end: after });
    end = after;
  }
}

function findInit(source: SourceFile, text: string, from: number, header: number): Range {
  const open = text.indexOf('{', from);
  refuseHeaderJunk(source, text, from, open < 0 ? text.length : open);
  if (open < 0)
    fail(
      spanOf(source, Math.max(0, header - 1), header),
      'missing-init',
      'the test ends after its header: expected the init block `{ ... }`',
      'write `{}` after the header line if all variables start at 0',
    );
  const close = closingBrace(text, open);
  if (close < 0)
    fail(
      spanOf(source, open, open + 1),
      'unclosed-init',
      'the `{` of the init block is never closed',
      'add the missing `}`',
    );
  return { start: open + 1, end: close };
}

const tailStart =
  /(?<=^|[;}\n])[ \t]*(?:(?:~|!|not\b)\s*)?([A-Za-z]+)\s*(?=[([~!]|[\w*>-][^|;\n]*=|not\b|true\b|false\b)/g;

function isTailWord(word: string): boolean {
  return (tailWords as readonly string[]).includes(word);
}

/**
 * Where the tail starts in rows of assembly or sketch: a line (or what follows a `;`) that begins with one of the tail's words,
 * or with a misspelling of one before a parenthesis. The end of the text if there is none.
 */
function tailOfRows(text: string, from: number): number {
  tailStart.lastIndex = from;
  for (let m = tailStart.exec(text); m !== null; m = tailStart.exec(text)) {
    const word = m[1]!;
    const next = text[m.index + m[0].length];
    const misspelt = (next === '(' || next === '[') && nearestName(word, tailWords) !== null;
    if (isTailWord(word) || misspelt) return m.index + m[0].search(/\S/);
  }
  return text.length;
}

/** The end of `word (...)` if no function body follows it, else -1. */
function isCallWithoutBody(text: string, at: number): boolean {
  let depth = 0;
  for (let i = text.indexOf('(', at); i >= 0 && i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return !/^\s*\{/.test(text.slice(i + 1, i + 200));
  }
  return true;
}

/**
 * Where the tail starts in C: outside of braces, one of the tail's words, `(`, or a misspelt word before a parenthesis
 * without a body. If braces are unbalanced, a line that begins with a tail word.
 */
function tailOfC(text: string, from: number): number {
  const token = /[{}]|[A-Za-z_]\w*|[(~!]/g;
  token.lastIndex = from;
  let braces = 0;
  for (let m = token.exec(text); m !== null; m = token.exec(text)) {
    const word = m[0];
    if (word === '{') braces++;
    else if (word === '}') braces--;
    else if (braces === 0) {
      const at = m.index;
      if (isTailWord(word) || /^(?:[(~!]|not)$/.test(word)) return at;
      const open = /^\s*\(/.exec(text.slice(token.lastIndex, token.lastIndex + 200));
      if (open === null) continue;
      if (nearestName(word, tailWords) !== null && isCallWithoutBody(text, at)) return at;
      token.lastIndex = endOfParameters(text, token.lastIndex);
    }
  }
  const line = /^[ \t]*(?:(?:~|!|not\b)[ \t]*)?(?:exists|forall|locations|filter|final)\b/m.exec(
    text.slice(from),
  );
  return line === null ? text.length : from + line.index + line[0].search(/\S/);
}

/** Just after the first `)` from `at`, or `at` if a brace comes first. */
function endOfParameters(text: string, at: number): number {
  const m = /[){}]/g;
  m.lastIndex = at;
  const found = m.exec(text);
  return found?.[0] === ')' ? found.index + 1 : at;
}

/** Blanks what follows a line `<<` in the tail: blocks that old x86 tests carry for another tool. */
function withoutTrailer(text: string, tail: number): string {
  const at = text.slice(tail).search(/^<<[ \t]*\r?$/m);
  return at < 0 ? text : text.slice(0, tail + at) + text.slice(tail + at).replace(/[^\n]/g, ' ');
}

/** Spaces that come along when code is copied from a mail or a page: no-break, thin, zero-width; also a byte order mark. */
const foreignSpace = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]/g;

/** Preprocessor lines with those that a backslash adds. */
const directive = /^[ \t]*#(?:\\\r?\n|.)*/gm;

function findDirectives(text: string): Range[] {
  if (!text.includes('#')) return [];
  return [...text.matchAll(directive)].map(({ index, 0: line }) => ({
    start: index,
    end: index + line.length,
  }));
}

/** `__attribute__((...))`, which says nothing about a litmus test. */
const attribute = /\b__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)/g;

function findAttributes(text: string): Range[] {
  if (!text.includes('__attribute__')) return [];
  return [...text.matchAll(attribute)].map(({ index, 0: all }) => ({
    start: index,
    end: index + all.length,
  }));
}

function blanked(text: string, ranges: readonly Range[]): string {
  let result = text;
  for (const { start, end } of ranges)
    result = result.slice(0, start) + result.slice(start, end).replace(/[^\n]/g, ' ') + result.slice(end);
  return result;
}

function layout(source: SourceFile): Layout {
  refuseUnreadable(source);
  const { text: written, comments, error } = removeComments(source);
  if (error !== null) throw new LayoutError(error);
  if (written.replace(/\s+/g, '').length > LARGEST_TEST) refuseSize(source, LARGEST_TEST);
  const spaced = written.replace(foreignSpace, ' ');
  const isC = /^\s*C\b/.test(spaced);
  const withDirectives = isC ? blanked(spaced, findAttributes(spaced)) : spaced;
  const directives = isC ? findDirectives(withDirectives) : [];
  const text = blanked(withDirectives, directives);
  const { end, ...header } = readHeader(source, text);
  const { prelude, end: afterPrelude } = isC ? findPrelude(source, text, end) : { prelude: [], end };
  const init = findInit(source, text, afterPrelude, end);
  const afterInit = /^\s*;?/.exec(text.slice(init.end + 1));
  const start = init.end + 1 + (afterInit?.[0].length ?? 0);
  const split = header.dialect === 'C' ? tailOfC(text, start) : tailOfRows(text, start);
  const comment = comments
    .filter((c) => c.start < init.start)
    .map((c) => c.text)
    .join('\n');
  return {
    source,
    text: withoutTrailer(text, split),
    withDirectives,
    directives,
    ...header,
    comment,
    prelude,
    init,
    body: { start, end: split },
    tail: { start: split, end: text.length },
  };
}

/** The sections of a litmus file, or why it has none. */
export function readLayout(source: SourceFile): Checked<Layout> {
  try {
    return { value: layout(source), diagnostics: [] };
  } catch (error) {
    if (error instanceof LayoutError) return { value: null, diagnostics: [error.diagnostic] };
    throw error;
  }
}
