/** The report for people, on a terminal or in a log: only what is different, and a line at the end that sums up. */
import type { Palette } from '../../text/render.js';
import type { CheckSummary, Reporter } from '../check-report.js';
import { findingText, otherFindingText } from './finding-text.js';
import { openText, type ReporterSetup, summaryText, totalOf, unaskedText } from './reporter-setup.js';

const NOTHING_EXPECTED =
  "write ` * Result: Never` into a test's comment, or record all outcomes: `fencepost baseline`";

function lastLines(summary: CheckSummary, palette: Palette): string {
  const { counts, notJudged = 0, exitCode } = summary;
  const paint = exitCode === 0 ? palette.strong : palette.error;
  const open = openText(summary);
  const unasked = unaskedText(summary);
  const idle = counts['nothing-expected'] - notJudged;
  const isIdle = idle > 0 && counts['nothing-expected'] === totalOf(summary) && unasked === null;
  return [
    paint(summaryText(summary)),
    ...(unasked === null ? [] : [unasked]),
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
