/** Reads `--model lkmm,arm64`. */
import { type Checked, checked, type Diagnostic, errorAt } from '../text/diagnostic.js';
import { didYouMean } from '../text/suggest.js';
import { isModelName, type ModelName, modelNames } from '../verdict/model-choice.js';

export function parseModelList(text: string): Checked<readonly ModelName[]> {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const diagnostics: Diagnostic[] = names
    .filter((name) => !isModelName(name))
    .map((name) => {
      const hint = didYouMean(name, modelNames) ?? `the models are ${modelNames.join(', ')}`;
      return errorAt(null, 'unknown-model', `unknown model \`${name}\``, { hint });
    });
  if (names.length === 0)
    diagnostics.push(
      errorAt(null, 'unknown-model', '--model names no model', { hint: `one of ${modelNames.join(', ')}` }),
    );
  return checked(names.filter(isModelName), diagnostics);
}
