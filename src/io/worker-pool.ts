/**
 * Runs jobs on all cores: each worker thread takes the next job when it is done with one, so that long jobs do not queue up
 * behind each other.
 *
 * A worker is a script that calls `serveJobs`. Jobs and results are plain data.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { invariant } from '../text/diagnostic.js';

interface Request {
  readonly index: number;
  readonly job: unknown;
}

interface Reply {
  readonly index: number;
  readonly result: unknown;
}

/** The worker's side: answers every job by what `start` makes of the setup, which the pool gives to all workers. */
export function serveJobs<Setup, Job, Result>(start: (setup: Setup) => (job: Job) => Promise<Result>): void {
  invariant(parentPort !== null, 'jobs are served in a worker thread');
  const port = parentPort;
  const run = start(workerData as Setup);
  port.on('message', async ({ index, job }: Request) => {
    port.postMessage({ index, result: await run(job as Job) } satisfies Reply);
  });
}

export interface PoolTask<Setup, Job, Result> {
  readonly script: URL;
  readonly threads: number;
  /** The same for all jobs. */
  readonly setup: Setup;
  readonly jobs: readonly Job[];
  /** The result of a job whose worker died (out of memory, a stack overflow): the others go on in a new one. */
  readonly lost: (job: Job, reason: string) => Result;
  readonly onResult: (result: Result, done: number) => void;
}

/** The results in the order of the jobs. */
export async function runInWorkers<Setup, Job, Result>(
  task: PoolTask<Setup, Job, Result>,
): Promise<Result[]> {
  const { script, setup, jobs, lost, onResult } = task;
  const results = new Map<number, Result>();
  let next = 0;

  /** Serves jobs until there is none left, or the worker dies. */
  const serve = (): Promise<void> =>
    new Promise((resolve) => {
      const worker = new Worker(script, { workerData: setup });
      let current = -1;
      let reason = 'the worker stopped';
      const finish = (index: number, result: Result): void => {
        results.set(index, result);
        onResult(result, results.size);
      };
      const take = (): void => {
        current = next++;
        if (current < jobs.length)
          worker.postMessage({ index: current, job: jobs[current] } satisfies Request);
        else void worker.terminate();
      };
      worker.on('message', ({ index, result }: Reply) => {
        finish(index, result as Result);
        take();
      });
      worker.on('error', (error) => {
        reason = error.message;
      });
      worker.on('exit', () => {
        const job = jobs[current];
        if (job !== undefined && !results.has(current)) finish(current, lost(job, reason));
        resolve();
      });
      take();
    });

  const keepServing = async (): Promise<void> => {
    while (next < jobs.length) await serve();
  };
  await Promise.all(Array.from({ length: Math.min(task.threads, jobs.length) }, keepServing));
  return jobs.map((_, index) => results.get(index)!);
}
