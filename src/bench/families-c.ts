/**
 * Benchmark families in kernel C: litmus tests that grow with one number, with the exact number of executions that the
 * kernel's model allows.
 *
 * The numbers are combinatorics, given beside each family; at the sizes where a reference tool finished, they are what it
 * counts.
 */
import type { Family } from './family.js';
import { binomial, factorial, range } from './family.js';

interface CThreadText {
  readonly parameters: readonly string[];
  readonly lines: readonly string[];
}

function litmusC(name: string, threads: readonly CThreadText[], condition: string): string {
  const bodies = threads.map(
    ({ parameters, lines }, i) =>
      `P${i}(${parameters.join(', ')})\n{\n${lines.map((line) => `\t${line}\n`).join('')}}\n`,
  );
  return `C ${name}\n\n{}\n\n${bodies.join('\n')}\n${condition}\n`;
}

const and = (parts: readonly string[]) => `exists (${parts.join(' /\\ ')})`;

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
  return litmusC(`SB-${n}${barrier ? '-mb' : ''}`, threads, and(range(n).map((i) => `${i}:r0=0`)));
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
  return litmusC(`MP-chain-${n}`, [first, ...middle, last], and(asked));
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
  return litmusC(`IRIW-${n}`, [...writers, ...readers], and(asked));
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
  return litmusC(`writers-reads-${n}`, [...writers, reader], and(asked));
}

/** n threads with `sections` critical sections each, that count up under the lock. */
function lockedCounter(n: number, sections: number): string {
  const section = ['spin_lock(l);', 'r0 = READ_ONCE(*c);', 'WRITE_ONCE(*c, r0 + 1);', 'spin_unlock(l);'];
  const threads = range(n).map(() => ({
    parameters: ['int *c', 'spinlock_t *l'],
    lines: ['int r0;', ...range(sections).flatMap(() => section)],
  }));
  return litmusC(`lock-${n}x${sections}`, threads, `exists (c=${n * sections})`);
}

/** The same with data of each thread's own: only the order of the sections is left to count. */
function lockedData(n: number, sections: number): string {
  const threads = range(n).map((i) => ({
    parameters: [`int *d${i}`, 'spinlock_t *l'],
    lines: range(sections).flatMap((s) => [
      'spin_lock(l);',
      `WRITE_ONCE(*d${i}, ${s + 1});`,
      'spin_unlock(l);',
    ]),
  }));
  return litmusC(`lock-data-${n}x${sections}`, threads, `exists (d0=${sections})`);
}

function atomic(name: string, n: number, parameter: string, line: (i: number) => string): string {
  const threads = range(n).map((i) => ({ parameters: [parameter], lines: [line(i)] }));
  return litmusC(`${name}-${n}`, threads, `exists (x=${n})`);
}

/** Orders of n groups of c things each, where each group keeps its own order. */
const interleavings = (n: number, c: number) => factorial(n * c) / factorial(c) ** n;

const c = { language: 'c', model: 'lkmm' } as const;

export const familiesC: readonly Family[] = [
  { ...c, name: 'SB', sizes: [4, 6, 8, 10], text: (n) => storeBuffering(n, false), allowed: (n) => 2 ** n },
  {
    ...c,
    name: 'SB+mb',
    sizes: [4, 6, 8, 10],
    text: (n) => storeBuffering(n, true),
    allowed: (n) => 2 ** n - 1,
  },
  { ...c, name: 'MP chain', sizes: [5, 7, 9, 11], text: messageChain, allowed: (n) => 2 ** n - 1 },
  { ...c, name: 'IRIW+rmb', sizes: [3, 5, 6, 7], text: independentReads, allowed: (n) => 4 ** n },
  { ...c, name: 'coherence nx2', sizes: [2, 3, 4, 5], text: coherence, allowed: (n) => interleavings(n, 2) },
  {
    ...c,
    name: 'n writers + n reads',
    sizes: [3, 4, 5, 6],
    text: writersAndReads,
    allowed: (n) => factorial(n) * binomial(2 * n, n),
  },
  {
    ...c,
    name: 'lock nx1, counter',
    sizes: [2, 3, 4, 5],
    text: (n) => lockedCounter(n, 1),
    allowed: factorial,
  },
  {
    ...c,
    name: 'lock 2xn, counter',
    sizes: [1, 2, 3],
    text: (n) => lockedCounter(2, n),
    allowed: (n) => interleavings(2, n),
  },
  {
    ...c,
    name: 'lock nx2, own data',
    sizes: [2, 3, 4],
    text: (n) => lockedData(n, 2),
    allowed: (n) => interleavings(n, 2),
  },
  {
    ...c,
    name: 'atomic_inc',
    sizes: [4, 5, 6, 7],
    text: (n) => atomic('atomic-inc', n, 'atomic_t *x', () => 'atomic_inc(x);'),
    allowed: factorial,
  },
  {
    ...c,
    name: 'xchg',
    sizes: [4, 5, 6],
    text: (n) => atomic('xchg', n, 'int *x', (i) => `int r0 = xchg(x, ${i + 1});`),
    allowed: factorial,
  },
  {
    ...c,
    name: 'cmpxchg',
    sizes: [4, 5, 6],
    text: (n) => atomic('cmpxchg', n, 'int *x', (i) => `int r0 = cmpxchg(x, 0, ${i + 1});`),
    allowed: (n) => n,
  },
  // The same lock compiled: contended compare-and-swap, which is where enumeration explodes.
  {
    ...c,
    model: 'arm64',
    name: 'lock nx1, compiled',
    sizes: [2, 3, 4],
    text: (n) => lockedCounter(n, 1),
    // each CASA that succeeds may keep its register or get the value read
    allowed: (n) => factorial(n) * 2 ** n,
  },
];
