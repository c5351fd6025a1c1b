/**
 * Jobs on all cores: the kinds of work that the worker threads of the command do, and a pool of them that draws progress and answers
 * an interrupt.
 *
 * A task is code on both sides of the thread: it is named, for functions do not cross.
 */
import { availableParallelism } from 'node:os';
import { hardLimit } from '../io/hard-limit.js';
import { onStopSignal, type StopSignal } from '../io/signals.js';
import { serveJobs, startPool } from '../io/worker-pool.js';
import { afterLoss, type FileJob, type FileWork } from './file-work.js';
import type { Interrupt } from './interrupt.js';
import type { Progress } from './progress.js';
import { RunProgress } from './run-progress.js';
import type { Limits, RunNote } from './search-limits.js';

type AnyWork = FileWork<Limits, FileJob, unknown>;
type TaskName = AnyWork['task'];

/** Loaded when it is needed: a worker does one kind of work. The types are those of the work that names it. */
const tasks: Readonly<Record<TaskName, () => Promise<unknown>>> = {
  run: async () => (await import('./run-pool.js')).runWork,
  diff: async () => (await import('./diff-pool.js')).diffWork,
  check: async () => (await import('./check-pool.js')).checkWork,
  mutate: async () => (await import('./mutate-pool.js')).mutateWork,
};

interface TaskSetup {
  readonly task: TaskName;
  readonly setup: Limits;
}

/** What a worker thread does. */
export function serveTasks(): void {
  serveJobs<TaskSetup, FileJob, unknown, RunNote>(({ task, setup }, desk) => {
    let serve: ReturnType<AnyWork['serve']> | null = null;
    return async (job) => {
      serve ??= ((await tasks[task]()) as AnyWork).serve(setup, {
        ...desk,
        isStopping: () => desk.isStopping(),
        call: (work) => work(),
      });
      return serve(job);
    };
  });
}

/**
 * What a worker may hold beyond --memory, so that a search can end itself and tell what it found: the report of states is larger than they
 * are, and the program itself holds some 15 MB.
 */
const HEADROOM = 2;
const LEAST_HEADROOM_MB = 64;

/** Megabytes of heap for a worker whose searches should end themselves at so many. */
function heapLimit(memory: number | null): number | null {
  return memory === null ? null : Math.ceil(memory * HEADROOM) + LEAST_HEADROOM_MB;
}

/** How long after an interrupt searches may take to end: milliseconds. */
const LAST_WORDS_MS = 3000;
/** How long after an interrupt it may take to report what they found: milliseconds. */
const LAST_REPORT_MS = 30_000;
const REDRAW_MS = 100;

/** What is the same of all results. */
interface AnyResult {
  /** An interrupt caught it half-done. */
  readonly stopped: boolean;
}

export interface PoolRun<Setup extends Limits, Job extends FileJob, Result extends AnyResult> {
  readonly work: FileWork<Setup, Job, Result>;
  /** run-worker.ts, built. */
  readonly script: URL;
  /** Undefined: as many as there are cores. */
  readonly threads: number | undefined;
  /** Plain data. */
  readonly setup: Setup;
  readonly jobs: readonly Job[];
  /** How many files were done before. */
  readonly before: number;
  readonly onResult: (result: Result, index: number) => void;
  readonly progress: Progress;
}

/** Runs the jobs; what ended the run early, or null. */
export async function runInPool<Setup extends Limits, Job extends FileJob, Result extends AnyResult>(
  run: PoolRun<Setup, Job, Result>,
): Promise<Interrupt | null> {
  const { work, script, threads, setup, jobs, before } = run;
  const state = new RunProgress(jobs.length + before, before);
  /** The signal that ended the run, with what was being worked on. */
  const caught: { readonly signal: StopSignal; readonly atWork: RunProgress['atWork'] }[] = [];
  const finished = new Set<number>();
  const lastWords: NodeJS.Timeout[] = [];
  // Before the threads are made, which takes a while; it is called when this function waits.
  const ignoreSignals = onStopSignal((signal) => {
    caught.push({ signal, atWork: state.atWork });
    pool.stop();
    lastWords.push(setTimeout(() => pool.endUnfinished(), LAST_WORDS_MS));
    lastWords.push(setTimeout(() => pool.end(), LAST_REPORT_MS));
  });
  const pool = startPool<TaskSetup, Job, Result, RunNote>({
    script,
    threads: threads ?? availableParallelism(),
    setup: { task: work.task, setup },
    jobs,
    seconds: hardLimit(setup.timeout),
    megabytes: heapLimit(setup.memory),
    lost: (job, loss) => afterLoss(work, setup, job, loss),
    onBegin: (index) => state.begin(index, jobs[index]!.path),
    onNote: (index, note) => state.note(index, note),
    onResult(result, index) {
      state.finish(index);
      if (!result.stopped) finished.add(index);
      run.onResult(result, index);
    },
  });
  const redraw = setInterval(() => run.progress.show(state.line), REDRAW_MS);
  await pool.done;
  clearInterval(redraw);
  for (const timer of lastWords) clearTimeout(timer);
  ignoreSignals();
  run.progress.clear();
  const [first] = caught;
  if (first === undefined) return null;
  // What came to its end all the same is not open.
  const open = first.atWork.filter(([index]) => !finished.has(index));
  return { signal: first.signal, atWork: open.map(([, text]) => text) };
}
