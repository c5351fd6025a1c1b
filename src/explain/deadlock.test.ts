/** Where the threads of a deadlock stop, and why an outcome is out of reach whatever the model. */
import { describe, expect, test } from 'vitest';
import { defaultSearchOptions, searchProgram } from '../search/search.js';
import type { ModelName } from '../verdict/model-choice.js';
import { isRun, type ModelRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { auditClaim, type ExecutionClaim } from './claim.js';
import { explainDeadlock } from './deadlock.js';
import type { Sentence } from './explanation.js';
import { explainImpossible } from './impossible.js';

function runOf(body: string, model: ModelName): ModelRun {
  const report = runTest(
    { name: 't.litmus', text: `C t\n{}\n${body}\n` },
    { ...defaultRunOptions, models: [model] },
  );
  expect(report.diagnostics).toEqual([]);
  const run = report.kind === 'test' ? report.models.find(isRun) : undefined;
  return run!;
}

/** Each sentence has claims that the audit bears out, and refutes if they say a value less or another. */
function expectClaims(sentences: readonly Sentence[]): void {
  for (const { claims = [] } of sentences) {
    expect(claims.length).toBeGreaterThan(0);
    for (const claim of claims) {
      expect(auditClaim(claim).faults).toEqual([]);
      expect(claimsNotSo(claim).filter((lie) => auditClaim(lie).faults.length === 0)).toEqual([]);
    }
  }
}

function claimsNotSo(claim: ExecutionClaim): ExecutionClaim[] {
  if (claim.kind === 'some') {
    const { ends, reads } = claim;
    const none: ExecutionClaim = { ...claim, ends: { kind: 'constant', value: false } };
    if (reads === null)
      return ends === null ? [none] : [none, { ...claim, ends: { kind: 'not', operand: ends } }];
    return [
      none,
      { ...claim, reads: { ...reads, value: 77n } },
      { ...claim, reads: { ...reads, location: 'q' } },
    ];
  }
  // whatever is denied of a program that completes, something of it is so
  const { program, model } = claim;
  const isCompletable = searchProgram({ ...program, filter: null }, model).states.length > 0;
  return isCompletable ? [{ ...claim, program: { ...program, filter: null } }] : [];
}

const wait = (x: string): string => `\twhile (READ_ONCE(*${x}) == 0)\n\t\tcpu_relax();\n`;

interface Case {
  readonly name: string;
  readonly body: string;
  readonly expected: readonly string[];
}

const deadlocks: readonly Case[] = [
  {
    name: 'a lock that is taken twice',
    body: 'P0(spinlock_t *l, int *x)\n{\n\tspin_lock(l);\n\tWRITE_ONCE(*x, 1);\n\tspin_lock(l);\n}\nexists (x=1)',
    expected: ['P0:7 spin_lock(l) waits for l, which P0:5 spin_lock(l) has taken and not given back'],
  },
  {
    name: 'a lock that another thread keeps: one of them has it',
    body: 'P0(spinlock_t *l, int *x)\n{\n\tspin_lock(l);\n}\nP1(spinlock_t *l, int *x)\n{\n\tspin_lock(l);\n\tWRITE_ONCE(*x, 1);\n}\nexists (x=1)',
    expected: ['P1:9 spin_lock(l) waits for l, which P0:5 spin_lock(l) has taken and not given back'],
  },
  {
    name: 'two that wait for each other',
    body: `P0(int *x, int *y)\n{\n${wait('x')}\tsmp_store_release(y, 1);\n}\nP1(int *x, int *y)\n{\n${wait('y')}\tsmp_store_release(x, 1);\n}\nexists (x=1)`,
    expected: [
      'P0:5 while (READ_ONCE(*x) == 0) waits for another value: x can only be 0 there',
      'P1:11 while (READ_ONCE(*y) == 0) waits for another value: y can only be 0 there',
    ],
  },
  {
    name: 'one that waits for what nobody writes, after a wait that succeeds',
    body: `P0(int *x, int *y)\n{\n${wait('x')}${wait('y')}}\nP1(int *x, int *y)\n{\n\tWRITE_ONCE(*x, 2);\n\tWRITE_ONCE(*y, 0);\n}\nexists (x=1)`,
    expected: ['P0:7 while (READ_ONCE(*y) == 0) waits for another value: y can only be 0 there'],
  },
  {
    name: 'a value that comes late, among many executions',
    body: `P0(int *x)\n{\n\twhile (READ_ONCE(*x) != 9)\n\t\tcpu_relax();\n}
P1(int *x, int *a)\n{\n\tint r0;\n\tint r1;\n\n\tWRITE_ONCE(*x, 1);\n\tr0 = READ_ONCE(*a);\n\tr1 = READ_ONCE(*a);\n}
P2(int *a)\n{\n\tWRITE_ONCE(*a, 1);\n\tWRITE_ONCE(*a, 2);\n\tWRITE_ONCE(*a, 3);\n}
P3(int *a)\n{\n\tWRITE_ONCE(*a, 4);\n\tWRITE_ONCE(*a, 5);\n\tWRITE_ONCE(*a, 6);\n}
exists (1:r0=1)`,
    expected: ['P0:5 while (READ_ONCE(*x) != 9) waits for another value: x can only be 0 or 1 there'],
  },
  {
    name: 'a load that not every execution has, of few executions',
    body: `P0(int *x, int *y)\n{\n\twhile (READ_ONCE(*x) == 0 || READ_ONCE(*y) == 0)\n\t\tcpu_relax();\n}
P1(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}
exists (x=1)`,
    expected: [
      'P0:5 while (READ_ONCE(*x) == 0 || READ_ONCE(*y) == 0) waits for another value: x can only be 0 or 1 there and y can only be 0 there',
    ],
  },
  {
    name: 'a load that not every execution has: no more is said than was seen',
    body: `P0(int *x, int *y)\n{\n\twhile (READ_ONCE(*x) == 0 || READ_ONCE(*y) == 0)\n\t\tcpu_relax();\n}
P1(int *a)\n{\n\tint r0;\n\n\tr0 = READ_ONCE(*a);\n}
P2(int *a)\n{\n\tWRITE_ONCE(*a, 1);\n\tWRITE_ONCE(*a, 2);\n\tWRITE_ONCE(*a, 3);\n}
P3(int *a)\n{\n\tWRITE_ONCE(*a, 4);\n\tWRITE_ONCE(*a, 5);\n\tWRITE_ONCE(*a, 6);\n}
P4(int *a)\n{\n\tWRITE_ONCE(*a, 7);\n\tWRITE_ONCE(*a, 8);\n}
exists (x=1)`,
    expected: [
      'P0:5 while (READ_ONCE(*x) == 0 || READ_ONCE(*y) == 0) waits for another value: in the executions looked at, which may not be all, x is 0 there',
    ],
  },
  {
    name: 'a filter that nothing passes',
    body: 'P0(int *x)\n{\n\tint r0;\n\tr0 = READ_ONCE(*x);\n}\nP1(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\nfilter (0:r0=2)\nexists (0:r0=1)',
    expected: ['no execution passes the filter of the test: 0:r0=2 never holds: 0:r0 ends as 0 or 1'],
  },
];

describe('a deadlock', () => {
  test.each(deadlocks)('$name', ({ body, expected }) => {
    for (const model of ['lkmm', 'arm64', 'x86', 'sc'] as const) {
      const run = runOf(body, model);
      expect(run.verdict).toBe('Deadlock');
      const { sentences, limit } = explainDeadlock(run.program, run.compiled, defaultSearchOptions);
      expect(limit).toBeNull();
      // what is compiled names its instructions, too
      expect(sentences.map(({ text }) => text.replace(/ \[[^\]]*\]/, ''))).toEqual(expected);
      expectClaims(sentences);
    }
  });

  test('of a search that is stopped is not explained', () => {
    const run = runOf(deadlocks[2]!.body, 'lkmm');
    const options = { ...defaultSearchOptions, expired: () => true };
    expect(explainDeadlock(run.program, run.compiled, options)).toEqual({
      sentences: [],
      limit: 'time limit',
    });
  });
});

