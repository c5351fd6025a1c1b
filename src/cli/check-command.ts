/** `fencepost check`: tests beside what is expected of them; what differs, in the formats that are asked for. */
import type { CheckJob } from './check-file.js';
import { CheckOutput, chooseReporters } from './check-output.js';
import { type CheckArguments, type CheckPlan, planFor } from './check-plan.js';
import { runChecks } from './check-run.js';
import { Tally } from './check-tally.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { createProgress } from './progress.js';
import { type Shard, type ShardHeader, takeShard } from './shard.js';
import type { Terminal } from './terminal.js';

function shardOf(
  plan: CheckPlan,
  shard: Shard | undefined,
): { readonly jobs: readonly CheckJob[]; readonly header: ShardHeader | null } {
  if (shard === undefined) return { jobs: plan.jobs, header: null };
  const { setup, baseline } = plan;
  const paths = plan.jobs.map(({ path }) => path);
  const taken = takeShard(paths, shard, { setup, baseline: baseline?.path ?? null });
  const mine = new Set(taken.paths);
  return { jobs: plan.jobs.filter(({ path }) => mine.has(path)), header: taken.header };
}

export async function checkCommand(
  args: CheckArguments,
  terminal: Terminal,
  worker: URL | null,
): Promise<ExitCode> {
  const choices = chooseReporters(args.reporter, process.env);
  const plan = await planFor(args);
  const code = printDiagnostics(plan.diagnostics, terminal);
  if (plan.value === null) return worstExit([code, exitCodes.input]);
  const { jobs, header } = shardOf(plan.value, args.shard);
  const progress = createProgress(terminal);
  const output = await CheckOutput.open(choices, header, terminal, () => progress.clear(), args.quiet);
  // Said once of all parts.
  const isFirst = args.shard === undefined || args.shard.index === 1;
  const tally = new Tally(jobs.length, isFirst ? plan.value.findings : []);
  output.begin(jobs.length);
  const signal = await runChecks({
    setup: plan.value.setup,
    loaded: plan.value.loaded,
    jobs,
    worker,
    threads: args.jobs,
    progress,
    onResult(result) {
      tally.add(result.check);
      output.add(result.check);
    },
  });
  const summary = tally.summary(signal);
  const failures = output.finish(summary);
  const written = printDiagnostics(failures, terminal);
  return worstExit([code, written, summary.exitCode]);
}
