/** Reads `--model lkmm,arm64,my.cat`: names of models and of files. */
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { didYouMean } from '../text/suggest.js';
import { isModelName, type ModelName, modelNames } from './model-choice.js';

export interface ModelFileName {
  readonly file: string;
}

/** `./lkmm` is a file, `lkmm` is not. */
export function isFileName(word: string): boolean {
  return /[/\\]/.test(word) || word.endsWith('.cat');
}

export function parseModelList(text: string): Checked<readonly (ModelName | ModelFileName)[]> {
  const words = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = words.filter((word) => !isModelName(word) && !isFileName(word));
  const diagnostics: Diagnostic[] = unknown.map((name) => {
    const hint =
      didYouMean(name, modelNames) ??
      `the models are ${modelNames.join(', ')}; a file's name ends in \`.cat\``;
    return errorAt(null, 'unknown-model', `unknown model \`${name}\``, { hint });
  });
  if (words.length === 0)
    diagnostics.push(
      errorAt(null, 'unknown-model', '--model names no model', {
        hint: `one of ${modelNames.join(', ')}, or a .cat file`,
      }),
    );
  const models = words.map((word) => (isModelName(word) ? word : { file: word }));
  return checked(models, diagnostics);
}
