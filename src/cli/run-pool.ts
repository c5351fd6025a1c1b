/**
 * `fencepost run` in worker threads: many files, or one that takes long.
 *
 * A worker that goes over a limit where no search asks for it (a model that does not come to an end of its compilation, a thread of
 * paths without number) is ended and replaced; the file is run again without the model that it was at, which is Unknown.
 */
import { deadline } from '../io/clock.js';
import { loadModels } from '../io/load-models.js';
import { onStopSignal, type StopSignal } from '../io/signals.js';
import { hardLimit, type Loss, serveJobs, startPool } from '../io/worker-pool.js';
import { invariant } from '../text/diagnostic.js';
import type { Progress } from './progress.js';
import {
  brokenFile,
  type FileResult,
  fileRunner,
  givenUpFile,
  memoryText,
  type RunJob,
  type RunNote,
  type RunSetup,
} from './run-file.js';
import { RunProgress } from './run-progress.js';

/** The worker's side. */
export function serveFiles(): void {
  serveJobs<RunSetup, RunJob, FileResult, RunNote>((setup, desk) => {
    const loaded = loadModels(setup.request, deadline(setup.timeout)).value;
    invariant(loaded !== null, 'the models were loaded before');
    return fileRunner(setup, loaded, {
      ...desk,
      isStopping: () => desk.isStopping(),
      call: (work) => work(),
    });
  });
}

/** What a worker may hold beyond --memory, so that a search can end itself and tell what it found. */
const HEADROOM = 1.25;
/** How long after an interrupt searches may take to end: milliseconds. */
const LAST_WORDS_MS = 1000;
/** How long after an interrupt it may take to report what they found: milliseconds. */
const LAST_REPORT_MS = 30_000;
const REDRAW_MS = 100;

export interface PoolRun {
  readonly script: URL;
  readonly threads: number;
  readonly setup: RunSetup;
  readonly jobs: readonly RunJob[];
  /** How many files were done before. */
  readonly before: number;
  readonly onResult: (result: FileResult, index: number) => void;
  readonly progress: Progress;
}

function afterLoss(job: RunJob, loss: Loss, setup: RunSetup): { result: FileResult } | { retry: RunJob } {
  const { cause, reason, part } = loss;
  if (cause === 'crash') return { result: brokenFile(job.path, new Error(reason), setup) };
  const limit = cause === 'time' ? 'time limit' : memoryText(setup.memory);
  if (part === null) return { result: givenUpFile(job.path, limit, setup) };
  return { retry: { ...job, given: [...job.given, [part, limit]] } };
}

/** Runs the jobs; the signal that ended the run early, or null. */
export async function runInPool(run: PoolRun): Promise<StopSignal | null> {
  const { setup, jobs } = run;
  const state = new RunProgress(jobs.length + run.before, run.before);
  const pool = startPool<RunSetup, RunJob, FileResult, RunNote>({
    script: run.script,
    threads: run.threads,
    setup,
    jobs,
    seconds: hardLimit(setup.timeout),
    megabytes: setup.memory === null ? null : Math.ceil(setup.memory * HEADROOM) + 16,
    lost: (job, loss) => afterLoss(job, loss, setup),
    onBegin: (index) => state.begin(index, jobs[index]!.path),
    onNote: (index, note) => state.note(index, note),
    onResult(result, index) {
      state.finish(index);
      run.onResult(result, index);
    },
  });
  let signal: StopSignal | null = null;
  const lastWords: NodeJS.Timeout[] = [];
  const ignoreSignals = onStopSignal((received) => {
    signal = received;
    pool.stop();
    lastWords.push(setTimeout(() => pool.endUnfinished(), LAST_WORDS_MS));
    lastWords.push(setTimeout(() => pool.end(), LAST_REPORT_MS));
  });
  const redraw = setInterval(() => run.progress.show(state.line), REDRAW_MS);
  await pool.done;
  clearInterval(redraw);
  for (const timer of lastWords) clearTimeout(timer);
  ignoreSignals();
  run.progress.clear();
  return signal;
}
