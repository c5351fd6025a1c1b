/**
 * Litmus tests in vitest: importing this registers the matchers with vitest's `expect`, and their types. It exports what
 * `fencepost/matchers` does.
 *
 * ```ts
 * import { litmus } from 'fencepost/vitest';
 * import { expect } from 'vitest';
 *
 * const test = litmus`
 *   C store-buffering
 *   { }
 *   P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); smp_mb(); r0 = READ_ONCE(*y); }
 *   P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x); }
 *   exists (0:r0=0 /\ 1:r0=0)`;
 *
 * await expect(test.under('lkmm', 'arm64', 'x86')).toForbid();
 * await expect(test).toHaveOutcomes([
 *   { '0:r0': 0, '1:r0': 1 },
 *   { '0:r0': 1, '1:r0': 0 },
 *   { '0:r0': 1, '1:r0': 1 },
 * ]);
 * ```
 *
 * @packageDocumentation
 */
import { expect } from 'vitest';
import { type LitmusMatchers, litmusMatchers } from './matchers.js';

export * from './matchers.js';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: an interface is extended under its own parameters
  interface Matchers<T = any> extends LitmusMatchers {}
}

expect.extend(litmusMatchers);
