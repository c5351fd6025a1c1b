import { describe, expect, test } from 'vitest';
import type { CompiledModel } from '../model/dag.js';
import { loadShippedModel } from '../model/shipped.js';
import type { Execution } from '../search/execution.js';
import { type Candidate, mostTellingRefusal, RefusalChooser } from './forbidden.js';
import { handMadeExecution } from './hand-made-execution.js';
import { evaluateExecution } from './refused-execution.js';

const lkmm = loadShippedModel('lkmm');

const ordered = handMadeExecution('P0: W b=1 | smp_wmb | W s=1\nP1: R s=1 | smp_rmb | R b=0');
const incoherent = handMadeExecution('P0: W x=1 | W x=2\nP1: R x=2 | R x=1');
const both = handMadeExecution(`P0: W b=1 | smp_wmb | W s=1 | W x=1 | W x=2
P1: R s=1 | smp_rmb | R b=0 | R x=2 | R x=1`);
const longer = handMadeExecution(`P0: W b=1 | smp_wmb | W s=1
P1: R s=1 | smp_mb | W t=1
P2: R t=1 | smp_rmb | R b=0`);
const allowed = handMadeExecution('P0: W b=1 | W s=1\nP1: R s=1 | R b=0');

function* judged(executions: readonly Execution[], model: CompiledModel = lkmm): Generator<Candidate> {
  for (const execution of executions) yield { execution, evaluation: evaluateExecution(execution, model) };
}

describe('the most telling refusal', () => {
  const cases: readonly [string, readonly Execution[], Execution][] = [
    ['prefers order to coherence', [incoherent, ordered], ordered],
    ['prefers one violated check to two', [both, ordered], ordered],
    ['prefers a short cycle to a long one', [longer, ordered], ordered],
    ['takes the order of the search between equals', [ordered, { ...ordered }], ordered],
    ['passes over what the model allows', [allowed, longer], longer],
    ['takes coherence if there is nothing else', [allowed, incoherent], incoherent],
    ['takes two violations before coherence alone', [incoherent, both], both],
  ];
  test.each(cases)('%s', (_, candidates, expected) => {
    expect(mostTellingRefusal(judged(candidates), lkmm)?.execution).toBe(expected);
  });

  test('is nothing if nothing is refused', () => {
    expect(mostTellingRefusal(judged([allowed]), lkmm)).toBeNull();
  });

  test('stops asking once enough were explained, and goes on after a refill', () => {
    const chooser = new RefusalChooser(lkmm, 2);
    const answers = [...judged([ordered, ordered])].map((candidate) => chooser.offer(candidate));
    expect(answers).toEqual([true, false]);
    chooser.refill();
    expect(chooser.offer([...judged([ordered])][0]!)).toBe(true);
    expect(chooser.isTelling).toBe(true);
  });
});
