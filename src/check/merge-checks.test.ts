import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeChecks } from './merge-checks.js';
import { readCheckReport } from './read-check-report.js';
import { isCheckReport } from './reporters/json.js';
import { anyRun, plainSetup, reportOf, sampleChecks, summaryOf } from './reporters/sample-checks.js';

const part = { shard: '2/3', files: 4, run: 'abc', positions: [1] };

describe('reading a report of a check', () => {
  it('gives what reporters were given', () =>
    fc.assert(
      fc.asyncProperty(anyRun, fc.boolean(), async ({ checks, summary }, isPart) => {
        const setup = { ...plainSetup, part: isPart ? part : null };
        const data: unknown = JSON.parse(await reportOf('json', checks, summary, setup));
        expect(isCheckReport(data)).toBe(true);
        expect(readCheckReport(data)).toEqual({ part: setup.part, tests: checks, summary });
      }),
      { seed: 7, numRuns: 200 },
    ));

  it('says what is wrong with it', async () => {
    const data = JSON.parse(await reportOf('json', sampleChecks)) as { tests: { status: string }[] };
    data.tests[1]!.status = 'fine';
    expect(readCheckReport(data)).toBe(
      'tests[1].status: Invalid option: expected one of "same"|"nothing-expected"|"different"|"limit"|"input"|"internal"',
    );
    expect(readCheckReport({ ...data, format: 'fencepost-check/2' })).toBe(
      'the format "fencepost-check/2" is not fencepost-check/1',
    );
    expect(readCheckReport({ ...data, tests: [], shard: 3 })).toBe(
      'shard: Invalid input: expected string, received number',
    );
  });
});

describe('merging checks', () => {
  it('makes of the shards of any run the run', () =>
    fc.assert(
      fc.property(
        anyRun,
        fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
        ({ checks, summary }, dealt) => {
          const shards = [0, 1, 2].map((index) => {
            const positions = [...checks.keys()].filter((position) => dealt[position] === index);
            const tests = positions.map((position) => checks[position]!);
            const { findings, exitCode } = summary;
            return { positions, tests, summary: summaryOf(tests, { findings, exitCode, seconds: 1 }) };
          });
          const { tests, summary: merged } = mergeChecks(shards, summary.exitCode);
          expect(tests).toEqual(checks);
          const texts = new Set(summary.findings.map((finding) => JSON.stringify(finding)));
          expect(merged).toEqual({ ...summary, findings: merged.findings, open: 0, seconds: 3 });
          expect(merged.findings.map((finding) => JSON.stringify(finding))).toEqual([...texts]);
        },
      ),
      { seed: 7, numRuns: 200 },
    ));
});
