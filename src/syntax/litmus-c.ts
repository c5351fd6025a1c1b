/**
 * Parses litmus tests in kernel C: text -> CLitmus.
 *
 * Syntax stage, after layout.ts. The language is C's statements and expressions over the kernel's types, see
 * grammar/README.md; names and types are resolved later (elaborate/). Expressions and statements are parsed one by one
 * for the cells of a sketch, where `->field` stands for a field of the one shared object.
 */
import type { ActionDict, MatchResult } from 'ohm-js';
import { grammar } from '../../grammar/litmus-c.ohm';
import { type Checked, checked, type Diagnostic } from '../text/diagnostic.js';
import { type SourceFile, spanOf } from '../text/source.js';
import type { CContext } from './c-context.js';
import { declarationActions } from './c-declarations.js';
import { definitionActions, isThread, type TopLevel, threadOf } from './c-definitions.js';
import { readDirectives } from './c-directives.js';
import { explainC } from './c-failure.js';
import { expressionActions } from './c-operands.js';
import { statementActions } from './c-statement.js';
import { tokenizeC } from './c-tokens.js';
import type { CDefinition, CExpression, CLitmus, CStatement, CThread } from './c-tree.js';
import { parseFrame } from './condition.js';
import type { Layout, Range } from './layout.js';
import { matchTree } from './match-tree.js';
import { type Failure, matchSection, reportAt, treeOf } from './section.js';
import { checkThreadNames } from './thread-names.js';

export const actions: ActionDict<unknown> = {
  ...definitionActions,
  ...declarationActions,
  ...statementActions,
  ...expressionActions,
};

function treeOfMatch<T>(result: MatchResult, context: CContext): T {
  return treeOf<T>(matchTree(result, actions), context);
}

/** One C expression of a sketch's cell, or null after reporting why not. */
export function parseSketchExpression(
  source: SourceFile,
  text: string,
  range: Range,
  diagnostics: Diagnostic[],
): CExpression | null {
  const what = 'the expression';
  const task = {
    grammar,
    rule: 'expression',
    tokenize: tokenizeC,
    source,
    text,
    range,
    what,
    explainers: [explainC],
  };
  return matchSection(task, diagnostics, (result, context) =>
    treeOfMatch(result, { ...context, sketch: true }),
  );
}

/** One C statement of a sketch's cell, or null after reporting why not. Its semicolon may be missing: the table's may have taken it. */
export function parseSketchStatement(
  source: SourceFile,
  text: string,
  range: Range,
  diagnostics: Diagnostic[],
): CStatement | null {
  const { start, end } = range;
  const complete = /[;}]\s*$/.test(text.slice(start, end));
  const padded = complete ? text : `${text.slice(0, end)};${text.slice(end + 1)}`;
  const explain = (failure: Failure): Diagnostic =>
    explainC({ ...failure, text, section: range, at: Math.min(failure.at, end) });
  const task = {
    grammar,
    rule: 'statement',
    tokenize: tokenizeC,
    source,
    text: padded,
    range: { start, end: complete ? end : end + 1 },
    what: 'the statement',
    explainers: [explain],
  };
  return matchSection(task, diagnostics, (result, context) =>
    treeOfMatch(result, { ...context, sketch: true }),
  );
}

/** The threads and definitions of all parts of the file, in its order. */
function parseCode(
  { source, text, withDirectives, directives, prelude, body }: Layout,
  diagnostics: Diagnostic[],
): Pick<CLitmus, 'definitions' | 'threads'> | null {
  const what = 'the code of the threads';
  const items: TopLevel[] = [];
  for (const range of [...prelude, body]) {
    const task = {
      grammar,
      rule: 'code',
      tokenize: tokenizeC,
      source,
      text,
      range,
      what,
      explainers: [explainC],
    };
    const found = matchSection(task, diagnostics, (result, context) =>
      treeOfMatch<TopLevel[]>(result, { ...context, sketch: false }),
    );
    if (found === null) return null;
    items.push(...found);
  }
  const definitions: CDefinition[] = readDirectives(
    source,
    withDirectives,
    directives,
    diagnostics,
    (rule, padded, range, explain) => {
      const task = {
        grammar,
        rule,
        tokenize: tokenizeC,
        source,
        text: padded,
        range,
        what: 'the macro',
        explainers: [explain],
      };
      return matchSection(task, diagnostics, (result, context) =>
        treeOfMatch(result, { ...context, sketch: false }),
      );
    },
  );
  const threads: CThread[] = [];
  for (const item of items) {
    if (item.kind === 'function' && isThread(item, () => isCalled(withDirectives, item.function.name)))
      threads.push(threadOf(item));
    else definitions.push(item.kind === 'function' ? item.function : item);
  }
  definitions.sort((a, b) => a.span.start - b.span.start);
  return { definitions, threads };
}

/** Whether `name(` stands anywhere but in its own definition. */
function isCalled(text: string, name: string): boolean {
  return [...text.matchAll(new RegExp(`\\b${name}\\s*\\(`, 'g'))].length > 1;
}

/** A litmus test in kernel C whose layout is known. */
export function parseC(layout: Layout): Checked<CLitmus> {
  const diagnostics: Diagnostic[] = [];
  const { source, body: range } = layout;
  const code = parseCode(layout, diagnostics);
  const frame = parseFrame(layout, diagnostics);
  if (code === null || frame === null) return { value: null, diagnostics };
  if (code.threads.length === 0) {
    const span = spanOf(source, range.start, Math.min(range.start + 1, range.end));
    reportAt(
      { source, offset: 0, diagnostics },
      span,
      'no-threads',
      'expected at least one thread after the init block',
      {
        hint: 'a thread is `P0(int *x) { ... }`',
      },
    );
  }
  checkThreadNames(code.threads, diagnostics);
  return checked<CLitmus>({ dialect: 'C', ...frame, ...code }, diagnostics);
}
