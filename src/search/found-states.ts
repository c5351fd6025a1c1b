/**
 * The final states that a search has found, up to exchanges of threads where it examines one execution for several (symmetry.ts).
 *
 * The executions of an orbit end in each image of one state, equally often (symmetry-images.ts). So the search keeps, looks up and
 * counts one state of each class of images, and all are listed when it is done: ten thousand states of seven equal readers are
 * 500 classes. Sound: being an image is an equivalence, and it does not depend on which execution ended so.
 */
import type { Proposition } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import { compareValues, type Value } from '../program/value.js';
import type { Execution, FinalState } from './execution.js';
import { StateKeys } from './state-keys.js';
import type { Images } from './symmetry-images.js';

/** Finds an allowed execution that ends in one of the states of a class. */
export type FindWitness = (values: readonly Value[]) => Execution;

/** The images of a state; without symmetry that state alone. */
interface StateClass {
  readonly values: readonly Value[];
  /** How many; null: one. */
  readonly images: bigint | null;
  readonly witness: FindWitness;
  /** Executions that end in each of the states. */
  executions: number;
}

/** All states of a search that came to its end, or what is reported of another. */
export interface Listing {
  readonly states: readonly FinalState[];
  readonly positive: number;
  readonly negative: number;
}

type MakeState = (of: StateClass, values: readonly Value[]) => FinalState;

export class FoundStates {
  private readonly classes = new Map<number | string, StateClass>();
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

  get classCount(): number {
    return this.classes.size;
  }

  has(values: readonly Value[]): boolean {
    return this.classes.has(this.keys.of(values));
  }

  /** Adds so many executions, spread evenly over the images of a state that one of them ends in; `witness` is asked for if it is new. */
  add(values: readonly Value[], executions: bigint | number, witness: () => FindWitness): void {
    const key = this.keys.of(values);
    let known = this.classes.get(key);
    if (known === undefined) {
      const images = this.images === null ? null : this.images.count(values);
      known = { values: values.slice(), images, witness: witness(), executions: 0 };
      this.classes.set(key, known);
      this.found += images === null ? 1 : Number(images);
    }
    const { images } = known;
    known.executions += Number(images === null ? executions : BigInt(executions) / images);
  }

  /** Lists the states by value, in the order of Program.observed, until `isEnough` of their number. */
  list(condition: Proposition, counting: boolean, isEnough: (listed: number) => boolean): Listing {
    const counts = [0, 0];
    const stateOf = ({ executions, witness }: StateClass, values: readonly Value[]): FinalState => {
      const satisfies = evaluateProposition(condition, values);
      counts[satisfies ? 1 : 0]! += executions;
      return {
        values,
        satisfies,
        executions: counting ? executions : null,
        witness: () => witness(values),
      };
    };
    const states =
      this.images === null
        ? this.listClasses(stateOf, isEnough)
        : this.listImages(this.images, stateOf, isEnough);
    return { states, positive: counts[1]!, negative: counts[0]! };
  }

  private listClasses(stateOf: MakeState, isEnough: (listed: number) => boolean): readonly FinalState[] {
    const states: FinalState[] = [];
    for (const known of inOrder(this.classes)) {
      states.push(stateOf(known, known.values));
      if (isEnough(states.length)) break;
    }
    return states;
  }

  private listImages(
    images: Images,
    stateOf: MakeState,
    isEnough: (listed: number) => boolean,
  ): readonly FinalState[] {
    const { weights } = this.keys;
    const states = new Map<number | string, FinalState>();
    for (const [key, known] of this.classes) {
      const visit = (values: readonly Value[], sum: number): boolean => {
        // a class whose key is no number has images without one
        states.set(typeof key === 'number' ? sum : `${states.size}`, stateOf(known, values));
        return !isEnough(states.size);
      };
      if (!images.each(known.values, weights, visit)) break;
    }
    return inOrder(states);
  }
}

/** By value. Keys that are numbers are ordered as the states, and sorted in a tenth of the time. */
function inOrder<T extends { readonly values: readonly Value[] }>(
  byKey: ReadonlyMap<number | string, T>,
): readonly T[] {
  const keys = new Float64Array(byKey.size);
  let size = 0;
  for (const key of byKey.keys()) {
    if (typeof key === 'string') return [...byKey.values()].sort((a, b) => compareStates(a.values, b.values));
    keys[size++] = key;
  }
  return Array.from(keys.sort(), (key) => byKey.get(key)!);
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
