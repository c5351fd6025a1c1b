/** SARIF, against the schema of OASIS as @microsoft/jest-sarif carries it (its matchers need Jest; its schema does not). */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { CheckSummary, TestCheck } from '../check-report.js';
import { anyRun, reportOf, sampleChecks, sampleFinding, summaryOf } from './sample-checks.js';
import { visibleLine } from './visible-text.js';

const here = createRequire(import.meta.url);
const sarif = createRequire(here.resolve('@microsoft/jest-sarif/package.json'));

interface Validate {
  (data: unknown): boolean;
  readonly errors: unknown;
}
type Ajv = new (
  options: object,
) => {
  addMetaSchema: (schema: unknown) => void;
  compile: (schema: unknown) => Validate;
};

function compileSchema(): Validate {
  const ajv = new (sarif('ajv') as Ajv)({ schemaId: 'auto' });
  ajv.addMetaSchema(sarif('ajv/lib/refs/json-schema-draft-04.json'));
  return ajv.compile(sarif('./lib/schemas/sarif-2.1.0-rtm.5.json'));
}

const validate = compileSchema();

async function read(checks: readonly TestCheck[], summary?: CheckSummary) {
  const log = JSON.parse(await reportOf('sarif', checks, summary)) as Log;
  validate(log);
  expect(validate.errors).toBeNull();
  return log.runs[0]!;
}

describe('SARIF', () => {
  it('puts each finding at its test, and says where else to look', async () => {
    const { results } = await read(sampleChecks);
    expect(results?.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['verdict', 'error'],
      ['appeared', 'error'],
      ['input', 'error'],
      ['limit', 'error'],
    ]);
    expect(results?.[1]).toEqual({
      ruleId: 'appeared',
      ruleIndex: 2,
      level: 'error',
      message: {
        text: `arm64 allows 1:r0=1; 1:r1=0, which the baseline has not
  compared with the baseline, tests/baseline.json:12:5

  P0            P1
   a: [W] x = 1  b: [R] y = 1`,
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'tests/wake.litmus', uriBaseId: '%SRCROOT%' },
            region: { startLine: 1 },
          },
        },
      ],
      relatedLocations: [
        {
          id: 1,
          physicalLocation: {
            artifactLocation: { uri: 'tests/baseline.json', uriBaseId: '%SRCROOT%' },
            region: { startLine: 12, startColumn: 5, endLine: 12, endColumn: 20 },
          },
          message: { text: 'expected here' },
        },
      ],
      partialFingerprints: { 'fencepostFinding/v1': expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
  });

  it('knows a finding again when it moves', async () => {
    const prints = async (line: number) => {
      const place = { file: 'a.litmus', line, column: 1, endLine: line, endColumn: 2 };
      const { results } = await read([
        { ...sampleChecks[1]!, file: 'a.litmus', findings: [{ ...sampleFinding, place }] },
      ]);
      return results?.map(({ partialFingerprints }) => partialFingerprints);
    };
    expect(await prints(3)).toEqual(await prints(40));
  });

  it('keeps what is about no test, and what an interrupt left out, as notifications', async () => {
    const { invocations, results } = await read([], summaryOf([], { findings: [sampleFinding], open: 2 }));
    expect(results).toEqual([]);
    expect(invocations?.[0]?.executionSuccessful).toBe(false);
    expect(
      invocations?.[0]?.toolExecutionNotifications?.map(({ message }) => message.text?.split('\n')[0]),
    ).toEqual([
      'tests/wake.litmus:3:4: error: expected Never, found Sometimes under lkmm',
      'interrupted: 2 tests are not judged',
    ]);
  });

  it('is valid, and names the same files, whatever stands in it', () =>
    fc.assert(
      fc.asyncProperty(anyRun, async ({ checks, summary }) => {
        const { results = [] } = await read(checks, summary);
        const files = results.map(({ locations }) => {
          const { uri = '', uriBaseId } = locations?.[0]?.physicalLocation?.artifactLocation ?? {};
          const path = uriBaseId === undefined ? uri.slice('file://'.length) : uri;
          // A URI that a consumer can resolve.
          new URL(path, pathToFileURL('/root/'));
          return decodeURIComponent(path);
        });
        expect(files).toEqual(
          checks.flatMap(({ file, findings }) => {
            const name = visibleLine(file).replace(/^\/+/, '/');
            return findings.map(() => (name === '' ? '.' : name));
          }),
        );
      }),
      { seed: 7, numRuns: 200 },
    ));
});
