/**
 * Minimal sets of changes that exclude an outcome.
 *
 * A *choice* takes at most one option of each slot, and is within another if it takes no more order anywhere. Choices are gone through
 * by their number of changes, and among the same slots from weak to strong, so that what is within a choice comes before it. A
 * solution is reported only if it was judged to exclude the outcome under every model, and every choice that is a single step within
 * it (one change left out, or one option weakened) was judged not to.
 *
 * Pruning, and why it is sound. Under a *monotone* model, more order never allows more: fences and ordered accesses add pairs to
 * relations that have to be acyclic, empty or irreflexive, and take none away. So if a choice fails, all that is within it fails. A
 * choice that fails is therefore grown, slot by slot, while it goes on failing; what is within the grown choice needs no search. By
 * the same argument, if all slots at their strongest fail, everything does. The shipped models are monotone in what slots do, which
 * random-tests.test.ts puts to the test. Which are is for the caller to say; others are asked about every choice. Flags are not
 * taken to be monotone either: a mark can raise one, about accesses that are marked here and plain there.
 *
 * A test that is flagged may need more marks than a set may have changes. Marks cost nothing and are one thought, so they can be made
 * all at once, and counted apart (`findMarked`); what turns out not to be needed is taken away again.
 */
import type { Judge } from '../verdict/judge.js';
import { isWithin, type Slot, type SlotOption } from './slot.js';
import { overlap } from './text-edit.js';

/** Of each slot, the index of the option that is taken; -1 for none. */
export type Choice = readonly number[];

/** What a model says of a choice; `flagged`: the outcome is excluded, but a flag is raised that should not be. */
export type Answer = 'excluded' | 'allowed' | 'flagged' | 'open';

export interface RepairProblem {
  readonly slots: readonly Slot[];
  readonly models: readonly Judge[];
  readonly judge: (options: readonly SlotOption[], model: Judge) => Answer;
  readonly isExpired: () => boolean;
  /** Whether a model never allows more if a test orders more. */
  readonly isMonotone: (model: Judge) => boolean;
}

interface Failure {
  readonly choice: Choice;
  readonly model: Judge;
}

export interface FoundRepairs {
  readonly solutions: readonly Choice[];
  /** Whether some choice was not decided: then a solution may be missing. */
  readonly isOpen: boolean;
}

export class RepairSearch {
  private readonly failures: Failure[] = [];
  private isOpen = false;
  /** Those that refuted something last come first. */
  private readonly order: Judge[];

  constructor(private readonly problem: RepairProblem) {
    this.order = [...problem.models];
  }

  get nothing(): Choice {
    return this.problem.slots.map(() => -1);
  }

  optionsOf(choice: Choice): SlotOption[] {
    return this.problem.slots.flatMap(({ options }, i) => options[choice[i]!] ?? []);
  }

  /** The strongest option of every slot that `includes` admits; `isAll`: nothing that it admits is not within that. */
  strongest(includes: (slot: Slot) => boolean): { readonly choice: Choice; readonly isAll: boolean } {
    let choice = this.nothing;
    let isAll = true;
    for (const [i, slot] of this.problem.slots.entries()) {
      if (!includes(slot)) continue;
      const last = slot.options.length - 1;
      const more = choice.with(i, last);
      const isPossible = this.isPossible(more);
      if (isPossible) choice = more;
      isAll &&= isPossible && slot.options.every((option) => isWithin(option, slot.options[last]!));
    }
    return { choice, isAll };
  }

  private isPossible(choice: Choice): boolean {
    const options = this.optionsOf(choice);
    return options.every((a, i) => options.slice(i + 1).every((b) => !overlap(a.edits, b.edits)));
  }

  private isWithin(a: Choice, b: Choice): boolean {
    return a.every((option, i) => {
      if (option < 0 || option === b[i]) return true;
      const { options } = this.problem.slots[i]!;
      return b[i]! >= 0 && isWithin(options[option]!, options[b[i]!]!);
    });
  }

