/** The option `--reporter NAME[=FILE]`; what it says is read where the reports are written, in check-output.ts. */
import { reporterFormats } from '../check/reporters/reporters.js';

export const reporterOption = {
  type: 'string',
  requiresArg: true,
  coerce: (value: string | readonly string[]): readonly string[] => [value].flat(),
  describe: 'NAME, or NAME=FILE; repeatable. One of the formats below',
} as const;

export const reporterHelp = [
  'Formats of --reporter:',
  ...reporterFormats.map(({ name, describe }) => `  ${name.padEnd(8)} ${describe}`),
].join('\n');
