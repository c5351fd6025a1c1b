/**
 * `fencepost mutate`: which barriers of tests does no expectation guard?
 *
 * A report for a file (`--output`) is written whole; a journal beside it keeps what is done, for `--resume`.
 */
import { type MutationSummary, summarize } from '../check/barrier-guards.js';
import type { LoadedModels } from '../io/load-models.js';
import { errorAt } from '../text/diagnostic.js';
import { type CheckPlan, type PlanArguments, planCheck } from './check-plan.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { workHere } from './file-work.js';
import { exitOfInterrupt, type Interrupt, interruptText } from './interrupt.js';
import { fileMutator, type MutatedFile, type MutateJob, type MutateSetup } from './mutate-file.js';
import { beginFor, fileOf, writeReport } from './mutate-output.js';
import { mutateWork } from './mutate-pool.js';
import { createProgress, type Progress } from './progress.js';
import type { Resumable } from './resumable.js';
import type { RunDesk } from './search-limits.js';
import type { Terminal } from './terminal.js';

export interface MutateArguments extends PlanArguments {
  readonly format: 'text' | 'json';
  readonly all: boolean;
  readonly plain: boolean;
  readonly jobs: number | undefined;
  readonly output: string | undefined;
  readonly resume: boolean;
  readonly debug?: boolean;
}

function setupFrom(args: MutateArguments, plan: CheckPlan, terminal: Terminal): MutateSetup {
  const { request, ofMany, unroll, atomics, timeout, memory } = plan.setup;
  const { width, unicode, colours } = terminal;
  return {
    request,
    ofMany,
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
  /** Null: the report is for no file, and nothing is kept. */
  readonly resumable: Resumable<MutatedFile> | null;
}

interface Done {
  /** In the order of the jobs; undefined: not done. */
  readonly results: readonly (MutatedFile | undefined)[];
  readonly interrupt: Interrupt | null;
}

async function mutateAll(work: Work): Promise<Done> {
  const { setup, loaded, jobs, worker, threads, progress, resumable } = work;
  const results = jobs.map((_, index) => resumable?.done.get(index));
  const open = resumable?.open ?? [...jobs.keys()];
  const left = open.map((index) => jobs[index]!);
  const add = (result: MutatedFile, index: number): void => {
    results[index] = result.stopped ? undefined : result;
    resumable?.keep(index, result);
  };
  if (worker === null) {
    const start = (desk: RunDesk) => fileMutator(setup, loaded, desk);
    await workHere(start, left, progress, (result, at) => add(result, open[at]!));
    return { results, interrupt: null };
  }
  const { runInPool } = await import('./pool-tasks.js');
  const interrupt = await runInPool({
    work: mutateWork,
    script: worker,
    threads,
    setup,
    jobs: left,
    before: jobs.length - open.length,
    onResult: (result, at) => add(result, open[at]!),
    progress,
  });
  return { results, interrupt };
}

function exitOf({ guards, failing, idle, tests }: MutationSummary): ExitCode {
  const isLost = guards.some(({ status }) => status === 'unguarded' || status === 'in-part');
  if (isLost || failing.length > 0 || idle.some(({ kind }) => kind === 'stale')) return exitCodes.mismatch;
  const isOpen = guards.some(({ status }) => status === 'open') || tests.some(({ open }) => open.length > 0);
  return isOpen ? exitCodes.limit : exitCodes.ok;
}

/** Says which expectations of the project file are about nothing: a barrier may be unguarded for them. What of the baseline is, `check` says. */
function printMistakes({ findings }: CheckPlan, terminal: Terminal): ExitCode {
  const mistakes = findings.filter(({ by }) => by === 'project');
  return printDiagnostics(
    mistakes.map(({ message, place, hint }) => {
      const where = place === null ? '' : `${place.file}:${place.line}:${place.column}: `;
      return errorAt(null, 'project-file', where + message, { hint });
    }),
    terminal,
  );
}

/** `worker`: the script of the worker threads; null: all in this thread. */
export async function mutateCommand(
  args: MutateArguments,
  terminal: Terminal,
  worker: URL | null,
): Promise<ExitCode> {
  const file = fileOf(args);
  const plan = await planCheck(args, false);
  const codes = new Set<ExitCode>([printDiagnostics(plan.diagnostics, terminal)]);
  if (plan.value === null) return worstExit([...codes, exitCodes.input]);
  codes.add(printMistakes(plan.value, terminal));
  const { loaded } = plan.value;
  const setup = setupFrom(args, plan.value, terminal);
  const seen = new Set<string>();
  // a test that is named twice guards no more
  const jobs = plan.value.jobs.filter(({ path }) => !seen.has(path) && seen.add(path));
  const resumable = await beginFor(file, args, { setup, loaded, jobs }, terminal);
  if (resumable === undefined) return exitCodes.input;
  const progress = createProgress(terminal);
  const work = { setup, loaded, jobs, worker, threads: args.jobs, progress, resumable };
  const { results, interrupt } = await mutateAll(work);
  const done = results.filter((result) => result !== undefined);
  for (const { messages, code } of done) {
    for (const message of messages) terminal.err(`${message}\n`);
    codes.add(code);
  }
  const isCut = interrupt !== null || done.some(({ code }) => code === exitCodes.limit);
  const tests = done.flatMap(({ test }) => (test === null ? [] : [test]));
  const summary = summarize(tests, isCut ? 'not all tests were tried' : null);
  codes.add(exitOf(summary));
  const open =
    interrupt === null ? null : interruptText(interrupt, results.length - done.length, jobs.length, 'files');
  codes.add(writeReport(summary, open, args, resumable, terminal));
  return interrupt === null ? worstExit(codes) : exitOfInterrupt(interrupt);
}
