/** What a benchmark family is, and the combinatorics that several share. */
import type { Language, ModelName } from '../verdict/model-choice.js';

export interface Family {
  readonly name: string;
  readonly language: Language;
  readonly model: ModelName;
  readonly sizes: readonly number[];
  /** The litmus test of a size. */
  readonly text: (size: number) => string;
  /** How many executions the model allows. */
  readonly allowed: (size: number) => number;
}

export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

export function factorial(n: number): number {
  return range(n).reduce((product, i) => product * (i + 1), 1);
}

export function binomial(n: number, k: number): number {
  return Math.round(factorial(n) / (factorial(k) * factorial(n - k)));
}
