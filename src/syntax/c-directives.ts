/**
 * Parses the preprocessor lines of kernel C: `#define` becomes a macro whose body is a tree, `#include` is noted, all else is refused.
 *
 * Part of the syntax stage, used by litmus-c.ts; layout.ts finds the lines. A body is one expression or one statement, so that
 * expansion (elaborate/c-expand.ts) is a matter of trees; what text alone could do, as pasting and conditions, is refused.
 */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { type SourceFile, type Span, spanOf } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { explainForeign } from './c-failure.js';
import type { CDefinition, CMacroBody } from './c-tree.js';
import type { Range } from './layout.js';
import type { Failure } from './section.js';
import { endOfPrevious, tokenAt } from './section.js';

/** Parses one expression or statement of a range. */
export type BodyParser = (
  rule: 'expression' | 'statement',
  text: string,
  range: Range,
  explain: (failure: Failure) => Diagnostic,
) => unknown;

const statementWord = /^(?:\{|(?:do|if|while|for|switch|return|goto|break|continue|guard|scoped_guard)\b)/;

class DirectiveReader {
  constructor(
    private readonly source: SourceFile,
    /** The file's text without comments and without the backslashes that continue lines. */
    private readonly text: string,
    private readonly diagnostics: Diagnostic[],
    private readonly parse: BodyParser,
  ) {}

  private fail(span: Span, code: string, message: string, hint: string | null = null): null {
    this.diagnostics.push(errorAt(span, code, message, { hint }));
    return null;
  }

  read({ start, end }: Range): CDefinition | null {
    const line = this.text.slice(start, end);
    const [head = '', word = ''] = /^\s*#\s*(\w*)/.exec(line) ?? [];
    const hash = start + line.indexOf('#');
    const span = spanOf(this.source, hash, start + head.length);
    if (word === 'include')
      return { kind: 'include', span: spanOf(this.source, hash, start + line.trimEnd().length) };
    if (word === 'define') return this.define({ start: start + head.length, end }, hash);
    const known = ['define', 'include'];
    if (/^(?:if|ifdef|ifndef|elif|else|endif)$/.test(word))
      return this.fail(
        span,
        'unsupported',
        `\`#${word}\` is not supported`,
        'keep the lines that the test is about',
      );
    if (/^(?:undef|error|warning|pragma|line)$/.test(word))
      return this.fail(span, 'unsupported', `\`#${word}\` is not supported`, 'leave the line out');
    const hint =
      didYouMean(word, known) ??
      'preprocessor lines are `#define NAME value` and `#define NAME(a, b) ((a) + (b))`';
    return this.fail(span, 'unsupported', `unknown preprocessor line \`#${word}\``, hint);
  }

  /** `range`: from just behind `#define`. */
  private define(range: Range, hash: number): CDefinition | null {
    const line = this.text.slice(range.start, range.end);
    // Parameters only directly behind the name: `#define N (1)` has none.
    const head = /^\s+([A-Za-z_]\w*)(\(([^()]*)\))?/.exec(line);
    const at = range.start + (/\S/.exec(line)?.index ?? 0);
    if (head === null)
      return this.fail(
        spanOf(this.source, Math.min(at, range.end - 1), Math.min(at + 1, range.end)),
        'syntax',
        'expected the name of the macro after `#define`',
        '`#define NAME value` or `#define NAME(a, b) ((a) + (b))`',
      );
    const [whole, name = '', list, names = ''] = head;
    const nameSpan = spanOf(this.source, at, at + name.length);
    const body = this.body({ start: range.start + whole.length, end: range.end });
    const parameters =
      list === undefined
        ? null
        : this.parameters(names, spanOf(this.source, nameSpan.end, nameSpan.end + list.length));
    if (body === null) return null;
    const span = spanOf(this.source, hash, range.start + line.trimEnd().length);
    return { kind: 'macro', name, nameSpan, parameters, body, span };
  }

  private parameters(list: string, span: Span): readonly string[] {
    if (list.trim() === '') return [];
    const names = list.split(',').map((name) => name.trim());
    const wrong = names.find((name) => !/^[A-Za-z_]\w*$/.test(name));
    if (wrong !== undefined)
      this.fail(
        span,
        'unsupported',
        wrong.endsWith('...')
          ? 'macros with a variable number of arguments are not supported'
          : `\`${wrong}\` cannot be a parameter`,
      );
    else if (new Set(names).size < names.length)
      this.fail(span, 'redeclared', 'two parameters have the same name');
    return names;
  }

  private body({ start, end }: Range): CMacroBody | null {
    const text = this.text.slice(start, end);
    const trimmed = text.trim();
    if (trimmed === '') return { kind: 'nothing' };
    const from = start + text.indexOf(trimmed);
    const range = { start: from, end: from + trimmed.length };
    const explain = (failure: Failure): Diagnostic => explainBody(failure, range);
    if (!statementWord.test(trimmed) && !trimmed.endsWith(';')) {
      const expression = this.parse('expression', this.text, range, explain);
      return expression === null ? null : ({ kind: 'expression', expression } as CMacroBody);
    }
    const complete = /[;}]$/.test(trimmed);
    const padded = complete
      ? this.text
      : `${this.text.slice(0, range.end)};${this.text.slice(range.end + 1)}`;
    const statement = this.parse(
      'statement',
      padded,
      { start: from, end: range.end + (complete ? 0 : 1) },
      explain,
    );
    return statement === null ? null : ({ kind: 'statement', statement } as CMacroBody);
  }
}

function explainBody(failure: Failure, range: Range): Diagnostic {
  const inside: Failure = { ...failure, section: range, at: Math.min(failure.at, range.end) };
  const found = tokenAt(inside);
  if (found.startsWith('#'))
    return errorAt(
      spanOf(failure.source, inside.at, inside.at + found.length),
      'unsupported',
      '`#` and `##` are not supported in macros',
    );
  const foreign = explainForeign(inside);
  if (foreign !== null) return foreign;
  const hint = 'the body of a macro is one expression, or one statement such as `do { ... } while (0)`';
  if (found === '') {
    const end = endOfPrevious(inside);
    return errorAt(spanOf(failure.source, end - 1, end), 'syntax', 'the body of the macro ends too early', {
      hint,
    });
  }
  const span = spanOf(failure.source, inside.at, inside.at + found.length);
  return errorAt(span, 'syntax', `unexpected \`${found}\` in the body of the macro`, { hint });
}

/** The definitions that preprocessor lines make, in their order. `text`: without comments, with its preprocessor lines. */
export function readDirectives(
  source: SourceFile,
  text: string,
  lines: readonly Range[],
  diagnostics: Diagnostic[],
  parse: BodyParser,
): CDefinition[] {
  if (lines.length === 0) return [];
  const reader = new DirectiveReader(source, text.replace(/\\(?=\r?\n)/g, ' '), diagnostics, parse);
  return lines.map((line) => reader.read(line)).filter((tree) => tree !== null);
}
