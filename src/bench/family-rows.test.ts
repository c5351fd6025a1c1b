/** The order in which rows are measured, and what becomes of those that do not come to their end. */
import { describe, expect, it } from 'vitest';
import type { BenchSettings } from './bench-options.js';
import type { Row } from './bench-run.js';
import type { Lost } from './child-process.js';
import type { Family } from './family.js';
import { measureRows } from './family-rows.js';
import type { Measured } from './measure.js';

const family: Family = {
  name: 'x',
  language: 'c',
  model: 'lkmm',
  sizes: { count: [1, 2, 3], outcomes: [1], verdict: [1] },
  text: () => '',
  allowed: () => 1,
  states: () => 1,
  verdict: 'Always',
  unroll: null,
};

const settings: BenchSettings = {
  kind: 'run',
  only: [],
  modes: ['count'],
  quick: false,
  repeat: 1,
  limit: 10,
  json: null,
};

const found: Measured = {
  events: 9,
  candidates: 1,
  allowed: 1,
  states: 1,
  verdict: 'Always',
  seconds: 0.5,
  stopped: false,
  wrong: null,
};

/** What happens, in order; `measure` is told the size and how often it was asked for that size. */
function trace(more: Partial<BenchSettings>, measure: (size: number, time: number) => Measured | Lost) {
  const events: string[] = [];
  const asked = new Map<number, number>();
  const rows: Row[] = [];
  const run = measureRows(
    [family],
    { ...settings, ...more },
    ({ size }) => {
      asked.set(size, (asked.get(size) ?? 0) + 1);
      events.push(`measure ${size}`);
      return measure(size, asked.get(size)!);
    },
    (round) => events.push(`round ${round}`),
  );
  for (const [row, previous] of run) {
    rows.push(row);
    events.push(`row ${row.size} after ${previous === null ? 'none' : previous.size}`);
  }
  return { events, rows };
}

const ends = (rows: readonly Row[]) => rows.map(({ end, seconds }) => [end, ...seconds]);

describe('measuring rows', () => {
  it('gives each row at once if there is one round', () => {
    expect(trace({ quick: true }, () => found).events).toEqual([
      'round 1',
      'measure 1',
      'row 1 after none',
      'measure 2',
      'row 2 after 1',
    ]);
  });

  it('takes repeats in rounds of all rows, and gives rows in the last', () => {
    const { events, rows } = trace({ quick: true, repeat: 2 }, (size, time) => ({
      ...found,
      seconds: size + time / 10,
    }));
    expect(events).toEqual([
      'round 1',
      'measure 1',
      'measure 2',
      'round 2',
      'measure 1',
      'row 1 after none',
      'measure 2',
      'row 2 after 1',
    ]);
    expect(ends(rows)).toEqual([
      ['complete', 1.1, 1.2],
      ['complete', 2.1, 2.2],
    ]);
  });

  it('skips sizes above one that was stopped, and repeats neither', () => {
    const { events, rows } = trace({ repeat: 2 }, (size) =>
      size === 2 ? { ...found, seconds: 10, stopped: true } : found,
    );
    expect(events.filter((event) => event.startsWith('measure'))).toEqual([
      'measure 1',
      'measure 2',
      'measure 1',
    ]);
    expect(ends(rows)).toEqual([['complete', 0.5, 0.5], ['stopped', 10], ['skipped']]);
  });

  it('knows no time of a row that is stopped or dies in a later round', () => {
    const stopped = trace({ quick: true, repeat: 2 }, (size, time) =>
      size === 2 && time === 2 ? 'time' : found,
    );
    expect(ends(stopped.rows)).toEqual([
      ['complete', 0.5, 0.5],
      ['stopped', 10],
    ]);
    const crashed = trace({ quick: true, repeat: 2 }, (size, time) =>
      size === 2 && time === 2 ? 'crash' : found,
    );
    expect(ends(crashed.rows)).toEqual([['complete', 0.5, 0.5], ['crashed']]);
  });

  it('tells after each measurement what there is by then, and how many are left', () => {
    const told: (readonly [number, string])[] = [];
    const run = measureRows(
      [family],
      { ...settings, repeat: 2 },
      ({ size }) => (size === 2 ? 'time' : found),
      () => {},
      (rows, open) =>
        told.push([open, rows.map(({ end, seconds }) => `${end} ${seconds.length}`).join(', ')]),
    );
    expect([...run]).toHaveLength(3);
    expect(told).toEqual([
      [5, 'complete 1'],
      [4, 'complete 1, stopped 1'],
      [3, 'complete 1, stopped 1, skipped 0'],
      [2, 'complete 2, stopped 1, skipped 0'],
      [1, 'complete 2, stopped 1, skipped 0'],
      [0, 'complete 2, stopped 1, skipped 0'],
    ]);
  });

  it('keeps what was wrong in any round', () => {
    const { rows } = trace({ quick: true, repeat: 2 }, (_, time) => ({
      ...found,
      wrong: time === 1 ? 'states 2, expected 1' : null,
    }));
    expect(rows.map(({ wrong }) => wrong)).toEqual(['states 2, expected 1', 'states 2, expected 1']);
  });
});
