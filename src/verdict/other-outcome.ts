/** A test with another question: the same text with another condition in its place, so that all that is said of it keeps its lines. */
import { parseLitmus } from '../syntax/parse.js';
import type { Diagnostic } from '../text/diagnostic.js';
import type { SourceFile, Span } from '../text/source.js';

/** A test with the question of an option. */
export interface OtherQuestion {
  readonly source: SourceFile;
  /** What is wrong with the question is found where it stands then, and told where it came from. */
  readonly placed: (diagnostic: Diagnostic) => Diagnostic;
}

const BEFORE = 'exists (';

/**
 * The test's text with the condition `exists (OUTCOME)`, in place of its own if it has one. A text that is no test comes back as it is,
 * for its own diagnostics.
 */
export function withOutcome(source: SourceFile, outcome: string, option: string): OtherQuestion {
  const { value: tree, diagnostics } = parseLitmus(source);
  const lacksCondition = diagnostics.some(({ code }) => code === 'missing-condition');
  if (tree === null && !lacksCondition) return { source, placed: (diagnostic) => diagnostic };
  const { text } = source;
  const question = `${BEFORE}${outcome})`;
  const condition = tree?.condition ?? null;
  const head = condition === null ? `${text.trimEnd()}\n\n` : text.slice(0, condition.span.start);
  const tail = condition === null ? '\n' : text.slice(condition.span.end);
  const asked = { ...source, text: `${head}${question}${tail}` };
  const first = head.length + BEFORE.length;
  const file: SourceFile = { name: option, text: outcome };
  const placed = (span: Span): Span => {
    const isHere = span.file.name === asked.name && span.file.text === asked.text;
    if (!isHere || span.start < head.length || span.start > head.length + question.length) return span;
    const within = (offset: number): number => Math.min(Math.max(offset - first, 0), outcome.length);
    return { file, start: within(span.start), end: within(span.end) };
  };
  return {
    source: asked,
    placed: ({ span, notes, ...rest }) => ({
      ...rest,
      span: span === null ? null : placed(span),
      notes: notes.map((note) => ({ ...note, span: note.span === null ? null : placed(note.span) })),
    }),
  };
}
