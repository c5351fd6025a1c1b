/**
 * Calls a function that the clock may end from outside, wherever it is.
 *
 * Node ends scripts of its `vm` module so, with all that they call. What is ended leaves its data as they are, in the middle of things:
 * whoever goes on must not use them. Ctrl-C could end them likewise (`breakOnSigint`), but Node then takes the listeners of the signal
 * away and puts them back at every call: a signal in between is lost, or ends the process at once.
 */
import { Script } from 'node:vm';

export type Bounded<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'timeout' };

/** How the script finds the function; set during the call only. */
const KEY = 'fencepostBoundedCall';

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}

export function callWithin<T>(milliseconds: number, call: () => T): Bounded<T> {
  const holder = globalThis as { [KEY]?: () => T };
  holder[KEY] = call;
  try {
    const script = new Script(`globalThis.${KEY}()`);
    const value = script.runInThisContext({ timeout: milliseconds }) as T;
    return { kind: 'done', value };
  } catch (error) {
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { kind: 'timeout' };
    throw error;
  } finally {
    delete holder[KEY];
  }
}
