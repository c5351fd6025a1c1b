/**
 * Measures families at growing sizes, mode by mode, until one takes too long.
 *
 * Repeats are taken in rounds, each of all rows: the spread of a row's repeats then has in it how the machine drifts during the run.
 */
import { invariant } from '../text/diagnostic.js';
import type { BenchSettings } from './bench-options.js';
import type { Row } from './bench-run.js';
import type { Lost } from './child-process.js';
import { type Family, familyId } from './family.js';
import type { Measured, RowRequest } from './measure.js';
import { type RowKey, targetSeconds } from './targets.js';

function emptyRow(key: RowKey, end: Row['end'], seconds: readonly number[] = []): Row {
  return {
    ...key,
    end,
    events: 0,
    candidates: 0,
    allowed: null,
    states: 0,
    verdict: null,
    seconds,
    wrong: null,
  };
}

type Measure = (request: RowRequest) => Measured | Lost;

function measureOnce(key: RowKey, usual: number, measure: Measure): Row {
  const limit = Math.max(usual, 2 * (targetSeconds(key) ?? 0));
  const measured = measure({ ...key, limit });
  if (measured === 'time') return emptyRow(key, 'stopped', [limit]);
  if (measured === 'crash') return emptyRow(key, 'crashed');
  const { stopped, seconds, ...found } = measured;
  return { ...key, ...found, end: stopped ? 'stopped' : 'complete', seconds: [seconds] };
}

/** A row with one more repeat. A time at which it was stopped is no time of the row's. */
function merge(row: Row, repeat: Row): Row {
  const seconds = repeat.end === 'complete' ? [...row.seconds, ...repeat.seconds] : repeat.seconds;
  return { ...repeat, seconds, wrong: row.wrong ?? repeat.wrong };
}

/** What is measured, in the order of the table; `first`: no smaller size comes before. */
function plan(families: readonly Family[], { modes, quick }: BenchSettings) {
  return families.flatMap((family) =>
    modes.flatMap((mode) => {
      const sizes = quick ? family.sizes[mode].slice(0, 2) : family.sizes[mode];
      return sizes.map((size, index) => ({
        key: { family: familyId(family), size, mode },
        first: index === 0,
      }));
    }),
  );
}

/**
 * Each row with that of the size before it, in the last round as soon as it is measured. A row that did not come to its end is not
 * repeated, and larger sizes are skipped if that was in the first round. `onRound` is told of each round before it begins, `onRows` after
 * each measurement of all rows as they are by then, and of how many measurements are left.
 */
export function* measureRows(
  families: readonly Family[],
  settings: BenchSettings,
  measure: Measure,
  onRound: (round: number) => void,
  onRows: (rows: readonly Row[], open: number) => void = () => {},
): Generator<readonly [row: Row, previous: Row | null]> {
  const planned = plan(families, settings);
  const rows: Row[] = [];
  for (let round = 1; round <= settings.repeat; round++) {
    onRound(round);
    for (const [index, { key, first }] of planned.entries()) {
      const previous = first ? null : (rows[index - 1] ?? null);
      const before = rows[index];
      if (before === undefined) {
        const goesOn = previous === null || previous.end === 'complete';
        rows.push(goesOn ? measureOnce(key, settings.limit, measure) : emptyRow(key, 'skipped'));
      } else if (before.end === 'complete') {
        rows[index] = merge(before, measureOnce(key, settings.limit, measure));
      }
      onRows(rows, planned.length * (settings.repeat - round + 1) - index - 1);
      const row = rows[index];
      invariant(row !== undefined, 'the first round makes all rows');
      if (round === settings.repeat) yield [row, previous];
    }
  }
}
