/**
 * Runs one grammar rule on one section of a file and turns ohm's failures into diagnostics in people's words.
 *
 * Part of the syntax stage. Grammars see only their section; all spans are offsets of the file.
 */
import type { Grammar, MatchResult, Node } from 'ohm-js';
import { type Diagnostic, type DiagnosticExtras, errorAt } from '../text/diagnostic.js';
import { type SourceFile, type Span, spanOf } from '../text/source.js';
import type { Range } from './layout.js';

/** What tree-building actions need to know: where they are, and where complaints go. */
export interface TreeContext {
  readonly source: SourceFile;
  /** The offset of the section's first character. */
  readonly offset: number;
  /** What the grammar reads, if it reads tokens; the offsets are those of the file then. */
  readonly tokens?: Tokens;
  readonly diagnostics: Diagnostic[];
}

/** A section as tokens, each one character of `codes`. */
export interface Tokens {
  readonly codes: string;
  /** Where each token starts and ends in the file. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * How tree-building actions get their context: `treeOf` leaves it on the node and runs the parameterless operation `tree`. Ohm
 * could pass it as an argument of the operation, but that costs a third of the time of building a tree.
 */
interface Carrier {
  context?: TreeContext;
  readonly args?: { readonly context: TreeContext };
  tree(): unknown;
}

/** The tree of a node, by its grammar's operation `tree`. */
export function treeOf<T>(node: Node, context: TreeContext): T {
  const carrier = node as unknown as Carrier;
  carrier.context = context;
  return carrier.tree() as T;
}

/** The context that the running action was called with. */
export function contextOf(node: Node): TreeContext {
  const { context, args } = node as unknown as Carrier;
  return context ?? args!.context;
}

/** The action for rules that only choose: the tree of the chosen alternative. */
export function treeOfOnlyChild(this: Node, ...children: Node[]): unknown {
  return treeOf(children[0]!, contextOf(this));
}

/** What stands between two tokens is behind the first. */
function spanOfTokens(source: SourceFile, { starts, ends }: Tokens, from: number, to: number): Span {
  if (to > from) return spanOf(source, starts[from]!, ends[to - 1]!);
  const at = from > 0 ? ends[from - 1]! : (starts[0] ?? 0);
  return spanOf(source, at, at);
}

/** The span of a node in the file. */
export function nodeSpan(context: TreeContext, node: Node): Span {
  const { startIdx, endIdx } = node.source;
  const { tokens } = context;
  if (tokens !== undefined) return spanOfTokens(context.source, tokens, startIdx, endIdx);
  return spanOf(context.source, context.offset + startIdx, context.offset + endIdx);
}

export function reportAt(
  context: TreeContext,
  span: Span,
  code: string,
  message: string,
  extras: DiagnosticExtras = {},
): void {
  context.diagnostics.push(errorAt(span, code, message, extras));
}

/** Where and why a section did not match. */
export interface Failure {
  readonly source: SourceFile;
  /** The file's text with comments blanked. */
  readonly text: string;
  readonly section: Range;
  /** Offset in the file of the first character that fits nothing. */
  readonly at: number;
  /** What would have fitted, in the grammar's words: symbols and keywords as they are, other rules by their descriptions. */
  readonly expected: readonly string[];
}

/** Turns a failure into a diagnostic if it recognises the mistake; the first that answers wins. */
export type Explainer = (failure: Failure) => Diagnostic | null;

function expectations(result: MatchResult): string[] {
  const failures = (
    result as unknown as {
      getRightmostFailures(): { getText(): string; isCode(): boolean }[];
    }
  ).getRightmostFailures();
  const texts = failures.filter((f) => !f.isCode()).map((f) => f.getText().replace(/^`(.*)`$/, '$1'));
  return [...new Set(texts)];
}

/** The word or symbol at an offset; empty at the end of the section. */
export function tokenAt(failure: Failure, at: number = failure.at): string {
  const rest = failure.text.slice(at, failure.section.end);
  return /^(?:[\w$%#.]+|->|=>|\/\\|\\\/|[-+*/%&|^=!<>]=|&&|\|\||<<|>>|\S)/.exec(rest)?.[0] ?? '';
}

/** The offset just after the last visible character before `at`, not before the section. */
export function endOfPrevious(failure: Failure, at: number = failure.at): number {
  let end = Math.min(at, failure.section.end);
  while (end > failure.section.start && /\s/.test(failure.text[end - 1]!)) end--;
  return end;
}

/** "`;`, `=` or a value": at most four, else null: too many to help anyone. */
export function listExpected(expected: readonly string[]): string | null {
  const useful = expected.filter((text) => text !== 'end of input');
  const shown = useful.map((text) => (/^an? |^the /.test(text) ? text : `\`${text}\``));
  if (shown.length === 0 || shown.length > 4) return null;
  if (shown.length === 1) return shown[0]!;
  return `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

/** What editors and mail programs make of the characters that are meant. */
const typographic: ReadonlyMap<string, string> = new Map([
  ['\u2013', '-'],
  ['\u2014', '-'],
  ['\u2212', '-'],
  ['\u2192', '->'],
  ['\u2227', '/\\'],
  ['\u2228', '\\/'],
  ['\u00ac', 'not'],
  ['\u2260', '!='],
  ['\u21d2', '=>'],
]);

/** The general answer: what is expected against what is found, at the place. */
export function explainPlainly(failure: Failure, what: string): Diagnostic {
  const found = tokenAt(failure);
  const expected = listExpected(failure.expected);
  const wanted = expected === null ? '' : `: expected ${expected}`;
  if (found === '') {
    const end = Math.max(endOfPrevious(failure), 1);
    return errorAt(spanOf(failure.source, end - 1, end), 'syntax', `${what} ends too early${wanted}`);
  }
  const span = spanOf(failure.source, failure.at, failure.at + found.length);
  const meant = typographic.get(found);
  if (meant !== undefined)
    return errorAt(span, 'syntax', `unexpected \`${found}\` in ${what}`, { hint: `write \`${meant}\`` });
  const tail = expected === null ? ` in ${what}` : wanted;
  return errorAt(span, 'syntax', `unexpected \`${found}\`${tail}`);
}

export interface SectionTask {
  readonly grammar: Grammar;
  readonly rule: string;
  readonly source: SourceFile;
  readonly text: string;
  readonly range: Range;
  /** The section's name in messages: `the init block`. */
  readonly what: string;
  /** For grammars that read tokens. */
  readonly tokenize?: (text: string, range: Range) => Tokens;
  readonly explainers: readonly Explainer[];
}

/**
 * Deeper trees are refused: a chain such as `1 + 1 + ...` is read without recursion and yet nests, and later passes recurse
 * on trees. Ten times what any test has, a tenth of what the stack holds.
 */
const DEEPEST_TREE = 1000;

/** Whether a tree of plain objects and arrays nests deeper than the limit. Level by level, so without recursion. */
function isTooDeep(tree: unknown): boolean {
  let level: unknown[] = [tree];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST_TREE) return true;
    const next: unknown[] = [];
    for (const node of level) {
      if (typeof node !== 'object' || node === null) continue;
      for (const key in node) {
        const child = (node as Record<string, unknown>)[key];
        // A span leads to the file, not down the tree.
        if (typeof child === 'object' && child !== null && !('file' in child)) next.push(child);
      }
    }
    level = next;
  }
  return false;
}

