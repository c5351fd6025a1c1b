/** What running one test yields, for every format to print: the verdicts under each model, with what led to them. */
import type { CompiledModel } from '../model/dag.js';
import type { Program } from '../program/ir.js';
import type { SearchResult } from '../search/execution.js';
import type { Diagnostic } from '../text/diagnostic.js';
import type { SourceFile, Span } from '../text/source.js';
import type { Language } from './model-choice.js';
import type { Verdict } from './verdict.js';

/** A test under one model. `program` is what the model judged: for arm64 and x86, the compiled program of a C test. */
export interface ModelRun {
  readonly kind: 'run';
  readonly model: string;
  readonly program: Program;
  /** The model as it judged this program: to explain the verdict. */
  readonly compiled: CompiledModel;
  readonly result: SearchResult;
  /** The search looked for every final state. Not in verdict mode, whose few states no format lists. */
  readonly enumerated: boolean;
  readonly verdict: Verdict;
  /** Warnings of this model's way through the pipeline (compilation to assembly, say). */
  readonly diagnostics: readonly Diagnostic[];
  readonly seconds: number;
}

/** A test that could not be brought to a model: a primitive without a translation, say. */
export interface ModelFailure {
  readonly kind: 'failure';
  readonly model: string;
  /** Nobody asked for this model by name, and another judges the test: why this one does not is only worth a remark. */
  readonly excused: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** A model's search that was ended from outside and left nothing behind (`RunOptions.given`): Unknown. */
export interface ModelUnfinished {
  readonly kind: 'unfinished';
  readonly model: string;
  /** Which limit ended it. */
  readonly limit: string;
  /** The test's own program, which is not what was judged. */
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
}

export type ModelReport = ModelRun | ModelFailure | ModelUnfinished;

/** What can be expected of a verdict. `Maybe`: Never, Sometimes or Always, whichever. */
export const expectedVerdicts = ['Never', 'Sometimes', 'Always', 'Deadlock', 'Maybe'] as const;

/** A verdict that can be expected; `Maybe`: any but Deadlock. */
export type ExpectedVerdict = (typeof expectedVerdicts)[number];

/** What is expected of a model, by a test's comment or somebody else. */
export interface Expectation {
  readonly verdict: ExpectedVerdict;
  readonly dataRace: boolean;
  /** The line of the comment; null where it has no place of its own. */
  readonly span: Span | null;
}

export interface TestReport {
  readonly kind: 'test';
  readonly source: SourceFile;
  /** The name in the test's header. */
  readonly name: string;
  readonly language: Language;
  /** The comments before the init block. */
  readonly comment: string;
  /** By model name. */
  readonly expectations: ReadonlyMap<string, Expectation>;
  /** Warnings of parsing and elaboration, common to all models. */
  readonly diagnostics: readonly Diagnostic[];
  /** In the order of the columns. */
  readonly models: readonly ModelReport[];
}

/** An input that is not a test: errors only. */
export interface InputFailure {
  readonly kind: 'input-failure';
  readonly source: SourceFile;
  readonly diagnostics: readonly Diagnostic[];
}

export type FileReport = TestReport | InputFailure;

export function isRun(report: ModelReport): report is ModelRun {
  return report.kind === 'run';
}
