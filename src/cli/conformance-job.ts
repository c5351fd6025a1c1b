/** One test of a comparison with a reference tool, from file to differences: what a worker thread of it does. */
import { deadline, now } from '../io/clock.js';
import { type LoadedModels, loadModels, type ModelRequest } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import type { Loss } from '../io/worker-pool.js';
import type { Mode } from '../search/execution.js';
import { invariant } from '../text/diagnostic.js';
import { type ComparedTest, compareReport, modeFor } from '../verdict/conformance.js';
import type { ExpectedResult } from '../verdict/expected-result.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';

export interface ConformanceJob {
  readonly path: string;
  /** What the `expected.json` calls it. */
  readonly file: string;
  readonly expected: ExpectedResult;
}

export interface ConformanceSetup {
  readonly mode: Mode;
  /** The model that judges; without one, that of each test's language. */
  readonly request: ModelRequest;
  /** Seconds a test, or null. */
  readonly timeout: number | null;
}

async function compare(job: ConformanceJob, setup: ConformanceSetup, loaded: LoadedModels) {
  const { path, expected } = job;
  const mode = modeFor(expected, setup.mode);
  const { value: source, diagnostics } = await readSource(path);
  if (source === null) {
    const missing = { name: path, text: '' };
    return compareReport({ kind: 'input-failure', source: missing, diagnostics }, expected, mode);
  }
  const report = runTest(source, {
    ...defaultRunOptions,
    models: loaded.models ?? 'own',
    macros: loaded.macros,
    unroll: loaded.unroll,
    mode,
    expiry: () => deadline(setup.timeout),
  });
  return compareReport(report, expected, mode);
}

/** Runs the jobs of a comparison. Our own bug is a difference, so that the other tests are still compared. */
export function conformanceRunner(setup: ConformanceSetup): (job: ConformanceJob) => Promise<ComparedTest> {
  const loaded = loadModels(setup.request, deadline(setup.timeout)).value;
  invariant(loaded !== null, 'the models were loaded before');
  return async (job) => {
    const start = now();
    const finish = (differences: ComparedTest['differences']) => ({
      file: job.file,
      differences,
      seconds: (now() - start) / 1000,
    });
    try {
      return finish(await compare(job, setup, loaded));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return finish([{ kind: 'crashed', detail }]);
    }
  };
}

/** A job that its worker was ended for, or died of. */
export function lostJob(
  job: ConformanceJob,
  { cause, reason }: Pick<Loss, 'cause' | 'reason'>,
): ComparedTest {
  const kind = cause === 'crash' ? 'crashed' : 'unfinished';
  return { file: job.file, differences: [{ kind, detail: reason }], seconds: 0 };
}
