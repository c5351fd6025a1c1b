/** What is wrong with a cell of a sketch that does not parse, in people's words. */
import { type Diagnostic, errorAt } from '../text/diagnostic.js';
import { spanOf } from '../text/source.js';
import { type Failure, tokenAt } from './section.js';

const forms =
  'a cell is `[R]`, `[W]` or `[RMW]` with a place, LOCK, UNLOCK, ACQUIRE, RELEASE, MB, RMB, WMB, or a C statement';

const knownOrder = /^(?:acquire|acq|release|rel|relaxed|rlx|once|full|mb)$/;

/** `if (r1 [W] x = 1`: the condition is not closed. */
function openCondition(failure: Failure): Diagnostic | null {
  const { source, text, section } = failure;
  const head = /^if\s*\(/.exec(text.slice(section.start, section.end));
  if (head === null) return null;
  const at = section.start + head[0].length - 1;
  const rest = text.slice(at, section.end);
  if (rest.split('(').length === rest.split(')').length) return null;
  return errorAt(spanOf(source, at, at + 1), 'unclosed-parenthesis', 'this `(` is never closed', {
    hint: 'add the missing `)`',
  });
}

/** Why a cell does not parse; null where the general answer is as good. */
export function explainCell(failure: Failure): Diagnostic | null {
  const { source, text, section } = failure;
  const open = openCondition(failure);
  if (open !== null) return open;
  const bracket = /\[\s*[A-Z][\w. ]*\]?/.exec(text.slice(section.start, section.end));
  if (bracket === null) return null;
  const at = section.start + bracket.index;
  const span = spanOf(source, at, at + bracket[0].trimEnd().length);
  const mark = /^\[\s*(?:R|W|RMW)\s*(?:\.\s*([\w.]*)\s*)?\]$/.exec(bracket[0]);
  if (mark === null)
    return errorAt(span, 'sketch', `unknown mark \`${bracket[0].trimEnd()}\``, { hint: forms });
  if (mark[1] !== undefined && !knownOrder.test(mark[1]))
    return errorAt(span, 'sketch', `unknown order \`.${mark[1]}\``, {
      hint: 'the orders are `.acq`, `.rel`, `.rlx` and `.full`',
    });
  const before = /^\s*(.*\S)\s*=\s*$/.exec(text.slice(section.start, at));
  if (before !== null && !/^\w+$/.test(before[1]!))
    return errorAt(
      spanOf(source, section.start, section.start + before[1]!.length),
      'sketch',
      'a read goes into a register',
      {
        hint: 'a register is a plain name: `r1 = [R] p->__state`',
      },
    );
  const found = tokenAt(failure);
  if (found === '')
    return errorAt(span, 'sketch', `expected a place after \`${bracket[0]}\``, {
      hint: 'for instance `r1 = [R] p->__state` or `[W] p->__state = 1`',
    });
  return errorAt(
    spanOf(source, failure.at, failure.at + found.length),
    'sketch',
    `unexpected \`${found}\` in this cell`,
    {
      hint: 'one access stands in a cell; separate columns with `|`',
    },
  );
}
