/**
 * A test that was renamed or moved, beside its record under the old name: the baseline has an entry of a file that is gone, and the test
 * has none, and ends as that entry has it. Whether it is the same test nobody knows; of what is expected of it, it makes no
 * difference.
 */
import type { OutcomeSet } from '../compare/outcomes.js';
import { outcomesOf } from '../compare/outcomes.js';
import { type FileReport, isRun } from '../verdict/report.js';
import { entryText, keptOutcomes } from './baseline.js';
import { linePlace } from './check-outcomes.js';
import type { Finding, TestCheck } from './check-report.js';
import { type CheckOptions, checkTest, statusOf } from './check-test.js';
import type { FileExpectations, LostEntry } from './expected.js';

/** More are too many to send along with every test. */
const MOST_CANDIDATES = 50;

function lastName(file: string): string {
  return file.replace(/^.*[/\\]/, '');
}

/** Those that a new test may have moved from: of the same name in another folder; without one, all. */
export function candidatesFor(file: string, lost: readonly LostEntry[]): readonly LostEntry[] {
  const namesakes = lost.filter((each) => lastName(each.file) === lastName(file));
  return (namesakes.length > 0 ? namesakes : lost).slice(0, MOST_CANDIDATES);
}

function modelsText(outcomes: readonly OutcomeSet[]): string {
  return entryText(
    '',
    [...outcomes].sort((a, b) => (a.model < b.model ? -1 : 1)),
  );
}

/** Whether a test ends under all models that were asked as an entry has it, with something to tell it by. */
function endsAlike(now: readonly OutcomeSet[], before: readonly OutcomeSet[], isNarrowed: boolean): boolean {
  const asked = isNarrowed ? before.filter(({ model }) => now.some((each) => each.model === model)) : before;
  return now.some(({ states }) => states.length > 0) && modelsText(asked) === modelsText(now);
}

/** The first of the candidates that a test may have moved from; null: it is new. */
export function movedFrom(
  outcomes: readonly OutcomeSet[],
  candidates: readonly LostEntry[],
  isNarrowed: boolean,
): LostEntry | null {
  const now = outcomes.map(keptOutcomes);
  return candidates.find(({ entry }) => endsAlike(now, entry.outcomes, isNarrowed)) ?? null;
}

function movedFinding({ file, entry }: LostEntry, baseline: string): Finding {
  return {
    kind: 'no-such-test',
    severity: 'error',
    model: null,
    message: `this test has moved: the baseline has the same outcomes of ${file}, which is not there`,
    expected: null,
    found: null,
    by: 'baseline',
    place: linePlace(baseline, entry.line),
    picture: null,
    hint: 'if that is meant: `fencepost baseline`, which moves the entry, too',
  };
}

/** As `checkTest`; a test without an entry is held against that which it may have moved from. */
export function checkMovable(
  report: FileReport,
  expectations: FileExpectations,
  options: CheckOptions,
): TestCheck {
  const { baseline, baselineFile, lost = [] } = expectations;
  if (report.kind !== 'test' || baseline !== null || baselineFile === null || lost.length === 0)
    return checkTest(report, expectations, options);
  const outcomes = report.models.filter(isRun).map(outcomesOf);
  const moved = movedFrom(outcomes, lost, options.isNarrowed);
  if (moved === null) return checkTest(report, expectations, options);
  const check = checkTest(report, { ...expectations, baseline: moved.entry }, options);
  const findings = [...check.findings, movedFinding(moved, baselineFile)];
  return { ...check, findings, status: statusOf(findings, true) };
}

/** What is about no test, without the entries that some test has moved from: of those, the tests tell. */
export function withoutMoved(findings: readonly Finding[], tests: readonly TestCheck[]): readonly Finding[] {
  const placeText = ({ place }: Finding): string => `${place?.line} ${place?.file}`;
  const isLost = ({ kind, by }: Finding): boolean => kind === 'no-such-test' && by === 'baseline';
  const moved = new Set(tests.flatMap((test) => test.findings.filter(isLost).map(placeText)));
  return findings.filter((finding) => !(isLost(finding) && moved.has(placeText(finding))));
}
