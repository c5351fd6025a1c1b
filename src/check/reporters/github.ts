/**
 * GitHub's workflow commands: what a step prints in this form is shown at the line of a pull request.
 *
 * Escapes and fields as @actions/core writes them. GitHub shows the first ten errors and ten warnings of a step; the log has all.
 */
import type { Finding, Place, Reporter } from '../check-report.js';
import { messageText } from './finding-text.js';
import { openText, ownPlace } from './reporter-setup.js';
import { visibleLine } from './visible-text.js';

function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function command(name: string, properties: Readonly<Record<string, string | number>>, text: string): string {
  const fields = Object.entries(properties)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
  return `::${name}${fields.length === 0 ? '' : ` ${fields.join(',')}`}::${escapedData(text)}\n`;
}

/** Columns are for places within one line. */
function lines({ line, column, endLine, endColumn }: Place): Readonly<Record<string, number>> {
  if (line !== endLine) return { line, endLine };
  return { line, endLine, col: column, endColumn: Math.max(column, endColumn - 1) };
}

function annotation(finding: Finding, file: string | null, title: string, place: Place | null): string {
  return command(
    finding.severity,
    {
      title: visibleLine(title),
      ...(file === null ? {} : { file: visibleLine(file) }),
      ...(place === null ? {} : lines(place)),
    },
    messageText(finding, place),
  );
}

export function githubReporter(): Reporter {
  return {
    begin: () => '',
    test: (check) =>
      check.findings
        .map((finding) =>
          annotation(finding, check.file, `fencepost: ${check.test ?? check.file}`, ownPlace(check, finding)),
        )
        .join(''),
    end(summary) {
      const open = openText(summary);
      const others = summary.findings.map((finding) =>
        annotation({ ...finding, by: null }, finding.place?.file ?? null, 'fencepost', finding.place),
      );
      return others.join('') + (open === null ? '' : command('error', { title: 'fencepost' }, open));
    },
  };
}
