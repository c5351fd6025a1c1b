/**
 * Many files, or one that takes long: in this thread as long as that is quick, then in worker threads.
 *
 * A few files are run in this thread, for starting others takes longer than they do. What turns out to take long is left to worker
 * threads: they use all cores, and while they work this thread can draw progress, keep limits and answer an interrupt.
 */
import { callWithin } from '../io/bounded-call.js';
import { now } from '../io/clock.js';
import type { LoadedModels } from '../io/load-models.js';
import { onStopSignal, type StopSignal } from '../io/signals.js';
import type { FileReport } from '../verdict/report.js';
import type { Interrupt } from './interrupt.js';
import type { Progress } from './progress.js';
import { type FileResult, fileRunner, type RunJob, type RunSetup } from './run-file.js';
import { describeWork, secondsLeft } from './run-progress.js';
import type { RunNote } from './search-limits.js';

/** From so many files on, workers pay at once; fewer are begun in this thread. */
const MANY_FILES = 24;
/** How long this thread works alone: milliseconds. */
const PATIENCE_MS = 500;
/** A search that is given to a worker begins anew: only one that has much before it is. */
const WORTH_MOVING = 4;
const MOST_PATIENCE_MS = 3000;

/** Whether a search is better off in a worker thread. */
function isLong(note: RunNote): boolean {
  const { seconds } = note;
  if (seconds * 1000 < PATIENCE_MS) return false;
  const left = secondsLeft(note);
  return left === null || left > seconds * WORTH_MOVING || seconds * 1000 > MOST_PATIENCE_MS;
}

export interface Run {
  readonly setup: RunSetup;
  readonly loaded: LoadedModels;
  readonly jobs: readonly RunJob[];
  /** How many files of the run were done before. */
  readonly before: number;
  /** The script of the worker threads, or null for none. */
  readonly worker: URL | null;
  readonly progress: Progress;
  readonly onResult: (result: FileResult, index: number) => void;
}

/** How far this thread came. */
interface Begun {
  /** How many files are done. */
  readonly done: number;
  /** What ended the run, by now. */
  readonly interrupt: () => Interrupt | null;
  /** Until then signals are caught: while the code of the pool is loaded, too. */
  readonly ignoreSignals: () => void;
}

const notBegun: Begun = { done: 0, interrupt: () => null, ignoreSignals: () => {} };

/**
 * Lets the handlers of signals run, which wait while this thread works. Twice: from where this is called the first immediate may come
 * before events are looked for.
 */
async function nextTurn(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Runs files in this thread until one takes long, or a signal came. */
async function runHere({ setup, loaded, jobs, worker, progress, onResult }: Run): Promise<Begun> {
  const start = now();
  let path = '';
  /** How far the search of the file is that is being worked on, which has no result yet. */
  let latest: RunNote | null = null;
  let isOpen = false;
  let isTooLong = false;
  let isCut = false;
  let signal: StopSignal | null = null;
  const callBounded = (work: () => FileReport): FileReport | null => {
    // Later than a search that asks for the time ends itself.
    const result = callWithin(MOST_PATIENCE_MS * 1.5, work);
    if (result.kind === 'done') return result.value;
    isCut = true;
    return null;
  };
  const run = fileRunner(setup, loaded, {
    begin: () => {},
    conclude: () => {},
    tell(note) {
      latest = note;
      progress.show(describeWork(path, note));
    },
    isStopping(note) {
      isTooLong ||= worker !== null && note !== null && isLong(note);
      return isTooLong;
    },
    // Without workers there is nobody to take over.
    call: worker === null ? (work) => work() : callBounded,
  });
  const runJobs = async (): Promise<number> => {
    for (const [index, job] of jobs.entries()) {
      if (signal !== null || (worker !== null && index > 0 && now() - start > PATIENCE_MS)) return index;
      path = job.path;
      latest = null;
      isOpen = true;
      const result = await run(job);
      await nextTurn();
      // After a signal no worker takes over: what the search found until it was told to stop is all that there will be.
      if (isCut || (isTooLong && signal === null)) return index;
      progress.clear();
      isOpen = result.stopped;
      onResult(result, index);
    }
    return jobs.length;
  };
  // Without workers no call is bounded, and it may be long until a handler has its turn: the signal ends the process.
  const ignoreSignals = worker === null ? () => {} : onStopSignal((received) => (signal = received));
  const done = await runJobs();
  const atWork = isOpen ? [describeWork(path, latest)] : [];
  return { done, interrupt: () => (signal === null ? null : { signal, atWork }), ignoreSignals };
}

/** Runs the files; what ended the run early, or null. */
export async function runAll(run: Run, threads: number | undefined): Promise<Interrupt | null> {
  const { setup, jobs, worker } = run;
  // Only a thread of its own has a limit of memory.
  const needsWorkers = jobs.length >= MANY_FILES || setup.memory !== null;
  const { done, interrupt, ignoreSignals } = worker !== null && needsWorkers ? notBegun : await runHere(run);
  if (worker === null || interrupt() !== null || done === jobs.length) {
    ignoreSignals();
    return interrupt();
  }
  const { runInPool } = await import('./pool-tasks.js');
  const { runWork } = await import('./run-pool.js');
  await nextTurn();
  if (interrupt() !== null) {
    ignoreSignals();
    return interrupt();
  }
  const ended = runInPool({
    work: runWork,
    script: worker,
    threads,
    setup,
    jobs: jobs.slice(done),
    before: run.before + done,
    onResult: (result, index) => run.onResult(result, index + done),
    progress: run.progress,
  });
  // The pool has its own listeners by now: there is no moment without any.
  ignoreSignals();
  return ended;
}
