/** Time, for what is measured and what is limited. By the global `performance`: importing it from its module takes 5 ms. */

/** Milliseconds since some fixed moment; never goes backwards. */
export function now(): number {
  return performance.now();
}

/** A question that turns true after `seconds`; null for no limit. */
export function deadline(seconds: number | null): (() => boolean) | null {
  if (seconds === null) return null;
  const end = now() + seconds * 1000;
  return () => now() >= end;
}
