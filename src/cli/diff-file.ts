/**
 * One job of `fencepost diff`, in this thread or in a worker: two versions of a test, one test under two models, or what the models say of a test
 * to compare it with a log. Results are plain data.
 */

import { normalOutcomes } from '../compare/compare-logs.js';
import { type DiffOptions, diffModels, diffTests, isForeign } from '../compare/diff-tests.js';
import type { LogTest } from '../compare/log-answers.js';
import { outcomesOf } from '../compare/outcomes.js';
import { limitOf, statusOf, type TestDiff } from '../compare/test-diff.js';
import { deadline, now } from '../io/clock.js';
import { type LoadedModels, loadModels, type ModelRequest } from '../io/load-models.js';
import { readSource } from '../io/read-source.js';
import { type Diagnostic, errorAt, hasErrors, invariant } from '../text/diagnostic.js';
import { renderDiagnostic } from '../text/render.js';
import type { SourceFile } from '../text/source.js';
import { type Judge, judgeName } from '../verdict/judge.js';
import { isRun } from '../verdict/report.js';
import { runTest } from '../verdict/run-test.js';
import { type ExitCode, exitCodes, worstExit } from './exit-code.js';
import type { FileJob } from './file-work.js';
import { expiryFor, INTERRUPTED, type Limits, type RunDesk } from './search-limits.js';
import { diagnosticPalette } from './terminal.js';

/** What is the same for all jobs; plain data. */
export interface DiffSetup extends Limits {
  readonly request: ModelRequest;
  /** Compared with `request`; null: two versions are compared under the same models. */
  readonly other: ModelRequest | null;
  /** What the two are called, if there are two. */
  readonly names: readonly [string, string];
  readonly atomics: 'lse' | 'llsc';
  readonly unroll: number | null;
  readonly pictures: boolean;
  readonly colours: boolean;
}

export interface DiffJob extends FileJob {
  /**
   * `versions`: `before` against `after`, read where they can be read; `models`: one test under two models; `outcomes`: what the models
   * say of it.
   */
  readonly kind: 'versions' | 'models' | 'outcomes';
  /** Null: to be read from `path`. */
  readonly before: SourceFile | null;
  readonly after: SourceFile | null;
}

export interface DiffFileResult {
  readonly path: string;
  readonly diff: TestDiff | null;
  readonly outcomes: LogTest | null;
  /** No mistake in the test, but none of the models judges its language. */
  readonly isForeign: boolean;
  /** Rendered, for standard error. */
  readonly messages: readonly string[];
  readonly code: ExitCode;
  /** An interrupt left it undone. */
  readonly stopped: boolean;
}

/** Seconds for pictures of cycles and for the changes that decide, if there is no --timeout. */
const PATIENCE = 10;

/** Models loaded for one side. */
export function loadSides(setup: DiffSetup): {
  readonly sides: readonly LoadedModels[] | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const requests = setup.other === null ? [setup.request] : [setup.request, setup.other];
  const loaded = requests.map((request) => loadModels(request, deadline(setup.timeout)));
  const diagnostics = loaded.flatMap((each) => each.diagnostics);
  const sides = loaded.flatMap(({ value }) => (value === null ? [] : [value]));
  return { sides: sides.length < requests.length ? null : sides, diagnostics };
}

class DiffRunner {
  constructor(
    private readonly setup: DiffSetup,
    private readonly sides: readonly LoadedModels[],
    private readonly desk: RunDesk,
  ) {}

  private options(side: LoadedModels, given: DiffJob['given']): DiffOptions {
    const isOver = deadline(this.setup.timeout ?? PATIENCE);
    return {
      run: {
        models: side.models ?? 'all',
        unroll: this.setup.unroll ?? side.unroll,
        macros: side.macros,
        atomics: this.setup.atomics,
        now,
        begin: this.desk.begin,
        expiry: expiryFor(this.setup, this.desk),
        given: new Map(given),
      },
      pictures: this.setup.pictures,
      expired: () => this.desk.isStopping(null) || isOver?.() === true,
    };
  }

