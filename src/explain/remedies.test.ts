/** What an allowed execution lacks, and what would forbid it: nothing is said to be missing that is there, nor to help that does not. */
import { describe, expect, test } from 'vitest';
import { compileModel, noIncludes } from '../model/compile.js';
import { defaultSearchOptions } from '../search/search.js';
import { isRun, type ModelRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { auditRun } from './audit-run.js';
import { explainRun } from './explain-run.js';

/** The sentences on missing order, each pair's joined, and all of the explanation. */
function explain(text: string, run: (text: string) => ModelRun): { missing: string[]; told: string } {
  const found = run(text);
  const explanation = explainRun(found, { search: defaultSearchOptions, arguments: 1 });
  expect(auditRun(explanation, found).faults).toEqual([]);
  if (explanation.explained.kind !== 'allowed') throw new Error(explanation.explained.kind);
  const { sentences, missing } = explanation.explained.story;
  return {
    missing: missing.map((order) => order.sentences.map((sentence) => sentence.text).join('; ')),
    told: sentences.map((sentence) => sentence.text).join('; '),
  };
}

const under =
  (model: 'lkmm' | 'arm64' | 'x86') =>
  (text: string): ModelRun => {
    const report = runTest({ name: 't.litmus', text }, { ...defaultRunOptions, models: [model] });
    if (report.kind !== 'test') throw new Error('not a test');
    return report.models.find(isRun)!;
  };

const messages = (writer: string, reader: string): string => `C t
{}
P0(int *x, int *y)
{
	${writer}
}
P1(int *x, int *y)
{
	int r0;
	int r1;
	${reader}
}
exists (1:r0=1 /\\ 1:r1=0)
`;

describe('plain accesses', () => {
  test('the side that a barrier orders is not said to lack an order', () => {
    const text = messages('*x = 1; smp_wmb(); WRITE_ONCE(*y, 1);', 'r0 = READ_ONCE(*y);\n\n\tr1 = *x;');
    const { missing } = explain(text, under('lkmm'));
    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatch(
      /^nothing orders P1:11 r0 = READ_ONCE\(\*y\) before P1:13 r1 = \*x under lkmm/,
    );
    expect(missing[0]).toContain('smp_rmb() between them');
    expect(explain(text.replace('*x = 1; smp_wmb();', '*x = 1;'), under('lkmm')).missing).toHaveLength(2);
  });

  test('nor on the side of the reader', () => {
    const { missing } = explain(
      messages('*x = 1;\n\tWRITE_ONCE(*y, 1);', 'r0 = READ_ONCE(*y); smp_rmb(); r1 = *x;'),
      under('lkmm'),
    );
    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatch(/^nothing orders P0:5 \*x = 1 before P0:6 /);
  });

  test('are to be marked where no barrier helps without', () => {
    const { missing } = explain(messages('*x = 1;\n\t*y = 1;', 'r0 = *y;\n\tr1 = *x;'), under('lkmm'));
    expect(missing.join('\n').match(/no order passes from CPU to CPU through them/g)).toHaveLength(1);
    expect(missing[0]).toContain(
      'with WRITE_ONCE() at P0:6 and READ_ONCE() at P1:12, smp_wmb() between them or smp_store_release() at P0:6 would forbid this execution together with smp_rmb() between P1:12 and P1:13',
    );
    expect(missing.join()).not.toContain('even smp_mb()');
  });

  test('marking is enough where the barriers are there', () => {
    const { missing } = explain(
      messages(
        'WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);',
        'r0 = *y;\n\tsmp_rmb();\n\tr1 = READ_ONCE(*x);',
      ),
      under('lkmm'),
    );
    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatch(
      /; READ_ONCE\(\) at P1:11 or smp_load_acquire\(\) at P1:11 would forbid this execution$/,
    );
  });
});

test('a release is missed only under a model that knows releases', () => {
  const text = messages(
    'WRITE_ONCE(*x, 1);\n\tWRITE_ONCE(*y, 1);',
    'r0 = READ_ONCE(*y);\n\tr1 = READ_ONCE(*x);',
  );
  const mine = compileModel(
    {
      name: 'mine.cat',
      text: '"mine"\nlet fr = rf^-1 ; co\nacyclic po-loc | rf | co | fr as coherence\nacyclic fencerel(Wmb) | fencerel(Rmb) | rfe | coe | fre as order',
    },
    noIncludes,
  ).value!;
  const { missing } = explain(text, (source) => ({
    ...under('lkmm')(source),
    model: 'mine',
    compiled: mine,
  }));
  expect(missing[0]).toMatch(/: no barrier stands between them; smp_wmb\(\) between them would forbid/);
  expect(missing[1]).not.toContain('acquire');
  const { missing: known } = explain(text, under('lkmm'));
  expect(known[0]).toContain('P0:6 is no release');
  expect(known[0]).toContain('smp_store_release() at P0:6');
  expect(known[1]).toContain(
    'smp_load_acquire() at P1:12 or an address dependency of the second on the first would',
  );
});

describe('atomics', () => {
  const counting = (atomic: string): string => `C t
{ atomic_t v = ATOMIC_INIT(0); }
P0(atomic_t *v, int *x)
{
	int r0;
	WRITE_ONCE(*x, 1);
	${atomic};
}
P1(atomic_t *v, int *x)
{
	int r0 = atomic_read(v);
	smp_rmb();
	int r1 = READ_ONCE(*x);
}
exists (1:r0=1 /\\ 1:r1=0)
`;

  test.each(['lkmm', 'arm64'] as const)(
    'one that returns nothing gets a barrier before it under %s',
    (model) => {
      const { missing } = explain(counting('atomic_inc(v)'), under(model));
      expect(missing[0]).toContain('smp_mb__before_atomic() before P0:7 would forbid this execution');
      expect(missing[0]).not.toContain('release');
    },
  );

  test('or after it', () => {
    const text = counting('atomic_inc(v);\n\tr0 = READ_ONCE(*x)')
      .replace('WRITE_ONCE(*x, 1);\n', '\n')
      .replace(/int r0 = atomic_read[^}]*/, 'WRITE_ONCE(*x, 1);\n\tsmp_mb();\n\tint r0 = atomic_read(v);\n')
      .replace(/exists.*/, 'exists (0:r0=0 /\\ 1:r0=0)');
    const { missing } = explain(text, under('lkmm'));
    expect(missing[0]).toContain('smp_mb() between them or smp_mb__after_atomic() after P0:7 would forbid');
  });

  test('one that has a release variant gets that', () => {
    const { missing } = explain(counting('r0 = atomic_inc_return_relaxed(v)'), under('lkmm'));
    expect(missing[0]).not.toContain('atomic_inc_return_relaxed_release');
    expect(missing[0]).toContain('atomic_inc_return_release() at P0:7');
    expect(missing[0]).toContain('P0:7 is no release');
  });

  const failing = (between: string): string => `C t
{ atomic_t v = ATOMIC_INIT(1); }
P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*y, 1);
}
P1(atomic_t *v, int *x, int *y)
{
	int r0 = READ_ONCE(*y);
	int r2 = ${between};
	int r1 = READ_ONCE(*x);
}
exists (1:r0=1 /\\ 1:r1=0)
`;

  test('a compare-and-swap that fails is said to order nothing', () => {
    const { missing, told } = explain(failing('atomic_cmpxchg(v, 2, 3)'), under('lkmm'));
    expect(told).toContain('reads 1 from v, the initial value, so it fails');
    expect(missing[0]).toContain(
      'P1:12 r2 = atomic_cmpxchg(v, 2, 3) stands between them, but it fails, because v is 1, and a failed atomic_cmpxchg() orders nothing',
    );
    const relaxed = explain(failing('atomic_cmpxchg_relaxed(v, 2, 3)'), under('lkmm'));
    expect(relaxed.missing[0]).not.toContain('a failed');
  });

  test('also where it is one of the two', () => {
    const text = `C t
{ atomic_t v = ATOMIC_INIT(0); }
P0(atomic_t *v, int *x)
{
	WRITE_ONCE(*x, 1);
	int r0 = atomic_cmpxchg(v, 0, 1);
}
P1(atomic_t *v, int *x)
{
	int r0 = atomic_cmpxchg(v, 2, 3);
	int r1 = READ_ONCE(*x);
}
exists (1:r0=1 /\\ 1:r1=0)
`;
    const { missing } = explain(text, under('lkmm'));
    expect(missing[0]).toContain(
      '; P1:10 fails, because v is 1, and a failed atomic_cmpxchg() orders nothing',
    );
    expect(missing[0]).not.toContain('acquire');
  });
});

test('an LDAPR that an LDAR in its place would order is named', () => {
  const text = `AArch64 t
{
0:X1=x; 0:X3=y;
1:X1=y; 1:X3=x;
}
 P0          | P1          ;
 MOV W0,#1   | MOV W0,#1   ;
 STLR W0,[X1] | STLR W0,[X1] ;
 LDAPR W2,[X3] | LDAPR W2,[X3];
exists (0:X2=0 /\\ 1:X2=0)
`;
  const { missing } = explain(text, under('arm64'));
  expect(missing).toHaveLength(2);
  expect(missing[0]).toContain(
    'DMB ISH between them or LDAR at P0:9 would forbid this execution together with',
  );
});