  /** Whether a choice excludes the outcome under all models; what fails is remembered, and grown. */
  check(choice: Choice, grows = true): Answer {
    if (this.failures.some((failure) => this.isWithin(choice, failure.choice))) return 'allowed';
    let answer: Answer = 'excluded';
    for (const model of [...this.order]) {
      const said = this.problem.judge(this.optionsOf(choice), model);
      if (said === 'flagged') return 'flagged';
      if (said === 'open') answer = 'open';
      if (said !== 'allowed') continue;
      this.order.splice(this.order.indexOf(model), 1);
      this.order.unshift(model);
      if (this.problem.isMonotone(model))
        this.failures.push({ choice: grows ? this.grown({ choice, model }) : choice, model });
      return 'allowed';
    }
    return answer;
  }

  private grown({ choice, model }: Failure): Choice {
    const { slots, judge, isExpired } = this.problem;
    const now = [...choice];
    for (const [i, { options }] of slots.entries()) {
      const start = now[i]!;
      for (let option = options.length - 1; option > start; option--) {
        if (isExpired()) return now;
        if (start >= 0 && !isWithin(options[start]!, options[option]!)) continue;
        now[i] = option;
        if (this.isPossible(now) && judge(this.optionsOf(now), model) === 'allowed') break;
        now[i] = start;
      }
    }
    return now;
  }

  /** All minimal choices of at most so many changes. */
  find(mostChanges: number): FoundRepairs {
    const solutions: Choice[] = [];
    for (let size = 1; size <= mostChanges; size++)
      for (const choice of this.choices(size, 0, this.nothing)) {
        if (this.problem.isExpired()) return { solutions, isOpen: true };
        if (solutions.some((solution) => this.isWithin(solution, choice))) continue;
        const answer = this.isPossible(choice) ? this.check(choice) : 'allowed';
        if (answer === 'open') this.isOpen = true;
        if (answer !== 'excluded') continue;
        if (this.isMinimal(choice)) solutions.push(choice);
      }
    return { solutions, isOpen: this.isOpen };
  }

  /** Choices of up to so many changes besides marks, and no more marks than they need. */
  findMarked(mostChanges: number): FoundRepairs {
    const solutions: Choice[] = [];
    const marks = this.problem.slots.map(({ options }) => options.findIndex(({ mark }) => mark === true));
    for (let size = 0; size <= mostChanges; size++)
      for (const marked of this.choices(size, 0, marks)) {
        if (this.problem.isExpired()) return { solutions, isOpen: true };
        if (solutions.some((solution) => this.isWithin(solution, marked))) continue;
        const answer = this.isPossible(marked) ? this.check(marked) : 'allowed';
        if (answer === 'open') this.isOpen = true;
        if (answer !== 'excluded') continue;
        const choice = this.shrink(marked);
        if (!solutions.some((solution) => this.isWithin(solution, choice)) && this.isMinimal(choice))
          solutions.push(choice);
      }
    return { solutions, isOpen: this.isOpen };
  }

  private isMinimal(choice: Choice): boolean {
    const fails = ['allowed', 'flagged'];
    return this.stepsWithin(choice).every((less) => fails.includes(this.check(less, false)));
  }

  /** Choices of so many slots from one on; what is within another comes first. */
  private *choices(size: number, from: number, base: Choice): Generator<Choice> {
    if (size === 0) {
      yield base;
      return;
    }
    const { slots } = this.problem;
    for (let i = from; i + size <= slots.length; i++)
      for (let option = base[i]! + 1; option < slots[i]!.options.length; option++)
        yield* this.choices(size - 1, i + 1, base.with(i, option));
  }

  /** One change left out, or one option weakened. */
  private stepsWithin(choice: Choice): Choice[] {
    return choice.flatMap((option, i) => {
      if (option < 0) return [];
      const { options } = this.problem.slots[i]!;
      const weaker = [...options.keys()].filter(
        (o) => o !== option && isWithin(options[o]!, options[option]!),
      );
      return [-1, ...weaker].map((o) => choice.with(i, o));
    });
  }

  /** What is left of a choice that excludes the outcome if each part of it is needed. */
  shrink(choice: Choice): Choice {
    let now = choice;
    for (const [i, start] of choice.entries())
      for (let option = -1; option < start; option++) {
        const less = now.with(i, option);
        if (this.check(less, false) !== 'excluded') continue;
        now = less;
        break;
      }
    return now;
  }
}
