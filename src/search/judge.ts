/**
 * Judges a part of a candidate (some reads assigned, the order that they force on writes) by bounds of the model's relations.
 *
 * A mandatory check that the bounds violate is violated by all completions: the part is refused. If the bounds satisfy all of
 * them, and no open flag can be raised, every completion is allowed, and none of them need be judged. See intervals.ts and
 * check-bounds.ts for soundness.
 */
import type { Check, NodeId } from '../model/dag.js';
import { type Bits, Relation } from '../relation/relation.js';
import { Harmless, satisfies } from './check-bounds.js';
import type { ForcedOrder } from './coherence.js';
import type { Machine } from './machine.js';
import type { MachinePool } from './machine-pool.js';
import type { Plan } from './plan.js';
import type { ReadsFrom } from './reads-from.js';
import type { ResidualBuilder } from './residual.js';
import { scheduleByStage } from './schedule.js';
import { type Skeleton, UNRESOLVED } from './skeleton.js';

export type Judgement = 'refused' | 'open' | 'allowed';

/** A check that the skeleton leaves open, with the parts of its relation that are no communication (check-bounds.ts). */
export interface OpenCheck {
  readonly check: Check;
  /** Null: cycles of coherence are not excluded. */
  readonly rest: readonly NodeId[] | null;
}

interface BoundedCheck {
  readonly check: Check;
  /** What refuses a part, if it alone violates the check; null for a flag. */
  readonly refusing: Bits | null;
  /** What permits all of a part, if it alone satisfies the check (a flag: does not raise it). */
  readonly permitting: Bits;
  readonly rest: readonly Bits[] | null;
}

/** What a part of a candidate is. */
export type Part = Pick<ReadsFrom, 'source' | 'location'>;

/** What was known before the first read was assigned: the sources that each read may get, and the order on writes. */
export interface Start {
  readonly candidates: (read: number) => readonly number[];
  /** Null: there is none before all is known (addresses that are read, or a model that makes coherence itself). */
  readonly order: ForcedOrder | null;
}

const REFUSAL = 0;
const PERMISSION = 1;

export class Judge {
  private readonly machine: Machine;
  private readonly mandatory: readonly BoundedCheck[];
  private readonly flags: readonly BoundedCheck[];
  private readonly harmless: Harmless;
  private readonly madeByModel: boolean;
  /** Null: not known, or not the same for all parts. */
  private mayBeOrdered: Relation | null = null;
  /** Whether the model makes something of its own of each candidate: then there may be none, or several. */
  private readonly leavesChoices: boolean;

  constructor(
    private readonly skeleton: Skeleton,
    plan: Plan,
    builder: ResidualBuilder,
    checks: readonly OpenCheck[],
    /** What is certain of communication (check-bounds.ts). */
    certain: Relation,
    private readonly start: Start,
    machines: MachinePool,
  ) {
    const bounds = checks.map(({ check, rest }) => ({
      check,
      refusing: check.flag ? null : builder.of(check.node, check.negated ? 'hi' : 'lo'),
      permitting: builder.of(check.node, check.negated === check.flag ? 'hi' : 'lo'),
      rest: rest?.map((part) => builder.of(part, 'hi')) ?? null,
    }));
    const stages = [
      bounds.flatMap(({ refusing }) => refusing ?? []),
      bounds.flatMap(({ permitting, rest }) => [permitting, ...(rest ?? [])]),
    ];
    const { machine, value } = machines.load(skeleton.n, stages, () => scheduleByStage(stages));
    this.machine = machine;
    const bounded = bounds.map(
      ({ check, refusing, permitting, rest }): BoundedCheck => ({
        check,
        refusing: refusing === null ? null : value(refusing),
        permitting: value(permitting),
        rest: rest?.map(value) ?? null,
      }),
    );
    this.mandatory = bounded.filter(({ check }) => !check.flag);
    this.flags = bounded.filter(({ check }) => check.flag);
    this.madeByModel = plan.model.coherence !== null;
    this.leavesChoices = this.madeByModel || plan.model.choices.length > 0;
    this.harmless = new Harmless(skeleton.n, certain);
  }

  /**
   * `order`: what is known of coherence; null: what was known at the start. `isOpen`: whether anybody still asks for the flag; null:
   * find refusals only.
   */
  judge(part: Part, order: ForcedOrder | null, isOpen: ((flag: Check) => boolean) | null): Judgement {
    this.setReadsFrom(part);
    this.setOrder(part, order ?? this.start.order);
    if (!this.skeleton.resolved) this.setLocations(part);
    this.machine.run(REFUSAL);
    if (this.mandatory.some((check) => this.fails(check))) return 'refused';
    if (isOpen === null || this.leavesChoices) return 'open';
    this.machine.run(PERMISSION);
    const allowed =
      this.mandatory.every((check) => this.holds(check)) &&
      this.flags.every((flag) => !isOpen(flag.check) || this.isNeverRaised(flag));
    return allowed ? 'allowed' : 'open';
  }

