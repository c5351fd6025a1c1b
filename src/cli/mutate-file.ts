/**
 * One file of `fencepost mutate`: what this thread or a worker thread does. Results are plain data; what is wrong with the file is
 * rendered where it was found.
 */

import type { FileExpectations } from '../check/expected.js';
import { defaultMutateOptions, type MutateOptions, mutateTest } from '../check/mutate-test.js';
import type { MutatedTest } from '../check/mutation.js';
import type { LoadedModels, ModelRequest } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import { type Diagnostic, hasErrors } from '../text/diagnostic.js';
import { renderDiagnostic } from '../text/render.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import type { FileJob } from './file-work.js';
import { reportInternalError } from './internal-error.js';
import { expiryFor, type Limits, type RunDesk } from './search-limits.js';
import { diagnosticPalette, type Terminal } from './terminal.js';

/** What is the same for all files; plain data. The limits are for each judgement of each changed test. */
export interface MutateSetup extends Limits {
  readonly ofMany: boolean;
  readonly request: ModelRequest;
  readonly plain: boolean;
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | null;
  readonly debug: boolean;
  readonly display: Pick<Terminal, 'width' | 'unicode' | 'colours'>;
}

export interface MutateJob extends FileJob {
  readonly expectations: FileExpectations;
}

export interface MutatedFile {
  /** Null: it is no test, or the work was stopped. */
  readonly test: MutatedTest | null;
  /** For standard error. */
  readonly messages: readonly string[];
  readonly code: ExitCode;
  /** An interrupt came before it was done. */
  readonly stopped: boolean;
}

function rendered(diagnostics: readonly Diagnostic[], { display }: MutateSetup): readonly string[] {
  const palette = diagnosticPalette(display.colours.err);
  return diagnostics.map((each) => renderDiagnostic(each, palette));
}

function optionsFor(
  setup: MutateSetup,
  loaded: LoadedModels,
  desk: RunDesk,
  { expectations, given }: MutateJob,
): MutateOptions {
  return {
    ...defaultMutateOptions,
    models: loaded.models ?? 'all',
    ofMany: setup.ofMany,
    plain: setup.plain,
    unroll: setup.unroll ?? loaded.unroll,
    atomics: setup.atomics,
    macros: loaded.macros,
    begin: desk.begin,
    expiry: expiryFor(setup, desk),
    given: new Map(given),
    expectations,
  };
}

/** Weakens the barriers of files under these models, one file after the other. */
export function fileMutator(
  setup: MutateSetup,
  loaded: LoadedModels,
  desk: RunDesk,
): (job: MutateJob) => Promise<MutatedFile> {
  return async (job) => {
    try {
      const { value: source, diagnostics } = await readSource(job.path);
      if (source === null)
        return { test: null, messages: rendered(diagnostics, setup), code: exitCodes.input, stopped: false };
      const result = mutateTest(source, optionsFor(setup, loaded, desk, job));
      const stopped = desk.isStopping(null);
      return {
        test: stopped ? null : result.test,
        messages: rendered(result.diagnostics, setup),
        code: hasErrors(result.diagnostics) ? exitCodes.input : exitCodes.ok,
        stopped,
      };
    } catch (error) {
      // One file must not take the others' results with it.
      return brokenMutation(job.path, error, setup);
    }
  };
}

/** A file that our own bug took. */
export function brokenMutation(path: string, error: unknown, setup: MutateSetup): MutatedFile {
  const texts: string[] = [];
  const terminal: Terminal = {
    ...setup.display,
    out: () => {},
    err: (text) => void texts.push(text.trimEnd()),
    interactive: false,
  };
  reportInternalError(error, setup.debug, terminal);
  return { test: null, messages: [`${path}: ${texts.join('\n')}`], code: exitCodes.internal, stopped: false };
}
