/**
 * `fencepost check`: tests beside what is expected of them; what differs, in the formats that are asked for.
 *
 * Reports for files are written at the end, whole; a journal beside the first of them keeps what is done, for `--resume`.
 */
import type { CheckedFile, CheckJob } from './check-file.js';
import { CheckOutput, chooseReporters, filesOf, refusedFiles } from './check-output.js';
import { type CheckArguments, type CheckPlan, planFor } from './check-plan.js';
import { runChecks } from './check-run.js';
import { Tally } from './check-tally.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { atWorkText } from './interrupt.js';
import { OptionError } from './options.js';
import { createProgress } from './progress.js';
import type { Resumable } from './resumable.js';
import { runName, type Shard, type ShardHeader, takeShard } from './shard.js';
import type { Terminal } from './terminal.js';

async function shardOf(
  plan: CheckPlan,
  shard: Shard | undefined,
): Promise<{ readonly jobs: readonly CheckJob[]; readonly header: ShardHeader | null }> {
  if (shard === undefined) return { jobs: plan.jobs, header: null };
  const { setup, loaded, findings } = plan;
  const { expectationsText } = await import('./check-journal.js');
  const paths = plan.jobs.map(({ path }) => path);
  const expected = plan.jobs.map(({ expectations }) => expectationsText(expectations));
  const run = await runName(paths, loaded, { setup, expected, findings });
  const taken = takeShard(paths, shard, run);
  const mine = new Set(taken.paths);
  return { jobs: plan.jobs.filter(({ path }) => mine.has(path)), header: taken.header };
}

/** Undefined: nothing is written to a file, and nothing is kept. Null: it cannot begin, which was said. */
async function beginFor(
  files: readonly string[],
  { resume }: CheckArguments,
  plan: CheckPlan,
  jobs: readonly CheckJob[],
  terminal: Terminal,
): Promise<Resumable<CheckedFile> | null | undefined> {
  const [output] = files;
  if (output === undefined) return undefined;
  const refused = refusedFiles(files);
  printDiagnostics(refused, terminal);
  if (refused.length > 0) return null;
  const { beginChecks } = await import('./check-journal.js');
  return beginChecks(output, resume, plan, jobs, terminal);
}

export async function checkCommand(
  args: CheckArguments,
  terminal: Terminal,
  worker: URL | null,
): Promise<ExitCode> {
  const choices = chooseReporters(args.reporter, process.env);
  const files = filesOf(choices);
  if (args.resume && files.length === 0)
    throw new OptionError(
      '--resume goes on with a check that writes to a file: give its --reporter NAME=FILE',
    );
  const plan = await planFor(args);
  const code = printDiagnostics(plan.diagnostics, terminal);
  if (plan.value === null) return worstExit([code, exitCodes.input]);
  const { jobs, header } = await shardOf(plan.value, args.shard);
  const resumable = await beginFor(files, args, plan.value, jobs, terminal);
  if (resumable === null) return exitCodes.input;
  const progress = createProgress(terminal);
  const isForRunner = process.env.GITHUB_ACTIONS === 'true' || choices.some(({ name }) => name === 'github');
  const beforeWriting = (): void => progress.clear();
  const output = await CheckOutput.open(choices, header, terminal, beforeWriting, args.quiet, isForRunner);
  // Said once of all parts.
  const isFirst = args.shard === undefined || args.shard.index === 1;
  const tally = new Tally(jobs.length, isFirst ? plan.value.findings : []);
  output.begin(jobs.length);
  const interrupt = await runChecks({
    setup: plan.value.setup,
    loaded: plan.value.loaded,
    jobs,
    worker,
    threads: args.jobs,
    progress,
    ...(resumable === undefined ? {} : { resumable }),
    onResult(result) {
      output.add(tally.add(result.check));
    },
  });
  const summary = tally.summary(interrupt?.signal ?? null);
  const failures = output.finish(summary, interrupt === null);
  const written = printDiagnostics(failures, terminal);
  if (interrupt !== null && jobs.length > 1) terminal.err(atWorkText(interrupt));
  if (interrupt !== null) resumable?.leave(files);
  else if (failures.length > 0) resumable?.close();
  else resumable?.remove();
  return worstExit([code, written, summary.exitCode]);
}
