/**
 * One file of `fencepost run`, from its name to the text that is printed of it: what this thread or a worker thread does.
 *
 * Results are plain data, for witnesses and models do not cross threads: the report is rendered, and pictures are drawn, where the
 * search was.
 */
import type { CheckStatus } from '../check/check-report.js';
import { deadline, now } from '../io/clock.js';
import type { LoadedModels, ModelRequest } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import type { VariantOptions } from '../regress/variants.js';
import type { Mode, SearchOptions } from '../search/execution.js';
import { defaultSearchOptions } from '../search/search.js';
import type { Techniques } from '../search/techniques.js';
import { type Checked, type Diagnostic, errorAt, hasErrors } from '../text/diagnostic.js';
import { renderDiagnostic } from '../text/render.js';
import type { SourceFile } from '../text/source.js';
import { mismatch } from '../verdict/expectation.js';
import { renderHerdReport, renderHerdUnfinished } from '../verdict/herd-report.js';
import { type JsonResult, jsonGivenUp, jsonResults } from '../verdict/json-report.js';
import { type FileReport, isRun, type ModelReport, type TestReport } from '../verdict/report.js';
import { type RunOptions, runTest } from '../verdict/run-test.js';
import { renderTable } from '../verdict/table.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import type { FileJob } from './file-work.js';
import { reportInternalError } from './internal-error.js';
import { statusOf } from './run-status.js';
import { expiryFor, INTERRUPTED, type Limits, lastQuestionFor, type RunDesk } from './search-limits.js';
import { diagnosticPalette, type Terminal, tablePalette } from './terminal.js';

export type Format = 'table' | 'herd' | 'json';

/** What is the same for all files; plain data. */
export interface RunSetup extends Limits {
  readonly request: ModelRequest;
  readonly mode: Mode;
  readonly format: Format;
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | null;
  /** The folder for pictures. */
  readonly graph: string | null;
  /** Whether to say why, below the table. */
  readonly explain: boolean;
  readonly techniques: Partial<Techniques>;
  readonly debug: boolean;
  readonly display: Pick<Terminal, 'width' | 'unicode' | 'colours'>;
}

export interface RunJob extends FileJob {
  /** What was read where the file cannot be read again: standard input. Null: the file is still to be read. */
  readonly input: Checked<SourceFile> | null;
  /** What its pictures are called; null: as the test. */
  readonly picture: string | null;
}

/** For standard error. */
export interface Message {
  readonly texts: readonly string[];
  /** About something that files share: to be said once, whichever file brings it up. */
  readonly once: boolean;
}

export interface FileResult {
  /** For standard output; of JSON, the objects without what separates them from others. */
  readonly out: string;
  readonly messages: readonly Message[];
  readonly code: ExitCode;
  readonly status: CheckStatus;
  /** It was stopped before it was done (an interrupt): what it says is true, but not all that there is. */
  readonly stopped: boolean;
}

function exitOf(report: ModelReport, test: TestReport): ExitCode {
  if (report.kind === 'unfinished') return exitCodes.limit;
  if (report.kind === 'failure') return report.excused ? exitCodes.ok : exitCodes.input;
  const wrong = mismatch(report, test.expectations.get(report.model)) !== null;
  const cut = report.result.limit !== null;
  return worstExit([wrong ? exitCodes.mismatch : exitCodes.ok, cut ? exitCodes.limit : exitCodes.ok]);
}

/** The objects as they stand in the array that is the report. */
export function jsonText(results: readonly JsonResult[]): string {
  return results.length === 0 ? '' : JSON.stringify(results, null, 2).slice('[\n'.length, -'\n]'.length);
}

function renderReport(report: FileReport, { format, display }: RunSetup): string {
  if (format === 'json') return jsonText(jsonResults(report));
  if (report.kind === 'input-failure') return '';
  if (format === 'table')
    return renderTable(report, { ...display, palette: tablePalette(display.colours.out) });
  return report.models
    .map((model) => {
      if (model.kind === 'failure') return '';
      return model.kind === 'run' ? renderHerdReport(report, model) : renderHerdUnfinished(report, model);
    })
    .join('');
}

/** Null: the text would be longer than a string can be (512 MB). */
function renderWithin(report: FileReport, setup: RunSetup): string | null {
  try {
    return renderReport(report, setup);
  } catch (error) {
    if (error instanceof RangeError && error.message === 'Invalid string length') return null;
    throw error;
  }
}

function wasStopped(report: FileReport): boolean {
  return (
    report.kind === 'test' &&
    report.models.some((model) => isRun(model) && model.result.limit === INTERRUPTED)
  );
}

/** Collects what is said of a file. */
class FileRun {
  readonly messages: Message[] = [];
  readonly codes: ExitCode[] = [];

  constructor(private readonly setup: RunSetup) {}

  say(diagnostics: readonly Diagnostic[], once: boolean): void {
    const palette = diagnosticPalette(this.setup.display.colours.err);
    if (diagnostics.length > 0)
      this.messages.push({ texts: diagnostics.map((each) => renderDiagnostic(each, palette)), once });
    if (hasErrors(diagnostics)) this.codes.push(exitCodes.input);
  }

  /** A terminal for what writes to one. */
  get terminal(): Terminal {
    const write = (text: string) =>
      void this.messages.push({ texts: [text.replace(/\n$/, '')], once: false });
    return { ...this.setup.display, out: () => {}, err: write, interactive: false };
  }

  finish(out: string, status: CheckStatus, stopped: boolean): FileResult {
    return { out, messages: this.messages, code: worstExit(this.codes), status, stopped };
  }
}

