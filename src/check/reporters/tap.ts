/**
 * TAP version 14 (testanything.org): a line per test, written as soon as it is done, with what was found as YAML below it.
 *
 * The plan stands at the end, for findings about no test are points, too. `# SKIP` is what nobody expects anything of. Strings in YAML
 * are JSON's, which YAML 1.2 reads; pictures are literal blocks, which people can read.
 */
import type { Finding, Place, Reporter } from '../check-report.js';
import { openText } from './reporter-setup.js';
import { visibleLine, visibleText } from './visible-text.js';

/** A brace at the end begins a subtest for node-tap, which knows no escape for it. */
function description(text: string): string {
  return visibleLine(text).replace(/[\\#]/g, '\\$&').replace(/\{$/, '{.');
}

function quoted(text: string | null): string {
  return text === null ? 'null' : JSON.stringify(visibleText(text));
}

function placeYaml({ file, line, column }: Place): string {
  return `{ file: ${quoted(file)}, line: ${line}, column: ${column} }`;
}

/** The number says how much indentation is YAML's: the first line of a picture may begin with spaces of its own. */
function literal(text: string, indent: string): string[] {
  const lines = visibleText(text).trimEnd().split('\n');
  return ['|2', ...lines.map((line) => (line === '' ? '' : `${indent}${line}`))];
}

/** One element of a list, where it stands. */
function findingYaml(finding: Finding): string[] {
  const { kind, severity, model, message, expected, found, by, place, picture, hint } = finding;
  const { models, code, reasons } = finding;
  const lines = [
    `    - kind: ${kind}`,
    `      severity: ${severity}`,
    `      message: ${quoted(message)}`,
    `      model: ${quoted(model)}`,
    ...(models === undefined ? [] : [`      models: [${models.map(quoted).join(', ')}]`]),
    `      expected: ${quoted(expected)}`,
    `      found: ${quoted(found)}`,
    `      by: ${by ?? 'null'}`,
    ...(code === undefined ? [] : [`      code: ${placeYaml(code)}`]),
    ...(reasons === undefined ? [] : [`      reasons: [${reasons.map(quoted).join(', ')}]`]),
    `      at: ${place === null ? 'null' : placeYaml(place)}`,
    `      hint: ${quoted(hint)}`,
  ];
  if (picture === null || visibleText(picture).trim() === '') return lines;
  const [mark, ...drawn] = literal(picture, '        ');
  return [...lines, `      picture: ${mark}`, ...drawn];
}

function block(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const lines = ['  ---', '  findings:', ...findings.flatMap(findingYaml), '  ...'];
  return lines.map((line) => `${line}\n`).join('');
}

export function tapReporter(): Reporter {
  let points = 0;
  const point = (isOk: boolean, text: string, directive: string, findings: readonly Finding[]): string =>
    `${isOk ? 'ok' : 'not ok'} ${++points} - ${description(text)}${directive}\n${block(findings)}`;
  return {
    begin: () => 'TAP version 14\n',
    test({ file, status, findings }) {
      const isIdle = status === 'nothing-expected';
      return point(status === 'same' || isIdle, file, isIdle ? ' # SKIP nothing is expected' : '', findings);
    },
    end(summary) {
      const others = summary.findings.map((finding) =>
        point(finding.severity === 'warning', finding.message, '', [finding]),
      );
      const open = openText(summary);
      return `${others.join('')}${open === null ? `1..${points}` : `Bail out! ${open}`}\n`;
    },
  };
}
