/** Finds the bracket that has no partner, once a section of C-like code has failed to parse. */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { positionAt, spanOf } from '../text/source.js';
import type { Failure } from './section.js';

interface Open {
  readonly bracket: string;
  readonly at: number;
}

type Imbalance =
  | { readonly kind: 'unopened'; readonly at: number }
  /** `stack`: all that is open, from the outside, where it was noticed; the last one is to blame. */
  | { readonly kind: 'unclosed'; readonly stack: readonly Open[]; readonly noticed: number };

const partner: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** A `;` or a brace cannot stand in parentheses, except for the two semicolons of `for`. */
function interrupts(text: string, token: string, stack: readonly Open[]): boolean {
  const top = stack.at(-1);
  if (top === undefined || top.bracket === '{') return false;
  if (token === '{' || token === '}') return true;
  return token === ';' && !/\bfor\s*$/.test(text.slice(Math.max(0, top.at - 20), top.at));
}

function findImbalance(text: string, start: number, end: number): Imbalance | null {
  const stack: Open[] = [];
  for (let i = start; i < end; i++) {
    const c = text[i]!;
    if (interrupts(text, c, stack)) return { kind: 'unclosed', stack, noticed: i };
    if (c === '(' || c === '[' || c === '{') stack.push({ bracket: c, at: i });
    else if (c in partner) {
      if (stack.at(-1)?.bracket !== partner[c]) return { kind: 'unopened', at: i };
      stack.pop();
    }
  }
  return stack.length === 0 ? null : { kind: 'unclosed', stack, noticed: end };
}

const threadHead = /^[ \t]*(?:void[ \t]+)?([A-Za-z_]\w*)[ \t]*\([^;{}]*\)\s*\{/gm;

/** The `{` of a thread that is never closed: named by its thread, and by the thread that comes too early, if any. */
function unclosedThread(failure: Failure, open: number): Diagnostic {
  const { source, text, section } = failure;
  const head = /([A-Za-z_]\w*)\s*\([^(){}]*\)\s*$/.exec(text.slice(section.start, open));
  const name = head?.[1] ?? 'the thread';
  threadHead.lastIndex = open + 1;
  const next = threadHead.exec(text.slice(0, section.end));
  const nextName = next?.[1];
  const isThread = nextName !== undefined && !/^(?:if|while|for|switch)$/.test(nextName);
  const truncated = text.slice(section.end).trim() === '' && !isThread;
  const message = truncated
    ? `the file ends inside \`${name}\`: its \`{\` is never closed`
    : `the \`{\` of \`${name}\` is never closed`;
  const line = isThread ? positionAt(source, next!.index + next![0].search(/\S/)).line : 0;
  const hint = isThread
    ? `add the missing \`}\` before \`${nextName}\` in line ${line}`
    : 'add the missing `}`';
  return errorAt(spanOf(source, open, open + 1), 'unclosed-brace', message, { hint });
}

/** The diagnostic of unbalanced brackets at or before the failure; null if they are not the cause. */
export function explainBrackets(failure: Failure): Diagnostic | null {
  const { source, text, section } = failure;
  const found = findImbalance(text, section.start, section.end);
  if (found === null) return null;
  if (found.kind === 'unopened') {
    if (found.at > failure.at) return null;
    const span = spanOf(source, found.at, found.at + 1);
    return errorAt(span, 'unopened-bracket', `this \`${text[found.at]}\` closes nothing`, {
      hint: 'remove it, or add what it should close',
    });
  }
  const last = found.stack.at(-1)!;
  if (last.at > failure.at) return null;
  if (last.bracket === '{') return unclosedThread(failure, found.stack[0]!.at);
  return errorAt(
    spanOf(source, last.at, last.at + 1),
    'unclosed-parenthesis',
    `this \`${last.bracket}\` is never closed`,
    { hint: `add the missing \`${last.bracket === '(' ? ')' : ']'}\`` },
  );
}
