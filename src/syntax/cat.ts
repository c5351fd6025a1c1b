/**
 * Text of a cat model or bell file to its tree, by the grammar of grammar/cat.ohm; the semantic actions are in cat-expressions.ts and
 * cat-statements.ts.
 *
 * Source: the diy manual, chapter "The cat language".
 */
import type { FailedMatchResult, Semantics } from 'ohm-js';
import { grammar } from '../../grammar/cat.ohm';
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { type SourceFile, spanOf } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { addExpressions, addNames, type Context } from './cat-expressions.js';
import { addStatements } from './cat-statements.js';
import type { CatTree } from './cat-tree.js';

const statementKeywords = [
  'let',
  'acyclic',
  'irreflexive',
  'empty',
  'flag',
  'include',
  'show',
  'unshow',
  'with',
  'forall',
  'procedure',
  'call',
  'if',
  'match',
  'enum',
  'instructions',
  'default',
  'undefined_unless',
  'assert',
  'debug',
];

const parsed = new WeakMap<SourceFile, Checked<CatTree>>();

/**
 * Parses a whole model file, each file object once: a model is compiled for several dialects. Every problem is one located error.
 */
export function parseCat(source: SourceFile): Checked<CatTree> {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const result = parseFile(source);
  parsed.set(source, result);
  return result;
}

/** Several times what any published model has; a parse takes some kilobytes for each character, and cannot be ended. */
const LARGEST_MODEL = 128 << 10;

function parseFile(source: SourceFile): Checked<CatTree> {
  if (source.text.length > LARGEST_MODEL) {
    const message = `this is too large for a memory model: more than ${LARGEST_MODEL >> 10} KiB`;
    return { value: null, diagnostics: [errorAt(spanOf(source, 0, 1), 'file-too-large', message)] };
  }
  try {
    const match = grammar.match(source.text, 'Model');
    if (match.failed()) {
      return { value: null, diagnostics: [syntaxError(source, match as FailedMatchResult)] };
    }
    const context = semantics();
    context.context.source = source;
    return checked(context.of(match).model() as CatTree, []);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const hint = 'split the expression with `let`';
    const at = deepestPlace(source.text);
    const span = spanOf(source, at, at + 1);
    return {
      value: null,
      diagnostics: [errorAt(span, 'too-deep', 'this is nested too deeply to be read', { hint })],
    };
  }
}

/** The innermost bracket; where chains are long instead, the beginning of the longest line. */
function deepestPlace(text: string): number {
  let depth = 0;
  let most = 50;
  let place = -1;
  for (let at = 0; at < text.length; at++) {
    if ('([{'.includes(text[at]!)) depth++;
    else if (')]}'.includes(text[at]!)) depth--;
    if (depth <= most) continue;
    most = depth;
    place = at;
  }
  if (place >= 0) return place;
  const lines = text.split('\n');
  const longest = lines.reduce((best, line, i) => (line.length > lines[best]!.length ? i : best), 0);
  return lines.slice(0, longest).join('\n').length + (longest > 0 ? 1 : 0);
}

function syntaxError(source: SourceFile, match: FailedMatchResult): Diagnostic {
  const at = match.getRightmostFailurePosition();
  const rest = source.text.slice(at);
  const openComment = openCommentAt(source.text);
  if (openComment !== null && openComment <= at)
    return errorAt(spanOf(source, openComment, openComment + 2), 'syntax', 'this comment is never closed', {
      hint: 'add `*)`; comments nest',
    });
  const word = /^_?[A-Za-z][A-Za-z0-9_.-]*/.exec(rest)?.[0] ?? null;
  const { length } = source.text;
  const span = spanOf(source, at, Math.min(length, at + (word?.length ?? 1)));
  if (at >= length) return errorAt(span, 'syntax', `the model ends here; expected ${expectation(match)}`);
  const found = word ?? rest[0] ?? '';
  if (found === '"') return errorAt(span, 'syntax', 'this string is never closed');
  const expected = expectation(match);
  return errorAt(span, 'syntax', `unexpected \`${found}\`; expected ${expected}`, {
    hint: word === null || !expected.endsWith('a statement') ? null : didYouMean(word, statementKeywords),
  });
}

/** What could stand at the failure, in the user's terms. */
function expectation(match: FailedMatchResult): string {
  const expected = new Set(match.getExpectedText().split(/, or |, | or /));
  const closing = [
    '")"',
    '"]"',
    '"}"',
    '"="',
    '"->"',
    '"-1"',
    '"||"',
    'then',
    'else',
    'from',
    'do',
    'end',
  ].filter((token) => expected.has(token));
  const all = closing.map((token) => `\`${token.replace(/"/g, '')}\``);
  if (expected.has('"++"')) all.push('an operator');
  else if (expected.has('"["')) all.push('an expression');
  else all.push(...['a name', 'a string'].filter((kind) => expected.has(kind)));
  if (expected.has('acyclic')) all.push('a statement');
  return all.length > 0 ? all.join(' or ') : 'a statement';
}

/** The start of a comment that is never closed, or null. */
function openCommentAt(text: string): number | null {
  const open: number[] = [];
  for (const token of text.matchAll(/\(\*|\*\)|(?:\/\/|#)[^\n]*|"[^"]*"/g)) {
    if (token[0] === '(*') open.push(token.index);
    else if (token[0] === '*)') open.pop();
  }
  return open[0] ?? null;
}

interface CatSemantics {
  readonly of: Semantics;
  readonly context: Context;
}

let built: CatSemantics | null = null;

/** The semantic actions, made at the first use. */
function semantics(): CatSemantics {
  if (built === null) {
    const context: Context = { source: { name: '', text: '' } };
    const of = grammar.createSemantics();
    addNames(of, context);
    addExpressions(of, context);
    addStatements(of, context);
    built = { of, context };
  }
  return built;
}
