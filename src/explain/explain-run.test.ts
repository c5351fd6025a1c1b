/** Explanations from end to end: a test's text, its explanation as text and as JSON. */
import { describe, expect, test } from 'vitest';
import { defaultSearchOptions } from '../search/search.js';
import { isRun, type ModelRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { auditRun } from './audit-run.js';
import { explainRun, openLimit } from './explain-run.js';
import type { Explanation } from './explanation.js';
import { explanationJson } from './explanation-json.js';
import { explanationText } from './explanation-text.js';

const messages = (between: string, condition = 'exists (1:r0=1 /\\ 1:r1=0)'): string => `C mp
{}
P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	${between}
	WRITE_ONCE(*y, 1);
}
P1(int *x, int *y)
{
	int r0 = READ_ONCE(*y);
	int r1;

	smp_rmb();
	r1 = READ_ONCE(*x);
}
${condition}
`;

function runOf(text: string, model: 'lkmm' | 'arm64' | 'x86' | 'sc'): ModelRun {
  const report = runTest({ name: 'mp.litmus', text }, { ...defaultRunOptions, models: [model] });
  if (report.kind !== 'test') throw new Error('not a test');
  return report.models.find(isRun)!;
}

function explain(run: ModelRun, most = 3): Explanation {
  const explanation = explainRun(run, { search: defaultSearchOptions, arguments: most });
  expect(auditRun(explanation, run).faults).toEqual([]);
  return explanation;
}

describe('the text of an explanation', () => {
  test('a forbidden outcome is a cycle in the words of the source', () => {
    expect(explanationText(explain(runOf(messages('smp_wmb();'), 'lkmm')))).toBe(
      `mp under lkmm: forbidden: 1:r0=1 /\\ 1:r1=0

No execution that lkmm allows ends so. Take one that would:
  1. P0:5 WRITE_ONCE(*x, 1) is before P0:7 WRITE_ONCE(*y, 1) by smp_wmb() at line 6
  2. P0:7 is read by P1:11 r0 = READ_ONCE(*y)
  3. P1:11 is before P1:15 r1 = READ_ONCE(*x) by smp_rmb() at line 14
  4. P1:15 reads x=0, the value from before P0:5 overwrites it
Therefore P0:5 would come before itself: a cycle, which \`happens-before\` (lkmm.cat:119) forbids.
`.replace('lkmm.cat:119', checkPlace('lkmm', 'happens-before')),
    );
  });

  test('each step unfolds to the facts that it rests on', () => {
    const text = explanationText(explain(runOf(messages('smp_wmb();'), 'arm64')), {
      depth: Number.POSITIVE_INFINITY,
      width: 100,
    });
    expect(text).toContain(`     \`locally-ordered\` from P0:5 to P0:7, because
       \`barrier-before\` from P0:5 to P0:7, because
         P0:5 is in \`W\`
         P0:5 is before P0:6 in program order (\`po\`)
         P0:6 is in \`store-barrier\` (DMB.ISHST)
         P0:6 is before P0:7 in program order (\`po\`)
         P0:7 is in \`W\`
`);
    const shallow = explanationText(explain(runOf(messages('smp_wmb();'), 'arm64')), {
      depth: 1,
      width: 100,
    });
    expect(shallow).toContain('     `locally-ordered` from P0:5 to P0:7\n');
    expect(shallow).not.toContain('barrier-before');
  });

  test('an allowed outcome is a story, with the order that it lacks', () => {
    const text = explanationText(explain(runOf(messages('smp_rmb();'), 'lkmm')));
    expect(text).toContain('An execution that lkmm allows, in an order of time:');
    expect(text).toContain('smp_wmb()');
  });

  test('of `forall`, a counterexample is in question', () => {
    const run = runOf(messages('smp_wmb();', 'forall (1:r0=0 \\/ 1:r1=1)'), 'sc');
    expect(explanationText(explain(run))).toMatch(/^mp under sc: forbidden: not \(1:r0=0 \\\/ 1:r1=1\)\n/);
  });

  test('what no thread computes is impossible', () => {
    const run = runOf(messages('smp_wmb();', 'exists (1:r0=7)'), 'lkmm');
    expect(explanationText(explain(run))).toMatch(/^mp under lkmm: impossible: 1:r0=7\n\n {2}- /);
  });

  test('lines are as wide as asked for', () => {
    const text = explanationText(explain(runOf(messages('smp_wmb();'), 'x86')), { depth: 9, width: 72 });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(72);
  });
});

/** Where the shipped model's check stands: the test is not about its line. */
function checkPlace(model: 'lkmm', name: string): string {
  const check = runOf(messages('smp_wmb();'), model).compiled.checks.find((one) => one.name === name);
  const { file, start } = check!.span!;
  return `${file.name}:${file.text.slice(0, start).split('\n').length}`;
}

test('what the filter drops is said to be left out', () => {
  const text = messages('smp_wmb();', 'filter (1:r0=1)\nexists (1:r1=0)');
  expect(explanationText(explain(runOf(text, 'lkmm')))).toContain(
    'mp under lkmm: forbidden: 1:r1=0, of what passes filter (1:r0=1)\n',
  );
});

test('a limit leaves the outcome open', () => {
  const report = runTest(
    { name: 'mp.litmus', text: messages('smp_wmb();') },
    { ...defaultRunOptions, models: ['sc'], expiry: () => () => true },
  );
  if (report.kind !== 'test') throw new Error('not a test');
  for (const run of report.models.filter(isRun))
    expect(explain(run).explained).toEqual({ kind: 'unknown', limit: 'time limit' });
});

test('a limit of the search for reasons leaves the outcome forbidden', () => {
  const run = runOf(messages('smp_wmb();'), 'lkmm');
  const explanation = explainRun(run, {
    search: { ...defaultSearchOptions, expired: () => true },
    arguments: 1,
  });
  expect(explanation.explained).toEqual({
    kind: 'forbidden',
    arguments: [],
    more: false,
    limit: 'time limit',
  });
  expect(explanationText(explanation)).toContain('Why was not found out before a limit was hit: time limit.');
});

test('several arguments are each against executions that the others are not', () => {
  const either = `C either
{}
P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*y, 1);
}
P1(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*y, 1);
}
P2(int *x, int *y)
{
	int r0 = smp_load_acquire(y);
	int r1 = READ_ONCE(*x);
}
exists (2:r0=1 /\\ 2:r1=0)
`;
  const run = runOf(either, 'lkmm');
  const places = (most: number): string[] => {
    const { explained } = explain(run, most);
    if (explained.kind !== 'forbidden') throw new Error(explained.kind);
    return explained.arguments.map(({ sentences }) => sentences.map(({ text }) => text).join('\n'));
  };
  const found = places(3);
  expect(found).toHaveLength(2);
  expect(found.map((text) => /P([01]):\d+ is read by/.exec(text)?.[1]).sort()).toEqual(['0', '1']);
  expect(places(1)).toEqual(found.slice(0, 1));
});

test('the JSON has the argument unfolded, its events and its axiom, and no more', () => {
  const run = runOf(messages('smp_wmb();'), 'x86');
  const json = JSON.parse(JSON.stringify(explanationJson(explain(run))));
  expect(Object.keys(json)).toEqual([
    'test',
    'model',
    'outcome',
    'result',
    'limit',
    'arguments',
    'moreArguments',
    'story',
    'remarks',
    'flags',
  ]);
  const [argument] = json.arguments;
  expect(argument.axiom).toMatchObject({ name: 'total-store-order', kind: 'acyclic', file: 'x86.cat' });
  expect(argument.execution.finals).toEqual({ '1:r0': '1', '1:r1': '0' });
  expect(argument.steps[0]).toMatchObject({
    text: expect.stringContaining('P0:5 WRITE_ONCE(*x, 1)'),
    edge: { kind: 'po', label: 'ppo', via: null, reversed: false },
    derivation: [{ text: '`ppo` from P0:5 to P0:7', parts: expect.any(Array) }],
  });
  expect(argument.execution.events[argument.steps[0].events[0]]).toMatchObject({
    place: 'P0:5',
    line: 5,
    statement: 'WRITE_ONCE(*x, 1)',
    deed: 'writes 1 to x',
  });
});

describe('which argument is given', () => {
  const counting = `C t
{ atomic_t x = ATOMIC_INIT(0); }
P0(atomic_t *x, int *y) { int r0 = atomic_inc_return(x); int r1 = READ_ONCE(*y); }
P1(atomic_t *x, int *y) { WRITE_ONCE(*y, 1); int r0 = atomic_fetch_add_relaxed(1, x); }
exists (0:r0=1 /\\ 0:r1=0 /\\ 1:r0=0)
`;

  test.each(['lkmm', 'arm64', 'x86', 'sc'] as const)(
    'atomicity, where it alone refutes the outcome: %s',
    (model) => {
      const { explained } = explain(runOf(counting, model));
      if (explained.kind !== 'forbidden') throw new Error(explained.kind);
      expect(explained.arguments.map(({ cycle }) => cycle.axiom)).toEqual([
        expect.stringContaining('atomic'),
        expect.stringContaining('atomic'),
      ]);
      expect(explained.more).toBe(false);
    },
  );

  const sections = `C t
{}
P0(spinlock_t *l, int *x, int *y) { spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l); WRITE_ONCE(*y, 1); }
P1(spinlock_t *l, int *x, int *y) { int r0 = READ_ONCE(*y); spin_lock(l); int r1 = READ_ONCE(*x); spin_unlock(l); }
exists (1:r0=1 /\\ 1:r1=0)
`;

  test('that there are more is said, if it was asked', () => {
    const run = runOf(sections, 'x86');
    const options = { search: defaultSearchOptions, asksForMore: true };
    const one = explanationText(explainRun(run, { ...options, arguments: 1 }));
    expect(one).toContain('Take one that would (there are arguments against others:\n--most 2):\n');
    const all = explanationText(explainRun(run, { ...options, arguments: 2 }));
    expect(all).toContain('2 arguments, each against others that would:\n');
    expect(all).toContain(' takes l before P0:3a does\n');
    expect(explanationText(explain(run, 1))).toContain('Take one that would:\n');
  });

  test('a store that is missed, before one that is seen too early', () => {
    const text = `C t
{}
P0(spinlock_t *l, int *x, int *y) { spin_lock(l); WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); spin_unlock(l); }
P1(spinlock_t *l, int *x, int *y) { spin_lock(l); int r0 = READ_ONCE(*x); int r1 = READ_ONCE(*y); spin_unlock(l); }
exists (1:r0=1 /\\ 1:r1=0)
`;
    const { explained } = explain(runOf(text, 'lkmm'), 1);
    if (explained.kind !== 'forbidden') throw new Error(explained.kind);
    expect(explained.arguments[0]!.sentences.map((sentence) => sentence.text).join()).toContain(
      'the value from before',
    );
  });
});

test('a bound that --unroll raises is said to be one', () => {
  const text = `C t
{}
P0(int *x) { int n = 0; int r0; do { r0 = READ_ONCE(*x); n = n + 1; } while (r0 != 1); }
P1(int *x) { WRITE_ONCE(*x, 1); }
exists (0:n=9)
`;
  const explained = explainRun(runOf(text, 'sc'), { search: defaultSearchOptions, arguments: 1 });
  expect(explanationText(explained)).toMatch(/unroll bound \d+ \(P0, line 3\); --unroll raises it\.$/m);
});

describe('unfolding', () => {
  const shallow = (depth: number, model: 'lkmm' | 'arm64'): string =>
    explanationText(explain(runOf(messages('smp_wmb();'), model)), { depth, width: 200 });

  test("what the steps have said is not said again in the model's terms", () => {
    expect(shallow(1, 'arm64')).toContain('`locally-ordered` from P0:5 to P0:7');
    expect(shallow(1, 'arm64')).not.toContain("In the model's terms");
    expect(shallow(1, 'lkmm')).toContain("In the model's terms:\n  `hb` from P1:15 to P1:11\n");
  });

  test('a fact stands once where two definitions ask for it', () => {
    for (const model of ['lkmm', 'arm64'] as const) {
      const lines = shallow(Number.POSITIVE_INFINITY, model).split('\n');
      expect(lines.filter((line, at) => line === lines[at + 1])).toEqual([]);
      expect(lines.join('\n')).not.toContain('any two such events');
    }
  });
});

describe('a limit', () => {
  const stuck = 'C stuck\n{}\nP0(int *x)\n{\n\twhile (READ_ONCE(*x) == 0);\n}\nexists (x=0)\n';
  test.each([
    ['forbidden', messages('smp_wmb();')],
    ['impossible', messages('smp_wmb();', 'exists (1:r0=7)')],
    ['deadlock', stuck],
  ])('at whatever moment leaves %s as it is, or says that the reason is open', (kind, text) => {
    const run = runOf(text, 'lkmm');
    let asked = 0;
    const within = (calls: number): Explanation => {
      asked = 0;
      const expired = (): boolean => ++asked > calls;
      return explainRun(run, { search: { ...defaultSearchOptions, expired }, arguments: 3 });
    };
    expect(within(Number.POSITIVE_INFINITY).explained.kind).toBe(kind);
    const all = asked;
    for (let calls = 0; calls < all; calls += Math.ceil(all / 40)) {
      const explanation = within(calls);
      if (openLimit(explanation) === null) expect(explanation.explained.kind).toBe(kind);
    }
  });
});
