/**
 * A finding as a paragraph for people, complete in itself.
 *
 * It begins with `file:line:column`, as compilers write it, so that editors and logs make a link of it; then what is different, who
 * expects otherwise, why it is so, the new execution, and what to do.
 */
import { type Palette, plainPalette } from '../../text/render.js';
import type { Finding, Place, TestCheck } from '../check-report.js';
import { expecterText, ownPlace, placeText } from './reporter-setup.js';
import { visibleLine, visibleText } from './visible-text.js';

const INDENT = '  ';

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : INDENT + line))
    .join('\n');
}

function details(finding: Finding, own: Place | null, palette: Palette): string[] {
  const { picture, hint, reasons = [] } = finding;
  const expecter = expecterText(finding, own);
  return [
    ...(expecter === null ? [] : [`${INDENT}${expecter}`]),
    ...reasons.map((reason) => `${INDENT}${visibleLine(reason)}`),
    ...(picture === null ? [] : ['', indented(visibleText(picture).trimEnd()), '']),
    ...(hint === null ? [] : [`${INDENT}${palette.note('hint')}: ${visibleLine(hint)}`]),
  ];
}

function textOf(subject: string | null, finding: Finding, own: Place | null, palette: Palette): string {
  const { severity, message } = finding;
  const paint = severity === 'error' ? palette.error : palette.warning;
  const said = `${paint(severity)}: ${palette.strong(visibleLine(message))}`;
  const head = subject === null ? said : `${subject}: ${said}`;
  return [head, ...details(finding, own, palette)].join('\n').trimEnd();
}

/** Of a test: several lines, the last without a line break. */
export function findingText(check: TestCheck, finding: Finding, palette: Palette = plainPalette): string {
  const own = ownPlace(check, finding);
  return textOf(own === null ? visibleLine(check.file) : placeText(own), finding, own, palette);
}

/** Of no test that was run. */
export function otherFindingText(finding: Finding, palette: Palette = plainPalette): string {
  const { place } = finding;
  return textOf(place === null ? null : placeText(place), { ...finding, by: null }, place, palette);
}

/** What `findingText` says without the place and the severity, for formats that have a place for them. */
export function messageText(finding: Finding, own: Place | null): string {
  return [visibleLine(finding.message), ...details(finding, own, plainPalette)].join('\n').trimEnd();
}
