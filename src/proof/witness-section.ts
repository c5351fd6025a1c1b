/**
 * The part of a proof document that shows an allowed execution: its story, what would have to be ordered and is not, and its
 * picture. The story is audited first; one that does not pass would be our own bug.
 */
import { auditStory } from '../explain/audit-story.js';
import { evaluateExecution } from '../explain/refused-execution.js';
import { tellStory } from '../explain/story.js';
import type { Execution } from '../search/execution.js';
import { invariant } from '../text/diagnostic.js';
import type { ModelRun } from '../verdict/report.js';
import { sentenceMarker } from './code-spans.js';
import type { Evidence } from './evidence.js';
import { bullets, paragraph, sections, steps } from './markdown.js';

export function witnessSection(
  { execution }: Extract<Evidence, { kind: 'witness' }>,
  { model, compiled }: ModelRun,
  picture: (execution: Execution) => string,
): string {
  invariant(evaluateExecution(execution, compiled).failed.length === 0, 'a witness is allowed');
  const story = tellStory(execution, compiled);
  const faults = auditStory(story, compiled);
  invariant(faults.length === 0, faults.join('; '));
  const { missing, sentences, isInterleaving } = story;
  const mark = sentenceMarker(execution);
  return sections([
    '## Proof',
    `This execution is allowed by \`${model}\`. Its events in an order of time:`,
    steps(sentences.map(({ text }) => mark(`${text}.`))),
    isInterleaving ? 'No order is missing: even interleaving the threads gives this.' : null,
    missing.length === 0 ? null : 'What would have to be ordered, and is not:',
    bullets(missing.map((order) => order.sentences.map(({ text }) => mark(`${text}.`)).join(' '))),
    missing.length === 0
      ? null
      : paragraph(
          'That is about this execution. What excludes the outcome, however it comes about, is found by `fencepost repair`.',
        ),
    picture(execution),
    paragraph(
      `It was checked apart from the search that found it: the axioms of \`${model}\`, evaluated on the whole execution, hold; and each step of the story was looked up in the execution again.`,
    ),
  ]).trimEnd();
}
