/** `fencepost check` and `fencepost baseline` in worker threads. */
import { deadline } from '../io/clock.js';
import { loadModels } from '../io/load-models.js';
import { hardLimit, type Loss } from '../io/worker-pool.js';
import { invariant } from '../text/diagnostic.js';
import {
  brokenCheck,
  type CheckedFile,
  type CheckJob,
  type CheckSetup,
  endedCheck,
  fileChecker,
} from './check-file.js';
import type { PoolRun, Serve } from './pool-tasks.js';
import { memoryText } from './run-file.js';
import { heapLimit } from './run-pool.js';

/** The worker's side. */
export const serveCheck: Serve<CheckSetup, CheckJob, CheckedFile> = (setup, desk) => {
  const loaded = loadModels(setup.request, deadline(setup.timeout)).value;
  invariant(loaded !== null, 'the models were loaded before');
  return fileChecker(setup, loaded, {
    ...desk,
    isStopping: () => desk.isStopping(),
    call: (work) => work(),
  });
};

function afterLoss(
  job: CheckJob,
  loss: Loss,
  setup: CheckSetup,
): { result: CheckedFile } | { retry: CheckJob } {
  const { cause, reason, part } = loss;
  if (cause === 'crash') return { result: brokenCheck(job.path, new Error(reason)) };
  const limit = cause === 'time' ? 'time limit' : memoryText(setup.memory);
  if (part === null) {
    const hint = 'more may be allowed: `--timeout`, `--memory`';
    return { result: endedCheck(job.path, 'limit', { message: `not judged: ${limit}`, hint }) };
  }
  return { retry: { ...job, given: [...job.given, [part, limit]] } };
}

/** What is the same for every pool that checks tests. */
export function checkTask(
  setup: CheckSetup,
): Pick<PoolRun<CheckSetup, CheckJob, CheckedFile>, 'task' | 'setup' | 'seconds' | 'megabytes' | 'lost'> {
  return {
    task: 'check',
    setup,
    seconds: hardLimit(setup.timeout),
    megabytes: heapLimit(setup.memory),
    lost: (job, loss) => afterLoss(job, loss, setup),
  };
}