  private finish(
    job: DiffJob,
    diagnostics: readonly Diagnostic[],
    found: Partial<DiffFileResult>,
  ): DiffFileResult {
    const { diff = null, outcomes = null, isForeign = false } = found;
    const palette = diagnosticPalette(this.setup.colours);
    const isBroken = hasErrors(diagnostics) && diff === null && outcomes === null;
    const codes: ExitCode[] = [isBroken ? exitCodes.input : exitCodes.ok];
    if (diff !== null && statusOf(diff) === 'different') codes.push(exitCodes.mismatch);
    if (diff !== null && limitOf(diff) !== null) codes.push(exitCodes.limit);
    const texts = diagnostics.map((each) => renderDiagnostic(each, palette));
    const limits = [diff === null ? null : limitOf(diff), outcomes?.outcomes.limit ?? null];
    return {
      path: job.path,
      diff,
      outcomes,
      isForeign,
      messages: [...new Set(texts)],
      code: worstExit(codes),
      stopped: limits.includes(INTERRUPTED),
    };
  }

  private versions(job: DiffJob, before: SourceFile, after: SourceFile): DiffFileResult {
    const { diagnostics, ...found } = diffTests(before, after, this.options(this.sides[0]!, job.given));
    return this.finish(job, diagnostics, found);
  }

  /** One of the two models, with its options. The two may have one name, so a model that was given up is told by its side. */
  private modelSide(at: 0 | 1, job: DiffJob): { readonly judge: Judge; readonly options: DiffOptions } {
    const side = this.sides[at];
    const judge = side?.models?.[0];
    invariant(side !== undefined && judge !== undefined, 'there are two models');
    const own = this.setup.names[at];
    const given = job.given.flatMap(([name, limit]) =>
      name === own ? [[judgeName(judge), limit] as const] : [],
    );
    const options = this.options(side, given);
    return { judge, options: { ...options, run: { ...options.run, begin: () => this.desk.begin(own) } } };
  }

  private models(job: DiffJob, source: SourceFile): DiffFileResult {
    const [a, b] = [this.modelSide(0, job), this.modelSide(1, job)];
    const { names } = this.setup;
    const { diagnostics, ...found } = diffModels(source, [a.judge, b.judge], names, [a.options, b.options]);
    return this.finish(job, diagnostics, found);
  }

  private outcomes(job: DiffJob, source: SourceFile): DiffFileResult {
    const { run } = this.options(this.sides[0]!, job.given);
    const { models } = run;
    const report = runTest(source, { ...run, models: models === 'all' ? 'own' : models, mode: 'outcomes' });
    if (report.kind === 'input-failure')
      return this.finish(job, report.diagnostics, { isForeign: isForeign(report) });
    const judged = report.models.find(isRun);
    const { diagnostics } = report;
    const all = [...diagnostics, ...report.models.flatMap((model) => model.diagnostics)];
    if (judged === undefined) {
      const unfinished = report.models.find((model) => model.kind === 'unfinished');
      const limit = unfinished?.kind === 'unfinished' ? unfinished.limit : null;
      if (limit === null) return this.finish(job, all, {});
      const none = { verdict: 'Unknown', observed: [], states: [], flags: [], limit } as const;
      const outcomes = { model: unfinished!.model, ...none };
      return this.finish(job, all, {
        outcomes: { name: report.name, kind: 'all', outcomes, condition: null },
      });
    }
    const outcomes = normalOutcomes(outcomesOf(judged));
    const condition = judged.program.condition.text;
    return this.finish(job, all, { outcomes: { name: report.name, kind: 'all', outcomes, condition } });
  }

  async run(job: DiffJob): Promise<DiffFileResult> {
    const read = job.after === null ? await readSource(job.path) : null;
    const source = job.after ?? read?.value ?? null;
    if (source === null) return this.finish(job, read?.diagnostics ?? [], {});
    switch (job.kind) {
      case 'versions':
        return this.versions(job, job.before ?? source, source);
      case 'models':
        return this.models(job, source);
      case 'outcomes':
        return this.outcomes(job, source);
    }
  }
}

/** Of a job that came to no result. */
export function withoutResult(path: string, message: string, code: ExitCode): DiffFileResult {
  return { path, diff: null, outcomes: null, isForeign: false, messages: [message], code, stopped: false };
}

/** A job that our own bug took. */
export function broken({ path }: DiffJob, error: unknown): DiffFileResult {
  const reason = error instanceof Error ? error.message : String(error);
  const diagnostic = errorAt(null, 'internal-error', `${path}: internal error, please report: ${reason}`);
  return withoutResult(path, renderDiagnostic(diagnostic), exitCodes.internal);
}

/** Does jobs one after the other. */
export function diffRunner(
  setup: DiffSetup,
  sides: readonly LoadedModels[],
  desk: RunDesk,
): (job: DiffJob) => Promise<DiffFileResult> {
  const runner = new DiffRunner(setup, sides, desk);
  return async (job) => {
    try {
      return await runner.run(job);
    } catch (error) {
      return broken(job, error);
    }
  };
}
