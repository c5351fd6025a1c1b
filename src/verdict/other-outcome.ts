/** A test with another question: the same text with another condition in its place, so that all that is said of it keeps its lines. */
import { parseLitmus } from '../syntax/parse.js';
import type { SourceFile } from '../text/source.js';

/**
 * The test's text with the condition `exists (OUTCOME)`. A text that is no test comes back as it is, for its own diagnostics;
 * what is wrong with the outcome is found where it stands then.
 */
export function withOutcome(source: SourceFile, outcome: string): SourceFile {
  const tree = parseLitmus(source).value;
  if (tree === null) return source;
  const { text } = source;
  const question = `exists (${outcome})`;
  const { condition } = tree;
  if (condition === null) return { ...source, text: `${text.trimEnd()}\n\n${question}\n` };
  const { start, end } = condition.span;
  return { ...source, text: `${text.slice(0, start)}${question}${text.slice(end)}` };
}
