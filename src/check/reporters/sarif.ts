/**
 * SARIF 2.1.0 (OASIS), for GitHub's code scanning and other viewers of static analysis.
 *
 * A finding about a test is a result at the test, with the place of a foreign expectation as a related location. One about no test has
 * no place that code scanning could show: it is a notification of the tool, as limits of time and interrupts are. Paths are relative
 * to the folder of the run (%SRCROOT%), which is to be the repository's. The fingerprint does not depend on lines, so that a finding
 * stays the same one when text above it changes.
 */
import type { Log, Notification, PhysicalLocation, Region, Result } from 'sarif';
import { contentHash } from '../../verdict/content-hash.js';
import type { CheckSummary, Finding, Place, Reporter, TestCheck } from '../check-report.js';
import { messageText, otherFindingText } from './finding-text.js';
import { openText, ownPlace } from './reporter-setup.js';
import { sarifRules } from './sarif-rules.js';
import { visibleLine } from './visible-text.js';

const ROOT = '%SRCROOT%';

function artifact(file: string): PhysicalLocation['artifactLocation'] {
  // The file's name as a URI: also `:` and `?`, which encodeURI leaves.
  const uri = visibleLine(file).split('/').map(encodeURIComponent).join('/');
  const isAbsolute = uri.startsWith('/');
  if (isAbsolute) return { uri: `file://${uri.replace(/^\/+/, '/')}` };
  return { uri: uri === '' ? '.' : uri, uriBaseId: ROOT };
}

function region({ line, column, endLine, endColumn }: Place): Region {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** Code scanning wants a line of every result. */
const wholeFile: Region = { startLine: 1 };

function fingerprint({ file, test }: TestCheck, finding: Finding): string {
  const { kind, model, expected, found, message } = finding;
  const what = expected === null && found === null ? message : null;
  return contentHash(JSON.stringify([kind, file, test, model, expected, found, what]));
}

function resultOf(check: TestCheck, finding: Finding): Result {
  const own = ownPlace(check, finding);
  const { kind, severity, place } = finding;
  const related = own === place ? null : place;
  return {
    ruleId: kind,
    ruleIndex: sarifRules.findIndex(({ id }) => id === kind),
    level: severity,
    message: { text: messageText(finding, own) || kind },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(check.file),
          region: own === null ? wholeFile : region(own),
        },
      },
    ],
    ...(related === null
      ? {}
      : {
          relatedLocations: [
            {
              id: 1,
              physicalLocation: { artifactLocation: artifact(related.file), region: region(related) },
              message: { text: 'expected here' },
            },
          ],
        }),
    partialFingerprints: { 'fencepostFinding/v1': fingerprint(check, finding) },
  };
}

function notifications(summary: CheckSummary): Notification[] {
  const open = openText(summary);
  const others = summary.findings.map((finding): Notification => {
    const { place } = finding;
    return {
      level: finding.severity,
      message: { text: otherFindingText(finding) },
      associatedRule: { id: finding.kind },
      ...(place === null
        ? {}
        : {
            locations: [
              { physicalLocation: { artifactLocation: artifact(place.file), region: region(place) } },
            ],
          }),
    };
  });
  return open === null ? others : [...others, { level: 'error', message: { text: open } }];
}

/** 0, 1 and 3 are answers; the others mean that the run itself went wrong, or ended early. */
const answers: readonly number[] = [0, 1, 3];

function logOf(results: Result[], summary: CheckSummary): Log {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'fencepost',
            version: summary.version,
            rules: sarifRules.map((rule) => ({
              id: rule.id,
              name: rule.name,
              shortDescription: { text: rule.summary },
              fullDescription: { text: rule.summary },
              help: { text: rule.help },
              defaultConfiguration: { level: 'error' },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [ROOT]: { description: { text: 'The folder that fencepost was run in' } } },
        invocations: [
          {
            executionSuccessful: answers.includes(summary.exitCode) && summary.open === 0,
            exitCode: summary.exitCode,
            toolExecutionNotifications: notifications(summary),
          },
        ],
        results,
      },
    ],
  };
}

export function sarifReporter(): Reporter {
  const results: Result[] = [];
  return {
    begin: () => '',
    test(check) {
      results.push(...check.findings.map((finding) => resultOf(check, finding)));
      return '';
    },
    end: (summary) => `${JSON.stringify(logOf(results, summary), null, 2)}\n`,
  };
}
