/** An explanation as text for people: a headline, numbered sentences, and what follows from them. */
import type { Check } from '../model/dag.js';
import { positionAt } from '../text/source.js';
import { type Unfolding, unfold, unfoldingText } from './derivation-text.js';
import type { Derivation } from './derive.js';
import type {
  Argument,
  Explanation,
  FlagExplanation,
  OutcomeExplanation,
  Sentence,
  Story,
} from './explanation.js';
import { type Speech, speechOf } from './speech.js';

export interface ExplanationTextOptions {
  /** How many definitions deep each step is unfolded; 0: not at all. */
  readonly depth: number;
  /** Columns of a line. */
  readonly width: number;
}

export const defaultTextOptions: ExplanationTextOptions = { depth: 0, width: 100 };

/** Lines, each with its end. */
export function explanationText(
  explanation: Explanation,
  options: ExplanationTextOptions = defaultTextOptions,
): string {
  const lines = [headline(explanation), ...new Renderer(explanation, options).body()];
  return `${lines.join('\n')}\n`;
}

/** `blocked-on-vs-state under x86: forbidden: 1:r0=1 /\ 1:r1=0`. */
function headline({ test, model, outcome, explained }: Explanation): string {
  const words = {
    allowed: 'allowed',
    forbidden: 'forbidden',
    impossible: 'impossible',
    deadlock: 'deadlock',
    unknown: 'unknown',
  };
  return `${test} under ${model}: ${words[explained.kind]}: ${outcome}`;
}

/** `\`happens-before\` (lkmm.cat:184)`. */
export function checkText({ name, span }: Check): string {
  if (span === null) return `\`${name}\``;
  return `\`${name}\` (${span.file.name}:${positionAt(span.file, span.start).line})`;
}

/** What an argument's sentences come to. */
export function conclusionOf(argument: Argument, speech: Speech): string {
  const { check, cycle } = argument;
  const axiom = checkText(check);
  const first = cycle.events[0];
  switch (cycle.shape) {
    case 'cycle':
      if (first === undefined) return `Therefore it is refused by ${axiom}.`;
      return `Therefore ${absurdity(argument, speech.place(first))}: a cycle, which ${axiom} forbids.`;
    case 'pair':
      return `Therefore it is refused by ${axiom}: these may not all hold.`;
    case 'event':
      return `Therefore it is refused by ${axiom}: there may be no ${first === undefined ? 'such event' : `event such as ${speech.place(first)}`}.`;
    case 'absence':
      return `It is refused by ${axiom}, which asks for something that it has not.`;
  }
}

/** What a cycle comes to. A section is in it from its end to its beginning, and grace periods make up for that. */
function absurdity({ cycle }: Argument, first: string): string {
  const sections = cycle.edges.filter(({ kind, reversed }) => kind === 'section' && reversed).length;
  if (sections === 0) return `${first} would come before itself`;
  if (sections === 1)
    return 'a read-side critical section would begin before a grace period and end after it';
  return 'read-side critical sections would outlast as many grace periods';
}

type Forbidden = Extract<OutcomeExplanation, { kind: 'forbidden' }>;

/** A limit, and what raises it. */
function limitText(limit: string): string {
  return limit.startsWith('unroll bound') ? `${limit}; --unroll raises it` : limit;
}

class Renderer {
  constructor(
    private readonly explanation: Explanation,
    private readonly options: ExplanationTextOptions,
  ) {}

  body(): string[] {
    const { explained, flags } = this.explanation;
    const flagLines = flags.flatMap((flag) => this.flag(flag));
    switch (explained.kind) {
      case 'allowed':
        return [...this.story(explained.story), ...flagLines];
      case 'forbidden':
        return [...this.forbidden(explained), ...flagLines];
      case 'impossible':
      case 'deadlock':
        return [...this.remarks(explained.sentences, explained.limit), ...flagLines];
      case 'unknown':
        return ['', ...this.paragraph(`A limit was hit: ${limitText(explained.limit)}.`), ...flagLines];
    }
  }

  private forbidden({ arguments: given, more, limit }: Forbidden): string[] {
    const { model } = this.explanation;
    const none = `No execution that ${model} allows ends so.`;
    if (given.length === 0) {
      const why = `Why was not found out before a limit was hit: ${limitText(limit ?? 'unknown')}.`;
      return ['', ...this.paragraph(`${none} ${why}`)];
    }
    const hint = `--most ${2 * given.length}`;
    const lead =
      given.length === 1
        ? `Take one that would${more ? ` (there are arguments against others: ${hint})` : ''}:`
        : `${given.length} arguments, each against others that would${more ? ` (there are more: ${hint})` : ''}:`;
    return ['', ...this.paragraph(`${none} ${lead}`), ...given.flatMap((one, at) => this.argument(one, at))];
  }

