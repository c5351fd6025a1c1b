/** Why a model forbids an outcome, or how it comes about: the explanations of `fencepost explain`, as data and as text. */
import { explainRun } from '../explain/explain-run.js';
import { type ExplanationObject, explanationJson } from '../explain/explanation-json.js';
import { explanationText } from '../explain/explanation-text.js';
import { isRun } from '../verdict/report.js';
import { type LitmusDiagnostic, toLitmusDiagnostic } from './diagnostics.js';
import {
  judgeInput,
  LEAST_WIDTH,
  type LitmusInput,
  type LitmusOptions,
  type Numbers,
  searchOf,
} from './judge-input.js';

/** Options of {@link explain}. */
export interface ExplainLitmusOptions extends LitmusOptions {
  /** How many arguments are given against a forbidden outcome, each against other executions. Default: 1. */
  readonly arguments?: number;
  /** How many of the model's definitions deep the text unfolds each step. Default: 0. */
  readonly depth?: number;
  /** Columns of the text, 40 at least. Default: 100. */
  readonly width?: number;
}

/** What an outcome rests on under one model. */
export interface LitmusExplanation extends ExplanationObject {
  /** For people, and not stable. Ends in a line break. */
  readonly text: string;
}

/** A test's outcome under several models, explained. */
export interface ExplainReport {
  /** One for each model that judged the test. */
  readonly explanations: readonly LitmusExplanation[];
  /** Of the options, the test, and the models that could not judge it. */
  readonly diagnostics: readonly LitmusDiagnostic[];
}

/**
 * Explains the outcome that a test asks about: a forbidden one as a cycle in the test's own statements, with the axiom that refuses it; an
 * allowed one as a story in an order of time, with the order that is missing.
 *
 * The outcome is the condition's proposition (of `forall`: a counterexample), or the `outcome` of the options. What flags a test raises
 * (a data race) is explained, too.
 *
 * @param input - the test
 * @param options - which models, which outcome, how much
 * @returns an explanation for each model; it never throws on what a user wrote
 * @throws TypeError, if an argument is not of the declared type
 * @example
 * ```ts
 * import { explain } from 'fencepost';
 *
 * const test = `
 * C message-passing
 * { }
 * P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_store_release(y, 1); }
 * P1(int *x, int *y) { int r0; int r1; r0 = smp_load_acquire(y); r1 = READ_ONCE(*x); }
 * exists (1:r0=1 /\\ 1:r1=0)
 * `;
 * const [under] = explain(test, { models: ['lkmm'] }).explanations;
 * console.log(under?.result, under?.arguments[0]?.axiom.name);
 * for (const { text } of under?.arguments[0]?.steps ?? []) console.log(text);
 * ```
 * ```text
 * forbidden happens-before
 * P0:4a WRITE_ONCE(*x, 1) is before P0:4b smp_store_release(y, 1), because P0:4b is a release
 * P0:4b is read by P1:5a r0 = smp_load_acquire(y)
 * P1:5a is before P1:5b r1 = READ_ONCE(*x), because P1:5a is an acquire
 * P1:5b reads x=0, the value from before P0:4a overwrites it
 * ```
 */
export function explain(input: LitmusInput, options: ExplainLitmusOptions = {}): ExplainReport {
  const { arguments: most = 1, depth = 0, width = 100 } = options;
  const numbers: Numbers = { arguments: [most, 1], depth: [depth, 0], width: [width, LEAST_WIDTH] };
  const { report, settings, diagnostics, placed } = judgeInput(input, options, { numbers });
  const runs = report?.models.filter(isRun) ?? [];
  const explanations =
    settings === null
      ? []
      : runs.map((run) => {
          const how = { search: searchOf(settings), arguments: most, asksForMore: true };
          const explanation = explainRun(run, how);
          return { ...explanationJson(explanation), text: explanationText(explanation, { depth, width }) };
        });
  const ofModels = report?.models.flatMap((model) => model.diagnostics) ?? [];
  return {
    explanations,
    diagnostics: [...diagnostics, ...ofModels].map(placed).map(toLitmusDiagnostic),
  };
}
