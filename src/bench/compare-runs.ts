/**
 * Two runs of the benchmark, row by row: how much longer the second took, with the spread that the repeats have.
 *
 * The runs are not paired: a ratio is of any repeat of one to any repeat of the other, and the spread says how far chance could have
 * moved it. A difference inside the spread is none. Repeats are rounds of a run (family-rows.ts), so that the spread has the drift of
 * the machine in it as far as it drifted within a run.
 */
import { type BenchRun, median, type Row, rowName } from './bench-run.js';

export interface RowRatio {
  readonly name: string;
  /** CPU seconds, median over the repeats. */
  readonly before: number;
  readonly after: number;
  /** Of the ratios after/before of all pairs of repeats. */
  readonly median: number;
  /** The least and the greatest of these ratios; null: a run has the row once, which says nothing of chance. */
  readonly spread: { readonly minimum: number; readonly maximum: number } | null;
}

export interface Comparison {
  readonly ratios: readonly RowRatio[];
  /** Of the median ratios; NaN if no row is in both. */
  readonly geometricMean: number;
  /** Rows that one run has and the other lacks, or could not finish. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** Rows that found something else: executions or states that differ. */
  readonly differing: readonly string[];
  /** How many measurements each run lacks, which was ended before it came to them. */
  readonly open: readonly [before: number, after: number];
}

function ratioOf(before: Row, after: Row): RowRatio {
  const ratios = after.seconds.flatMap((b) => before.seconds.map((a) => b / a));
  const repeated = before.seconds.length > 1 && after.seconds.length > 1;
  return {
    name: rowName(before),
    before: median(before.seconds),
    after: median(after.seconds),
    median: median(ratios),
    spread: repeated ? { minimum: Math.min(...ratios), maximum: Math.max(...ratios) } : null,
  };
}

export function compareRuns(before: BenchRun, after: BenchRun): Comparison {
  const completed = ({ rows }: BenchRun) =>
    new Map(rows.filter((row) => row.end === 'complete').map((row) => [rowName(row), row]));
  const [a, b] = [completed(before), completed(after)];
  const both = [...a].flatMap(([name, row]) => {
    const other = b.get(name);
    return other === undefined ? [] : [[row, other] as const];
  });
  const ratios = both.map(([row, other]) => ratioOf(row, other));
  const logs = ratios.map((ratio) => Math.log(ratio.median));
  return {
    ratios,
    geometricMean: Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length),
    onlyBefore: [...a.keys()].filter((name) => !b.has(name)),
    onlyAfter: [...b.keys()].filter((name) => !a.has(name)),
    differing: both
      .filter(([row, other]) => row.allowed !== other.allowed || row.states !== other.states)
      .map(([row]) => rowName(row)),
    open: [before.open ?? 0, after.open ?? 0],
  };
}

function spreadText({ spread }: RowRatio): string {
  if (spread === null) return 'none';
  const { minimum, maximum } = spread;
  // The spread leaves open which run was faster.
  const undecided = minimum <= 1 && maximum >= 1;
  return `${minimum.toFixed(2)}..${maximum.toFixed(2)}${undecided ? '  (within the spread)' : ''}`;
}

function ratioLine(ratio: RowRatio): string {
  return [
    ratio.name.padEnd(46),
    ratio.before.toFixed(3).padStart(9),
    ratio.after.toFixed(3).padStart(9),
    ratio.median.toFixed(2).padStart(7),
    ` ${spreadText(ratio)}`,
  ].join(' ');
}

function listed(title: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [title, ...names.map((name) => `  ${name}`)];
}

function openLine(run: string, count: number): string[] {
  return count === 0
    ? []
    : [`${run} is not whole: it was ended with ${count} measurement${count === 1 ? '' : 's'} left`];
}

/** The comparison for people. Ratios are B/A: below 1, B is faster. */
export function renderComparison(comparison: Comparison): string {
  const { ratios, geometricMean, onlyBefore, onlyAfter, differing, open } = comparison;
  const once = ratios.filter(({ spread }) => spread === null).length;
  const lines = [
    `${'row'.padEnd(46)} ${'A, CPU s'.padStart(9)} ${'B, CPU s'.padStart(9)} ${'B/A'.padStart(7)}  spread`,
    ...ratios.map(ratioLine),
    '',
    ratios.length === 0
      ? 'no row is in both runs'
      : `geometric mean of B/A over ${ratios.length} rows: ${geometricMean.toFixed(3)}`,
    ...(once === 0
      ? []
      : [`spread "none" (rows: ${once}): measured once, so the difference may be chance; see --repeat`]),
    ...open.flatMap((count, at) => openLine('AB'[at]!, count)),
    ...listed('finished in A only:', onlyBefore),
    ...listed('finished in B only:', onlyAfter),
    ...listed('DIFFERENT RESULTS:', differing),
  ];
  return `${lines.join('\n')}\n`;
}
