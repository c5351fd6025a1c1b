/**
 * How `--timeout` and `--memory` are kept in the searches of a file's work, and what that work can say and ask meanwhile: searches ask a
 * question now and then, which ends them.
 */
import { deadline, now } from '../io/clock.js';
import { memoryLimit } from '../io/memory.js';
import type { FileReport } from '../verdict/report.js';
import type { RunOptions } from '../verdict/run-test.js';

/** For each test and model. */
export interface Limits {
  /** Seconds. */
  readonly timeout: number | null;
  /** Megabytes. */
  readonly memory: number | null;
}

/** How a search is getting on. */
export interface RunNote {
  readonly model: string;
  readonly seconds: number;
  /** Of the search: 0 to 1, estimated. */
  readonly share: number;
}

/** What a file's work can say and ask. */
export interface RunDesk {
  readonly begin: (part: string) => void;
  /** The search is over, or told to be: what is left is to report what it found. */
  readonly conclude: () => void;
  readonly tell: (note: RunNote) => void;
  /** Whether to stop, of a search of which this share is done; null: between two searches. */
  readonly isStopping: (note: RunNote | null) => boolean;
  /** Calls what may take long; null if it was ended in the middle. */
  readonly call: (work: () => FileReport) => FileReport | null;
}

export function memoryText(megabytes: number | null): string {
  return megabytes === null ? 'out of memory' : `memory limit ${megabytes} MB`;
}

export const INTERRUPTED = 'interrupted';

const TELL_MS = 100;

/** The question that ends a search also says how it is getting on. */
export function expiryFor({ timeout, memory }: Limits, desk: RunDesk): RunOptions['expiry'] {
  return (model) => {
    const start = now();
    const isOver = deadline(timeout);
    const isFull = memoryLimit(memory);
    let told = start;
    let concluded = false;
    const conclude = (limit: string): string => {
      if (!concluded) desk.conclude();
      concluded = true;
      return limit;
    };
    return (share) => {
      const time = now();
      const note: RunNote = { model, seconds: (time - start) / 1000, share };
      if (time - told >= TELL_MS) {
        told = time;
        desk.tell(note);
      }
      if (desk.isStopping(note)) return conclude(INTERRUPTED);
      if (isOver?.() === true) return conclude('time limit');
      return isFull?.() === true ? conclude(memoryText(memory)) : false;
    };
  };
}

/** Milliseconds, at least, for the verdict alone: of most tests it is known in less. */
const LAST_MS = 250;

/** After a search for all states was stopped, one for the verdict alone gets a tenth of the time that was spent. */
export function lastQuestionFor({ memory }: Limits, desk: RunDesk): NonNullable<RunOptions['lastQuestion']> {
  return (model, spent) => {
    const isOver = deadline(Math.max(LAST_MS, spent / 10) / 1000);
    const isFull = memoryLimit(memory);
    return (share) => {
      if (desk.isStopping({ model, seconds: spent / 1000, share })) return INTERRUPTED;
      return isOver?.() === true || isFull?.() === true;
    };
  };
}
