/** The case analysis against the naive enumerator: nothing is left out, and each case's argument holds where it is said to. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import { randomProgram } from '../oracle/random-programs.js';
import { candidateExecutions } from '../oracle/reference.js';
import type { Dialect, Program, Proposition } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import { showValue, type Value } from '../program/value.js';
import type { Execution } from '../search/execution.js';
import { dialectFor, type ModelName } from '../verdict/model-choice.js';
import { prepareTest, programIn } from '../verdict/prepare-test.js';
import { carriedArgument, placeCandidate, refutes } from './carry-argument.js';
import { analyseCases, type CaseAnalysis } from './case-analysis.js';
import { handMadeExecution } from './hand-made-execution.js';
import { evaluateExecution } from './refused-execution.js';
import { explainViolations } from './violated.js';

const options = { search: { unroll: 2, expired: null }, most: 1000 };

function endsIn(finals: readonly Value[]): Proposition {
  return finals.reduce<Proposition>(
    (left, value, index) => ({
      kind: 'and',
      left,
      right: {
        kind: 'compare',
        op: '=',
        left: { kind: 'observable', index },
        right: { kind: 'value', value },
      },
    }),
    { kind: 'constant', value: true },
  );
}

/** The final states that candidates have and the model has not. */
function forbiddenStates(all: readonly Execution[], model: CompiledModel): (readonly Value[])[] {
  const states = new Map(all.map(({ finals }) => [finals.map(showValue).join(' '), finals]));
  for (const execution of all)
    if (evaluateExecution(execution, model).failed.length === 0)
      states.delete(execution.finals.map(showValue).join(' '));
  return [...states.values()];
}

/** How many candidates violate each law and none before it, and those that violate none. */
function sortOut(candidates: readonly Execution[], { setApart }: CaseAnalysis, model: CompiledModel) {
  const counts = setApart.map(() => 0);
  const rest = candidates.filter((execution) => {
    const { failed } = evaluateExecution(execution, model);
    const law = setApart.findIndex(({ check }) => failed.includes(check));
    if (law >= 0) counts[law]!++;
    return law < 0;
  });
  return { counts, rest };
}

function expectCovered(analysis: CaseAnalysis, listed: readonly Execution[], model: CompiledModel): void {
  const open = new Set(listed);
  for (const { check, cycle, execution, count, refuted } of analysis.cases) {
    const argument = carriedArgument(check, cycle, execution);
    const holdsFor = listed.filter((candidate) =>
      refutes(argument, placeCandidate(candidate, evaluateExecution(candidate, model), model)),
    );
    expect(holdsFor.length).toBe(refuted);
    expect(holdsFor.filter((candidate) => open.delete(candidate)).length).toBe(count);
  }
  expect(open.size).toBe(0);
}

function expectExhaustive(program: Program, model: CompiledModel, goal: Proposition): CaseAnalysis {
  const result = analyseCases(program, goal, model, options);
  if (result.kind !== 'analysis') throw new Error(result.kind);
  const { analysis } = result;
  const all = [...candidateExecutions(program, options.search.unroll).executions];
  const candidates = all.filter(
    ({ finals }) =>
      evaluateProposition(goal, finals) &&
      (program.filter === null || evaluateProposition(program.filter, finals)),
  );
  const { counts, rest } = sortOut(candidates, analysis, model);
  expect(analysis.total).toBe(candidates.length);
  expect(analysis.setApart.map(({ count }) => count)).toEqual(counts);
  expect(analysis.listed).toBe(rest.length);
  expectCovered(analysis, rest, model);
  return analysis;
}

