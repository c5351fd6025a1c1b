/** The `//+ "..."` and `//- "..."` examples above the rules of every grammar are true. */
import { readdirSync, readFileSync } from 'node:fs';
import * as ohm from 'ohm-js';
import { extractExamples } from 'ohm-js/extras';
import { describe, expect, it } from 'vitest';
import { tokenizeC } from './c-tokens.js';

interface Example {
  readonly grammar: string;
  readonly rule: string;
  readonly example: string;
  readonly shouldMatch: boolean;
}

/** At least these many examples, so that none get lost unseen: positive and negative. */
const least: Readonly<Record<string, readonly [number, number]>> = {
  'assembly.ohm': [15, 10],
  'cat.ohm': [30, 20],
  'condition.ohm': [55, 25],
  'litmus-c.ohm': [75, 36],
  'macros.ohm': [28, 20],
  'sketch.ohm': [30, 12],
};

/** Rules of note: those that are syntactic (capitalised) and have alternatives or structure of their own. */
function rulesWithoutExamples(text: string, examples: readonly Example[]): string[] {
  const rules = [...text.matchAll(/^ {0,2}([A-Z]\w*)(?:\s*\([^()]*\))?\s*(?::=|=)/gm)].map((m) => m[1]!);
  const covered = new Set(examples.map((example) => example.rule));
  return rules.filter((rule) => !covered.has(rule));
}

const folder = new URL('../../grammar/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.ohm'));

/** What a grammar reads of an example: for kernel C, tokens. */
function inputOf(file: string, example: string): string {
  if (file !== 'litmus-c.ohm') return example;
  return tokenizeC(example, { start: 0, end: example.length }).codes;
}

describe.each(files)('%s', (file) => {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const grammar = ohm.grammar(text);
  const examples = extractExamples(text) as unknown as Example[];

  it('has examples, and they hold', () => {
    const wrong = examples.filter(
      ({ rule, example, shouldMatch }) =>
        grammar.match(inputOf(file, example), rule).succeeded() !== shouldMatch,
    );
    expect(wrong).toEqual([]);
    const positive = examples.filter((example) => example.shouldMatch).length;
    const [leastPositive, leastNegative] = least[file] ?? [1, 1];
    expect(positive).toBeGreaterThanOrEqual(leastPositive);
    expect(examples.length - positive).toBeGreaterThanOrEqual(leastNegative);
  });

  it('has examples for a third of its structured rules at least, and for its first rule', () => {
    const without = rulesWithoutExamples(text, examples);
    const covered = new Set(examples.map((example) => example.rule)).size;
    expect(covered).toBeGreaterThanOrEqual(Math.ceil(without.length / 2));
    expect(without).not.toContain((grammar as unknown as { defaultStartRule: string }).defaultStartRule);
  });
});

it('finds the grammars', () => {
  expect(files).toEqual(expect.arrayContaining(['condition.ohm', 'litmus-c.ohm', 'sketch.ohm']));
});
