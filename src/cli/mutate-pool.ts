/** `fencepost mutate` in worker threads. */
import { deadline } from '../io/clock.js';
import { loadModels } from '../io/load-models.js';
import { invariant } from '../text/diagnostic.js';
import { fileMutator, type MutatedFile, type MutateJob, type MutateSetup } from './mutate-file.js';
import type { Serve } from './pool-tasks.js';

/** The worker's side. */
export const serveMutate: Serve<MutateSetup, MutateJob, MutatedFile> = (setup, desk) => {
  const loaded = loadModels(setup.request, deadline(setup.timeout)).value;
  invariant(loaded !== null, 'the models were loaded before');
  return fileMutator(setup, loaded, desk);
};
