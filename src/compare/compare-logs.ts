/**
 * Compares what two tools said of the same tests, as mcompare7 does: our own answers and the logs of herd7 are all that a test can do,
 * those of a machine (litmus7) what was seen of it.
 *
 * What a machine does and the model forbids is a difference, and the most serious one; what the model allows and was not seen is none, for
 * rare outcomes take long to be seen.
 */
import { isOtherCondition } from './condition-key.js';
import type { LogTest } from './log-answers.js';
import { compareNames, normalName, normalValue } from './log-state.js';
import { compareOutcomes, isSame, type OutcomeChange, type OutcomeSet } from './outcomes.js';

export type LogStatus = 'same' | 'different' | 'open' | 'only-before' | 'only-after';

export interface LogDiff {
  readonly test: string;
  readonly status: LogStatus;
  readonly before: LogTest | null;
  readonly after: LogTest | null;
  /** Null: it is in one of them only. Of a model and a machine: what was seen, against what is allowed. */
  readonly change: OutcomeChange | null;
  /** The two conditions, if they ask different things: then the answers say nothing of each other. */
  readonly conditions: { readonly before: string; readonly after: string } | null;
  /** What a machine was seen to do and the model forbids. */
  readonly forbidden: readonly string[];
  /** What the model allows and was not seen; of two machines, nothing. */
  readonly unseen: readonly string[];
}

/** An OutcomeSet of ours with names and values as logs are read. */
export function normalOutcomes(outcomes: OutcomeSet): OutcomeSet {
  const states = outcomes.states.map((state) => {
    const parts = state === '' ? [] : state.split('; ');
    const bindings = parts.map((part): [string, string] => {
      const at = part.indexOf('=');
      return [normalName(part.slice(0, at)), normalValue(part.slice(at + 1))];
    });
    return bindings
      .sort(([a], [b]) => compareNames(a, b))
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
  });
  const observed = outcomes.observed.map(normalName).sort(compareNames);
  return { ...outcomes, observed, states };
}

/** A set without states does not tell what is asked for. */
function withNamesOf(set: OutcomeSet, other: OutcomeSet): OutcomeSet {
  return set.states.length === 0 ? { ...set, observed: other.observed } : set;
}

function otherConditions(before: LogTest, after: LogTest): LogDiff['conditions'] {
  const [a, b] = [before.condition, after.condition];
  return a !== null && b !== null && isOtherCondition(a, b) ? { before: a, after: b } : null;
}

function compareBoth(test: string, before: LogTest, after: LogTest): LogDiff {
  const a = withNamesOf(before.outcomes, after.outcomes);
  const b = withNamesOf(after.outcomes, before.outcomes);
  const conditions = otherConditions(before, after);
  const both = { test, before, after, conditions, forbidden: [], unseen: [] };
  // a log of a machine has no flags, and its verdict is about what was seen
  const isAll = before.kind === 'all' && after.kind === 'all';
  const whole = compareOutcomes(a, b);
  const change = isAll ? whole : { ...whole, verdict: null, flagsAppeared: [], flagsVanished: [] };
  if (isAll || before.kind === after.kind) {
    const status =
      !isSame(change) || conditions !== null ? 'different' : change.open === null ? 'same' : 'open';
    return { ...both, change, status };
  }
  const isModelFirst = before.kind === 'all';
  const forbidden = isModelFirst ? change.appeared : change.vanished;
  const unseen = isModelFirst ? change.vanished : change.appeared;
  const isOtherQuestion =
    conditions !== null || change.observedBefore.length + change.observedAfter.length > 0;
  const model = isModelFirst ? a : b;
  const isOpen =
    model.limit !== null && (isModelFirst ? b : a).states.some((each) => !model.states.includes(each));
  const status = forbidden.length > 0 || isOtherQuestion ? 'different' : isOpen ? 'open' : 'same';
  return { ...both, change, forbidden, unseen, status };
}

/** Tests by name; in the order of `before`, then those that only `after` has. */
export function compareLogs(
  before: ReadonlyMap<string, LogTest>,
  after: ReadonlyMap<string, LogTest>,
): readonly LogDiff[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.map((test) => {
    const [a, b] = [before.get(test), after.get(test)];
    if (a !== undefined && b !== undefined) return compareBoth(test, a, b);
    const nothing = { test, change: null, conditions: null, forbidden: [], unseen: [] };
    return a === undefined
      ? { ...nothing, status: 'only-after', before: null, after: b ?? null }
      : { ...nothing, status: 'only-before', before: a, after: null };
  });
}

export type LogCounts = Readonly<Record<LogStatus, number>>;

export function countLogs(diffs: readonly LogDiff[]): LogCounts {
  const counts = { same: 0, different: 0, open: 0, 'only-before': 0, 'only-after': 0 };
  for (const { status } of diffs) counts[status]++;
  return counts;
}