  private remarks(sentences: readonly Sentence[], limit: string | null): string[] {
    const open = limit === null ? [] : [`Why was not found out before a limit was hit: ${limitText(limit)}.`];
    const texts = [...sentences.map(({ text }) => text), ...open];
    return ['', ...texts.flatMap((text) => this.wrap(text, '  - ', '    '))];
  }

  private argument(argument: Argument, index: number): string[] {
    const speech = speechOf(argument.execution);
    const another = index === 0 ? [] : ['', 'Another, in which these steps do not all hold:'];
    return [
      ...another,
      ...this.numbered(argument.sentences, speech),
      ...this.proof(argument, speech),
      ...this.paragraph(conclusionOf(argument, speech)),
    ];
  }

  /** What the steps come to in the model's terms; of an argument without steps, all that there is to say. */
  private proof({ cycle, sentences }: Argument, speech: Speech): string[] {
    const depth = sentences.length === 0 ? Math.max(this.options.depth, 2) : Math.min(this.options.depth, 1);
    const lines = this.unsaid(cycle.derivations, sentences, speech).flatMap((line) =>
      unfoldingText([line], depth),
    );
    if (lines.length === 0) return [];
    return [
      ...this.paragraph("In the model's terms:"),
      ...lines.flatMap((line) => this.unfolded(line, '  ')),
    ];
  }

  /** The lines of the derivations that are not those of the steps. */
  private unsaid(
    derivations: readonly Derivation[],
    sentences: readonly Sentence[],
    speech: Speech,
  ): Unfolding[] {
    const steps = sentences.flatMap(({ derivation }) =>
      derivation === null ? [] : unfold(derivation, speech),
    );
    const said = new Set(steps.map(({ text }) => text));
    return derivations
      .flatMap((derivation) => unfold(derivation, speech))
      .filter(({ text }) => !said.has(text));
  }

  private story(story: Story): string[] {
    const { model } = this.explanation;
    const lines = ['', ...this.paragraph(`An execution that ${model} allows, in an order of time:`)];
    lines.push(...this.numbered(story.sentences, speechOf(story.execution)));
    if (story.isInterleaving)
      lines.push('', ...this.paragraph('No order is missing: even interleaving the threads gives this.'));
    if (story.missing.length > 0)
      lines.push('', ...this.paragraph('What would have to be ordered, and is not:'));
    for (const { sentences } of story.missing) lines.push(...this.bullets(sentences));
    return lines;
  }

  private flag({ name, sentences }: FlagExplanation): string[] {
    return ['', ...this.paragraph(`Flag \`${name}\`:`), ...this.bullets(sentences)];
  }

  /** `  1. ...`, each with its derivation. */
  private numbered(sentences: readonly Sentence[], speech: Speech): string[] {
    const digits = String(sentences.length).length;
    return sentences.flatMap((sentence, at) => {
      const number = `  ${String(at + 1).padStart(digits)}. `;
      const indent = ' '.repeat(number.length);
      const lines = this.wrap(sentence.text, number, indent);
      if (sentence.derivation === null) return lines;
      const unfolding = unfoldingText(unfold(sentence.derivation, speech), this.options.depth);
      return [...lines, ...unfolding.flatMap((line) => this.unfolded(line, indent))];
    });
  }

  private unfolded(line: string, indent: string): string[] {
    const inner = line.match(/^ */)![0];
    return this.wrap(line.slice(inner.length), `${indent}${inner}`, `${indent}${inner}  `);
  }

  /** The first sentence, and what belongs to it further in. */
  private bullets(sentences: readonly Sentence[]): string[] {
    return sentences.flatMap(({ text }, at) =>
      at === 0 ? this.wrap(text, '  - ', '    ') : this.wrap(text, '    ', '    '),
    );
  }

  private paragraph(text: string): string[] {
    return this.wrap(text, '', '');
  }

  private wrap(text: string, first: string, rest: string): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ')) {
      const indent = lines.length === 0 ? first : rest;
      if (line !== '' && indent.length + line.length + 1 + word.length > this.options.width) {
        lines.push(indent + line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, (lines.length === 0 ? first : rest) + line];
  }
}
