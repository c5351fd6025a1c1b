/**
 * Specialises a model to one skeleton: what each check still needs once everything that the skeleton decides is folded in, to be
 * run again and again as reads-from (stratum 1), coherence (stratum 2) and the model's own choices (3 and up) change.
 *
 * A test without RCU, plain accesses or some fence thereby loses most of a large model, and a check that the bounds over all
 * executions of the skeleton decide is never run. Soundness: intervals.ts, check-bounds.ts, residual.ts.
 */
import { childrenOf } from '../model/children.js';
import type { Check, Choice } from '../model/dag.js';
import { DIFFERENT_VALUE, FINAL_WRITES, KNOWN_ORDER } from '../program/vocabulary.js';
import type { Bits, EventSet, Relation } from '../relation/relation.js';
import { Communication, Harmless, satisfies } from './check-bounds.js';
import { Intervals } from './intervals.js';
import { decide, Judge, type OpenCheck, type Start } from './judge.js';
import type { Machine } from './machine.js';
import { FIRST_CHOICE, type Plan } from './plan.js';
import { ResidualBuilder } from './residual.js';
import { scheduleByStratum } from './schedule.js';
import type { Skeleton } from './skeleton.js';
import type { SkeletonCache } from './skeleton-cache.js';
import { StartBounds } from './start-bounds.js';
import type { Techniques } from './techniques.js';

export interface ReadyCheck {
  readonly check: Check;
  /** Whether the check's condition holds now (negation included). */
  readonly holds: () => boolean;
  /** Once violated by an execution that is begun, violated by all its continuations. */
  readonly persistent: boolean;
}

export interface ReadyChoice {
  /** What can be chosen, once all before is updated. */
  readonly domain: () => readonly Bits[];
  /** Takes one of it, and recomputes everything that it determines. */
  readonly take: (chosen: Bits) => void;
  /** What `take` has taken. */
  readonly buffer: Bits;
  readonly checks: readonly ReadyCheck[];
}

/** What the search writes before it has something recomputed. */
export interface Inputs {
  readonly rf: Relation;
  /** Must be the inverse of rf. */
  readonly rfInverse: Relation;
  readonly co: Relation;
  readonly loc: Relation;
  readonly differentValue: Relation;
  readonly finalWrites: EventSet;
  readonly knownOrder: Relation;
}

export interface Specialised {
  readonly inputs: Inputs;
  /** Mandatory checks that no candidate of this skeleton satisfies. */
  readonly failures: readonly Omit<ReadyCheck, 'holds'>[];
  /** Recomputes everything that reads-from determines; call when `rf` (and `loc`, if open) has changed. */
  readonly updateReadsFrom: () => void;
  /** Recomputes everything that coherence determines, after updateReadsFrom. */
  readonly updateCoherence: () => void;
  /** Recomputes what only flags need, once everything is chosen and all checks hold. */
  readonly updateFlags: () => void;
  readonly readsFromChecks: readonly ReadyCheck[];
  readonly coherenceChecks: readonly ReadyCheck[];
  /** By choice of the model, in order. */
  readonly choices: readonly ReadyChoice[];
  /** Where the model's own coherence stands once everything is chosen; null: it makes none. */
  readonly coherence: Relation | null;
  /** Flags that are raised by every candidate, and those that must be evaluated after updateFlags. */
  readonly raisedAlways: readonly Check[];
  readonly flagChecks: readonly ReadyCheck[];
  /** Judges parts of candidates. Made when it is first asked for. */
  readonly judge: () => Judge;
  /** What it costs to make the judge, in evaluations of a candidate; nothing, once it is made. */
  readonly judgeCost: () => number;
}

/** What it takes to make a judge and to run its code for the first times, in steps of evaluations. */
const JUDGE_STEPS = 2000;

class Specialiser {
  private readonly intervals: Intervals;
  private readonly builder: ResidualBuilder;
  /** Of po-loc | rf | co | fr, closed: what holds in all candidates. */
  private readonly certain: Relation;
  private readonly communication: Communication | null;
  private readonly harmless: Harmless;

  constructor(
    private readonly skeleton: Skeleton,
    private readonly plan: Plan,
    private readonly start: Start,
    private readonly techniques: Techniques,
    private readonly cache: SkeletonCache,
  ) {
    const { n, resolved } = skeleton;
    const madeByModel = plan.model.coherence !== null;
    const base = new StartBounds(skeleton, start, madeByModel);
    const strata = resolved ? plan.strata.resolved : plan.strata.open;
    this.intervals = new Intervals(plan, strata, base, techniques.specialise, cache.next(n));
    this.builder = new ResidualBuilder(plan, strata, this.intervals);
    this.certain = base.certainCommunication;
    const isCoherent = plan.recognised.coherent && !madeByModel;
    this.communication = isCoherent ? new Communication(plan.model, this.intervals, this.certain) : null;
    this.harmless = new Harmless(n, this.certain);
  }

  /** True: always holds (a flag: is always raised). False: never. Null: it must be evaluated. */
  private decided(check: Check): boolean | null {
    const { lo, hi } = this.intervals.of(check.node);
    const known = decide(check, lo, hi);
    if (known !== null || check.negated) return known;
    const rest = this.restOf(check);
    if (rest === null) return null;
    const parts = rest.map((part) => this.intervals.of(part).hi);
    return this.harmless.hasNoCycle(hi as Relation, parts) ? true : null;
  }

