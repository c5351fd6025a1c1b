/** Time, for what is measured and what is limited. Not by `performance`, which takes 5 ms to load. */

/** Milliseconds since some fixed moment; never goes backwards. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** A question that turns true after `seconds`; null for no limit. */
export function deadline(seconds: number | null): (() => boolean) | null {
  if (seconds === null) return null;
  const end = now() + seconds * 1000;
  return () => now() >= end;
}
