/**
 * What is to be said of a search that its caller stopped (time, memory, an interrupt): how far it came, and that what it found is
 * certain. States found are allowed whatever else there is; states not found are open.
 */
import type { SearchResult } from '../search/execution.js';

/** 0.374 -> `about 37 %`. */
export function showShare(share: number): string {
  if (share >= 0.995) return 'almost all';
  if (share < 0.001) return 'less than 0.1 %';
  const percent = share * 100;
  return `about ${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** `about 37 % searched, 512 executions examined`, or null if the search was not stopped. */
export function describeSearched({ explored, candidates }: SearchResult): string | null {
  if (explored === undefined) return null;
  return `${showShare(explored)} searched, ${candidates} execution${candidates === 1 ? '' : 's'} examined`;
}

/** What the states of a stopped search are worth; null if the search was not stopped. */
export function describeFound({ explored, states }: SearchResult): string | null {
  if (explored === undefined) return null;
  if (states.length === 0) return 'no state found yet';
  return `the ${states.length === 1 ? 'state' : `${states.length} states`} found ${states.length === 1 ? 'is' : 'are'} allowed`;
}
