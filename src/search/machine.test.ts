/**
 * What is left of a model after folding, run as closures and as generated code, against the plain evaluation; and that bounds are bounds:
 * on random relations, of events that fit in a word and that do not.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { CompiledModel } from '../model/dag.js';
import { type Environment, type Evaluation, evaluateModel } from '../model/evaluate.js';
import { ModelEvaluationError } from '../model/evaluation-error.js';
import { compileText } from '../oracle/agreement.js';
import { randomModelText } from '../oracle/random-models.js';
import { dynamicNames, type RandomWorld, randomWorld } from '../oracle/random-worlds.js';
import { inverse, isEqual, isSubset } from '../relation/operators.js';
import { Relation } from '../relation/relation.js';
import { Intervals, KnownIntervals } from './intervals.js';
import { Machine } from './machine.js';
import { planFor } from './plan-for.js';
import { ResidualBuilder, type Sense } from './residual.js';
import { scheduleByStratum } from './schedule.js';
import type { Bounds } from './shared-values.js';

const senses: readonly Sense[] = ['exact', 'lo', 'hi'];
/** Where in a chain the value of a sense is. */
const placeOf = { lo: 1, exact: 2, hi: 3 } as const;

const totals = { values: 0, bounded: 0, wide: 0, generated: 0, endless: 0 };

function writeInputs(machine: Machine, { chainOf }: RandomWorld, used: ReadonlySet<string>): void {
  for (const sense of senses)
    for (const name of dynamicNames) {
      if (!used.has(name)) continue;
      const value = chainOf(name)[placeOf[sense]];
      if (value instanceof Relation) machine.relation(name, sense).bits.set(value.bits);
      else machine.set(name, sense).bits.set(value.bits);
      if (name === 'rf') machine.relation('rf^-1', sense).bits.set(inverse(value as Relation).bits);
    }
}

function evaluated(model: CompiledModel, environment: Environment): Evaluation | null {
  try {
    const evaluation = evaluateModel(model, environment);
    for (const { node } of model.checks) evaluation.value(node);
    return evaluation;
  } catch (error) {
    if (error instanceof ModelEvaluationError) return null;
    throw error;
  }
}

function expectBounds(text: string, n: number, seed: number): void {
  const model = compileText(text, 'lkmm');
  const world = randomWorld(model, n, seed);
  const evaluation = evaluated(model, world.environment);
  if (evaluation === null) {
    totals.endless++;
    return;
  }
  const plan = planFor(model);
  const strata = plan.strata.resolved;
  const of = (name: string): Bounds => {
    const [lo, , , , hi] = world.chainOf(name);
    return { lo, hi };
  };
  const builder = new ResidualBuilder(
    plan,
    strata,
    new Intervals(plan, strata, { n, of }, true, new KnownIntervals(n, true)),
  );
  const asked = model.checks.flatMap(({ node }) =>
    senses.map((sense) => ({ node, sense, residual: builder.of(node, sense) })),
  );
  const schedule = scheduleByStratum(
    asked.map(({ residual }) => residual),
    3,
    [],
  );
  const used = new Set(model.nodes.flatMap((node) => (node.op === 'base' ? [node.name] : [])));
  for (const isGenerated of [false, true]) {
    // nothing is left in the buffers of what ran before
    const machine = new Machine(n, model.computations, schedule);
    if (isGenerated && machine.generate()) totals.generated++;
    writeInputs(machine, world, used);
    for (const list of [0, 1, 2]) machine.run(list);
    for (const { node, sense, residual } of asked) {
      const [exact, value] = [evaluation.value(node), machine.value(residual)];
      totals.values++;
      if (sense === 'exact') expect(isEqual(value, exact)).toBe(true);
      else expect(sense === 'lo' ? isSubset(value, exact) : isSubset(exact, value)).toBe(true);
      if (sense === 'exact' || residual.stratum === 0) continue;
      totals.bounded++;
      if (!isEqual(value, exact)) totals.wide++;
    }
  }
}

describe.each([5, 32, 40, 70])('models on %i events', (n) => {
  test('are the same folded, as closures and as code, and lie between their bounds', () => {
    fc.assert(
      fc.property(fc.noBias(randomModelText('lkmm')), fc.nat({ max: 2 ** 30 }), (text, seed) =>
        expectBounds(text, n, seed),
      ),
      { seed: 600 + n, numRuns: 60 },
    );
  });
});

test.each([
  'let a = rf | po acyclic a | (po ; a)',
  'let a = rf | po acyclic (a & co) | (po ; a)',
  'let a = rf & po acyclic (a ; po) | a^-1 | (po ; a)',
  'let a = co \\ rf let b = a? acyclic (b ; b) & a',
  'let a = (rf | co)? acyclic [domain(a)] ; a ; [range(po ; a)]',
  'let a = ~rf let rec b = (po & a) | (b ; b) acyclic b | (po ; a)',
])('%s: what is read twice is there for both', (text) => {
  for (const n of [5, 40]) for (let seed = 0; seed < 5; seed++) expectBounds(text, n, seed);
});

afterAll(() => {
  expect(totals.generated).toBeGreaterThan(200);
  expect(totals.endless).toBeLessThan(20);
  // bounds that say something, and not always all
  expect(totals.wide).toBeGreaterThan(totals.bounded / 2);
  expect(totals.bounded - totals.wide).toBeGreaterThan(50);
});
