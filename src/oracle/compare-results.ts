/**
 * Compares a search with the naive enumerator's result: null if they agree, else what differs, for people.
 *
 * Test support.
 */
import type { CompiledModel } from '../model/dag.js';
import { evaluateModel } from '../model/evaluate.js';
import type { Program } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import type { Value } from '../program/value.js';
import { type Execution, environmentOf, type FinalState, type SearchResult } from '../search/execution.js';
import { valueKey } from './operational.js';

export function stateKey(values: readonly Value[]): string {
  return values.map(valueKey).join(' ');
}

function stateLines(result: SearchResult, counting: boolean): string[] {
  const line = (s: FinalState): string =>
    `${stateKey(s.values)}${s.satisfies ? ' *' : ''}${counting ? ` (${s.executions})` : ''}`;
  return result.states.map(line).sort();
}

function flagNames(result: SearchResult): string[] {
  return result.flags.map((flag) => flag.name).sort();
}

function differ(what: string, actual: unknown, expected: unknown): string[] {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value, null, 1));
  return a === b ? [] : [`${what}: the search says ${a}, the enumerator ${b}`];
}

/** A witness must be an execution that the model allows, with the finals it stands for, that raises the flag if there is one. */
function judgeWitness(
  model: CompiledModel,
  program: Program,
  witness: Execution,
  finals: readonly Value[] | null,
  flag: string | null,
): string[] {
  const { failed, raised } = evaluateModel(model, environmentOf(witness));
  const problems: string[] = [];
  if (failed.length > 0) problems.push(`forbidden by ${failed.map((c) => c.name).join(', ')}`);
  if (finals !== null && stateKey(finals) !== stateKey(witness.finals))
    problems.push('ends in another state');
  if (flag !== null && !raised.some((c) => c.name === flag)) problems.push(`does not raise ${flag}`);
  if (program.filter !== null && !evaluateProposition(program.filter, witness.finals))
    problems.push('is filtered out');
  return problems.map((p) => `a witness ${p}: ${stateKey(witness.finals)}`);
}

function judgeWitnesses(model: CompiledModel, program: Program, result: SearchResult): string[] {
  return [
    ...[...result.states].flatMap((s) => judgeWitness(model, program, s.witness(), s.values, null)),
    ...result.flags.flatMap((f) => judgeWitness(model, program, f.witness(), null, f.name)),
  ];
}

export interface Compared {
  readonly count: SearchResult;
  readonly outcomes: SearchResult;
  readonly verdict: SearchResult;
}

/** The results of the three modes against the enumerator's. */
export function compareResults(
  program: Program,
  model: CompiledModel,
  { count, outcomes, verdict }: Compared,
  naive: SearchResult,
): string | null {
  const answers = (result: SearchResult) =>
    [true, false].map((b) => result.states.some((s) => s.satisfies === b));
  const problems = [
    ...differ('states (count mode)', stateLines(count, true), stateLines(naive, true)),
    ...differ('positive, negative', [count.positive, count.negative], [naive.positive, naive.negative]),
    ...differ('flags (count mode)', flagNames(count), flagNames(naive)),
    ...differ('states (outcome mode)', stateLines(outcomes, false), stateLines(naive, false)),
    ...differ('flags (outcome mode)', flagNames(outcomes), flagNames(naive)),
    ...differ('some state satisfies, some does not (verdict mode)', answers(verdict), answers(naive)),
    ...differ('at most two states in verdict mode', verdict.states.length > 2, false),
    ...[count, outcomes, verdict].flatMap((result) => judgeWitnesses(model, program, result)),
  ];
  return problems.length === 0 ? null : problems.join('\n');
}
