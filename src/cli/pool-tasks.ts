/**
 * Jobs on all cores: the kinds of work that the worker threads of the command do, and a pool of them that draws progress and answers
 * an interrupt.
 *
 * A task is code on both sides of the thread: it is named, for functions do not cross.
 */
import { onStopSignal, type StopSignal } from '../io/signals.js';
import { type Desk, type Loss, serveJobs, startPool } from '../io/worker-pool.js';
import type { Progress } from './progress.js';
import type { RunNote } from './run-file.js';
import { RunProgress } from './run-progress.js';

/** The worker's side of a task: what makes, of the setup that is the same for all jobs, the function that does one. */
export type Serve<Setup, Job, Result> = (setup: Setup, desk: Desk<RunNote>) => (job: Job) => Promise<Result>;

/** Loaded when it is needed: a worker does one kind of work. The types are those of the task that names it. */
const tasks = {
  run: async (): Promise<unknown> => (await import('./run-pool.js')).serveRun,
  diff: async (): Promise<unknown> => (await import('./diff-file.js')).serveDiff,
  check: async (): Promise<unknown> => (await import('./check-pool.js')).serveCheck,
  mutate: async (): Promise<unknown> => (await import('./mutate-pool.js')).serveMutate,
} as const satisfies Readonly<Record<string, () => Promise<unknown>>>;

export type TaskName = keyof typeof tasks;

interface TaskSetup {
  readonly task: TaskName;
  readonly setup: unknown;
}

/** What a worker thread does. */
export function serveTasks(): void {
  serveJobs<TaskSetup, unknown, unknown, RunNote>(({ task, setup }, desk) => {
    let serve: ((job: unknown) => Promise<unknown>) | null = null;
    return async (job) => {
      serve ??= ((await tasks[task]()) as Serve<unknown, unknown, unknown>)(setup, desk);
      return serve(job);
    };
  });
}

/** How long after an interrupt searches may take to end: milliseconds. */
const LAST_WORDS_MS = 1000;
/** How long after an interrupt it may take to report what they found: milliseconds. */
const LAST_REPORT_MS = 30_000;
const REDRAW_MS = 100;

export interface PoolRun<Setup, Job extends { readonly path: string }, Result> {
  readonly task: TaskName;
  /** run-worker.ts, built. */
  readonly script: URL;
  readonly threads: number;
  /** Plain data. */
  readonly setup: Setup;
  readonly jobs: readonly Job[];
  /** How many files were done before. */
  readonly before: number;
  /** Seconds for each part of a job, after which its worker is ended; null: no limit. */
  readonly seconds: number | null;
  /** Megabytes of heap for each worker; null: Node's own limit. */
  readonly megabytes: number | null;
  readonly lost: (job: Job, loss: Loss) => { readonly result: Result } | { readonly retry: Job };
  readonly onResult: (result: Result, index: number) => void;
  readonly progress: Progress;
}

/** Runs the jobs; the signal that ended the run early, or null. */
export async function runInPool<Setup, Job extends { readonly path: string }, Result>(
  run: PoolRun<Setup, Job, Result>,
): Promise<StopSignal | null> {
  const { jobs, script, threads, seconds, megabytes, lost } = run;
  const state = new RunProgress(jobs.length + run.before, run.before);
  const pool = startPool<TaskSetup, Job, Result, RunNote>({
    script,
    threads,
    setup: { task: run.task, setup: run.setup },
    jobs,
    seconds,
    megabytes,
    lost,
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
