/** What is left of a check once communication is taken out, and what that says, on random values of po, rf, co and the other names. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { NodeType } from '../model/dag.js';
import { evaluateModel } from '../model/evaluate.js';
import { compileText } from '../oracle/agreement.js';
import { randomModelText } from '../oracle/random-models.js';
import { type RandomWorld, randomWorld } from '../oracle/random-worlds.js';
import * as ops from '../relation/operators.js';
import { EventSet, Relation } from '../relation/relation.js';
import { Communication, Harmless } from './check-bounds.js';
import { Intervals } from './intervals.js';
import { planFor } from './plan-for.js';
import type { Bounds } from './shared-values.js';

/** Base relations that a random model need not name. */
const NAMED = 'acyclic po-loc | rf | co | fr as coherence';
const FIRST = 1;
const ACTUAL = 2;
const LAST = 4;

/** (po-loc | rf | co | fr)+ at one place of the chains, fr only where it is asked for. */
function communication({ chainOf }: RandomWorld, place: number, withReads: boolean): Relation {
  const at = (name: string) => chainOf(name)[place] as Relation;
  const [rf, co] = [at('rf'), at('co')];
  const parts = [ops.intersection(at('po'), at('loc')), rf, co];
  if (withReads) parts.push(ops.compose(ops.inverse(rf), co));
  return ops.transitiveClosure(parts.reduce((all, part) => ops.union(all, part)));
}

const totals = { taken: 0, left: 0, coherent: 0, silent: 0 };

/** Of each acyclicity check: how many parts are left. */
function partsLeft(text: string, n: number, seed: number): number[] {
  const model = compileText(`${text}\n${NAMED}`, 'lkmm');
  const world = randomWorld(model, n, seed);
  const plan = planFor(model);
  const of = (name: string) => ({ lo: world.chainOf(name)[FIRST], hi: world.chainOf(name)[LAST] });
  const intervals = new Intervals(plan, plan.strata.resolved, { n, of }, true);
  const certain = communication(world, FIRST, false);
  const found = new Communication(model, intervals, certain);
  const harmless = new Harmless(n, certain);
  const evaluation = evaluateModel(model, world.environment);
  const all = communication(world, ACTUAL, true);
  const checks = model.checks.filter(({ kind, negated }) => kind === 'acyclic' && !negated);
  return checks.map(({ node }) => {
    const rest = found.rest(node);
    const actual = evaluation.value(node) as Relation;
    const parts = rest.map((part) => evaluation.value(part) as Relation);
    const covered = parts.reduce((sum, part) => ops.union(sum, part), all);
    expect(ops.isSubset(actual, covered)).toBe(true);
    totals[rest.length === 0 ? 'taken' : 'left']++;
    if (ops.isAcyclic(all)) {
      totals.coherent++;
      const upper = intervals.of(node).hi as Relation;
      const isSilent = harmless.hasNoCycle(
        upper,
        rest.map((part) => intervals.of(part).hi),
      );
      if (isSilent && !ops.isAcyclic(upper)) totals.silent++;
      if (isSilent) expect(ops.isAcyclic(actual)).toBe(true);
    }
    return rest.length;
  });
}

test.each<[string, number]>([
  ['acyclic rf | co | fr', 0],
  ['acyclic rfe | (coe ; rfi)', 0],
  ['acyclic ((fr & ext)? ; rf?) \\ id', 0],
  ['acyclic (((co | fr) & ext)? ; rfe?) & ext | rfe', 1],
  ['acyclic [R] ; ((co? ; rfe) | fr) ; [W]', 0],
  ['acyclic (rf ; co*) & int', 0],
  ['acyclic (rf | fr)+ | ctrl', 1],
  ['acyclic [R] ; (ctrl | rf) ; [W] | data', 2],
  ['acyclic rf* | co', 1],
  ['acyclic rf^-1 | co', 1],
  ['acyclic (co | rf) \\ rf', 0],
  ['acyclic (co? \\ rf) | rf', 1],
  ['acyclic rf ; rf^-1', 1],
])('%s', (text, left) => {
  // of sparse values, less may be left
  const found = Array.from({ length: 20 }, (_, seed) => partsLeft(text, 4 + (seed % 3), seed)[0]!);
  expect(Math.max(...found)).toBe(left);
});

/** Bounds of a model over events that take two words: `data` is this and `rf` anything, all else is empty. */
function restOf(text: string, pairs: readonly (readonly [number, number])[], set: readonly number[]): number {
  const n = 40;
  const [none, all] = [new Relation(n), ops.complement(new Relation(n))];
  const data = new Relation(n);
  for (const [from, to] of pairs) data.add(from, to);
  const events = EventSet.of(n, set);
  const of = (name: string, type: NodeType): Bounds => {
    if (type === 'set') return { lo: events, hi: events };
    if (name === 'data') return { lo: data, hi: data };
    return name === 'rf' ? { lo: none, hi: all } : { lo: none, hi: none };
  };
  const model = compileText(`${text}\n${NAMED}`, 'lkmm');
  const plan = planFor(model);
  const intervals = new Intervals(plan, plan.strata.resolved, { n, of }, true);
  return new Communication(model, intervals, none).rest(model.checks[0]!.node).length;
}

test.each<[string, readonly (readonly [number, number])[], readonly number[], number]>([
  ['acyclic data ; rf', [[33, 33]], [], 0],
  ['acyclic data ; rf', [[33, 35]], [], 1],
  ['acyclic data ; rf', [[3, 35]], [], 1],
  ['acyclic data ; rf', [[33, 1]], [], 1],
  ['acyclic rf ; data', [[33, 35]], [], 1],
  [
    'acyclic rf ; data',
    [
      [5, 5],
      [37, 37],
    ],
    [],
    0,
  ],
  ['acyclic [W] ; rf', [], [3, 35], 0],
  ['acyclic rf ; [W]', [], [32, 39], 0],
])('%s with %j and %j', (text, pairs, set, left) => {
  expect(restOf(text, pairs, set)).toBe(left);
});

test('random models', () => {
  fc.assert(
    fc.property(
      fc.noBias(randomModelText('lkmm')),
      fc.nat({ max: 2 ** 30 }),
      fc.integer({ min: 3, max: 6 }),
      (text, seed, n) => {
        fc.pre(!/rec |with |call/.test(text));
        partsLeft(text, n, seed);
      },
    ),
    { seed: 41, numRuns: 300 },
  );
});

afterAll(() => {
  expect(totals.taken).toBeGreaterThan(300);
  expect(totals.left).toBeGreaterThan(200);
  expect(totals.coherent).toBeGreaterThan(50);
  expect(totals.silent).toBeGreaterThan(10);
});
