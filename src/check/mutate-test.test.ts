import { describe, expect, it } from 'vitest';
import { outcomesOf } from '../compare/outcomes.js';
import { readMacros } from '../elaborate/def-macros.js';
import { prepareTest } from '../verdict/prepare-test.js';
import { isRun } from '../verdict/report.js';
import { runTest } from '../verdict/run-test.js';
import type { FileExpectations } from './expected.js';
import { programKey } from './mutant-judge.js';
import { mutateTest } from './mutate-test.js';
import { isNoticed, type MutatedTest, openLimit } from './mutation.js';
import { messagePassing, mutatedSample, type Sample, sampleSource } from './sample-mutations.js';

/** `P0 smp_mb() -> smp_wmb(): lkmm Sometimes, (arm64 Never)`: in brackets what is as expected. */
function shown({ barriers }: MutatedTest): readonly string[] {
  return barriers.flatMap(({ thread, statement, weakenings }) =>
    weakenings.map(({ to, answers }) => {
      const texts = answers.map((answer) => {
        if (answer.kind === 'open') return `${answer.model} ?${answer.limit}`;
        const text = `${answer.model} ${answer.shown}`;
        return answer.kind === 'noticed' ? text : `(${text})`;
      });
      return `${thread} ${statement} -> ${to ?? 'nothing'}: ${texts.join(', ')}`;
    }),
  );
}

const never = ['Result: Never', 'Result(x86): Never'];

describe('weakening a test', () => {
  it('tells for each form which expectation notices', () => {
    const test = mutatedSample(messagePassing('smp_mb();', 'smp_rmb();', never));
    expect(test.models).toEqual(['lkmm', 'x86']);
    expect(shown(test)).toEqual([
      'P0 smp_mb() -> smp_rmb(): lkmm Sometimes, (x86 Never)',
      'P0 smp_mb() -> smp_wmb(): (lkmm Never), (x86 Never)',
      'P0 smp_mb() -> nothing: lkmm Sometimes, (x86 Never)',
      'P1 smp_rmb() -> nothing: lkmm Sometimes, (x86 Never)',
    ]);
  });

  it('judges the same code once', () => {
    const { searches, known } = mutatedSample(
      messagePassing('smp_wmb();', 'smp_rmb();', ['Result(x86): Never']),
    );
    // neither barrier is an instruction of x86
    expect({ searches, known }).toEqual({ searches: 1, known: 2 });
  });

  it('looks at the models that it is told to, as far as something is expected of them', () => {
    const sample = messagePassing('smp_wmb();', 'smp_rmb();', never);
    expect(mutatedSample(sample, { models: ['x86', 'sc'] }).models).toEqual(['x86']);
    expect(mutatedSample(messagePassing('smp_wmb();', 'smp_rmb();', [])).models).toEqual([]);
  });

  const racing = (result: string): Sample => ({
    comment: [`Result: ${result}`],
    threads: [
      { label: null, code: ['spin_lock(l);', '*x = 1;', 'spin_unlock(l);'] },
      { label: null, code: ['int r0;', 'spin_lock(l);', 'r0 = *x;', 'spin_unlock(l);'] },
    ],
    question: '1:r0=2',
  });

  it('notices a data race', () => {
    expect(shown(mutatedSample(racing('Never')))).toEqual([
      'P0 spin_lock(l) -> nothing: lkmm Never, data race',
      'P1 spin_lock(l) -> nothing: lkmm Never, data race',
    ]);
  });

  it('has nothing to say of a test that is not as expected to begin with', () => {
    for (const sample of [racing('Never DATARACE'), racing('Sometimes')]) {
      const { failing, barriers } = mutatedSample(sample);
      expect(failing.map(({ kind }) => kind)).toEqual(['noticed']);
      expect(barriers).toEqual([]);
    }
  });

  it('weakens READ_ONCE() and WRITE_ONCE() if it is told to', () => {
    const test = mutatedSample(messagePassing('smp_wmb();', 'smp_rmb();', ['Result: Never']), {
      plain: true,
    });
    expect(shown(test)).toContain('P0 WRITE_ONCE(*x, 1) -> a plain access: lkmm Never, data race');
  });

  it('says what a limit leaves open', () => {
    const test = mutatedSample(messagePassing('smp_mb();', 'smp_rmb();', ['Result: Never']), {
      expiry: () => () => true,
    });
    expect(test.open).toEqual([{ kind: 'open', model: 'lkmm', limit: 'time limit' }]);
    expect(test.barriers.flatMap(({ weakenings }) => weakenings.map(openLimit))).toEqual(
      Array.from({ length: 4 }, () => 'lkmm: time limit'),
    );
  });

  it('takes a judgement for open that was given up before', () => {
    const parts: string[] = [];
    const sample = messagePassing('smp_mb();', 'smp_rmb();', ['Result: Never']);
    mutatedSample(sample, { begin: (part) => void parts.push(part) });
    expect(parts).toEqual([
      'lkmm as it is',
      'lkmm 13: smp_rmb()',
      'lkmm 13: smp_wmb()',
      'lkmm 13: nothing',
      'lkmm 23: nothing',
    ]);
    const given = new Map([[parts[1]!, 'time limit']]);
    const [first, second] = mutatedSample(sample, { given }).barriers[0]!.weakenings;
    expect([openLimit(first!), openLimit(second!)]).toEqual(['lkmm: time limit', null]);
  });

  it('tells why something is no test', () => {
    const source = { name: 't.litmus', text: 'C t\n{}\nP0(int *x) { smp_mbb(); }\nexists (x=1)\n' };
    const { test, diagnostics } = mutateTest(source);
    expect(test).toBe(null);
    expect(diagnostics.map(({ severity }) => severity)).toContain('error');
  });

  it('takes primitives of a macro file', () => {
    const file = {
      name: 'm.def',
      text: 'smp_wmb() { __fence{wmb}; }\nWRITE_ONCE(X,V) { __store{once}(X,V); }\nREAD_ONCE(X) __load{once}(X)\n',
    };
    const macros = readMacros(file).value;
    const test = mutatedSample(messagePassing('smp_wmb();', ';', ['Result: Sometimes']), { macros });
    expect(test.barriers.map(({ primitive }) => primitive)).toEqual(['smp_wmb()']);
  });
});