describe('every forbidden state of random programs is refuted case by case', () => {
  const models: readonly [string, Dialect][] = [
    ['lkmm', 'lkmm'],
    ['arm64', 'arm64'],
    ['x86', 'x86'],
    ['sc', 'lkmm'],
  ];
  test.each(models)('%s', (name, dialect) => {
    const model = loadShippedModel(name);
    let [listed, cases] = [0, 0];
    const property = fc.property(randomProgram(dialect), (program) => {
      const { executions, limit } = candidateExecutions(program, options.search.unroll);
      const all = [...executions];
      if (limit !== null) return;
      for (const finals of forbiddenStates(all, model).slice(0, 3)) {
        const analysis = expectExhaustive(program, model, endsIn(finals));
        listed += analysis.listed;
        cases += analysis.cases.length;
      }
    });
    fc.assert(property, { seed: 20261121, numRuns: 40 });
    expect(cases).toBeGreaterThan(10);
    // one argument is for many
    expect(listed).toBeGreaterThan(2 * cases);
  });
});

describe('tests of litmus/ are refuted case by case', () => {
  const cases: readonly [string, ModelName, number, readonly number[]][] = [
    ['fix-wmb', 'lkmm', 16, [1]],
    ['fix-wmb', 'arm64', 64, [4]],
    ['fix-wmb', 'x86', 32, [1]],
    ['fix-reader-locks', 'lkmm', 864, [1, 1]],
  ];
  test.each(cases)('%s under %s', (name, modelName, total, counts) => {
    const path = fileURLToPath(new URL(`../../litmus/blocked-on-vs-state/${name}.litmus`, import.meta.url));
    const { value } = prepareTest({ name, text: readFileSync(path, 'utf8') });
    const { value: program } = programIn(value!, dialectFor(modelName, 'c'), { atomics: 'lse' });
    const model = loadShippedModel(modelName);
    const analysis = expectExhaustive(program!, model, program!.condition.proposition);
    expect(analysis.total).toBe(total);
    expect(analysis.cases.map(({ count }) => count)).toEqual(counts);
  });
});

test('is no analysis where a case is allowed, left out or not reached', () => {
  const text = `C sb {}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); int r0 = READ_ONCE(*y); }
P1(int *x, int *y) { WRITE_ONCE(*y, 1); int r1 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r1=0)`;
  const { program } = prepareTest({ name: 'sb.litmus', text }).value!;
  const ask = (model: string, most = options.most, expired: (() => boolean) | null = null) =>
    analyseCases(program, program.condition.proposition, loadShippedModel(model), {
      search: { unroll: 2, expired },
      most,
    }).kind;
  expect(ask('sc')).toBe('analysis');
  expect(ask('lkmm')).toBe('allowed');
  expect(ask('sc', 0)).toBe('too-many');
  expect(ask('sc', options.most, () => true)).toBe('limit');
});

describe('an argument', () => {
  const model = loadShippedModel('lkmm');
  const made = handMadeExecution('P0: W b=1 | smp_wmb | W s=1\nP1: R s=1 | smp_rmb | R b=0');
  const evaluation = evaluateExecution(made, model);
  const argument = carriedArgument(
    evaluation.failed[0]!,
    explainViolations(made, model, evaluation)[0]!,
    made,
  );

  const cases: readonly [string, string, boolean][] = [
    ['itself', 'P0: W b=1 | smp_wmb | W s=1\nP1: R s=1 | smp_rmb | R b=0', true],
    ['more than it needs', 'P0: W b=1 | smp_wmb | W s=1 | W x=1\nP1: R s=1 | smp_rmb | R b=0 | R x=1', true],
    ['another source', 'P0: W b=1 | smp_wmb | W s=1\nP1: R s=1 | smp_rmb | R b=1', false],
    ['another barrier', 'P0: W b=1 | smp_rmb | W s=1\nP1: R s=1 | smp_rmb | R b=0', false],
    ['no such statement', 'P0: W b=1 | smp_wmb | W s=1\nP1: R s=1', false],
    ['another check', 'P0: W b=1 | R b=0 | W s=1\nP1: R s=1 | smp_rmb | R b=0', false],
  ];
  test.each(cases)('carries over to %s', (_, text, expected) => {
    const execution = handMadeExecution(text);
    const candidate = placeCandidate(execution, evaluateExecution(execution, model), model);
    expect(refutes(argument, candidate)).toBe(expected);
  });
});
