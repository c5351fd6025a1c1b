/**
 * Read-modify-writes that a path takes without their write: a cmpxchg() that finds another value, a trylock of a lock that is
 * taken. What they would have ordered with it, they do not (Documentation/atomic_t.txt: a conditional operation that fails is unordered).
 */
import type { Execution, ExecutionEvent } from '../search/execution.js';
import { calledPrimitive, statementOf, valueText } from './speech.js';

/** Tags of accesses that order nothing. */
const unordered: ReadonlySet<string> = new Set(['Plain', 'Once', 'Noreturn', 'X']);

/** Whether it would have ordered something, had it not failed; null of what has written, or never writes. */
export function failedAtomic(
  { kind, thread, instruction, id }: ExecutionEvent,
  { program, base }: Execution,
): { readonly wouldOrder: boolean } | null {
  const code = program.threads[thread]?.code[instruction];
  if (kind !== 'read' || code?.kind !== 'rmw' || code.fail === null) return null;
  if ((base.get('rmw')?.successors(id).length ?? 0) > 0) return null;
  const tags = [...code.readTags, ...code.writeTags, ...(code.fences ?? [])];
  return { wouldOrder: tags.some((tag) => !unordered.has(tag)) };
}

/** `fails, because v is 1, and a failed atomic_cmpxchg()`. */
export function failureText(event: ExecutionEvent): string {
  const called = calledPrimitive(event);
  const what = called === null ? statementOf(event).split(' ')[0]! : `${called}()`;
  return `fails, because ${event.location?.name ?? '?'} is ${valueText(event)}, and a failed ${what}`;
}
