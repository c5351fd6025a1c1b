/**
 * The JSON report: an array with one object per test and model. Stable: fields are added, never changed.
 *
 * file         the path as given, `<stdin>` for standard input
 * test         the test's name; null if the file could not be read as a test
 * model        `lkmm`, `arm64`, `x86`, `sc`; null if the file could not be read as a test
 * verdict      Never, Sometimes, Always, Deadlock or Unknown; null if there was an error
 * expected     the verdict that the test's comment expects of this model (`Maybe`: any but Deadlock), or null
 * condition    the condition's normal text, or null
 * states       [{values: {"1:r0": 1, "x": 0}, satisfies, executions}], sorted by value; `executions` null unless counted. None
 *              with `--mode verdict`, which does not look for all of them.
 *              Integers beyond 2^53 are strings of decimal digits; an address is a string with `&` before the name, that of an
 *              instruction is `label:"P0:L0"`.
 * positive     allowed executions that satisfy the condition's proposition; null unless counted
 * negative     the other allowed executions; null unless counted
 * flags        names of the raised flags
 * limit        which limit cut the search short, or null
 * explored     if the search was stopped (time, memory, an interrupt), its estimated share that was done, 0 to 1; else null. The
 *              states found are certain to be allowed, those not found are open.
 * candidates   if the search was stopped, the executions that it had examined; else null
 * diagnostics  [{severity, code, message, file, line, column, hint}], of the file and of the model
 * seconds      wall time of this model; null if there was an error
 */
import { isCode, isLocation, type Value } from '../program/value.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { positionAt } from '../text/source.js';
import type { ExpectedVerdict, FileReport, ModelReport, ModelRun, TestReport } from './report.js';
import { plainName } from './state.js';
import type { Verdict } from './verdict.js';

export interface JsonState {
  readonly values: Readonly<Record<string, number | string>>;
  readonly satisfies: boolean;
  readonly executions: number | null;
}

export interface JsonDiagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly hint: string | null;
}

export interface JsonResult {
  readonly file: string;
  readonly test: string | null;
  readonly model: string | null;
  readonly verdict: Verdict | null;
  readonly expected: ExpectedVerdict | null;
  readonly condition: string | null;
  readonly states: readonly JsonState[];
  readonly positive: number | null;
  readonly negative: number | null;
  /** Null in verdict mode, which does not look for them. */
  readonly flags: readonly string[] | null;
  readonly limit: string | null;
  readonly explored: number | null;
  readonly candidates: number | null;
  readonly diagnostics: readonly JsonDiagnostic[];
  readonly seconds: number | null;
}

function jsonValue(value: Value): number | string {
  if (isLocation(value)) return isCode(value) ? value.name : `&${value.name}`;
  return typeof value === 'bigint' ? value.toString() : value;
}

function jsonDiagnostic(diagnostic: Diagnostic): JsonDiagnostic {
  const { severity, code, message, span, hint } = diagnostic;
  const place = span === null ? null : positionAt(span.file, span.start);
  return {
    severity,
    code,
    message,
    file: span?.file.name ?? null,
    line: place?.line ?? null,
    column: place?.column ?? null,
    hint,
  };
}

/** The final states of a run; none if it did not look for all. */
export function jsonStates(run: ModelRun): JsonState[] {
  return (run.enumerated ? run.result.states : []).map(({ values, satisfies, executions }) => ({
    values: Object.fromEntries(
      run.program.observed.map((observable, i) => [plainName(observable), jsonValue(values[i] ?? 0)]),
    ),
    satisfies,
    executions,
  }));
}

const nothing = {
  verdict: null,
  expected: null,
  condition: null,
  states: [],
  positive: null,
  negative: null,
  flags: [],
  limit: null,
  explored: null,
  candidates: null,
  seconds: null,
} as const;

function jsonModel(test: TestReport, report: ModelReport): JsonResult {
  const expected = test.expectations.get(report.model)?.verdict ?? null;
  const diagnostics = [...test.diagnostics, ...report.diagnostics].map(jsonDiagnostic);
  const head = { file: test.source.name, test: test.name, model: report.model };
  if (report.kind === 'failure') return { ...head, ...nothing, expected, diagnostics };
  if (report.kind === 'unfinished') {
    const { limit, program } = report;
    const condition = program.condition.text;
    return { ...head, ...nothing, verdict: 'Unknown', expected, condition, flags: null, limit, diagnostics };
  }
  const { result } = report;
  return {
    ...head,
    verdict: report.verdict,
    expected,
    condition: report.program.condition.text,
    states: jsonStates(report),
    positive: result.positive,
    negative: result.negative,
    flags: report.enumerated ? result.flags.map((flag) => flag.name) : null,
    limit: result.limit,
    explored: result.explored ?? null,
    candidates: result.explored === undefined ? null : result.candidates,
    diagnostics,
    seconds: report.seconds,
  };
}

/** The objects of one file. */
export function jsonResults(report: FileReport): JsonResult[] {
  if (report.kind === 'input-failure') {
    const diagnostics = report.diagnostics.map(jsonDiagnostic);
    return [{ file: report.source.name, test: null, model: null, ...nothing, diagnostics }];
  }
  return report.models.map((model) => jsonModel(report, model));
}

/** A file that was given up before it was known which models judge it: `Unknown` for a limit, or null with what went wrong. */
export function jsonGivenUp(
  file: string,
  limit: string | null,
  diagnostics: readonly Diagnostic[],
): JsonResult {
  const verdict = limit === null ? null : 'Unknown';
  const head = { file, test: null, model: null };
  return { ...head, ...nothing, verdict, limit, diagnostics: diagnostics.map(jsonDiagnostic) };
}
