/** What a run tells its caller. Listed in README.md and in `--help`. */

export const exitCodes = {
  /** All as expected, or nothing expected. */
  ok: 0,
  /** A verdict, or a data race, differs from what the test expects. */
  mismatch: 1,
  /** Bad input: a file, an option, a model's name. */
  input: 2,
  /** A limit was hit: the result is incomplete. */
  limit: 3,
  /** Our own bug. */
  internal: 70,
  /** Ctrl-C: what was done is printed. */
  interrupted: 130,
  /** SIGTERM: likewise. */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const bySeverity: readonly ExitCode[] = [143, 130, 70, 2, 1, 3, 0];

/** The worst of several: an end from outside, a bug, bad input, a mismatch, a limit. */
export function worstExit(codes: Iterable<ExitCode>): ExitCode {
  const all = new Set(codes);
  return bySeverity.find((code) => all.has(code)) ?? exitCodes.ok;
}

export const exitCodeHelp = [
  'Exit codes:',
  '  0   all as expected, or nothing expected',
  "  1   a verdict, or a data race, differs from the test's own `Result:` line",
  '  2   bad input: a file, an option, a name',
  '  3   a limit was hit (unroll bound, time, memory): the result is incomplete',
  '  70  internal error',
  '  130 interrupted (143: terminated); what was done is printed',
].join('\n');
