/** What is wrong with C code that does not parse, in people's words. */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { spanOf } from '../text/source.js';
import { explainBrackets } from './brackets.js';
import { inWords } from './c-tokens.js';
import { missingSemicolon } from './condition-failure.js';
import { explainPlainly, type Failure, tokenAt } from './section.js';

/** Symbols that continue an expression: "an operator" says it all. */
const continuations = new Set(['(', '[', '->', '.', '?', '++', '--', '=']);

/** What may start an expression, and then what may start a statement, without the word for it. */
const starts = new Set(['(', '->', '{', ';', ':', 'a name', 'a type', 'a qualifier', '*', 'while', 'struct']);

/** The grammar's alternatives at one place, said shortly. */
function condense(expected: readonly string[]): string[] {
  if (expected.includes('a statement'))
    return expected.filter((text) => !starts.has(text) && text !== 'an expression');
  if (expected.includes('an expression')) return expected.filter((text) => !starts.has(text));
  if (expected.includes('an operator')) return expected.filter((text) => !continuations.has(text));
  return expected.filter((text) => text !== 'a qualifier');
}

const notC: readonly (readonly [RegExp, string, string | null])[] = [
  [/^#/, 'a preprocessor line starts at the beginning of its line', null],
  [/^"/, 'strings are not supported', null],
  [/^'/, 'this is not a character', 'a character stands between two quotes'],
  [/^(?:asm|__asm__|asm_volatile)$/, 'inline assembly is not supported', 'write an AArch64 or X86_64 test'],
  [/^(?:typedef|union)$/, 'declarations of types are not supported', 'write the values into the test'],
  [/^(?:typeof|_Generic)$/, 'operators on types are not supported', null],
];

/** What no litmus test can have: other languages, strings, types as values. */
export function explainForeign(failure: Failure): Diagnostic | null {
  const found = tokenAt(failure);
  const assembly = /\b(?:asm|__asm__)\s+(?:volatile|__volatile__)\s*$/.exec(
    failure.text.slice(failure.section.start, failure.at),
  );
  if (assembly !== null) {
    const start = failure.section.start + assembly.index;
    return errorAt(
      spanOf(failure.source, start, start + 3),
      'unsupported',
      'inline assembly is not supported',
      {
        hint: 'write an AArch64 or X86_64 test',
      },
    );
  }
  const span = spanOf(failure.source, failure.at, failure.at + Math.max(1, found.length));
  const number = /\b\d+\.$/.exec(failure.text.slice(failure.section.start, failure.at));
  if (number !== null && /^\d/.test(found)) {
    const start = failure.section.start + number.index;
    const whole = spanOf(failure.source, start, failure.at + found.length);
    return errorAt(whole, 'unsupported', 'floating-point numbers are not supported');
  }
  if (found === 'else') return errorAt(span, 'syntax', '`else` without `if`');
  const before = failure.text.slice(failure.section.start, failure.at);
  if (found === ':' && /\bstruct\s+\w+\s*\{[^{}]*$/.test(before))
    return errorAt(span, 'unsupported', 'bit fields are not supported', {
      hint: 'bits of one word are one cell: set and test them with `&` and `|`',
    });
  if (found === '{' && /\b(?:struct|union)\s*$/.test(before))
    return errorAt(span, 'syntax', 'expected a name before this', { hint: 'write `struct foo { ... };`' });
  if (found === '{' && /\(\s*$/.test(before))
    return errorAt(span, 'unsupported', 'statements in expressions are not supported', {
      hint: 'write a helper function: `static inline int f(int *x) { ... }`',
    });
  if (found === ':' && /\?\s*$/.test(before))
    return errorAt(span, 'unsupported', '`?:` without a middle is not supported', {
      hint: 'write the condition once more: `a ? a : b`',
    });
  if (/\b(?:container_of|list_entry|offsetof|typeof)\s*\([^;{}]*$/.test(before)) {
    const name = /\b(container_of|list_entry|offsetof|typeof)\s*\([^;{}]*$/.exec(before)!;
    const start = failure.section.start + name.index;
    const whole = spanOf(failure.source, start, start + name[1]!.length);
    return errorAt(whole, 'unsupported', `\`${name[1]}\` is not supported`, {
      hint: 'a pointer leads to the object that it points to, not to the one around it: keep a pointer to that',
    });
  }
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
  if (failure.expected.every((text) => text === '{' || text === 'an annotation'))
    return errorAt(span, 'syntax', `unexpected \`${found}\`: expected the body of the function`, {
      hint:
        found === ';' && !/^;\s*\{/.test(failure.text.slice(failure.at))
          ? 'functions need no declaration: leave this line out'
          : 'a thread is `P0(int *x) { ... }`',
    });
  const line = failure.text.slice(failure.section.start, failure.at).lastIndexOf('\n');
  const head = failure.text.slice(failure.section.start + line + 1, failure.at);
  if (/^\s*(?:struct|union|enum|typedef|unsigned|long|int|static|const|volatile|\w+_t)\b/.test(head + found))
    return errorAt(
      span,
      'syntax',
      `unexpected \`${found}\`: only functions, structs and enumerations stand between the init block and the condition`,
      {
        hint: 'declare shared variables in the init block, and locals inside their thread',
      },
    );
  return null;
}

/** `int r0` without its semicolon takes the next line's first word for one more word of the declaration. */
function missingSemicolonOfDeclaration(failure: Failure): Diagnostic | null {
  if (tokenAt(failure) !== '(' || !failure.expected.includes('[')) return null;
  const before = failure.text.slice(failure.section.start, failure.at);
  const word = /\s*\n\s*\w+\s*$/.exec(before);
  if (word === null) return null;
  const end = failure.section.start + word.index;
  return errorAt(spanOf(failure.source, end - 1, end), 'missing-semicolon', 'expected `;` after this', {
    hint: 'add the missing `;`',
  });
}

/** Why C code does not parse; always an answer. */
export function explainC(read: Failure): Diagnostic {
  const failure: Failure = { ...read, expected: inWords(read.expected) };
  return (
    explainForeign(failure) ??
    explainBrackets(failure) ??
    explainOutside(failure) ??
    missingSemicolon(failure) ??
    missingSemicolonOfDeclaration(failure) ??
    explainPlainly({ ...failure, expected: condense(failure.expected) }, 'the code')
  );
}
