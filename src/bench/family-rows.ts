/** Measures a family at growing sizes, mode by mode, until one takes too long. */
import { invariant } from '../text/diagnostic.js';
import type { BenchSettings } from './bench-options.js';
import type { Row } from './bench-run.js';
import { measureInProcess } from './child-process.js';
import { type Family, familyId } from './family.js';
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

function measureRow(key: RowKey, { repeat, limit: usual }: BenchSettings): Row {
  const limit = Math.max(usual, 2 * (targetSeconds(key) ?? 0));
  const rows: Row[] = [];
  for (let i = 0; i < repeat; i++) {
    const measured = measureInProcess({ ...key, limit });
    if (measured === 'time') return emptyRow(key, 'stopped', [limit]);
    if (measured === 'crash') return emptyRow(key, 'crashed');
    const { stopped, seconds, ...found } = measured;
    rows.push({ ...key, ...found, end: stopped ? 'stopped' : 'complete', seconds: [seconds] });
    if (stopped) break;
  }
  const last = rows.at(-1);
  invariant(last !== undefined, 'a row is measured at least once');
  const wrong = rows.find((row) => row.wrong !== null)?.wrong ?? null;
  // A time at which it was stopped is no time of the row's.
  const seconds = last.end === 'stopped' ? last.seconds : rows.flatMap((row) => row.seconds);
  return { ...last, seconds, wrong };
}

/** Each row with that of the size before it. */
export function* familyRows(family: Family, settings: BenchSettings): Generator<readonly [Row, Row | null]> {
  for (const mode of settings.modes) {
    let previous: Row | null = null;
    const sizes = settings.quick ? family.sizes[mode].slice(0, 2) : family.sizes[mode];
    for (const size of sizes) {
      const key = { family: familyId(family), size, mode };
      const goesOn: boolean = previous === null || previous.end === 'complete';
      const row: Row = goesOn ? measureRow(key, settings) : emptyRow(key, 'skipped');
      yield [row, previous];
      previous = row;
    }
  }
}
