/** One test of a comparison with a reference tool, from file to differences: what a worker thread of it does. */
import { auditRun } from '../explain/audit-run.js';
import { explainRun } from '../explain/explain-run.js';
import { deadline, now } from '../io/clock.js';
import { type LoadedModels, loadModels, type ModelRequest } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import type { Loss } from '../io/worker-pool.js';
import type { Mode, SearchOptions } from '../search/execution.js';
import { defaultSearchOptions } from '../search/search.js';
import { invariant } from '../text/diagnostic.js';
import { type ComparedTest, compareReport, type ExplainedTest, modeFor } from '../verdict/conformance.js';
import type { ExpectedResult } from '../verdict/expected-result.js';
import { isRun, type ModelRun } from '../verdict/report.js';
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
  /** Whether to explain each answer, and to audit the explanation. */
  readonly explain: boolean;
}

/** As many arguments against a forbidden outcome as `fencepost explain` gives. */
const ARGUMENTS = 3;

type Compared = Pick<ComparedTest, 'differences' | 'explained'>;

async function compare(
  job: ConformanceJob,
  setup: ConformanceSetup,
  loaded: LoadedModels,
): Promise<Compared> {
  const { path, expected } = job;
  const mode = modeFor(expected, setup.mode);
  const { value: source, diagnostics } = await readSource(path);
  if (source === null) {
    const missing = { name: path, text: '' };
    return {
      differences: compareReport({ kind: 'input-failure', source: missing, diagnostics }, expected, mode),
    };
  }
  const report = runTest(source, {
    ...defaultRunOptions,
    models: loaded.models ?? 'own',
    macros: loaded.macros,
    unroll: loaded.unroll,
    mode,
    expiry: () => deadline(setup.timeout),
  });
  const differences = compareReport(report, expected, mode);
  const run = setup.explain && report.kind === 'test' ? report.models.find(isRun) : undefined;
  if (run === undefined) return { differences };
  const { explained, faults } = explain(run, loaded.unroll, setup);
  const wrong = faults.slice(0, 1).map((detail) => ({ kind: 'explanation', detail }) as const);
  return { differences: [...differences, ...wrong], explained };
}

function explain(run: ModelRun, unroll: number | null, { timeout }: ConformanceSetup) {
  const search: SearchOptions = {
    ...defaultSearchOptions,
    unroll: unroll ?? defaultSearchOptions.unroll,
    expired: deadline(timeout),
  };
  const before = process.cpuUsage();
  const explanation = explainRun(run, { search, arguments: ARGUMENTS });
  const { user, system } = process.cpuUsage(before);
  const { facts, faults } = auditRun(explanation, run);
  const explained: ExplainedTest = {
    kind: explanation.explained.kind,
    facts,
    milliseconds: (user + system) / 1000,
  };
  return { explained, faults };
}

/** Runs the jobs of a comparison. Our own bug is a difference, so that the other tests are still compared. */
export function conformanceRunner(setup: ConformanceSetup): (job: ConformanceJob) => Promise<ComparedTest> {
  const loaded = loadModels(setup.request, deadline(setup.timeout)).value;
  invariant(loaded !== null, 'the models were loaded before');
  return async (job) => {
    const start = now();
    const finish = (compared: Compared): ComparedTest => ({
      file: job.file,
      ...compared,
      seconds: (now() - start) / 1000,
    });
    try {
      return finish(await compare(job, setup, loaded));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return finish({ differences: [{ kind: 'crashed', detail }] });
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
