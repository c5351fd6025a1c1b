/** What is remembered from one skeleton to the next, against what is made anew: on relations of which some stay the same. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { CompiledModel } from '../model/dag.js';
import { evaluateModel } from '../model/evaluate.js';
import { ModelEvaluationError } from '../model/evaluation-error.js';
import { compileText } from '../oracle/agreement.js';
import { randomModelText } from '../oracle/random-models.js';
import { dynamicNames, type RandomWorld, randomWorld } from '../oracle/random-worlds.js';
import { inverse, isEqual } from '../relation/operators.js';
import { type Bits, EventSet, Relation } from '../relation/relation.js';
import { type BaseBounds, Intervals, KnownIntervals } from './intervals.js';
import type { Machine } from './machine.js';
import { MachinePool } from './machine-pool.js';
import { planFor } from './plan-for.js';
import { type Residual, ResidualBuilder, type Sense } from './residual.js';
import { scheduleByStratum } from './schedule.js';

const totals = { skeletons: 0, machines: 0, values: 0, sharedBounds: 0 };

/** The world of a seed, but for one relation that is fixed with the traces. */
function withAnother(model: CompiledModel, n: number, seed: number, round: number): RandomWorld {
  const [world, other] = [randomWorld(model, n, seed), randomWorld(model, n, seed + round)];
  const { sets, relations } = world.environment;
  const fixed = [...relations.keys()].filter((name) => !dynamicNames.includes(name) && name !== 'id');
  const changed = fixed[round % Math.max(1, fixed.length)];
  if (changed === undefined) return world;
  const changedRelations = new Map(relations).set(changed, other.environment.relations.get(changed)!);
  return {
    environment: { n, sets, relations: changedRelations },
    chainOf: (name) => (name === changed ? other : world).chainOf(name),
  };
}

function boundsOf(n: number, { chainOf }: RandomWorld): BaseBounds {
  return {
    n,
    of: (name) => {
      const [lo, , , , hi] = chainOf(name);
      return { lo, hi };
    },
  };
}

function writeInputs(machine: Machine, { chainOf }: RandomWorld, used: ReadonlySet<string>): void {
  for (const name of dynamicNames) {
    if (!used.has(name)) continue;
    const [, , value] = chainOf(name);
    if (value instanceof Relation) machine.relation(name, 'exact').bits.set(value.bits);
    else machine.set(name, 'exact').bits.set(value.bits);
    if (name === 'rf') machine.relation('rf^-1', 'exact').bits.set(inverse(value as Relation).bits);
  }
}

function expectSame(text: string, n: number, seed: number): void {
  const model = compileText(text, 'lkmm');
  const plan = planFor(model);
  const strata = plan.strata.resolved;
  const used = new Set(model.nodes.flatMap((node) => (node.op === 'base' ? [node.name] : [])));
  const known = new KnownIntervals(n, true);
  const pool = new MachinePool(model.computations, 20);
  pool.keeps = true;
  const machines = new Set<Machine>();
  const bounds = new Set<unknown>();
  for (let round = 0; round < 6; round++) {
    const world = withAnother(model, n, seed, round);
    const base = boundsOf(n, world);
    const [intervals, anew] = [
      new Intervals(plan, strata, base, true, known),
      new Intervals(plan, strata, base, true),
    ];
    for (const { node } of model.checks) {
      const [found, expected] = [intervals.of(node), anew.of(node)];
      expect(isEqual(found.lo, expected.lo) && isEqual(found.hi, expected.hi)).toBe(true);
      expect(found.lo === found.hi).toBe(expected.lo === expected.hi);
      if (bounds.has(found)) totals.sharedBounds++;
      bounds.add(found);
    }
    const builder = new ResidualBuilder(plan, strata, intervals);
    const roots = model.checks.map(({ node }) => builder.of(node, 'exact'));
    const { machine, value } = pool.load(n, [roots], () => scheduleByStratum(roots, 3, []));
    machines.add(machine);
    totals.skeletons++;
    writeInputs(machine, world, used);
    for (const list of [0, 1, 2]) machine.run(list);
    const evaluation = evaluateModel(model, world.environment);
    model.checks.forEach(({ node }, index) => {
      totals.values++;
      expect(isEqual(value(roots[index]!), evaluation.value(node))).toBe(true);
    });
  }
  totals.machines += machines.size;
}