/**
 * Matches a section. Returns the match, or null after adding one diagnostic. Nesting too deep for the stack is a
 * diagnostic too.
 */
export function matchSection<T>(
  task: SectionTask,
  diagnostics: Diagnostic[],
  build: (result: MatchResult, context: TreeContext) => T,
): T | null {
  const { source, text, range } = task;
  try {
    const tokens = task.tokenize?.(text, range);
    const result = task.grammar.match(tokens?.codes ?? text.slice(range.start, range.end), task.rule);
    if (result.succeeded()) {
      const tree = build(result, {
        source,
        offset: range.start,
        ...(tokens === undefined ? {} : { tokens }),
        diagnostics,
      });
      // A level of the tree takes a character or a token, but for a few arrays and wrappers.
      const isShort = 4 * (tokens?.codes.length ?? range.end - range.start) < DEEPEST_TREE;
      if (!isShort && isTooDeep(tree)) throw new RangeError('a tree deeper than the passes may recurse');
      return tree;
    }
    const position = (
      result as unknown as { getRightmostFailurePosition(): number }
    ).getRightmostFailurePosition();
    const at =
      tokens === undefined
        ? range.start + skipSpaces(text.slice(range.start, range.end), position)
        : (tokens.starts[position] ?? range.end);
    const failure: Failure = { source, text, section: range, at, expected: expectations(result) };
    for (const explain of task.explainers) {
      const diagnostic = explain(failure);
      if (diagnostic !== null) {
        diagnostics.push(diagnostic);
        return null;
      }
    }
    diagnostics.push(explainPlainly(failure, task.what));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const span = spanOf(source, range.start, Math.min(range.end, range.start + 1));
    diagnostics.push(errorAt(span, 'too-deep', `${task.what} is nested too deeply to be read`));
  }
  return null;
}

function skipSpaces(text: string, at: number): number {
  let i = at;
  while (i < text.length && /\s/.test(text[i]!)) i++;
  return i;
}
