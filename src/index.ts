/**
 * fencepost: which outcomes do memory models allow for a small concurrent program, and why?
 *
 * The public library. It is pure: no files, no clock, no global state that shows; it runs in Node, in workers, in browsers.
 *
 * ```js
 * import { runLitmus } from 'fencepost';
 *
 * const report = runLitmus(`
 * C store-buffering
 * { }
 * P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); }
 * P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x); }
 * exists (0:r0=0 /\\ 1:r0=0)
 * `);
 * console.log(report.text);
 * ```
 *
 * prints
 *
 * ```text
 * store-buffering: exists (0:r0=0 /\ 1:r0=0)
 *
 *      0:r0  1:r0  lkmm  arm64  x86  sc
 *   *     0     0  yes   yes    yes  -
 *         0     1  yes   yes    yes  yes
 *         1     0  yes   yes    yes  yes
 *         1     1  yes   yes    yes  yes
 *
 *   lkmm   Sometimes
 *   arm64  Sometimes
 *   x86    Sometimes
 *   sc     Never
 * ```
 *
 * and `report.models` has the same as data. User input never throws: what is wrong with a test, a model or an option is in
 * `diagnostics`, with its place and a hint. A limit that was hit gives `Unknown`, never `Never`.
 *
 * Versions follow semantic versioning. Public, and changed only with a new major version: what this page lists of `fencepost`,
 * `fencepost/matchers` and `fencepost/vitest` (fields are added to results in minor versions), the commands' options and exit codes,
 * the fields of JSON, and the formats of baselines and project files. A verdict that was wrong is put right in any version, and the
 * changelog says so. Not public: texts for people (tables, messages, pictures, explanations), `fencepost/advanced`, and files of
 * the package that its `exports` do not name. Before 1.0, minor versions may break; the changelog says what.
 *
 * @packageDocumentation
 */

export { type CheckTestOptions, checkTest } from './api/check-test.js';
export type { LitmusDiagnostic } from './api/diagnostics.js';
export { type DrawGraphOptions, type Drawing, type DrawReport, drawGraph } from './api/draw-graph.js';
export {
  type ExplainLitmusOptions,
  type ExplainReport,
  explain,
  type LitmusExplanation,
} from './api/explain.js';
export type { LitmusInput, LitmusOptions, Outcome } from './api/judge-input.js';
export { compareOutcomes } from './api/outcome-sets.js';
export { type LoadedModel, type LoadModelOptions, loadModel, type OwnModel } from './api/own-model.js';
export {
  type LitmusReport,
  type ModelResult,
  type RunLitmusOptions,
  runLitmus,
  type StateResult,
} from './api/run-litmus.js';
export {
  type CompileLitmusOptions,
  compile,
  format,
  type TextResult,
} from './api/translate.js';
export {
  type BarriersLitmusOptions,
  type BarriersResult,
  barriers,
  type RepairLitmusOptions,
  type RepairResult,
  repair,
  type WeakenOptions,
} from './api/weaken.js';
export type {
  CheckStatus,
  Finding,
  FindingKind,
  ModelCheck,
  Place,
  TestCheck,
} from './check/check-report.js';
export {
  defineConfig,
  type ExpectedText,
  type FencepostConfig,
  type FileExpectation,
} from './check/project-config.js';
export type { OutcomeChange } from './compare/outcomes.js';
export type { EdgeKind } from './explain/cycle.js';
export type {
  ArgumentObject,
  DerivationObject,
  EdgeObject,
  EventObject,
  ExecutionObject,
  ExplanationObject,
  FlagObject,
  StepObject,
  StoryObject,
} from './explain/explanation-json.js';
export type { BarriersObject, SiteObject } from './regress/barriers-json.js';
export type { RepairObject, RepairsObject } from './regress/repair-json.js';
export { InvariantError } from './text/diagnostic.js';
export { type ModelName, modelNames } from './verdict/model-choice.js';
export { type ExpectedVerdict, expectedVerdicts } from './verdict/report.js';
export { type Verdict, verdicts } from './verdict/verdict.js';