describe.each([5, 32, 40])('models on %i events', (n) => {
  test('have the values that they have alone', () => {
    fc.assert(
      fc.property(fc.noBias(randomModelText('lkmm')), fc.nat({ max: 2 ** 30 }), (text, seed) => {
        try {
          expectSame(text, n, seed);
        } catch (error) {
          if (!(error instanceof ModelEvaluationError)) throw error;
        }
      }),
      { seed: 700 + n, numRuns: 40 },
    );
  });
});

test.each([
  'let a = rf | po acyclic a | (po ; a)',
  'let a = ~rf let rec b = (po & a) | (b ; b) acyclic b | (po ; a)',
  'acyclic [R] ; (po | rf) ; [W] | (data ; rf)',
])('%s: one machine for all, also with generated code', (text) => {
  for (const n of [5, 40]) expectSame(text, n, n);
});

describe('a machine is not used for what is another form', () => {
  const EVENTS = 40;
  const input = (name: string, sense: Sense = 'exact'): Residual => ({
    op: 'input',
    type: 'relation',
    stratum: 1,
    name,
    sense,
  });
  const rows = (event: number): Residual => ({
    op: 'restrict-domain',
    type: 'relation',
    stratum: 1,
    set: EventSet.of(EVENTS, [event]),
    operand: input('rf'),
  });
  const columns = (event: number): Residual => ({ ...rows(event), op: 'restrict-range' }) as Residual;
  const computed = (computation: number): Residual => ({
    op: 'computed',
    type: 'relation',
    stratum: 1,
    computation,
    inputs: [input('rf')],
  });
  const recursive = (body: (rf: Residual, co: Residual) => Residual): readonly Residual[] => {
    const [rf, co] = [input('rf'), input('co')];
    const recursion = { names: ['r'], types: ['relation'], stratum: 1, bodies: [body(rf, co)] } as const;
    return [rf, co, { op: 'recursive', type: 'relation', stratum: 1, recursion, index: 0 }];
  };
  const [rf, co] = [input('rf'), input('co')];
  const computations = [
    { name: 'same', compute: ([only]: readonly Bits[]) => only! },
    { name: 'inverse', compute: ([only]: readonly Bits[]) => inverse(only as Relation) },
  ];

  test.each<[string, readonly Residual[], readonly Residual[]]>([
    ['rows of an event in the second word', [rows(33)], [rows(34)]],
    ['columns', [columns(34)], [columns(37)]],
    ['another input', [input('rf')], [input('co')]],
    ['another sense', [input('rf', 'lo')], [input('rf', 'hi')]],
    ['another computation', [computed(0)], [computed(1)]],
    ['another body', recursive((r) => r), recursive((_, c) => c)],
    ['another root', [rf, co, rf], [rf, co, co]],
    ['other lists of roots', [rf, co], [co, rf]],
  ])('%s', (_, first, second) => {
    const valuesOf = (pool: MachinePool, roots: readonly Residual[]): readonly Bits[] => {
      const { machine, value } = pool.load(EVENTS, [roots], () => scheduleByStratum(roots, 2, []));
      for (const sense of ['lo', 'exact', 'hi'] as const)
        for (const name of ['rf', 'co']) {
          // in all of them other pairs
          const [from, to] = [name === 'rf' ? 33 : 34, sense === 'lo' ? 35 : sense === 'hi' ? 36 : 34];
          machine.relation(name, sense).add(from, to);
          machine.relation(name, sense).add(to, 37);
        }
      for (const list of [0, 1]) machine.run(list);
      return roots.map((root) => value(root));
    };
    const pool = new MachinePool(computations, Number.POSITIVE_INFINITY);
    pool.keeps = true;
    for (const roots of [first, second, first]) {
      const alone = valuesOf(new MachinePool(computations, Number.POSITIVE_INFINITY), roots);
      expect(alone.some(({ bits }) => bits.some((word) => word !== 0))).toBe(true);
      valuesOf(pool, roots).forEach((found, index) => {
        expect(isEqual(found, alone[index]!)).toBe(true);
      });
    }
  });
});

afterAll(() => {
  // most is used again
  expect(totals.machines).toBeLessThan(totals.skeletons / 2);
  expect(totals.sharedBounds).toBeGreaterThan(totals.values / 10);
});
