/**
 * Benchmark families of kernel spinlocks: every execution is an order of the critical sections, which is all there is to count.
 */
import { type Family, factorial, interleavings, range } from './family.js';
import { litmusC } from './kernel-c.js';

/** A critical section that adds to the counter under the lock. */
function addingSection(amount: number): string[] {
  return ['spin_lock(l);', 'r0 = READ_ONCE(*c);', `WRITE_ONCE(*c, r0 + ${amount});`, 'spin_unlock(l);'];
}

/** n threads with `sections` critical sections each, that count up under the lock. */
function lockedCounter(n: number, sections: number): string {
  const threads = range(n).map(() => ({
    parameters: ['int *c', 'spinlock_t *l'],
    lines: ['int r0;', ...range(sections).flatMap(() => addingSection(1))],
  }));
  return litmusC(`lock-${n}x${sections}`, threads, `exists (c=${n * sections})`);
}

/** Thread i adds i + 1: threads that are nearly the same, but swapping two is no symmetry of the test. */
function lockedAmounts(n: number): string {
  const threads = range(n).map((i) => ({
    parameters: ['int *c', 'spinlock_t *l'],
    lines: ['int r0;', ...addingSection(i + 1)],
  }));
  return litmusC(`lock-amounts-${n}`, threads, `exists (c=${(n * (n + 1)) / 2})`);
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

const always = { language: 'c', states: () => 1, verdict: 'Always', unroll: null } as const;
const lock = { ...always, model: 'lkmm' } as const;

export const familiesLocks: readonly Family[] = [
  {
    ...lock,
    name: 'lock nx1, counter',
    sizes: { count: [3, 4, 5, 6], outcomes: [3, 4, 6, 8, 10, 12], verdict: [4, 8, 20] },
    text: (n) => lockedCounter(n, 1),
    allowed: factorial,
  },
  {
    ...lock,
    name: 'lock nx1, own amounts',
    sizes: { count: [3, 4, 5, 6], outcomes: [3, 4, 5, 6], verdict: [3, 4, 5, 6] },
    text: lockedAmounts,
    allowed: factorial,
  },
  {
    ...lock,
    name: 'lock nx2, counter',
    sizes: { count: [2, 3, 4], outcomes: [2, 3, 4, 6, 8, 10, 12], verdict: [2, 4, 8, 20] },
    text: (n) => lockedCounter(n, 2),
    allowed: (n) => interleavings(n, 2),
  },
  {
    ...lock,
    name: 'lock nx3, counter',
    sizes: { count: [2, 3], outcomes: [2, 3, 4, 6, 8], verdict: [2, 4, 20] },
    text: (n) => lockedCounter(n, 3),
    allowed: (n) => interleavings(n, 3),
  },
  {
    ...lock,
    name: 'lock nx2, own data',
    sizes: { count: [2, 3, 4], outcomes: [2, 3, 4, 6, 8, 10, 12], verdict: [2, 4, 8, 20] },
    text: (n) => lockedData(n, 2),
    allowed: (n) => interleavings(n, 2),
  },
  // The same lock compiled: contended compare-and-swap, which is where enumeration explodes.
  {
    ...always,
    model: 'arm64',
    name: 'lock nx1, compiled',
    sizes: { count: [2, 3, 4], outcomes: [2, 3, 4, 6], verdict: [2, 4] },
    text: (n) => lockedCounter(n, 1),
    // each CASA that succeeds may keep its register or get the value read
    allowed: (n) => factorial(n) * 2 ** n,
  },
];
