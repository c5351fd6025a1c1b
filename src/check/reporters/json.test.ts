import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRun, plainSetup, reportOf, sampleChecks, summaryOf } from './sample-checks.js';

describe('the JSON report', () => {
  it('has one test below the other', async () => {
    const [same] = sampleChecks;
    expect(await reportOf('json', [{ ...same!, models: [] }])).toBe(`\
{
  "format": "fencepost-check/1",
  "tests": [
    {
      "file": "tests/sleep.litmus",
      "test": "sleep",
      "status": "same",
      "findings": [],
      "models": [],
      "seconds": 0.75
    }
  ],
  "findings": [],
  "counts": {
    "same": 1,
    "nothing-expected": 0,
    "different": 0,
    "limit": 0,
    "input": 0,
    "internal": 0
  },
  "open": 0,
  "seconds": 2,
  "exitCode": 0,
  "version": "1.2.3"
}
`);
  });

  it('says which part of a run it is', async () => {
    const part = { shard: '2/3', files: 4, run: 'abc', positions: [1] };
    const report = await reportOf('json', sampleChecks.slice(0, 1), undefined, { ...plainSetup, part });
    expect(JSON.parse(report)).toMatchObject({ ...part, tests: [{ test: 'sleep' }] });
  });

  it('holds all that was found, as JSON.stringify would write it', () =>
    fc.assert(
      fc.asyncProperty(anyRun, async ({ checks, summary }) => {
        const report = await reportOf('json', checks, summary);
        const { findings, counts, notJudged, unasked, open, seconds, exitCode, version } = summary;
        const end = { findings, counts, notJudged, unasked, open, seconds, exitCode, version };
        const whole = { format: 'fencepost-check/1', tests: checks, ...end };
        expect(report).toBe(`${JSON.stringify(whole, null, 2)}\n`);
      }),
      { seed: 7, numRuns: 200 },
    ));

  it('is an object without tests, too', async () => {
    expect(JSON.parse(await reportOf('json', [], summaryOf([], { open: 2 })))).toMatchObject({
      tests: [],
      open: 2,
    });
  });
});
