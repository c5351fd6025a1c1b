/**
 * Keys of final states, the same for a state and all its images (symmetry-images.ts) and for no other.
 *
 * One number where all values are small, as digits of it; else a text. Numbers take a third of the time, which is most of the time
 * that a test with many states takes. Without images, numbers are ordered as the states are.
 */
import type { Value } from '../program/value.js';
import type { Images } from './symmetry-images.js';

export class StateKeys {
  private readonly radix: number;
  /** Observables that are no thread's that may be exchanged. */
  private readonly rest: readonly number[];
  /** By class and member: its observables. */
  private readonly classes: readonly (readonly (readonly number[])[])[];

  constructor(
    private readonly observed: number,
    private readonly images: Images | null,
  ) {
    this.radix = 2 ** Math.floor(53 / Math.max(1, observed));
    this.classes = images?.observed ?? [];
    const owned = new Set(this.classes.flat(2));
    this.rest = Array.from({ length: observed }, (_, index) => index).filter((index) => !owned.has(index));
  }

  /** A key that is a number, without images, is the sum of the values times these. */
  get weights(): readonly number[] {
    return Array.from({ length: this.observed }, (_, index) => this.radix ** (this.observed - 1 - index));
  }

  /** The values of a state, from the sum of them times the weights; into `values`. */
  decode(sum: number, values: Value[]): Value[] {
    const { radix } = this;
    let left = sum;
    for (let index = this.observed - 1; index >= 0; index--) {
      const rest = Math.floor(left / radix);
      values[index] = left - rest * radix;
      left = rest;
    }
    return values;
  }

  of(values: readonly Value[]): number | string {
    return this.numberOf(values) ?? this.images?.keyOf(values) ?? textOf(values);
  }

  /** What the members of a class end with is put in order: an image has the same in another. */
  private numberOf(values: readonly Value[]): number | null {
    const { radix } = this;
    let key = this.digits(values, this.rest);
    for (const members of this.classes) {
      const codes: number[] = [];
      for (const member of members) {
        const code = this.digits(values, member);
        let place = codes.length;
        for (; place > 0 && codes[place - 1]! > code; place--) codes[place] = codes[place - 1]!;
        codes[place] = code;
      }
      const size = radix ** members[0]!.length;
      for (const code of codes) key = key * size + code;
    }
    return Number.isNaN(key) ? null : key;
  }

  /** Not a number, if one of the values is none that is small. */
  private digits(values: readonly Value[], indices: readonly number[]): number {
    const { radix } = this;
    let number = 0;
    for (const index of indices) {
      const value = values[index]!;
      if (typeof value !== 'number' || value < 0 || value >= radix) return Number.NaN;
      number = number * radix + value;
    }
    return number;
  }
}

function textOf(values: readonly Value[]): string {
  let key = '';
  for (const value of values) key += typeof value === 'object' ? `&${value.name} ` : `${value} `;
  return key;
}
