/** The option `--reporter NAME[=FILE]`. */
import { reporterFormat, reporterFormats, reporterNames } from '../check/reporters/reporters.js';
import { didYouMean } from '../text/suggest.js';
import { OptionError } from './options.js';

/** `junit=report.xml`; without a file: standard output. */
export interface ReportRequest {
  readonly name: string;
  readonly file: string | null;
}

/** Two of them may share standard output: each writes lines that mean nothing to the other's readers. */
const sharing: readonly string[] = ['human', 'github'];

export function readReporter(text: string): ReportRequest {
  const [, name = text, file = null] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (reporterFormat(name) === null) {
    const hint = didYouMean(name, reporterNames);
    throw new OptionError(
      `--reporter must be one of ${reporterNames.join(', ')}, not ${JSON.stringify(name)}${hint === null ? '' : `: ${hint}`}`,
    );
  }
  if (file === '') throw new OptionError(`--reporter ${name}= needs a file, such as ${name}=report`);
  return { name, file };
}

function refuseClashes(requests: readonly ReportRequest[]): void {
  const shown = requests.filter(({ file }) => file === null).map(({ name }) => name);
  const alone = shown.find((name) => !sharing.includes(name));
  if (shown.length > 1 && alone !== undefined)
    throw new OptionError(
      `--reporter ${alone} needs standard output for itself: write ${alone}=FILE, or give the others a file`,
    );
  const files = requests.flatMap(({ file }) => (file === null ? [] : [file]));
  const twice = files.find((file, i) => files.indexOf(file) !== i);
  if (twice !== undefined) throw new OptionError(`two reports cannot both be written to ${twice}`);
}

/** `--reporter`, in the words of `--help`. */
export const reporterOption = {
  type: 'string',
  requiresArg: true,
  coerce(values: string | readonly string[]): readonly ReportRequest[] {
    const requests = [values].flat().map(readReporter);
    refuseClashes(requests);
    return requests;
  },
  describe: 'NAME, or NAME=FILE; repeatable. One of the formats below',
} as const;

export const reporterHelp = [
  'Formats of --reporter:',
  ...reporterFormats.map(({ name, describe }) => `  ${name.padEnd(8)} ${describe}`),
].join('\n');
