/**
 * `fencepost diff`: two versions of tests, two models, or logs. One test is compared in this thread; many, or what takes long to
 * load, by worker threads.
 */
import type { ModelRequest } from '../io/load-models.js';
import type { Sides } from './add-diff.js';
import { printDiagnostics, printTexts } from './diagnostics-output.js';
import { type DiffFileResult, type DiffJob, type DiffSetup, diffRunner, loadSides } from './diff-file.js';
import { inputsFrom } from './diff-from.js';
import { type Inputs, plainInputs, testsOnly } from './diff-inputs.js';
import { type DiffDisplay, printLogs, printTests } from './diff-output.js';
import { diffWork } from './diff-pool.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { workHere } from './file-work.js';
import { exitOfInterrupt, type Interrupt, interruptText } from './interrupt.js';
import { OptionError } from './options.js';
import { createProgress } from './progress.js';
import type { RunDesk } from './search-limits.js';
import type { Terminal } from './terminal.js';

export interface DiffArguments {
  readonly files: readonly string[];
  readonly from: string | undefined;
  readonly model: Sides | undefined;
  readonly conf: Sides | undefined;
  readonly bell: Sides | undefined;
  readonly macros: Sides | undefined;
  readonly include: readonly string[] | undefined;
  readonly variant: readonly string[] | undefined;
  readonly compileTo: 'arm64' | 'x86' | undefined;
  readonly pictures: boolean;
  readonly format: 'text' | 'json';
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | undefined;
  readonly timeout: number | undefined;
  readonly jobs: number | undefined;
}

const sideOptions = ['model', 'conf', 'bell', 'macros'] as const;

/** The options of one side: what is given once is for both. */
function requestOf(args: DiffArguments, side: 0 | 1): ModelRequest {
  const value = (name: (typeof sideOptions)[number]): string | null => {
    const values = args[name]?.values ?? [];
    return values[side] ?? values[0] ?? null;
  };
  return {
    model: value('model'),
    conf: value('conf'),
    bell: value('bell'),
    macros: value('macros'),
    includes: args.include ?? [],
    variants: args.variant ?? [],
    compileTo: args.compileTo ?? null,
  };
}

/** Whether two models are to be compared: some option about them is given twice. */
function hasTwoModels(args: DiffArguments): boolean {
  const counts = sideOptions.map((name) => args[name]?.values.length ?? 0);
  const many = sideOptions.find((_, i) => counts[i]! > 2);
  if (many !== undefined)
    throw new OptionError(`--${many} is given more than twice: two models are compared`);
  return counts.includes(2);
}

/** What the two models are called: by what tells them apart. */
function namesOf(requests: readonly [ModelRequest, ModelRequest]): readonly [string, string] {
  const [a, b] = requests;
  const key = (['model', 'conf', 'bell', 'macros'] as const).find((name) => a[name] !== b[name]) ?? 'model';
  return [a[key] ?? 'before', b[key] ?? 'after'];
}

function setupFrom(args: DiffArguments, terminal: Terminal): DiffSetup {
  const isTwo = hasTwoModels(args);
  const requests = [requestOf(args, 0), requestOf(args, 1)] as const;
  return {
    request: requests[0],
    other: isTwo ? requests[1] : null,
    names: isTwo ? namesOf(requests) : ['before', 'after'],
    atomics: args.atomics,
    unroll: args.unroll ?? null,
    timeout: args.timeout ?? null,
    memory: null,
    pictures: args.pictures,
    colours: terminal.colours.err,
  };
}

async function inputsOf(args: DiffArguments, setup: DiffSetup): Promise<Inputs> {
  const isTwo = setup.other !== null;
  if (args.from !== undefined && isTwo)
    throw new OptionError('--from compares versions under the same models');
  if (isTwo) return testsOnly(args.files, 'models');
  return args.from === undefined ? plainInputs(args.files) : inputsFrom(args.files, args.from);
}

/** From so many jobs on, workers pay. */
const MANY = 8;

