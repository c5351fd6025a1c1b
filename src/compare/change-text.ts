/** What was changed in the code, in the kernel developer's words: `P0:34: smp_wmb() was removed`. */
import { listed } from '../regress/barriers-text.js';
import { positionAt } from '../text/source.js';
import type { CodeChange, Written } from './code-changes.js';

const LONGEST = 70;

export function lineOf({ span }: Written): number {
  return positionAt(span.file, span.start).line;
}

function shown({ text }: Written): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

/** `P0:34`: where it stands, or stood; of what was added, in the later version. */
export function changePlace({ thread, before, after }: CodeChange): string {
  const [first] = [...before, ...after];
  return first === undefined ? thread : `${thread}:${lineOf(first)}`;
}

/** What stays of a statement if a call in it has another name, which may take a pointer where the other takes a place. */
function restOf({ key }: Written, name: string): string {
  return key.replace(name, '').replace(/[&*()]/g, '');
}

/** The one call that became another, if that is all that differs. */
function renamed(before: Written, after: Written): readonly [string, string] | null {
  if (before.calls.length !== after.calls.length) return null;
  const at = before.calls.flatMap((name, i) => (name === after.calls[i] ? [] : [i]));
  const [old, fresh] = [before.calls[at[0] ?? -1], after.calls[at[0] ?? -1]];
  if (at.length !== 1 || old === undefined || fresh === undefined) return null;
  return restOf(before, old) === restOf(after, fresh) ? [`${old}()`, `${fresh}()`] : null;
}

function became(before: Written, after: Written): string {
  const [old, fresh] = renamed(before, after) ?? [shown(before), shown(after)];
  return `${old} became ${fresh}`;
}

/** `spin_lock(l) and spin_unlock(l)`: each text once. */
function named(statements: readonly Written[]): string {
  return listed([...new Set(statements.map(shown))]);
}

function wasOrWere(statements: readonly Written[]): string {
  return statements.length > 1 ? 'were' : 'was';
}

/** `smp_wmb() was removed`. */
export function changeWords({ kind, before, after }: CodeChange): string {
  switch (kind) {
    case 'removed':
      return `${named(before)} ${wasOrWere(before)} removed`;
    case 'added':
      return `${named(after)} ${wasOrWere(after)} added`;
    case 'moved':
      return `${named(before)} moved to line ${lineOf(after[0]!)}`;
    case 'changed': {
      const pairs = before.flatMap((old, i) => {
        const fresh = after[i];
        return fresh === undefined ? [] : [became(old, fresh)];
      });
      return listed([...new Set(pairs)]);
    }
  }
}

/** What was changed, without what became of it: `P0:34 smp_wmb()`. */
export function changeSubject(change: CodeChange): string {
  const { kind, before, after } = change;
  const [old, fresh] = [before[0], after[0]];
  const name =
    kind === 'changed' && old !== undefined && fresh !== undefined
      ? (renamed(old, fresh)?.[0] ?? shown(old))
      : named(before.length > 0 ? before : after);
  return `${changePlace(change)} ${name}`;
}

/** `P0:34: smp_wmb() was removed`. */
export function changeText(change: CodeChange): string {
  return `${changePlace(change)}: ${changeWords(change)}`;
}
