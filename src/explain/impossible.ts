/**
 * Why no execution gives an outcome whatever the model: the threads never compute such values.
 *
 * All candidates are looked at, with every way of reading and of ordering writes: what no candidate ends with is a matter of the
 * program's logic. Says which part of the outcome has no candidate, and if each has one, that they exclude each other.
 */
import type { CompiledModel } from '../model/dag.js';
import { showProposition } from '../program/condition-text.js';
import type { Operand, Program, Proposition } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import { compareValues, showValue, type Value } from '../program/value.js';
import type { Execution, FinalStates, SearchOptions } from '../search/execution.js';
import { searchProgram } from '../search/search.js';
import { compared, type ExecutionClaim, isNone } from './claim.js';
import type { Sentence } from './explanation.js';
import { listOf } from './narration.js';

/** How many final states are listed in a sentence. */
const LISTED = 8;

const WHATEVER = 'whatever is read from where, ';

/** Why it is, or the limit because of which that is not known. */
export interface Reasons {
  readonly sentences: readonly Sentence[];
  readonly limit: string | null;
}

/** Why no candidate satisfies the condition's proposition (or, if not `satisfies`, fails it). */
export function explainImpossible(
  program: Program,
  satisfies: boolean,
  model: CompiledModel,
  options: SearchOptions,
): Reasons {
  const { proposition } = program.condition;
  const goal: Proposition = satisfies ? proposition : { kind: 'not', operand: proposition };
  const candidates = { ...model, checks: [] };
  const all = explainValues({ ...program, filter: null }, goal, WHATEVER, candidates, options);
  if (program.filter === null || all.limit !== null || all.sentences.length > 0) return all;
  // there is such an execution, and the filter drops it
  const filter = showProposition(program.filter, program.observed);
  const passing = `${WHATEVER}of what passes the filter ${filter}: `;
  return explainValues(program, goal, passing, candidates, options);
}

/**
 * Why no execution that the model allows satisfies a goal, which may be the program's own filter. `introduction`: what is said
 * first. No sentences if there is such an execution.
 */
export function explainValues(
  program: Program,
  goal: Proposition,
  introduction: string,
  model: CompiledModel,
  options: SearchOptions,
): Reasons {
  const all = { ...program, filter: goal === program.filter ? null : program.filter };
  const { states, limit } = searchProgram(all, model, { ...options, mode: 'outcomes' });
  if (limit !== null) return { sentences: [], limit };
  const finals = states.map(({ values }) => values);
  if (finals.some((values) => evaluateProposition(goal, values))) return { sentences: [], limit: null };
  const { unroll } = options;
  const none: ExecutionClaim = {
    kind: 'none',
    what: showProposition(goal, program.observed),
    model,
    program: { ...all, filter: both(all.filter, goal) },
    unroll,
  };
  const claims = [none, ...claimsOfValues(goal, all, states, model, unroll)];
  const text = `${introduction}${reasonFor(program, goal, finals)}`;
  return { sentences: [{ text, edge: null, derivation: null, events: [], claims }], limit: null };
}

function both(filter: Proposition | null, goal: Proposition): Proposition {
  return filter === null ? goal : { kind: 'and', left: filter, right: goal };
}

/** Of the goal's observables, the values that there are, and that there are no others. */
function claimsOfValues(
  goal: Proposition,
  program: Program,
  states: FinalStates,
  model: CompiledModel,
  unroll: number,
): ExecutionClaim[] {
  return mentioned(goal).flatMap((index): ExecutionClaim[] => {
    const { display } = program.observed[index]!;
    const values = [...new Set(states.map((state) => state.values[index]!))];
    const some = values.slice(0, LISTED).map((value): ExecutionClaim => {
      const state = states.find((each) => each.values[index] === value)!;
      const execution = (): Execution => ({ ...state.witness(), program });
      const ends = compared('=', index, value);
      return {
        kind: 'some',
        what: `${display} ends as ${showValue(value)}`,
        model,
        execution,
        ends,
        reads: null,
      };
    });
    const others = { ...program, filter: both(program.filter, isNone(index, values)) };
    return [
      ...some,
      { kind: 'none', what: `${display} ends as something else`, model, program: others, unroll },
    ];
  });
}

function reasonFor(program: Program, goal: Proposition, finals: readonly (readonly Value[])[]): string {
  const { observed } = program;
  if (finals.length === 0) return 'no execution completes';
  const parts = conjuncts(goal);
  const never = parts.filter((part) => !finals.some((values) => evaluateProposition(part, values)));
  if (never.length > 0) {
    const reasons = never.map((part) => {
      const ends = mentioned(part).map((index) => valuesOf(observed[index]!.display, index, finals));
      const text = `${showProposition(part, observed)} never holds`;
      return ends.length === 0 ? text : `${text}: ${listOf(ends)}`;
    });
    return reasons.join('; ');
  }
  const indices = mentioned(goal);
  const states = new Set(
    finals.map((values) =>
      listOf(indices.map((index) => `${observed[index]!.display}=${showValue(values[index]!)}`)),
    ),
  );
  const shown = [...states].sort().slice(0, LISTED);
  const more = states.size > shown.length ? `; ${states.size - shown.length} more` : '';
  return `${showProposition(goal, observed)} never holds as a whole: the threads end with ${shown.join('; ')}${more}`;
}

function conjuncts(proposition: Proposition): readonly Proposition[] {
  return proposition.kind === 'and'
    ? [...conjuncts(proposition.left), ...conjuncts(proposition.right)]
    : [proposition];
}

/** The observables of a proposition, in order. */
function mentioned(proposition: Proposition): number[] {
  const found = new Set<number>();
  const operand = (side: Operand): void => {
    if (side.kind === 'observable') found.add(side.index);
  };
  const visit = (part: Proposition): void => {
    if (part.kind === 'constant') return;
    if (part.kind === 'not') visit(part.operand);
    else if (part.kind === 'compare') {
      operand(part.left);
      operand(part.right);
    } else {
      visit(part.left);
      visit(part.right);
    }
  };
  visit(proposition);
  return [...found].sort((a, b) => a - b);
}

/** `1:r0 ends as 0 or 1`. */
function valuesOf(display: string, index: number, finals: readonly (readonly Value[])[]): string {
  const values = [...new Set(finals.map((final) => final[index]!))].sort(compareValues).map(showValue);
  const shown = values.length > LISTED ? [...values.slice(0, LISTED), 'other values'] : values;
  const list = shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
  return `${display} ends as ${list}`;
}
