/**
 * Sentences about an execution as Markdown: statements, instructions and the names of memory in backticks, all else safe from being
 * taken for markup, lines not too long for a mail.
 */
import { contentOf, instructionOf, statementOf } from '../explain/speech.js';
import type { Execution } from '../search/execution.js';
import { plain } from './markdown.js';

/** Makes Markdown of the sentences about one execution. */
export function sentenceMarker(execution: Execution): (text: string) => string {
  const written = new Map<string, string>();
  for (const event of execution.events) {
    const { location } = event;
    addCode(written, statementOf(event));
    const bracketed = [instructionOf(event).trim(), ...event.tags.map((tag) => `[${tag}]`)];
    for (const text of bracketed) if (text !== '') written.set(text, `(\`${text.slice(1, -1)}\`)`);
    // a location may have the name of an English word
    if (location === null || /^[A-Za-z]*$/.test(location.name)) continue;
    addCode(written, location.name);
    addCode(written, contentOf(event));
  }
  const longestFirst = [...written.keys()].sort((a, b) => b.length - a.length).map(escapePattern);
  const pattern = new RegExp(
    `(?<![\\w>.:])(?:${[...longestFirst, FINAL, ADDRESS, IDENTIFIER].join('|')})(?!\\w|->)`,
    'gu',
  );
  const mark = (text: string): string =>
    text.replace(pattern, (found) => written.get(found) ?? `\`${found}\``);
  return (text) => {
    const parts = text.split(/(`[^`]*`)/);
    return capital(plain(parts.map((part, at) => (at % 2 === 1 ? part : mark(part))).join('')));
  };
}

/** `1:r0=2` and `&lock`. */
const FINAL = '\\d+:[A-Za-z_]\\w*=[-&\\w]+';
const ADDRESS = '&[A-Za-z_]\\w*';

/** What no English word is: `smp_wmb()`, `kfree_rcu`. */
const IDENTIFIER = '[A-Za-z_]\\w*_\\w*(?:\\(\\))?|[A-Za-z_]\\w*\\(\\)';

function addCode(written: Map<string, string>, text: string): void {
  if (text !== '' && !text.includes('`')) written.set(text, `\`${text}\``);
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
