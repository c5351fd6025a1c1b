/**
 * A derivation unfolded for a reader, line by line: the model's definitions, each with what it rests on further in, down to
 * facts of the execution, the sets that the model tested for, and what it asked not to be.
 */
import { edgeOfFact } from './cycle.js';
import type { Derivation } from './derive.js';
import { sentenceFor } from './sentences.js';
import type { Speech } from './speech.js';

/** A line, and what it rests on. */
export interface Unfolding {
  readonly text: string;
  readonly parts: readonly Unfolding[];
}

/** What a derivation says, with what unfolds below it. Parts without a name of their own stand in their parent's place. */
export function unfold(derivation: Derivation, speech: Speech): Unfolding[] {
  const exact: Speech = { ...speech, place: speech.event, name: speech.event };
  return linesOf(derivation, exact);
}

/** The lines, two columns further in for each definition; what is below `depth` definitions is left out. */
export function unfoldingText(unfoldings: readonly Unfolding[], depth: number): string[] {
  if (depth <= 0) return [];
  return unfoldings.flatMap(({ text, parts }) => {
    const below = unfoldingText(parts, depth - 1).map((line) => `  ${line}`);
    return [below.length > 0 ? `${text}, because` : text, ...below];
  });
}

function linesOf(derivation: Derivation, speech: Speech): Unfolding[] {
  const { name, rule } = derivation;
  const all = derivation.parts.flatMap((part) => linesOf(part, speech));
  // where two definitions meet at an event, both may ask the same of it
  const parts = all.filter((line, at) => at === 0 || !isSameFact(line, all[at - 1]!));
  if (rule === 'same') return [];
  if (rule === 'test') {
    const text = testText(derivation, speech);
    return name === null ? [{ text, parts: [] }, ...parts] : [{ text, parts }];
  }
  const text = ownText(derivation, speech);
  if (text !== null) return [{ text, parts }];
  if (name === null) return parts;
  const [from, to] = [speech.event(derivation.from), speech.event(derivation.to)];
  return [{ text: `\`${name}\` from ${from} to ${to}`, parts }];
}

function isSameFact(line: Unfolding, other: Unfolding): boolean {
  return line.text === other.text && line.parts.length === 0 && other.parts.length === 0;
}

/** `P0:12 is in \`Marked\` (Once)`. */
function testText({ from, name, sets }: Derivation, speech: Speech): string {
  const event = speech.event(from);
  if (name === null || sets.includes(name))
    return sets.length === 0 ? `${event} is as asked for` : `${event} is in ${sets.map(quote).join(', ')}`;
  return `${event} is in \`${name}\`${sets.length === 0 ? '' : ` (${sets.join(', ')})`}`;
}

/** Of leaves; null of what only its parts tell. */
function ownText({ rule, fact, from, to, name, parts }: Derivation, speech: Speech): string | null {
  const [a, b] = [speech.event(from), speech.event(to)];
  switch (rule) {
    case 'fact':
      return fact === null ? null : `${sentenceFor(edgeOfFact(fact, from, to), speech)} (\`${fact}\`)`;
    case 'absence':
      return from === to
        ? `${a} is not in ${name === null ? 'what is left out' : quote(name)}`
        : `${a} is not related to ${b} by ${name === null ? 'what is left out' : quote(name)}`;
    case 'unexplained':
      return `${name === null ? 'the model' : quote(name)} relates ${a} and ${b}, by a recursion that is not unfolded`;
    case 'ends':
      return name === null && parts.length === 0 ? `any two events are related, ${a} and ${b} as well` : null;
    case 'test':
    case 'same':
    case 'sequence':
    case 'either':
    case 'both':
    case 'except':
    case 'reverse':
      return null;
  }
}

function quote(name: string): string {
  return `\`${name}\``;
}
