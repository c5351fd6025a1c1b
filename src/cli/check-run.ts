/**
 * All tests of `fencepost check` and `fencepost baseline`: in worker threads; a single one without limits in this thread, for starting
 * another takes longer than most tests do.
 */
import type { LoadedModels } from '../io/load-models.js';
import { type CheckedFile, type CheckJob, type CheckSetup, fileChecker } from './check-file.js';
import { checkWork } from './check-pool.js';
import { workHere } from './file-work.js';
import type { Interrupt } from './interrupt.js';
import type { Progress } from './progress.js';
import type { Resumable } from './resumable.js';

export interface CheckRun {
  readonly setup: CheckSetup;
  readonly loaded: LoadedModels;
  readonly jobs: readonly CheckJob[];
  /** The script of the worker threads, or null for none. */
  readonly worker: URL | null;
  /** Undefined: as many as there are cores. */
  readonly threads: number | undefined;
  readonly progress: Progress;
  /** In the order of the jobs. */
  readonly onResult: (result: CheckedFile, index: number) => void;
  /** What an earlier run has done is not done again; what is done now is kept at once. Absent: nothing is kept. */
  readonly resumable?: Resumable<CheckedFile>;
}

/** The tests that are left. */
interface OpenChecks extends CheckRun {
  /** How many were done before. */
  readonly before: number;
}

/** Hands results on in order, each as soon as all before it are there. */
function inOrder(onResult: CheckRun['onResult']): { add: CheckRun['onResult']; flush: () => void } {
  const waiting = new Map<number, CheckedFile>();
  let next = 0;
  return {
    add(result, index) {
      waiting.set(index, result);
      for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
        waiting.delete(next);
        onResult(ready, next++);
      }
    },
    flush() {
      for (const index of [...waiting.keys()].sort((a, b) => a - b)) onResult(waiting.get(index)!, index);
      waiting.clear();
    },
  };
}

async function runOpen(run: OpenChecks): Promise<Interrupt | null> {
  const { setup, loaded, jobs, worker, threads, progress, before, onResult } = run;
  const isQuick = jobs.length <= 1 && setup.timeout === null && setup.memory === null;
  if (worker === null || isQuick) {
    await workHere((desk) => fileChecker(setup, loaded, desk), jobs, progress, onResult);
    return null;
  }
  const { runInPool } = await import('./pool-tasks.js');
  return runInPool({
    work: checkWork,
    script: worker,
    threads,
    setup,
    jobs,
    before,
    onResult(result, index) {
      progress.clear();
      if (!result.stopped) onResult(result, index);
    },
    progress,
  });
}

/** Checks all; what ended the run early, or null. What it caught half-done has no result. */
export async function runChecks(run: CheckRun): Promise<Interrupt | null> {
  const { jobs, resumable } = run;
  const ordered = inOrder(run.onResult);
  const done = resumable?.done ?? new Map<number, CheckedFile>();
  const open = resumable?.open ?? [...jobs.keys()];
  for (const [index, result] of done) ordered.add(result, index);
  const interrupt = await runOpen({
    ...run,
    jobs: open.map((index) => jobs[index]!),
    before: done.size,
    onResult(result, at) {
      const index = open[at]!;
      resumable?.keep(index, result);
      ordered.add(result, index);
    },
  });
  ordered.flush();
  return interrupt;
}
