/** `npm run conformance`: folders of tests against what a reference tool said of them. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deadline, now } from '../io/clock.js';
import { hardLimit } from '../io/hard-limit.js';
import { loadModels, type ModelRequest } from '../io/load-models.js';
import { type ExpectedFolder, readExpectedFolders } from '../io/read-expected.js';
import { runInWorkers } from '../io/worker-pool.js';
import { writeText } from '../io/write-file.js';
import type { Mode } from '../search/execution.js';
import { type ComparedTest, judgeTest } from '../verdict/conformance.js';
import {
  conformanceJson,
  conforms,
  explainedText,
  type JudgedFolder,
  renderConformance,
} from '../verdict/conformance-report.js';
import { judgeName } from '../verdict/judge.js';
import { type ConformanceJob, type ConformanceSetup, conformanceRunner, lostJob } from './conformance-job.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { OptionError } from './options.js';
import { createProgress } from './progress.js';
import type { Terminal } from './terminal.js';

export const conformanceHelp = `npm run conformance -- DIR... [options]

Runs the tests of a folder with an expected.json, or of the folders below DIR that have one, and compares
the answers with it: whether the test is understood, final states, observation, numbers of executions, flags.

  --mode MODE       count: everything; outcomes: all but the numbers; verdict: the observation alone (count)
  --model MODEL     the model that judges: a name or a .cat file (that of each test's language)
  --conf FILE       herd's configuration file: model, bell and macro files
  --bell, --macros, --variant, -I, --compile-to: as those of \`fencepost run\`
  --timeout SECONDS for each test (none)
  --explain         also explain each answer, as \`fencepost explain\` does, and audit the explanation
  --filter TEXT     only the tests whose file name contains TEXT
  --threads N       worker threads (one for each core)
  --json FILE       also write the comparison as JSON

Exit codes:
  0   everything agrees, or differs as the table of known differences says
  1   a difference that the table does not have, or a row of the table without a difference
  2   bad input: an option, a folder without expected.json
  3   a limit was hit, and nothing differs otherwise
  70  internal error
`;

interface Arguments {
  readonly folders: readonly string[];
  readonly setup: ConformanceSetup;
  readonly filter: string;
  readonly threads: number;
  readonly json: string | null;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new OptionError(`--${name} must be a positive number, not ${JSON.stringify(text)}`);
}

const modes = ['count', 'outcomes', 'verdict'] as const;

function readMode(text: string): Mode {
  const mode = modes.find((known) => known === text);
  if (mode === undefined) throw new OptionError(`--mode must be one of ${modes.join(', ')}`);
  return mode;
}

const options = {
  mode: { type: 'string', default: 'count' },
  model: { type: 'string' },
  conf: { type: 'string' },
  bell: { type: 'string' },
  macros: { type: 'string' },
  include: { type: 'string', short: 'I', multiple: true },
  variant: { type: 'string', multiple: true },
  'compile-to': { type: 'string' },
  timeout: { type: 'string' },
  explain: { type: 'boolean', default: false },
  filter: { type: 'string', default: '' },
  threads: { type: 'string' },
  json: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** The command line, or null if help is what is asked for. Throws OptionError. */
function readArguments(args: readonly string[]): Arguments | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  if (positionals.length === 0) throw new OptionError('a folder is missing');
  const timeout = values.timeout === undefined ? null : positive('timeout', values.timeout);
  return {
    folders: positionals,
    setup: { mode: readMode(values.mode), request: readRequest(values), timeout, explain: values.explain },
    filter: values.filter,
    threads:
      values.threads === undefined ? availableParallelism() : Math.ceil(positive('threads', values.threads)),
    json: values.json ?? null,
  };
}

