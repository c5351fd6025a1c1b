/** Ctrl-C and `kill`: the chance to print what is done. */

export type StopSignal = 'SIGINT' | 'SIGTERM';

const signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM'];

/**
 * Calls `stop` at the first signal; the next one has its usual effect, the end of the process. Returns what takes it back, when all that
 * this turn of the event loop still does is done: a signal must not cut off the end of a report.
 */
export function onStopSignal(stop: (signal: StopSignal) => void): () => void {
  const remove = (): void => {
    for (const signal of signals) process.off(signal, listener);
  };
  const listener = (signal: StopSignal): void => {
    remove();
    stop(signal);
  };
  for (const signal of signals) process.on(signal, listener);
  return () => void setImmediate(remove);
}
