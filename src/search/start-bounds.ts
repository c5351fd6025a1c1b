/**
 * What is known of the predefined names before the first read is assigned: all of it for those that are fixed with the traces, bounds
 * of the others. Each is made when it is first asked for; most models do not ask for all.
 */
import type { NodeType } from '../model/dag.js';
import { DIFFERENT_VALUE, FINAL_WRITES, KNOWN_ORDER } from '../program/vocabulary.js';
import * as ops from '../relation/operators.js';
import { EventSet, Relation } from '../relation/relation.js';
import { mayDiffer } from './equal-values.js';
import type { BaseBounds } from './intervals.js';
import { type Start, setLocationBounds } from './judge.js';
import type { Bounds } from './shared-values.js';
import { baseRelation, baseSets, isObserved, type Skeleton } from './skeleton.js';

export class StartBounds implements BaseBounds {
  private readonly sets: ReadonlyMap<string, EventSet>;
  private readonly made = new Map<string, Bounds>();

  constructor(
    private readonly skeleton: Skeleton,
    private readonly start: Start,
    /** A model that makes coherence itself finds `co` empty. */
    private readonly modelMakesOrder: boolean,
  ) {
    this.sets = baseSets(skeleton);
  }

  get n(): number {
    return this.skeleton.n;
  }

  of(name: string, type: NodeType): Bounds {
    const known = this.made.get(name);
    if (known !== undefined) return known;
    const made = this.open(name) ?? this.fixed(name, type);
    this.made.set(name, made);
    return made;
  }

  /** What certainly is in (po-loc | rf | co | fr)+. */
  get certainCommunication(): Relation {
    const certain = new Relation(this.n);
    ops.intersectionInto(certain, this.known('po'), this.of('loc', 'relation').lo);
    for (const name of ['rf', 'co']) ops.unionInto(certain, certain, this.of(name, 'relation').lo);
    return ops.transitiveClosure(certain);
  }

  private known(name: string): Relation {
    return this.of(name, 'relation').lo as Relation;
  }

  /** A tag that no event has is the empty set. */
  private fixed(name: string, type: NodeType): Bounds {
    const value =
      type === 'set'
        ? (this.sets.get(name) ?? new EventSet(this.n))
        : (baseRelation(this.skeleton, name) ?? new Relation(this.n));
    return { lo: value, hi: value };
  }

  /** Null: the name is fixed with the traces. */
  private open(name: string): Bounds | null {
    switch (name) {
      case 'rf':
        return this.readsFrom();
      case 'co':
        return this.coherence();
      case 'loc':
        return this.skeleton.resolved ? null : this.locations();
      case KNOWN_ORDER:
        return { lo: new Relation(this.n), hi: this.anyOrder() };
      case DIFFERENT_VALUE:
        return { lo: new Relation(this.n), hi: this.differing() };
      case FINAL_WRITES:
        return { lo: new EventSet(this.n), hi: this.observedWrites() };
      default:
        return null;
    }
  }

  private readsFrom(): Bounds {
    const [lo, hi] = [new Relation(this.n), new Relation(this.n)];
    for (const read of this.skeleton.reads) {
      const candidates = this.start.candidates(read);
      for (const write of candidates) hi.add(write, read);
      // a read whose address is not known may be none
      if (this.skeleton.resolved && candidates.length === 1) lo.add(candidates[0]!, read);
    }
    return { lo, hi };
  }

  private coherence(): Bounds {
    const [lo, hi] = [new Relation(this.n), new Relation(this.n)];
    if (this.modelMakesOrder) return { lo, hi: lo };
    const { writes, inits } = this.skeleton;
    const { order } = this.start;
    if (order !== null) lo.bits.set(order.bits);
    const mayBeSame = this.of('loc', 'relation').hi as Relation;
    for (const a of writes)
      for (const b of writes)
        if (a !== b && b >= inits && mayBeSame.has(a, b) && order?.before(b, a) !== true) hi.add(a, b);
    return { lo, hi };
  }

  private locations(): Bounds {
    const [lo, hi] = [new Relation(this.n), new Relation(this.n)];
    setLocationBounds(this.skeleton, this.skeleton.location, lo, hi);
    return { lo, hi };
  }

  private anyOrder(): Relation {
    const writes = EventSet.of(this.n, this.skeleton.writes);
    return ops.difference(ops.product(writes, writes), this.known('id'));
  }

  private differing(): Relation {
    const { reads, writes, bareLock } = this.skeleton;
    // events of locks have values, also where the model orders them
    const locks = bareLock.flatMap((value, event) => (value === null ? [] : [event]));
    return mayDiffer(this.skeleton, [...reads, ...writes, ...locks]);
  }

  private observedWrites(): EventSet {
    const { writes, location, program } = this.skeleton;
    return EventSet.of(
      this.n,
      writes.filter((write) => location[write]! < 0 || isObserved(program, location[write]!)),
    );
  }
}