const impossible: readonly Case[] = [
  {
    name: 'a value that nobody computes',
    body: 'P0(int *x)\n{\n\tint r0;\n\tr0 = READ_ONCE(*x);\n}\nP1(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\nexists (0:r0=3)',
    expected: ['whatever is read from where, 0:r0=3 never holds: 0:r0 ends as 0 or 1'],
  },
  {
    name: 'values that exclude each other',
    body: 'P0(int *x)\n{\n\tint r0;\n\tint r1;\n\tr0 = READ_ONCE(*x);\n\tr1 = r0 ^ 1;\n}\nP1(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\nexists (0:r0=1 /\\ 0:r1=1)',
    expected: [
      'whatever is read from where, 0:r0=1 /\\ 0:r1=1 never holds as a whole: the threads end with 0:r0=0 and 0:r1=1; 0:r0=1 and 0:r1=0',
    ],
  },
  {
    name: 'values that the filter alone keeps out',
    body: 'P0(int *x)\n{\n\tint r0;\n\tr0 = READ_ONCE(*x);\n}\nP1(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\nfilter (0:r0=0)\nexists (0:r0=1)',
    expected: [
      'whatever is read from where, of what passes the filter 0:r0=0: 0:r0=1 never holds: 0:r0 ends as 0',
    ],
  },
  {
    name: 'a value that nobody computes, with the filter or without',
    body: 'P0(int *x)\n{\n\tint r0;\n\tr0 = READ_ONCE(*x);\n}\nP1(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\nfilter (0:r0=0)\nexists (0:r0=3)',
    expected: ['whatever is read from where, 0:r0=3 never holds: 0:r0 ends as 0 or 1'],
  },
  {
    name: 'nothing, of an outcome that only the model forbids',
    body: 'P0(int *x)\n{\n\tint r0;\n\tint r1;\n\tr0 = READ_ONCE(*x);\n\tr1 = READ_ONCE(*x);\n}\nP1(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n}\nexists (0:r0=1 /\\ 0:r1=0)',
    expected: [],
  },
];

describe('an outcome that no candidate has', () => {
  test.each(impossible)('$name', ({ body, expected }) => {
    const run = runOf(body, 'lkmm');
    const { sentences, limit } = explainImpossible(run.program, true, run.compiled, defaultSearchOptions);
    expect(limit).toBeNull();
    expect(sentences.map(({ text }) => text)).toEqual(expected);
    expectClaims(sentences);
  });
});
