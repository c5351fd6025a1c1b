/** Checks made by hand, for the tests of the reporters: one of each kind that matters, and any at all for fast-check. */
import fc from 'fast-check';
import { plainPalette } from '../../text/render.js';
import { expectedVerdicts } from '../../verdict/report.js';
import { verdicts } from '../../verdict/verdict.js';
import type {
  CheckStatus,
  CheckSummary,
  Finding,
  FindingKind,
  ModelCheck,
  TestCheck,
} from '../check-report.js';
import { leftAside } from '../unasked.js';
import type { ReporterSetup } from './reporter-setup.js';
import { reporterFormat } from './reporters.js';

export const plainSetup: ReporterSetup = { palette: plainPalette, part: null };

export const sampleFinding: Finding = {
  kind: 'verdict',
  severity: 'error',
  model: 'lkmm',
  message: 'expected Never, found Sometimes under lkmm',
  expected: 'Never',
  found: 'Sometimes',
  by: 'comment',
  place: { file: 'tests/wake.litmus', line: 3, column: 4, endLine: 3, endColumn: 17 },
  picture: 'P0            P1\n a: [W] x = 1  b: [R] y = 1\n',
  hint: 'smp_wmb() is gone from line 14',
};

export const sampleModel: ModelCheck = {
  model: 'lkmm',
  verdict: 'Never',
  expected: 'Never',
  flags: [],
  limit: null,
  seconds: 0.25,
};

const same: TestCheck = {
  file: 'tests/sleep.litmus',
  test: 'sleep',
  status: 'same',
  findings: [],
  models: [sampleModel, { ...sampleModel, model: 'arm64', seconds: 0.5 }],
  seconds: 0.75,
};

const different: TestCheck = {
  file: 'tests/wake.litmus',
  test: 'wake',
  status: 'different',
  findings: [
    sampleFinding,
    {
      ...sampleFinding,
      kind: 'appeared',
      model: 'arm64',
      message: 'arm64 allows 1:r0=1; 1:r1=0, which the baseline has not',
      expected: null,
      found: '1:r0=1; 1:r1=0',
      by: 'baseline',
      place: { file: 'tests/baseline.json', line: 12, column: 5, endLine: 12, endColumn: 20 },
      hint: null,
    },
  ],
  models: [
    { ...sampleModel, verdict: 'Sometimes' },
    { ...sampleModel, model: 'arm64', expected: null },
  ],
  seconds: 0.5,
};

const broken: TestCheck = {
  file: 'tests/torn.litmus',
  test: null,
  status: 'input',
  findings: [
    {
      ...sampleFinding,
      kind: 'input',
      model: null,
      message: 'unknown name `r9`',
      expected: null,
      found: null,
      by: null,
      place: { file: 'tests/torn.litmus', line: 20, column: 9, endLine: 20, endColumn: 11 },
      picture: null,
      hint: 'did you mean `r0`?',
    },
  ],
  models: [],
  seconds: 0,
};

const idle: TestCheck = {
  ...same,
  file: 'tests/idle.litmus',
  test: 'idle',
  status: 'nothing-expected',
  models: [{ ...sampleModel, expected: null }],
};

const limited: TestCheck = {
  ...same,
  file: 'tests/long.litmus',
  test: 'long',
  status: 'limit',
  findings: [
    {
      ...sampleFinding,
      kind: 'limit',
      message: 'expected Never, open under lkmm: 10 s were not enough',
      found: 'Unknown',
      place: null,
      by: 'project',
      picture: null,
      hint: null,
    },
  ],
  models: [{ ...sampleModel, verdict: 'Unknown', limit: '10 s were not enough' }],
};

export const sampleChecks: readonly TestCheck[] = [same, different, broken, idle, limited];

export function summaryOf(checks: readonly TestCheck[], others: Partial<CheckSummary> = {}): CheckSummary {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  return {
    counts: {
      same: count('same'),
      'nothing-expected': count('nothing-expected'),
      different: count('different'),
      limit: count('limit'),
      input: count('input'),
      internal: count('internal'),
    },
    ...leftAside(checks),
    findings: [],
    open: 0,
    seconds: 2,
    exitCode: checks.every(({ status }) => status === 'same') ? 0 : 1,
    version: '1.2.3',
    ...others,
  };
}

/** What a reporter writes. */
export async function reportOf(
  name: string,
  checks: readonly TestCheck[],
  summary: CheckSummary = summaryOf(checks),
  setup: ReporterSetup = plainSetup,
): Promise<string> {
  const reporter = (await reporterFormat(name)!.load())(setup);
  const begin = reporter.begin(checks.length + summary.open);
  return begin + checks.map((check) => reporter.test(check)).join('') + reporter.end(summary);
}

