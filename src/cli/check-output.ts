/** The reports of a check as they are written: to standard output, as the tests are done; to files, whole, when all are done. */
import type { CheckSummary, Reporter, TestCheck } from '../check/check-report.js';
import type { RunPart } from '../check/reporters/reporter-setup.js';
import { reporterFormat, reporterNames } from '../check/reporters/reporters.js';
import { realPlace } from '../io/reach.js';
import { isStream, refusedPlace, writeWhole } from '../io/write-file.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { plainPalette } from '../text/render.js';
import { didYouMean } from '../text/suggest.js';
import { OptionError } from './options.js';
import { diagnosticPalette, type Terminal } from './terminal.js';

/** `--reporter NAME` or `--reporter NAME=FILE`. */
export interface ReporterChoice {
  readonly name: string;
  /** Null: standard output. */
  readonly file: string | null;
}

export function readReporter(text: string): ReporterChoice {
  const [, name = text, file] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (reporterFormat(name) === null) {
    const hint = didYouMean(name, reporterNames) ?? `they are ${reporterNames.join(', ')}`;
    throw new OptionError(`unknown reporter ${JSON.stringify(name)}: ${hint}`);
  }
  if (file === '') throw new OptionError(`--reporter ${name}= must be followed by the name of a file`);
  return { name, file: file ?? null };
}

/** What may stand together on standard output. */
const sharing: readonly string[] = ['human', 'github'];

/** Those that are asked for; by default, for people, and on GitHub its annotations, too. */
export function chooseReporters(
  asked: readonly string[] | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): readonly ReporterChoice[] {
  if (asked === undefined || asked.length === 0) {
    const names = environment.GITHUB_ACTIONS === 'true' ? ['human', 'github'] : ['human'];
    return names.map((name) => ({ name, file: null }));
  }
  const chosen = asked.map(readReporter);
  const onOutput = chosen.filter(({ file }) => file === null).map(({ name }) => name);
  // GitHub reads its annotations from between lines for people; other formats are nothing but themselves
  const alone = onOutput.find((name, i) => !sharing.includes(name) || onOutput.indexOf(name) < i);
  if (onOutput.length > 1 && alone !== undefined)
    throw new OptionError(`standard output is for one report: write --reporter ${alone}=FILE`);
  const files = chosen.flatMap(({ file }) => file ?? []);
  const real = files.map((file) => realPlace(file));
  const twice = files.find((_, i) => real.indexOf(real[i]!) < i);
  if (twice !== undefined) throw new OptionError(`two reporters write to ${twice}`);
  return chosen;
}

/** The files that reports go to: those that are replaced as a whole, not pipes and devices. */
export function filesOf(choices: readonly ReporterChoice[]): readonly string[] {
  return choices.flatMap(({ file }) => (file === null || isStream(file) ? [] : file));
}

/** Why files cannot take their places: to be said before a long run, not behind it. */
export function refusedFiles(files: readonly string[]): readonly Diagnostic[] {
  return files.flatMap((file) => refusedPlace(file) ?? []);
}

/**
 * A report for people that GitHub's runner takes for no command, whatever tests and files are called: it looks for `::` at the beginning
 * of a line, and for `##[` anywhere.
 */
function withoutCommands(text: string): string {
  return text.replace(/^(\s*:)(?=:)/gm, '$1 ').replaceAll('##[', '## [');
}

interface Sink {
  readonly name: string;
  readonly reporter: Reporter;
  readonly file: string | null;
  readonly parts: string[];
}

export class CheckOutput {
  private constructor(
    private readonly sinks: readonly Sink[],
    /** For people, no last line where all is as expected. */
    private readonly quiet: boolean,
    private readonly terminal: Terminal,
    /** Takes a progress line away. */
    private readonly beforeWriting: () => void,
    /** Whether GitHub's runner reads standard output. */
    private readonly isForRunner: boolean,
  ) {}

  static async open(
    choices: readonly ReporterChoice[],
    part: RunPart | null,
    terminal: Terminal,
    beforeWriting: () => void,
    quiet = false,
    isForRunner = choices.some(({ name }) => name === 'github'),
  ): Promise<CheckOutput> {
    const sinks: Sink[] = [];
    for (const { name, file } of choices) {
      const create = await reporterFormat(name)!.load();
      const palette = file === null ? diagnosticPalette(terminal.colours.out) : plainPalette;
      sinks.push({ name, reporter: create({ palette, part }), file, parts: [] });
    }
    return new CheckOutput(sinks, quiet, terminal, beforeWriting, isForRunner);
  }

  begin(tests: number): void {
    for (const sink of this.sinks) this.write(sink, sink.reporter.begin(tests));
  }

  add(check: TestCheck): void {
    for (const sink of this.sinks) this.write(sink, sink.reporter.test(check));
  }

  /** What could not be written. `isWhole`: no interrupt left tests open; else the files stay as they are. */
  finish(summary: CheckSummary, isWhole = true): readonly Diagnostic[] {
    return this.sinks.flatMap((sink) => {
      const { name, reporter, file, parts } = sink;
      const isSilent = this.quiet && name === 'human' && summary.exitCode === 0;
      if (!isSilent) this.write(sink, reporter.end(summary));
      const isLeft = file === null || (!isWhole && !isStream(file));
      return isLeft ? [] : (writeWhole(file, parts) ?? []);
    });
  }

  private write({ name, file, parts }: Sink, text: string): void {
    if (text === '') return;
    if (file !== null) {
      parts.push(text);
      return;
    }
    this.beforeWriting();
    this.terminal.out(this.isForRunner && name === 'human' ? withoutCommands(text) : text);
  }
}