  /** The parts that are no communication, for a check that coherence may decide. */
  private restOf({ kind, negated, node }: Check): readonly number[] | null {
    if (kind !== 'acyclic' || negated || this.communication === null || !this.techniques.specialise)
      return null;
    return this.communication.rest(node);
  }

  finish(): Specialised {
    const { plan, builder } = this;
    const { model } = plan;
    const failures: Check[] = [];
    const raisedAlways: Check[] = [];
    const open: Check[] = [];
    for (const check of model.checks) {
      if (plan.recognised.satisfied.has(check)) continue;
      const decided = this.decided(check);
      if (decided === null) open.push(check);
      else if (check.flag && decided) raisedAlways.push(check);
      else if (!check.flag && !decided) failures.push(check);
    }
    const roots = new Map(open.map((check) => [check, builder.of(check.node, 'exact')]));
    const own = model.coherence === null ? null : builder.of(model.coherence, 'exact');
    const choices = model.choices.map((choice) => ({
      choice,
      node: builder.of(choice.node, 'exact'),
      inputs: childrenOf(model.nodes[choice.node]!).map((input) => builder.of(input, 'exact')),
    }));
    const flags = open.filter(({ flag }) => flag).map((check) => roots.get(check)!);
    const all = [
      ...open.filter(({ flag }) => !flag).map((check) => roots.get(check)!),
      ...(own === null ? [] : [own]),
      ...choices.flatMap(({ node, inputs }) => [node, ...inputs]),
    ];
    const strata = FIRST_CHOICE + model.choices.length;
    const { machine, value } = this.cache.candidates.load(this.skeleton.n, [all, flags], () =>
      scheduleByStratum(all, strata, flags),
    );
    // What does not change is computed once; a computation is the only such step that folding leaves.
    machine.run(0);
    const run = (list: number): void => machine.run(list);
    const byStratum = (stratum: number): ReadyCheck[] =>
      open
        .filter((check) => !check.flag && Math.max(1, roots.get(check)!.stratum) === stratum)
        .map((check) => this.ready(check, value(roots.get(check)!)));
    return {
      inputs: inputsOf(machine),
      failures: failures.map((check) => ({ check, persistent: this.isPersistent(check) })),
      updateReadsFrom: () => run(1),
      updateCoherence: () => run(2),
      updateFlags: () => run(strata),
      readsFromChecks: byStratum(1),
      coherenceChecks: byStratum(2),
      choices: choices.map(({ choice, node, inputs }, index) =>
        this.readyChoice(
          choice,
          value(node),
          inputs.map(value),
          () => run(FIRST_CHOICE + index),
          byStratum(FIRST_CHOICE + index),
        ),
      ),
      coherence: own === null ? null : (value(own) as Relation),
      raisedAlways,
      flagChecks: open.filter(({ flag }) => flag).map((check) => this.ready(check, value(roots.get(check)!))),
      ...this.judgeMaker(open, machine.effort),
    };
  }

  /** `effort`: steps for each candidate; where there are none, there is no code to be run. */
  private judgeMaker(open: readonly Check[], effort: number): Pick<Specialised, 'judge' | 'judgeCost'> {
    let judge: Judge | null = null;
    const make = (): Judge => {
      if (judge === null) {
        // Of an execution that is only begun, a check that more events may satisfy tells nothing.
        const isBegun = this.skeleton.traces.some(({ cut }) => cut !== null);
        const telling = open.filter((check) => !isBegun || (!check.flag && this.isPersistent(check)));
        const checks = telling.map((check): OpenCheck => ({ check, rest: this.restOf(check) }));
        judge = new Judge(
          this.skeleton,
          this.plan,
          this.builder,
          checks,
          this.certain,
          this.start,
          this.cache.parts,
        );
      }
      return judge;
    };
    const judgeCost = (): number => (judge === null && effort > 0 ? JUDGE_STEPS / effort : 0);
    return { judge: make, judgeCost };
  }

  private isPersistent(check: Check): boolean {
    return !check.negated && this.plan.persistent.has(check.node);
  }

  private ready(check: Check, value: Bits): ReadyCheck {
    const { kind, negated } = check;
    const holds = negated ? () => !satisfies(kind, value) : () => satisfies(kind, value);
    return { check, holds, persistent: this.isPersistent(check) };
  }

  private readyChoice(
    choice: Choice,
    buffer: Bits,
    inputs: readonly Bits[],
    update: () => void,
    checks: readonly ReadyCheck[],
  ): ReadyChoice {
    return {
      domain: () => choice.domain(inputs, this.skeleton.n),
      take: (chosen) => {
        buffer.bits.set(chosen.bits);
        update();
      },
      buffer,
      checks,
    };
  }
}

function inputsOf(machine: Machine): Inputs {
  const relation = (name: string) => machine.relation(name, 'exact');
  return {
    rf: relation('rf'),
    rfInverse: relation('rf^-1'),
    co: relation('co'),
    loc: relation('loc'),
    differentValue: relation(DIFFERENT_VALUE),
    finalWrites: machine.set(FINAL_WRITES, 'exact'),
    knownOrder: relation(KNOWN_ORDER),
  };
}

/** Specialises the model of a plan to a skeleton, for all candidates that the search makes from this start. */
export function specialise(
  skeleton: Skeleton,
  plan: Plan,
  start: Start,
  techniques: Techniques,
  cache: SkeletonCache,
): Specialised {
  return new Specialiser(skeleton, plan, start, techniques, cache).finish();
}
