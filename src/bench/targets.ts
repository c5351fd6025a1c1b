/** How fast the search shall be, start-up excluded: CPU seconds for single rows, and growth for families with few final states. */
import type { Mode } from '../search/execution.js';

/** What a row is about. */
export interface RowKey {
  readonly family: string;
  readonly size: number;
  readonly mode: Mode;
}

/** Below these seconds. Outcome mode shall be at least as fast as count mode is asked to be. */
const counting: readonly (readonly [family: string, size: number, seconds: number])[] = [
  ['lkmm coherence nx2', 5, 0.3],
  ['lkmm coherence nx2', 6, 10],
  ['lkmm n writers + n reads', 5, 0.2],
  ['lkmm atomic_inc', 6, 0.1],
  ['lkmm atomic_inc', 8, 0.5],
  ['lkmm IRIW+rmb', 7, 0.15],
  ['arm64 IRIW+dmb', 7, 0.15],
  ['x86 IRIW', 7, 0.15],
  ['lkmm lock nx2, counter', 4, 1],
  ['lkmm RCU ring', 5, 0.3],
  ['lkmm RCU chain', 14, 1],
  ['lkmm RCU chain', 19, 20],
  ['arm64 LDXR/STXR, retry', 3, 2],
  ['arm64 LDXR/STXR, retry counted', 3, 2],
  ['x86 coherence nx2', 5, 0.5],
];

const deciding: readonly (readonly [family: string, size: number, seconds: number])[] = [
  ['lkmm RCU ring', 10, 1],
  ['lkmm RCU chain', 20, 1],
  ['lkmm lock nx1, counter', 20, 1],
  ['lkmm lock nx2, counter', 20, 1],
  ['lkmm lock nx2, own data', 20, 1],
];

/** Families with few final states: up to size 12, outcome mode shall take no longer than their states let it. */
const growing: readonly string[] = [
  'lkmm atomic_inc',
  'lkmm xchg',
  'lkmm cmpxchg',
  'lkmm coherence nx2',
  'lkmm lock nx1, counter',
  'lkmm lock nx2, counter',
  'lkmm lock nx2, own data',
  'x86 coherence nx2',
  'arm64 coherence nx2',
  'arm64 LDADD',
];

/** The seconds that a row shall stay below, or null. */
export function targetSeconds({ family, size, mode }: RowKey): number | null {
  const targets = mode === 'verdict' ? deciding : counting;
  return targets.find(([name, n]) => name === family && n === size)?.[2] ?? null;
}

/** Whether a row shall take no more than its share of the growth from the size before it. */
export function hasGrowthTarget({ family, size, mode }: RowKey): boolean {
  return mode === 'outcomes' && size <= 12 && growing.includes(family);
}

/** Less is start of the search and noise: growth from one such time to another says nothing. */
export const JUDGED_SECONDS = 0.25;

export interface Step {
  readonly seconds: number;
  readonly states: number;
  readonly events: number;
}

/**
 * How much longer a row may take than the size before it: as many times as it has more states, each of which takes at least one
 * execution to find, and an execution the cube of its events to judge (composition of relations).
 */
export function growsWithStates(from: Step, to: Step): boolean {
  if (to.seconds <= JUDGED_SECONDS) return true;
  const bound = (to.states / from.states) * (to.events / from.events) ** 3;
  return to.seconds / Math.max(from.seconds, JUDGED_SECONDS) <= bound;
}
