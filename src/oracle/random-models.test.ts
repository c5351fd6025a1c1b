/** What comes out of the generators of models: every text compiles, and every kind of thing occurs that the search treats on its own. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CompiledModel } from '../model/dag.js';
import type { Dialect } from '../program/ir.js';
import { planFor } from '../search/plan-for.js';
import { compileText } from './agreement.js';
import { growingNodes } from './growing-nodes.js';
import { randomChoosingModelText, randomModelText } from './random-models.js';
import { orderingFor } from './reference-choices.js';

const RUNS = 70;

interface Sample {
  readonly text: string;
  readonly model: CompiledModel;
}

function sample(dialect: Dialect): readonly Sample[] {
  const texts = (arbitrary: fc.Arbitrary<string>) =>
    fc.sample(fc.noBias(arbitrary), { numRuns: RUNS, seed: 11 });
  return [...texts(randomModelText(dialect)), ...texts(randomChoosingModelText(dialect))].map((text) => ({
    text,
    model: compileText(text, dialect),
  }));
}

const has =
  (pattern: RegExp) =>
  ({ text }: Sample): boolean =>
    pattern.test(text);

/** What must occur, in one model of so many at most. */
const kinds: readonly [string, number, (sample: Sample) => boolean][] = [
  ['coherent', 6, ({ model }) => planFor(model).recognised.coherent],
  ['more than coherent', 40, ({ model }) => hasUnsatisfied(model)],
  ['almost coherent', 6, has(/as similar/)],
  ['atomic', 12, ({ model }) => planFor(model).recognised.atomicity === 'other-threads'],
  ['fully atomic', 30, ({ model }) => planFor(model).recognised.atomicity === 'all'],
  ['almost atomic', 6, has(/as (half|other-half|some|no|two)-?(atomicity)?$/m)],
  ['flags', 4, ({ model }) => model.checks.some((check) => check.flag)],
  ['negated flags', 20, ({ model }) => model.checks.some((check) => check.flag && check.negated)],
  ['negated checks', 6, ({ model }) => model.checks.some((check) => check.negated && !check.flag)],
  [
    'checks that do not grow',
    4,
    ({ model }) => model.checks.some((c) => !growingNodes(planFor(model)).has(c.node)),
  ],
  ['undefined_unless', 20, has(/undefined_unless/)],
  ['difference of what is dynamic', 6, has(/(rf|co|fr)\w*\)* \\/)],
  ['a complement under a closure', 12, has(/~.*\)[+*]/)],
  ['recursion', 4, ({ model }) => model.groups.length > 0],
  ['recursion with a difference', 20, has(/let rec .*\\/)],
  ['members that subtract each other', 20, has(/let rec free/)],
  ['sets and differences of them', 6, has(/\b(domain|range)\(/)],
  ['values', 6, has(/different-value/)],
  ['final writes', 6, has(/\bFW\b|\bco0\b/)],
  ['computed values', 6, ({ model }) => model.computations.length > 0],
  ['choices', 3, ({ model }) => model.choices.length > 0],
  ['linear extensions', 30, has(/with c from linearisations/)],
  ['cross products', 30, has(/with c from cross/)],
  ['chosen sets', 12, has(/with s from/)],
  ['own coherence', 30, ({ model }) => orderingFor(model) === 'none'],
  ['own coherence by last writes', 12, ({ model }) => orderingFor(model) === 'last'],
];

function hasUnsatisfied(model: CompiledModel): boolean {
  const { coherent, satisfied } = planFor(model).recognised;
  return coherent && ![...satisfied].some(({ kind }) => kind === 'acyclic');
}

test.each<Dialect>(['lkmm', 'arm64', 'x86'])('random models of %s programs are of every kind', (dialect) => {
  const samples = sample(dialect);
  const counts = kinds.map(([name, rarity, is]) => ({ name, rarity, found: samples.filter(is).length }));
  const rare = counts.filter(({ rarity, found }) => found * rarity < samples.length);
  expect(rare).toEqual([]);
});
