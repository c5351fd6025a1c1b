/**
 * What a check has done so far, for `--resume`: in a journal beside the first file that it will write, as `fencepost run --output` does.
 *
 * A check of a test is kept with all that it depends on for its name: the test's bytes, and what the project file and the baseline
 * expect of it, with the lines where that stands. So a changed baseline costs the checks of the tests whose entries it changed.
 */
import type { TestCheck } from '../check/check-report.js';
import type { FileExpectations } from '../check/expected.js';
import { fileKey, fingerprint } from '../io/journal.js';
import type { CheckedFile, CheckJob } from './check-file.js';
import type { CheckPlan } from './check-plan.js';
import { beginResumable, type Resumable } from './resumable.js';
import type { Terminal } from './terminal.js';

/** Everything that is expected of a file, its comment aside, as text. */
export function expectationsText(expectations: FileExpectations): string {
  return JSON.stringify(expectations, (_, value: unknown) => (value instanceof Map ? [...value] : value));
}

/** A name for what is asked of a test, and for its text; null: it cannot be read. */
export function testKey({ path, expectations }: Pick<CheckJob, 'path' | 'expectations'>): string | null {
  const file = fileKey(path);
  return file === null ? null : fingerprint(file, expectationsText(expectations));
}

/** Null: it cannot begin, which was said. `output`: the file that the journal is beside. */
export async function beginChecks(
  output: string,
  resume: boolean,
  { setup, loaded }: CheckPlan,
  jobs: readonly CheckJob[],
  terminal: Terminal,
): Promise<Resumable<CheckedFile> | null> {
  // What reads a journal is not loaded for runs that begin one.
  const readCheck = resume ? (await import('../check/read-check-report.js')).readTestCheck : () => null;
  return beginResumable<CheckedFile>(
    {
      output,
      resume,
      options: ['check', setup],
      models: loaded,
      keys: jobs.map(testKey),
      read(value) {
        const check: TestCheck | null = readCheck(value);
        return check === null ? null : { check, outcomes: null, stopped: false };
      },
      write: ({ check, stopped }) => (stopped || check.status === 'internal' ? null : check),
      what: 'tests',
    },
    terminal,
  );
}
