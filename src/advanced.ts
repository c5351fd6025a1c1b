/**
 * The engine's own types and passes: programs, executions with their relations, compiled models, the search itself.
 *
 * For research tools that need what plain data cannot carry (relations over events, a search with their own model of a program). It is
 * the engine as it stands: names and shapes may change in any release, and no version number promises anything of them. Everything
 * else should use `fencepost`.
 *
 * @packageDocumentation
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
