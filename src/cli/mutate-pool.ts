/** `fencepost mutate` in worker threads. */
import { exitCodes } from './exit-code.js';
import { type FileWork, modelsAgain } from './file-work.js';
import {
  brokenMutation,
  fileMutator,
  type MutatedFile,
  type MutateJob,
  type MutateSetup,
} from './mutate-file.js';

export const mutateWork: FileWork<MutateSetup, MutateJob, MutatedFile> = {
  task: 'mutate',
  serve: (setup, desk) => fileMutator(setup, modelsAgain(setup), desk),
  broken: ({ path }, error, setup) => brokenMutation(path, error, setup),
  givenUp({ path }, limit) {
    const message = `${path}: not known, as a limit was hit (${limit})`;
    return { test: null, messages: [message], code: exitCodes.limit, stopped: false };
  },
};
