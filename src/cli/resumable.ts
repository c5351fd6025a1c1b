/**
 * A run that can be gone on with after it was killed: which of its jobs an earlier run has done, and a journal of those that this one
 * does. For any command that does many jobs one by one, around `runInPool` or in this thread.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fingerprint, type Journal, openJournal } from '../io/journal.js';
import type { LoadedModels } from '../io/load-models.js';
import { printDiagnostics } from './diagnostics-output.js';
import { shownOptions } from './shown-options.js';
import type { Terminal } from './terminal.js';
import { version } from './version.js';

export interface ResumableRun<Result> {
  /** The file that the run will write: the journal is beside it. */
  readonly output: string;
  /** Whether to go on with what is in the journal. */
  readonly resume: boolean;
  /** The command's name and all options that a result depends on; plain data. Not how many threads do the work. */
  readonly options: unknown;
  readonly models: LoadedModels | null;
  /** One for each job, in their order: a name for all else that its result depends on (`fileKey`); null: it is always done anew. */
  readonly keys: readonly (string | null)[];
  /** A result as it was kept; null if it is none. */
  readonly read: (value: unknown) => Result | null;
  /** What to keep of a result: plain data. Null: the next run should try again (our own bug, a search that was interrupted). */
  readonly write: (result: Result) => unknown;
  /** What the jobs are, for people: `files`. */
  readonly what: string;
}

export function journalBeside(output: string): string {
  return `${output}.journal`;
}

/** Of a name that is no word. */
const SHOWN_DIGITS = 8;

/** What tells builds of one version apart: the whole program is in the file that this code was built into. Some milliseconds. */
function buildName(): string {
  return fingerprint(readFileSync(fileURLToPath(import.meta.url)));
}

export class Resumable<Result> {
  /** The results of an earlier run, by the job's index. */
  readonly done: ReadonlyMap<number, Result>;
  /** The indices of the jobs that are left. */
  readonly open: readonly number[];

  constructor(
    private readonly journal: Journal,
    private readonly run: Pick<ResumableRun<Result>, 'keys' | 'read' | 'write'>,
    private readonly terminal: Terminal,
  ) {
    const { keys, read } = run;
    const done = new Map<number, Result>();
    for (const [index, key] of keys.entries()) {
      const result = key === null ? null : read(journal.done.get(key));
      if (result !== null) done.set(index, result);
    }
    this.done = done;
    this.open = [...keys.keys()].filter((index) => !done.has(index));
  }

  /** Keeps a result. */
  keep(index: number, result: Result): void {
    const key = this.run.keys[index];
    const value = this.run.write(result);
    if (key == null || value === null) return;
    const failure = this.journal.keep(key, value);
    // The run can do without; only another that should go on with it cannot.
    if (failure !== null) printDiagnostics([{ ...failure, severity: 'warning' }], this.terminal);
  }

  /** The report is written: there is nothing to go on with. */
  remove(): void {
    this.journal.remove();
  }

  /** Leaves the journal for `--resume`. */
  close(): void {
    this.journal.close();
  }

  /** The run ends early: leaves the journal, and says so. */
  leave(unwritten: readonly string[]): void {
    this.close();
    const files = `${unwritten.join(', ')} ${unwritten.length === 1 ? 'is' : 'are'} not written`;
    this.terminal.err(`${files}; what is done is in ${this.journal.path}: go on with --resume\n`);
  }
}

/** Null: it cannot begin, which was said. */
export function beginResumable<Result>(
  run: ResumableRun<Result>,
  terminal: Terminal,
): Resumable<Result> | null {
  const { output, resume, options, models, keys, what } = run;
  const sources = models?.sources.flatMap(({ name, text }) => [name, text]) ?? [];
  const build = buildName();
  const name = fingerprint(
    `${version} ${build}`,
    JSON.stringify(options),
    String(models?.unroll),
    ...sources,
  );
  const about = {
    ...shownOptions(options),
    'model files': fingerprint(...sources).slice(0, SHOWN_DIGITS),
    version,
    build: build.slice(0, SHOWN_DIGITS),
  };
  const { value: journal, diagnostics } = openJournal(journalBeside(output), name, resume, about);
  printDiagnostics(diagnostics, terminal);
  if (journal === null) return null;
  const resumable = new Resumable(journal, run, terminal);
  const { done } = resumable;
  if (resume) terminal.err(`going on: ${done.size} of ${keys.length} ${what} are done\n`);
  return resumable;
}
