/** The JSON report of a check, read back as what reporters are given. The format: reporters/json.ts. */
import { z } from 'zod';
import { expectedVerdicts } from '../verdict/report.js';
import { verdicts } from '../verdict/verdict.js';
import type { CheckSummary, Finding, TestCheck } from './check-report.js';
import { JSON_FORMAT } from './reporters/json.js';
import type { RunPart } from './reporters/reporter-setup.js';

export interface CheckReport {
  /** Null: of a whole run. */
  readonly part: RunPart | null;
  readonly tests: readonly TestCheck[];
  readonly summary: CheckSummary;
}

const count = z.int().nonnegative();
export const place = z.object({
  file: z.string(),
  line: count,
  column: count,
  endLine: count,
  endColumn: count,
});
const finding = z.object({
  kind: z.enum([
    'verdict',
    'data-race',
    'appeared',
    'vanished',
    'flag-appeared',
    'flag-vanished',
    'question',
    'not-in-baseline',
    'no-such-test',
    'no-such-model',
    'limit',
    'input',
    'internal',
  ]),
  severity: z.enum(['error', 'warning']),
  model: z.string().nullable(),
  models: z.array(z.string()).exactOptional(),
  message: z.string(),
  expected: z.string().nullable(),
  found: z.string().nullable(),
  state: z.string().exactOptional(),
  by: z.enum(['comment', 'project', 'baseline']).nullable(),
  place: place.nullable(),
  code: place.exactOptional(),
  reasons: z.array(z.string()).exactOptional(),
  picture: z.string().nullable(),
  hint: z.string().nullable(),
}) satisfies z.ZodType<Finding>;
const test = z.object({
  file: z.string(),
  test: z.string().nullable(),
  status: z.enum(['same', 'nothing-expected', 'different', 'limit', 'input', 'internal']),
  findings: z.array(finding),
  models: z.array(
    z.object({
      model: z.string(),
      verdict: z.enum(verdicts).nullable(),
      expected: z.enum(expectedVerdicts).nullable(),
      flags: z.array(z.string()),
      limit: z.string().nullable(),
      seconds: z.number(),
    }),
  ),
  unasked: z.array(z.string()).exactOptional(),
  seconds: z.number(),
}) satisfies z.ZodType<TestCheck>;
const summary = z.object({
  findings: z.array(finding),
  counts: z.object({
    same: count,
    'nothing-expected': count,
    different: count,
    limit: count,
    input: count,
    internal: count,
  }),
  notJudged: count.exactOptional(),
  unasked: z.record(z.string(), count).exactOptional(),
  open: count,
  seconds: z.number(),
  exitCode: count,
  version: z.string(),
}) satisfies z.ZodType<CheckSummary>;
const part = z.object({
  shard: z.string(),
  files: count,
  run: z.string(),
  positions: z.array(count),
}) satisfies z.ZodType<RunPart>;

/** Fields that a later version has added are left out. */
const report = z.object({ tests: z.array(test), ...summary.shape });

/** `tests[3].status: Invalid option ...`. */
export function fault({ path, message }: z.core.$ZodIssue): string {
  const where = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return where === '' ? message : `${where.replace(/^\./, '')}: ${message}`;
}

/** The check of one test, as it was written; null if it is none. */
export function readTestCheck(data: unknown): TestCheck | null {
  return test.safeParse(data).success ? (data as TestCheck) : null;
}

/** The report, or what is wrong with it. */
export function readCheckReport(data: unknown): CheckReport | string {
  const { format, shard } = data as { readonly format: string; readonly shard?: unknown };
  if (format !== JSON_FORMAT) return `the format ${JSON.stringify(format)} is not ${JSON_FORMAT}`;
  const read = report.safeParse(data);
  if (!read.success) return fault(read.error.issues[0]!);
  const { tests, ...rest } = read.data;
  if (shard === undefined) return { part: null, tests, summary: rest };
  const header = part.safeParse(data);
  return header.success ? { part: header.data, tests, summary: rest } : fault(header.error.issues[0]!);
}
