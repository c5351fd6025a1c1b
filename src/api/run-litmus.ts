/** Runs a test: its final states and verdicts under each model, as plain data. */

import { stateText } from '../compare/outcomes.js';
import { mismatch } from '../verdict/expectation.js';
import { jsonStates } from '../verdict/json-report.js';
import type { ExpectedVerdict, ModelReport, TestReport } from '../verdict/report.js';
import { plainName } from '../verdict/state.js';
import { plainTablePalette, renderTable } from '../verdict/table.js';
import type { Verdict } from '../verdict/verdict.js';
import { type LitmusDiagnostic, toLitmusDiagnostic } from './diagnostics.js';
import { type Judged, judgeInput, type LitmusInput, type LitmusOptions } from './judge-input.js';

/** Options of {@link runLitmus}. */
export interface RunLitmusOptions extends LitmusOptions {
  /**
   * `outcomes`: all final states. `count`: also how many executions end in each, exactly. `verdict`: the condition only, which is often
   * known much sooner; states and flags are not looked for. Default: `outcomes`.
   */
  readonly mode?: 'outcomes' | 'count' | 'verdict';
}

/** A final state that a model allows. */
export interface StateResult {
  /** `1:r0=1; x=0`: the same for the same state under every model. */
  readonly text: string;
  /** By name: `1:r0`, `x`. Integers beyond 2^53 are strings of digits, addresses `'&x'`. */
  readonly values: Readonly<Record<string, number | string>>;
  /** Whether the condition's proposition holds in it. */
  readonly satisfies: boolean;
  /** Executions that end in it; null unless counted. */
  readonly executions: number | null;
}

/** What one model says of a test. */
export interface ModelResult {
  readonly model: string;
  /**
   * `Never`, `Sometimes`, `Always`: no, some but not all, all allowed executions satisfy the condition's proposition; `Deadlock`: none
   * completes; `Unknown`: a limit was hit before it was decided. Null: this model cannot judge the test, and `diagnostics` say why.
   */
  readonly verdict: Verdict | null;
  /** What the test's comment expects of this model (` * Result: Never`); null: nothing. */
  readonly expected: ExpectedVerdict | null;
  /** Whether the test's comment is contradicted, as far as it is decided. */
  readonly isAsExpected: boolean;
  /** The names that states give values to. */
  readonly observed: readonly string[];
  /** In the order of their values. With `mode: 'verdict'` none. */
  readonly states: readonly StateResult[];
  /** Allowed executions that satisfy the proposition, and others; null unless counted. */
  readonly positive: number | null;
  readonly negative: number | null;
  /** Names of raised flags: `data-race`. Null with `mode: 'verdict'`, which does not look for them. */
  readonly flags: readonly string[] | null;
  /** Which limit cut the search for states short; null: it was exhaustive. States that were found are certain all the same. */
  readonly limit: string | null;
  readonly diagnostics: readonly LitmusDiagnostic[];
}

/** A test under several models. */
export interface LitmusReport {
  /** The name that the text was given. */
  readonly file: string;
  /** The name in the test's header; null: the text is no test, and `diagnostics` say why. */
  readonly test: string | null;
  /** The condition's normal text: `exists (1:r0=1 /\ 1:r1=0)`; null: the text is no test. */
  readonly condition: string | null;
  /** lkmm, arm64, x86, sc, as far as they were asked for and fit; then models of one's own. Empty if the text is no test. */
  readonly models: readonly ModelResult[];
  /** Of the options and of the test, common to all models. */
  readonly diagnostics: readonly LitmusDiagnostic[];
  /** The table that `fencepost run` prints, or the diagnostics: for people, and not stable. Ends in a line break. */
  readonly text: string;
}

const unknown = { observed: [], states: [], positive: null, negative: null, flags: null } as const;

