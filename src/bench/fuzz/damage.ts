/** Texts with mistakes: bytes, tokens and lines dropped, doubled, exchanged, replaced, or taken from another text. */
import type { Chance } from './chance.js';

/** No text of ours has it: where a page or a picture has it as it stands, markup was not escaped. */
export const MARK = '<fz0 ';

/** What parsers, terminals and pages could trip over. */
const hostile: readonly string[] = [
  ...[
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ';',
    ',',
    '|',
    '"',
    "'",
    '\\',
    '#',
    '~',
    '!',
    '&',
    '*',
    '=',
    '<',
    '>',
    '@',
    '$',
    '%',
  ],
  ...[
    '/*',
    '*/',
    '(*',
    '*)',
    '//',
    '->',
    '==',
    '/\\',
    '\\/',
    '=>',
    '++',
    '--',
    '...',
    '&&',
    '||',
    '<<',
    '>>',
    '::',
  ],
  ...[
    '\n',
    '\r\n',
    '\t',
    ' ',
    '\v',
    '\f',
    '\u0007',
    '\u001b[31m',
    '\u001b]0;t\u0007',
    '\u009b2J',
    '\u0085',
    '\u2028',
  ],
  ...[
    '\ufeff',
    '\u00e9',
    '\u200b',
    '\u202e',
    '\ud83d\ude00',
    '\ud800',
    '\uffff',
    '\u0300',
    '\uff11',
    '\u0130',
  ],
  ...[
    '0',
    '-1',
    '0x',
    '08',
    '1e9',
    '2147483648',
    '18446744073709551616',
    '-9223372036854775808',
    '0x1ffffffffffffffffff',
  ],
  ...['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'prototype', 'undefined', 'null', 'NaN'],
  ...[
    `${MARK}x>`,
    `"${MARK}x>`,
    `</script>${MARK}x>`,
    `-->${MARK}x>`,
    `]]>${MARK}x>`,
    '&lt;',
    '&#60;',
    '</svg>',
  ],
  ...['`', '```', '$&', '](javascript:x)', '![x](y)', '\\N', '\\l', '%s', '{{x}}'],
];

const token = /(?:\w+|->|\/\\|\\\/|[=!<>&|+-]{2}|\S)\s*/g;

function tokensOf(text: string): string[] {
  return text.match(token) ?? [text];
}

/** A part of `text` from one place to another that is not far behind. */
function part(text: string, chance: Chance): string {
  const start = chance.below(text.length + 1);
  return text.slice(start, start + chance.below(40));
}

function damageBytes(text: string, chance: Chance): string {
  const at = chance.below(text.length + 1);
  const dropped = chance.happens(0.5) ? 0 : chance.below(6);
  const added = chance.happens(0.3) ? part(text, chance) : chance.pick(hostile);
  return text.slice(0, at) + added + text.slice(at + dropped);
}

/** Changes in a list of tokens or lines. `others`: those of another text. */
function damageList(list: readonly string[], others: readonly string[], chance: Chance): string[] {
  const changed = [...list];
  const i = chance.below(changed.length);
  const j = chance.below(changed.length);
  switch (chance.below(7)) {
    case 0:
      changed.splice(i, 1 + chance.below(3));
      break;
    case 1:
      changed.splice(i, 0, changed[i]!);
      break;
    case 2:
      [changed[i], changed[j]] = [changed[j]!, changed[i]!];
      break;
    case 3:
      changed[i] = changed[j]!;
      break;
    case 4:
      changed[i] = chance.pick(others);
      break;
    case 5:
      changed.splice(i, 0, chance.pick(others));
      break;
    default:
      changed.splice(i, 0, ...changed.slice(j, j + 1 + chance.below(5)));
  }
  return changed;
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

/** The beginning of one text and the end of another. */
function spliced(text: string, other: string, chance: Chance): string {
  const lines = linesOf(text);
  const rest = linesOf(other);
  return (
    lines.slice(0, chance.below(lines.length + 1)).join('') +
    rest.slice(chance.below(rest.length + 1)).join('')
  );
}

/** One mistake or a few, mostly in tokens. `other`: a text to take things from. */
export function damaged(text: string, other: string, chance: Chance): string {
  let result = text;
  for (let edits = chance.happens(0.4) ? 1 : 1 + chance.below(4); edits > 0; edits--) {
    const kind = chance.next();
    if (kind < 0.55) result = damageList(tokensOf(result), tokensOf(other), chance).join('');
    else if (kind < 0.75) result = damageList(linesOf(result), linesOf(other), chance).join('');
    else if (kind < 0.95) result = damageBytes(result, chance);
    else result = spliced(result, other, chance);
  }
  return result;
}

/** Names, numbers and comments that mean nothing to a machine and everything to a page, in the places that take any text. */
export function labelled(text: string, chance: Chance): string {
  const label = chance.pick(hostile.filter((each) => !/[\n\r]/.test(each)));
  return chance.happens(0.5)
    ? text.replace(/^(\w+ )(\S+)/, (_, word: string, name: string) => `${word}${name}${label}`)
    : text.replace(/;[ \t]*\n/, () => `; // ${label}\n`);
}
