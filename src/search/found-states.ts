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
  readonly images: bigint;
  readonly witness: FindWitness;
  /** Executions that end in each of the states. */
  executions: number;
}

/** All states of a search that came to its end, or what is reported of another. */
export interface Listing {
  readonly states: readonly FinalState[];
  readonly positive: number;
  readonly negative: number;
  /** Whether states are missing. */
  readonly cut: boolean;
}

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
      const images = this.images?.count(values) ?? 1n;
      known = { values: values.slice(), images, witness: witness(), executions: 0 };
      this.classes.set(key, known);
      this.found += Number(images);
    }
    known.executions += Number(typeof executions === 'bigint' ? executions / known.images : executions);
  }

  /** Lists the states by value, in the order of Program.observed, until `isEnough` of their number. */
  list(condition: Proposition, counting: boolean, isEnough: (listed: number) => boolean): Listing {
    const { images } = this;
    const weights = this.keys.weights;
    const listed = new Map<number | string, FinalState>();
    const counts = [0, 0];
    let cut = false;
    for (const [key, { values, executions, witness }] of this.classes) {
      const visit = (image: readonly Value[], sum: number): boolean => {
        const satisfies = evaluateProposition(condition, image);
        counts[satisfies ? 1 : 0]! += executions;
        const state = {
          values: image,
          satisfies,
          executions: counting ? executions : null,
          witness: () => witness(image),
        };
        // a class whose key is no number has images without one
        listed.set(typeof key === 'number' ? sum : `${listed.size}`, state);
        return !isEnough(listed.size);
      };
      cut = !(images === null ? visit(values, key as number) : images.each(values, weights, visit));
      if (cut) break;
    }
    return { states: sortStates(listed), positive: counts[1]!, negative: counts[0]!, cut };
  }
}

/** Keys that are numbers are ordered as the states, and sorted in a tenth of the time. */
function sortStates(states: ReadonlyMap<number | string, FinalState>): readonly FinalState[] {
  const keys = new Float64Array(states.size);
  let size = 0;
  for (const key of states.keys()) {
    if (typeof key === 'string')
      return [...states.values()].sort((a, b) => compareStates(a.values, b.values));
    keys[size++] = key;
  }
  return Array.from(keys.sort(), (key) => states.get(key)!);
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
