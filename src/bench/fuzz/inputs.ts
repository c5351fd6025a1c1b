/**
 * The nth input of a fuzz run: a text in one of the languages that are read, made of a seed alone.
 *
 * A half are real texts with mistakes, the rest are sentences of the grammars in a frame that makes them tests, some of them with
 * mistakes, too.
 */
import fc from 'fast-check';
import { grammar as assemblyGrammar } from '../../../grammar/assembly.ohm';
import { grammar as catGrammar } from '../../../grammar/cat.ohm';
import { grammar as conditionGrammar } from '../../../grammar/condition.ohm';
import { grammar as cGrammar } from '../../../grammar/litmus-c.ohm';
import { grammar as macroGrammar } from '../../../grammar/macros.ohm';
import { grammar as sketchGrammar } from '../../../grammar/sketch.ohm';
import { randomChoosingModelText, randomModelText } from '../../oracle/random-models.js';
import { Chance, subSeed } from './chance.js';
import { damaged, labelled } from './damage.js';
import { type Language, languageOf, sentence } from './grammar-sentences.js';
import { assemblyWords, catWords, conditionWords, cTokens, macroWords, sketchWords } from './seeds.js';

export const fuzzKinds = [
  'c',
  'sketch',
  'arm64',
  'x86',
  'cat',
  'bell',
  'def',
  'cfg',
  'config',
  'baseline',
  'log',
] as const;
export type FuzzKind = (typeof fuzzKinds)[number];

/** Real texts of each kind; plain data. */
export type Corpus = Readonly<Record<FuzzKind, readonly string[]>>;

export interface FuzzInput {
  readonly kind: FuzzKind;
  readonly text: string;
  /** How it came about. */
  readonly origin: 'corpus' | 'damaged' | 'grammar';
}

const conditions = languageOf(conditionGrammar, conditionWords);
const c = languageOf(cGrammar, {});
const sketch = languageOf(sketchGrammar, sketchWords);
const arm64 = languageOf(assemblyGrammar, assemblyWords.arm64);
const x86 = languageOf(assemblyGrammar, assemblyWords.x86);
const cat = languageOf(catGrammar, catWords);
const macros = languageOf(macroGrammar, macroWords);

/** Characters of the C grammar as C. */
function inC(codes: string, chance: Chance): string {
  let text = '';
  for (const code of codes) {
    const words = cTokens[code];
    if (words !== undefined) text += `${chance.pick(words)} `;
    else if (/[a-z]/.test(code)) text += `${chance.pick(cTokens.a!)} `;
    else text += /[;{}]/.test(code) ? `${code}\n` : code;
  }
  return text;
}

function cCode(rule: string, chance: Chance, size: number): string {
  return inC(sentence(c, rule, chance, size), chance);
}

const parameters = 'int *x, int *y, spinlock_t *l, struct task_struct *p';

function cThread(index: number, chance: Chance): string {
  const statements = Array.from({ length: 1 + chance.below(4) }, () => cCode('statement', chance, 40));
  return `P${index}(${parameters})\n{\nint r0; int r1;\n${statements.join('\n')}\n}\n`;
}

function cTest(chance: Chance): string {
  const definitions = chance.happens(0.3) ? cCode('code', chance, 120) : '';
  const threads = Array.from({ length: 1 + chance.below(3) }, (_, i) => cThread(i, chance));
  return `C t\n${definitions}${frame(chance, threads.join('\n'))}`;
}

/** Init block and condition around the threads. */
function frame(chance: Chance, threads: string): string {
  const init = chance.happens(0.5) ? '{ }' : sentence(conditions, 'Init', chance, 20);
  const block = /^\s*\{/.test(init) ? init : `{ ${init} }`;
  const simple = chance.pick(['exists (x=1)', 'forall (0:r0=0)', '~exists (x=0 /\\ y=1)']);
  return `${block}\n${threads}\n${chance.happens(0.6) ? simple : sentence(conditions, 'Tail', chance, 40)}\n`;
}

function sketchTest(chance: Chance): string {
  const columns = 1 + chance.below(3);
  const row = (rule: string) =>
    Array.from({ length: columns }, (_, i) =>
      rule === 'Header' && chance.happens(0.8) ? `CPU${i}` : sentence(sketch, rule, chance, 20),
    ).join(' | ');
  const rows = Array.from({ length: 1 + chance.below(5) }, () => row('Cell'));
  return `Sketch t\n${frame(chance, `${[row('Header'), ...rows].join(' ;\n')} ;`)}`;
}

function assemblyTest(language: Language, dialect: string, chance: Chance): string {
  const columns = 1 + chance.below(3);
  const header = Array.from({ length: columns }, (_, i) => `P${i}`).join(' | ');
  const rows = Array.from({ length: 1 + chance.below(6) }, () =>
    Array.from({ length: columns }, () => sentence(language, 'Cell', chance, 25)).join(' | '),
  );
  return `${dialect} t\n${frame(chance, `${[header, ...rows].join(' ;\n')} ;`)}`;
}

/** A test's file begins with the name of its dialect. */
function randomModel(chance: Chance): string {
  const dialect = chance.pick(['lkmm', 'arm64', 'x86'] as const);
  const model = chance.happens(0.6) ? randomModelText(dialect) : randomChoosingModelText(dialect);
  return fc.sample(model, { seed: chance.below(2 ** 31), numRuns: 1 })[0]!;
}

function catText(chance: Chance): string {
  if (chance.happens(0.3)) return randomModel(chance);
  const statements = Array.from({ length: 1 + chance.below(8) }, () =>
    sentence(cat, 'Statement', chance, 50),
  );
  return `"m"\n${statements.join('\n')}\n`;
}

function fromGrammar(kind: FuzzKind, chance: Chance): string | null {
  switch (kind) {
    case 'c':
      return cTest(chance);
    case 'sketch':
      return sketchTest(chance);
    case 'arm64':
      return assemblyTest(arm64, 'AArch64', chance);
    case 'x86':
      return assemblyTest(x86, chance.pick(['X86_64', 'X86']), chance);
    case 'cat':
    case 'bell':
      return catText(chance);
    case 'def':
      return sentence(macros, 'File', chance, 80);
    case 'cfg':
    case 'config':
    case 'baseline':
    case 'log':
      return null;
  }
}

function make(kind: FuzzKind, corpus: Corpus, chance: Chance): FuzzInput {
  const texts = corpus[kind];
  const other = (): string => chance.pick(chance.happens(0.9) ? texts : corpus[chance.pick(fuzzKinds)]);
  const how = chance.next();
  const generated = how < 0.4 ? fromGrammar(kind, chance) : null;
  if (generated !== null) {
    const text = chance.happens(0.3) ? damaged(generated, other(), chance) : generated;
    return { kind, text, origin: 'grammar' };
  }
  const text = chance.pick(texts);
  if (how > 0.97) return { kind, text, origin: 'corpus' };
  if (how > 0.92) return { kind, text: labelled(text, chance), origin: 'damaged' };
  return { kind, text: damaged(text, other(), chance), origin: 'damaged' };
}

/** The input with this number; the same for the same seed, kinds and corpus. */
export function fuzzInput(
  seed: number,
  index: number,
  kinds: readonly FuzzKind[],
  corpus: Corpus,
): FuzzInput {
  return make(kinds[index % kinds.length]!, corpus, new Chance(subSeed(seed, index)));
}
