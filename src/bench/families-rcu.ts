/**
 * Benchmark families of RCU: rings of threads that each read what the last one wrote and write for the next.
 *
 * Each read sees the initial value or the write. That all see the write is a cycle of n steps through r read-side sections and g grace
 * periods; RCU forbids it if g >= r (Alglave et al., ASPLOS 2018), and every other combination
 * leaves some read with the initial value and the ring open. So all but one of the 2^n combinations are allowed, whatever the order of
 * sections and grace periods in the ring; but the axiom's recursion finds the cycle by pairing neighbours, so that the
 * order decides how deep the recursion goes: once if they alternate, r deep if they are apart.
 */
import { type Family, range } from './family.js';
import { type CThreadText, exists, litmusC } from './kernel-c.js';

type Part = 'section' | 'grace';

function ringThread(part: Part, i: number, n: number): CThreadText {
  const next = (i + 1) % n;
  const read = `r0 = READ_ONCE(*x${i});`;
  const write = `WRITE_ONCE(*x${next}, 1);`;
  const lines =
    part === 'section'
      ? ['rcu_read_lock();', read, write, 'rcu_read_unlock();']
      : [read, 'synchronize_rcu();', write];
  return { parameters: [`int *x${i}`, `int *x${next}`], lines: ['int r0;', ...lines] };
}

function ring(name: string, parts: readonly Part[]): string {
  const threads = parts.map((part, i) => ringThread(part, i, parts.length));
  return litmusC(name, threads, exists(parts.map((_, i) => `${i}:r0=1`)));
}

/** k readers and k grace periods, alternating. */
function rcuRing(k: number): string {
  return ring(
    `RCU-ring-${k}`,
    range(k).flatMap((): Part[] => ['section', 'grace']),
  );
}

/** n threads: the grace periods first, then the sections, of which there are as many or one less. */
function rcuChain(n: number): string {
  return ring(
    `RCU-chain-${n}`,
    range(n).map((i) => (i < Math.ceil(n / 2) ? 'grace' : 'section')),
  );
}

const rcu = { language: 'c', model: 'lkmm', verdict: 'Never', unroll: null } as const;

const allButOne = (reads: number) => 2 ** reads - 1;

export const familiesRcu: readonly Family[] = [
  {
    ...rcu,
    name: 'RCU ring',
    sizes: { count: [3, 4, 5, 6], outcomes: [3, 4, 5, 6], verdict: [3, 5, 10] },
    text: rcuRing,
    allowed: (k) => allButOne(2 * k),
    states: (k) => allButOne(2 * k),
  },
  {
    ...rcu,
    name: 'RCU chain',
    sizes: { count: [9, 12, 14, 16, 19], outcomes: [9, 12, 14, 16, 19], verdict: [9, 14, 20] },
    text: rcuChain,
    allowed: allButOne,
    states: allButOne,
  },
];
