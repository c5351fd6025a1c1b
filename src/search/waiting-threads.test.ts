/** Loops that are cut off while another thread waits for what they do later: nobody knows the answer then. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judge } from '../verdict/judge.js';
import type { ModelRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';

interface Question {
  readonly unroll?: number;
  readonly models: readonly Judge[];
}

function runs(text: string, { unroll = 4, models }: Question): ModelRun[] {
  const report = runTest({ name: 'test', text }, { ...defaultRunOptions, unroll, models });
  if (report.kind !== 'test') throw new Error(JSON.stringify(report));
  return report.models.map((run) => {
    if (run.kind !== 'run') throw new Error(`${run.model} does not run`);
    return run;
  });
}

function only(text: string, question: Question): ModelRun {
  const [run] = runs(text, question);
  if (run === undefined) throw new Error('a model');
  return run;
}

/** P0 counts in y until it sees z; P1 waits for a number and then sets z. */
const counting = (awaited: number, until = 'r == 0') => `C counting
{}
P0(int *y, int *z)
{
	int i = 0;
	int r = 0;
	do {
		i = i + 1;
		WRITE_ONCE(*y, i);
		r = READ_ONCE(*z);
	} while (${until});
}
P1(int *y, int *z)
{
	int s;
	do {
		s = READ_ONCE(*y);
	} while (s != ${awaited});
	WRITE_ONCE(*z, 1);
}
exists (1:s=${awaited})
`;

/** The same at the start of P0, but not if it sees what P2 does; then P1 gets at once what it waits for. */
const COUNTING_OR_NOT = `AArch64 counting-or-not
{ 0:X1=y; 0:X3=z; 0:X5=u; 1:X1=y; 1:X3=z; 2:X5=u; }
 P0           | P1            | P2          ;
 LDR W6,[X5]  | MOV W5,#1     | MOV W4,#1   ;
 MOV W0,#9    | again:        | STR W4,[X5] ;
 CBNZ W6,once | LDR W0,[X1]   |             ;
 MOV W0,#0    | SUB W4,W0,#9  |             ;
 turn:        | CBNZ W4,again |             ;
 ADD W0,W0,#1 | STR W5,[X3]   |             ;
 STR W0,[X1]  |               |             ;
 LDR W2,[X3]  |               |             ;
 CBZ W2,turn  |               |             ;
 B end        |               |             ;
 once:        |               |             ;
 STR W0,[X1]  |               |             ;
 end:         |               |             ;
exists (0:X6=0 /\\ 1:X0=9)
`;

/** P1 comes to the lock after P0 has taken it, and P0 gives it back only if P2 sees a later turn of its loop. */
const HOLDING_A_LOCK = `C holding-a-lock
{}
P0(int *x, int *y, int *z, spinlock_t *l)
{
	int i = 0;
	int r = 0;
	spin_lock(l);
	WRITE_ONCE(*x, 1);
	do {
		i = i + 1;
		WRITE_ONCE(*y, i);
		r = READ_ONCE(*z);
	} while (r == 0);
	spin_unlock(l);
}
P1(int *x, spinlock_t *l)
{
	int s;
	do {
		s = smp_load_acquire(x);
	} while (s != 1);
	spin_lock(l);
	spin_unlock(l);
}
P2(int *y, int *z)
{
	int t;
	do {
		t = READ_ONCE(*y);
	} while (t != 9);
	WRITE_ONCE(*z, 1);
}
exists (1:s=1)
`;

/** Each counts once, trying again as long as the other is in between: no loop ever goes round more often than that. */
const tryAgain = (threads: number) => `C try-again
{}
${Array.from(
  { length: threads },
  (_, thread) => `P${thread}(int *x)
{
	int old = READ_ONCE(*x);
	while (!try_cmpxchg(x, &old, old + 1))
		;
}
`,
).join('')}exists (x=${threads})
`;

