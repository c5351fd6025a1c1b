/** The benchmark's lines, and when a target counts as met. */
import { describe, expect, it } from 'vitest';
import type { Row } from './bench-run.js';
import { families } from './families.js';
import { benchModes, familyId } from './family.js';
import { rowLine, tableHeading, targetResults } from './row-table.js';
import { growsWithStates } from './targets.js';

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

function met(row: Partial<Row>, previous: Partial<Row> | null = null): readonly boolean[] {
  const before = previous === null ? null : { ...base, ...previous };
  return targetResults({ ...base, ...row }, before).map((result) => result.met);
}

describe('a line', () => {
  it('has what was found, the ratio to the recorded figure and the growth', () => {
    const before = { ...base, size: 3, seconds: [0.05] };
    expect(`\n${tableHeading}\n${rowLine(base, before)}`).toBe(`
family                          n mode      ev   cand.  allowed states  CPU s  ±%     ref/ours growth      target
lkmm coherence nx2              5 count     11  113405   113400      5  0.200              122 x2.0        <0.3s met`);
  });

  it.each([
    ['the spread of repeats', { seconds: [0.4, 0.2, 0.5] }, ' 0.400  38 ', '<0.3s MISSED'],
    ['what is wrong', { wrong: 'allowed 7, expected 8' }, '0.200', 'met\n  WRONG: allowed 7, expected 8'],
    ['that it was stopped', { end: 'stopped', seconds: [10] }, '>10.0 ', ' stopped             <0.3s MISSED'],
    ['a short limit', { end: 'stopped', seconds: [0.25] }, '>0.250', 'stopped'],
    ['that it was skipped', { end: 'skipped', seconds: [] }, ' - ', ' skipped             <0.3s MISSED'],
    ['that the reference tool was stopped', { size: 6, seconds: [6] }, '6.000', '>10 '],
    ['its time with better options', { family: 'lkmm atomic_inc', size: 6, seconds: [0.1] }, '390 (16)', ''],
    ['large numbers shortened', { size: 10, allowed: 2375880867360000 }, ' 2.38e15 ', ''],
  ] satisfies [string, Partial<Row>, string, string][])('shows %s', (_, row, time, remark) => {
    const line = `${rowLine({ ...base, ...row }, null)} `;
    expect(line).toContain(time);
    expect(line).toContain(remark);
  });

  it('shows whether the growth is as wanted', () => {
    const before: Row = { ...base, mode: 'outcomes', size: 3, allowed: null };
    const line = (seconds: number) => rowLine({ ...before, size: 4, seconds: [seconds] }, before);
    expect(line(0.24)).toMatch(/ x1.2 met$/);
    expect(line(2.4)).toMatch(/ x12 MISSED$/);
  });

  it('fits into 120 columns, whatever the row', () => {
    const large = { events: 302, candidates: 123456789, allowed: 2.4e15, states: 12345678 };
    const widest = families.flatMap((family) =>
      benchModes.flatMap((mode) =>
        family.sizes[mode].flatMap((size) => {
          const row = { ...base, ...large, family: familyId(family), size, mode };
          const smaller = { ...row, size: size - 1, seconds: [0.0204] };
          const slow = rowLine({ ...row, seconds: [100, 150, 400] }, { ...smaller, seconds: [1.5] });
          const fast = rowLine({ ...row, seconds: [0.02] }, smaller);
          return [slow, fast, rowLine({ ...row, end: 'stopped', seconds: [150] }, smaller)];
        }),
      ),
    );
    expect(widest.filter((line) => line.length > 120)).toEqual([]);
  });
});

describe('a target', () => {
  it.each([
    ['is met below its seconds', { seconds: [0.2, 9, 0.1] }, [true]],
    ['is missed at its seconds', { seconds: [0.3] }, [false]],
    ['is missed by a row that was stopped', { seconds: [0.1], end: 'stopped' }, [false]],
    ['is missed by a row that was skipped', { seconds: [], end: 'skipped' }, [false]],
    ['is not there for every row', { size: 4 }, []],
  ] satisfies [string, Partial<Row>, boolean[]][])('%s', (_, row, expected) => {
    expect(met(row)).toEqual(expected);
  });

  it('of growth is about outcome mode and the size before', () => {
    const outcomes = { mode: 'outcomes', size: 8, allowed: null } as const;
    expect(met(outcomes)).toEqual([]);
    expect(met({ ...outcomes, seconds: [0.2] }, { ...outcomes, size: 6 })).toEqual([true]);
    expect(met({ ...outcomes, seconds: [3] }, { ...outcomes, size: 6 })).toEqual([false]);
    expect(met({ ...outcomes, seconds: [0.2] }, { ...outcomes, size: 6, end: 'stopped' })).toEqual([false]);
  });

  it('of growth allows for states and events', () => {
    const from = { seconds: 1, states: 4, events: 10 };
    expect(growsWithStates(from, { seconds: 7.9, states: 4, events: 20 })).toBe(true);
    expect(growsWithStates(from, { seconds: 8.1, states: 4, events: 20 })).toBe(false);
    expect(growsWithStates(from, { seconds: 1.9, states: 8, events: 10 })).toBe(true);
    // Start-up and noise are no growth.
    expect(growsWithStates({ ...from, seconds: 0.001 }, { ...from, seconds: 0.2 })).toBe(true);
  });
});
