/** What a proof document says of the flags that a model raises: they forbid nothing, but a reader has to know. */
import { explainFlag } from '../explain/flags.js';
import type { ModelRun } from '../verdict/report.js';
import { sentenceMarker } from './code-spans.js';
import { bullets, code, paragraph, sections } from './markdown.js';

/** The warning below the claim; null if the model flags nothing. */
export function flagsWarning({ result, model }: ModelRun): string | null {
  const names = result.flags.map(({ name }) => name);
  if (names.length === 0) return null;
  const race = names.includes('data-race')
    ? 'Of a program with a data race, such a model promises nothing: the claim is about the executions that it lists all the same.'
    : null;
  return paragraph(
    `**But \`${model}\` flags the test: ${names.map(code).join(', ')}** (see Flags below).`,
    race,
  );
}

/** Null if the model flags nothing. */
export function flagsSection({ result, compiled, program }: ModelRun): string | null {
  if (result.flags.length === 0) return null;
  const flags = result.flags.map(({ name, witness }) => {
    const execution = { ...witness(), program };
    const mark = sentenceMarker(execution);
    const { sentences } = explainFlag(name, execution, compiled);
    return sections([
      `An allowed execution raises ${code(name)}:`,
      bullets(sentences.map(({ text }) => mark(`${text}.`))),
    ]).trimEnd();
  });
  return sections(['## Flags', ...flags]).trimEnd();
}
