/** What an interrupt ended: which signal it was, and what was being worked on. */
import type { StopSignal } from '../io/signals.js';
import { type ExitCode, exitCodes } from './exit-code.js';

export interface Interrupt {
  readonly signal: StopSignal;
  /** The files that were being worked on and are open, each with how far it was; what took longest first. */
  readonly atWork: readonly string[];
}

/** So many are named. */
const MOST = 4;

export function exitOfInterrupt({ signal }: Interrupt): ExitCode {
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}

/** Lines, or nothing. */
export function atWorkText({ atWork }: Interrupt): string {
  const more = atWork.length - MOST;
  const lines = atWork.slice(0, MOST).map((text) => `  at work: ${text}\n`);
  return lines.join('') + (more > 0 ? `  and ${more} more\n` : '');
}

/** `of`: how many there were of `what` (files); of a single one there is nothing to name. */
export function interruptText(interrupt: Interrupt, open: number, of: number, what: string): string {
  return `interrupted, with ${open} of ${of} ${what} open\n${of > 1 ? atWorkText(interrupt) : ''}`;
}
