/** The part of a proof document that stands in for the case analysis where there are too many cases to go through: it claims no more than the search. */
import type { Cycle } from '../explain/cycle.js';
import { sentencesFor } from '../explain/sentences.js';
import { speechOf } from '../explain/speech.js';
import type { Execution } from '../search/execution.js';
import type { ModelRun } from '../verdict/report.js';
import { conclusion } from './cases-section.js';
import type { Evidence } from './evidence.js';
import { counted, plain, sections, steps } from './markdown.js';

export function searchSection(
  { listed, example }: Extract<Evidence, { kind: 'search' }>,
  { model }: ModelRun,
  picture: (execution: Execution, cycle: Cycle) => string,
): string {
  const pieces = [
    '## Argument',
    `More than ${counted(listed, 'candidate execution')} would end so, which is too many to go through one by one. That \`${model}\` allows none of them is the word of the search above; this document does not list the cases.`,
  ];
  if (example === null) return sections(pieces).trimEnd();
  const { execution, cycle, check } = example;
  return sections([
    ...pieces,
    'This is what refutes one of them, and not all:',
    steps(sentencesFor(cycle.edges, execution).map((text) => plain(`${text}.`))),
    conclusion(cycle, check, speechOf(execution)),
    picture(execution, cycle),
  ]).trimEnd();
}
