/**
 * Work on files one by one, of which there may be many, in this thread or in worker threads: what is the same whether they are run,
 * checked, mutated or compared, and what becomes of a file whose worker was lost.
 *
 * A kind of work is code on both sides of a thread: what is between them is plain data.
 */
import { deadline } from '../io/clock.js';
import { type LoadedModels, loadModels, type ModelRequest } from '../io/load-models.js';
import type { Loss } from '../io/worker-pool.js';
import { invariant } from '../text/diagnostic.js';
import type { Progress } from './progress.js';
import { describeWork } from './run-progress.js';
import { type Limits, memoryText, type RunDesk } from './search-limits.js';

export interface FileJob {
  readonly path: string;
  /** Parts of the work (models) that were given up, each with the limit. */
  readonly given: readonly (readonly [part: string, limit: string])[];
}

export interface FileWork<Setup extends Limits, Job extends FileJob, Result> {
  /** The name by which a worker finds it (pool-tasks.ts). */
  readonly task: 'run' | 'check' | 'mutate' | 'diff';
  /** What makes, of the setup that is the same for all files, the function that does one: in a worker. */
  readonly serve: (setup: Setup, desk: RunDesk) => (job: Job) => Promise<Result>;
  /** Of a file that our own bug took. */
  readonly broken: (job: Job, error: Error, setup: Setup) => Result;
  /** Of a file that a limit ended where none of its parts is to blame. */
  readonly givenUp: (job: Job, limit: string, setup: Setup) => Result;
}

/** The models of a setup, in a worker: the command has loaded them before it starts any. */
export function modelsAgain({
  request,
  timeout,
}: Pick<Limits, 'timeout'> & { readonly request: ModelRequest }): LoadedModels {
  const loaded = loadModels(request, deadline(timeout)).value;
  invariant(loaded !== null, 'the models were loaded before');
  return loaded;
}

/**
 * What becomes of a file whose worker was lost: it is worked on again without the part that the worker was at, which comes to no end
 * where no search asks for the time (a model that does not come to an end of its compilation, a thread of paths without number).
 */
export function afterLoss<Setup extends Limits, Job extends FileJob, Result>(
  work: Pick<FileWork<Setup, Job, Result>, 'broken' | 'givenUp'>,
  setup: Setup,
  job: Job,
  { cause, reason, part }: Loss,
): { readonly result: Result } | { readonly retry: Job } {
  if (cause === 'crash') return { result: work.broken(job, new Error(reason), setup) };
  const limit = cause === 'time' ? 'time limit' : memoryText(setup.memory);
  // a part that was to be left out, and yet was begun, would be so for ever
  if (part === null || job.given.some(([name]) => name === part))
    return { result: work.givenUp(job, limit, setup) };
  return { retry: { ...job, given: [...job.given, [part, limit]] } };
}

/** Works on files in this thread, one after the other. `start`: as `serve`, with models that are loaded. */
export async function workHere<Job extends FileJob, Result>(
  start: (desk: RunDesk) => (job: Job) => Promise<Result>,
  jobs: readonly Job[],
  progress: Progress,
  onResult: (result: Result, index: number) => void,
): Promise<void> {
  let path = '';
  const work = start({
    begin: () => {},
    conclude: () => {},
    tell: (note) => progress.show(describeWork(path, note)),
    isStopping: () => false,
    call: (each) => each(),
  });
  for (const [index, job] of jobs.entries()) {
    path = job.path;
    const result = await work(job);
    progress.clear();
    onResult(result, index);
  }
}
