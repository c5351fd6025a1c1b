/**
 * Two runs of the benchmark, row by row: how much longer the second took, with the spread that the repeats have.
 *
 * The runs are not paired: a ratio is of any repeat of one to any repeat of the other, and the spread says how far chance could have
 * moved it. A difference inside the spread is none.
 */
import { type BenchRun, median, type Row, rowName } from './bench-run.js';

export interface RowRatio {
  readonly name: string;
  /** CPU seconds, median over the repeats. */
  readonly before: number;
  readonly after: number;
  /** Of the ratios after/before of all pairs of repeats. */
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
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
}

function ratioOf(before: Row, after: Row): RowRatio {
  const ratios = after.seconds.flatMap((b) => before.seconds.map((a) => b / a));
  return {
    name: rowName(before),
    before: median(before.seconds),
    after: median(after.seconds),
    median: median(ratios),
    minimum: Math.min(...ratios),
    maximum: Math.max(...ratios),
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
  };
}

/** Whether the spread leaves open which run was faster. */
function isUndecided({ minimum, maximum }: RowRatio): boolean {
  return minimum <= 1 && maximum >= 1;
}

function ratioLine(ratio: RowRatio): string {
  const { name, before, after, minimum, maximum } = ratio;
  return [
    name.padEnd(46),
    before.toFixed(3).padStart(9),
    after.toFixed(3).padStart(9),
    ratio.median.toFixed(2).padStart(7),
    ` ${minimum.toFixed(2)}..${maximum.toFixed(2)}`,
    isUndecided(ratio) ? ' (within the spread)' : '',
  ]
    .join(' ')
    .trimEnd();
}

function listed(title: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [title, ...names.map((name) => `  ${name}`)];
}

/** The comparison for people. Ratios are B/A: below 1, B is faster. */
export function renderComparison(comparison: Comparison): string {
  const { ratios, geometricMean, onlyBefore, onlyAfter, differing } = comparison;
  const lines = [
    `${'row'.padEnd(46)} ${'A, CPU s'.padStart(9)} ${'B, CPU s'.padStart(9)} ${'B/A'.padStart(7)}  spread`,
    ...ratios.map(ratioLine),
    '',
    ratios.length === 0
      ? 'no row is in both runs'
      : `geometric mean of B/A over ${ratios.length} rows: ${geometricMean.toFixed(3)}`,
    ...listed('finished in A only:', onlyBefore),
    ...listed('finished in B only:', onlyAfter),
    ...listed('DIFFERENT RESULTS:', differing),
  ];
  return `${lines.join('\n')}\n`;
}
