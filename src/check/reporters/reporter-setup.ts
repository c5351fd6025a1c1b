/** What a reporter is made from, and what the formats have in common: how a finding, a place and the end of a run read. */
import type { Palette } from '../../text/render.js';
import type { CheckStatus, CheckSummary, Finding, Place, TestCheck } from '../check-report.js';
import { visibleLine } from './visible-text.js';

/** Which part of a run on several machines this is (cli/shard.ts), for the JSON report. */
export interface RunPart {
  /** `2/3`. */
  readonly shard: string;
  /** How many files the whole run has. */
  readonly files: number;
  /** Tells runs apart by their files and options. */
  readonly run: string;
  /** Of this part's files, in its order: the position in the whole run. */
  readonly positions: readonly number[];
}

export interface ReporterSetup {
  /** Of what it is written to. */
  readonly palette: Palette;
  /** Null: a whole run. */
  readonly part: RunPart | null;
}

/** `tests/wake.litmus:9:4`. */
export function placeText({ file, line, column }: Place): string {
  return `${visibleLine(file)}:${line}:${column}`;
}

/** The place of a finding in the test's own file, which is where a change to the test shows: the statement, or who expects otherwise. */
export function ownPlace(check: TestCheck, { code, place }: Finding): Place | null {
  if (code !== undefined && code.file === check.file) return code;
  return place?.file === check.file ? place : null;
}

const expecters = {
  comment: 'expected by a comment',
  project: 'expected by the project file',
  baseline: 'compared with the baseline',
} as const;

/** `compared with the baseline, litmus/baseline.json:15:3`; null where that says nothing new. */
export function expecterText({ by, place }: Finding, own: Place | null): string | null {
  const elsewhere = place !== null && own !== place ? placeText(place) : null;
  if (by === null || (by === 'comment' && elsewhere === null && own !== null))
    return elsewhere === null ? null : `see ${elsewhere}`;
  return elsewhere === null ? expecters[by] : `${expecters[by]}, ${elsewhere}`;
}

const statusWords: readonly (readonly [CheckStatus, string])[] = [
  ['same', 'as expected'],
  ['different', 'different'],
  ['limit', 'undecided within the limits'],
  ['input', 'cannot be read or judged'],
  ['internal', 'stopped by an internal error'],
  ['nothing-expected', 'with nothing expected of them'],
];

export function totalOf({ counts }: Pick<CheckSummary, 'counts'>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** `10 tests: 8 as expected, 1 different, 1 with nothing expected of them`. */
export function summaryText(summary: Pick<CheckSummary, 'counts' | 'notJudged'>): string {
  const total = totalOf(summary);
  const { notJudged = 0 } = summary;
  const parts = statusWords.flatMap(([status, words]) => {
    const count = summary.counts[status] - (status === 'nothing-expected' ? notJudged : 0);
    return count === 0 ? [] : [`${count} ${words}`];
  });
  if (notJudged > 0) parts.push(`${notJudged} that no model judges that is asked`);
  const tests = total === 1 ? '1 test' : `${total} tests`;
  return parts.length === 0 ? tests : `${tests}: ${parts.join(', ')}`;
}

/** `not looked at: what is expected under arm64 (2 tests), x86 (1 test)`; null if there is no such thing. */
export function unaskedText({ unasked = {} }: CheckSummary): string | null {
  const parts = Object.entries(unasked).map(
    ([model, count]) => `${visibleLine(model)} (${count === 1 ? '1 test' : `${count} tests`})`,
  );
  return parts.length === 0 ? null : `not looked at: what is expected under ${parts.join(', ')}`;
}

/** `interrupted: 4 tests are not judged`; null if all are. */
export function openText({ open }: CheckSummary): string | null {
  if (open === 0) return null;
  return `interrupted: ${open === 1 ? '1 test is' : `${open} tests are`} not judged`;
}
