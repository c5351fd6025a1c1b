/** The report for people, on a terminal or in a log: only what is different, and a line at the end that sums up. */
import type { Palette } from '../../text/render.js';
import type { CheckSummary, Reporter } from '../check-report.js';
import { findingText, otherFindingText } from './finding-text.js';
import { openText, type ReporterSetup, summaryText, totalOf } from './reporter-setup.js';

const NOTHING_EXPECTED =
  "write ` * Result: Never` into a test's comment, or record all outcomes: `fencepost baseline`";

function lastLines(summary: CheckSummary, palette: Palette): string {
  const { counts, exitCode } = summary;
  const paint = exitCode === 0 ? palette.strong : palette.error;
  const open = openText(summary);
  const isIdle = totalOf(summary) > 0 && counts['nothing-expected'] === totalOf(summary);
  return [
    paint(summaryText(summary)),
    ...(isIdle ? [`  ${palette.note('hint')}: ${NOTHING_EXPECTED}`] : []),
    ...(open === null ? [] : [palette.error(open)]),
    '',
  ].join('\n');
}

export function humanReporter({ palette }: ReporterSetup): Reporter {
  return {
    begin: () => '',
    test: (check) => check.findings.map((finding) => `${findingText(check, finding, palette)}\n\n`).join(''),
    end: (summary) =>
      summary.findings.map((finding) => `${otherFindingText(finding, palette)}\n\n`).join('') +
      lastLines(summary, palette),
  };
}
