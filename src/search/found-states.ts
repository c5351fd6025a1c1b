/**
 * The final states that a search has found, up to exchanges of threads where it examines one execution for several (symmetry.ts).
 *
 * The executions of an orbit end in each image of one state, equally often (symmetry-images.ts). So the search keeps, looks up and
 * counts one state of each class of images, and all are listed when it is done: ten thousand states of seven equal readers are
 * 500 classes. Sound: being an image is an equivalence, and it does not depend on which execution ended so.
 *
 * States of small numbers are themselves kept as numbers, found and listed; only where somebody looks at one are there objects.
 */
import type { Proposition } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import { compareValues, type Value } from '../program/value.js';
import type { Execution, FinalState, FinalStates } from './execution.js';
import { NumberIndex } from './number-index.js';
import { NumberedStates } from './numbered-states.js';
import { StateKeys } from './state-keys.js';
import type { Images } from './symmetry-images.js';

/** Finds an allowed execution that ends in one of the states of a class. */
export type FindWitness = (values: readonly Value[]) => Execution;

/** Classes by place: the images of a state; without symmetry that state alone. */
interface Classes {
  /** Executions that end in each of the states. */
  readonly executions: number[];
  readonly witnesses: FindWitness[];
  /** One of the states; none where that is its number and nothing else. */
  readonly values: (readonly Value[])[];
  /** How many states; none without symmetry. */
  readonly images: bigint[];
}

/** All states of a search that came to its end, or what is reported of another. */
export interface Listing {
  readonly states: FinalStates;
  readonly satisfying: number;
  /** Executions. */
  readonly positive: number;
  readonly negative: number;
}

function noClasses(): Classes {
  return { executions: [], witnesses: [], values: [], images: [] };
}

/** How many states are passed over in search of one that satisfies the condition, or of one that does not. */
const MOST_PASSED = 1 << 18;

/** Chooses what is listed, and counts it. */
class Tally {
  satisfying = 0;
  private listed = 0;
  private passed = 0;
  private isFull = false;
  private readonly executions = [0, 0];

  constructor(
    private readonly condition: Proposition,
    private readonly isEnough: (listed: number) => boolean,
  ) {}

  /**
   * Whether a state satisfies the condition, if it is to be listed; else null. It is until there are enough, and then still the first that
   * satisfies the condition, or does not.
   */
  take(values: readonly Value[], executions: number): boolean | null {
    const satisfies = evaluateProposition(this.condition, values);
    if (this.isFull && (this.hasBoth || satisfies === this.satisfying > 0)) {
      this.passed++;
      return null;
    }
    if (satisfies) this.satisfying++;
    this.executions[satisfies ? 1 : 0]! += executions;
    this.isFull ||= this.isEnough(++this.listed);
    return satisfies;
  }

  /** Whether to look at no more states. */
  get isDone(): boolean {
    return this.isFull && (this.hasBoth || this.passed >= MOST_PASSED);
  }

  private get hasBoth(): boolean {
    return this.satisfying > 0 && this.satisfying < this.listed;
  }

  of(states: FinalStates): Listing {
    return {
      states,
      satisfying: this.satisfying,
      positive: this.executions[1]!,
      negative: this.executions[0]!,
    };
  }
}

export class FoundStates {
  /** Of states that have numbers, and where they stand in `numbered`. */
  private readonly numbers = new NumberIndex();
  private readonly numbered = noClasses();
  /** The same of the others. */
  private readonly names = new Map<string, number>();
  private readonly named = noClasses();
  private keys: StateKeys;
  private images: Images | null = null;
  private found = 0;

  constructor(private readonly observed: number) {
    this.keys = new StateKeys(observed, null);
  }

  /** From now on, a state stands for its images, too. Call before the first is added. */
  standForImages(images: Images): void {
    this.images = images;
    this.keys = new StateKeys(this.observed, images);
  }

  /** How many states there are, about. */
  get size(): number {
    return this.found;
  }

  has(values: readonly Value[]): boolean {
    return this.placeOf(this.keys.of(values)) >= 0;
  }

  /** Adds so many executions, spread evenly over the images of a state that one of them ends in; `witness` is asked for if it is new. */
  add(values: readonly Value[], executions: bigint | number, witness: () => FindWitness): void {
    const key = this.keys.of(values);
    const classes = typeof key === 'number' ? this.numbered : this.named;
    let place = this.placeOf(key);
    if (place < 0) {
      place = typeof key === 'number' ? this.numbers.add(key) : this.names.size;
      if (typeof key === 'string') this.names.set(key, place);
      this.addClass(classes, values, typeof key === 'string', witness());
    }
    const images = classes.images[place];
    classes.executions[place]! += Number(images === undefined ? executions : BigInt(executions) / images);
  }

