/**
 * What would exclude an outcome that nobody wants: the minimal sets of barriers and ordered accesses that a test needs, each judged as
 * a test of its own.
 *
 * Asked first is what no barrier can change: an outcome that is excluded already, a program that does not end, and one that even
 * interleaving (sc) allows. The search is repair-search.ts.
 *
 * Of a test that is flagged (a data race), the verdict alone is no answer: looked for is what excludes the outcome and ends what is
 * flagged, by marks among others; only if there is none, what excludes the outcome alone, and then it is said that the flag stays. No
 * repair raises a flag that was not there. Deliberately absent: moving statements, and new locks.
 */
import type { LowerTarget } from '../lower/lower.js';
import type { Quantifier } from '../program/ir.js';
import type { AsmThread } from '../syntax/asm-tree.js';
import { type LitmusTree, parseLitmus } from '../syntax/parse.js';
import { type Diagnostic, invariant } from '../text/diagnostic.js';
import type { SourceFile } from '../text/source.js';
import { isUserModel, type Judge, judgeName } from '../verdict/judge.js';
import { compileTest, type PreparedTest } from '../verdict/prepare-test.js';
import { uncoveredThreads } from './coverage.js';
import { type Cost, costBetween } from './instruction-cost.js';
import { type Answer, type Choice, RepairSearch } from './repair-search.js';
import { withChanges } from './sites.js';
import { isWithin, type Slot, type SlotOption } from './slot.js';
import { slotsOf } from './slots.js';
import { unifiedDiff } from './unified-diff.js';
import {
  allowsUnwanted,
  excludesUnwanted,
  type Judgement,
  VariantJudge,
  type VariantOptions,
} from './variants.js';

export interface RepairOptions extends VariantOptions {
  /** How many changes a set may have. */
  readonly maxChanges: number;
  /** What the diffs call the file; absent: what the source is called. */
  readonly path?: string;
}

export interface Repair {
  readonly changes: readonly SlotOption[];
  /** The threads and functions that it changes. */
  readonly threads: readonly string[];
  /** One for each architecture that the test is compiled to, or is written for. */
  readonly costs: readonly Cost[];
  /** The changed test under each model. */
  readonly judgements: readonly Judgement[];
  readonly changed: SourceFile;
  readonly diff: string;
}

export type RepairOutcome =
  /** The outcome is excluded as it is. */
  | { readonly kind: 'nothing-to-do' }
  /** It is excluded, but flags are raised, and no change that was tried ends that. */
  | { readonly kind: 'flags-stay' }
  | { readonly kind: 'deadlock'; readonly models: readonly string[] }
  | { readonly kind: 'interleaving' }
  /** The cheapest on the first architecture first. */
  | {
      readonly kind: 'repairs';
      readonly repairs: readonly Repair[];
      /** Threads that no change in them alone helps. */
      readonly uselessAlone: readonly string[];
      /** Whether marks of plain accesses are not counted as changes: fewer do not end what is flagged. */
      readonly marksApart: boolean;
    }
  /**
   * `larger`: a set of more changes, each of them needed, if there is one; `hopeless`: no set of any number helps, as far as there
   * are places for them.
   */
  | { readonly kind: 'none'; readonly larger: Repair | null; readonly hopeless: boolean }
  | { readonly kind: 'unknown' };

export interface RepairReport {
  readonly source: SourceFile;
  readonly name: string;
  readonly condition: string;
  readonly models: readonly string[];
  /** The test as it is. */
  readonly judgements: readonly Judgement[];
  readonly maxChanges: number;
  readonly outcome: RepairOutcome;
  /** The flags that the test raises as it is, and whether what was found ends them. */
  readonly flags: readonly string[];
  readonly endsFlags: boolean;
  /** Threads that could have order where no place for it was found. */
  readonly uncovered: readonly string[];
  /** Whether more order never allows more, so that what is stronger in the same places does as well. */
  readonly isMonotone: boolean;
  /** Why the list may not be all; null if it is. */
  readonly limit: string | null;
}

export interface RepairResult {
  readonly report: RepairReport | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Sets of so many changes are looked for if nothing else is said. */
export const DEFAULT_MAX_CHANGES = 2;

class Repairer {
  /** The first limit that left something open. */
  limit: string | null = null;
  uncovered: readonly string[] = [];
  isMonotone = true;
  /** The flags that may stay. */
  private tolerated: readonly string[] = [];
  private readonly assembly = new Map<LowerTarget, readonly AsmThread[] | null>();

  constructor(
    private readonly variants: VariantJudge,
    private readonly test: PreparedTest,
    private readonly tree: LitmusTree,
    private readonly models: readonly Judge[],
    private readonly options: RepairOptions,
  ) {}

  private open({ model, limit }: Judgement): Answer {
    this.limit ??= `${model}: ${limit ?? 'not decided'}`;
    return 'open';
  }

