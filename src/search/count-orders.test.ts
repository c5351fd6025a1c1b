/** Counting coherence orders against making them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ForcedOrder, forEachCoherence, type Pin } from './coherence.js';
import { countOrders } from './count-orders.js';

const never = () => false;

interface Case {
  readonly size: number;
  readonly edges: readonly (readonly [number, number])[];
  readonly pins: readonly Pin[];
  readonly external: boolean;
}

const randomCase: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 6 }).chain((size) => {
  const write = fc.integer({ min: 0, max: size - 1 });
  return fc.record({
    size: fc.constant(size),
    edges: fc.array(fc.tuple(write, write), { maxLength: 6 }),
    pins: fc.array(fc.record({ from: write, write, thread: fc.integer({ min: 0, max: 2 }) }), {
      maxLength: 3,
    }),
    external: fc.boolean(),
  });
});

function orderOf({ size, edges }: Pick<Case, 'size' | 'edges'>): ForcedOrder {
  const order = new ForcedOrder(size);
  for (const [a, b] of edges) order.add(a, b);
  return order;
}

test('counts by last write what the enumeration makes', () => {
  let withPins = 0;
  fc.assert(
    fc.property(randomCase, (of) => {
      const writes = Array.from({ length: of.size }, (_, i) => i);
      const order = orderOf(of);
      const mayIntervene = (pin: Pin, write: number) => of.external && write % 3 === pin.thread;
      const made = writes.map(() => 0);
      forEachCoherence(writes, order, of.pins, mayIntervene, (sequence) => {
        made[sequence[sequence.length - 1]!]!++;
        return true;
      });
      const free = countOrders(writes, order, [], never, never)!;
      expect(countOrders(writes, order, of.pins, mayIntervene, never)).toEqual(made);
      if (free.some((count, write) => count > made[write]!)) withPins++;
    }),
    { seed: 501, numRuns: 1000 },
  );
  expect(withPins).toBeGreaterThan(100);
});

/** An initial write, and threads that write twice each. */
function pairs(threads: number): { readonly writes: readonly number[]; readonly order: ForcedOrder } {
  const writes = Array.from({ length: 2 * threads + 1 }, (_, i) => i);
  const first = writes.slice(1).map((write) => [0, write] as const);
  const chains = Array.from({ length: threads }, (_, t) => [2 * t + 1, 2 * t + 2] as const);
  return { writes, order: orderOf({ size: writes.length, edges: [...chains, ...first] }) };
}

// (2n)! / 2^n
test.each([
  [6, 7484400],
  [8, 81729648000],
])('%i threads that write twice', (threads, total) => {
  const { writes, order } = pairs(threads);
  const byLast = countOrders(writes, order, [], never, never)!;
  expect(byLast.reduce((sum, count) => sum + count, 0)).toBe(total);
  expect(new Set(byLast)).toEqual(new Set([0, total / threads]));
});

test('more writes than sets of them can be told apart, and a time that is up', () => {
  const writes = Array.from({ length: 60 }, (_, i) => i);
  expect(countOrders(writes, new ForcedOrder(60), [], never, never)).toBeNull();
  const { writes: few, order } = pairs(5);
  expect(countOrders(few, order, [], never, () => true)).toBeNull();
});
