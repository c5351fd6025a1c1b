/** `fencepost run` in worker threads: many files, or one that takes long. */
import { type FileWork, modelsAgain } from './file-work.js';
import {
  brokenFile,
  type FileResult,
  fileRunner,
  givenUpFile,
  type RunJob,
  type RunSetup,
} from './run-file.js';

export const runWork: FileWork<RunSetup, RunJob, FileResult> = {
  task: 'run',
  serve: (setup, desk) => fileRunner(setup, modelsAgain(setup), desk),
  broken: ({ path }, error, setup) => brokenFile(path, error, setup),
  givenUp: ({ path }, limit, setup) => givenUpFile(path, limit, setup),
};