  private answer(changes: readonly SlotOption[], model: Judge): Answer {
    const said = this.variants.verdict(changes, model);
    if (said.verdict === 'Unknown') return this.open(said);
    if (!excludesUnwanted(said.verdict, this.test.program.condition.quantifier)) return 'allowed';
    const all = this.variants.judge(changes, model);
    if (all.flags.some((flag) => !this.tolerated.includes(flag))) return 'flagged';
    return all.limit === null ? 'excluded' : this.open(all);
  }

  /**
   * What interleaving allows, a model of ours that orders more still allows, however much of it; a model of the user's may not. That a
   * limit leaves it open does not matter.
   */
  private isInterleaving(slots: readonly Slot[]): boolean {
    if (this.models.every(isUserModel)) return false;
    const atomic = slots.flatMap(({ options }) => options.find((option) => option.atomic === true) ?? []);
    const { verdict } = this.variants.verdict(atomic, 'sc');
    return allowsUnwanted(verdict, this.test.program.condition.quantifier);
  }

  /** `flags`: those of the test as it is. `isExcluded`: only they are to be repaired. */
  find(flags: readonly string[], isExcluded: boolean): RepairOutcome {
    const isTest = (option: SlotOption): boolean => this.variants.preparedWith([option]) !== null;
    const slots = slotsOf(this.tree, this.test.program, this.options.macros, isTest);
    if (this.isInterleaving(slots)) return { kind: 'interleaving' };
    const found = this.search(slots, flags.length > 0);
    const isFound = found.kind === 'repairs' || (found.kind === 'none' && found.larger !== null);
    if (flags.length === 0 || isFound || found.kind === 'unknown') return found;
    if (isExcluded) return { kind: 'flags-stay' };
    this.tolerated = flags;
    return this.search(slots, false);
  }

  /** Whether what was found ends what is flagged. */
  get endsFlags(): boolean {
    return this.tolerated.length === 0;
  }

  private search(slots: readonly Slot[], isFlagged: boolean): RepairOutcome {
    const conditional = this.options.atomics === 'llsc' && slots.some(isUpdate);
    this.isMonotone = !conditional && !this.models.some(isUserModel);
    const search = new RepairSearch({
      slots,
      models: this.models,
      judge: (changes, model) => this.answer(changes, model),
      isExpired: () => this.variants.isExpired(),
      isMonotone: (model) => !isUserModel(model) && !conditional,
    });
    const all = search.strongest(() => true);
    this.uncovered = this.uncoveredAt(search.optionsOf(all.choice));
    const best = search.check(all.choice, false);
    const isConclusive = all.isAll && this.isMonotone;
    if (best === 'allowed' && isConclusive) return { kind: 'none', larger: null, hopeless: true };
    const few = search.find(this.options.maxChanges);
    const marksApart = isFlagged && few.solutions.length === 0;
    const { solutions, isOpen } = marksApart ? search.findMarked(this.options.maxChanges) : few;
    if (isOpen) this.limit ??= 'time limit';
    if (solutions.length === 0) {
      if (isOpen) return { kind: 'unknown' };
      const larger = best === 'excluded' ? this.repair(search.shrink(all.choice), search, slots) : null;
      return { kind: 'none', larger, hopeless: false };
    }
    const repairs = solutions.map((choice) => this.repair(choice, search, slots));
    const uselessAlone = this.useless(search, slots);
    return { kind: 'repairs', repairs: ranked(repairs), uselessAlone, marksApart };
  }

  /** The threads that even so have no full barrier between some of their accesses. */
  private uncoveredAt(strongest: readonly SlotOption[]): readonly string[] {
    const { program } = this.variants.preparedWith(strongest) ?? this.test;
    return uncoveredThreads(program);
  }

  /** Threads that are not enough by themselves even with all the order there is. */
  private useless(search: RepairSearch, slots: readonly Slot[]): string[] {
    if (!this.isMonotone) return [];
    const { threads } = this.test.program;
    const found = new Set([...this.fullyOrdered(), ...slots.map(({ thread }) => thread)]);
    const own = threads.map(({ name }) => name).filter((name) => found.has(name));
    const names = [...new Set([...own, ...found])];
    if (names.length < 2) return [];
    const isCovered = (name: string): boolean =>
      own.includes(name) ? !this.uncovered.includes(name) : this.uncovered.length === 0;
    return names.filter(isCovered).filter((name) => {
      const { choice, isAll } = search.strongest(({ thread }) => thread === name);
      return isAll && search.check(choice, false) === 'allowed';
    });
  }

  /** Threads of assembly, which has no functions, in which there may be nothing left to order. */
  private fullyOrdered(): string[] {
    const { language, program } = this.test;
    if (language === 'c') return [];
    const accesses = ['load', 'store', 'rmw', 'store-exclusive'];
    return program.threads
      .filter(({ code }) => code.filter(({ kind }) => accesses.includes(kind)).length > 1)
      .map(({ name }) => name);
  }

