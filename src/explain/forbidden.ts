/**
 * Which of the executions that would give a forbidden outcome tells most about why it is forbidden.
 *
 * Takes candidates in the search's order and keeps one: an argument about ordering rather than about a single location's
 * coherence, unless coherence is all that it takes, one violated check rather than several, few edges, few events, a store that a
 * read misses rather than one that it sees too early; then the first. Bounded, so that a test
 * with a million such candidates costs no more than one with a few hundred.
 */
import type { Check, CompiledModel } from '../model/dag.js';
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
  /** The check that the argument is from. */
  readonly check: Check;
  readonly cycle: Cycle;
  /** How many checks refuse it. */
  readonly violations: number;
}

/** How many candidates are explained before the best so far is taken. */
const EXPLAINED = 32;
/** How many are looked at, most of them only for how many checks refuse them. */
const EXAMINED = 400;

/** Keeps the most telling of the refusals that it is offered. */
export class RefusalChooser {
  private chosen: { readonly refusal: Refusal; readonly rank: readonly number[] } | null = null;
  private explained = 0;
  private examined = 0;

  constructor(
    private readonly model: CompiledModel,
    private readonly limit = EXPLAINED,
    /** The laws about single locations alone refute every candidate: what is left to know is which. */
    private isLocal = false,
  ) {}

  /** The most telling refusal so far; null if the model refused nothing that was offered. */
  get best(): Refusal | null {
    return this.chosen?.refusal ?? null;
  }

  /** Allows as many more candidates as at the start, for another search. */
  refill(): void {
    this.explained = 0;
    this.examined = 0;
  }

  preferOneLocation(): void {
    this.isLocal = true;
  }

  /** A chooser for what this one's choice is no argument against. */
  forOthers(limit: number): RefusalChooser {
    return new RefusalChooser(this.model, limit, this.isLocal);
  }

  /** Whether the best argument is about order between locations (or else of the kind preferred), and so worth showing. */
  get isTelling(): boolean {
    return this.chosen !== null && this.chosen.rank[0] === 0 && this.chosen.rank[1] === 0;
  }

  /** Looks at a candidate; false once more would be a waste of time. The evaluation is not kept. */
  offer({ execution, evaluation }: Candidate): boolean {
    this.examined++;
    const violations = evaluation.failed.length;
    if (violations > 0 && this.mayBeBetter(violations)) {
      this.explained++;
      for (const [at, cycle] of explainViolations(execution, this.model, evaluation).entries()) {
        const check = evaluation.failed[at]!;
        const rank = rankOf(cycle, violations, execution, this.isLocal);
        if (this.chosen === null || compareRanks(rank, this.chosen.rank) < 0)
          this.chosen = { refusal: { execution, check, cycle, violations }, rank };
      }
    }
    return this.explained < this.limit && this.examined < EXAMINED;
  }

  /** More violations never make up for a good cycle. */
  private mayBeBetter(violations: number): boolean {
    return this.chosen === null || violations <= this.chosen.refusal.violations || !this.isTelling;
  }
}

/** The most telling refusal among the candidates; null if the model refuses none of them. */
export function mostTellingRefusal(
  candidates: Iterable<Candidate>,
  model: CompiledModel,
  limit = EXPLAINED,
): Refusal | null {
  const chooser = new RefusalChooser(model, limit);
  for (const candidate of candidates) if (!chooser.offer(candidate)) break;
  return chooser.best;
}

/** The better argument of one execution's violations; null if there is none. */
export function mostTellingCycle(cycles: readonly Cycle[], execution: Execution): Cycle | null {
  const ranked = cycles.map((cycle) => ({ cycle, rank: rankOf(cycle, cycles.length, execution, false) }));
  return ranked.sort((a, b) => compareRanks(a.rank, b.rank))[0]?.cycle ?? null;
}

/** Smaller is more telling. */
function rankOf(
  cycle: Cycle,
  violations: number,
  execution: Execution,
  prefersOneLocation: boolean,
): readonly number[] {
  const shapes = { cycle: 0, pair: 0, event: 1, absence: 2 };
  return [
    isAboutOneLocation(cycle, execution) === prefersOneLocation ? 0 : 1,
    shapes[cycle.shape],
    violations,
    cycle.edges.length,
    new Set(cycle.events).size,
    cycle.edges.some(({ kind }) => kind === 'fr') ? 0 : 1,
    execution.events.length,
  ];
}

export function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) {
    const difference = value - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
