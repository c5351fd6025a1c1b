/**
 * Checks the names of a test's threads, in all dialects.
 *
 * Conditions and reports call a thread by its place: `1:r0` is a register of the second. So a name with a number must have the
 * number of its place, else `1:r0` could be taken for another thread's register; and no two threads share a name.
 */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import type { Span } from '../text/source.js';

interface NamedThread {
  readonly name: string;
  readonly nameSpan: Span;
}

const numbered = /^(P|CPU)(\d+)$/i;

export function checkThreadNames(threads: readonly NamedThread[], diagnostics: Diagnostic[]): void {
  threads.forEach(({ name, nameSpan }, place) => {
    const first = threads.find((other) => other.name === name)!;
    if (first.nameSpan !== nameSpan) {
      const notes = [{ message: 'the other one is here', span: first.nameSpan }];
      diagnostics.push(errorAt(nameSpan, 'duplicate-thread', `two threads are named \`${name}\``, { notes }));
      return;
    }
    const match = numbered.exec(name);
    if (match === null || Number(match[2]) === place) return;
    const message = `this is thread ${place} of the test, but its name is \`${name}\``;
    const hint = `threads count from 0 in the order of the file: \`${match[1]}${place}\``;
    diagnostics.push(errorAt(nameSpan, 'thread-number', message, { hint }));
  });
}
