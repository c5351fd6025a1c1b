/** A model's final states and flags beside those that the baseline has: every one that appeared or vanished. */
import { compareOutcomes, type OutcomeChange, type OutcomeSet, outcomesOf } from '../compare/outcomes.js';
import type { ModelReport, ModelRun } from '../verdict/report.js';
import type { Verdict } from '../verdict/verdict.js';
import { type BaselineEntry, isSteady, limitName } from './baseline.js';
import type { Finding, FindingKind, Place } from './check-report.js';
import type { Drawing } from './check-verdict.js';
import type { Draft } from './drafts.js';
import { type Shown, shownFlag, shownState, shownVerdict, tellingState } from './finding-picture.js';

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

function isSameLimit(before: string | null, after: string | null): boolean {
  return (before && limitName(before)) === (after && limitName(after));
}

/**
 * How a run differs from its record. A bound on loops leaves out the same executions every time: under the same bound, sets are
 * compared as if they were whole.
 */
export function compareWithRecord(before: OutcomeSet, after: OutcomeSet): OutcomeChange {
  const isWhole = isSteady(before.limit) && isSteady(after.limit) && isSameLimit(before.limit, after.limit);
  const [old, now] = sameNames(before, after);
  if (!isWhole) return compareOutcomes(old, now);
  return compareOutcomes({ ...old, limit: null }, { ...now, limit: null });
}

/** Makes findings of one model, about one entry. */
class Recorder {
  readonly drafts: Draft[] = [];

  constructor(
    private readonly model: string,
    private readonly recorded: Recorded,
  ) {}

  add(
    kind: FindingKind,
    text: (under: string) => string,
    more: Partial<Finding> = {},
    show: Draft['show'] = null,
    line?: number,
  ): void {
    const { file, entry } = this.recorded;
    const { model } = this;
    const finding: Finding = {
      kind,
      severity: 'error',
      model,
      message: text(` under ${model}`),
      expected: null,
      found: null,
      by: 'baseline',
      place: linePlace(file, line ?? entry.modelLines.get(model) ?? entry.line),
      picture: null,
      hint: null,
      ...more,
    };
    this.drafts.push({ finding, text, show });
  }
}

function stateName(state: string): string {
  return state === '' ? 'the test comes to an end' : state;
}

function addStates(
  run: ModelRun,
  { test, search }: Drawing,
  change: OutcomeChange,
  recorded: Recorded,
  to: Recorder,
): void {
  const shown = (show: () => Shown): Draft['show'] => (search === null ? null : show);
  for (const state of change.appeared)
    to.add(
      'appeared',
      (under) => `new outcome${under}: ${stateName(state)}`,
      { found: state, state },
      shown(() => shownState(run, test, state)),
    );
  for (const state of change.vanished) {
    const line = recorded.entry.stateLines.get(state);
    const text = (under: string): string => `outcome gone${under}: ${stateName(state)}`;
    to.add('vanished', text, { expected: state, state }, null, line);
  }
  for (const flag of change.flagsAppeared)
    to.add(
      'flag-appeared',
      (under) => `new flag${under}: ${flag}`,
      { found: flag },
      shown(() => shownFlag(run, test, flag)),
    );
  for (const flag of change.flagsVanished)
    to.add('flag-vanished', (under) => `flag gone${under}: ${flag}`, { expected: flag });
}

function addQuestion({ observedBefore, observedAfter }: OutcomeChange, to: Recorder): void {
  const gone = observedBefore.length === 0 ? [] : [`no longer shows ${observedBefore.join(', ')}`];
  const more = observedAfter.length === 0 ? [] : [`also shows ${observedAfter.join(', ')}`];
  to.add(
    'question',
    () => `the test asks about other values than in the baseline: it ${[...gone, ...more].join(', and ')}`,
    {
      expected: observedBefore.join(', '),
      found: observedAfter.join(', '),
    },
  );
}

function limitFinding(limit: string, to: Recorder): void {
  const text = (under: string): string =>
    `not all outcomes are known${under}, to compare with the baseline: ${limit}`;
  to.add('limit', text, { found: 'Unknown' });
}

function addVerdict(run: ModelRun, before: Verdict, drawing: Drawing, to: Recorder): void {
  const { verdict } = run;
  const { test, search } = drawing;
  // what was Unknown was never expected
  const expected = before === 'Unknown' ? null : before;
  const state = expected === null ? null : tellingState(run, expected);
  to.add(
    'verdict',
    (under) => `was ${before}, is ${verdict}${under}`,
    { expected: before, found: verdict, ...(state === null ? {} : { state }) },
    search === null || expected === null ? null : () => shownVerdict(run, test, expected, search),
  );
}

/** A record within another bound than the check's: it does not tell what is new from what its own bound left out. */
function otherBound(recorded: string, found: string | null, to: Recorder): void {
  const old = limitName(recorded);
  const now = found === null ? null : limitName(found);
  const here = now === null ? 'this check has all' : `this check has those within ${now}`;
  to.add(
    'limit',
    (under) =>
      `which outcomes are new${under} is not known: the baseline has those within ${old}, and ${here}`,
    {
      expected: old,
      found: now ?? 'all',
      hint: 'check with the bound of the baseline (`--unroll`), or record anew with this one (`fencepost baseline`)',
    },
  );
}

/** Whether a check leaves open what differs from a record, as it would not within the record's own bound. */
function isOtherBound(before: string | null, now: string | null): before is string {
  return before !== null && isSteady(before) && isSteady(now) && !isSameLimit(before, now);
}

/** What differs from the record of a model. `isVerdictSaid`: another verdict than expected was found already. */
export function checkRecord(
  report: Exclude<ModelReport, { kind: 'failure' }>,
  drawing: Drawing,
  before: OutcomeSet,
  recorded: Recorded,
  isVerdictSaid: boolean,
): readonly Draft[] {
  const { model } = report;
  const to = new Recorder(model, recorded);
  const isComplete = isSteady(before.limit);
  if (report.kind === 'unfinished') {
    if (isComplete) limitFinding(report.limit, to);
    return to.drafts;
  }
  const change = compareWithRecord(before, outcomesOf(report));
  const { verdict, observedBefore, observedAfter } = change;
  if (verdict !== null && !isVerdictSaid) addVerdict(report, verdict.before, drawing, to);
  if (observedBefore.length + observedAfter.length > 0) addQuestion(change, to);
  addStates(report, drawing, change, recorded, to);
  const { limit } = report.result;
  if (isOtherBound(before.limit, limit)) otherBound(before.limit, limit, to);
  else if (limit !== null && change.open !== null && isComplete) limitFinding(limit, to);
  return to.drafts;
}