async function drawGraphs(
  report: TestReport,
  folder: string,
  job: RunJob,
  setup: RunSetup,
  unroll: number | null,
  run: FileRun,
): Promise<void> {
  const { drawTest, filesOnly } = await import('./draw-test.js');
  const search: SearchOptions = {
    mode: 'outcomes',
    unroll: unroll ?? defaultSearchOptions.unroll,
    expired: deadline(setup.timeout),
    techniques: setup.techniques,
  };
  const test = report.name;
  const picture = job.picture ?? test;
  const runs = report.models.filter(isRun).map((each) => ({ test, picture, run: each }));
  run.codes.push(await drawTest(runs, filesOnly(folder, search), run.terminal));
}

/** Seconds for the reasons of a test, if there is no --timeout. */
const PATIENCE = 10;

/** What is printed below a test's table. */
async function explainBelow(
  report: TestReport,
  setup: RunSetup,
  options: Omit<RunOptions, 'expiry'>,
  run: FileRun,
): Promise<string> {
  const { briefOf, briefTitle } = await import('../proof/brief.js');
  const title = briefTitle(report);
  if (title === null) return '';
  const expired = deadline(setup.timeout ?? PATIENCE);
  const { unroll, atomics, macros, techniques } = options;
  const search: SearchOptions = {
    mode: 'outcomes',
    unroll: unroll ?? defaultSearchOptions.unroll,
    expired,
    techniques: setup.techniques,
  };
  const models: VariantOptions['models'] =
    options.models === 'all' || options.models === 'own' ? 'weak' : options.models;
  const variants = {
    models,
    unroll,
    atomics,
    macros,
    expired,
    ...(techniques === undefined ? {} : { techniques }),
  };
  const { text, limit } = briefOf(report, { search, variants, width: setup.display.width });
  if (limit !== null) run.codes.push(exitCodes.limit);
  return `\n${title}\n\n${text}`;
}

/** What a model says of a test, or of itself: then every test brings it up. */
function sayOfModels(report: TestReport, run: FileRun): void {
  for (const model of report.models) {
    // The table says why in its line.
    const isSaid = model.kind === 'failure' && model.excused;
    if (!isSaid) run.say(model.diagnostics, true);
    run.codes.push(exitOf(model, report));
  }
}

function optionsFor(setup: RunSetup, { models, macros, unroll }: LoadedModels): Omit<RunOptions, 'expiry'> {
  const herd = setup.format === 'herd';
  return {
    // herd7 judges by the model of the test's language; a script that reads its report expects one block a test.
    models: models ?? (herd ? 'own' : 'all'),
    mode: herd ? 'count' : setup.mode,
    unroll: setup.unroll ?? unroll,
    macros,
    atomics: setup.atomics,
    techniques: setup.techniques,
    now,
  };
}

/** Runs files with these models, one after the other. */
export function fileRunner(
  setup: RunSetup,
  loaded: LoadedModels,
  desk: RunDesk,
): (job: RunJob) => Promise<FileResult> {
  const options = optionsFor(setup, loaded);
  const runOne = async (job: RunJob): Promise<FileResult> => {
    const run = new FileRun(setup);
    const { value: source, diagnostics } = job.input ?? (await readSource(job.path));
    if (source === null) {
      run.say(diagnostics, false);
      const missing = { name: job.path, text: '' };
      const failure: FileReport = { kind: 'input-failure', source: missing, diagnostics };
      return run.finish(renderReport(failure, setup), 'input', false);
    }
    const expiry = expiryFor(setup, desk);
    const lastQuestion = lastQuestionFor(setup, desk);
    const given = new Map(job.given);
    const { begin } = desk;
    const report = desk.call(() => runTest(source, { ...options, begin, expiry, lastQuestion, given }));
    if (report === null) return run.finish('', 'limit', true);
    desk.conclude();
    const stopped = wasStopped(report);
    const out = renderWithin(report, setup);
    if (out === null) return givenUpFile(job.path, 'more states than a report holds', setup);
    run.say(report.diagnostics, false);
    if (report.kind === 'test') sayOfModels(report, run);
    if (report.kind === 'test' && setup.graph !== null && !stopped)
      await drawGraphs(report, setup.graph, job, setup, options.unroll, run);
    const why =
      report.kind === 'test' && setup.explain && !stopped
        ? await explainBelow(report, setup, options, run)
        : '';
    return run.finish(out + why, statusOf(report), stopped);
  };
  return async (job) => {
    try {
      return await runOne(job);
    } catch (error) {
      // One file must not take the others' results with it.
      return brokenFile(job.path, error, setup);
    }
  };
}

/** A file that our own bug took. */
export function brokenFile(path: string, error: unknown, setup: RunSetup): FileResult {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  const terminal: Terminal = { ...setup.display, out: () => {}, err: write, interactive: false };
  reportInternalError(error, setup.debug, terminal);
  const reason = error instanceof Error ? error.message : String(error);
  const diagnostic = errorAt(null, 'internal-error', `internal error: ${reason}`);
  return {
    out: setup.format === 'json' ? jsonText([jsonGivenUp(path, null, [diagnostic])]) : '',
    messages: [{ texts: [`${path}: ${text.trimEnd()}`], once: false }],
    code: exitCodes.internal,
    status: 'internal',
    stopped: false,
  };
}

/** A file that was ended by a limit before any model was asked. */
export function givenUpFile(path: string, limit: string, { format }: RunSetup): FileResult {
  const line = `Unknown  (limit: ${limit})`;
  return {
    out:
      format === 'json'
        ? jsonText([jsonGivenUp(path, limit, [])])
        : format === 'table'
          ? `${path}\n\n  ${line}\n`
          : '',
    messages: format === 'herd' ? [{ texts: [`${path}: ${line}`], once: false }] : [],
    code: exitCodes.limit,
    status: 'limit',
    stopped: false,
  };
}
