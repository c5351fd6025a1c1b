/** TAP, read back by tap-parser, which node-tap reads its own tests with. */
import fc from 'fast-check';
import { Parser } from 'tap-parser';
import { describe, expect, it } from 'vitest';
import { anyRun, reportOf, sampleChecks, summaryOf } from './sample-checks.js';
import { visibleLine, visibleText } from './visible-text.js';

interface Point {
  readonly ok: boolean;
  readonly name: string;
  readonly skip: unknown;
  readonly diag: { readonly findings: readonly Readonly<Record<string, unknown>>[] } | null;
}

function read(text: string) {
  const parser = new Parser({ strict: true });
  const points: Point[] = [];
  const odd: unknown[] = [];
  parser.on('assert', (point: Point) => points.push(point));
  parser.on('extra', (line: string) => odd.push(line));
  parser.end(text);
  return { points, odd, results: parser.results };
}

describe('TAP', () => {
  it('has a point for each test, with what was found as YAML', async () => {
    expect(await reportOf('tap', sampleChecks.slice(0, 2))).toBe(`\
TAP version 14
ok 1 - tests/sleep.litmus
not ok 2 - tests/wake.litmus
  ---
  findings:
    - kind: verdict
      severity: error
      message: "expected Never, found Sometimes under lkmm"
      model: "lkmm"
      expected: "Never"
      found: "Sometimes"
      by: comment
      at: { file: "tests/wake.litmus", line: 3, column: 4 }
      hint: "smp_wmb() is gone from line 14"
      picture: |2
        P0            P1
         a: [W] x = 1  b: [R] y = 1
    - kind: appeared
      severity: error
      message: "arm64 allows 1:r0=1; 1:r1=0, which the baseline has not"
      model: "arm64"
      expected: null
      found: "1:r0=1; 1:r1=0"
      by: baseline
      at: { file: "tests/baseline.json", line: 12, column: 5 }
      hint: null
      picture: |2
        P0            P1
         a: [W] x = 1  b: [R] y = 1
  ...
1..2
`);
  });

  it('fails where a test does', async () => {
    const { points, results } = read(await reportOf('tap', sampleChecks));
    expect(points.map(({ ok }) => ok)).toEqual([true, false, false, true, false]);
    expect(points.map(({ skip }) => skip || null)).toEqual([null, null, null, 'nothing is expected', null]);
    expect(results?.ok).toBe(false);
  });

  it('passes where all is as expected', async () => {
    expect(read(await reportOf('tap', sampleChecks.slice(0, 1))).results?.ok).toBe(true);
  });

  it('fails where an interrupt left tests open, or an expectation has no test', async () => {
    const checks = sampleChecks.slice(0, 1);
    const open = read(await reportOf('tap', checks, summaryOf(checks, { open: 3 })));
    expect(open.results).toMatchObject({ ok: false, bailout: 'interrupted: 3 tests are not judged' });
    const [finding] = sampleChecks[1]!.findings;
    const other = read(await reportOf('tap', checks, summaryOf(checks, { findings: [finding!] })));
    expect(other.results).toMatchObject({ ok: false, fail: 1 });
  });

  it('gives back the same text, whatever stands in it', () =>
    fc.assert(
      fc.asyncProperty(anyRun, async ({ checks, summary }) => {
        const { points, odd } = read(await reportOf('tap', checks, { ...summary, open: 0 }));
        expect(odd).toEqual([]);
        expect(points.length).toBe(checks.length + summary.findings.length);
        checks.forEach((check, i) => {
          expect(points[i]?.name).toBe(visibleLine(check.file).replace(/\{$/, '{.'));
          expect(points[i]?.ok).toBe(check.status === 'same' || check.status === 'nothing-expected');
          const told = points[i]?.diag?.findings ?? [];
          expect(told.map(({ message, found, hint }) => [message, found, hint])).toEqual(
            check.findings.map(({ message, found, hint }) =>
              [message, found, hint].map((text) => (text === null ? null : visibleText(text))),
            ),
          );
          expect(told.map(({ picture }) => (typeof picture === 'string' ? picture.trimEnd() : ''))).toEqual(
            check.findings.map(({ picture }) => visibleText(picture ?? '').trimEnd()),
          );
        });
      }),
      { seed: 7, numRuns: 200 },
    ));
});