  private placeOf(key: number | string): number {
    return typeof key === 'number' ? this.numbers.placeOf(key) : (this.names.get(key) ?? -1);
  }

  private addClass(classes: Classes, values: readonly Value[], isNamed: boolean, witness: FindWitness): void {
    classes.executions.push(0);
    classes.witnesses.push(witness);
    if (isNamed || this.images !== null) classes.values.push(values.slice());
    if (this.images === null) this.found++;
    else {
      const count = this.images.count(values);
      classes.images.push(count);
      this.found += Number(count);
    }
  }

  /**
   * Lists the states by value, in the order of Program.observed, until `isEnough` of their number. If all of these satisfy the condition, or
   * none, the first that does otherwise follows, so that what was found does not depend on how much of it is listed.
   */
  list(condition: Proposition, counting: boolean, isEnough: (listed: number) => boolean): Listing {
    const tally = new Tally(condition, isEnough);
    // a class that has no number may have images with one
    if (this.names.size > 0) return tally.of(this.listObjects(tally, counting));
    const sums = this.images === null ? this.listNumbers(tally) : this.listImages(this.images, tally);
    return tally.of(new NumberedStates(sums, this.stateMaker(condition, counting)));
  }

  private listNumbers(tally: Tally): Float64Array {
    const sums = Float64Array.from(this.numbers.numbers).sort();
    const values = new Array<Value>(this.observed).fill(0);
    let listed = 0;
    for (const sum of sums) {
      const executions = this.numbered.executions[this.numbers.placeOf(sum)]!;
      // in place: none is listed before it was looked at
      if (tally.take(this.keys.decode(sum, values), executions) !== null) sums[listed++] = sum;
      if (tally.isDone) break;
    }
    return sums.subarray(0, listed);
  }

  private listImages(images: Images, tally: Tally): Float64Array {
    const { weights } = this.keys;
    const sums: number[] = [];
    this.numbered.values.every((values, place) => {
      const executions = this.numbered.executions[place]!;
      return images.each(values, weights, (image, sum) => {
        if (tally.take(image, executions) !== null) sums.push(sum);
        return !tally.isDone;
      });
    });
    return Float64Array.from(sums).sort();
  }

  /** Makes a state of its number. */
  private stateMaker(condition: Proposition, counting: boolean): (sum: number) => FinalState {
    const { keys, numbered, numbers, images } = this;
    return (sum) => {
      const values = keys.decode(sum, new Array<Value>(this.observed).fill(0));
      const place = numbers.placeOf(images === null ? sum : (keys.of(values) as number));
      return {
        values,
        satisfies: evaluateProposition(condition, values),
        executions: counting ? numbered.executions[place]! : null,
        witness: () => numbered.witnesses[place]!(values),
      };
    };
  }

  /** Without numbers: slower, and larger. */
  private listObjects(tally: Tally, counting: boolean): readonly FinalState[] {
    const states: FinalState[] = [];
    const list = (classes: Classes, place: number, of: readonly Value[]): boolean => {
      const executions = classes.executions[place]!;
      const witness = classes.witnesses[place]!;
      const visit = (image: readonly Value[]): boolean => {
        const satisfies = tally.take(image, executions);
        if (satisfies === null) return !tally.isDone;
        const values = image.slice();
        states.push({
          values,
          satisfies,
          executions: counting ? executions : null,
          witness: () => witness(values),
        });
        return !tally.isDone;
      };
      return this.images === null ? visit(of) : this.images.each(of, [], visit);
    };
    const { named, numbered, numbers, keys } = this;
    const valuesAt = (place: number): readonly Value[] =>
      numbered.values[place] ?? keys.decode(numbers.numbers[place]!, []);
    const isAll = numbered.executions.every((_, place) => list(numbered, place, valuesAt(place)));
    if (isAll) named.values.every((values, place) => list(named, place, values));
    return states.sort((a, b) => compareStates(a.values, b.values));
  }
}

/** By value, in the order of Program.observed. */
export function compareStates(a: readonly Value[], b: readonly Value[]): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === y) continue;
    const order = compareValues(x, y);
    if (order !== 0) return order;
  }
  return 0;
}
