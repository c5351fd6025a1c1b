/**
 * Replaces comments by spaces, so that offsets stay what they are and no grammar needs to know comments.
 *
 * Front of the syntax stage. Three forms: `// ...`, C's block form, and OCaml's `(* ... *)`, which nests (herd's litmus format uses it
 * outside of C code). `(*x)` is also an expression; a `(*` is a comment only where no reading as an expression exists, see
 * `endOfStarComment`.
 */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { type SourceFile, spanOf } from '../text/source.js';

export interface Comment {
  readonly start: number;
  readonly end: number;
  /** Without delimiters. */
  readonly text: string;
}

/**
 * The end of the nested OCaml comment that starts at `start`, or -1 if it is never closed.
 */
function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length - 1; i++) {
    if (text[i] === '(' && text[i + 1] === '*') {
      depth++;
      i++;
    } else if (text[i] === '*' && text[i + 1] === ')') {
      depth--;
      i++;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

/** Parentheses longer than this are not looked through: it bounds the scan of hostile input. */
const LONGEST_PARENTHESIS = 10_000;

/** The end of the parenthesis that opens at `start`, or -1. */
function endOfParenthesis(text: string, start: number): number {
  let depth = 0;
  const limit = Math.min(text.length, start + LONGEST_PARENTHESIS);
  for (let i = start; i < limit; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i + 1;
  }
  return -1;
}

/**
 * Where the `(*` at `start` ends if it is a comment; -1: it is an expression; -2: it is a comment that is never closed.
 *
 * In code (braces after the init block) it is one only if its balancing parenthesis is preceded by a star, which no C expression has:
 * `(* note *)` but not `(*x)` nor `(*(char *)x)`. Elsewhere it is one unless it is never closed and a name follows.
 */
function endOfStarComment(text: string, start: number, inCode: boolean): number {
  const balanced = endOfParenthesis(text, start);
  if (balanced > start + 3 && text[balanced - 2] === '*') return balanced;
  if (inCode) return -1;
  const end = endOfNested(text, start);
  if (end >= 0) return end;
  return /[\w*(&]/.test(text[start + 2] ?? '') && balanced >= 0 ? -1 : -2;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

/** What starts at `at`: the end of a comment, -1 for none, -2 for one that is never closed. */
function commentEnd(text: string, at: number, inCode: boolean): number {
  const next = text.charCodeAt(at + 1);
  if (text.charCodeAt(at) === 40 /* ( */) return next === 42 ? endOfStarComment(text, at, inCode) : -1;
  if (next === 47 /* / */) return endOfLine(text, at);
  if (next !== 42 /* * */) return -1;
  const close = text.indexOf('*/', at + 2);
  return close < 0 ? -2 : close + 2;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

export interface Uncommented {
  /** The text with every comment replaced by spaces; same length, same line breaks. */
  readonly text: string;
  readonly comments: readonly Comment[];
  readonly error: Diagnostic | null;
}

/** The text without its comments. An unclosed comment is an error and ends the scan. */
export function removeComments(source: SourceFile): Uncommented {
  const { text } = source;
  const comments: Comment[] = [];
  let out = '';
  let copied = 0;
  let braces = 0;
  let inInit = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 123 /* { */) braces++;
    else if (code === 125 /* } */) {
      if (braces > 0 && --braces === 0) inInit = false;
    } else if (code === 92 /* \ */ && text.charCodeAt(i + 1) === 47) i++;
    else if (code === 40 /* ( */ || code === 47 /* / */) {
      const end = commentEnd(text, i, braces > 0 && !inInit);
      if (end === -1) continue;
      if (end === -2) {
        const error = errorAt(spanOf(source, i, i + 2), 'unclosed-comment', 'this comment is never closed', {
          hint: code === 40 ? 'close it with `*)`' : 'close it with `*/`',
        });
        return { text, comments, error };
      }
      const line = text.charCodeAt(i + 1) === 47;
      comments.push({ start: i, end, text: text.slice(i + 2, line ? end : end - 2) });
      out += text.slice(copied, i) + blank(text.slice(i, end));
      copied = end;
      i = end - 1;
    }
  }
  return { text: out + text.slice(copied), comments, error: null };
}
