/** The JSON reports of `fencepost check` of all shards, as the reports that one machine would have written. */

import type { CheckSummary, TestCheck } from '../check/check-report.js';
import { mergeChecks } from '../check/merge-checks.js';
import { readCheckReport } from '../check/read-check-report.js';
import { isCheckReport } from '../check/reporters/json.js';
import type { RunPart } from '../check/reporters/reporter-setup.js';
import { type Checked, checked, errorAt } from '../text/diagnostic.js';
import { CheckOutput, chooseReporters } from './check-output.js';
import { printDiagnostics } from './diagnostics-output.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { readShard } from './shard.js';
import { type JsonDocument, missingFiles, mistakesOf, refuse, type ShardIdentity } from './shard-reports.js';
import type { Terminal } from './terminal.js';

interface CheckShard extends ShardIdentity, RunPartOfTests {
  readonly files: number;
  readonly exitCode: ExitCode;
}

interface RunPartOfTests extends Pick<RunPart, 'positions'> {
  readonly tests: readonly TestCheck[];
  readonly summary: CheckSummary;
}

const HOW = 'write it by `fencepost check --shard I/N --reporter json=FILE`';

function readShardReport({ name, data }: JsonDocument): Checked<CheckShard> {
  if (!isCheckReport(data)) return refuse(name, 'not the report of a check, which others are', HOW);
  const report = readCheckReport(data);
  if (typeof report === 'string') return refuse(name, `not the report of a check: ${report}`, HOW);
  const { part, tests, summary } = report;
  if (part === null) return refuse(name, 'a report of a whole check, not of a shard', HOW);
  const shard = readShard(part.shard);
  const exitCode = Object.values(exitCodes).find((code) => code === summary.exitCode);
  if (shard === null || exitCode === undefined) return refuse(name, 'not the report of a shard', HOW);
  const { open } = summary;
  if (open > 0)
    return refuse(
      name,
      `the check of shard ${part.shard} was interrupted: ${open} tests are open`,
      'run it again',
    );
  const { positions, files, run } = part;
  if (tests.length !== positions.length)
    return refuse(name, `shard ${part.shard} has ${positions.length} files, and ${tests.length} tests`);
  return checked({ name, shard, run, files, exitCode, positions, tests, summary }, []);
}

export async function mergeCheckReports(
  documents: readonly JsonDocument[],
  reporters: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const choices = chooseReporters(reporters, {});
  const read = documents.map(readShardReport);
  const broken = read.flatMap(({ diagnostics }) => diagnostics);
  if (broken.length > 0) return printDiagnostics(broken, terminal);
  const shards = read.flatMap(({ value }) => (value === null ? [] : [value]));
  const mistakes = mistakesOf(shards);
  const versions = [...new Set(shards.map(({ summary }) => summary.version))];
  if (versions.length > 1)
    mistakes.push(
      errorAt(
        null,
        'different-versions',
        `the reports are of different versions of fencepost: ${versions.join(', ')}`,
      ),
    );
  if (mistakes.length > 0) return printDiagnostics(mistakes, terminal);
  const missing = missingFiles(
    shards[0]?.files ?? 0,
    shards.flatMap(({ positions }) => positions),
  );
  if (missing.length > 0) return printDiagnostics(missing, terminal);
  const exitCode = worstExit(shards.map((shard) => shard.exitCode));
  const { tests, summary } = mergeChecks(shards, exitCode);
  const output = await CheckOutput.open(choices, null, terminal, () => {});
  output.begin(tests.length);
  for (const test of tests) output.add(test);
  return worstExit([exitCode, printDiagnostics(output.finish(summary), terminal)]);
}
