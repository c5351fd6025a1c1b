/**
 * `fencepost run`: tests to tables, to herd7's report or to JSON. Diagnostics go to standard error.
 *
 * A report for a file (`--output`) is written at the end, whole; a journal beside it keeps what is done, for `--resume`.
 */
import { deadline } from '../io/clock.js';
import { expandInputs } from '../io/expand-inputs.js';
import { type LoadedModels, loadModels } from '../io/load-models.js';
import { readSource, STANDARD_INPUT } from '../io/read-source.js';
import type { Mode } from '../search/execution.js';
import type { Techniques } from '../search/techniques.js';
import { readLayout } from '../syntax/layout.js';
import type { Checked } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { printDiagnostics } from './diagnostics-output.js';
import { distinctNames } from './distinct-names.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { exitOfInterrupt, interruptText } from './interrupt.js';
import { type ModelArguments, modelRequest, OptionError } from './options.js';
import { createProgress } from './progress.js';
import type { FileResult, Format, RunJob, RunSetup } from './run-file.js';
import { runAll } from './run-files.js';
import { RunOutput } from './run-output.js';
import { type Report, reportToTerminal } from './run-report.js';
import { runName, type Shard, type ShardHeader, takeShard } from './shard.js';
import type { Terminal } from './terminal.js';
import { version } from './version.js';

export interface RunArguments extends ModelArguments {
  readonly files: readonly string[];
  readonly mode: Mode;
  readonly format: Format;
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | undefined;
  readonly timeout: number | undefined;
  readonly memory: number | undefined;
  readonly jobs: number | undefined;
  readonly shard: Shard | undefined;
  readonly graph: string | undefined;
  readonly explain: boolean;
  readonly output: string | undefined;
  readonly resume: boolean;
  readonly techniques: Partial<Techniques>;
  readonly debug?: boolean;
}

function setupFrom(args: RunArguments, terminal: Terminal): RunSetup {
  const { width, unicode, colours } = terminal;
  return {
    request: modelRequest(args),
    mode: args.mode,
    format: args.format,
    atomics: args.atomics,
    unroll: args.unroll ?? null,
    timeout: args.timeout ?? null,
    memory: args.memory ?? null,
    graph: args.graph ?? null,
    explain: args.explain,
    techniques: args.techniques,
    debug: args.debug === true,
    display: { width, unicode, colours },
  };
}

/** What the pictures of each file are called, whose tests may be of one name; a file that is no test has none. */
async function pictureNames(
  paths: readonly string[],
  input: Checked<SourceFile> | null,
): Promise<ReadonlyMap<string, string>> {
  const tests: (readonly [path: string, name: string])[] = [];
  for (const path of new Set(paths)) {
    const { value } = path === STANDARD_INPUT && input !== null ? input : await readSource(path);
    const name = value === null ? undefined : readLayout(value).value?.name;
    if (name !== undefined) tests.push([path, name]);
  }
  const names = distinctNames(tests.map(([, name]) => name));
  return new Map(tests.map(([path], at) => [path, names[at]!]));
}

async function chooseFiles(
  paths: readonly string[],
  args: RunArguments,
  setup: RunSetup,
  models: LoadedModels,
): Promise<{ readonly paths: readonly string[]; readonly header: ShardHeader | null }> {
  if (args.shard === undefined) return { paths, header: null };
  if (paths.includes(STANDARD_INPUT)) throw new OptionError('--shard takes no standard input');
  const { request, mode, atomics, unroll } = setup;
  const options = { version, request, mode, atomics, unroll };
  return takeShard(paths, args.shard, await runName(paths, models, options));
}

function checkOptions({ explain, format, output, resume }: RunArguments): void {
  if (explain && format !== 'table')
    throw new OptionError('--explain is for the table; `fencepost explain --format json` is for scripts');
  if (resume && output === undefined)
    throw new OptionError('--resume goes on with a run that writes to a file: give its --output');
}

/** What keeps a report for a file is not loaded for others. */
async function reportOf({ output, resume }: RunArguments, screen: Terminal): Promise<Report> {
  if (output === undefined) return reportToTerminal(screen);
  return (await import('./run-report-file.js')).reportToFile(output, resume, screen);
}

/** `worker`: the script of the worker threads (run-worker.ts, built); null: all in this thread. */
export async function runCommand(
  args: RunArguments,
  screen: Terminal,
  worker: URL | null,
): Promise<ExitCode> {
  checkOptions(args);
  const report = await reportOf(args, screen);
  const { terminal } = report;
  const setup = setupFrom(args, terminal);
  const models = loadModels(setup.request, deadline(setup.timeout));
  const codes = new Set<ExitCode>([printDiagnostics(models.diagnostics, terminal)]);
  if (models.value === null) return worstExit(codes);
  const inputs = await expandInputs(args.files);
  codes.add(printDiagnostics(inputs.diagnostics, terminal));
  const { paths, header } = await chooseFiles(inputs.paths, args, setup, models.value);
  // A worker has no standard input.
  const input = paths.includes(STANDARD_INPUT) ? await readSource(STANDARD_INPUT) : null;
  // of all shards, which may draw into one folder
  const pictures = args.graph === undefined ? null : await pictureNames(inputs.paths, input);
  const jobs = paths.map((path): RunJob => {
    const picture = pictures?.get(path) ?? null;
    return { path, input: path === STANDARD_INPUT ? input : null, picture, given: [] };
  });
  const begun = report.begin(jobs, setup, models.value);
  if (begun === null) return exitCodes.input;
  const progress = createProgress(terminal);
  const output = new RunOutput(args.format, header, terminal, () => progress.clear());
  let open = jobs.length;
  const onResult = (result: FileResult, index: number): void => {
    // Of many files, those that an interrupt caught half-done are open; of one, what it found is worth having.
    if (result.stopped && (jobs.length > 1 || args.output !== undefined)) return;
    open--;
    codes.add(result.code);
    output.add(result, index);
    begun.keep(index, result);
  };
  for (const [index, result] of begun.done) onResult(result, index);
  const interrupt = await runAll(
    {
      setup,
      loaded: models.value,
      jobs: begun.open.map((index) => jobs[index]!),
      before: begun.done.size,
      worker,
      progress,
      onResult: (result, at) => onResult(result, begun.open[at]!),
    },
    args.jobs,
  );
  output.finish(worstExit(codes), open);
  if (interrupt === null) return worstExit([...codes, begun.finish()]);
  if (open > 0) terminal.err(interruptText(interrupt, open, jobs.length, 'files'));
  begun.abandon();
  return exitOfInterrupt(interrupt);
}