  private repair(choice: Choice, search: RepairSearch, slots: readonly Slot[]): Repair {
    const changes = search.optionsOf(choice);
    const { source } = this.test;
    const changed = withChanges(source, changes);
    const threads = slots.filter((_, i) => choice[i]! >= 0).map(({ thread }) => thread);
    return {
      changes,
      threads: [...new Set(threads)],
      costs: this.costs(changes),
      judgements: this.models.map((model) => this.variants.judge(changes, model)),
      changed,
      diff: unifiedDiff(this.options.path ?? source.name, source.text, changed.text),
    };
  }

  private costs(changes: readonly SlotOption[]): Cost[] {
    const after = this.variants.preparedWith(changes);
    invariant(after !== null, 'a repair is a test');
    return (['arm64', 'x86'] as const).flatMap((target) => {
      let before = this.assembly.get(target);
      if (before === undefined) {
        before = this.threadsOf(this.test, this.test.source, target);
        this.assembly.set(target, before);
      }
      const fresh = this.threadsOf(after, withChanges(this.test.source, changes), target);
      if (before === null || fresh === null) return [];
      return [costBetween(before, fresh, target, this.test.language === 'c')];
    });
  }

  /** The code for an architecture; null if there is none. */
  private threadsOf(
    test: PreparedTest,
    source: SourceFile,
    target: LowerTarget,
  ): readonly AsmThread[] | null {
    const { atomics } = this.options;
    if (test.language === 'c') return compileTest(test, target, { atomics }).value?.assembly.threads ?? null;
    if (test.language !== target) return null;
    const tree = parseLitmus(source).value;
    return tree !== null && tree.dialect !== 'C' && tree.dialect !== 'Sketch' ? tree.threads : null;
  }
}

function ranked(repairs: readonly Repair[]): Repair[] {
  return [...repairs].sort((a, b) => {
    for (const [i, cost] of a.costs.entries()) {
      const difference = cost.rank - (b.costs[i]?.rank ?? 0);
      if (difference !== 0) return difference;
    }
    return a.changes.length - b.changes.length;
  });
}

/**
 * Whether a slot orders a read-modify-write more or less. By LL/SC, one that fails has what its load has and no barrier behind: the fully
 * ordered ones, whose load is plain (arch/arm64/include/asm/atomic_ll_sc.h, v6.19), then order less than those of acquire.
 */
function isUpdate({ options }: Slot): boolean {
  return options.some((a) => a.orders.has('acquire') && options.some((b) => b !== a && isWithin(a, b)));
}

function outcomeAsItIs(judgements: readonly Judgement[], quantifier: Quantifier): RepairOutcome | null {
  if (judgements.some(({ verdict }) => allowsUnwanted(verdict, quantifier))) return null;
  const stuck = judgements.filter(({ verdict }) => verdict === 'Deadlock').map(({ model }) => model);
  if (stuck.length > 0) return { kind: 'deadlock', models: stuck };
  if (!judgements.every(({ verdict }) => excludesUnwanted(verdict, quantifier))) return { kind: 'unknown' };
  if (judgements.some(({ flags }) => flags.length > 0)) return null;
  return judgements.every(({ limit }) => limit === null) ? { kind: 'nothing-to-do' } : { kind: 'unknown' };
}

/** Looks for the minimal sets of changes that exclude the unwanted outcome under all models. */
export function findRepairs(source: SourceFile, options: RepairOptions): RepairResult {
  const variants = new VariantJudge(source, options);
  const { test, models, judgements, diagnostics } = variants.base();
  const tree = parseLitmus(source).value;
  if (test === null || tree === null || models.length === 0) return { report: null, diagnostics };
  const repairer = new Repairer(variants, test, tree, models, options);
  const { quantifier } = test.program.condition;
  const flags = [...new Set(judgements.flatMap((judgement) => judgement.flags))];
  const isExcluded = judgements.every(({ verdict }) => excludesUnwanted(verdict, quantifier));
  const outcome = outcomeAsItIs(judgements, quantifier) ?? repairer.find(flags, isExcluded);
  const open = judgements.find(({ verdict, limit }) => verdict === 'Unknown' || limit !== null);
  const report: RepairReport = {
    source,
    name: test.name,
    condition: test.program.condition.text,
    models: models.map(judgeName),
    judgements,
    maxChanges: options.maxChanges,
    outcome,
    flags,
    uncovered: repairer.uncovered,
    isMonotone: repairer.isMonotone,
    endsFlags: repairer.endsFlags && outcome.kind !== 'flags-stay',
    limit: open === undefined ? repairer.limit : `${open.model}: ${open.limit ?? 'not decided'}`,
  };
  return { report, diagnostics };
}
