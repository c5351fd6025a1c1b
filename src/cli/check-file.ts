/**
 * One test of `fencepost check` and `fencepost baseline`, from its name to what differs and to its outcomes: what this thread or a worker
 * thread does. Results are plain data.
 */
import type { Finding, TestCheck } from '../check/check-report.js';
import type { FileExpectations } from '../check/expected.js';
import { checkMovable } from '../check/moved-test.js';
import { type OutcomeSet, outcomesOf } from '../compare/outcomes.js';
import { deadline, now } from '../io/clock.js';
import { isInRepository } from '../io/git.js';
import type { LoadedModels, ModelRequest } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import type { SearchOptions } from '../search/execution.js';
import { defaultSearchOptions } from '../search/search.js';
import { type FileReport, isRun, type ModelReport } from '../verdict/report.js';
import { type RunOptions, runTest } from '../verdict/run-test.js';
import type { FileJob } from './file-work.js';
import { expiryFor, INTERRUPTED, type Limits, lastQuestionFor, type RunDesk } from './search-limits.js';

/** What is the same for all tests; plain data. */
export interface CheckSetup extends Limits {
  readonly request: ModelRequest;
  readonly unroll: number | null;
  readonly atomics: 'lse' | 'llsc';
  readonly requireExpectations: boolean;
  /** Models are named on the command line, or a configuration of one is. */
  readonly isNarrowed: boolean;
  /** More than one test is asked about: models need not judge them all. */
  readonly ofMany: boolean;
  /** Whether to look for executions to show. */
  readonly pictures: boolean;
}

export interface CheckJob extends FileJob {
  readonly expectations: FileExpectations;
}

export interface CheckedFile {
  readonly check: TestCheck;
  /** Of each model that judged the test; null: it cannot be read. */
  readonly outcomes: readonly OutcomeSet[] | null;
  /** An interrupt came before it was done. */
  readonly stopped: boolean;
}

/** Seconds for the search of an execution to show, if there is no --timeout. */
const PATIENCE = 10;

function runOptions(
  setup: CheckSetup,
  { models, macros, unroll }: LoadedModels,
): Omit<RunOptions, 'expiry' | 'given'> {
  return {
    models: models ?? 'all',
    ofMany: setup.ofMany,
    mode: 'outcomes',
    unroll: setup.unroll ?? unroll,
    macros,
    atomics: setup.atomics,
    now,
  };
}

function outcomesFrom(report: ModelReport): OutcomeSet[] {
  if (report.kind === 'run') return [outcomesOf(report)];
  if (report.kind === 'failure') return [];
  const { model, limit } = report;
  return [{ model, verdict: 'Unknown', observed: [], states: [], flags: [], limit }];
}

function wasStopped(report: FileReport): boolean {
  return (
    report.kind === 'test' && report.models.some((each) => isRun(each) && each.result.limit === INTERRUPTED)
  );
}

/** A check that ends with one finding, about nothing that was found out. */
export function endedCheck(
  path: string,
  status: 'input' | 'internal' | 'limit',
  { message, hint }: Pick<Finding, 'message' | 'hint'>,
): CheckedFile {
  const finding: Finding = {
    kind: status,
    severity: 'error',
    model: null,
    message,
    expected: null,
    found: null,
    by: null,
    place: null,
    picture: null,
    hint,
  };
  const file = path.replaceAll('\\', '/');
  const check: TestCheck = { file, test: null, status, findings: [finding], models: [], seconds: 0 };
  return { check, outcomes: null, stopped: false };
}

/** A file that our own bug took. */
export function brokenCheck(path: string, error: unknown): CheckedFile {
  const reason = error instanceof Error ? error.message : String(error);
  const hint = `please report it with the test: \`fencepost run ${path} --debug\` says more`;
  return endedCheck(path, 'internal', { message: `internal error: ${reason}`, hint });
}

/** Checks tests with these models, one after the other. */
export function fileChecker(
  setup: CheckSetup,
  loaded: LoadedModels,
  desk: RunDesk,
): (job: CheckJob) => Promise<CheckedFile> {
  const options = runOptions(setup, loaded);
  const expiry = expiryFor(setup, desk);
  const lastQuestion = lastQuestionFor(setup, desk);
  const pictureSearch = (): SearchOptions | null =>
    setup.pictures
      ? {
          mode: 'outcomes',
          unroll: options.unroll ?? defaultSearchOptions.unroll,
          expired: deadline(Math.min(setup.timeout ?? PATIENCE, PATIENCE)),
        }
      : null;
  const checkOne = async ({ path, expectations, given }: CheckJob): Promise<CheckedFile> => {
    const { value: source, diagnostics } = await readSource(path);
    const [first] = diagnostics;
    if (source === null) return endedCheck(path, 'input', first ?? { message: 'cannot be read', hint: null });
    const { begin } = desk;
    const report = desk.call(() =>
      runTest(source, { ...options, begin, expiry, lastQuestion, given: new Map(given) }),
    );
    if (report === null)
      return { ...endedCheck(path, 'limit', { message: INTERRUPTED, hint: null }), stopped: true };
    desk.conclude();
    const stopped = wasStopped(report);
    const { requireExpectations, isNarrowed } = setup;
    const check = checkMovable(report, expectations, {
      requireExpectations,
      isNarrowed,
      pictureSearch: stopped ? () => null : pictureSearch,
      hasHistory: isInRepository(path),
    });
    return { check, outcomes: report.kind === 'test' ? report.models.flatMap(outcomesFrom) : null, stopped };
  };
  return async (job) => {
    try {
      return await checkOne(job);
    } catch (error) {
      // One test must not take the others' results with it.
      return brokenCheck(job.path, error);
    }
  };
}
