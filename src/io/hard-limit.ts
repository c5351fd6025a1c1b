/** When work that should keep a limit itself is ended from outside. Apart from who ends it: not all need worker threads. */

/** How long after its limit a search that asks for the time may take to end itself, before it is ended: seconds. */
const GRACE = 3;

/** When to end work that should end itself after so many seconds; for `PoolTask.seconds`, too. */
export function hardLimit(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1.25 + GRACE;
}
