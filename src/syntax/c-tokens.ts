/**
 * Splits kernel C into tokens, and writes each as one character: what the grammar (grammar/litmus-c.ohm) reads.
 *
 * Front of the C parser. A grammar over characters spends nearly all of its time on the letters of names and the spaces between
 * them. The alphabet: a symbol of one character is itself; small letters are names, by what they may begin; capitals are the words that
 * begin statements; `0` is a number and `'` a character constant; other symbols are in `symbols`. What is no token of C is `\ufffd`.
 */
import type { Range } from './layout.js';
import type { Tokens } from './section.js';

const OPERATOR = '@';
const OTHER = '\ufffd';

/** The grammar's characters for longer symbols. */
const symbols: ReadonlyMap<string, string> = new Map([
  ['->', '\u2192'],
  ['++', '#'],
  ['--', '#'],
  ['...', '\u2026'],
]);

const written: ReadonlyMap<string, string> = new Map([
  ['\u2192', '->'],
  ['#', '++'],
  ['\u2026', '...'],
  [OPERATOR, 'an operator'],
]);

/** What the grammar's characters stand for, as people write it. */
export function inWords(expected: readonly string[]): string[] {
  return expected.map((text) => written.get(text) ?? text);
}

/** Symbols that stand for themselves. The five operators are here which are more than that. */
const plain = new Set('(){}[],;:?.=*&+-!~');

function wordCodes(): Map<string, string> {
  const codes = new Map<string, string>();
  const add = (code: string, words: string): void => {
    for (const word of words.split(' ')) codes.set(word, code);
  };
  add('b', 'int long unsigned signed short char bool _Bool u8 u16 u32 u64 s8 s16 s32 s64 uint ulong');
  add('b', '__u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64');
  add('p', 'void');
  add('q', 'const volatile restrict');
  add('s', 'struct');
  add('n', 'enum');
  add('z', 'sizeof');
  const statements = 'if else while do for return break continue goto switch case default guard scoped_guard';
  'IEWDFRBCGSKLUV'.split('').forEach((code, i) => {
    add(code, statements.split(' ')[i]!);
  });
  return codes;
}

const words = wordCodes();

/** The code of a word: `t` for names that end as types do, `x` for the kernel's annotations, `a` for all others. */
function codeOfWord(word: string): string {
  const known = words.get(word);
  if (known !== undefined) return known;
  if (word.endsWith('_t')) return 't';
  return word.startsWith('__') ? 'x' : 'a';
}

const token =
  /\s+|([A-Za-z_]\w*)|(\d\w*)|('(?:\\\\|\\'|[^'])+')|(->|\+\+|--|\.\.\.)|([=!<>]=|&&|\|\||<<=|>>=|<<|>>|[-+*/%&|^]=|[<>/%|^])|([\s\S])/gy;

/** The tokens of `text` in a range. */
export function tokenizeC(text: string, { start, end }: Range): Tokens {
  const starts: number[] = [];
  const ends: number[] = [];
  let codes = '';
  const section = end === text.length ? text : text.slice(0, end);
  token.lastIndex = start;
  for (let m = token.exec(section); m !== null; m = token.exec(section)) {
    const [found, word, number, character, symbol, operator, other] = m;
    let code: string;
    if (word !== undefined) code = codeOfWord(word);
    else if (other !== undefined) code = plain.has(other) ? other : OTHER;
    else if (number !== undefined) code = '0';
    else if (operator !== undefined) code = OPERATOR;
    else if (symbol !== undefined) code = symbols.get(symbol)!;
    else if (character !== undefined) code = "'";
    else continue;
    codes += code;
    starts.push(m.index);
    ends.push(m.index + found.length);
  }
  return { codes, starts, ends };
}
