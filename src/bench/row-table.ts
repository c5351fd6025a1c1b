/** The benchmark's table: one line for each row, as it is measured, and what became of the targets. */
import { median, type Row, rowName } from './bench-run.js';
import { recordedFigure } from './recorded-figures.js';
import { growsWithStates, hasGrowthTarget, type Step, targetSeconds } from './targets.js';

export const tableHeading = [
  'family'.padEnd(31),
  'size',
  'mode'.padEnd(8),
  'events',
  'candidates'.padStart(11),
  'allowed'.padStart(16),
  'states'.padStart(8),
  'CPU s'.padStart(9),
  'reference/ours'.padStart(16),
  'growth'.padStart(7),
  ' target',
].join(' ');

/** Whether a target was reached. `at`: what it is, for the table. */
export interface TargetResult {
  readonly at: string;
  readonly met: boolean;
}

/** Three significant digits, without an exponent. */
function short(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toPrecision(3).replace(/\.?0+$/, '');
}

function stepOf(row: Row): Step {
  return { seconds: median(row.seconds), states: row.states, events: row.events };
}

/** `previous`: the size before it in the same family and mode, or null. */
export function targetResults(row: Row, previous: Row | null): TargetResult[] {
  const complete = row.end === 'complete';
  const results: TargetResult[] = [];
  const bound = targetSeconds(row);
  if (bound !== null) results.push({ at: `< ${bound} s`, met: complete && median(row.seconds) < bound });
  if (hasGrowthTarget(row) && previous !== null) {
    const grows = complete && previous.end === 'complete' && growsWithStates(stepOf(previous), stepOf(row));
    results.push({ at: 'as states', met: grows });
  }
  return results;
}

/** How often our time fits into the reference tool's: plain, and with the options that help it most. */
function ratioText(row: Row): string {
  const figure = recordedFigure(row.family, row.size);
  if (figure === null || row.end !== 'complete') return '';
  const ours = median(row.seconds);
  const plain = `${figure.finished ? '' : '>'}${short(figure.seconds / ours)}`;
  return figure.faster === null ? plain : `${plain} (${short(figure.faster / ours)})`;
}

/** By how much the time grows when the size grows by one. */
function growthText(row: Row, previous: Row | null): string {
  if (previous === null || row.end !== 'complete' || previous.end !== 'complete') return '';
  const growth = median(row.seconds) / median(previous.seconds);
  return `x${short(growth ** (1 / (row.size - previous.size)))}`;
}

function secondsText({ end, seconds }: Row): string {
  if (seconds.length === 0) return '-';
  return `${end === 'complete' ? '' : '>'}${median(seconds).toFixed(3)}`;
}

function spreadText({ seconds }: Row): string {
  if (seconds.length < 2) return '';
  return `${Math.min(...seconds).toFixed(3)}..${Math.max(...seconds).toFixed(3)} s`;
}

function remarks(row: Row, previous: Row | null): string {
  return [
    ...targetResults(row, previous).map(({ at, met }) => `${at} ${met ? 'met' : 'MISSED'}`),
    row.wrong === null ? '' : `WRONG: ${row.wrong}`,
    row.end === 'complete' ? '' : row.end,
    spreadText(row),
  ]
    .filter((text) => text !== '')
    .join(', ');
}

export function rowLine(row: Row, previous: Row | null): string {
  const found = row.end === 'complete';
  const cells = [
    row.family.padEnd(31),
    String(row.size).padStart(4),
    row.mode.padEnd(8),
    (found ? String(row.events) : '').padStart(6),
    (row.candidates > 0 ? String(row.candidates) : '').padStart(11),
    (found && row.allowed !== null ? String(row.allowed) : '').padStart(16),
    (found ? String(row.states) : '').padStart(8),
    secondsText(row).padStart(9),
    ratioText(row).padStart(16),
    growthText(row, previous).padStart(7),
    ` ${remarks(row, previous)}`,
  ];
  return cells.join(' ').trimEnd();
}

/** The row of the same family and mode that comes before each. */
export function withPrevious(rows: readonly Row[]): readonly (readonly [row: Row, previous: Row | null])[] {
  return rows.map((row, index) => {
    const before = rows[index - 1];
    const same = before !== undefined && before.family === row.family && before.mode === row.mode;
    return [row, same ? before : null];
  });
}

/** What became of the targets, and what was wrong. */
export function summary(rows: readonly Row[]): string {
  const targets = withPrevious(rows).flatMap(([row, previous]) =>
    targetResults(row, previous).map((result) => ({ ...result, row })),
  );
  const missed = targets.filter(({ met }) => !met);
  const wrong = rows.filter((row) => row.wrong !== null);
  const lines = [
    `targets: ${targets.length - missed.length} of ${targets.length} met`,
    ...missed.map(
      ({ row, at }) => `  missed: ${rowName(row)}: ${secondsText(row)} (${row.end}), target ${at}`,
    ),
    ...(wrong.length === 0 ? ['all counts, states and verdicts are as expected'] : []),
    ...wrong.map((row) => `  WRONG: ${rowName(row)}: ${row.wrong}`),
  ];
  return lines.join('\n');
}
