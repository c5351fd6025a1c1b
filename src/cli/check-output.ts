/**
 * Where the reports of a check go: `--reporter NAME` to standard output as results come, `--reporter NAME=FILE` to a file, whole, at the
 * end.
 */
import type { CheckSummary, Reporter, TestCheck } from '../check/check-report.js';
import type { ReporterSetup, RunPart } from '../check/reporters/reporter-setup.js';
import { reporterFormat, reporterFormats, reporterNames } from '../check/reporters/reporters.js';
import { writeWhole } from '../io/write-file.js';
import { plainPalette } from '../text/render.js';
import { didYouMean } from '../text/suggest.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { OptionError } from './options.js';
import { diagnosticPalette, type Terminal } from './terminal.js';

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

interface Opened {
  readonly reporter: Reporter;
  readonly write: (text: string) => void;
}

/** The reports of one check. Tests come in the order of the run. */
export class CheckOutput {
  private readonly files = new Map<string, string[]>();
  private readonly opened: Opened[] = [];

  private constructor(private readonly terminal: Terminal) {}

  /** `beforeWriting`: takes a progress line away. */
  static async open(
    requests: readonly ReportRequest[],
    part: RunPart | null,
    terminal: Terminal,
    beforeWriting: () => void = () => {},
  ): Promise<CheckOutput> {
    const output = new CheckOutput(terminal);
    for (const { name, file } of requests) {
      const create = await reporterFormat(name)!.load();
      const palette = file === null ? diagnosticPalette(terminal.colours.out) : plainPalette;
      const setup: ReporterSetup = { palette, part };
      const parts: string[] = [];
      if (file !== null) output.files.set(file, parts);
      const show = (text: string): void => {
        if (text === '') return;
        beforeWriting();
        terminal.out(text);
      };
      output.opened.push({
        reporter: create(setup),
        write: file === null ? show : (text) => void parts.push(text),
      });
    }
    return output;
  }

  begin(tests: number): void {
    for (const { reporter, write } of this.opened) write(reporter.begin(tests));
  }

  test(check: TestCheck): void {
    for (const { reporter, write } of this.opened) write(reporter.test(check));
  }

  /** Writes the files; what could not be written was said. */
  end(summary: CheckSummary): ExitCode {
    for (const { reporter, write } of this.opened) write(reporter.end(summary));
    const failures = [...this.files].flatMap(([file, parts]) => writeWhole(file, parts) ?? []);
    return worstExit([exitCodes.ok, printDiagnostics(failures, this.terminal)]);
  }
}
