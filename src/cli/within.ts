/**
 * `--timeout` in commands that work in one thread: searches look at the clock themselves, but what comes before and after them (a test of
 * ten thousand statements to be read, a story of as many steps to be told) does not, and is ended from outside, somewhat later.
 */
import { callWithin } from '../io/bounded-call.js';
import { hardLimit } from '../io/hard-limit.js';

/** The time is over, and what the command was at has been ended: it has no result. */
export class Ended extends Error {}

/** A test is judged by so many models, one after the other, each with its own time. */
export const MOST_MODELS = 4;

/** The longest time that Node's `vm` takes. */
const LONGEST_MS = 2 ** 31 - 1;

/** `timeout`: seconds for each of so many parts, which should end themselves then; undefined: no limit. */
export function within<T>(timeout: number | undefined, parts: number, work: () => T): T {
  const seconds = hardLimit(timeout === undefined ? null : timeout * parts);
  if (seconds === null || seconds * 1000 > LONGEST_MS) return work();
  const result = callWithin(Math.ceil(seconds * 1000), work);
  if (result.kind === 'done') return result.value;
  throw new Ended('the time is over');
}
