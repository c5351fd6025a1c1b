/** Two runs of the benchmark against each other. */
import { describe, expect, it } from 'vitest';
import { type BenchRun, benchRun, median, parseBenchRun, type Row } from './bench-run.js';
import { compareRuns, renderComparison } from './compare-runs.js';

function row(family: string, size: number, seconds: readonly number[], more: Partial<Row> = {}): Row {
  return {
    family,
    size,
    mode: 'count',
    end: 'complete',
    events: 9,
    candidates: 100,
    allowed: 90,
    states: 3,
    verdict: 'Sometimes',
    seconds,
    wrong: null,
    ...more,
  };
}

function runOf(...rows: readonly Row[]): BenchRun {
  const repeat = Math.max(1, ...rows.map((r) => r.seconds.length));
  return benchRun({ date: '2026-01-01', node: 'v20', cpu: 'one', cores: 2, repeat, limit: 10, rows });
}

describe('median', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
  ])('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

describe('comparing runs', () => {
  it('gives each row the ratio B/A, over all pairs of repeats', () => {
    const [ratio] = compareRuns(runOf(row('x', 3, [1, 2, 4])), runOf(row('x', 3, [1, 1, 2]))).ratios;
    // 1/1 1/2 1/4, the same again, 2/1 2/2 2/4
    expect(ratio).toEqual({
      name: 'x, 3, count',
      before: 2,
      after: 1,
      median: 0.5,
      spread: { minimum: 0.25, maximum: 2 },
    });
  });

  it.each([
    [[1], [2]],
    [[1, 1.1], [2]],
    [[1], [2, 2.2]],
  ])('knows no spread of %j and %j', (before, after) => {
    const [ratio] = compareRuns(runOf(row('x', 3, before)), runOf(row('x', 3, after))).ratios;
    expect(ratio?.spread).toBeNull();
  });

  it('averages geometrically: twice as fast and half as fast is no change', () => {
    const before = runOf(row('x', 3, [1]), row('x', 4, [1]));
    const after = runOf(row('x', 3, [2]), row('x', 4, [0.5]));
    expect(compareRuns(before, after).geometricMean).toBeCloseTo(1);
  });

  it('tells apart sizes and modes of a family', () => {
    const before = runOf(row('x', 3, [1]), row('x', 4, [1]));
    const after = runOf(row('x', 3, [2], { mode: 'verdict' }), row('x', 4, [3]));
    const { ratios, onlyBefore, onlyAfter } = compareRuns(before, after);
    expect(ratios.map((ratio) => [ratio.name, ratio.median])).toEqual([['x, 4, count', 3]]);
    expect([onlyBefore, onlyAfter]).toEqual([['x, 3, count'], ['x, 3, verdict']]);
  });

  it('does not compare the time of a row that was stopped', () => {
    const before = runOf(row('x', 5, [10], { end: 'stopped' }));
    const { ratios, onlyAfter } = compareRuns(before, runOf(row('x', 5, [3])));
    expect([ratios, onlyAfter]).toEqual([[], ['x, 5, count']]);
  });

  it('names rows that found something else', () => {
    const after = runOf(row('x', 3, [1], { allowed: 89 }), row('y', 3, [1], { candidates: 7 }));
    expect(compareRuns(runOf(row('x', 3, [1]), row('y', 3, [1])), after).differing).toEqual(['x, 3, count']);
  });

  it('is shown as a table', () => {
    const before = runOf(row('x', 3, [1, 1.1]), row('y', 3, [1, 1.5]), row('v', 3, [1]), row('z', 3, [1]));
    const after = runOf(
      row('x', 3, [0.5, 0.55]),
      row('y', 3, [1.2, 1.3]),
      row('v', 3, [0.61]),
      row('w', 3, [1], { end: 'stopped' }),
    );
    const text = renderComparison(compareRuns(before, after));
    expect(`\n${text}`).toBe(`
row                                             A, CPU s  B, CPU s     B/A  spread
x, 3, count                                        1.050     0.525    0.50  0.45..0.55
y, 3, count                                        1.250     1.250    1.03  0.80..1.30  (within the spread)
v, 3, count                                        1.000     0.610    0.61  none

geometric mean of B/A over 3 rows: 0.681
spread "none" (rows: 1): measured once, so the difference may be chance; see --repeat
finished in A only:
  z, 3, count
`);
  });

  it('says of a run that was ended early what it lacks', () => {
    const whole = runOf(row('x', 3, [1]));
    const text = (before: BenchRun, after: BenchRun) => renderComparison(compareRuns(before, after));
    expect(text(whole, { ...whole, open: 1 })).toContain(
      '\nB is not whole: it was ended with 1 measurement left\n',
    );
    expect(text({ ...whole, open: 7 }, whole)).toContain(
      '\nA is not whole: it was ended with 7 measurements left\n',
    );
    expect(text(whole, whole)).not.toContain('not whole');
  });

  it('says when there is nothing to compare', () => {
    const text = renderComparison(compareRuns(runOf(), runOf(row('x', 3, [1]))));
    expect(text).toContain('no row is in both runs\nfinished in B only:\n  x, 3, count\n');
  });
});

describe('the file of a run', () => {
  it('is read as it was written', () => {
    const run = runOf(row('x', 3, [1, 2]));
    expect(parseBenchRun(JSON.stringify(run))).toEqual(run);
  });

  it.each(['', 'null', '{', '[]', '{"rows":[]}', '{"format":"fencepost-bench-1"}'])('is not %j', (text) => {
    expect(parseBenchRun(text)).toBeNull();
  });
});
