/** A run of the benchmark as data: what `--json` writes and `--compare` reads. */
import type { Verdict } from '../verdict/verdict.js';
import type { RowKey } from './targets.js';

/**
 * complete: all of it was found. stopped: the limit ended it; what is said of executions is then part of the truth.
 * crashed: the process died. skipped: a smaller size of the family was stopped or crashed.
 */
export type RowEnd = 'complete' | 'stopped' | 'crashed' | 'skipped';

export interface Row extends RowKey {
  readonly end: RowEnd;
  readonly events: number;
  readonly candidates: number;
  readonly allowed: number | null;
  readonly states: number;
  readonly verdict: Verdict | null;
  /** CPU seconds from text to result, one number for each repeat; empty if nothing was measured. */
  readonly seconds: readonly number[];
  /** What differs from what is known of the row, or null. */
  readonly wrong: string | null;
}

const FORMAT = 'fencepost-bench-1';

export interface BenchRun {
  readonly format: typeof FORMAT;
  /** ISO 8601. */
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly repeat: number;
  /** CPU seconds for a row that has no target beyond them. */
  readonly limit: number;
  readonly rows: readonly Row[];
  /** How many measurements are missing, for the run was ended before it came to them. Absent: none. */
  readonly open?: number;
}

export function benchRun(run: Omit<BenchRun, 'format'>): BenchRun {
  return { format: FORMAT, ...run };
}

/** Reads what `--json` wrote; null if the text is something else. */
export function parseBenchRun(text: string): BenchRun | null {
  try {
    const run = JSON.parse(text) as Partial<BenchRun> | null;
    return run?.format === FORMAT && Array.isArray(run.rows) ? (run as BenchRun) : null;
  } catch {
    return null;
  }
}

/** `lkmm coherence nx2, 5, count` */
export function rowName({ family, size, mode }: RowKey): string {
  return `${family}, ${size}, ${mode}`;
}

/** The middle one; the mean of the two in the middle of an even number. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
