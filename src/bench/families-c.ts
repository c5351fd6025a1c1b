/**
 * Benchmark families in kernel C: litmus tests that grow with one number, with the exact number of executions that the
 * kernel's model allows.
 *
 * The numbers are combinatorics, given beside each family; at the sizes where a reference tool finished, they are what it
 * counts.
 */
import { binomial, type Family, factorial, interleavings, range } from './family.js';
import { exists, litmusC } from './kernel-c.js';

/** A ring: thread i writes x(i) and reads x(i+1). Every read may see either value; full barriers forbid all zeros. */
function storeBuffering(n: number, barrier: boolean): string {
  const threads = range(n).map((i) => ({
    parameters: [`int *x${i}`, `int *x${(i + 1) % n}`],
    lines: [
      'int r0;',
      `WRITE_ONCE(*x${i}, 1);`,
      ...(barrier ? ['smp_mb();'] : []),
      `r0 = READ_ONCE(*x${(i + 1) % n});`,
    ],
  }));
  return litmusC(`SB-${n}${barrier ? '-mb' : ''}`, threads, exists(range(n).map((i) => `${i}:r0=0`)));
}

/** A message handed on from thread to thread, and the data read at the end: all but "every flag, no data". */
function messageChain(n: number): string {
  const first = {
    parameters: ['int *data', 'int *y0'],
    lines: ['WRITE_ONCE(*data, 1);', 'smp_mb();', 'WRITE_ONCE(*y0, 1);'],
  };
  const middle = range(n - 2).map((i) => ({
    parameters: [`int *y${i}`, `int *y${i + 1}`],
    lines: ['int r0;', `r0 = READ_ONCE(*y${i});`, 'smp_mb();', `WRITE_ONCE(*y${i + 1}, 1);`],
  }));
  const last = {
    parameters: [`int *y${n - 2}`, 'int *data'],
    lines: ['int r0;', 'int r1;', `r0 = READ_ONCE(*y${n - 2});`, 'smp_rmb();', 'r1 = READ_ONCE(*data);'],
  };
  const asked = [...range(n - 1).map((i) => `${i + 1}:r0=1`), `${n - 1}:r1=0`];
  return litmusC(`MP-chain-${n}`, [first, ...middle, last], exists(asked));
}

/** Two independent writes, read in both orders by n readers: the kernel's model allows disagreement. */
function independentReads(n: number): string {
  const writers = ['x', 'y'].map((name) => ({
    parameters: [`int *${name}`],
    lines: [`WRITE_ONCE(*${name}, 1);`],
  }));
  const readers = range(n).map((i) => {
    const [first, second] = i % 2 === 0 ? ['x', 'y'] : ['y', 'x'];
    return {
      parameters: ['int *x', 'int *y'],
      lines: [
        'int r0;',
        'int r1;',
        `r0 = READ_ONCE(*${first});`,
        'smp_rmb();',
        `r1 = READ_ONCE(*${second});`,
      ],
    };
  });
  const asked = range(n).flatMap((i) => [`${i + 2}:r0=1`, `${i + 2}:r1=0`]);
  return litmusC(`IRIW-${n}`, [...writers, ...readers], exists(asked));
}

/** n threads write twice each to one location: the interleavings of n ordered pairs. */
function coherence(n: number): string {
  const threads = range(n).map((i) => ({
    parameters: ['int *x'],
    lines: [`WRITE_ONCE(*x, ${2 * i + 1});`, `WRITE_ONCE(*x, ${2 * i + 2});`],
  }));
  return litmusC(`coherence-${n}`, threads, 'exists (x=2)');
}

/** n single writers and one thread of n reads of the same location. */
function writersAndReads(n: number): string {
  const writers = range(n).map((i) => ({ parameters: ['int *x'], lines: [`WRITE_ONCE(*x, ${i + 1});`] }));
  const reader = {
    parameters: ['int *x'],
    lines: [...range(n).map((i) => `int r${i};`), ...range(n).map((i) => `r${i} = READ_ONCE(*x);`)],
  };
  const asked = range(n).map((i) => `${n}:r${i}=${i + 1}`);
  return litmusC(`writers-reads-${n}`, [...writers, reader], exists(asked));
}

