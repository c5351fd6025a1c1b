/** A line on standard error that says what is being worked on, if the work takes long enough to wonder. */
import { now } from '../io/clock.js';
import type { Terminal } from './terminal.js';

export interface Progress {
  /** What is being worked on now. */
  readonly show: (text: string) => void;
  /** Removes the line; call it before anything else is written. */
  readonly clear: () => void;
}

/** Quiet at first: a short run shows nothing. */
const DELAY_MS = 400;
const INTERVAL_MS = 50;

export function createProgress(terminal: Terminal): Progress {
  if (!terminal.interactive) return { show: () => {}, clear: () => {} };
  const start = now();
  let last = 0;
  let shown = false;
  return {
    show(text) {
      const time = now();
      if (time - start < DELAY_MS || time - last < INTERVAL_MS) return;
      last = time;
      shown = true;
      const room = Math.max(20, (process.stderr.columns || 80) - 1);
      terminal.err(`\r\u001b[K${text.slice(0, room)}`);
    },
    clear() {
      if (shown) terminal.err('\r\u001b[K');
      shown = false;
    },
  };
}
