/**
 * A list of final states that are kept as numbers (state-keys.ts) and made when somebody looks.
 *
 * A search may find half a million, and most of them are looked at once, if at all: as objects they take more time and memory than it
 * took to find them.
 */
import type { FinalState, FinalStates } from './execution.js';

/** States in the order of numbers, each made of its number at every look: `make` gives equal states for equal numbers. */
export class NumberedStates implements FinalStates {
  constructor(
    private readonly numbers: Float64Array,
    private readonly make: (number: number) => FinalState,
  ) {}

  get length(): number {
    return this.numbers.length;
  }

  *[Symbol.iterator](): Generator<FinalState> {
    for (const number of this.numbers) yield this.make(number);
  }

  at(index: number): FinalState | undefined {
    const number = this.numbers.at(index);
    return number === undefined ? undefined : this.make(number);
  }

  map<T>(make: (state: FinalState, index: number) => T): T[] {
    return Array.from(this.numbers, (number, index) => make(this.make(number), index));
  }

  filter(isWanted: (state: FinalState) => boolean): readonly FinalState[] {
    return this.slice().filter(isWanted);
  }

  find(isWanted: (state: FinalState) => boolean): FinalState | undefined {
    for (const number of this.numbers) {
      const state = this.make(number);
      if (isWanted(state)) return state;
    }
    return undefined;
  }

  some(isWanted: (state: FinalState) => boolean): boolean {
    return this.find(isWanted) !== undefined;
  }

  every(isWanted: (state: FinalState) => boolean): boolean {
    return this.find((state) => !isWanted(state)) === undefined;
  }

  slice(start?: number, end?: number): readonly FinalState[] {
    return Array.from(this.numbers.subarray(start, end), this.make);
  }
}
