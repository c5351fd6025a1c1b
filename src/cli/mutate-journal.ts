/**
 * What `fencepost mutate` has done so far, for `--resume`: in a journal beside its `--output`.
 *
 * A test's answers are its own (what other tests notice of its barriers is summed up at the end), so they are kept test by test, each
 * with the test's bytes and all that is expected of it for its name. How the report is written is free to change.
 */
import type { MutatedTest } from '../check/mutation.js';
import type { LoadedModels } from '../io/load-models.js';
import { testKey } from './check-journal.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import type { MutatedFile, MutateJob, MutateSetup } from './mutate-file.js';
import { beginResumable, type Resumable } from './resumable.js';
import type { Terminal } from './terminal.js';

function isCode(value: unknown): value is ExitCode {
  const known: readonly unknown[] = Object.values(exitCodes);
  return known.includes(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** What the journal says of a file, if that is what we write there. */
function readResult(value: unknown, readTest: (value: unknown) => MutatedTest | null): MutatedFile | null {
  if (typeof value !== 'object' || value === null) return null;
  const { test, messages, code } = value as Readonly<Record<string, unknown>>;
  const known = test === null ? null : readTest(test);
  const isKnown = test === null || known !== null;
  if (!isKnown || !Array.isArray(messages) || !messages.every(isText) || !isCode(code)) return null;
  return { test: known, messages, code, stopped: false };
}

function writeResult({ test, messages, code, stopped }: MutatedFile): unknown {
  return stopped || code === exitCodes.internal ? null : { test, messages, code };
}

/** Null: it cannot begin, which was said. `output`: the file that the journal is beside. */
export async function beginMutation(
  output: string,
  resume: boolean,
  work: { readonly setup: MutateSetup; readonly loaded: LoadedModels; readonly jobs: readonly MutateJob[] },
  terminal: Terminal,
): Promise<Resumable<MutatedFile> | null> {
  // What reads a journal is not loaded for runs that begin one.
  const readTest = resume ? (await import('../check/read-mutation.js')).readMutatedTest : () => null;
  // What goes to standard error may be in other colours, and another width, the next time.
  const { display: _, debug: __, ...options } = work.setup;
  return beginResumable<MutatedFile>(
    {
      output,
      resume,
      options: ['mutate', options],
      models: work.loaded,
      keys: work.jobs.map(testKey),
      read: (value) => readResult(value, readTest),
      write: writeResult,
      what: 'files',
    },
    terminal,
  );
}