function readRequest(values: ReturnType<typeof parse>['values']): ModelRequest {
  const target = values['compile-to'] ?? null;
  if (target !== null && target !== 'arm64' && target !== 'x86')
    throw new OptionError('--compile-to must be arm64 or x86');
  return {
    model: values.model ?? null,
    conf: values.conf ?? null,
    bell: values.bell ?? null,
    macros: values.macros ?? null,
    includes: values.include ?? [],
    variants: values.variant ?? [],
    compileTo: target,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

async function runJobs(
  jobs: readonly ConformanceJob[],
  { setup, threads }: Arguments,
  worker: URL | null,
  onResult: (done: number) => void,
): Promise<ComparedTest[]> {
  // One core gains nothing from threads.
  if (worker !== null && threads > 1 && jobs.length > 1)
    return runInWorkers({
      script: worker,
      threads,
      setup,
      jobs,
      seconds: hardLimit(setup.timeout),
      lost: (job, loss) => ({ result: lostJob(job, loss) }),
      onDone: onResult,
    });
  const results: ComparedTest[] = [];
  const run = conformanceRunner(setup);
  for (const job of jobs) {
    results.push(await run(job));
    onResult(results.length);
  }
  return results;
}

function jobsOf(folder: ExpectedFolder, filter: string): ConformanceJob[] {
  return [...folder.results]
    .filter(([file]) => file.includes(filter))
    .map(([file, expected]) => ({ path: join(folder.path, file), file, expected }));
}

async function runFolder(
  folder: ExpectedFolder,
  args: Arguments,
  model: string | null,
  worker: URL | null,
  terminal: Terminal,
): Promise<JudgedFolder | null> {
  const jobs = jobsOf(folder, args.filter);
  if (jobs.length === 0) return null;
  const progress = createProgress(terminal);
  const start = now();
  const cpuBefore = process.cpuUsage();
  const compared = await runJobs(jobs, args, worker, (done) =>
    progress.show(`${folder.name}: ${done} of ${jobs.length}`),
  );
  progress.clear();
  const { mode } = args.setup;
  const tests = compared.map((test) => judgeTest(folder.name, test, mode));
  const judged: JudgedFolder = { name: folder.name, mode, model, tests };
  terminal.out(renderConformance(judged));
  const explained = explainedText(tests);
  if (explained !== null) terminal.out(`\n  ${explained}\n`);
  const cpu = process.cpuUsage(cpuBefore);
  const wall = (now() - start) / 1000;
  terminal.out(`\n  ${wall.toFixed(1)} s, ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of CPU\n\n`);
  return judged;
}

/** Whether limits are all that keeps a folder from conforming. */
function exitOf(folder: JudgedFolder): ExitCode {
  if (conforms(folder)) return exitCodes.ok;
  const failing = folder.tests.filter(({ standing }) => standing === 'new' || standing === 'stale');
  const onlyLimits = failing.every(
    (test) => test.standing === 'new' && test.differences.every((d) => d.kind === 'unfinished'),
  );
  return onlyLimits ? exitCodes.limit : exitCodes.mismatch;
}

async function compareFolders(args: Arguments, worker: URL | null, terminal: Terminal): Promise<ExitCode> {
  const loaded = loadModels(args.setup.request, deadline(args.setup.timeout));
  const said = printDiagnostics(loaded.diagnostics, terminal);
  if (loaded.value === null) return said;
  const [judge = null, ...others] = loaded.value.models ?? [];
  if (others.length > 0) throw new OptionError('--model takes one model');
  const read = await readExpectedFolders(args.folders);
  if (read.value === null) return printDiagnostics(read.diagnostics, terminal);
  const judged: JudgedFolder[] = [];
  for (const folder of read.value) {
    const result = await runFolder(folder, args, judge === null ? null : judgeName(judge), worker, terminal);
    if (result !== null) judged.push(result);
  }
  if (judged.length === 0) {
    terminal.err(`error: no test's file name contains ${JSON.stringify(args.filter)}\n`);
    return exitCodes.input;
  }
  const codes = judged.map(exitOf);
  if (args.json !== null) {
    const failure = await writeText(args.json, `${JSON.stringify(judged.map(conformanceJson), null, 2)}\n`);
    if (failure !== null) codes.push(printDiagnostics([failure], terminal));
  }
  return worstExit(codes);
}

/** `worker`: the script of the worker threads (conformance-worker.ts, bundled); null: all in this thread. */
export async function conformanceCommand(
  args: readonly string[],
  worker: URL | null,
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    const read = readArguments(args);
    if (read !== null) return await compareFolders(read, worker, terminal);
    terminal.out(conformanceHelp);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    terminal.err(`error: ${error.message}\n  hint: see \`npm run conformance -- --help\`\n`);
    return exitCodes.input;
  }
}
