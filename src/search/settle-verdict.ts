/**
 * The verdict of a search for all final states that was stopped: asked for alone, it is often known at once.
 *
 * Sound: both searches are of the same executions. What the second has found is allowed, and is added to what the first has; if the
 * second came to its end, what kinds of states it has not found there are not, however many states are missing.
 */
import type { CompiledModel } from '../model/dag.js';
import type { Program } from '../program/ir.js';
import type { FinalState, SearchOptions, SearchResult } from './execution.js';
import { compareStates } from './found-states.js';
import { searchProgram } from './search.js';

/** `stopped` with what a search in verdict mode finds before it is stopped, too. */
export function settleVerdict(
  program: Program,
  model: CompiledModel,
  stopped: SearchResult,
  options: Omit<SearchOptions, 'mode'>,
): SearchResult {
  const { states: found, limit } = searchProgram(program, model, { ...options, mode: 'verdict' });
  const isNew = (state: FinalState): boolean =>
    stopped.states.every((other) => compareStates(state.values, other.values) !== 0);
  // one execution of it, at least
  const counting = stopped.positive !== null && stopped.negative !== null;
  const added = found.filter(isNew).map((state) => ({ ...state, executions: counting ? 1 : null }));
  const together = () => [...stopped.states, ...added].sort((a, b) => compareStates(a.values, b.values));
  const more = (satisfies: boolean): number => added.filter((state) => state.satisfies === satisfies).length;
  const kinds = {
    satisfying: found.some((state) => state.satisfies),
    other: found.some((state) => !state.satisfies),
  };
  return {
    ...stopped,
    states: added.length === 0 ? stopped.states : together(),
    satisfying: stopped.satisfying + more(true),
    positive: counting ? stopped.positive + more(true) : null,
    negative: counting ? stopped.negative + more(false) : null,
    ...(limit === null ? { kinds } : {}),
  };
}
