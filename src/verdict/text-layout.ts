/** Text in columns: widths as a terminal shows them, padding, wrapping. */
import { eastAsianWidth } from 'get-east-asian-width';

const ascii = /^[\x20-\x7e]*$/;
const invisible = /^[\p{Mark}\p{Control}\p{Format}]$/u;

/** Terminal columns that a text takes: wide characters count two, combining ones none. No escape sequences. */
export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text)
    if (!invisible.test(character)) width += eastAsianWidth(character.codePointAt(0) ?? 0);
  return width;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Words joined by blanks into lines of at most `width` columns; a longer word has a line of its own. */
export function wrapWords(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A word, or several: a call with its arguments, and what it is assigned to, as in `r0 = READ_ONCE(*x)`. */
const proseWord = /(?:(?:\S+ = )?\w+\((?:[^()]|\([^()]*\))*\)|\S)+/g;

/** The words of a sentence, with each call in it kept whole where it fits in a line of `width`. */
export function proseWords(text: string, width: number): string[] {
  const words = text.match(proseWord) ?? [];
  return words.flatMap((word) => (displayWidth(word) > width ? word.split(' ') : [word]));
}

/** A sentence in lines of at most `width` columns, of which none ends within a call that fits in one. */
export function wrapProse(text: string, width: number): string[] {
  return wrapWords(proseWords(text, width), width);
}