function atomic(name: string, n: number, parameter: string, line: (i: number) => string): string {
  const threads = range(n).map((i) => ({ parameters: [parameter], lines: [line(i)] }));
  return litmusC(`${name}-${n}`, threads, `exists (x=${n})`);
}

/** What n reads of one location can see of n writes: some of them, one after another, each for a while. */
function readSequences(n: number): number {
  // m reads after the last of the initial value, that see k writes: where to change, and which writes.
  const seen = (m: number, k: number) => (binomial(m - 1, k - 1) * factorial(n)) / factorial(n - k);
  const after = (m: number) => range(m).reduce((sum, k) => sum + seen(m, k + 1), 0);
  return 1 + range(n).reduce((sum, m) => sum + after(m + 1), 0);
}

const c = { language: 'c', model: 'lkmm', unroll: null } as const;

/** Sizes for tests whose executions are few, and whose states are. */
const everyMode = (sizes: readonly number[], verdict: readonly number[]): Family['sizes'] => ({
  count: sizes,
  outcomes: sizes,
  verdict,
});

export const familiesC: readonly Family[] = [
  {
    ...c,
    name: 'SB',
    sizes: everyMode([4, 6, 8, 10], [8, 12, 20]),
    text: (n) => storeBuffering(n, false),
    allowed: (n) => 2 ** n,
    states: (n) => 2 ** n,
    verdict: 'Sometimes',
  },
  {
    ...c,
    name: 'SB+mb',
    sizes: everyMode([4, 6, 8, 10], [8, 12, 20]),
    text: (n) => storeBuffering(n, true),
    allowed: (n) => 2 ** n - 1,
    states: (n) => 2 ** n - 1,
    verdict: 'Never',
  },
  {
    ...c,
    name: 'MP chain',
    sizes: everyMode([5, 7, 9, 11], [9, 14, 20]),
    text: messageChain,
    allowed: (n) => 2 ** n - 1,
    states: (n) => 2 ** n - 1,
    verdict: 'Never',
  },
  {
    ...c,
    name: 'IRIW+rmb',
    sizes: everyMode([5, 6, 7], [7, 12, 18]),
    text: independentReads,
    allowed: (n) => 4 ** n,
    states: (n) => 4 ** n,
    verdict: 'Sometimes',
  },
  {
    ...c,
    name: 'coherence nx2',
    sizes: { count: [3, 4, 5, 6, 8, 10], outcomes: [3, 4, 5, 6, 8, 10, 12], verdict: [6, 12, 20] },
    text: coherence,
    allowed: (n) => interleavings(n, 2),
    states: (n) => n,
    verdict: 'Sometimes',
  },
  {
    ...c,
    name: 'n writers + n reads',
    sizes: everyMode([3, 4, 5, 6], [5, 8, 12]),
    text: writersAndReads,
    allowed: (n) => factorial(n) * binomial(2 * n, n),
    states: readSequences,
    verdict: 'Sometimes',
  },
  {
    ...c,
    name: 'atomic_inc',
    sizes: { count: [4, 5, 6, 7, 8], outcomes: [4, 6, 8, 10, 12], verdict: [6, 12, 20] },
    text: (n) => atomic('atomic-inc', n, 'atomic_t *x', () => 'atomic_inc(x);'),
    allowed: factorial,
    states: () => 1,
    verdict: 'Always',
  },
  {
    ...c,
    name: 'xchg',
    sizes: { count: [4, 5, 6, 7], outcomes: [4, 6, 8, 10, 12], verdict: [6, 12, 20] },
    text: (n) => atomic('xchg', n, 'int *x', (i) => `int r0 = xchg(x, ${i + 1});`),
    allowed: factorial,
    states: (n) => n,
    verdict: 'Sometimes',
  },
  {
    ...c,
    name: 'cmpxchg',
    sizes: { count: [4, 5, 6, 7], outcomes: [4, 6, 8, 10, 12], verdict: [6, 12, 20] },
    text: (n) => atomic('cmpxchg', n, 'int *x', (i) => `int r0 = cmpxchg(x, 0, ${i + 1});`),
    allowed: (n) => n,
    states: (n) => n,
    verdict: 'Sometimes',
  },
];
