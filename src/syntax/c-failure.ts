/** What is wrong with C code that does not parse, in people's words. */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { spanOf } from '../text/source.js';
import { explainBrackets } from './brackets.js';
import { missingSemicolon } from './condition-failure.js';
import { explainPlainly, type Failure, tokenAt } from './section.js';

/** Tokens that continue an expression: after one, "an operator" says it all. */
const continuations = new Set(['(', '[', '->', '.', '?', '++', '--', 'an operator', '=']);

/** The grammar's alternatives at one place, said shortly. */
function condense(expected: readonly string[]): string[] {
  const operator = expected.includes('an operator');
  const kept = expected.filter((text) => !operator || !continuations.has(text));
  const expression = kept.includes('an expression');
  return kept.filter((text) => !(expression && /^(?:a name|->|\(|\*|&|!|-|~|\+|\+\+|--)$/.test(text)));
}

const notC: readonly (readonly [RegExp, string, string | null])[] = [
  [/^#/, 'preprocessor lines are not supported', 'write the values into the test'],
  [/^"/, 'strings are not supported', null],
  [/^'/, 'character constants are not supported', 'write the number'],
  [/^else$/, '`else` without `if`', null],
  [/^(?:asm|__asm__|asm_volatile)$/, 'inline assembly is not supported', 'write an AArch64 or X86_64 test'],
  [/^(?:typedef|enum|union)$/, 'declarations of types are not supported', 'write the values into the test'],
  [/^(?:sizeof|typeof|_Generic)$/, 'operators on types are not supported', null],
];

function explainForeign(failure: Failure): Diagnostic | null {
  const found = tokenAt(failure);
  const span = spanOf(failure.source, failure.at, failure.at + Math.max(1, found.length));
  for (const [pattern, message, hint] of notC)
    if (pattern.test(found)) return errorAt(span, 'unsupported', message, { hint });
  return null;
}

/** How deep in braces and parentheses a place is. */
function depthAt(failure: Failure): { readonly braces: number; readonly parentheses: number } {
  let braces = 0;
  let parentheses = 0;
  for (let i = failure.section.start; i < failure.at; i++) {
    const c = failure.text[i];
    if (c === '{') braces++;
    else if (c === '}') braces--;
    else if (c === '(') parentheses++;
    else if (c === ')') parentheses--;
  }
  return { braces, parentheses };
}

/** Outside of all threads: a global declaration, a parameter without its type. */
function explainOutside(failure: Failure): Diagnostic | null {
  const { braces, parentheses } = depthAt(failure);
  const found = tokenAt(failure);
  if (braces > 0 || found === '') return null;
  const span = spanOf(failure.source, failure.at, failure.at + found.length);
  if (parentheses > 0 && /^[\w*)]/.test(found))
    return errorAt(span, 'syntax', `unexpected \`${found}\` in the parameters`, {
      hint: 'a parameter has a type and a name: `int *x`, `spinlock_t *lock`, `struct task_struct *p`',
    });
  const line = failure.text.slice(failure.section.start, failure.at).lastIndexOf('\n');
  const head = failure.text.slice(failure.section.start + line + 1, failure.at);
  if (/^\s*(?:struct|unsigned|long|int|static|const|volatile|\w+_t)\b/.test(head + found))
    return errorAt(
      span,
      'syntax',
      `unexpected \`${found}\`: only threads stand between the init block and the condition`,
      {
        hint: 'declare shared variables in the init block, and locals inside their thread',
      },
    );
  return null;
}

export function explainC(failure: Failure): Diagnostic | null {
  return (
    explainForeign(failure) ??
    explainBrackets(failure) ??
    explainOutside(failure) ??
    missingSemicolon(failure) ??
    explainPlainly({ ...failure, expected: condense(failure.expected) }, 'the code')
  );
}
