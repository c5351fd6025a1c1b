/**
 * Random sentences of an ohm grammar: whatever a rule lets through, however odd.
 *
 * Walks the grammar's recipe, which is plain data, as ohm writes it for its own loader. Lookaheads are not obeyed: a sentence may be
 * one letter away from what the grammar takes, which is as good. Names and numbers come from a vocabulary, for random letters
 * would never be declared twice.
 */
import type { Grammar } from 'ohm-js';
import type { Chance } from './chance.js';

/** `["seq", {}, ...]` and so on: kind, meta data, parts. */
type Expression = readonly [kind: string, meta: unknown, ...parts: unknown[]];

interface Rule {
  readonly formals: readonly string[];
  readonly body: Expression;
}

/** What stands for a rule instead of what its body says. */
export type Vocabulary = Readonly<Record<string, readonly string[]>>;

export interface Language {
  readonly rules: ReadonlyMap<string, Rule>;
  readonly vocabulary: Vocabulary;
  /** Written between the parts of a rule that skips spaces. */
  readonly separator: string;
}

/** ohm's own rules, as far as our grammars use them. */
const builtIn: Readonly<Record<string, readonly string[]>> = {
  letter: ['a', 'x', 'Q'],
  lower: ['a', 'z'],
  upper: ['A', 'Z'],
  digit: ['0', '1', '9'],
  hexDigit: ['0', 'a', 'F'],
  alnum: ['a', '7'],
  space: [' ', '\n'],
  spaces: ['', ' '],
  any: ['a', ' ', '(', '1', '*', ';', '\u00e9', '"'],
  end: [''],
};

export function languageOf(grammar: Grammar, vocabulary: Vocabulary, separator = ' '): Language {
  const recipe = JSON.parse((grammar as unknown as { toRecipe(): string }).toRecipe()) as readonly [
    ...unknown[],
    Readonly<Record<string, readonly [unknown, unknown, unknown, readonly string[], Expression]>>,
  ];
  const defined = recipe[5] as Readonly<
    Record<string, readonly [unknown, unknown, unknown, readonly string[], Expression]>
  >;
  const rules = new Map(
    Object.entries(defined).map(([name, [, , , formals, body]]) => [name, { formals, body }]),
  );
  return { rules, vocabulary, separator };
}

/** Deeper rules take their shortest way out, as far as one is to be seen. */
const DEEP = 14;
/** Deeper ones are cut off. */
const DEEPEST = 60;

type Environment = readonly Expression[];

class Writer {
  /** Applications that may still be made; what is written then ends quickly. */
  private fuel: number;

  constructor(
    private readonly language: Language,
    private readonly chance: Chance,
    size: number,
  ) {
    this.fuel = size;
  }

  apply(name: string, given: readonly Expression[], depth: number): string {
    if (depth > DEEPEST) return '';
    this.fuel--;
    const words = this.language.vocabulary[name];
    if (words !== undefined && this.chance.happens(0.97)) return this.chance.pick(words);
    const list = /^(Nonempty|nonempty|Empty|empty)?[Ll]istOf$/.exec(name);
    if (list !== null) return this.listOf(given, list[1] === undefined, depth);
    if (name === 'caseInsensitive') return this.write(given[0]!, given, depth, '');
    const rule = this.language.rules.get(name);
    if (rule === undefined) return this.chance.pick(builtIn[name] ?? ['']);
    return this.write(rule.body, given, depth + 1, this.separatorOf(name));
  }

  /** Rules that begin with a capital skip spaces. */
  private separatorOf(name: string): string {
    return /^[A-Z]/.test(name) ? this.language.separator : '';
  }

  private listOf([item, separator]: readonly Expression[], mayBeEmpty: boolean, depth: number): string {
    const count = this.times(mayBeEmpty ? 0 : 1, depth);
    const parts: string[] = [];
    for (let i = 0; i < count; i++) {
      if (i > 0) parts.push(this.write(separator!, [], depth, ''));
      parts.push(this.write(item!, [], depth, ''));
    }
    return parts.join(' ');
  }

  private times(least: number, depth: number): number {
    let count = least;
    while (count < 12 && depth < DEEP && this.fuel > 0 && this.chance.happens(0.5)) count++;
    return count;
  }

  private write(
    [kind, , ...parts]: Expression,
    environment: Environment,
    depth: number,
    separator: string,
  ): string {
    const [first] = parts as [Expression];
    const inner = (expression: Expression) => this.write(expression, environment, depth, separator);
    switch (kind) {
      case 'terminal':
        return String(parts[0]);
      case 'range': {
        const [from, to] = (parts as [string, string]).map((text) => text.codePointAt(0)!) as [
          number,
          number,
        ];
        return String.fromCodePoint(from + this.chance.below(to - from + 1));
      }
      case 'param':
        return this.write(environment[Number(parts[0])]!, [], depth, separator);
      case 'alt':
        return inner(this.choose(parts as Expression[], depth));
      case 'seq':
        return (parts as Expression[])
          .map(inner)
          .filter((text) => text !== '')
          .join(separator);
      case 'star':
      case 'plus':
        return Array.from({ length: this.times(kind === 'plus' ? 1 : 0, depth) }, () => inner(first)).join(
          separator,
        );
      case 'opt':
        return depth < DEEP && this.fuel > 0 && this.chance.happens(0.4) ? inner(first) : '';
      case 'lex':
        return this.write(first, environment, depth, '');
      case 'not':
      case 'lookahead':
        return '';
      case 'app': {
        const [name, given] = parts as [string, (readonly Expression[])?];
        const filled = (given ?? []).map((part) =>
          part[0] === 'param' ? environment[Number(part[2])]! : part,
        );
        return this.apply(name, filled, depth);
      }
      default:
        return this.chance.pick(builtIn.any!);
    }
  }

  /** Any alternative; in the depth, one that has the fewest parts. */
  private choose(alternatives: readonly Expression[], depth: number): Expression {
    if (depth < DEEP && this.fuel > 0) return this.chance.pick(alternatives);
    const size = (expression: Expression): number =>
      expression[0] === 'terminal' ? 0 : this.weightOf(expression, 0);
    const least = Math.min(...alternatives.map(size));
    return this.chance.pick(alternatives.filter((expression) => size(expression) === least));
  }

  private weightOf(expression: Expression, depth: number): number {
    if (depth > 4) return 50;
    const [kind, , ...parts] = expression;
    if (kind === 'app') {
      const name = String(parts[0]);
      if (this.language.vocabulary[name] !== undefined) return 1;
      const rule = this.language.rules.get(name);
      return rule === undefined ? 1 : 1 + this.weightOf(rule.body, depth + 1);
    }
    if (kind === 'seq')
      return (parts as Expression[]).reduce((sum, part) => sum + this.weightOf(part, depth + 1), 0);
    if (kind === 'alt') return Math.min(...(parts as Expression[]).map((part) => this.weightOf(part, depth)));
    if (kind === 'plus' || kind === 'lex') return this.weightOf(parts[0] as Expression, depth);
    return 0;
  }
}

/** A sentence of the rule. `size`: about how many rules are applied. */
export function sentence(language: Language, rule: string, chance: Chance, size: number): string {
  return new Writer(language, chance, size).apply(rule, [], 0);
}
