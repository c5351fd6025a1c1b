/**
 * What is left of a model after folding, run as closures and as generated code, against the plain evaluation; and that bounds are bounds:
 * on random relations, of events that fit in a word and that do not.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { CompiledModel, NodeType } from '../model/dag.js';
import { type Environment, type Evaluation, evaluateModel } from '../model/evaluate.js';
import { ModelEvaluationError } from '../model/evaluation-error.js';
import { compileText } from '../oracle/agreement.js';
import { randomModelText } from '../oracle/random-models.js';
import { inverse, isEqual, isSubset } from '../relation/operators.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import { type Interval, Intervals } from './intervals.js';
import { Machine } from './machine.js';
import { planFor } from './plan.js';
import { ResidualBuilder, type Sense } from './residual.js';
import { scheduleByStratum } from './schedule.js';

/** Deterministic numbers from 0 to 1 (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Values of which each is contained in the next: certain at first, certain now, actual, possible now, possible at first. */
type Chain = readonly [Bits, Bits, Bits, Bits, Bits];

/** About `perEvent` pairs for each event, all within the chain's last value. */
function randomChain(n: number, type: NodeType, perEvent: number, next: () => number): Chain {
  const empty = (): Bits => (type === 'set' ? new EventSet(n) : new Relation(n));
  const chain = [empty(), empty(), empty(), empty(), empty()] as const;
  const addTo = (value: Bits, a: number, b: number): void =>
    value instanceof Relation ? value.add(a, b) : value.add(a);
  const count = type === 'set' ? n / 2 : n * perEvent;
  for (let i = 0; i < count; i++) {
    const [a, b, first] = [Math.floor(next() * n), Math.floor(next() * n), Math.floor(next() * 5)];
    for (const value of chain.slice(first)) addTo(value, a, b);
  }
  return chain;
}

const dynamic = ['rf', 'co', 'FW', 'co0', 'different-value'];

interface World {
  readonly environment: Environment;
  readonly chainOf: (name: string) => Chain;
}

function randomWorld(model: CompiledModel, n: number, seed: number): World {
  const next = numbersFrom(seed);
  const chains = new Map<string, Chain>();
  const sets = new Map<string, EventSet>();
  const relations = new Map<string, Relation>();
  for (const node of model.nodes) {
    if (node.op !== 'base' || chains.has(node.name)) continue;
    const found = randomChain(n, node.type, node.name === 'po' ? 2 : 0.7, next);
    const [, , actual] = found;
    const isFixed = !dynamic.includes(node.name);
    chains.set(node.name, isFixed ? [actual, actual, actual, actual, actual] : found);
    if (actual instanceof Relation) relations.set(node.name, actual);
    else sets.set(node.name, actual as EventSet);
  }
  return { environment: { n, sets, relations }, chainOf: (name) => chains.get(name)! };
}

const senses: readonly Sense[] = ['exact', 'lo', 'hi'];
/** Where in a chain the value of a sense is. */
const placeOf = { lo: 1, exact: 2, hi: 3 } as const;

const totals = { values: 0, bounded: 0, wide: 0, generated: 0, endless: 0 };

function writeInputs(machine: Machine, { chainOf }: World, used: ReadonlySet<string>): void {
  for (const sense of senses)
    for (const name of dynamic) {
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
  const of = (name: string): Interval => {
    const [lo, , , , hi] = world.chainOf(name);
    return { lo, hi };
  };
  const builder = new ResidualBuilder(plan, strata, new Intervals(plan, strata, { n, of }, true));
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
  test('are the same folded, as closures and as code, and lie between their bounds', {
    timeout: 60_000,
  }, () => {
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