/** The same with a lock of the test's own, which P1 takes in some way. */
const ownLock = (taking: string) =>
  HOLDING_A_LOCK.replaceAll('spinlock_t *l', 'int *l')
    .replace('spin_lock(l);', 'WRITE_ONCE(*l, 1);')
    .replace('WRITE_ONCE(*x, 1);', 'smp_store_release(x, 1);')
    .replace('spin_unlock(l);', 'smp_store_release(l, 0);')
    .replace('spin_lock(l);', taking)
    .replace('spin_unlock(l);', 'WRITE_ONCE(*l, 2);');

describe('a loop that is cut off while another thread waits for its later turns', () => {
  it.each<[string, string, readonly Judge[]]>([
    ['kernel C', counting(9), ['lkmm', 'arm64', 'x86', 'sc']],
    ['another way to the same value', COUNTING_OR_NOT, ['arm64', 'sc']],
    ['a lock that is held', HOLDING_A_LOCK, ['lkmm']],
    ['an exchange', ownLock('while (xchg_acquire(l, 1) != 0)\n\t\t;'), ['lkmm', 'x86']],
    ['attempts', ownLock('int o = 0;\n\twhile (!try_cmpxchg(l, &o, 1))\n\t\to = 0;'), ['lkmm', 'arm64']],
    ['a condition', ownLock('smp_cond_load_acquire(l, VAL == 0);'), ['lkmm', 'arm64']],
  ])('leaves the answer open: %s', (_, text, models) => {
    for (const run of runs(text, { models })) {
      expect([run.model, run.verdict]).toEqual([run.model, 'Unknown']);
      expect(run.result.limit).toMatch(/^unroll bound 4 /);
    }
  });

  it('is decided where enough turns are taken', () => {
    const run = only(COUNTING_OR_NOT, { models: ['arm64'], unroll: 10 });
    expect(run.verdict).toBe('Sometimes');
  });

  it('is decided where the loop cannot go on', () => {
    for (const threads of [2, 3])
      for (const run of runs(tryAgain(threads), { models: ['lkmm', 'arm64', 'x86', 'sc'] }))
        expect([run.model, run.verdict, run.result.limit]).toEqual([run.model, 'Always', null]);
    // the loop waits as the other does, so that neither goes on
    const stuck = only(counting(2, 'i < 2 && r == 0'), { models: ['sc'] });
    expect(stuck.result.limit).toBeNull();
  });
});

/** Of a few statements each: one thread counts, one or two wait for numbers and write. */
const plans = fc.record({
  first: fc.integer({ min: 1, max: 6 }),
  second: fc.integer({ min: 1, max: 6 }),
  step: fc.constantFrom(1, 2),
  until: fc.constantFrom('r == 0', 'r != 2', 'i < 3', 'i < 5 && r == 0'),
  written: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
});

const MOST_TURNS = 8;

it('what is decided with a low bound is so with a higher one', () => {
  let decided = 0;
  let open = 0;
  fc.assert(
    fc.property(plans, ({ first, second, step, until, written }) => {
      const wait = (thread: number, value: number) => `P${thread}(int *y, int *z)
{
	int s;
	do {
		s = READ_ONCE(*y);
	} while (s != ${value});
	WRITE_ONCE(*z, ${written[thread - 1]});
}
`;
      const loop = `C random
{}
P0(int *y, int *z)
{
	int i = 0;
	int r = 0;
	do {
		i = i + ${step};
		WRITE_ONCE(*y, i);
		r = READ_ONCE(*z);
	} while (${until});
}
`;
      const text = `${loop}${wait(1, first)}${wait(2, second)}exists (1:s=${first})`;
      for (const model of ['sc', 'x86'] as const) {
        const states = (unroll: number) => {
          const { limit, states } = only(text, { models: [model], unroll }).result;
          return { limit, states: JSON.stringify([...states].map(({ values }) => values)) };
        };
        const far = states(MOST_TURNS);
        for (const unroll of [1, 2, 3]) {
          const near = states(unroll);
          if (near.limit === null) {
            decided++;
            expect(near.states).toBe(far.states);
          } else open++;
        }
      }
    }),
    { seed: 5, numRuns: 25 },
  );
  expect(decided).toBeGreaterThan(20);
  expect(open).toBeGreaterThan(20);
});
