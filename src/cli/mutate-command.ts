/** `fencepost mutate`: which barriers of tests does no expectation guard? */
import { type MutationSummary, summarize } from '../check/barrier-guards.js';
import { mutationObject } from '../check/mutation-json.js';
import { renderMutation } from '../check/mutation-text.js';
import type { LoadedModels } from '../io/load-models.js';
import type { StopSignal } from '../io/signals.js';
import { hardLimit } from '../io/worker-pool.js';
import { type CheckPlan, type PlanArguments, planCheck } from './check-plan.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { afterLoss, fileMutator, type MutatedFile, type MutateJob, type MutateSetup } from './mutate-file.js';
import { createProgress, type Progress } from './progress.js';
import { heapLimit } from './run-pool.js';
import type { Terminal } from './terminal.js';

export interface MutateArguments extends PlanArguments {
  readonly format: 'text' | 'json';
  readonly all: boolean;
  readonly plain: boolean;
  readonly jobs: number | undefined;
  readonly debug?: boolean;
}

function setupFrom(args: MutateArguments, plan: CheckPlan, terminal: Terminal): MutateSetup {
  const { request, unroll, atomics, timeout, memory } = plan.setup;
  const { width, unicode, colours } = terminal;
  return {
    request,
    unroll,
    atomics,
    timeout,
    memory,
    plain: args.plain,
    debug: args.debug === true,
    display: { width, unicode, colours },
  };
}

interface Work {
  readonly setup: MutateSetup;
  readonly loaded: LoadedModels;
  readonly jobs: readonly MutateJob[];
  readonly worker: URL | null;
  readonly threads: number | undefined;
  readonly progress: Progress;
}

interface Done {
  /** In the order of the jobs; undefined: not done. */
  readonly results: readonly (MutatedFile | undefined)[];
  readonly signal: StopSignal | null;
}

async function mutateAll({ setup, loaded, jobs, worker, threads, progress }: Work): Promise<Done> {
  const results: (MutatedFile | undefined)[] = jobs.map(() => undefined);
  if (worker === null) {
    const mutate = fileMutator(setup, loaded, {
      begin: () => {},
      conclude: () => {},
      tell: () => {},
      isStopping: () => false,
    });
    for (const [index, job] of jobs.entries()) {
      progress.show(`${index} of ${jobs.length} done; ${job.path}`);
      results[index] = await mutate(job);
    }
    progress.clear();
    return { results, signal: null };
  }
  const { runInPool } = await import('./pool-tasks.js');
  const { availableParallelism } = await import('node:os');
  const signal = await runInPool<MutateSetup, MutateJob, MutatedFile>({
    task: 'mutate',
    script: worker,
    threads: threads ?? availableParallelism(),
    setup,
    jobs,
    before: 0,
    seconds: hardLimit(setup.timeout),
    megabytes: heapLimit(setup.memory),
    lost: (job, loss) => afterLoss(job, loss, setup),
    onResult: (result, index) => {
      results[index] = result.stopped ? undefined : result;
    },
    progress,
  });
  return { results, signal };
}

function exitOf({ guards, failing, idle, tests }: MutationSummary): ExitCode {
  const isLost = guards.some(({ status }) => status === 'unguarded' || status === 'in-part');
  if (isLost || failing.length > 0 || idle.some(({ kind }) => kind === 'stale')) return exitCodes.mismatch;
  const isOpen = guards.some(({ status }) => status === 'open') || tests.some(({ open }) => open.length > 0);
  return isOpen ? exitCodes.limit : exitCodes.ok;
}

/** `worker`: the script of the worker threads; null: all in this thread. */
export async function mutateCommand(
  args: MutateArguments,
  terminal: Terminal,
  worker: URL | null,
): Promise<ExitCode> {
  const plan = await planCheck(args, false);
  const codes = new Set<ExitCode>([printDiagnostics(plan.diagnostics, terminal)]);
  if (plan.value === null) return worstExit([...codes, exitCodes.input]);
  const { loaded } = plan.value;
  const setup = setupFrom(args, plan.value, terminal);
  const seen = new Set<string>();
  // a test that is named twice guards no more
  const jobs = plan.value.jobs.filter(({ path }) => !seen.has(path) && seen.add(path));
  const progress = createProgress(terminal);
  const { results, signal } = await mutateAll({
    setup,
    loaded,
    jobs,
    worker,
    threads: args.jobs,
    progress,
  });
  const done = results.filter((result) => result !== undefined);
  for (const { messages, code } of done) {
    for (const message of messages) terminal.err(`${message}\n`);
    codes.add(code);
  }
  const isCut = signal !== null || done.some(({ code }) => code === exitCodes.limit);
  const tests = done.flatMap(({ test }) => (test === null ? [] : [test]));
  const summary = summarize(tests, isCut ? 'not all tests were tried' : null);
  codes.add(exitOf(summary));
  if (args.format === 'json') terminal.out(`${JSON.stringify(mutationObject(summary), null, 2)}\n`);
  else terminal.out(renderMutation(summary, { all: args.all }));
  if (signal === null) return worstExit(codes);
  const open = results.length - done.length;
  terminal.err(`interrupted, with ${open} of ${jobs.length} files open\n`);
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}
