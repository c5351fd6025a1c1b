/** A model's verdict and data race beside what the test's comment or the project file expects of them. */
import type { SearchOptions } from '../search/execution.js';
import { DATA_RACE, type Mismatch, mismatches } from '../verdict/expectation.js';
import type { ModelReport, ModelRun } from '../verdict/report.js';
import type { Finding } from './check-report.js';
import type { Draft } from './drafts.js';
import { type Expected, expectationText } from './expected.js';
import { shownFlag, shownVerdict, tellingState } from './finding-picture.js';

/** The test's name, and what searches for its pictures may take; null: no pictures. */
export interface Drawing {
  readonly test: string;
  readonly search: SearchOptions | null;
}

function base(
  model: string,
  expected: Expected,
): Pick<Finding, 'model' | 'by' | 'place' | 'severity' | 'picture' | 'hint'> {
  return { model, by: expected.by, place: expected.place, severity: 'error', picture: null, hint: null };
}

function verdictFinding(run: ModelRun, expected: Expected, forgiven: boolean, drawing: Drawing): Draft {
  const { model, verdict } = run;
  const { test, search } = drawing;
  const why = forgiven ? ' (forgiven: the program has a data race)' : '';
  const text = (under: string): string => `expected ${expected.verdict}, found ${verdict}${under}${why}`;
  const state = tellingState(run, expected.verdict);
  return {
    finding: {
      ...base(model, expected),
      kind: 'verdict',
      severity: forgiven ? 'warning' : 'error',
      message: text(` under ${model}`),
      expected: expected.verdict,
      found: verdict,
      ...(state === null ? {} : { state }),
    },
    text,
    show: search === null ? null : () => shownVerdict(run, test, expected.verdict, search),
  };
}

function raceFinding(run: ModelRun, expected: Expected, raised: boolean, drawing: Drawing): Draft {
  const { model, compiled, verdict } = run;
  const knows = compiled.checks.some(({ flag, name }) => flag && name === DATA_RACE);
  const announced = expectationText({ verdict: expected.verdict, dataRace: true });
  const hint = raised
    ? `READ_ONCE() and WRITE_ONCE() mark accesses that may race; if the race is meant, expect it: \`${announced}\``
    : knows
      ? null
      : `${model} knows no data races: leave DATARACE out`;
  const text = (under: string): string =>
    raised ? `a data race${under} that is not expected` : `expected a data race${under}, found none`;
  const { test, search } = drawing;
  return {
    finding: {
      ...base(model, expected),
      kind: 'data-race',
      message: text(` under ${model}`),
      expected: raised ? expected.verdict : announced,
      found: raised ? `${verdict} DATARACE` : verdict,
      hint,
    },
    text,
    show: raised && search !== null ? () => shownFlag(run, test, DATA_RACE) : null,
  };
}

function limitFinding(model: string, expected: Expected, limit: string): Draft {
  const text = (under: string): string =>
    `expected ${expectationText(expected)}, undecided${under}: ${limit}`;
  return {
    finding: {
      ...base(model, expected),
      kind: 'limit',
      message: text(` under ${model}`),
      expected: expectationText(expected),
      found: 'Unknown',
      hint: limit.startsWith('unroll bound') ? 'a higher `--unroll` may decide it' : null,
    },
    text,
    show: null,
  };
}

function ofMismatch(run: ModelRun, expected: Expected, mismatch: Mismatch, drawing: Drawing): Draft {
  return mismatch.kind === 'verdict'
    ? verdictFinding(run, expected, mismatch.forgiven, drawing)
    : raceFinding(run, expected, mismatch.raised, drawing);
}

/** Whether a limit leaves open if the run is as expected. `Maybe` is all but a deadlock, so any state at all decides it. */
function isOpen(run: ModelRun, expected: Expected): boolean {
  const { limit, states, flags } = run.result;
  if (limit === null) return false;
  const raced = flags.some(({ name }) => name === DATA_RACE);
  if (expected.dataRace && !raced) return true;
  if (run.verdict !== 'Unknown') return false;
  return expected.verdict !== 'Maybe' || states.length === 0;
}

/** What differs from an expectation of a model that judged the test, or that a limit kept from it. */
export function checkExpectation(
  report: Exclude<ModelReport, { kind: 'failure' }>,
  expected: Expected,
  drawing: Drawing,
): readonly Draft[] {
  if (report.kind === 'unfinished') return [limitFinding(report.model, expected, report.limit)];
  const wrong = mismatches(report, expected);
  const findings = wrong.map((mismatch) => ofMismatch(report, expected, mismatch, drawing));
  const isWrong = findings.some(({ finding }) => finding.severity === 'error');
  const { limit } = report.result;
  if (isWrong || limit === null || !isOpen(report, expected)) return findings;
  return [...findings, limitFinding(report.model, expected, limit)];
}
