/** `fencepost check` and `fencepost baseline` in worker threads. */
import {
  brokenCheck,
  type CheckedFile,
  type CheckJob,
  type CheckSetup,
  endedCheck,
  fileChecker,
} from './check-file.js';
import { type FileWork, modelsAgain } from './file-work.js';

export const checkWork: FileWork<CheckSetup, CheckJob, CheckedFile> = {
  task: 'check',
  serve: (setup, desk) => fileChecker(setup, modelsAgain(setup), desk),
  broken: ({ path }, error) => brokenCheck(path, error),
  givenUp({ path }, limit) {
    const hint = 'more may be allowed: `--timeout`, `--memory`';
    return endedCheck(path, 'limit', { message: `not judged: ${limit}`, hint });
  },
};
