/** Counts what a check found, for its last line and its exit code. */
import {
  type CheckStatus,
  type CheckSummary,
  type Finding,
  noTests,
  type TestCheck,
} from '../check/check-report.js';
import { withoutMoved } from '../check/moved-test.js';
import { LeftAside, unaskedSummary, withoutUnasked } from '../check/unasked.js';
import { now } from '../io/clock.js';
import type { StopSignal } from '../io/signals.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import { version } from './version.js';

const statusExit: Readonly<Record<CheckStatus, ExitCode>> = {
  same: exitCodes.ok,
  'nothing-expected': exitCodes.ok,
  different: exitCodes.mismatch,
  limit: exitCodes.limit,
  input: exitCodes.input,
  internal: exitCodes.internal,
};

/** A mistake of the project file is bad input; what only the baseline knows is a difference. */
function findingExit({ severity, by }: Finding): ExitCode {
  if (severity === 'warning') return exitCodes.ok;
  return by === 'project' ? exitCodes.input : exitCodes.mismatch;
}

export class Tally {
  private readonly counts = noTests();
  private readonly codes = new Set<ExitCode>();
  private readonly tests: TestCheck[] = [];
  /** By model, how many tests have comments about it that nobody asks. */
  private readonly unasked = new Map<string, number>();
  private readonly leftAside = new LeftAside();
  private readonly start = now();

  constructor(
    private open: number,
    private readonly findings: readonly Finding[],
  ) {}

  /** The check as it is reported: without what the last lines say once of all. */
  add(found: TestCheck): TestCheck {
    const { check: test, models } = withoutUnasked(found);
    for (const model of models) this.unasked.set(model, (this.unasked.get(model) ?? 0) + 1);
    this.leftAside.add(test);
    const { status } = test;
    this.open--;
    if (test.findings.length > 0) this.tests.push(test);
    this.counts[status]++;
    this.codes.add(statusExit[status]);
    return test;
  }

  summary(signal: StopSignal | null): CheckSummary & { readonly exitCode: ExitCode } {
    const interrupted = signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
    const unasked = [...this.unasked].sort().map(([model, tests]) => unaskedSummary(model, tests));
    const findings = [...withoutMoved(this.findings, this.tests), ...unasked];
    for (const finding of findings) this.codes.add(findingExit(finding));
    return {
      counts: this.counts,
      ...this.leftAside.summary(),
      findings,
      open: this.open,
      seconds: (now() - this.start) / 1000,
      exitCode: signal === null ? worstExit(this.codes) : interrupted,
      version,
    };
  }
}
