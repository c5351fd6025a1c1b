/**
 * The pictures of all that a test can do under a model: one execution for each final state that the model allows, and for each that it
 * forbids though coherence alone does not, the execution that its ordering refuses, with the cycle.
 */
import type { Cycle } from '../explain/cycle.js';
import { findRefusedExecution, type Wanted } from '../explain/refused-execution.js';
import type { Check } from '../model/dag.js';
import type { Program, Proposition } from '../program/ir.js';
import { compareValues, showValue, type Value } from '../program/value.js';
import type { Execution, FinalState, SearchOptions } from '../search/execution.js';
import { searchProgram } from '../search/search.js';
import type { ModelRun } from '../verdict/report.js';
import { viewedGraph } from './from-execution.js';
import type { GraphModel } from './graph-model.js';
import { usualView, type View } from './view.js';
import { coherentOnly } from './weaker-model.js';

/** An execution as a picture. */
export interface Picture {
  /** The final state: `1:r0=1; 1:r1=0`. */
  readonly state: string;
  readonly verdict: 'allowed' | 'forbidden';
  /** Whether the condition's proposition holds in the state. */
  readonly satisfies: boolean;
  readonly execution: Execution;
  readonly graph: GraphModel;
  /** Why it is forbidden; null if it is allowed. */
  readonly cycle: Cycle | null;
  /** The check that the cycle violates; null if it is allowed. */
  readonly check: Check | null;
}

export interface Pictures {
  /** Allowed and forbidden ones together, in the order of the states' values. */
  readonly pictures: readonly Picture[];
  /** Forbidden states may be missing, because of this limit; null: all are there. */
  readonly limit: string | null;
  /** How many states have no picture because there are more than asked for. */
  readonly omitted: number;
}

export interface PicturesOptions {
  /** For the search for forbidden executions; `expired` ends it. */
  readonly search: SearchOptions;
  /** At most so many pictures: states that satisfy the condition come before others. */
  readonly most: number;
  /** Default: the usual one. */
  readonly view?: View;
}

interface Candidate {
  readonly state: FinalState;
  readonly isAllowed: boolean;
}

/** `test`: its name. `run` must have looked for all states (`enumerated`). */
export function picturesOfRun(run: ModelRun, test: string, options: PicturesOptions): Pictures {
  const forbidden = forbiddenStates(run, options.search);
  const candidates: Candidate[] = [
    ...run.result.states.map((state) => ({ state, isAllowed: true })),
    ...forbidden.states.map((state) => ({ state, isAllowed: false })),
  ].sort((a, b) => compareStates(a.state, b.state));
  const wanted = [...candidates].sort((a, b) => Number(b.state.satisfies) - Number(a.state.satisfies));
  const chosen = new Set(wanted.slice(0, options.most));
  const pictures = candidates.flatMap((candidate) =>
    chosen.has(candidate) ? (pictureOfState(run, test, candidate, options) ?? []) : [],
  );
  const isShort = pictures.length < chosen.size;
  return {
    pictures,
    limit: forbidden.limit ?? (isShort ? 'the search for forbidden executions' : null),
    omitted: candidates.length - chosen.size,
  };
}

/** States of coherent, atomic candidates that the model allows none of. That takes an exhaustive search of the allowed ones. */
function forbiddenStates(
  { program, compiled, result }: ModelRun,
  search: SearchOptions,
): { readonly states: readonly FinalState[]; readonly limit: string | null } {
  if (result.limit !== null) return { states: [], limit: result.limit };
  const allowed = new Set(result.states.map(keyOf));
  const weaker = searchProgram(program, coherentOnly(compiled), { ...search, mode: 'outcomes' });
  return { states: weaker.states.filter((state) => !allowed.has(keyOf(state))), limit: weaker.limit };
}

/** Null if the limits of the search came before a refused execution. */
function pictureOfState(
  run: ModelRun,
  test: string,
  { state, isAllowed }: Candidate,
  { search, view = usualView }: PicturesOptions,
): Picture | null {
  const verdict = isAllowed ? 'allowed' : 'forbidden';
  const refusal = isAllowed
    ? null
    : findRefusedExecution(endingIn(run.program, state.values), run.compiled, search);
  const found = isAllowed ? state.witness() : refusal?.execution;
  if (found === undefined) return null;
  const execution = { ...found, program: run.program };
  const cycle = refusal?.cycle ?? null;
  const check = refusal?.check ?? null;
  const shown = { model: run.compiled, view };
  const graph = viewedGraph(execution, { test, model: run.model, verdict }, cycle, shown);
  return { state: graph.state, verdict, satisfies: state.satisfies, execution, graph, cycle, check };
}

/** Asks for executions of the program that end in this state: the values of what it observes. */
export function endingIn(program: Program, values: readonly Value[]): Wanted {
  const proposition = values.reduce<Proposition>(
    (left, value, index) => ({ kind: 'and', left, right: isValue(index, value) }),
    { kind: 'constant', value: true },
  );
  return { program: { ...program, condition: { ...program.condition, proposition } }, satisfies: true };
}

function isValue(index: number, value: Value): Proposition {
  const [left, right] = [{ kind: 'observable', index } as const, { kind: 'value', value } as const];
  return { kind: 'compare', op: '=', left, right };
}

function keyOf({ values }: FinalState): string {
  return values.map(showValue).join(' ');
}

function compareStates(a: FinalState, b: FinalState): number {
  for (const [at, value] of a.values.entries()) {
    const difference = compareValues(value, b.values[at]!);
    if (difference !== 0) return difference;
  }
  return 0;
}
