import { describe, expect, it } from 'vitest';
import { summarize } from './barrier-guards.js';
import { renderMutation } from './mutation-text.js';
import { readMutatedTest } from './read-mutation.js';
import { messagePassing, mutatedSample } from './sample-mutations.js';

const sample = messagePassing('smp_mb();', 'smp_rmb();', [
  'Unguarded: P0 smp_mb() -> smp_wmb(): the stores are all that matters',
  'Result: Never',
  'Result(x86): Never',
]);
const tests = [
  mutatedSample(sample),
  mutatedSample({ ...sample, file: 'failing.litmus', comment: ['Result: Sometimes'] }),
  mutatedSample(messagePassing('smp_wmb();', '', ['Result: Sometimes'], [null, null]), {
    expiry: () => () => true,
  }),
];

describe('what weakening showed', () => {
  it('is the same as it was when it is read back', () => {
    const back = tests.map((test) => readMutatedTest(JSON.parse(JSON.stringify(test)))!);
    expect(back).toEqual(tests);
    expect(renderMutation(summarize(back), { all: true })).toBe(
      renderMutation(summarize(tests), { all: true }),
    );
  });

  it.each<[string, (test: Record<string, unknown>) => unknown]>([
    ['nothing', () => undefined],
    ['a test without barriers', ({ barriers: _, ...test }) => test],
    ['an answer of another kind', (test) => ({ ...test, failing: [{ kind: 'fine', model: 'lkmm' }] })],
    ['a barrier that cannot be weaker', (test) => ({ ...test, barriers: [{ weakenings: [] }] })],
    ['a number for a name', (test) => ({ ...test, test: 7 })],
  ])('is not taken from %s', (_, change) => {
    expect(readMutatedTest(change({ ...tests[0] }))).toBe(null);
  });
});
