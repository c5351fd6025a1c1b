/**
 * `fencepost run` in worker threads: many files, or one that takes long.
 *
 * A worker that goes over a limit where no search asks for it (a model that does not come to an end of its compilation, a thread of
 * paths without number) is ended and replaced; the file is run again without the model that it was at, which is Unknown.
 */
import { deadline } from '../io/clock.js';
import { loadModels } from '../io/load-models.js';
import { hardLimit, type Loss } from '../io/worker-pool.js';
import { invariant } from '../text/diagnostic.js';
import type { PoolRun, Serve } from './pool-tasks.js';
import {
  brokenFile,
  type FileResult,
  fileRunner,
  givenUpFile,
  memoryText,
  type RunJob,
  type RunSetup,
} from './run-file.js';

/** The worker's side. */
export const serveRun: Serve<RunSetup, RunJob, FileResult> = (setup, desk) => {
  const loaded = loadModels(setup.request, deadline(setup.timeout)).value;
  invariant(loaded !== null, 'the models were loaded before');
  return fileRunner(setup, loaded, {
    ...desk,
    isStopping: () => desk.isStopping(),
    call: (work) => work(),
  });
};

/** What a worker may hold beyond --memory, so that a search can end itself and tell what it found. */
const HEADROOM = 1.25;

/** Megabytes of heap for a worker whose searches should end themselves at so many. */
export function heapLimit(memory: number | null): number | null {
  return memory === null ? null : Math.ceil(memory * HEADROOM) + 16;
}

function afterLoss(job: RunJob, loss: Loss, setup: RunSetup): { result: FileResult } | { retry: RunJob } {
  const { cause, reason, part } = loss;
  if (cause === 'crash') return { result: brokenFile(job.path, new Error(reason), setup) };
  const limit = cause === 'time' ? 'time limit' : memoryText(setup.memory);
  if (part === null) return { result: givenUpFile(job.path, limit, setup) };
  return { retry: { ...job, given: [...job.given, [part, limit]] } };
}

/** What is the same for every pool that runs files. */
export function runTask(
  setup: RunSetup,
): Pick<PoolRun<RunSetup, RunJob, FileResult>, 'task' | 'setup' | 'seconds' | 'megabytes' | 'lost'> {
  return {
    task: 'run',
    setup,
    seconds: hardLimit(setup.timeout),
    megabytes: heapLimit(setup.memory),
    lost: (job, loss) => afterLoss(job, loss, setup),
  };
}
