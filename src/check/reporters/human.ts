/**
 * The report for people, on a terminal or in a log: only what is different, each finding complete in itself, and one line at the end.
 *
 * A finding begins with `file:line:column`, as compilers write it, so that editors and logs make a link of it.
 */
import type { Palette } from '../../text/render.js';
import type { CheckSummary, Finding, Place, Reporter, TestCheck } from '../check-report.js';
import {
  expecterText,
  openText,
  ownPlace,
  placeText,
  type ReporterSetup,
  summaryText,
  totalOf,
} from './reporter-setup.js';
import { visibleLine, visibleText } from './visible-text.js';

const INDENT = '  ';

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : INDENT + line))
    .join('\n');
}

function head(subject: string | null, { severity, message }: Finding, palette: Palette): string {
  const paint = severity === 'error' ? palette.error : palette.warning;
  const said = `${paint(severity)}: ${palette.strong(visibleLine(message))}`;
  return subject === null ? said : `${subject}: ${said}`;
}

function details(finding: Finding, own: Place | null, palette: Palette): string[] {
  const { picture, hint } = finding;
  const expecter = expecterText(finding, own);
  return [
    ...(expecter === null ? [] : [`${INDENT}${expecter}`]),
    ...(picture === null ? [] : ['', indented(visibleText(picture).trimEnd()), '']),
    ...(hint === null ? [] : [`${INDENT}${palette.note('hint')}: ${visibleLine(hint)}`]),
  ];
}

function paragraph(lines: readonly string[]): string {
  return `${lines.join('\n').trimEnd()}\n\n`;
}

function testFinding(check: TestCheck, finding: Finding, palette: Palette): string {
  const own = ownPlace(check, finding);
  const subject = own === null ? visibleLine(check.file) : placeText(own);
  return paragraph([head(subject, finding, palette), ...details(finding, own, palette)]);
}

function otherFinding(finding: Finding, palette: Palette): string {
  const { place } = finding;
  const subject = place === null ? null : placeText(place);
  return paragraph([head(subject, finding, palette), ...details({ ...finding, by: null }, place, palette)]);
}

const NOTHING_EXPECTED =
  "write ` * Result: Never` into a test's comment, or record all outcomes: `fencepost baseline`";

function lastLines(summary: CheckSummary, palette: Palette): string {
  const { counts, exitCode } = summary;
  const paint = exitCode === 0 ? palette.strong : palette.error;
  const open = openText(summary);
  const isIdle = totalOf(summary) > 0 && counts['nothing-expected'] === totalOf(summary);
  return [
    paint(summaryText(summary)),
    ...(isIdle ? [`${INDENT}${palette.note('hint')}: ${NOTHING_EXPECTED}`] : []),
    ...(open === null ? [] : [palette.error(open)]),
    '',
  ].join('\n');
}

export function humanReporter({ palette }: ReporterSetup): Reporter {
  return {
    begin: () => '',
    test: (check) => check.findings.map((finding) => testFinding(check, finding, palette)).join(''),
    end: (summary) =>
      summary.findings.map((finding) => otherFinding(finding, palette)).join('') +
      lastLines(summary, palette),
  };
}
