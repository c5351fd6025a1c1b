import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadShippedModel } from '../model/shipped.js';
import { randomProgram } from '../oracle/random-programs.js';
import { candidateExecutions } from '../oracle/reference.js';
import type { Dialect, Program } from '../program/ir.js';
import { evaluateProposition } from '../program/proposition.js';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import { auditCycle } from './audit.js';
import { evaluateExecution, findRefusedExecution } from './refused-execution.js';

/** Whether some candidate, allowed or not, ends in a wanted state. */
function isReachable(program: Program): boolean {
  const { proposition } = program.condition;
  for (const { finals } of candidateExecutions(program, defaultSearchOptions.unroll).executions) {
    if (program.filter !== null && !evaluateProposition(program.filter, finals)) continue;
    if (evaluateProposition(proposition, finals)) return true;
  }
  return false;
}

describe('a forbidden outcome of a random program has a refused execution, or none at all', () => {
  const models: readonly [string, Dialect][] = [
    ['lkmm', 'lkmm'],
    ['arm64', 'arm64'],
    ['x86', 'x86'],
    ['sc', 'arm64'],
  ];
  test.each(models)('%s', (name, dialect) => {
    const model = loadShippedModel(name);
    let explained = 0;
    const property = fc.property(randomProgram(dialect), (program) => {
      const result = searchProgram(program, model);
      if (result.states.some((state) => state.satisfies)) return;
      const refusal = findRefusedExecution({ program, satisfies: true }, model, defaultSearchOptions);
      expect(refusal !== null).toBe(isReachable(program));
      if (refusal === null) return;
      const { execution, cycle, violations } = refusal;
      expect(execution.program).toBe(program);
      expect(evaluateProposition(program.condition.proposition, execution.finals)).toBe(true);
      expect(evaluateExecution(execution, model).failed).toHaveLength(violations);
      expect(auditCycle(cycle, execution)).toEqual([]);
      explained++;
    });
    fc.assert(property, { seed: 20260702, numRuns: 200 });
    expect(explained).toBeGreaterThan(4);
  });
});
