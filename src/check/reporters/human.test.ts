import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnosticPalette } from '../../cli/terminal.js';
import type { TestCheck } from '../check-report.js';
import { anyRun, plainSetup, reportOf, sampleChecks, sampleFinding, summaryOf } from './sample-checks.js';

describe('the report for people', () => {
  it('prints only what is different', async () => {
    const gone = {
      ...sampleFinding,
      kind: 'no-such-test',
      severity: 'warning',
      message: '`tests/gone.litmus` matches no test',
      by: 'project',
      place: { file: 'fencepost.config.json', line: 9, column: 5, endLine: 9, endColumn: 24 },
      picture: null,
      hint: null,
    } as const;
    const summary = summaryOf(sampleChecks, { findings: [gone], exitCode: 2 });
    expect(await reportOf('human', sampleChecks, summary)).toBe(`\
tests/wake.litmus:3:4: error: expected Never, found Sometimes under lkmm

  P0            P1
   a: [W] x = 1  b: [R] y = 1

  hint: smp_wmb() is gone from line 14

tests/wake.litmus: error: arm64 allows 1:r0=1; 1:r1=0, which the baseline has not
  compared with the baseline, tests/baseline.json:12:5

  P0            P1
   a: [W] x = 1  b: [R] y = 1

tests/torn.litmus:20:9: error: unknown name \`r9\`
  hint: did you mean \`r0\`?

tests/long.litmus: error: expected Never, open under lkmm: 10 s were not enough
  expected by the project file

fencepost.config.json:9:5: warning: \`tests/gone.litmus\` matches no test

5 tests: 1 as expected, 1 different, 1 undecided within the limits, 1 cannot be read or judged, 1 with nothing expected of them
`);
  });

  it('is a line where all is as expected', async () => {
    expect(await reportOf('human', sampleChecks.slice(0, 1))).toBe('1 test: 1 as expected\n');
  });

  it('says how to expect something where nothing is expected', async () => {
    const checks = sampleChecks.filter(({ status }) => status === 'nothing-expected');
    expect(await reportOf('human', checks, summaryOf(checks, { exitCode: 0 }))).toBe(
      "1 test: 1 with nothing expected of them\n  hint: write ` * Result: Never` into a test's comment, or record all outcomes: `fencepost baseline`\n",
    );
  });

  it('says what a choice of models leaves aside', async () => {
    const [same] = sampleChecks;
    const foreign: TestCheck = { ...same!, status: 'nothing-expected', models: [], unasked: ['x86'] };
    const checks = [{ ...same!, unasked: ['arm64', 'x86'] }, foreign];
    expect(await reportOf('human', checks, summaryOf(checks, { exitCode: 0 }))).toBe(
      '2 tests: 1 as expected, 1 that no model judges that is asked\nnot looked at: what is expected under arm64 (1 test), x86 (2 tests)\n',
    );
    // where nothing can be expected, there is no hint to expect something
    const alone = { ...foreign, unasked: [] };
    expect(await reportOf('human', [alone], summaryOf([alone], { exitCode: 0 }))).toBe(
      '1 test: 1 that no model judges that is asked\n',
    );
  });

  it('says what an interrupt left out', async () => {
    const checks = sampleChecks.slice(0, 1);
    expect(await reportOf('human', checks, summaryOf(checks, { open: 4, exitCode: 130 }))).toBe(
      '1 test: 1 as expected\ninterrupted: 4 tests are not judged\n',
    );
  });

  it('has colours where they are wanted', async () => {
    const setup = { ...plainSetup, palette: diagnosticPalette(true) };
    const text = await reportOf('human', sampleChecks, summaryOf(sampleChecks), setup);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of colours are what is looked for
    expect(text).toMatch(/\u001b\[31merror/);
  });

  it('has no control characters, whatever a test is called', () =>
    fc.assert(
      fc.asyncProperty(anyRun, async ({ checks, summary }) => {
        const text = await reportOf('human', checks, summary);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
        expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/u);
      }),
      { seed: 7, numRuns: 200 },
    ));
});
