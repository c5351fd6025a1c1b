/**
 * The part of a proof document that shows two allowed executions, one that ends as the condition says and one that does not. First the
 * one that answers the test, with its story, what would have to be ordered and is not, and its picture; then, shortly, the other.
 * Stories are audited first; one that does not pass would be our own bug.
 */
import { auditStory } from '../explain/audit-story.js';
import { asksForProposition } from '../explain/explain-run.js';
import type { Story } from '../explain/explanation.js';
import { evaluateExecution } from '../explain/refused-execution.js';
import { tellStory } from '../explain/story.js';
import type { Execution } from '../search/execution.js';
import { invariant } from '../text/diagnostic.js';
import type { ModelRun } from '../verdict/report.js';
import { otherwiseText, outcomeText } from './claim.js';
import { sentenceMarker } from './code-spans.js';
import type { Evidence } from './evidence.js';
import { bullets, code, paragraph, sections, steps } from './markdown.js';

export function witnessSection(
  { execution, other }: Extract<Evidence, { kind: 'witness' }>,
  run: ModelRun,
  picture: (execution: Execution) => string,
): string {
  const { model, program } = run;
  const [outcome, otherwise] = [code(outcomeText(program)), code(otherwiseText(program))];
  const isAskedFor = asksForProposition(program);
  return sections([
    '## Proof',
    paragraph(
      `Two executions that ${code(model)} allows, one that ends with ${outcome} and one that does not, are proof of it.`,
    ),
    ...(isAskedFor
      ? [...answer(execution, outcome, run, picture), ...counterpart(other, otherwise, run)]
      : [...answer(other, otherwise, run, picture), ...counterpart(execution, outcome, run)]),
    paragraph(
      `Both were checked apart from the search that found them: the axioms of ${code(model)}, evaluated on the whole execution, hold; and each step of its story was looked up in the execution again.`,
    ),
  ]).trimEnd();
}

function answer(
  execution: Execution,
  end: string,
  run: ModelRun,
  picture: (execution: Execution) => string,
): (string | null)[] {
  const { missing, sentences, isInterleaving } = audited(execution, run);
  const mark = sentenceMarker(execution);
  return [
    paragraph(`This one ends with ${end}. Its events in an order of time:`),
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
  ];
}

function counterpart(execution: Execution, end: string, run: ModelRun): string[] {
  const { sentences } = audited(execution, run);
  const mark = sentenceMarker(execution);
  return [paragraph(`And this one ends with ${end}:`), steps(sentences.map(({ text }) => mark(`${text}.`)))];
}

function audited(execution: Execution, { compiled }: ModelRun): Story {
  invariant(evaluateExecution(execution, compiled).failed.length === 0, 'a witness is allowed');
  const story = tellStory(execution, compiled);
  const faults = auditStory(story, compiled);
  invariant(faults.length === 0, faults.join('; '));
  return story;
}
