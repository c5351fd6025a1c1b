/**
 * `fencepost run`: tests to tables, to herd7's report or to JSON. Diagnostics go to standard error.
 *
 * A few files are run in this thread, for starting others takes longer than they do. What turns out to take long is left to worker
 * threads: they use all cores, and while they work this thread can draw progress, keep limits and answer an interrupt.
 */
import { callWithin } from '../io/bounded-call.js';
import { deadline, now } from '../io/clock.js';
import { expandInputs } from '../io/expand-inputs.js';
import { type LoadedModels, loadModels } from '../io/load-models.js';
import { readSource, STANDARD_INPUT } from '../io/read-source.js';
import { onStopSignal, type StopSignal } from '../io/signals.js';
import type { Mode } from '../search/execution.js';
import type { Techniques } from '../search/techniques.js';
import type { FileReport } from '../verdict/report.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { type ModelArguments, modelRequest, OptionError } from './options.js';
import { createProgress, type Progress } from './progress.js';
import {
  type FileResult,
  type Format,
  fileRunner,
  type RunJob,
  type RunNote,
  type RunSetup,
} from './run-file.js';
import { RunOutput } from './run-output.js';
import { describeWork, secondsLeft } from './run-progress.js';
import { type Shard, type ShardHeader, takeShard } from './shard.js';
import type { Terminal } from './terminal.js';

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
  readonly techniques: Partial<Techniques>;
  readonly debug?: boolean;
}

/** From so many files on, workers pay at once; fewer are begun in this thread. */
const MANY_FILES = 24;
/** How long this thread works alone: milliseconds. */
const PATIENCE_MS = 500;
/** A search that is given to a worker begins anew: only one that has much before it is. */
const WORTH_MOVING = 4;
const MOST_PATIENCE_MS = 3000;

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

/** Whether a search is better off in a worker thread. */
function isLong(note: RunNote): boolean {
  const { seconds } = note;
  if (seconds * 1000 < PATIENCE_MS) return false;
  const left = secondsLeft(note);
  return left === null || left > seconds * WORTH_MOVING || seconds * 1000 > MOST_PATIENCE_MS;
}

interface Run {
  readonly setup: RunSetup;
  readonly loaded: LoadedModels;
  readonly jobs: readonly RunJob[];
  /** The script of the worker threads, or null for none. */
  readonly worker: URL | null;
  readonly progress: Progress;
  readonly onResult: (result: FileResult, index: number) => void;
}

/** How far this thread came: how many files are done, and what ended the run. */
interface Begun {
  readonly done: number;
  readonly signal: StopSignal | null;
}

/** Lets the handlers of signals run, which wait while this thread works. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Runs files in this thread until one takes long, or a signal came. */
async function runHere({ setup, loaded, jobs, worker, progress, onResult }: Run): Promise<Begun> {
  const start = now();
  let path = '';
  let isTooLong = false;
  let signal: StopSignal | null = null;
  const callBounded = (work: () => FileReport): FileReport | null => {
    // Later than a search that asks for the time ends itself.
    const result = callWithin(MOST_PATIENCE_MS * 1.5, work);
    if (result.kind === 'done') return result.value;
    if (result.kind === 'timeout') isTooLong = true;
    else signal = 'SIGINT';
    return null;
  };
  const run = fileRunner(setup, loaded, {
    begin: () => {},
    conclude: () => {},
    tell: (note) => progress.show(describeWork(path, note)),
    isStopping(note) {
      isTooLong ||= worker !== null && isLong(note);
      return isTooLong;
    },
    // Without workers there is nobody to take over.
    call: worker === null ? (work) => work() : callBounded,
  });
  const runJobs = async (): Promise<number> => {
    for (const [index, job] of jobs.entries()) {
      if (signal !== null || (worker !== null && index > 0 && now() - start > PATIENCE_MS)) return index;
      path = job.path;
      const result = await run(job);
      if (isTooLong || signal !== null) return index;
      progress.clear();
      onResult(result, index);
      await nextTurn();
    }
    return jobs.length;
  };
  // Without workers no call is bounded, and it may be long until a handler has its turn: the signal ends the process.
  const ignoreSignals = worker === null ? () => {} : onStopSignal((received) => (signal = received));
  const done = await runJobs();
  await nextTurn();
  ignoreSignals();
  return { done, signal };
}

/** Runs all; what ended the run early, or null. */
async function runAll(run: Run, threads: number | undefined): Promise<StopSignal | null> {
  const { setup, jobs, worker } = run;
  // Only a thread of its own has a limit of memory.
  const needsWorkers = jobs.length >= MANY_FILES || setup.memory !== null;
  const { done, signal } = worker !== null && needsWorkers ? { done: 0, signal: null } : await runHere(run);
  if (worker === null || signal !== null || done === jobs.length) return signal;
  const { runInPool } = await import('./pool-tasks.js');
  const { runTask } = await import('./run-pool.js');
  const { availableParallelism } = await import('node:os');
  return runInPool({
    ...runTask(setup),
    script: worker,
    threads: threads ?? availableParallelism(),
    jobs: jobs.slice(done),
    before: done,
    onResult: (result, index) => run.onResult(result, index + done),
    progress: run.progress,
  });
}

async function jobFor(path: string): Promise<RunJob> {
  // A worker has no standard input.
  const input = path === STANDARD_INPUT ? await readSource(path) : null;
  return { path, input, given: [] };
}

function chooseFiles(
  paths: readonly string[],
  args: RunArguments,
  setup: RunSetup,
): { readonly paths: readonly string[]; readonly header: ShardHeader | null } {
  if (args.shard === undefined) return { paths, header: null };
  if (paths.includes(STANDARD_INPUT)) throw new OptionError('--shard takes no standard input');
  const { request, mode, atomics, unroll } = setup;
  return takeShard(paths, args.shard, { request, mode, atomics, unroll });
}

/** `worker`: the script of the worker threads (run-worker.ts, built); null: all in this thread. */
export async function runCommand(
  args: RunArguments,
  terminal: Terminal,
  worker: URL | null,
): Promise<ExitCode> {
  if (args.explain && args.format !== 'table')
    throw new OptionError('--explain is for the table; `fencepost explain --format json` is for scripts');
  const setup = setupFrom(args, terminal);
  const models = loadModels(setup.request, deadline(setup.timeout));
  const codes = new Set<ExitCode>([printDiagnostics(models.diagnostics, terminal)]);
  if (models.value === null) return worstExit(codes);
  const inputs = await expandInputs(args.files);
  codes.add(printDiagnostics(inputs.diagnostics, terminal));
  const { paths, header } = chooseFiles(inputs.paths, args, setup);
  const progress = createProgress(terminal);
  const output = new RunOutput(args.format, header, terminal, () => progress.clear());
  const jobs: RunJob[] = [];
  for (const path of paths) jobs.push(await jobFor(path));
  let open = jobs.length;
  const onResult = (result: FileResult, index: number): void => {
    // Of many files, those that an interrupt caught half-done are open; of one, what it found is worth having.
    if (result.stopped && jobs.length > 1) return;
    open--;
    codes.add(result.code);
    output.add(result, index);
  };
  const signal = await runAll({ setup, loaded: models.value, jobs, worker, progress, onResult }, args.jobs);
  output.finish(worstExit(codes), open);
  if (signal === null) return worstExit(codes);
  if (open > 0) terminal.err(`interrupted, with ${open} of ${jobs.length} files open\n`);
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}
