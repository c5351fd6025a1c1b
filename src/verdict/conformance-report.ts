/**
 * The report of `npm run conformance`, for people: how many tests agree, a table by kind of difference, the files.
 *
 *     lkmm: 580 tests, mode count
 *
 *       agree        571
 *       differ         9  (8 as known)
 *
 *                   known    new
 *       refused         0      1
 *       counts          8      0
 *
 * Known differences are listed with their reason and the side that is right, never left out.
 */
import type { Mode } from '../search/execution.js';
import type { JudgedTest, Standing } from './conformance.js';
import { type DifferenceKind, differenceKinds } from './difference.js';
import type { KnownDifference } from './known-differences.js';

export interface JudgedFolder {
  /** The folder's name, without its path. */
  readonly name: string;
  readonly mode: Mode;
  /** The model that judged, or null: that of each test's language. */
  readonly model: string | null;
  /** In the order of the `expected.json`. */
  readonly tests: readonly JudgedTest[];
}

function withStanding(folder: JudgedFolder, standing: Standing): JudgedTest[] {
  return folder.tests.filter((test) => test.standing === standing);
}

/** Whether everything is as the reference says, or as the table of known differences says. */
export function conforms(folder: JudgedFolder): boolean {
  return folder.tests.every((test) => test.standing === 'agrees' || test.standing === 'known');
}

const row = (name: string, ...cells: readonly (number | string)[]): string =>
  `  ${name.padEnd(12)}${cells.map((cell) => String(cell).padStart(7)).join('')}`;

function countKind(tests: readonly JudgedTest[], kind: DifferenceKind): number {
  return tests.filter((test) => test.differences.some((difference) => difference.kind === kind)).length;
}

function kindTable(folder: JudgedFolder): string[] {
  const known = withStanding(folder, 'known');
  const fresh = withStanding(folder, 'new');
  const rows = differenceKinds
    .map((kind) => ({ kind, known: countKind(known, kind), fresh: countKind(fresh, kind) }))
    .filter((line) => line.known + line.fresh > 0)
    .map((line) => row(line.kind, line.known, line.fresh));
  return rows.length === 0 ? [] : ['', row('', 'known', 'new'), ...rows];
}

/** Of tests whose answers were explained: how they came out, how many facts hold, and the time that an explanation takes. */
export function explainedText(tests: readonly JudgedTest[]): string | null {
  const explained = tests.flatMap(({ explained: one }) => (one === undefined ? [] : [one]));
  if (explained.length === 0) return null;
  const kinds = new Map<string, number>();
  for (const { kind } of explained) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const numbers = [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, number]) => `${number} ${kind}`);
  const facts = explained.reduce((sum, one) => sum + one.facts, 0);
  const times = explained.map((one) => one.milliseconds).sort((a, b) => a - b);
  const at = (share: number): string => times[Math.floor((times.length - 1) * share)]!.toFixed(0);
  return [
    `explained: ${numbers.join(', ')}; ${facts} facts hold`,
    `CPU time of an explanation: half within ${at(0.5)} ms, 99 % within ${at(0.99)} ms, all within ${at(1)} ms`,
  ].join('\n  ');
}

/** The refusals by their reasons, without places and names; the commonest first. */
function refusals(tests: readonly JudgedTest[]): string[] {
  const numbers = new Map<string, number>();
  for (const { differences } of tests)
    for (const { kind, detail } of differences) {
      if (kind !== 'refused') continue;
      const reason = detail.replace(/^\d+:\d+: /, '');
      numbers.set(reason, (numbers.get(reason) ?? 0) + 1);
    }
  if (numbers.size === 0) return [];
  const sorted = [...numbers].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return ['', '  refused:', ...sorted.map(([reason, n]) => `  ${String(n).padStart(5)}  ${reason}`)];
}

function newDifferences(folder: JudgedFolder): string[] {
  const tests = withStanding(folder, 'new');
  if (tests.length === 0) return [];
  const lines = tests.flatMap(({ file, differences, known }) => [
    `    ${file}${known === null ? '' : ' (not as known)'}`,
    ...differences.map(({ kind, detail }) => `      ${kind}: ${detail}`),
  ]);
  return ['', '  new differences:', ...lines];
}

const sides: Readonly<Record<KnownDifference['right'], string>> = {
  fencepost: 'fencepost is right',
  reference: 'the reference is right',
  unknown: 'which is right is not known',
  scope: 'out of scope',
};

function knownRows(folder: JudgedFolder): string[] {
  const byRow = new Map<KnownDifference, JudgedTest[]>();
  for (const test of withStanding(folder, 'known')) {
    if (test.known === null) continue;
    byRow.set(test.known, [...(byRow.get(test.known) ?? []), test]);
  }
  return [...byRow].flatMap(([known, tests]) => [
    '',
    `  known, ${sides[known.right]}: ${known.reason}`,
    ...tests.map(({ file, differences }) => `    ${file}: ${differences.map((d) => d.kind).join(', ')}`),
  ]);
}

function staleRows(folder: JudgedFolder): string[] {
  const tests = withStanding(folder, 'stale');
  if (tests.length === 0) return [];
  const lines = tests.map(({ file }) => `    ${file}`);
  return ['', '  agree by now, and have a row in the table of known differences:', ...lines];
}

/** The tests that took longest, if any took long enough to matter. */
function slowest(folder: JudgedFolder): string[] {
  const slow = folder.tests.filter((test) => test.seconds >= 1).sort((a, b) => b.seconds - a.seconds);
  const shown = slow.slice(0, 10);
  if (shown.length === 0) return [];
  const lines = shown.map(({ file, seconds }) => `  ${seconds.toFixed(1).padStart(7)}  ${file}`);
  return ['', `  a second or more: ${slow.length}; the slowest:`, ...lines];
}

/** The whole report of a folder, ending in a line break. */
export function renderConformance(folder: JudgedFolder): string {
  const { name, mode, model, tests } = folder;
  const agree = withStanding(folder, 'agrees').length + withStanding(folder, 'stale').length;
  const known = withStanding(folder, 'known').length;
  const remark = known === 0 ? '' : `  (${known} as known)`;
  return [
    `${name}: ${tests.length} tests, mode ${mode}${model === null ? '' : `, model ${model}`}`,
    '',
    row('agree', agree),
    `${row('differ', tests.length - agree)}${remark}`,
    ...kindTable(folder),
    ...refusals(withStanding(folder, 'new')),
    ...newDifferences(folder),
    ...knownRows(folder),
    ...staleRows(folder),
    ...slowest(folder),
    '',
  ].join('\n');
}

/** The same as data. */
export function conformanceJson(folder: JudgedFolder): object {
  const { name, mode, model, tests } = folder;
  const files = tests.map(({ file, standing, differences, known, seconds }) => ({
    file,
    standing,
    differences,
    ...(known === null ? {} : { right: known.right, reason: known.reason }),
    seconds: Number(seconds.toFixed(4)),
  }));
  return { folder: name, mode, model, files };
}
