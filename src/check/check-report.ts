/**
 * What `fencepost check` found, as plain data: what a worker thread sends, what every reporter writes, and what the JSON report
 * holds.
 */
import type { ExpectedVerdict } from '../verdict/report.js';
import type { Verdict } from '../verdict/verdict.js';

/** Where people should look: lines and columns from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** The column after the last. */
  readonly endColumn: number;
}

/**
 * `verdict`: another than expected. `data-race`: expected and not raised, or raised and not expected. `appeared`, `vanished`: a
 * final state that the baseline has not, or has alone. `flag-appeared`, `flag-vanished`: likewise. `question`: the test observes
 * other names than the baseline. `not-in-baseline`, `no-such-test`, `no-such-model`: an expectation without a test, or a test without one, where that is
 * asked for. `limit`: an expectation that a limit left undecided. `input`: the test, or the expectation, cannot be read. `internal`: our own bug.
 */
export type FindingKind =
  | 'verdict'
  | 'data-race'
  | 'appeared'
  | 'vanished'
  | 'flag-appeared'
  | 'flag-vanished'
  | 'question'
  | 'not-in-baseline'
  | 'no-such-test'
  | 'no-such-model'
  | 'limit'
  | 'input'
  | 'internal';

/** One difference between what is expected and what is found. */
export interface Finding {
  readonly kind: FindingKind;
  /** Errors decide the exit code; warnings do not. */
  readonly severity: 'error' | 'warning';
  /** Null: about the test under all models. Of several models, the first. */
  readonly model: string | null;
  /** All models that it is about, in the order of the columns; absent: one at most. */
  readonly models?: readonly string[];
  /** One line for people: `expected Never, found Sometimes under arm64`. */
  readonly message: string;
  /** `Never`, `1:r0=1; 1:r1=0`; null where there is no such thing. */
  readonly expected: string | null;
  readonly found: string | null;
  /** The final state that appeared or vanished, as in the baseline; absent: none, or several. */
  readonly state?: string;
  /** Who expects: the test's comment, the project file, the baseline; null: nobody (bad input). */
  readonly by: 'comment' | 'project' | 'baseline' | null;
  /** Where the expectation stands, or the mistake; null: nowhere in particular. */
  readonly place: Place | null;
  /** The statement to look at: where an order is missing now, or the test's condition. Absent: `place` says where. */
  readonly code?: Place;
  /** Why the new execution is allowed, a sentence each: what nothing orders any more, and what would. Absent: not known. */
  readonly reasons?: readonly string[];
  /** The new execution as text of at most 80 columns, with its final line break; null: there is none to show. */
  readonly picture: string | null;
  readonly hint: string | null;
}

/** A test under one model, whether as expected or not. */
export interface ModelCheck {
  readonly model: string;
  /** Null: the model cannot judge it. */
  readonly verdict: Verdict | null;
  readonly expected: ExpectedVerdict | null;
  readonly flags: readonly string[];
  readonly limit: string | null;
  readonly seconds: number;
}

/** `same`: all as expected. `nothing-expected`: judged, and nobody expects anything. The others in the order of the exit codes 1, 3, 2, 70. */
export type CheckStatus = 'same' | 'nothing-expected' | 'different' | 'limit' | 'input' | 'internal';

/** Of each status no test yet, to be counted up. */
export function noTests(): Record<CheckStatus, number> {
  return { same: 0, 'nothing-expected': 0, different: 0, limit: 0, input: 0, internal: 0 };
}

/** What the check of one test found. */
export interface TestCheck {
  /** As given, with `/`. */
  readonly file: string;
  /** The name in the test's header; null if it could not be read as a test. */
  readonly test: string | null;
  readonly status: CheckStatus;
  readonly findings: readonly Finding[];
  readonly models: readonly ModelCheck[];
  /** Models under which something is expected, and which the command line leaves out. Absent: none. */
  readonly unasked?: readonly string[];
  readonly seconds: number;
}

/** The end of a run. */
export interface CheckSummary {
  /** By status; all of them. */
  readonly counts: Readonly<Record<CheckStatus, number>>;
  /** Of the tests with nothing expected, how many no model judges that is asked. Absent: none. */
  readonly notJudged?: number;
  /** By the models that the command line leaves out, of how many tests something is expected under them. Absent: of none. */
  readonly unasked?: Readonly<Record<string, number>>;
  /** Findings about no test that was run: an expectation of a file that is not there, say. */
  readonly findings: readonly Finding[];
  /** Tests that an interrupt left open. */
  readonly open: number;
  readonly seconds: number;
  readonly exitCode: number;
  /** fencepost's. */
  readonly version: string;
}

/** A format of the report: text in the order of the tests. What a call returns is written at once. */
export interface Reporter {
  /** How many tests there will be. */
  readonly begin: (tests: number) => string;
  readonly test: (check: TestCheck) => string;
  readonly end: (summary: CheckSummary) => string;
}
