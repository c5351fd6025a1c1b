/** `fencepost models`: which models there are and what they judge. */
import { shippedModels } from '../model/shipped.js';
import { fittingModels, isModelName, type Language } from '../verdict/model-choice.js';
import { padEnd } from '../verdict/text-layout.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import type { Terminal } from './terminal.js';

const languages: readonly { readonly language: Language; readonly name: string }[] = [
  { language: 'c', name: 'C, Sketch' },
  { language: 'arm64', name: 'AArch64' },
  { language: 'x86', name: 'X86_64' },
];

function languagesOf(model: string): string {
  const fits = languages.filter(
    ({ language }) => isModelName(model) && fittingModels(language).includes(model),
  );
  return fits.map((entry) => entry.name).join(', ');
}

const ownFiles = `FILE   A model of your own: --model my.cat
       With --bell FILE.bell, --macros FILE.def, -I FOLDER, --variant NAME; or --conf FILE.cfg for all of them.
       Tests in: AArch64, X86_64; C, Sketch, as kernel C or compiled for the architecture in its title
`;

export function modelsCommand(terminal: Terminal): ExitCode {
  for (const { name, title, summary } of shippedModels)
    terminal.out(`${padEnd(name, 5)}  ${title}\n       ${summary}\n       Tests in: ${languagesOf(name)}\n`);
  terminal.out(ownFiles);
  return exitCodes.ok;
}
