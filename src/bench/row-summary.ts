/** What the benchmark says below its table: what was measured and what was not, what became of the targets, and what was wrong. */
import { type Row, rowName } from './bench-run.js';
import { secondsText, targetResults } from './row-table.js';
import { JUDGED_SECONDS } from './targets.js';

/** The row of the same family and mode that comes before each. */
function withPrevious(rows: readonly Row[]): readonly (readonly [row: Row, previous: Row | null])[] {
  return rows.map((row, index) => {
    const before = rows[index - 1];
    const same = before !== undefined && before.family === row.family && before.mode === row.mode;
    return [row, same ? before : null];
  });
}

function rowCounts(rows: readonly Row[]): string {
  const counted = (end: Row['end']) => rows.filter((row) => row.end === end).length;
  const [stopped, crashed, skipped] = [counted('stopped'), counted('crashed'), counted('skipped')];
  return [
    `rows: ${counted('complete')} measured to the end`,
    ...(stopped > 0 ? [`${stopped} stopped at the limit`] : []),
    ...(crashed > 0 ? [`${crashed} crashed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped, larger than these`] : []),
  ].join(', ');
}

const GROWTH_MEANING = `growth is met if time grows from the size before at most as states x events³ do, or is below ${JUDGED_SECONDS} s`;

function targetSummary(rows: readonly Row[]): string[] {
  const targets = withPrevious(rows).flatMap(([row, previous]) =>
    targetResults(row, previous).map((result) => ({ ...result, row })),
  );
  if (targets.length === 0) return ['none of these rows has a target'];
  const missed = targets.filter(({ met }) => !met);
  return [
    `targets of these rows: ${targets.length - missed.length} of ${targets.length} met`,
    ...missed.map(({ row, at }) => {
      const time = row.seconds.length === 0 ? row.end : `${secondsText(row)} s (${row.end})`;
      return `  missed: ${rowName(row)}: ${time}, target ${at}`;
    }),
    ...(targets.some(({ kind }) => kind === 'growth') ? [GROWTH_MEANING] : []),
  ];
}

function checkSummary(rows: readonly Row[]): string[] {
  const wrong = rows.filter((row) => row.wrong !== null);
  if (wrong.length > 0) return wrong.map((row) => `  WRONG: ${rowName(row)}: ${row.wrong}`);
  const all = rows.every(({ end }) => end === 'complete');
  if (all) return ['all counts, states and verdicts are as expected'];
  return rows.some(({ end }) => end === 'complete')
    ? ['all counts, states and verdicts of the rows measured to the end are as expected']
    : ['no row was measured to the end: no count, state or verdict was checked'];
}

export function summary(rows: readonly Row[]): string {
  const lost = rows.filter(({ end }) => end === 'stopped' || end === 'crashed');
  return [
    rowCounts(rows),
    ...lost.map((row) => `  ${row.end}: ${rowName(row)}`),
    ...targetSummary(rows),
    ...checkSummary(rows),
  ].join('\n');
}
