/**
 * What a model says of a test as plain text data: what files keep, and what is compared between two models, two versions of a
 * test, or two tools.
 *
 * A state is one line, `1:r0=1; x=0`: the observed names in their order with their values. Sets of states are compared as sets; what a
 * limit left out of one of them is open, neither appeared nor vanished.
 */
import type { Observable } from '../program/ir.js';
import { showValue, type Value } from '../program/value.js';
import type { ModelRun } from '../verdict/report.js';
import { plainName } from '../verdict/state.js';
import type { Verdict } from '../verdict/verdict.js';

export interface OutcomeSet {
  /** The name of the model or tool. */
  readonly model: string;
  readonly verdict: Verdict;
  /** The names that states give values to: `1:r0`, `x`. */
  readonly observed: readonly string[];
  /** `1:r0=1; x=0`, in the order of their values. A test that observes nothing has one state, the empty text. */
  readonly states: readonly string[];
  /** Names of raised flags. */
  readonly flags: readonly string[];
  /** Why states and flags may be missing; null: all are there. */
  readonly limit: string | null;
}

export function stateText(observed: readonly Observable[], values: readonly Value[]): string {
  return observed.map((each, i) => `${plainName(each)}=${showValue(values[i] ?? 0)}`).join('; ');
}

/** Of a run that looked for all states (`enumerated`). */
export function outcomesOf({ model, verdict, program, result }: ModelRun): OutcomeSet {
  return {
    model,
    verdict,
    observed: program.observed.map(plainName),
    states: result.states.map(({ values }) => stateText(program.observed, values)),
    flags: result.flags.map(({ name }) => name),
    limit: result.limit,
  };
}

/** How two sets of outcomes differ. */
export interface OutcomeChange {
  /** Null: the same, or one of the two is Unknown. */
  readonly verdict: { readonly before: Verdict; readonly after: Verdict } | null;
  /** Names that only one of the two observes: then their states cannot be compared, and both lists are empty. */
  readonly observedBefore: readonly string[];
  readonly observedAfter: readonly string[];
  /** States, each in the order of its own set. */
  readonly appeared: readonly string[];
  readonly vanished: readonly string[];
  readonly flagsAppeared: readonly string[];
  readonly flagsVanished: readonly string[];
  /** Which limit leaves open whether there is more; null: that is all. */
  readonly open: string | null;
}

function without(of: readonly string[], other: readonly string[]): readonly string[] {
  const known = new Set(other);
  return of.filter((each) => !known.has(each));
}

export function compareOutcomes(before: OutcomeSet, after: OutcomeSet): OutcomeChange {
  const isVerdictOpen = before.verdict === 'Unknown' || after.verdict === 'Unknown';
  const observedBefore = without(before.observed, after.observed);
  const observedAfter = without(after.observed, before.observed);
  const isSameQuestion = observedBefore.length + observedAfter.length === 0;
  // what an incomplete set lacks may be there
  const missing = (of: OutcomeSet, from: OutcomeSet, key: 'states' | 'flags'): readonly string[] =>
    from.limit === null ? without(of[key], from[key]) : [];
  return {
    verdict:
      isVerdictOpen || before.verdict === after.verdict
        ? null
        : { before: before.verdict, after: after.verdict },
    observedBefore,
    observedAfter,
    appeared: isSameQuestion ? missing(after, before, 'states') : [],
    vanished: isSameQuestion ? missing(before, after, 'states') : [],
    flagsAppeared: missing(after, before, 'flags'),
    flagsVanished: missing(before, after, 'flags'),
    open: after.limit ?? before.limit,
  };
}

/** Whether nothing is known to differ. */
export function isSame(change: OutcomeChange): boolean {
  const { verdict, observedBefore, observedAfter, appeared, vanished, flagsAppeared, flagsVanished } = change;
  const lists = [observedBefore, observedAfter, appeared, vanished, flagsAppeared, flagsVanished];
  return verdict === null && lists.every((list) => list.length === 0);
}

/** The names of a state and their values. */
function bindingsOf(state: string): Map<string, string> {
  const parts = state === '' ? [] : state.split('; ');
  return new Map(
    parts.map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at), part.slice(at + 1)];
    }),
  );
}

/**
 * The set with the names in another order: two versions of a test, or two tools, may list them differently. `names` are those of the
 * set; unless they are, nothing changes. States keep their positions.
 */
export function inOrderOf(names: readonly string[], outcomes: OutcomeSet): OutcomeSet {
  const { observed, states } = outcomes;
  const isSameSet = names.length === observed.length && observed.every((name) => names.includes(name));
  if (!isSameSet || names.every((name, i) => name === observed[i])) return outcomes;
  const reordered = states.map((state) => {
    const values = bindingsOf(state);
    return names.map((name) => `${name}=${values.get(name) ?? ''}`).join('; ');
  });
  return { ...outcomes, observed: names, states: reordered };
}

/** The value of each name, in their order; of a name that the state has not, the empty text. */
export function valuesIn(state: string, names: readonly string[]): readonly string[] {
  const values = bindingsOf(state);
  return names.map((name) => values.get(name) ?? '');
}
