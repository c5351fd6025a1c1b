/** What a benchmark family is, and the combinatorics that several share. */
import type { Mode } from '../search/execution.js';
import type { Language, ModelName } from '../verdict/model-choice.js';
import type { Verdict } from '../verdict/verdict.js';

export const benchModes = ['count', 'outcomes', 'verdict'] as const satisfies readonly Mode[];

/** Litmus tests that grow with one number, and what is known of each size without a search. */
export interface Family {
  readonly name: string;
  readonly language: Language;
  readonly model: ModelName;
  /** Growing; the modes differ in how far one may hope to come. */
  readonly sizes: Readonly<Record<Mode, readonly number[]>>;
  /** The litmus test of a size. */
  readonly text: (size: number) => string;
  /** How many executions the model allows. */
  readonly allowed: (size: number) => number;
  /** How many final states, of what the condition asks about, the allowed executions end in. */
  readonly states: (size: number) => number;
  /** Of the condition, at all sizes above 1. */
  readonly verdict: Verdict;
  /** How often a loop goes round, in tests that have no end; null: every path ends. */
  readonly unroll: number | null;
}

/** What families are called in tables, files and on the command line: `lkmm coherence nx2`. */
export function familyId({ model, name }: Pick<Family, 'model' | 'name'>): string {
  return `${model} ${name}`;
}

export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

export function factorial(n: number): number {
  return range(n).reduce((product, i) => product * (i + 1), 1);
}

export function binomial(n: number, k: number): number {
  return Math.round(range(k).reduce((product, i) => (product * (n - i)) / (i + 1), 1));
}

/** Orders of n groups of c things each, where each group keeps its own order. */
export function interleavings(n: number, c: number): number {
  return range(n).reduce((product, i) => product * binomial((i + 1) * c, c), 1);
}
