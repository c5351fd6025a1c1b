/** The benchmark's table: one line for each row, as it is measured. */
import { median, type Row } from './bench-run.js';
import { recordedFigure } from './recorded-figures.js';
import { growsWithStates, hasGrowthTarget, type Step, targetSeconds } from './targets.js';

/** Together with the spaces between them 120 columns, with the longest target. */
const widths = {
  family: 30,
  size: 2,
  mode: 8,
  events: 3,
  candidates: 7,
  allowed: 8,
  states: 6,
  seconds: 6,
  spread: 3,
  ratio: 12,
  growth: 11,
} as const;

type Cells = Readonly<Record<keyof typeof widths | 'target', string>>;

function tableLine(cells: Cells): string {
  return [
    cells.family.padEnd(widths.family),
    cells.size.padStart(widths.size),
    cells.mode.padEnd(widths.mode),
    cells.events.padStart(widths.events),
    cells.candidates.padStart(widths.candidates),
    cells.allowed.padStart(widths.allowed),
    cells.states.padStart(widths.states),
    cells.seconds.padStart(widths.seconds),
    cells.spread.padStart(widths.spread),
    cells.ratio.padStart(widths.ratio),
    cells.growth.padEnd(widths.growth),
    cells.target,
  ]
    .join(' ')
    .trimEnd();
}

export const tableHeading = tableLine({
  family: 'family',
  size: 'n',
  mode: 'mode',
  events: 'ev',
  candidates: 'cand.',
  allowed: 'allowed',
  states: 'states',
  seconds: 'CPU s',
  spread: '±%',
  ratio: 'ref/ours',
  growth: 'growth',
  target: 'target',
});

/** Whether a target was reached. */
export interface TargetResult {
  readonly kind: 'seconds' | 'growth';
  /** What the target is, for people. */
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
  if (bound !== null) {
    const met = complete && median(row.seconds) < bound;
    results.push({ kind: 'seconds', at: `<${bound}s`, met });
  }
  if (hasGrowthTarget(row) && previous !== null) {
    const grows = complete && previous.end === 'complete' && growsWithStates(stepOf(previous), stepOf(row));
    results.push({ kind: 'growth', at: 'growth', met: grows });
  }
  return results;
}

/** A count as exactly as the width allows; `--json` has all of its digits. */
function countText(value: number, width: number): string {
  const exact = String(value);
  return exact.length <= width ? exact : value.toExponential(2).replace('e+', 'e');
}

/** How often our time fits into the reference tool's: plain, and with the options that help it most. */
function ratioText(row: Row): string {
  const figure = recordedFigure(row.family, row.size);
  if (figure === null) return '';
  const ours = median(row.seconds);
  const plain = `${figure.finished ? '' : '>'}${short(figure.seconds / ours)}`;
  return figure.faster === null ? plain : `${plain} (${short(figure.faster / ours)})`;
}

/** By how much the time grows when the size grows by one. */
function growthText(row: Row, previous: Row | null): string {
  if (previous === null || row.end !== 'complete' || previous.end !== 'complete') return '';
  const growth = (median(row.seconds) / median(previous.seconds)) ** (1 / (row.size - previous.size));
  return `x${growth >= 9.95 ? growth.toFixed(0) : growth.toPrecision(2)}`;
}

/** In six places: milliseconds below 10 s. */
export function secondsText({ end, seconds }: Row): string {
  if (seconds.length === 0) return '-';
  const time = median(seconds);
  const complete = end === 'complete';
  const digits = time < 10 ? 3 : complete && time < 100 ? 2 : 1;
  return `${complete ? '' : '>'}${time.toFixed(digits)}`;
}

/** Half of what lies between the fastest and the slowest repeat, in percent of the median. */
function spreadText({ seconds }: Row): string {
  if (seconds.length < 2) return '';
  const half = (Math.max(...seconds) - Math.min(...seconds)) / 2;
  return ((100 * half) / median(seconds)).toFixed(0);
}

function metText({ met }: TargetResult): string {
  return met ? 'met' : 'MISSED';
}

/** The row's line; another below it says what is wrong. A row that did not come to its end says so where the ratio is. */
export function rowLine(row: Row, previous: Row | null): string {
  const found = row.end === 'complete';
  const results = targetResults(row, previous);
  const growth = results.find(({ kind }) => kind === 'growth');
  const bound = results.find(({ kind }) => kind === 'seconds');
  const line = tableLine({
    family: row.family,
    size: String(row.size),
    mode: row.mode,
    events: found ? String(row.events) : '',
    candidates: row.candidates > 0 ? countText(row.candidates, widths.candidates) : '',
    allowed: found && row.allowed !== null ? countText(row.allowed, widths.allowed) : '',
    states: found ? countText(row.states, widths.states) : '',
    seconds: secondsText(row),
    spread: spreadText(row),
    ratio: found ? ratioText(row) : row.end,
    growth: [growthText(row, previous), growth === undefined ? '' : metText(growth)].join(' ').trim(),
    target: bound === undefined ? '' : `${bound.at} ${metText(bound)}`,
  });
  return row.wrong === null ? line : `${line}\n  WRONG: ${row.wrong}`;
}
