/**
 * Turns of a loop that change nothing, and yet cannot be left out of a path.
 *
 * A path without such a turn ends like one with it, and has fewer events: what a model allows of the one it allows of the other, if
 * the order among the events that are left only shrinks when others are taken away. It does not where the turn
 * takes order away:
 * - it ends an RCU read-side critical section that began before it: on either side there is a shorter one than without it;
 * - a register or the control flow no longer depends on what it depended on before;
 * - it arms the exclusive monitor, or arms it anew, or clears it.
 * It is left out all the same under models that demand what more events may satisfy. Flags that only its own events raise are looked for
 * apart (search/flags-of-waits.ts), on paths that have one such turn.
 */

import { MONITOR } from './liveness.js';
import type { Cell, PathState, Visit } from './state.js';
import { type SymbolicValue, sameSymbol } from './symbol.js';
import type { TraceEvent } from './trace.js';

/** Which of them are kept, of several in a row: one that takes order away; or one with plain accesses, too; or one whatever it does. */
export type FailedTurns = 'loosening' | 'plain' | 'any';

function includes(all: readonly number[], part: readonly number[]): boolean {
  return part.every((read) => all.includes(read));
}

/** Whether less is known to be before the use of a register. */
function dependsOnLess(now: Cell | undefined, then: Cell | undefined): boolean {
  if (then === undefined) return false;
  return now === undefined
    ? then.reads.length + then.picks.length > 0
    : !includes(now.reads, then.reads) || !includes(now.picks, then.picks);
}

function sameAddress(a: SymbolicValue | null, b: SymbolicValue | null): boolean {
  return a === null || b === null ? a === b : sameSymbol(a, b);
}

/** Whether events end a critical section that they do not begin. */
function endsSection(events: readonly TraceEvent[]): boolean {
  const begun: (SymbolicValue | null)[] = [];
  return events.some(({ tags, address }) => {
    if (tags.includes('Rcu-lock') || tags.includes('Srcu-lock')) begun.push(address);
    if (!tags.includes('Rcu-unlock') && !tags.includes('Srcu-unlock')) return false;
    const at = begun.findLastIndex((of) => sameAddress(of, address));
    if (at >= 0) begun.splice(at, 1);
    return at < 0;
  });
}

/** Whether a turn that changed nothing can matter: the events since the visit. `dependent`: of the loop's head (liveness.ts). */
export function loosens(
  state: PathState,
  visit: Visit,
  dependent: ReadonlySet<string>,
  kept: FailedTurns,
): boolean {
  const events = state.events.slice(visit.events);
  if (kept === 'any' && events.length > 0) return true;
  if (kept === 'plain' && events.some(({ tags }) => tags.includes('Plain'))) return true;
  return (
    endsSection(events) ||
    visit.scopes.some((scope) => !state.scopes.includes(scope)) ||
    (dependent.has(MONITOR) && !includes(armedBy(state), armedBy(visit))) ||
    (dependent.has(MONITOR) && !includes(armedBy(visit), armedBy(state))) ||
    [...dependent].some((name) => dependsOnLess(state.registers.get(name), visit.registers.get(name)))
  );
}

function armedBy({ monitor }: Pick<PathState, 'monitor'>): readonly number[] {
  return monitor.map(({ event }) => event);
}
