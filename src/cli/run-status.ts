/** What the files of a run come to, for the line at its end: in the words of `fencepost check`, of what tests' own comments expect. */
import { type CheckStatus, noTests } from '../check/check-report.js';
import { summaryText } from '../check/reporters/reporter-setup.js';
import { mismatch } from '../verdict/expectation.js';
import type { FileReport, ModelReport, TestReport } from '../verdict/report.js';

/** From what is to be told first. */
const order = ['internal', 'input', 'different', 'limit', 'same', 'nothing-expected'] as const;

function statusOfModel(report: ModelReport, { expectations }: TestReport): CheckStatus {
  if (report.kind === 'failure') return report.excused ? 'nothing-expected' : 'input';
  if (report.kind === 'unfinished') return 'limit';
  const expected = expectations.get(report.model);
  if (mismatch(report, expected) !== null) return 'different';
  // A limit that only leaves states open has not kept the verdict from being known.
  if (report.verdict === 'Unknown') return 'limit';
  return expected === undefined ? 'nothing-expected' : 'same';
}

export function statusOf(report: FileReport): CheckStatus {
  if (report.kind === 'input-failure') return 'input';
  const found = new Set(report.models.map((model) => statusOfModel(model, report)));
  return order.find((status) => found.has(status)) ?? 'nothing-expected';
}

export class StatusCounts {
  private readonly counts = noTests();

  add(status: CheckStatus): void {
    this.counts[status]++;
  }

  /** `10 tests: 8 as expected, 1 different, 1 with nothing expected of them`. */
  get text(): string {
    return summaryText({ counts: this.counts });
  }
}
