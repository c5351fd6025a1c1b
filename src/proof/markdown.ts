/** The pieces of a Markdown document. Nothing in it is escaped but what stands between the pieces' own marks. */
import { visible } from '../text/visible.js';

/** Text as it is, in a fence that it does not contain. */
export function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(2, ticksIn(text)) + 1);
  return `${fence}${language}\n${visible(text.trimEnd())}\n${fence}`;
}

/** A source text with the numbers of its lines, which places such as `P0:12` refer to. */
export function numbered(text: string): string {
  const lines = text.trimEnd().split(/\r?\n/);
  const width = String(lines.length).length;
  return lines.map((line, at) => `${String(at + 1).padStart(width)}  ${line}`.trimEnd()).join('\n');
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => wrap(item, '- ')).join('\n');
}

export function steps(items: readonly string[]): string {
  return items.map((item, at) => wrap(item, `${at + 1}. `)).join('\n');
}

export function paragraph(...sentences: readonly (string | null)[]): string {
  return wrap(sentences.filter((sentence) => sentence !== null).join(' '), '');
}

/** The longest line of prose. Code is not broken, and may be longer. */
const WIDTH = 100;

/** Lines after the first are as far in as the first one's text. */
function wrap(text: string, first: string): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.match(/(?:`[^`]*`|\S)+/g) ?? []) {
    const isStart = line.trim() === first.trim() && line.length <= first.length;
    if (!isStart && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(first.length) + word;
    } else line = isStart ? line + word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

/** The longest run of backticks. */
function ticksIn(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
}

/** Text as code in a line, between backticks that it does not contain. */
export function code(text: string): string {
  if (!text.includes('`')) return `\`${text}\``;
  const ticks = '`'.repeat(ticksIn(text) + 1);
  return `${ticks} ${text} ${ticks}`;
}

/** Code between single backticks, as Markdown reads it: backticks in a row belong together. */
const span = /((?<!`)`(?!`)[^`]+(?<!`)`(?!`))/;

/** Text with characters that Markdown would take for its own. Code in backticks stays as it is. */
export function plain(text: string): string {
  return visible(text)
    .split(span)
    .map((part, at) => (at % 2 === 1 ? part : part.replace(/[\\*_<[\]`]/g, '\\$&')))
    .join('');
}

/** The pieces that are there, with a blank line between. */
export function sections(pieces: readonly (string | null)[]): string {
  return `${pieces.filter((piece) => piece !== null && piece !== '').join('\n\n')}\n`;
}

/** `6,912` */
export function number(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 candidate`, `6,912 candidates` */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}