interface Work {
  readonly setup: DiffSetup;
  readonly jobs: readonly DiffJob[];
  readonly worker: URL | null;
  readonly threads: number | undefined;
  readonly terminal: Terminal;
}

async function inWorkers(
  { setup, jobs, threads, terminal }: Work,
  worker: URL,
  onResult: (result: DiffFileResult, index: number) => void,
): Promise<Interrupt | null> {
  const { runInPool } = await import('./pool-tasks.js');
  return runInPool({
    work: diffWork,
    script: worker,
    threads,
    setup,
    jobs,
    before: 0,
    onResult,
    progress: createProgress(terminal),
  });
}

interface Done {
  /** In the order of the jobs; null where an interrupt left it open. */
  readonly results: readonly (DiffFileResult | null)[];
  readonly interrupt: Interrupt | null;
}

async function doJobs(work: Work, sides: Parameters<typeof diffRunner>[1]): Promise<Done> {
  const { setup, jobs, worker, terminal } = work;
  const results: (DiffFileResult | null)[] = jobs.map(() => null);
  if (worker !== null && jobs.length >= MANY) {
    const interrupt = await inWorkers(work, worker, (result, index) => {
      results[index] = result.stopped ? null : result;
    });
    return { results, interrupt };
  }
  const start = (desk: RunDesk) => diffRunner(setup, sides, desk);
  await workHere(start, jobs, createProgress(terminal), (result, index) => {
    results[index] = result;
  });
  return { results, interrupt: null };
}

/** Each of the two has to be one model; a comparison with a log needs just one. */
function checkCounts(sides: Parameters<typeof diffRunner>[1], setup: DiffSetup, inputs: Inputs): void {
  const counts = sides.map(({ models }) => models?.length ?? 0);
  if (setup.other !== null && counts.some((count) => count !== 1))
    throw new OptionError(
      '--model given twice names one model each; for several models, name them once: a,b',
    );
  if (inputs.logs !== null && counts[0]! > 1)
    throw new OptionError('a log is compared with one model: name one with --model');
}

/** Of many tests, those that the models do not judge are only counted; if that is all, it is a mistake. */
function withoutForeign(results: readonly DiffFileResult[]): readonly DiffFileResult[] {
  if (results.every(({ isForeign }) => isForeign)) return results;
  return results.map((result) =>
    result.isForeign ? { ...result, messages: [], code: exitCodes.ok } : result,
  );
}

/** `worker`: the script of the worker threads (run-worker.ts, built); null: all in this thread. */
export async function diffCommand(
  args: DiffArguments,
  terminal: Terminal,
  worker: URL | null,
): Promise<ExitCode> {
  const setup = setupFrom(args, terminal);
  const inputs = await inputsOf(args, setup);
  const { sides, diagnostics } = loadSides(setup);
  const codes: ExitCode[] = [printDiagnostics([...diagnostics, ...inputs.diagnostics], terminal)];
  if (sides === null) return worstExit(codes);
  checkCounts(sides, setup, inputs);
  const nothing = inputs.jobs.length + inputs.alone.length + inputs.untouched === 0 && inputs.logs === null;
  if (nothing) return worstExit(codes);
  const { jobs } = inputs;
  const { results, interrupt } = await doJobs({ setup, jobs, worker, threads: args.jobs, terminal }, sides);
  const done = withoutForeign(results.filter((result) => result !== null));
  printTexts([...new Set(done.flatMap(({ messages }) => messages))], terminal);
  codes.push(...done.map(({ code }) => code));
  if (inputs.alone.some(({ status }) => status === 'removed' || args.from === undefined))
    codes.push(exitCodes.mismatch);
  const display: DiffDisplay = { ...args, models: args.model?.values.join(',') ?? null };
  if (inputs.logs !== null) codes.push(printLogs(inputs, done, display, terminal));
  else printTests(inputs, done, setup, display, terminal);
  if (interrupt === null) return worstExit(codes);
  const open = jobs.length - done.length;
  if (open > 0) terminal.err(interruptText(interrupt, open, jobs.length, 'tests'));
  return exitOfInterrupt(interrupt);
}
