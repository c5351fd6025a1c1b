/**
 * fencepost: which outcomes do memory models allow for a small concurrent program, and why?
 *
 * The public library. It is pure: no files, no clock, no global state that shows; it runs in Node, in workers, in browsers.
 *
 * ```js
 * import { plainTablePalette, renderDiagnostics, renderTable, runTest } from 'fencepost';
 *
 * const text = `
 * C store-buffering
 * { }
 * P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); }
 * P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x); }
 * exists (0:r0=0 /\\ 1:r0=0)
 * `;
 * const report = runTest({ name: 'sb.litmus', text });
 * if (report.kind === 'test') {
 *   console.log(renderTable(report, { width: 80, unicode: false, palette: plainTablePalette }));
 * } else {
 *   console.log(renderDiagnostics(report.diagnostics));
 * }
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
 * @module
 */

export { readMacros } from './elaborate/def-macros.js';
export type { PrimitiveTable } from './elaborate/primitive-table.js';
export type { Cycle, CycleEdge } from './explain/cycle.js';
export type { Refusal } from './explain/forbidden.js';
export { findRefusedExecution, type Wanted } from './explain/refused-execution.js';
export { toDot } from './graph/dot.js';
export type { Caption, GraphColumn, GraphEdge, GraphModel, GraphNode } from './graph/graph-model.js';
export { pictureOfRun } from './graph/picture-of-run.js';
export { tidySvg } from './graph/svg.js';
export { toText } from './graph/text.js';
export { type CompileOptions, compileModel, noIncludes, type ResolveInclude } from './model/compile.js';
export type { Check, CompiledModel } from './model/dag.js';
export { loadShippedModel, type ShippedModel, shippedModels } from './model/shipped.js';
export type { Condition, Observable, Program } from './program/ir.js';
export { isLocation, type Location, showValue, type Value } from './program/value.js';
export type {
  Execution,
  ExecutionEvent,
  FinalState,
  Mode,
  RaisedFlag,
  SearchOptions,
  SearchResult,
} from './search/execution.js';
export { defaultSearchOptions, searchProgram } from './search/search.js';
export { formatLitmus } from './syntax/format.js';
export type { Checked, Diagnostic, Note, Severity } from './text/diagnostic.js';
export { InvariantError } from './text/diagnostic.js';
export { type Palette, plainPalette, renderDiagnostics } from './text/render.js';
export { type Position, positionAt, type SourceFile, type Span } from './text/source.js';
export { mismatch } from './verdict/expectation.js';
export { renderHerdReport } from './verdict/herd-report.js';
export { type JsonDiagnostic, type JsonResult, type JsonState, jsonResults } from './verdict/json-report.js';
export { type Judge, type UserModel, type UserModelFile, userModel } from './verdict/judge.js';
export {
  fittingModels,
  type Language,
  type ModelName,
  modelNames,
  ownModel,
} from './verdict/model-choice.js';
export { compileTest, type PreparedTest, prepareTest, programIn } from './verdict/prepare-test.js';
export type {
  Expectation,
  FileReport,
  InputFailure,
  ModelFailure,
  ModelReport,
  ModelRun,
  TestReport,
} from './verdict/report.js';
export { defaultRunOptions, type RunOptions, runTest } from './verdict/run-test.js';
export { plainTablePalette, renderTable, type TableOptions, type TablePalette } from './verdict/table.js';
export { type Answer, decideAnswer, decideVerdict, type Verdict } from './verdict/verdict.js';
