/** What is wrong with an init block or a condition that does not parse, in people's words. */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { spanOf } from '../text/source.js';
import { didYouMean } from '../text/suggest.js';
import { tailWords } from './layout.js';
import { endOfPrevious, type Failure, tokenAt } from './section.js';

/** True if the two offsets are on different lines. */
function linesApart(failure: Failure, from: number, to: number): boolean {
  return failure.text.slice(from, to).includes('\n');
}

/** A missing separator, reported at the end of what it should follow; null if no separator was expected. */
export function missingSemicolon(failure: Failure): Diagnostic | null {
  const end = endOfPrevious(failure);
  if (!failure.expected.includes(';')) return null;
  if (end === failure.section.start) return null;
  if (!linesApart(failure, end, failure.at) && !/^\w/.test(tokenAt(failure))) return null;
  return errorAt(spanOf(failure.source, end - 1, end), 'missing-semicolon', 'expected `;` after this', {
    hint: 'add the missing `;`',
  });
}

export function explainInit(failure: Failure): Diagnostic | null {
  const found = tokenAt(failure);
  const span = spanOf(failure.source, failure.at, failure.at + found.length);
  if (/^[-+*/%|^]$/.test(found) && failure.expected.includes(';'))
    return errorAt(
      span,
      'syntax',
      `unexpected \`${found}\`: an initial value is a number, a name or an address`,
    );
  if (found === ':' || found === '"')
    return errorAt(
      span,
      'unsupported',
      `unexpected \`${found}\`: labels and instructions are not supported as values`,
    );
  return missingSemicolon(failure);
}

function unknownQuantifier(failure: Failure): Diagnostic | null {
  const found = tokenAt(failure);
  if (!failure.expected.includes('exists') || found === '') return null;
  const span = spanOf(failure.source, failure.at, failure.at + found.length);
  if (/^[A-Za-z]/.test(found) && /^\s*[([]/.test(failure.text.slice(failure.at + found.length)))
    return errorAt(span, 'unknown-quantifier', `unknown word \`${found}\` where the condition should start`, {
      hint: didYouMean(found, tailWords) ?? 'a condition starts with `exists`, `~exists` or `forall`',
    });
  if (
    failure.at === endOfPrevious(failure, failure.at) ||
    failure.text.slice(failure.section.start, failure.at).trim() === ''
  )
    return errorAt(
      span,
      'missing-quantifier',
      'expected `exists`, `~exists` or `forall` before the condition',
      {
        hint: '`exists` asks whether an outcome is possible, `forall` whether it is the only one',
      },
    );
  return errorAt(span, 'syntax', `unexpected \`${found}\` after the condition`, {
    hint: 'the condition ends the file; comments may follow it',
  });
}

function badOperator(failure: Failure): Diagnostic | null {
  const found = tokenAt(failure);
  const span = spanOf(failure.source, failure.at, failure.at + found.length);
  if (failure.expected.includes('a comparison `=` or `!=`')) {
    if (/^[<>]=?$/.test(found))
      return errorAt(span, 'syntax', `conditions compare with \`=\` and \`!=\` only, not \`${found}\``, {
        hint: 'name the values: `x=1 \\/ x=2`',
      });
    if (found === '(') {
      const end = endOfPrevious(failure);
      const word = /\w*$/.exec(failure.text.slice(failure.section.start, end))?.[0] ?? '';
      return errorAt(
        spanOf(failure.source, end - word.length, end),
        'unsupported',
        `\`${word}(...)\` is not supported in conditions`,
        { hint: 'a condition compares final values of registers and memory' },
      );
    }
    if (/^[)/\\=]/.test(found) || found === '' || found === '=>')
      return errorAt(
        spanOf(failure.source, endOfPrevious(failure) - 1, endOfPrevious(failure)),
        'syntax',
        'expected `=` or `!=` and a value after this',
        { hint: 'a condition compares: `0:r1=1`, `x=0`' },
      );
  }
  if (failure.expected.includes('/\\') && found === '/')
    return errorAt(span, 'syntax', 'unexpected `/`', { hint: '`/\\` is and, `\\/` is or' });
  if (failure.expected.includes('/\\') && (found === 'and' || found === '&' || found === ','))
    return errorAt(span, 'syntax', `unexpected \`${found}\``, { hint: 'write `/\\` for and' });
  if (failure.expected.includes('\\/') && (found === 'or' || found === '|'))
    return errorAt(span, 'syntax', `unexpected \`${found}\``, { hint: 'write `\\/` for or' });
  return null;
}

/** A place where a comparison should start. */
function missingComparison(failure: Failure): Diagnostic | null {
  if (!failure.expected.includes('a number') || !failure.expected.includes('(')) return null;
  const found = tokenAt(failure);
  const end = endOfPrevious(failure);
  const span =
    found === ''
      ? spanOf(failure.source, end - 1, end)
      : spanOf(failure.source, failure.at, failure.at + found.length);
  const message = found === '' ? 'the condition ends here' : `unexpected \`${found}\``;
  return errorAt(span, 'syntax', `${message}: expected a comparison`, {
    hint: 'a condition compares: `0:r1=1`, `x=0`',
  });
}

function unclosedParenthesis(failure: Failure): Diagnostic | null {
  if (tokenAt(failure) !== '' || !failure.expected.includes(')')) return null;
  const open: number[] = [];
  for (let i = failure.section.start; i < failure.at; i++) {
    if (failure.text[i] === '(') open.push(i);
    else if (failure.text[i] === ')') open.pop();
  }
  const at = open.at(-1);
  if (at === undefined) return null;
  return errorAt(spanOf(failure.source, at, at + 1), 'unclosed-parenthesis', 'this `(` is never closed', {
    hint: 'add the missing `)`',
  });
}

export function explainTail(failure: Failure): Diagnostic | null {
  return (
    badOperator(failure) ??
    unclosedParenthesis(failure) ??
    unknownQuantifier(failure) ??
    missingComparison(failure)
  );
}
