/**
 * Calls a function that may be ended from outside, wherever it is: by the clock or by Ctrl-C.
 *
 * Node ends scripts of its `vm` module so, with all that they call. What is ended leaves its data as they are, in the middle of things:
 * whoever goes on must not use them.
 */
import { Script } from 'node:vm';

export type Bounded<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'interrupted' };

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
    const value = script.runInThisContext({ timeout: milliseconds, breakOnSigint: true }) as T;
    return { kind: 'done', value };
  } catch (error) {
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { kind: 'timeout' };
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') return { kind: 'interrupted' };
    throw error;
  } finally {
    delete holder[KEY];
  }
}
