/** A model's final states and flags beside those that the baseline has: every one that appeared or vanished. */
import { compareOutcomes, type OutcomeChange, type OutcomeSet, outcomesOf } from '../compare/outcomes.js';
import { pictureOfFlag, pictureOfState } from '../compare/state-picture.js';
import type { ModelReport, ModelRun } from '../verdict/report.js';
import { type BaselineEntry, isSteady, limitName } from './baseline.js';
import type { Finding, FindingKind, Place } from './check-report.js';

/** More pictures of one model's new states would bury the others. */
const MOST_PICTURES = 4;

/** A baseline's entry of the test that is checked. */
export interface Recorded {
  readonly file: string;
  readonly entry: BaselineEntry;
}

/** The whole of a line. */
export function linePlace(file: string, line: number): Place {
  return { file, line, column: 1, endLine: line, endColumn: 1 };
}

/** Two sets to compare: a record names what is observed in its states only, so without states both are about the same names. */
function sameNames(before: OutcomeSet, after: OutcomeSet): readonly [OutcomeSet, OutcomeSet] {
  if (before.states.length > 0 && after.states.length > 0) return [before, after];
  return [
    { ...before, observed: [] },
    { ...after, observed: [] },
  ];
}

/**
 * How a run differs from its record. A bound on loops leaves out the same executions every time: under the same bound, sets are
 * compared as if they were whole.
 */
export function compareWithRecord(before: OutcomeSet, after: OutcomeSet): OutcomeChange {
  const isWhole =
    isSteady(before.limit) &&
    isSteady(after.limit) &&
    (before.limit === null ? null : limitName(before.limit)) ===
      (after.limit === null ? null : limitName(after.limit));
  const [old, now] = sameNames(before, after);
  if (!isWhole) return compareOutcomes(old, now);
  return compareOutcomes({ ...old, limit: null }, { ...now, limit: null });
}

/** Makes findings of one model, about one entry. */
class Recorder {
  readonly findings: Finding[] = [];
  private drawn = 0;

  constructor(
    private readonly model: string,
    private readonly recorded: Recorded,
  ) {}

  add(kind: FindingKind, message: string, more: Partial<Finding> = {}, line?: number): void {
    const { file, entry } = this.recorded;
    this.findings.push({
      kind,
      severity: 'error',
      model: this.model,
      message,
      expected: null,
      found: null,
      by: 'baseline',
      place: linePlace(file, line ?? entry.modelLines.get(this.model) ?? entry.line),
      picture: null,
      hint: null,
      ...more,
    });
  }

  /** Draws only some. */
  draw(picture: () => string | null): string | null {
    return this.drawn++ < MOST_PICTURES ? picture() : null;
  }
}

function stateName(state: string): string {
  return state === '' ? 'the test comes to an end' : state;
}

function addStates(
  run: ModelRun,
  test: string,
  change: OutcomeChange,
  recorded: Recorded,
  to: Recorder,
): void {
  const { model } = run;
  for (const state of change.appeared)
    to.add('appeared', `new outcome under ${model}: ${stateName(state)}`, {
      found: state,
      picture: to.draw(() => pictureOfState(run, test, state)),
    });
  for (const state of change.vanished) {
    const line = recorded.entry.stateLines.get(state);
    to.add('vanished', `outcome gone under ${model}: ${stateName(state)}`, { expected: state }, line);
  }
  for (const flag of change.flagsAppeared)
    to.add('flag-appeared', `new flag under ${model}: ${flag}`, {
      found: flag,
      picture: to.draw(() => pictureOfFlag(run, test, flag)),
    });
  for (const flag of change.flagsVanished)
    to.add('flag-vanished', `flag gone under ${model}: ${flag}`, { expected: flag });
}

function addQuestion({ observedBefore, observedAfter }: OutcomeChange, to: Recorder): void {
  const gone = observedBefore.length === 0 ? [] : [`no longer shows ${observedBefore.join(', ')}`];
  const more = observedAfter.length === 0 ? [] : [`also shows ${observedAfter.join(', ')}`];
  to.add(
    'question',
    `the test asks about other values than in the baseline: it ${[...gone, ...more].join(', and ')}`,
    {
      expected: observedBefore.join(', '),
      found: observedAfter.join(', '),
    },
  );
}

function limitFinding(limit: string, to: Recorder, model: string): void {
  to.add('limit', `not all outcomes are known under ${model}, to compare with the baseline: ${limit}`, {
    found: 'Unknown',
  });
}

/** What differs from the record of a model. `isVerdictSaid`: another verdict than expected was found already. */
export function checkRecord(
  report: Exclude<ModelReport, { kind: 'failure' }>,
  test: string,
  before: OutcomeSet,
  recorded: Recorded,
  isVerdictSaid: boolean,
): readonly Finding[] {
  const { model } = report;
  const to = new Recorder(model, recorded);
  const isComplete = isSteady(before.limit);
  if (report.kind === 'unfinished') {
    if (isComplete) limitFinding(report.limit, to, model);
    return to.findings;
  }
  const change = compareWithRecord(before, outcomesOf(report));
  const { verdict, observedBefore, observedAfter } = change;
  if (verdict !== null && !isVerdictSaid)
    to.add('verdict', `was ${verdict.before}, is ${verdict.after} under ${model}`, {
      expected: verdict.before,
      found: verdict.after,
    });
  if (observedBefore.length + observedAfter.length > 0) addQuestion(change, to);
  addStates(report, test, change, recorded, to);
  const { limit } = report.result;
  if (limit !== null && change.open !== null && isComplete) limitFinding(limit, to, model);
  return to.findings;
}
