/** What weakening a test showed, read back from where it was kept as JSON. */
import { z } from 'zod';
import type { Answer, Declaration, MutatedBarrier, MutatedTest, Weakening } from './mutation.js';
import { place } from './read-check-report.js';

const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('noticed'), model: z.string(), shown: z.string() }),
  z.object({ kind: z.literal('unnoticed'), model: z.string(), shown: z.string() }),
  z.object({ kind: z.literal('open'), model: z.string(), limit: z.string() }),
]) satisfies z.ZodType<Answer>;

const form = z.string().nullable();
const names = z.array(z.string());

const weakening = z.object({ to: form, answers: z.array(answer) }) satisfies z.ZodType<Weakening>;

const declaration = z.object({
  forms: z.array(form).nullable(),
  reason: z.string(),
  place,
}) satisfies z.ZodType<Declaration>;

const barrier = z.object({
  name: z
    .object({
      kind: z.enum(['fence', 'section', 'access']),
      functions: names,
      primitive: z.string(),
      target: z.string().nullable(),
      before: names,
      after: names,
    })
    .nullable(),
  thread: z.string(),
  primitive: z.string(),
  statement: z.string(),
  place,
  weakenings: z.array(weakening).min(1),
  declarations: z.array(declaration),
}) satisfies z.ZodType<MutatedBarrier>;

const count = z.int().nonnegative();
const test = z.object({
  file: z.string(),
  test: z.string(),
  models: names,
  failing: z.array(answer),
  open: z.array(answer),
  barriers: z.array(barrier),
  searches: count,
  known: count,
}) satisfies z.ZodType<MutatedTest>;

/** As it was written; null if it is none. */
export function readMutatedTest(data: unknown): MutatedTest | null {
  return test.safeParse(data).success ? (data as MutatedTest) : null;
}