function modelResult(test: TestReport, report: ModelReport, { placed }: Judged): ModelResult {
  const { model } = report;
  const expectation = test.expectations.get(model);
  const head = {
    model,
    expected: expectation?.verdict ?? null,
    isAsExpected: report.kind !== 'run' || mismatch(report, expectation) === null,
    diagnostics: report.diagnostics.map(placed).map(toLitmusDiagnostic),
  };
  if (report.kind === 'failure') return { ...head, verdict: null, ...unknown, limit: null };
  if (report.kind === 'unfinished') return { ...head, verdict: 'Unknown', ...unknown, limit: report.limit };
  const { program, result, enumerated, verdict } = report;
  const texts = result.states.map(({ values }) => stateText(program.observed, values));
  return {
    ...head,
    verdict,
    observed: program.observed.map(plainName),
    states: jsonStates(report).map((state, at) => ({ text: texts[at] ?? '', ...state })),
    positive: result.positive,
    negative: result.negative,
    flags: enumerated ? result.flags.map(({ name }) => name) : null,
    limit: result.limit,
  };
}

/** Of whatever part of the report has a program. */
function conditionOf(test: TestReport): string | null {
  for (const report of test.models) if (report.kind !== 'failure') return report.program.condition.text;
  return null;
}

/** The rows of a table are full; no line ends in blanks. */
function tableOf(test: TestReport): string {
  return renderTable(test, { width: 80, unicode: false, palette: plainTablePalette });
}

/**
 * Judges a litmus test: which final states each memory model allows, and what that says of the test's condition.
 *
 * The text is a test in kernel C, a two-column sketch, AArch64 or x86 assembly; kernel C is compiled for arm64 and x86. The call is
 * synchronous and pure: no files, no clock, no state that shows; it runs in Node, in workers and in browsers. The result is plain
 * data, and may be sent to another thread.
 *
 * @param input - the test
 * @param options - which models, and limits
 * @returns the verdicts; of a text that is no test, why. It never throws on what a user wrote.
 * @throws TypeError, if an argument is not of the declared type
 * @example
 * ```ts
 * import { runLitmus } from 'fencepost';
 *
 * const report = runLitmus(`
 * C message-passing
 * { }
 * P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_store_release(y, 1); }
 * P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); }
 * exists (1:r0=1 /\\ 1:r1=0)
 * `);
 * for (const { model, verdict, states } of report.models)
 *   console.log(model, verdict, states.filter(({ satisfies }) => satisfies).map(({ text }) => text));
 * ```
 * ```text
 * lkmm Sometimes [ '1:r0=1; 1:r1=0' ]
 * arm64 Sometimes [ '1:r0=1; 1:r1=0' ]
 * x86 Never []
 * sc Never []
 * ```
 * @example
 * What is wrong with a text is data:
 * ```ts
 * import { runLitmus } from 'fencepost';
 *
 * const { models, diagnostics } = runLitmus({
 *   name: 'typo.litmus',
 *   text: 'C typo\n{ }\nP0(int *x) { WRITE_ONC(*x, 1); }\nexists (x=1)\n',
 * });
 * console.log(models.length, diagnostics[0]?.code, diagnostics[0]?.place?.line);
 * console.log(diagnostics[0]?.text);
 * ```
 * ```text
 * 0 unknown-primitive 3
 * typo.litmus:3:14: error: unknown primitive `WRITE_ONC` [unknown-primitive]
 *  3 | P0(int *x) { WRITE_ONC(*x, 1); }
 *    |              ^^^^^^^^^
 *   hint: did you mean `WRITE_ONCE`?
 * ```
 */
export function runLitmus(input: LitmusInput, options: RunLitmusOptions = {}): LitmusReport {
  const { mode = 'outcomes' } = options;
  const choices = { mode: [mode, ['outcomes', 'count', 'verdict']] as const };
  const judged = judgeInput(input, options, { mode, choices });
  const { source, report, placed } = judged;
  const diagnostics = judged.diagnostics.map(placed).map(toLitmusDiagnostic);
  const head = { file: source.name, diagnostics };
  if (report === null) {
    const text = diagnostics.map((diagnostic) => `${diagnostic.text}\n`).join('');
    return { ...head, test: null, condition: null, models: [], text };
  }
  return {
    ...head,
    test: report.name,
    condition: conditionOf(report),
    models: report.models.map((model) => modelResult(report, model, judged)),
    text: tableOf(report),
  };
}
