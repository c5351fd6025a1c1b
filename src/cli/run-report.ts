/** Where the report of `fencepost run` goes: here, to standard output as results come; to a file: run-report-file.ts. */
import type { LoadedModels } from '../io/load-models.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import type { FileResult, RunJob, RunSetup } from './run-file.js';
import type { Terminal } from './terminal.js';

/** The report of one run, from its first result to its last. */
export interface BegunReport {
  /** What an earlier run has done, by the job's index. */
  readonly done: ReadonlyMap<number, FileResult>;
  /** The indices of the other jobs. */
  readonly open: readonly number[];
  readonly keep: (index: number, result: FileResult) => void;
  /** All results are there. */
  readonly finish: () => ExitCode;
  /** The run ends early. */
  readonly abandon: () => void;
}

export interface Report {
  /** What the report is written to, meanwhile. */
  readonly terminal: Terminal;
  /** Null: it cannot be begun, which was said. */
  readonly begin: (jobs: readonly RunJob[], setup: RunSetup, models: LoadedModels) => BegunReport | null;
}

/** Results are written to the terminal and nowhere else. */
export function reportToTerminal(terminal: Terminal): Report {
  return {
    terminal,
    begin: (jobs) => ({
      done: new Map(),
      open: [...jobs.keys()],
      keep: () => {},
      finish: () => exitCodes.ok,
      abandon: () => {},
    }),
  };
}
