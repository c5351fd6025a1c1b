/** A test against what is expected of it: one file's part of `fencepost check`, for programs. */
import type { Finding, TestCheck } from '../check/check-report.js';
import { checkTest as checkReport } from '../check/check-test.js';
import { noExpectations, type ProjectExpectation } from '../check/expected.js';
import type { ExpectedText, FileExpectation } from '../check/project-config.js';
import { type ExpectedVerdict, expectedVerdicts } from '../verdict/report.js';
import { toLitmusDiagnostics } from './diagnostics.js';
import { judgeInput, type LitmusInput, type LitmusOptions, searchOf } from './judge-input.js';

/** Options of {@link checkTest}. */
export interface CheckTestOptions extends LitmusOptions {
  /** As a project file says it: `'Never'`, `{ arm64: 'Sometimes' }`; it replaces what the test's comment says of the same model. */
  readonly expected?: FileExpectation;
  /** A test of which nothing is expected is an error. Default: no. */
  readonly requireExpectations?: boolean;
}

function readText(text: ExpectedText): Pick<ProjectExpectation, 'verdict' | 'dataRace'> {
  const [word = '', race] = text.split(' ');
  const verdict: ExpectedVerdict | null = expectedVerdicts.find((known) => known === word) ?? null;
  if (verdict === null && text !== 'nothing')
    throw new TypeError(`\`expected\` is ${expectedVerdicts.join(', ')} or nothing, not ${text}`);
  return { verdict, dataRace: race === 'DATARACE' };
}

function projectExpectations(expected: FileExpectation | undefined): ProjectExpectation[] {
  if (expected === undefined) return [];
  if (typeof expected === 'string')
    return [{ of: expected === 'nothing' ? 'all' : 'own', ...readText(expected), place: null }];
  return Object.entries(expected).map(([model, text]) => ({ of: { model }, ...readText(text), place: null }));
}

/** Models that something is expected of and that do not judge the test: an expectation that would not be looked at. */
function unasked(expected: FileExpectation | undefined, check: TestCheck): Finding[] {
  if (expected === undefined || typeof expected === 'string' || check.status === 'input') return [];
  return Object.keys(expected)
    .filter((name) => check.models.every(({ model }) => model !== name))
    .map((model) => ({
      kind: 'no-such-model',
      severity: 'error',
      model,
      message: `something is expected under ${model}, which was not asked, or does not judge this test`,
      expected: null,
      found: null,
      by: 'project',
      place: null,
      picture: null,
      hint: null,
    }));
}

/**
 * Compares a test with what its comment expects of each model (` * Result: Never`, ` * Result(arm64): Sometimes`), and with what the caller does.
 *
 * @param input - the test
 * @param options - which models, and what else is expected
 * @returns what was found and what is different, each with its place and a picture of the new execution; it never throws on what a
 * user wrote in a test
 * @throws TypeError, if an argument is not of the declared type
 * @example
 * ```ts
 * import { checkTest } from 'fencepost';
 *
 * const test = `C message-passing
 * (*
 *  * Result: Never
 *  *)
 * { }
 * P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }
 * P1(int *x, int *y) { int r0; int r1; r0 = smp_load_acquire(y); r1 = READ_ONCE(*x); }
 * exists (1:r0=1 /\\ 1:r1=0)
 * `;
 * const { status, findings } = checkTest({ name: 'mp.litmus', text: test }, { models: ['lkmm', 'x86'] });
 * console.log(status);
 * for (const { message, place, picture } of findings) console.log(`${place?.line}: ${message}\n${picture}`);
 * ```
 * ```text
 * different
 * 3: expected Never, found Sometimes under lkmm
 * message-passing under lkmm: allowed
 * 1:r0=1; 1:r1=0
 *
 * P0                                 P1
 * =====================              ================================
 *  a: WRITE_ONCE(*x, 1) <----+
 *  b: WRITE_ONCE(*y, 1) -----|--rf->  c: r0 = smp_load_acquire(y) [1]
 *                            +--fr--  d: r1 = READ_ONCE(*x) [0]
 *
 * (x = 0) -rf-> d
 * ```
 */
export function checkTest(input: LitmusInput, options: CheckTestOptions = {}): TestCheck {
  const { source, report, settings, diagnostics } = judgeInput(input, options, {
    others: ['expected', 'requireExpectations'],
  });
  const project = projectExpectations(options.expected);
  if (report === null || settings === null) {
    const findings = toLitmusDiagnostics(diagnostics).flatMap(
      ({ severity, message, place, hint }): Finding[] =>
        severity === 'warning'
          ? []
          : [
              {
                kind: 'input',
                severity,
                model: null,
                message,
                expected: null,
                found: null,
                by: null,
                place,
                picture: null,
                hint,
              },
            ],
    );
    return { file: source.name, test: null, status: 'input', findings, models: [], seconds: 0 };
  }
  const check = checkReport(
    report,
    { ...noExpectations, project },
    {
      requireExpectations: options.requireExpectations ?? false,
      isNarrowed: (options.models ?? 'all') !== 'all',
      pictureSearch: () => searchOf(settings),
    },
  );
  const lost = unasked(options.expected, check);
  if (lost.length === 0) return check;
  const status = check.status === 'same' || check.status === 'nothing-expected' ? 'different' : check.status;
  return { ...check, status, findings: [...check.findings, ...lost] };
}
