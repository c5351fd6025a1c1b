/**
 * Which of the executions that would give a forbidden outcome tells most about why it is forbidden.
 *
 * Takes candidates in the search's order and keeps one: an argument about ordering rather than about a single location's
 * coherence, one violated check rather than several, few edges, few events; then the first. Bounded, so that a test
 * with a million such candidates costs no more than one with a few hundred.
 */
import type { CompiledModel } from '../model/dag.js';
import type { Evaluation } from '../model/evaluate.js';
import type { Execution } from '../search/execution.js';
import type { Cycle } from './cycle.js';
import { explainViolations, isAboutOneLocation } from './violated.js';

/** A complete execution that satisfies the condition, with what the model says of it. */
export interface Candidate {
  readonly execution: Execution;
  readonly evaluation: Evaluation;
}

/** A refused execution and the argument against it. */
export interface Refusal {
  readonly execution: Execution;
  readonly cycle: Cycle;
  /** How many checks refuse it. */
  readonly violations: number;
}

/** How many candidates are explained before the best so far is taken. */
const EXPLAINED = 64;

/**
 * The most telling refusal among the candidates, or null if the model refuses none. `candidates` may reuse an evaluation's
 * storage from one to the next: each is finished with before the next is asked for.
 */
export function mostTellingRefusal(
  candidates: Iterable<Candidate>,
  model: CompiledModel,
  explained = EXPLAINED,
): Refusal | null {
  let best: Refusal | null = null;
  let bestRank: readonly number[] = [];
  let left = explained;
  for (const { execution, evaluation } of candidates) {
    const violations = evaluation.failed.length;
    if (violations === 0) continue;
    const ranked = explainViolations(execution, model, evaluation)
      .map((cycle) => ({ cycle, rank: rankOf(cycle, violations, execution) }))
      .sort((a, b) => compareRanks(a.rank, b.rank))[0];
    if (ranked !== undefined && (best === null || compareRanks(ranked.rank, bestRank) < 0)) {
      best = { execution, cycle: ranked.cycle, violations };
      bestRank = ranked.rank;
    }
    left--;
    if (left === 0) break;
  }
  return best;
}

/** The better argument of one execution's violations; null if there is none. */
export function mostTellingCycle(cycles: readonly Cycle[], execution: Execution): Cycle | null {
  const ranked = cycles.map((cycle) => ({ cycle, rank: rankOf(cycle, cycles.length, execution) }));
  return ranked.sort((a, b) => compareRanks(a.rank, b.rank))[0]?.cycle ?? null;
}

/** Smaller is more telling. */
function rankOf(cycle: Cycle, violations: number, execution: Execution): readonly number[] {
  const shapes = { cycle: 0, pair: 0, event: 1, absence: 2 };
  return [
    isAboutOneLocation(cycle, execution) ? 1 : 0,
    shapes[cycle.shape],
    violations,
    cycle.edges.length,
    new Set(cycle.events).size,
    execution.events.length,
  ];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) {
    const difference = value - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