/** Text with all that formats trip over. */
const nasty = fc.constantFrom(
  ...[
    '"',
    "'",
    ']]>',
    '<',
    '&amp;',
    '%0A',
    '::',
    ',',
    '#',
    '\\',
    '\n',
    '\r\n',
    '\t',
    '\u0000',
    '\u001b[31m',
    '\u0085',
  ],
  ...[
    '\u2028',
    '\u202e',
    '\ud800',
    '\udc00x',
    '\ufffe',
    '\ufeff',
    '😀',
    'ü',
    '```',
    '|',
    '<!--',
    '...',
    '---',
    '- ',
    ' ',
    ': ',
    '@x',
  ],
);
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 4 }), fc.string({ maxLength: 8 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

const anyFile = fc.oneof(
  fc.constantFrom('a.litmus', 'b/c d.litmus', '../e.litmus', '/f/g.litmus', '<stdin>'),
  anyText,
);
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const kinds: readonly FindingKind[] = [
  ...([
    'verdict',
    'data-race',
    'appeared',
    'vanished',
    'flag-appeared',
    'flag-vanished',
    'question',
  ] as const),
  ...(['not-in-baseline', 'no-such-test', 'no-such-model', 'limit', 'input', 'internal'] as const),
];
const anyPlace = fc
  .record({ file: anyFile, line: fc.nat(99), column: fc.nat(99), lines: fc.nat(2), columns: fc.nat(9) })
  .map(({ file, line, column, lines, columns }) => ({
    file,
    line: line + 1,
    column: column + 1,
    endLine: line + 1 + lines,
    endColumn: column + 1 + columns,
  }));

const findingFields = fc.record({
  kind: fc.constantFrom(...kinds),
  severity: fc.constantFrom('error' as const, 'warning' as const),
  model: orNull(fc.oneof(fc.constantFrom('lkmm', 'arm64'), anyText)),
  message: anyText,
  expected: orNull(anyText),
  found: orNull(anyText),
  by: fc.constantFrom('comment' as const, 'project' as const, 'baseline' as const, null),
  place: orNull(anyPlace),
  picture: orNull(anyText.map((text) => `${text}\n`)),
  hint: orNull(anyText),
});
const laterFields = fc.record(
  {
    models: fc.array(fc.oneof(fc.constantFrom('lkmm', 'arm64'), anyText), { maxLength: 3 }),
    state: anyText,
    code: anyPlace,
    reasons: fc.array(anyText, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

export const anyFinding: fc.Arbitrary<Finding> = fc
  .tuple(findingFields, laterFields)
  .map(([fields, later]) => ({ ...fields, ...later }));

const statuses: readonly CheckStatus[] = [
  'same',
  'nothing-expected',
  'different',
  'limit',
  'input',
  'internal',
];
const checkFields = fc.record({
  file: anyFile,
  test: orNull(anyText),
  status: fc.constantFrom(...statuses),
  findings: fc.array(anyFinding, { maxLength: 3 }),
  models: fc.array(
    fc.record({
      model: fc.oneof(fc.constantFrom('lkmm', 'arm64'), anyText),
      verdict: orNull(fc.constantFrom(...verdicts)),
      expected: orNull(fc.constantFrom(...expectedVerdicts)),
      flags: fc.array(anyText, { maxLength: 2 }),
      limit: orNull(anyText),
      seconds: fc.integer({ min: 0, max: 1e7 }).map((ms) => ms / 1000),
    }),
    { maxLength: 3 },
  ),
  seconds: fc.integer({ min: 0, max: 1e7 }).map((ms) => ms / 1000),
});

export const anyCheck: fc.Arbitrary<TestCheck> = fc
  .tuple(checkFields, fc.array(fc.oneof(fc.constantFrom('lkmm', 'arm64'), anyText), { maxLength: 2 }))
  .map(([fields, unasked]) => (unasked.length === 0 ? fields : { ...fields, unasked }));

/** A run as reporters see it. */
export const anyRun: fc.Arbitrary<{ readonly checks: readonly TestCheck[]; readonly summary: CheckSummary }> =
  fc
    .record({
      checks: fc.array(anyCheck, { maxLength: 4 }),
      findings: fc.array(anyFinding, { maxLength: 2 }),
      open: fc.nat(2),
      exitCode: fc.constantFrom(0, 1, 2, 3, 70, 130),
    })
    .map(({ checks, ...others }) => ({ checks, summary: summaryOf(checks, others) }));
