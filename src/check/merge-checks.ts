/** The checks of all shards of a run, as the one check of the run. */
import type { CheckStatus, CheckSummary, Finding, TestCheck } from './check-report.js';
import { withoutMoved } from './moved-test.js';
import { leftAside } from './unasked.js';

/** One shard's report: its tests in the order of its files. */
export interface ShardOfChecks {
  /** Of its tests, the position of each in the whole run. */
  readonly positions: readonly number[];
  readonly tests: readonly TestCheck[];
  readonly summary: CheckSummary;
}

export interface MergedChecks {
  readonly tests: readonly TestCheck[];
  readonly summary: CheckSummary;
}

const statuses: readonly CheckStatus[] = [
  'same',
  'nothing-expected',
  'different',
  'limit',
  'input',
  'internal',
];

/** What is about no test, every shard says: once is enough. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

/**
 * Requires that the shards are those of one run, each of them once (cli/merge-command.ts sees to it), and `exitCode` to be the worst
 * of theirs. The time is that of all machines together.
 */
export function mergeChecks(shards: readonly ShardOfChecks[], exitCode: number): MergedChecks {
  const byPosition = new Map(
    shards.flatMap(({ positions, tests }) => positions.map((position, i) => [position, tests[i]!] as const)),
  );
  const tests = [...byPosition].sort(([a], [b]) => a - b).map(([, test]) => test);
  const sum = (of: (summary: CheckSummary) => number): number =>
    shards.reduce((total, { summary }) => total + of(summary), 0);
  const counts = Object.fromEntries(statuses.map((status) => [status, sum((each) => each.counts[status])]));
  return {
    tests,
    summary: {
      counts: counts as CheckSummary['counts'],
      ...leftAside(tests),
      findings: withoutMoved(distinct(shards.flatMap(({ summary }) => summary.findings)), tests),
      open: sum(({ open }) => open),
      seconds: sum(({ seconds }) => seconds),
      exitCode,
      version: shards[0]?.summary.version ?? '',
    },
  };
}
