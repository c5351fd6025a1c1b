/**
 * Random tests in kernel C: what is reported as unnoticed leaves every expected verdict as it is, and what is reported as noticed
 * does not, by the naive enumerator's word.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadShippedModel } from '../model/shipped.js';
import { enumerateNaively } from '../oracle/reference.js';
import { defaultSiteOptions, findSites, withChanges } from '../regress/sites.js';
import type { SourceFile } from '../text/source.js';
import { prepareTest, programIn } from '../verdict/prepare-test.js';
import { decideVerdict, type Verdict } from '../verdict/verdict.js';
import { defaultMutateOptions, mutateTest } from './mutate-test.js';
import { type Sample, sampleSource } from './sample-mutations.js';

const models = ['lkmm', 'arm64', 'x86'] as const;

/** By the enumerator, without any of the search's techniques. */
function verdictOf(source: SourceFile, model: (typeof models)[number]): Verdict {
  const program = programIn(prepareTest(source).value!, model, { atomics: 'lse' }).value!;
  const options = { mode: 'count', unroll: 2, expired: null } as const;
  return decideVerdict(enumerateNaively(program, loadShippedModel(model), options));
}

const barrier = fc.constantFrom('', 'smp_mb();', 'smp_rmb();', 'smp_wmb();');
const write = fc.constantFrom(
  (cell: string) => `WRITE_ONCE(*${cell}, 1);`,
  (cell: string) => `smp_store_release(${cell}, 1);`,
  (cell: string) => `smp_store_mb(*${cell}, 1);`,
  (cell: string) => `xchg(${cell}, 1);`,
);
const read = fc.constantFrom(
  (cell: string, register: string) => `${register} = READ_ONCE(*${cell});`,
  (cell: string, register: string) => `${register} = smp_load_acquire(${cell});`,
);

/** Message passing, store buffering or load buffering with random barriers; some in one critical section. */
const shapes = fc.record({
  shape: fc.constantFrom('mp', 'sb', 'lb'),
  writes: fc.tuple(write, write),
  reads: fc.tuple(read, read),
  barriers: fc.tuple(barrier, barrier),
  locked: fc.nat({ max: 4 }).map((n) => n === 4),
});

interface RandomTest extends Omit<Sample, 'comment'> {
  /** Locks of assembly are loops, of which the enumerator would not see the end. */
  readonly judges: readonly (typeof models)[number][];
}

const tests: fc.Arbitrary<RandomTest> = shapes.map(({ shape, writes, reads, barriers, locked }) => {
  const [w0, w1] = writes;
  const [r0, r1] = reads;
  const pairs = {
    mp: [[w0('x'), w1('y')], [r0('y', 'r0'), r1('x', 'r1')], '1:r0=1 /\\ 1:r1=0'],
    sb: [[w0('x'), r0('y', 'r0')], [w1('y'), r1('x', 'r0')], '0:r0=0 /\\ 1:r0=0'],
    lb: [[r0('x', 'r0'), w0('y')], [r1('y', 'r0'), w1('x')], '0:r0=1 /\\ 1:r0=1'],
  } as const;
  const [first, second, question] = pairs[shape];
  const thread = ([a, b]: readonly [string, string], between: string) => {
    const code = [a, between, b].filter((line) => line !== '');
    const body = locked ? ['spin_lock(l);', ...code, 'spin_unlock(l);'] : code;
    return { label: null, code: ['int r0 = 7;', 'int r1 = 7;', ...body] };
  };
  const threads = [thread(first, barriers[0]), thread(second, barriers[1])];
  return { threads, question, judges: locked ? ['lkmm'] : models };
});

const seen = { noticed: 0, unnoticed: 0 };

describe('a random test', () => {
  it('notices what it is said to notice, and no more', () => {
    fc.assert(
      fc.property(tests, (sample) => {
        const bare = sampleSource({ ...sample, comment: [] });
        const comment = sample.judges.map((model) => `Result(${model}): ${verdictOf(bare, model)}`);
        const source = sampleSource({ ...sample, comment });
        const sites = findSites(source, defaultSiteOptions(null)).value!;
        const { test, diagnostics } = mutateTest(source, { ...defaultMutateOptions, unroll: 2 });
        expect(diagnostics).toEqual([]);
        expect([test!.failing, test!.open], source.text).toEqual([[], []]);
        const weakened = sites.filter(({ weaker }) => weaker.length > 0);
        expect(test!.barriers.map(({ statement }) => statement)).toEqual(
          weakened.map(({ statement }) => statement.replace(/;$/, '')),
        );
        for (const [i, { weakenings }] of test!.barriers.entries())
          for (const [k, { to, answers }] of weakenings.entries()) {
            const changed = withChanges(source, [weakened[i]!.weaker[k]!]);
            for (const answer of answers) {
              const model = models.find((name) => name === answer.model)!;
              const isSame = comment.includes(`Result(${model}): ${verdictOf(changed, model)}`);
              const place = `${model}, ${to ?? 'nothing'}:\n${changed.text}`;
              expect(answer.kind, place).toBe(isSame ? 'unnoticed' : 'noticed');
              seen[isSame ? 'unnoticed' : 'noticed']++;
            }
          }
      }),
      { seed: 71, numRuns: 14 },
    );
  });
});

afterAll(() => {
  expect(seen.noticed).toBeGreaterThan(12);
  expect(seen.unnoticed).toBeGreaterThan(25);
});
