/** `fencepost diff` in worker threads. */
import { invariant } from '../text/diagnostic.js';
import {
  broken,
  type DiffFileResult,
  type DiffJob,
  type DiffSetup,
  diffRunner,
  loadSides,
  withoutResult,
} from './diff-file.js';
import { exitCodes } from './exit-code.js';
import type { FileWork } from './file-work.js';

export const diffWork: FileWork<DiffSetup, DiffJob, DiffFileResult> = {
  task: 'diff',
  serve(setup, desk) {
    const { sides } = loadSides(setup);
    invariant(sides !== null, 'the models were loaded before');
    return diffRunner(setup, sides, desk);
  },
  broken: (job, error) => broken(job, error),
  givenUp: ({ path }, limit) => withoutResult(path, `${path}: not compared: ${limit}`, exitCodes.limit),
};
