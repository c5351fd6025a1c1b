/** What is said of flags: data races of kernel C, and flags of any kind of a user's model. */
import { describe, expect, it, test } from 'vitest';
import { compileModel, noIncludes } from '../model/compile.js';
import type { CompiledModel } from '../model/dag.js';
import { isRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { auditFlag, explainFlag } from './flags.js';
import { handMadeExecution } from './hand-made-execution.js';

/** What is said of the flags of a test under lkmm, audited. */
function flagsOf(body: string): string[] {
  const report = runTest(
    { name: 't.litmus', text: `C t\n{}\n${body}\n` },
    { ...defaultRunOptions, models: ['lkmm'] },
  );
  const run = report.kind === 'test' ? report.models.find(isRun) : undefined;
  expect(report.diagnostics).toEqual([]);
  return run!.result.flags.flatMap(({ name, witness }) => {
    const flag = explainFlag(name, witness(), run!.compiled);
    expect(auditFlag(flag, run!.compiled)).toEqual([]);
    return [name, ...flag.sentences.map(({ text }) => `  ${text}`)];
  });
}

const races: readonly { name: string; body: string; expected: readonly string[] }[] = [
  {
    name: 'two plain accesses and nothing else',
    body: 'P0(int *x)\n{\n\t*x = 1;\n}\nP1(int *x)\n{\n\tint r0;\n\tr0 = *x;\n}\nexists (1:r0=1)',
    expected: [
      'data-race',
      '  P1:10 r0 = *x and P0:5 *x = 1 both access x, one to write it, with nothing that keeps them apart',
      '  P1:10 and P0:5 are plain accesses, which the compiler may tear, repeat or move',
      '  neither of them holds a lock',
      '  nothing that P1 does from P1:10 on is ordered before anything that P0 does up to P0:5, nor the other way round',
      '  with READ_ONCE() at P1:10 and WRITE_ONCE() at P0:5 the two would not race',
    ],
  },
  {
    name: 'different locks',
    body: `P0(int *x, spinlock_t *l)
{
	spin_lock(l);
	*x = 1;
	spin_unlock(l);
}
P1(int *x, spinlock_t *m)
{
	spin_lock(m);
	*x = 2;
	spin_unlock(m);
}
exists (x=1)`,
    expected: [
      'data-race',
      '  P1:12 *x = 2 and P0:6 *x = 1 both access x, both to write it, with nothing that keeps them apart',
      '  P1:12 and P0:6 are plain accesses, which the compiler may tear, repeat or move',
      '  they have no lock in common: P1:12 holds m, P0:6 holds l',
      '  nothing that P1 does from P1:12 on is ordered before anything that P0 does up to P0:6, nor the other way round',
      '  with WRITE_ONCE() at P1:12 and WRITE_ONCE() at P0:6 the two would not race',
    ],
  },
  {
    name: 'a handover that only one side orders',
    body: `P0(int *x, int *done)
{
	*x = 1;
	smp_store_release(done, 1);
}
P1(int *x, int *done)
{
	int r0;
	int r1;
	r1 = READ_ONCE(*done);
	if (r1) {
		r0 = *x;
	}
}
exists (1:r0=0 /\\ 1:r1=1)`,
    expected: [
      'data-race',
      '  P1:14 r0 = *x and P0:5 *x = 1 both access x, one to write it, with nothing that keeps them apart',
      '  P1:14 and P0:5 are plain accesses, which the compiler may tear, repeat or move',
      '  neither of them holds a lock',
      '  P0:6 smp_store_release(done, 1) is ordered before P1:12 r1 = READ_ONCE(*done), but P1:14 need not wait for P1:12',
      '  with smp_load_acquire() at P1:12 this execution would be forbidden',
      '  with READ_ONCE() at P1:14 and WRITE_ONCE() at P0:5 the two would not race',
    ],
  },
  {
    name: 'no race',
    body: 'P0(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\nP1(int *x)\n{\n\tint r0;\n\tr0 = READ_ONCE(*x);\n}\nexists (1:r0=1)',
    expected: [],
  },
];

describe('data races', () => {
  test.each(races)('$name', ({ body, expected }) => {
    expect(flagsOf(body)).toEqual(expected);
  });
});

describe('flags of any model', () => {
  const execution = handMadeExecution('P0: W x=1 | W y=1\nP1: R y=1 | R x=0');
  const modelOf = (text: string): CompiledModel =>
    compileModel({ name: 'test.cat', text: `"test"\nacyclic co as some\n${text}` }, noIncludes, ['lkmm'])
      .value!;
  const say = (text: string): string[] => {
    const model = modelOf(text);
    const flag = explainFlag('odd', execution, model);
    expect(auditFlag(flag, model)).toEqual([]);
    return flag.sentences.map((sentence) => sentence.text);
  };

  it('are explained by the pair or the event that the model found', () => {
    expect(say('flag ~empty po & (W * W) as odd')).toEqual([
      'P0:1a WRITE_ONCE(x, 1) and P0:1b WRITE_ONCE(y, 1) raise odd',
    ]);
    expect(say('flag ~empty domain(rf) \\ IW as odd')).toEqual(['P0:1b WRITE_ONCE(y, 1) raises odd']);
  });

  it('are stated where they are about a relation as a whole', () => {
    expect(say('flag acyclic po as odd')).toEqual(['the relation of odd is acyclic']);
    expect(say('flag empty po & id as odd')).toEqual(['the relation of odd is empty']);
  });

  it('are refused by the audit if the model does not raise them', () => {
    const flag = explainFlag('odd', execution, modelOf('flag ~empty po as odd'));
    expect(auditFlag(flag, modelOf('flag ~empty co & id as odd'))).toEqual([
      'the execution does not raise odd',
      'odd does not have the pair: P0:1a WRITE_ONCE(x, 1) and P0:1b WRITE_ONCE(y, 1) raise odd',
    ]);
  });
});
