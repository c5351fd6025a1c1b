/** What models say of pairs that a reader can check by eye. */
import { describe, expect, it } from 'vitest';
import { isRun } from '../verdict/report.js';
import { runTest } from '../verdict/run-test.js';
import { flatten } from './flatten.js';
import { PairExplainer } from './relations-between.js';

const messagePassing = `C mp
{ }
P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*y, 1);
}
P1(int *x, int *y)
{
	int r0;
	int r1;

	r0 = READ_ONCE(*y);
	smp_rmb();
	r1 = READ_ONCE(*x);
}
exists (1:r0=1 /\\ 1:r1=0)
`;

/** The explainer of the execution that ends with these values, and its events by line. */
function explainerOf(model: string, values: readonly bigint[]) {
  const report = runTest({ name: 'mp.litmus', text: messagePassing });
  if (report.kind !== 'test') throw new Error('no test');
  const run = report.models.filter(isRun).find((r) => r.model === model)!;
  const state = run.result.states.find((s) => s.values.every((v, i) => BigInt(v as number) === values[i]))!;
  const execution = state.witness();
  const at = (thread: number, index: number): number =>
    execution.events.filter((event) => event.thread === thread && event.kind !== 'fence')[index]!.id;
  return { explainer: new PairExplainer(execution, run.compiled), at };
}

describe('what a model says of a pair', () => {
  it('is that no axiom keeps two writes in order without a barrier', () => {
    for (const model of ['lkmm', 'arm64']) {
      const { explainer, at } = explainerOf(model, [1n, 0n]);
      expect(explainer.reasons(at(0, 0), at(0, 1), 5)).toEqual({ axioms: [], relations: [] });
    }
  });

  it('is the axiom and, unfolded, the barrier between two reads', () => {
    for (const model of ['lkmm', 'arm64', 'x86']) {
      const { explainer, at } = explainerOf(model, [1n, 1n]);
      const [from, to] = [at(1, 0), at(1, 1)];
      const { axioms } = explainer.reasons(from, to, 5);
      expect(axioms.length).toBeGreaterThan(0);
      for (const { path } of axioms) {
        const steps = path.flatMap(flatten);
        expect(steps[0]!.from).toBe(from);
        expect(steps.at(-1)!.to).toBe(to);
      }
    }
  });

  it('does not order a read before its own write', () => {
    const { explainer, at } = explainerOf('arm64', [1n, 1n]);
    expect(explainer.reasons(at(0, 1), at(1, 0), 5).axioms).not.toEqual([]);
    expect(explainer.reasons(at(1, 0), at(0, 1), 5)).toEqual({ axioms: [], relations: [] });
  });

  it('names each relation once, and none that an axiom was already unfolded to', () => {
    const { explainer, at } = explainerOf('lkmm', [1n, 1n]);
    const { relations } = explainer.reasons(at(0, 1), at(1, 0), 5);
    const names = relations.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain('hb');
  });
});
