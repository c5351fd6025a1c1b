/** What arguments of each shape come to, in words. */
import { describe, expect, test } from 'vitest';
import { compileModel, noIncludes } from '../model/compile.js';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import { argumentOf } from './explain-forbidden.js';
import { conclusionOf, explanationText } from './explanation-text.js';
import { handMadeExecution } from './hand-made-execution.js';
import { evaluateExecution } from './refused-execution.js';
import { speechOf } from './speech.js';
import { explainViolations } from './violated.js';

function modelOf(text: string): CompiledModel {
  return compileModel({ name: 'mine.cat', text: `"mine"\n${text}` }, noIncludes).value!;
}

function argumentsAgainst(threads: string, model: CompiledModel) {
  const execution = handMadeExecution(threads);
  const evaluation = evaluateExecution(execution, model);
  return explainViolations(execution, model, evaluation).map((cycle, at) =>
    argumentOf({ execution, check: evaluation.failed[at]!, cycle, violations: 1 }),
  );
}

const messages = 'P0: W x=1 | W y=1\nP1: R y=1 | R x=0';

describe('conclusions', () => {
  const cases: readonly [string, string, CompiledModel, RegExp][] = [
    [
      'a cycle',
      messages,
      modelOf('acyclic po | rf | fr as order'),
      /^Therefore P0:1a would come before itself: a cycle, which `order` \(mine\.cat:2\) forbids\.$/,
    ],
    [
      'a section',
      'P0: rcu_read_lock | R x=1 | R y=0 | rcu_read_unlock\nP1: W y=1 | synchronize_rcu | W x=1',
      loadShippedModel('lkmm'),
      /^Therefore a read-side critical section would begin before a grace period and end after it: a cycle, which `rcu`/,
    ],
    [
      'a pair',
      messages,
      modelOf('empty (po ; rf) & (co | fr | po ; rf) as none'),
      /^Therefore it is refused by `none` \(mine\.cat:2\): these may not all hold\.$/,
    ],
    [
      'an event',
      messages,
      modelOf('empty range([W \\ IW] ; rf) as none'),
      /^Therefore it is refused by `none` \(mine\.cat:2\): there may be no event such as P1:2a\.$/,
    ],
    [
      'an absence',
      messages,
      modelOf('~acyclic po as some'),
      /^It is refused by `some` \(mine\.cat:2\), which asks for something that it has not\.$/,
    ],
  ];
  test.each(cases)('%s', (_, threads, model, expected) => {
    const [argument] = argumentsAgainst(threads, model);
    expect(conclusionOf(argument!, speechOf(argument!.execution))).toMatch(expected);
  });
});

test('an argument without steps is told by its derivation, however shallow', () => {
  const given = argumentsAgainst(messages, modelOf('empty range([W \\ IW] ; rf) as none'));
  const text = explanationText({
    test: 't',
    model: 'mine',
    outcome: 'x=1',
    explained: { kind: 'forbidden', arguments: given, more: false, limit: null },
    flags: [],
  });
  expect(text).toContain("In the model's terms:\n  P1:2a is in `range(([(W \\ IW)] ; rf))`, because\n");
  expect(text).toContain('    P0:1b is in `W`\n    P0:1b is not in `IW`\n');
});
