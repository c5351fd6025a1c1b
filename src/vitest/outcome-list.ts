/** Whether a list of outcomes is all that a model allows: each of its states is one of the list, and each of the list is a state. */
import { type Outcome, outcomeText } from '../api/judge-input.js';
import { stateText } from '../compare/outcomes.js';
import { pictureOfState } from '../compare/state-picture.js';
import type { Proposition } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import { listed } from '../regress/barriers-text.js';
import { parseLitmus } from '../syntax/parse.js';
import { invariant } from '../text/diagnostic.js';
import { spanText } from '../text/source.js';
import type { ModelRun } from '../verdict/report.js';
import { plainName } from '../verdict/state.js';
import { type Answered, raceIn, type Said } from './asked.js';
import type { LitmusTest } from './litmus.js';

/** The proposition of the test's own condition, as written; null: it has none. */
function ownQuestion({ name, text }: LitmusTest): string | null {
  const condition = parseLitmus({ name, text }).value?.condition ?? null;
  return condition === null ? null : spanText(condition.proposition.span);
}

/**
 * The question whose disjuncts are the outcomes, and the test's own condition behind them: so each is read as any condition, and all
 * names in them are observed.
 */
export function anyOf(test: LitmusTest, outcomes: readonly Outcome[]): string {
  const own = ownQuestion(test);
  const all = [...outcomes.map(outcomeText), ...(own === null ? [] : [own])];
  return all.map((text) => `(${text})`).join(' \\/ ');
}

/** The disjuncts again: chains of `\/` go to the left. */
function disjuncts(whole: Proposition, count: number): Proposition[] {
  if (count === 1) return [whole];
  invariant(whole.kind === 'or', 'as many disjuncts as were joined');
  return [...disjuncts(whole.left, count - 1), whole.right];
}

/** The positions in `Program.observed` of what a proposition names. */
function namedIn(proposition: Proposition): ReadonlySet<number> {
  switch (proposition.kind) {
    case 'constant':
      return new Set();
    case 'compare': {
      const operands = [proposition.left, proposition.right];
      return new Set(operands.flatMap((each) => (each.kind === 'observable' ? [each.index] : [])));
    }
    case 'not':
      return namedIn(proposition.operand);
    default:
      return new Set([...namedIn(proposition.left), ...namedIn(proposition.right)]);
  }
}

/** Why an outcome is none to compare with: it would be true of more than it tells. Null: all of them are. */
function incomplete(
  { program }: ModelRun,
  propositions: readonly Proposition[],
  outcomes: readonly Outcome[],
): string | null {
  const own = propositions[outcomes.length];
  for (const [at, outcome] of outcomes.entries()) {
    const named = namedIn(propositions[at]!);
    if (named.size === 0) return `${outcomeText(outcome)} names nothing: it is no outcome`;
    const missing = own === undefined ? [] : [...namedIn(own)].filter((index) => !named.has(index));
    const names = missing.map((index) => plainName(program.observed[index]!));
    if (names.length > 0)
      return `${outcomeText(outcome)} leaves out ${listed(names)}, which the condition of the test names`;
  }
  return null;
}

interface Comparison {
  /** States that are none of the list. */
  readonly unexpected: readonly string[];
  /** Of the list: those that no state is. */
  readonly missing: readonly string[];
  /** Of the list: those that are several states. */
  readonly vague: readonly string[];
}

function compare(
  { program, result }: ModelRun,
  propositions: readonly Proposition[],
  outcomes: readonly Outcome[],
): Comparison {
  const wanted = propositions.slice(0, outcomes.length);
  const matches = wanted.map(
    (each) => result.states.filter(({ values }) => evaluateProposition(each, values)).length,
  );
  const texts = (count: (states: number) => boolean): string[] =>
    outcomes.filter((_, at) => count(matches[at] ?? 0)).map(outcomeText);
  return {
    unexpected: result.states
      .filter(({ values }) => !wanted.some((each) => evaluateProposition(each, values)))
      .map(({ values }) => stateText(program.observed, values)),
    missing: texts((states) => states === 0),
    vague: texts((states) => states > 1),
  };
}

function lines({ unexpected, missing, vague }: Comparison): string[] {
  return [
    ...unexpected.map((state) => `  + ${state}   (allowed, not expected)`),
    ...missing.map((outcome) => `  - ${outcome}   (expected, not allowed)`),
    ...vague.map((outcome) => `  ? ${outcome}   (more than one state: give all names values)`),
  ];
}

/** Asked with the question `anyOf(test, outcomes)`. */
export function byOutcomes({ test, run }: Answered, outcomes: readonly Outcome[]): Said {
  const { model, result, program } = run;
  const count = outcomes.length + (ownQuestion(test) === null ? 0 : 1);
  const propositions = disjuncts(program.condition.proposition, count);
  const refused = incomplete(run, propositions, outcomes);
  if (refused !== null) return { holds: 'open', model: '', fact: refused, show: () => '' };
  const compared = compare(run, propositions, outcomes);
  const race = test.ignoresDataRaces ? null : raceIn(test, run);
  if (race?.holds === 'open') return race;
  const { unexpected, missing, vague } = compared;
  const shown = (): string =>
    [
      ...lines(compared),
      '',
      ...(unexpected[0] === undefined ? [] : [pictureOfState(run, program.name, unexpected[0]) ?? '']),
    ].join('\n');
  const isSame = unexpected.length + missing.length + vague.length === 0;
  if (isSame && result.limit === null)
    return { holds: 'yes', model, fact: 'these are its outcomes, and it has no others', show: shown };
  if (result.limit !== null && unexpected.length === 0)
    return { holds: 'open', model, fact: `not all is known: a limit was hit (${result.limit})`, show: shown };
  return { holds: 'no', model, fact: 'its outcomes are others', show: shown };
}
