/**
 * Agreement with herd7 on public collections of litmus tests (../shared/conformance, data that stays outside of this
 * repository): states, observation, exact counts and flags. What differs is a row of known-differences.ts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Mode } from '../search/execution.js';
import { renderDiagnostics } from '../text/render.js';
import type { SourceFile } from '../text/source.js';
import { compareReport, type JudgedTest, judgeTest, modeFor } from './conformance.js';
import { type ExpectedResult, readExpectedResults } from './expected-result.js';
import { defaultRunOptions, runTest } from './run-test.js';

const shared = new URL('../../../shared/conformance/', import.meta.url);
const isAbsent = !existsSync(shared);
if (isAbsent) console.warn(`skipped: the conformance data is not there (${shared.pathname})`);

interface Suite {
  readonly folder: string;
  readonly tests: number;
}

const suites: readonly Suite[] = [
  { folder: 'lkmm', tests: 580 },
  { folder: 'x86', tests: 138 },
  { folder: 'aarch64', tests: 792 },
  // Of these only the answer is known: both modes run the search for it alone.
  { folder: 'hard', tests: 51 },
];

function readSource(folder: string, file: string): SourceFile {
  return { name: file, text: readFileSync(new URL(`${folder}/${file}`, shared), 'utf8') };
}

function readExpected(folder: string): ReadonlyMap<string, ExpectedResult> {
  const { value, diagnostics } = readExpectedResults(readSource(folder, 'expected.json'));
  if (value === null) throw new Error(renderDiagnostics(diagnostics));
  return value;
}

/** One test under the model of its language, compared and looked up in the table of known differences. */
function judge(folder: string, file: string, expected: ExpectedResult, mode: Mode): JudgedTest {
  const report = runTest(readSource(folder, file), {
    ...defaultRunOptions,
    models: 'own',
    mode: modeFor(expected, mode),
  });
  const differences = compareReport(report, expected, mode);
  return judgeTest(folder, { file, differences, seconds: 0 }, mode);
}

describe.skipIf(isAbsent)('herd7 on public tests', () => {
  it.each(suites.flatMap((suite) => (['count', 'outcomes'] as const).map((mode) => ({ ...suite, mode }))))(
    '$folder, $mode',
    ({ folder, tests, mode }) => {
      const judged = [...readExpected(folder)].map(([file, expected]) => judge(folder, file, expected, mode));
      const failing = judged.filter(({ standing }) => standing === 'new' || standing === 'stale');
      expect(judged.length).toBe(tests);
      expect(failing).toEqual([]);
    },
  );
});
