/** What a graph shows of the C statement that an instruction comes from. */

import type { SourceRef } from '../program/ir.js';
import { type Span, spanText } from '../text/source.js';

/** A statement as people should read it in a graph: one line, no comments, no semicolon. */
export function sourceOf(span: Span, suffix = ''): SourceRef {
  const text = spanText(span)
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ')
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/[\s;]+$/, '');
  return { text: `${text}${suffix}`.trim(), span, primitive: null, instruction: null };
}
