/**
 * What the skeletons of one search have in common: they are specialised one after the other, and most of what that takes is the same.
 */
import type { CompiledModel } from '../model/dag.js';
import { KnownIntervals } from './intervals.js';
import { MachinePool } from './machine-pool.js';
import type { Techniques } from './techniques.js';

/** Runs of a machine after which code that is generated pays for its generation. */
const HOT = 400;

/** Words of the sets and relations that are remembered. */
const MOST_WORDS = 2 ** 22;

/** Skeletons before it pays to remember: most tests have one, or a few. */
const FEW = 4;

export class SkeletonCache {
  /** For what is left of the model of a candidate. */
  readonly candidates: MachinePool;
  /** For bounds of it. */
  readonly parts: MachinePool;

  private skeletons = 0;
  private readonly intervalsOf = new Map<number, KnownIntervals>();

  /** `eager`: generates code at once. */
  constructor(model: CompiledModel, { codegen }: Pick<Techniques, 'codegen'>, eager: boolean) {
    const patience = codegen ? (eager ? 0 : HOT) : Number.POSITIVE_INFINITY;
    this.candidates = new MachinePool(model.computations, patience);
    this.parts = new MachinePool(model.computations, patience);
  }

  /** The bounds that are known for executions of so many events, when the next skeleton is specialised. */
  next(n: number): KnownIntervals {
    this.skeletons++;
    if (this.skeletons <= FEW) return new KnownIntervals(n, false);
    this.candidates.keeps = true;
    this.parts.keeps = true;
    let words = 0;
    for (const { values } of this.intervalsOf.values()) words += values.size;
    if (words > MOST_WORDS) this.intervalsOf.clear();
    let known = this.intervalsOf.get(n);
    if (known === undefined) {
      known = new KnownIntervals(n, true);
      this.intervalsOf.set(n, known);
    }
    return known;
  }
}
