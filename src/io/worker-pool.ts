/**
 * Runs jobs on all cores: each worker thread takes the next job when it is done with one, so that long jobs do not queue up
 * behind each other.
 *
 * A worker is a script that calls `serveJobs`. Jobs, notes and results are plain data. A worker that dies (out of memory, a bug) or
 * that goes over the time for a part of its job is replaced, and takes only its own job with it. Workers are started when they are
 * needed.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { invariant } from '../text/diagnostic.js';

interface Request {
  readonly index: number;
  readonly job: unknown;
}

type Reply =
  /** A part of the job begins: its clock starts anew. Null: the job itself. */
  | { readonly kind: 'begin'; readonly part: string | null }
  /** The part has come to its end; what is left is to say what came of it. */
  | { readonly kind: 'conclude' }
  | { readonly kind: 'note'; readonly note: unknown }
  | { readonly kind: 'result'; readonly index: number; readonly result: unknown };

interface WorkerSetup {
  readonly setup: unknown;
  /** One number: not 0 asks the workers to come to an end. */
  readonly stop: SharedArrayBuffer;
}

/** What a worker can say and ask while it works. All work at once, in the middle of a long computation, too. */
export interface Desk<Note> {
  /** A part of the job begins; time and memory are blamed on it from now on. */
  readonly begin: (part: string) => void;
  /** The work of the part that limits are for is over: making and sending its result has a limit of its own. */
  readonly conclude: () => void;
  readonly tell: (note: Note) => void;
  /** Whether whoever runs the pool wants no more. */
  readonly isStopping: () => boolean;
}

/** The worker's side: answers every job by what `start` makes of the setup, which the pool gives to all workers. */
export function serveJobs<Setup, Job, Result, Note = never>(
  start: (setup: Setup, desk: Desk<Note>) => (job: Job) => Promise<Result>,
): void {
  invariant(parentPort !== null, 'jobs are served in a worker thread');
  const port = parentPort;
  const { setup, stop } = workerData as WorkerSetup;
  const flag = new Int32Array(stop);
  const post = (reply: Reply): void => port.postMessage(reply);
  const run = start(setup as Setup, {
    begin: (part) => post({ kind: 'begin', part }),
    conclude: () => post({ kind: 'conclude' }),
    tell: (note) => post({ kind: 'note', note }),
    isStopping: () => Atomics.load(flag, 0) !== 0,
  });
  port.on('message', async ({ index, job }: Request) => {
    post({ kind: 'begin', part: null });
    post({ kind: 'result', index, result: await run(job as Job) });
  });
}

/** How much longer than a part of a job its result may take to be made and sent, which may be of millions of states: seconds. */
const CONCLUSION = 120;

/** The longest time that a timer of Node takes (25 days): a longer one would ring at once. Milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** How a job was lost. */
export interface Loss {
  readonly cause: 'time' | 'memory' | 'crash';
  /** What the worker died of, for people. */
  readonly reason: string;
  /** The part of the job that had begun last; null: none. */
  readonly part: string | null;
}

export interface PoolTask<Setup, Job, Result, Note = never> {
  readonly script: URL;
  readonly threads: number;
  /** The same for all jobs. */
  readonly setup: Setup;
  readonly jobs: readonly Job[];
  /** Seconds for each part of a job, after which its worker is ended; null: no limit. */
  readonly seconds?: number | null;
  /** Megabytes of heap for each worker; null: Node's own limit. */
  readonly megabytes?: number | null;
  /** What becomes of a job whose worker died: its result, or what to try in its place. */
  readonly lost: (job: Job, loss: Loss) => { readonly result: Result } | { readonly retry: Job };
  readonly onBegin?: (index: number) => void;
  readonly onNote?: (index: number, note: Note) => void;
  readonly onResult: (result: Result, index: number) => void;
}

/** A job and its place in the list. */
interface Ticket<Job> {
  readonly index: number;
  readonly job: Job;
}

export interface RunningPool {
  /** Fulfilled when all jobs have their result, or the pool was ended. */
  readonly done: Promise<void>;
  /** Hands out no more jobs and asks those at work to come to an end. */
  readonly stop: () => void;
  /** Ends the workers at once, but for those that are making their result; what the others were at is lost. */
  readonly endUnfinished: () => void;
  /** Ends all workers at once; what they were at is lost. */
  readonly end: () => void;
}

class Pool<Setup, Job, Result, Note> {
  private readonly stopFlag = new Int32Array(new SharedArrayBuffer(4));
  private readonly workers = new Set<Worker>();
  /** Those that are making their result. */
  private readonly concluding = new Set<Worker>();
  private readonly retries: Ticket<Job>[] = [];
  private next = 0;
  private stopped = false;
  private ended = false;