  private fails({ check, refusing }: BoundedCheck): boolean {
    return satisfies(check.kind, refusing!) === check.negated;
  }

  private holds({ check, permitting, rest }: BoundedCheck): boolean {
    if (satisfies(check.kind, permitting) !== check.negated) return true;
    return rest !== null && this.harmless.hasNoCycle(permitting as Relation, rest);
  }

  /** `flag ~empty r` is raised where r is not empty: never, if its upper bound is. */
  private isNeverRaised({ check, permitting }: BoundedCheck): boolean {
    return satisfies(check.kind, permitting) === check.negated;
  }

  private setReadsFrom({ source, location }: Part): void {
    const [lo, hi] = [this.machine.relation('rf', 'lo'), this.machine.relation('rf', 'hi')];
    const [loInverse, hiInverse] = [
      this.machine.relation('rf^-1', 'lo'),
      this.machine.relation('rf^-1', 'hi'),
    ];
    for (const { bits } of [lo, hi, loInverse, hiInverse]) bits.fill(0);
    for (const read of this.skeleton.reads) {
      const candidates = this.start.candidates(read);
      const isOnly = this.skeleton.resolved && candidates.length === 1;
      const write = isOnly ? candidates[0]! : source[read]!;
      if (write >= 0) {
        lo.add(write, read);
        loInverse.add(read, write);
        hi.add(write, read);
        hiInverse.add(read, write);
        continue;
      }
      for (const candidate of candidates) {
        const [a, b] = [location[candidate]!, location[read]!];
        if (a >= 0 && b >= 0 && a !== b) continue;
        hi.add(candidate, read);
        hiInverse.add(read, candidate);
      }
    }
  }

  private setOrder({ location }: Part, order: ForcedOrder | null): void {
    const [lo, hi] = [this.machine.relation('co', 'lo'), this.machine.relation('co', 'hi')];
    if (this.madeByModel) return;
    this.mayBeOrdered ??= this.pairsToOrder(location);
    hi.bits.set(this.mayBeOrdered.bits);
    if (!this.skeleton.resolved) this.mayBeOrdered = null;
    if (order === null) {
      lo.bits.fill(0);
      return;
    }
    lo.bits.set(order.bits);
    const { words } = hi;
    for (const a of this.skeleton.writes)
      for (let k = 0; k < words; k++) {
        let row = lo.bits[a * words + k]!;
        for (; row !== 0; row &= row - 1) hi.remove((k << 5) + 31 - Math.clz32(row & -row), a);
      }
  }

  /** Writes that may be of one location, initial ones first. */
  private pairsToOrder(location: ArrayLike<number>): Relation {
    const { n, writes, inits } = this.skeleton;
    const pairs = new Relation(n);
    for (const a of writes)
      for (const b of writes) {
        const [x, y] = [location[a]!, location[b]!];
        if (a !== b && b >= inits && (x < 0 || y < 0 || x === y)) pairs.add(a, b);
      }
    return pairs;
  }

  private setLocations({ location }: Part): void {
    const [lo, hi] = [this.machine.relation('loc', 'lo'), this.machine.relation('loc', 'hi')];
    setLocationBounds(this.skeleton, location, lo, hi);
  }
}

/** Accesses whose locations are known to be equal, and those that may be. Locations below 0 are not known, or of no access. */
export function setLocationBounds(
  { n, location: first }: Skeleton,
  location: ArrayLike<number>,
  lo: Relation,
  hi: Relation,
): void {
  lo.bits.fill(0);
  hi.bits.fill(0);
  const isAccess = (event: number): boolean => location[event]! >= 0 || first[event] === UNRESOLVED;
  for (let a = 0; a < n; a++) {
    if (!isAccess(a)) continue;
    for (let b = 0; b < n; b++) {
      if (!isAccess(b)) continue;
      const [x, y] = [location[a]!, location[b]!];
      if (x >= 0 && y >= 0) {
        if (x !== y) continue;
        lo.add(a, b);
      }
      hi.add(a, b);
    }
  }
}

/** Whether bounds decide a check, whatever is chosen: true if it holds (a flag: is raised), false if not, null if they do not tell. */
export function decide(check: Check, lo: Bits, hi: Bits): boolean | null {
  if (satisfies(check.kind, hi)) return !check.negated;
  if (!satisfies(check.kind, lo)) return check.negated;
  return null;
}
