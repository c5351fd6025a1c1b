/** The part of a proof document that stands in for the case analysis where there are too many cases: it claims no more than the search. */
import type { Cycle } from '../explain/cycle.js';
import type { Execution } from '../search/execution.js';
import type { ModelRun } from '../verdict/report.js';
import { argumentText } from './argument-text.js';
import type { Claim } from './claim.js';
import type { Evidence } from './evidence.js';
import { code, counted, paragraph, sections } from './markdown.js';

export function searchSection(
  { listed, example }: Extract<Evidence, { kind: 'search' }>,
  { model, result, program }: ModelRun,
  claim: Claim,
  picture: (execution: Execution, cycle: Cycle) => string,
): string {
  return sections([
    '## Argument',
    paragraph(
      `More than ${counted(listed, 'candidate execution')} would ${program.filter === null ? '' : 'pass the filter and '}end ${claim === 'always' ? 'otherwise' : 'so'}, too many to be listed case by case.`,
      `That ${code(model)} allows none of them is the word of fencepost's search, which was exhaustive and judged ${counted(result.candidates, 'complete execution')}; what it did not make, it excluded by bounds on the model's relations and by symmetry. This document does not list the cases.`,
    ),
    ...(example === null
      ? []
      : [
          'This refutes one of them, and need not refute the others:',
          argumentText(example.cycle, example.check, example.execution),
          picture(example.execution, example.cycle),
        ]),
  ]).trimEnd();
}