  constructor(private readonly task: PoolTask<Setup, Job, Result, Note>) {}

  async run(): Promise<void> {
    const keepServing = async (): Promise<void> => {
      for (let first = this.take(); first !== null; first = this.take()) await this.serve(first);
    };
    await Promise.all(
      Array.from({ length: Math.min(this.task.threads, this.task.jobs.length) }, keepServing),
    );
  }

  stop(): void {
    this.stopped = true;
    Atomics.store(this.stopFlag, 0, 1);
  }

  endUnfinished(): void {
    this.stopped = true;
    this.ended = true;
    for (const worker of this.workers) if (!this.concluding.has(worker)) void worker.terminate();
  }

  end(): void {
    this.concluding.clear();
    this.endUnfinished();
  }

  private take(): Ticket<Job> | null {
    const again = this.retries.pop();
    if (again !== undefined && !this.ended) return again;
    if (this.stopped || this.next >= this.task.jobs.length) return null;
    const index = this.next++;
    return { index, job: this.task.jobs[index]! };
  }

  private start(): Worker {
    const { script, setup, megabytes } = this.task;
    const { stopFlag } = this;
    const data: WorkerSetup = { setup, stop: stopFlag.buffer as SharedArrayBuffer };
    const limits = megabytes == null ? {} : { resourceLimits: { maxOldGenerationSizeMb: megabytes } };
    const worker = new Worker(script, { workerData: data, ...limits });
    this.workers.add(worker);
    return worker;
  }

  /** Serves jobs from this one on until there is none left, or the worker dies. */
  private serve(first: Ticket<Job>): Promise<void> {
    const { task } = this;
    return new Promise((resolve) => {
      const worker = this.start();
      let current: Ticket<Job> | null = null;
      let part: string | null = null;
      let death: Omit<Loss, 'part'> = { cause: 'crash', reason: 'the worker stopped' };
      let clock: NodeJS.Timeout | undefined;
      const restartClock = (extra: number): void => {
        clearTimeout(clock);
        if (task.seconds == null) return;
        const delay = (task.seconds + extra) * 1000;
        if (delay > LONGEST_TIMER) return;
        clock = setTimeout(() => {
          death = { cause: 'time', reason: 'time limit' };
          void worker.terminate();
        }, delay);
      };
      const hand = (ticket: Ticket<Job> | null): void => {
        current = ticket;
        if (ticket === null) void worker.terminate();
        else {
          task.onBegin?.(ticket.index);
          worker.postMessage({ index: ticket.index, job: ticket.job } satisfies Request);
        }
      };
      worker.on('message', (reply: Reply) => {
        if (reply.kind === 'begin') {
          part = reply.part;
          // Where all come to an end, the parts that follow are stopped as soon as they ask.
          if (!this.stopped) this.concluding.delete(worker);
          restartClock(0);
        } else if (reply.kind === 'conclude') {
          this.concluding.add(worker);
          restartClock(CONCLUSION);
        } else if (current === null) return;
        else if (reply.kind === 'note') task.onNote?.(current.index, reply.note as Note);
        else {
          clearTimeout(clock);
          current = null;
          task.onResult(reply.result as Result, reply.index);
          hand(this.take());
        }
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        const cause = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash';
        death = { cause, reason: error.message };
      });
      worker.on('exit', () => {
        clearTimeout(clock);
        this.workers.delete(worker);
        this.concluding.delete(worker);
        if (current !== null && !this.ended) this.lose(current, { ...death, part });
        resolve();
      });
      hand(first);
    });
  }

  private lose({ index, job }: Ticket<Job>, loss: Loss): void {
    const outcome = this.task.lost(job, loss);
    if ('retry' in outcome) this.retries.push({ index, job: outcome.retry });
    else this.task.onResult(outcome.result, index);
  }
}

/** Starts the jobs; results come as they are done. */
export function startPool<Setup, Job, Result, Note = never>(
  task: PoolTask<Setup, Job, Result, Note>,
): RunningPool {
  const pool = new Pool(task);
  return {
    done: pool.run(),
    stop: () => pool.stop(),
    endUnfinished: () => pool.endUnfinished(),
    end: () => pool.end(),
  };
}

/** The results in the order of the jobs. `onDone`: called with how many there are. */
export async function runInWorkers<Setup, Job, Result>(
  task: Omit<PoolTask<Setup, Job, Result>, 'onResult'> & { readonly onDone: (done: number) => void },
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const onResult = (result: Result, index: number): void => {
    results.set(index, result);
    task.onDone(results.size);
  };
  await startPool({ ...task, onResult }).done;
  return task.jobs.map((_, index) => results.get(index)!);
}
