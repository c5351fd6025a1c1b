/** What is said below the table. */
import { describe, expect, it } from 'vitest';
import type { Row } from './bench-run.js';
import { summary } from './row-summary.js';

const base: Row = {
  family: 'lkmm coherence nx2',
  size: 5,
  mode: 'count',
  end: 'complete',
  events: 11,
  candidates: 113405,
  allowed: 113400,
  states: 5,
  verdict: 'Sometimes',
  seconds: [0.2],
  wrong: null,
};

describe('the summary', () => {
  const growth =
    'growth is met if time grows from the size before at most as states x events³ do, or is below 0.25 s';

  it('lists targets that were missed and rows that are wrong', () => {
    const wrong = { ...base, size: 4, wrong: 'states 4, expected 5' };
    const slow = { ...base, seconds: [0.4] };
    expect(summary([wrong, slow, { ...base, family: 'lkmm atomic_inc', size: 8 }])).toBe(
      [
        'rows: 3 measured to the end',
        'targets of these rows: 1 of 2 met',
        '  missed: lkmm coherence nx2, 5, count: 0.400 s (complete), target <0.3s',
        '  WRONG: lkmm coherence nx2, 4, count: states 4, expected 5',
      ].join('\n'),
    );
  });

  it('says that all is right', () => {
    expect(summary([base])).toBe(
      [
        'rows: 1 measured to the end',
        'targets of these rows: 1 of 1 met',
        'all counts, states and verdicts are as expected',
      ].join('\n'),
    );
  });

  it('says that there is no target', () => {
    expect(summary([{ ...base, size: 4 }]).split('\n')[1]).toBe('none of these rows has a target');
  });

  it('says what was not measured, target or not', () => {
    const other: Row = { ...base, family: 'lkmm lock nx3, counter', size: 2 };
    const rows: Row[] = [
      base,
      { ...other, end: 'stopped', seconds: [10] },
      { ...other, size: 3, end: 'skipped', seconds: [] },
      { ...other, mode: 'verdict', end: 'crashed', seconds: [] },
    ];
    expect(summary(rows)).toBe(
      [
        'rows: 1 measured to the end, 1 stopped at the limit, 1 crashed, 1 skipped, larger than these',
        '  stopped: lkmm lock nx3, counter, 2, count',
        '  crashed: lkmm lock nx3, counter, 2, verdict',
        'targets of these rows: 1 of 1 met',
        'all counts, states and verdicts of the rows measured to the end are as expected',
      ].join('\n'),
    );
    expect(summary(rows.slice(1)).split('\n').at(-1)).toBe(
      'no row was measured to the end: no count, state or verdict was checked',
    );
  });

  it('says what growth means where it has a target, and how far a row came that missed its own', () => {
    const before: Row = { ...base, mode: 'outcomes', size: 10, seconds: [20], end: 'stopped' };
    expect(summary([before, { ...before, size: 12, seconds: [], end: 'skipped' }])).toBe(
      [
        'rows: 0 measured to the end, 1 stopped at the limit, 1 skipped, larger than these',
        '  stopped: lkmm coherence nx2, 10, outcomes',
        'targets of these rows: 0 of 1 met',
        '  missed: lkmm coherence nx2, 12, outcomes: skipped, target growth',
        growth,
        'no row was measured to the end: no count, state or verdict was checked',
      ].join('\n'),
    );
  });
});
