/**
 * The search: every execution of a program that a model allows, as outcomes, exact counts, or a bare verdict.
 *
 * Pipeline: traces -> combinations -> skeleton -> reads-from -> (reads-from checks) -> coherence -> (coherence checks). Each step
 * is a file of this folder with its own argument for soundness; techniques.ts lists what makes them fast. oracle/reference.ts
 * says the same without any of them.
 */
import type { CompiledModel } from '../model/dag.js';
import { ModelEvaluationError } from '../model/evaluation-error.js';
import { isShipped } from '../model/shipped.js';
import type { Program, Proposition } from '../program/ir.js';
import type { Value } from '../program/value.js';
import { invariant } from '../text/diagnostic.js';
import type { Alternatives } from '../unfold/read-modify-write.js';
import type { Trace } from '../unfold/trace.js';
import { defaultUnfoldOptions, unfoldProgram } from '../unfold/unfold.js';
import { Collector } from './collector.js';
import { traceCombinations } from './combinations.js';
import type { Execution, SearchOptions, SearchResult } from './execution.js';
import { type Plan, planWith } from './plan.js';
import { planFor } from './plan-for.js';
import { buildSkeleton } from './skeleton.js';
import { SkeletonCache } from './skeleton-cache.js';
import { SkeletonSearch } from './skeleton-search.js';
import { findSymmetry, type Symmetry } from './symmetry.js';
import { Orbit } from './symmetry-orbit.js';
import { openCut, waitingCombinations } from './waiting-threads.js';

export const defaultSearchOptions: SearchOptions = {
  mode: 'outcomes',
  unroll: defaultUnfoldOptions.unroll,
  expired: null,
};

/**
 * That a failed compare-and-swap need not write back what it read takes more than that dependencies only forbid: the write is where
 * nothing else may be, and who reads from it is ordered as if it read from the write before. So it is under the shipped models;
 * others may tell.
 */
function alternativesUnder({ model, dependenciesOnlyForbid }: Plan): Alternatives {
  if (!dependenciesOnlyForbid) return 'all';
  return isShipped(model) ? 'weakest' : 'least-dependent';
}

function run(
  program: Program,
  model: CompiledModel,
  collector: Collector,
  options: SearchOptions,
): SearchResult {
  try {
    const { unroll } = options;
    const expired = options.expired === null ? null : () => collector.ask();
    const plan = planWith(planFor(model), collector.techniques);
    // where to evaluate the model may fail, another search may end before it comes to what this one found
    if (model.computations.length > 0 || plan.isMonotoneGroup.includes(false)) collector.keepWitnesses();
    const alternatives = options.mode === 'count' ? 'all' : alternativesUnder(plan);
    const unfolded = unfoldProgram(program, {
      ...defaultUnfoldOptions,
      unroll,
      expired,
      alternatives,
      failedTurns: options.failedTurns ?? defaultUnfoldOptions.failedTurns,
    });
    if (unfolded.limit !== null) collector.fault(unfolded.limit);
    const { progress, techniques } = collector;
    const bareLocks = model.coherence !== null;
    const symmetry = techniques.symmetry ? findSymmetry(program, unfolded, plan, options.mode) : null;
    if (symmetry !== null) collector.standForImages(symmetry.images);
    const cache = new SkeletonCache(model, techniques, collector.eager);
    const { recognised } = plan;
    const search = (traces: readonly Trace[], symmetryOf: Symmetry | null): void => {
      const skeleton = buildSkeleton(program, traces, bareLocks);
      if ('fault' in skeleton) {
        collector.fault(skeleton.fault);
        return;
      }
      const orbit = symmetryOf === null ? null : new Orbit(symmetryOf, skeleton);
      new SkeletonSearch(collector, plan, skeleton, cache, orbit).run();
    };
    for (const traces of traceCombinations(program, unfolded, progress, symmetry, bareLocks, recognised)) {
      if (collector.isExpired()) break;
      // A cut path can only tell that the search is not exhaustive.
      if (collector.isLimited && traces.some((trace) => trace.cut !== null)) continue;
      search(traces, symmetry);
    }
    progress.hold(program.threads.length);
    const isOpen = () => !collector.isLimited && !collector.isStopped;
    const cut = isOpen() ? openCut(program, unfolded, plan, unroll) : null;
    if (cut !== null) collector.fault(cut);
    for (const traces of isOpen() ? waitingCombinations(program, unfolded, bareLocks, recognised) : []) {
      if (collector.isLimited || collector.isExpired()) break;
      if (traces !== null) search(traces, null);
    }
  } catch (error) {
    // A stack overflow: expressions of a model or of a program are walked recursively.
    if (error instanceof RangeError && /call stack/.test(error.message))
      collector.fault('definitions that are nested too deeply');
    else if (error instanceof ModelEvaluationError) collector.fault(error.message);
    else throw error;
  }
  return collector.result();
}

/**
 * Searches a program under a model.
 *
 * The model must be for the program's dialect. The result's `limit` is null exactly if the search was exhaustive; states
 * found under a limit are certain to be allowed, states not found are then not certain to be forbidden.
 */
export function searchProgram(
  program: Program,
  model: CompiledModel,
  options: SearchOptions = defaultSearchOptions,
): SearchResult {
  const findAgain = (finals: readonly Value[]): Execution => executionEnding(program, model, options, finals);
  return run(program, model, new Collector(program, options, null, findAgain), options);
}

/** The first allowed execution that ends in a state that is known to be allowed. */
function executionEnding(
  program: Program,
  model: CompiledModel,
  { unroll }: SearchOptions,
  finals: readonly Value[],
): Execution {
  const filter = finals.reduce<Proposition>(
    (left, value, index) => ({
      kind: 'and',
      left,
      right: {
        kind: 'compare',
        op: '=',
        left: { kind: 'observable', index },
        right: { kind: 'value', value },
      },
    }),
    { kind: 'constant', value: true },
  );
  let found: Execution | null = null;
  const visitor = (execution: Execution): boolean => {
    found = { ...execution, program };
    return false;
  };
  // in outcome mode, for then the last writes are chosen first
  const options: SearchOptions = { ...defaultSearchOptions, unroll, techniques: { symmetry: false } };
  const filtered = { ...program, filter };
  run(filtered, model, new Collector(filtered, options, visitor), options);
  invariant(found !== null, 'what was found once is found again');
  return found;
}

/**
 * Calls `visit` with every allowed execution that passes the program's filter, in the search's order, until it returns
 * false. Returns the limit that cut the enumeration short, or null.
 */
export function visitExecutions(
  program: Program,
  model: CompiledModel,
  options: Omit<SearchOptions, 'mode'>,
  visit: (execution: Execution) => boolean,
): string | null {
  // all of them, not one for those that differ by the names of threads
  const techniques = { ...options.techniques, symmetry: false };
  const counting: SearchOptions = { ...options, mode: 'count', techniques };
  return run(program, model, new Collector(program, counting, visit), counting).limit;
}
