/**
 * From a search result to the verdict that people and scripts read.
 *
 * A verdict is about the condition's *proposition*, whatever its quantifier, as in the kernel's `Result:` comments:
 * can an allowed execution satisfy it (Never, Sometimes), can one fail to (Always)? What the quantifier makes of that
 * is the answer. A limit that was hit never turns into Never or Always: found states are certain, missing ones are not, unless
 * a search of its own has come to its end that asked for the verdict only (search/settle-verdict.ts).
 */
import type { Quantifier } from '../program/ir.js';
import type { SearchResult, StateKinds } from '../search/execution.js';

/** All verdicts. */
export const verdicts = ['Never', 'Sometimes', 'Always', 'Deadlock', 'Unknown'] as const;

/**
 * Never, Sometimes, Always: no, some but not all, all allowed executions satisfy the proposition.
 * Deadlock: the search was complete and no execution is allowed. Unknown: a limit was hit before it was decided.
 */
export type Verdict = (typeof verdicts)[number];

/** Whether the quantified question holds; `open` where a limit, or a deadlock, leaves it without an answer. */
export type Answer = 'yes' | 'no' | 'open';

/** What is known of a result: kinds of states that were found; all that there are, if `isAll`. */
function findKinds(result: SearchResult): StateKinds & { readonly isAll: boolean } {
  if (result.kinds !== undefined) return { ...result.kinds, isAll: true };
  return {
    isAll: result.limit === null,
    satisfying: result.satisfying > 0,
    other: result.satisfying < result.states.length,
  };
}

export function decideVerdict(result: SearchResult): Verdict {
  const found = findKinds(result);
  if (found.satisfying && found.other) return 'Sometimes';
  if (!found.isAll) return 'Unknown';
  if (found.satisfying) return 'Always';
  return found.other ? 'Never' : 'Deadlock';
}

/** What the quantifier asks, as far as the found states decide it: one witness answers `exists`, one refutes the others. */
export function decideAnswer(quantifier: Quantifier, result: SearchResult): Answer {
  const { satisfying, other, isAll } = findKinds(result);
  if (quantifier === 'exists' && satisfying) return 'yes';
  if (quantifier === '~exists' && satisfying) return 'no';
  if (quantifier === 'forall' && other) return 'no';
  if (!isAll || (!satisfying && !other)) return 'open';
  return quantifier === 'exists' ? 'no' : 'yes';
}

/** Whether it is certain that no allowed state is of this kind, found or not. */
export function hasNone(result: SearchResult, satisfies: boolean): boolean {
  const { satisfying, other, isAll } = findKinds(result);
  return isAll && !(satisfies ? satisfying : other);
}
