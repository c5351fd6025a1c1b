/** Whether a list of outcomes is all that a model allows: each of its states is one of the list, and each of the list is a state. */
import { type Outcome, outcomeText } from '../api/judge-input.js';
import { stateText } from '../compare/outcomes.js';
import { pictureOfState } from '../compare/state-picture.js';
import type { Proposition } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import { invariant } from '../text/diagnostic.js';
import type { ModelRun } from '../verdict/report.js';
import { type Answered, raceIn, type Said } from './asked.js';

/** The question whose disjuncts are the outcomes: so each is read as any condition, and all names in them are observed. */
export function anyOf(outcomes: readonly Outcome[]): string {
  return outcomes.map((outcome) => `(${outcomeText(outcome)})`).join(' \\/ ');
}

/** The disjuncts again: chains of `\/` go to the left. */
function disjuncts(whole: Proposition, count: number): Proposition[] {
  if (count === 1) return [whole];
  invariant(whole.kind === 'or', 'as many disjuncts as were joined');
  return [...disjuncts(whole.left, count - 1), whole.right];
}

interface Comparison {
  /** States that are none of the list. */
  readonly unexpected: readonly string[];
  /** Of the list: those that no state is. */
  readonly missing: readonly string[];
  /** Of the list: those that are several states. */
  readonly vague: readonly string[];
}

function compare({ program, result }: ModelRun, outcomes: readonly Outcome[]): Comparison {
  const propositions = disjuncts(program.condition.proposition, outcomes.length);
  const matches = propositions.map((each) =>
    result.states.filter(({ values }) => evaluateProposition(each, values)),
  );
  const texts = (count: (states: number) => boolean): string[] =>
    outcomes.filter((_, at) => count(matches[at]?.length ?? 0)).map(outcomeText);
  return {
    unexpected: result.states
      .filter((state) => !matches.some((states) => states.includes(state)))
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

/** Asked with the question `anyOf(outcomes)`. */
export function byOutcomes({ test, run }: Answered, outcomes: readonly Outcome[]): Said {
  const { model, result, program } = run;
  const compared = compare(run, outcomes);
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
