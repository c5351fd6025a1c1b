/** An argument against an execution as Markdown: numbered steps, what they come to, and, folded in, how the model has each of them. */
import type { Cycle } from '../explain/cycle.js';
import { unfold, unfoldingText } from '../explain/derivation-text.js';
import { sentencesFor } from '../explain/sentences.js';
import { type Speech, speechOf } from '../explain/speech.js';
import type { Check } from '../model/dag.js';
import type { Execution } from '../search/execution.js';
import { sentenceMarker } from './code-spans.js';
import { code, fenced, paragraph, sections, steps } from './markdown.js';
import { checkText } from './model-source.js';

export function argumentText(cycle: Cycle, check: Check, execution: Execution): string {
  const mark = sentenceMarker(execution);
  const speech = speechOf(execution);
  return sections([
    steps(sentencesFor(cycle.edges, execution).map((text) => mark(`${text}.`))),
    paragraph(conclusion(cycle, check, speech)),
    unfolded(cycle, speech),
  ]).trimEnd();
}

function conclusion({ shape, events, edges }: Cycle, check: Check, speech: Speech): string {
  const axiom = code(checkText(check));
  const first = events[0];
  const place = first === undefined ? 'this' : speech.place(first);
  switch (shape) {
    case 'cycle':
      // an edge that is read backwards is no order from its one end to the other
      if (edges.some(({ reversed }) => reversed))
        return `Together they make a cycle, and ${axiom} allows none.`;
      return `Therefore ${place} would come before itself: a cycle, and ${axiom} allows none.`;
    case 'pair':
      return `These do not go together, by ${axiom}.`;
    case 'event':
      return `An event such as ${place} may not be, by ${axiom}.`;
    case 'absence':
      return `${axiom} asks for what is not there.`;
  }
}

/** The pairs of the check's relation, down to facts. */
function unfolded({ derivations }: Cycle, speech: Speech): string | null {
  const lines = derivations.flatMap((derivation) => unfoldingText(unfold(derivation, speech), Infinity));
  if (lines.length === 0) return null;
  const text = lines.map((line) => line.replaceAll('`', '')).join('\n');
  return `<details><summary>The same in the model's terms</summary>\n\n${fenced(text, 'text')}\n\n</details>`;
}