describe('with a baseline', () => {
  /** The states of the test as it is, under lkmm. */
  const baseline = (sample: Sample): FileExpectations => {
    const report = runTest(sampleSource(sample));
    const runs = report.kind === 'test' ? report.models.filter(isRun) : [];
    const lkmm = runs.find(({ model }) => model === 'lkmm')!;
    const entry = { outcomes: [outcomesOf(lkmm)], line: 1, modelLines: new Map(), stateLines: new Map() };
    return { project: [], baseline: entry, baselineFile: 'fencepost.baseline' };
  };

  it('a new state is noticed where no verdict would change', () => {
    // asks for a state that message passing allows anyway
    const sample = {
      ...messagePassing('smp_wmb();', 'smp_rmb();', ['Result: Sometimes']),
      question: '1:r0=1 /\\ 1:r1=1',
    };
    expect(mutatedSample(sample).barriers.some(({ weakenings }) => weakenings.some(isNoticed))).toBe(false);
    expect(shown(mutatedSample(sample, { expectations: baseline(sample) }))).toEqual([
      'P0 smp_wmb() -> nothing: lkmm also 1:r0=1; 1:r1=0',
      'P1 smp_rmb() -> nothing: lkmm also 1:r0=1; 1:r1=0',
    ]);
  });

  it('what adds no state is not', () => {
    const sample = messagePassing('smp_mb();', 'smp_rmb();', []);
    expect(shown(mutatedSample(sample, { expectations: baseline(sample) }))[1]).toBe(
      'P0 smp_mb() -> smp_wmb(): (lkmm Never)',
    );
  });
});

describe('the key of a program', () => {
  const keyOf = (text: string): string => programKey(prepareTest({ name: 't', text }).value!.program);
  const body = (code: string): string =>
    `C t\n{ p = &p; y = &p; }\nP0(int **p, int **y) { ${code} }\nexists (p=0)\n`;

  it('is about what the code does', () => {
    expect(keyOf(body('WRITE_ONCE(*p, y);'))).toBe(keyOf(body('\n\tWRITE_ONCE( *p,y );')));
    expect(keyOf(body('WRITE_ONCE(*p, y);'))).not.toBe(keyOf(body('WRITE_ONCE(*p, p);')));
    expect(keyOf(body('WRITE_ONCE(*p, y);'))).not.toBe(keyOf(body('smp_store_release(p, y);')));
  });
});

describe('with a project file', () => {
  it('its expectations go before those of the comment', () => {
    const sample = messagePassing('smp_wmb();', 'smp_rmb();', ['Result: Sometimes']);
    const project = [
      { of: 'own', verdict: 'Never', dataRace: false, place: null },
      { of: { model: 'x86' }, verdict: 'Never', dataRace: false, place: null },
    ] as const;
    const test = mutatedSample(sample, { expectations: { project, baseline: null, baselineFile: null } });
    expect(test.failing).toEqual([]);
    expect(shown(test)[0]).toBe('P0 smp_wmb() -> nothing: lkmm Sometimes, (x86 Never)');
    const nothing = [{ of: 'all', verdict: null, dataRace: false, place: null }] as const;
    const free = mutatedSample(sample, {
      expectations: { project: nothing, baseline: null, baselineFile: null },
    });
    expect(free.models).toEqual([]);
  });
});
