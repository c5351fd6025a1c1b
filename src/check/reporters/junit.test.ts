/** JUnit's XML, read back by junit2json, which CI uploads are made with. */
import fc from 'fast-check';
import { parse } from 'junit2json';
import { describe, expect, it } from 'vitest';
import { findingText } from './finding-text.js';
import { anyRun, reportOf, sampleChecks, summaryOf } from './sample-checks.js';
import { visibleLine, visibleText } from './visible-text.js';

/** Without options, a name like `1e3` is read as a number. */
async function read(xml: string): Promise<Report> {
  return (await parse(xml, { strict: true })) as unknown as Report;
}

interface Report {
  readonly errors: string;
  readonly testsuite?: readonly Suite[];
}

interface Suite {
  readonly name: string;
  readonly tests: string;
  readonly failures: string;
  readonly errors: string;
  readonly skipped: string;
  readonly testcase?: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly classname: string;
  readonly failure?: readonly Fault[];
  readonly error?: readonly Fault[];
  readonly skipped?: readonly unknown[];
  readonly 'system-out'?: readonly string[];
}

interface Fault {
  readonly message: string;
  readonly type: string;
  readonly inner: string;
}

describe("JUnit's XML", () => {
  it('has a suite for each file and a case for each model', async () => {
    expect(await reportOf('junit', sampleChecks.slice(0, 2))).toBe(`\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="fencepost check" tests="4" failures="2" errors="0" time="2.000">
  <testsuite name="tests/sleep.litmus" tests="2" failures="0" errors="0" skipped="0" time="0.750">
    <testcase name="lkmm" classname="tests.sleep" time="0.250"/>
    <testcase name="arm64" classname="tests.sleep" time="0.500"/>
  </testsuite>
  <testsuite name="tests/wake.litmus" tests="2" failures="2" errors="0" skipped="0" time="0.500">
    <testcase name="lkmm" classname="tests.wake" time="0.250">
      <failure message="expected Never, found Sometimes under lkmm" type="verdict">tests/wake.litmus:3:4: error: expected Never, found Sometimes under lkmm

  P0            P1
   a: [W] x = 1  b: [R] y = 1

  hint: smp_wmb() is gone from line 14</failure>
    </testcase>
    <testcase name="arm64" classname="tests.wake" time="0.250">
      <failure message="arm64 allows 1:r0=1; 1:r1=0, which the baseline has not" type="appeared">tests/wake.litmus: error: arm64 allows 1:r0=1; 1:r1=0, which the baseline has not
  compared with the baseline, tests/baseline.json:12:5

  P0            P1
   a: [W] x = 1  b: [R] y = 1</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('tells what could not be judged from what differs, and what nothing is expected of', async () => {
    const { testsuite } = await read(await reportOf('junit', sampleChecks));
    const kinds = testsuite?.flatMap(({ testcase }) =>
      testcase?.map(({ name, failure, error, skipped }) => [
        name,
        failure?.[0]?.type ?? error?.[0]?.type ?? (skipped === undefined ? 'passed' : 'skipped'),
      ]),
    );
    expect(kinds).toEqual([
      ['lkmm', 'passed'],
      ['arm64', 'passed'],
      ['lkmm', 'verdict'],
      ['arm64', 'appeared'],
      ['tests/torn.litmus', 'input'],
      ['lkmm', 'skipped'],
      ['lkmm', 'limit'],
    ]);
  });

  it('is no success where an interrupt left tests open', async () => {
    const checks = sampleChecks.slice(0, 1);
    const { errors } = await read(await reportOf('junit', checks, summaryOf(checks, { open: 3 })));
    expect(errors).toBe('1');
  });

  it('gives back the same text, whatever stands in it', () =>
    fc.assert(
      fc.asyncProperty(anyRun, async ({ checks, summary }) => {
        const { testsuite } = await read(await reportOf('junit', checks, summary));
        const suites = testsuite ?? [];
        const extra = summary.findings.length > 0 || summary.open > 0 ? ['fencepost'] : [];
        expect(suites.map(({ name }) => name)).toEqual([
          ...checks.map(({ file }) => visibleLine(file)),
          ...extra,
        ]);
        checks.forEach((check, i) => {
          const cases = suites[i]?.testcase ?? [];
          expect(cases.length).toBe(Number(suites[i]?.tests));
          const told = cases.flatMap((each) => [
            ...[...(each.failure ?? []), ...(each.error ?? [])].map(({ inner }) => inner),
            ...(each['system-out'] ?? []),
          ]);
          for (const finding of check.findings) {
            const text = visibleText(findingText(check, finding)).trim();
            expect(told.some((each) => each.includes(text))).toBe(true);
          }
        });
      }),
      { seed: 7, numRuns: 200 },
    ));
});
