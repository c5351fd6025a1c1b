/** Numbers of executions for people. Beyond 2^53 a number of JavaScript is rounded, and said to be at least that. */

const MOST = '2^53';

/** What a bound on a number says. */
export function countText(count: number): string {
  return Number.isSafeInteger(count) ? String(count) : MOST;
}

/** In a cell: `20`; `20+` if there may be more. */
export function countCell(count: number, isAll: boolean): string {
  return isAll && Number.isSafeInteger(count) ? String(count) : `${countText(count)}+`;
}
