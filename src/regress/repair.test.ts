/** Repairs of the project's own tests, by what their verdicts and their names say. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../text/source.js';
import { userModel } from '../verdict/judge.js';
import { isRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { findRepairs, type Repair, type RepairReport } from './repair.js';
import { renderRepairs } from './repair-text.js';
import { defaultVariantOptions } from './variants.js';

const litmus = fileURLToPath(new URL('../../litmus', import.meta.url));

function fileAt(path: string): SourceFile {
  return { name: `litmus/${path}.litmus`, text: readFileSync(join(litmus, `${path}.litmus`), 'utf8') };
}

function repairOf(source: SourceFile, maxChanges = 2): RepairReport {
  const { report, diagnostics } = findRepairs(source, { ...defaultVariantOptions, maxChanges });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return report!;
}

function repairsOf({ outcome }: RepairReport): readonly Repair[] {
  return outcome.kind === 'repairs' ? outcome.repairs : [];
}

function shown({ changes, costs }: Repair): string {
  const prices = costs.map(({ target, instructions }) => `${target} ${instructions}`).join(', ');
  return `${changes.map(({ what }) => what).join(' and ')}: ${prices}`;
}

/** The writer orders its plain store; what the reader does is in the way of GAP. */
const racy = `C racy

{}

P0(int *x, int *y)
{
	*x = 1;
	smp_wmb();
	WRITE_ONCE(*y, 1);
}

P1(int *x, int *y)
{
	int r0;
	int r1;
	r0 = READ_ONCE(*y);
	GAP
	r1 = *x;
}

exists (1:r0=1 /\\ 1:r1=0)
`;

/** Expected of each test: the ways, or why there is none. */
const cases: readonly (readonly [path: string, expected: readonly string[] | string])[] = [
  [
    'blocked-on-vs-state/race',
    [
      'smp_wmb() before P0:34 WRITE_ONCE(p->__state, 1): arm64 dmb ishst, x86 nothing',
      'smp_store_release() for P0:34 WRITE_ONCE(p->__state, 1): arm64 stlr for str, x86 nothing',
    ],
  ],
  [
    'blocked-on-vs-state/race-sketch',
    [
      'WMB before CPU0:23 [W] p->__state = 1: arm64 dmb ishst, x86 nothing',
      '[W.rel] for CPU0:23 [W] p->__state = 1: arm64 stlr for str, x86 nothing',
    ],
  ],
  [
    'blocked-on-vs-state/no-fix-lock-between',
    [
      'smp_wmb() before P0:31 raw_spin_lock(&p->blocked_lock): arm64 dmb ishst, x86 nothing',
      'smp_wmb() before P0:32 set_current_state(TASK_UNINTERRUPTIBLE): arm64 dmb ishst, x86 nothing',
      'smp_store_release() and smp_mb() for P0:32 set_current_state(TASK_UNINTERRUPTIBLE): arm64 stlr for str, x86 lock addl for xchgl',
      'smp_mb__after_spinlock() before P0:32 set_current_state(TASK_UNINTERRUPTIBLE): arm64 dmb ish, x86 nothing',
    ],
  ],
  [
    'blocked-on-vs-state/no-fix-reader-without-rmb',
    [
      'smp_load_acquire() for P1:41 state = READ_ONCE(p->__state): arm64 ldar for ldr, x86 nothing',
      'smp_rmb() before P1:42 blocked_on = READ_ONCE(p->blocked_on): arm64 dmb ishld, x86 nothing',
    ],
  ],
  [
    'ttwu-vs-schedule/sleeper-without-mb',
    [
      'set_current_state() for P0:30 __set_current_state(TASK_INTERRUPTIBLE): arm64 dmb ish, x86 xchgl',
      'smp_mb() before P0:31 seen = READ_ONCE(*cond): arm64 dmb ish, x86 lock addl',
    ],
  ],
  [
    'assembly/arm64-race',
    ['DMB ISHST before P0:22 STR W0,[X2]: arm64 dmb ishst', 'STLR for P0:22 STR W0,[X2]: arm64 stlr for str'],
  ],
  ['assembly/x86-movnti', ['sfence before P0:15 movl $1,(flag): x86 sfence']],
  [
    'assembly/x86-cmpxchg-unlocked',
    [
      'lock cmpxchgl for P0:15 cmpxchgl %ecx,(owner) and lock cmpxchgl for P1:15 cmpxchgl %ecx,(owner): x86 2 lock cmpxchgl',
    ],
  ],
  ['blocked-on-vs-state/fix-wmb', 'nothing-to-do'],
  ['blocked-on-vs-state/fix-release', 'nothing-to-do'],
  ['blocked-on-vs-state/no-fix-swapped', 'interleaving'],
  ['migration/move-check-then-act', 'interleaving'],
];

describe('repair', () => {
  it.each(cases)('%s', (path, expected) => {
    const report = repairOf(fileAt(path));
    if (typeof expected === 'string') expect(report.outcome.kind).toBe(expected);
    else expect(repairsOf(report).map(shown)).toEqual(expected);
    expect(report.limit).toBe(null);
  });

  it('changes the writer of the race, never the reader alone', () => {
    for (const path of ['plain-as-coded', 'no-fix-stronger-reader']) {
      const { outcome } = repairOf(fileAt(`blocked-on-vs-state/${path}`));
      expect(outcome.kind).toBe('repairs');
      if (outcome.kind !== 'repairs') continue;
      for (const { threads } of outcome.repairs) expect(threads, path).toContain('P0');
      expect(outcome.uselessAlone, path).toEqual(['P1']);
    }
  });

  it('says that a thread in which all is in order already is not enough', () => {
    const half = `X86_64 half\n\n{}\n\n P0            | P1            ;\n movl $1,(x)   | movl $1,(y)   ;\n mfence        |               ;\n movl (y),%eax | movl (x),%eax ;\n\nexists (0:rax=0 /\\ 1:rax=0)\n`;
    const { outcome } = repairOf({ name: 'half.litmus', text: half });
    expect(outcome).toMatchObject({ kind: 'repairs', uselessAlone: ['P0'] });
  });

  it('asks about a counterexample of forall', () => {
    const source = fileAt('blocked-on-vs-state/race');
    const text = source.text.replace('exists (1:r0=1 /\\ 1:r1=0)', 'forall (1:r0=0 \\/ 1:r1=1)');
    expect(text).not.toBe(source.text);
    const report = repairOf({ ...source, text });
    expect(report.judgements.map(({ verdict }) => verdict)).toEqual(['Sometimes', 'Sometimes', 'Always']);
    expect(repairsOf(report).map(shown)).toEqual(cases[0]![1]);
    expect(repairsOf(report)[0]?.judgements.map(({ verdict }) => verdict)).toEqual([
      'Always',
      'Always',
      'Always',
    ]);
  });

  it('finds a larger set if the number of changes is too small for any', () => {
    const path = 'handoff/see-state-or-unlock-lockless';
    const one = repairOf(fileAt(path), 1).outcome;
    expect(one.kind).toBe('none');
    if (one.kind !== 'none') return;
    expect(one.hopeless).toBe(false);
    expect(one.larger?.changes).toHaveLength(2);
  });

  it.each(['first', 'also'])('ends the data race of %s, which no barrier does', (name) => {
    const isAlso = name === 'also';
    const text = racy.replace('GAP', isAlso ? 'smp_rmb();' : '');
    const report = repairOf({ name: 'racy.litmus', text });
    expect(report.judgements[0]).toMatchObject({
      verdict: isAlso ? 'Never' : 'Sometimes',
      flags: ['data-race'],
    });
    const marks = ['WRITE_ONCE() for P0:7 *x = 1', 'READ_ONCE() for P1:18 r1 = *x'];
    const found = repairsOf(report).map(({ changes }) => changes.map(({ what }) => what));
    expect(found).toEqual(
      isAlso
        ? [marks]
        : [
            [marks[0], 'smp_load_acquire() for P1:16 r0 = READ_ONCE(*y)', marks[1]],
            [marks[0], 'smp_rmb() before P1:18 r1 = *x', marks[1]],
          ],
    );
    for (const { judgements } of repairsOf(report))
      for (const { verdict, flags } of judgements) expect([verdict, flags]).toEqual(['Never', []]);
    const rendered = renderRepairs(report, { width: 200, most: 10 });
    expect(rendered).toContain('and free of data-race, under lkmm, arm64 and x86');
    expect(rendered).not.toContain('nothing to repair');
  });

  it('says that a data race stays if nothing ends it, and raises none', () => {
    const text = racy.replace('*x = 1;', '(*x)++;').replace('GAP', '');
    const report = repairOf({ name: 'racy.litmus', text });
    expect(report.endsFlags).toBe(false);
    expect(repairsOf(report).length).toBeGreaterThan(0);
    const rendered = renderRepairs(report, { width: 200, most: 10 });
    expect(rendered).toContain('The flag stays: data-race under lkmm.');
    expect(rendered).not.toContain('free of');
    const done = repairOf({ name: 'racy.litmus', text: text.replace('r1 = *x', 'smp_rmb(); r1 = *x') });
    expect(done.outcome.kind).toBe('flags-stay');
    expect(renderRepairs(done, { width: 200, most: 10 })).toContain('raises data-race: no marks');
  });

  it('says that a limit leaves it open', () => {
    let asked = 0;
    const expired = (): boolean => ++asked > 40;
    const { report } = findRepairs(fileAt('blocked-on-vs-state/race'), {
      ...defaultVariantOptions,
      maxChanges: 2,
      expired,
    });
    expect(report?.limit).toMatch(/time limit/);
    expect(renderRepairs(report!, { width: 80, most: 10 })).toContain('Incomplete: a limit was hit');
  });
});

/** P0 writes x, then may go to `out`; P1 is the other half of store buffering. */
const jumping = (first: string, second: string): string =>
  `C t\n\n{}\n\nP0(int *x, int *y, int *z)\n{\n\tint r0 = 5;\n\tint r1 = 1;\n\n\t${first}\n\t${second}\n}\n\nP1(int *x, int *y)\n{\n\tint r0;\n\n\tWRITE_ONCE(*y, 1);\n\tsmp_mb();\n\tr0 = READ_ONCE(*x);\n}\n\nexists (0:r0=0 /\\ 1:r0=0)\n`;

describe('what is concluded if nothing helps', () => {
  it('is not said of a thread in which a jump passes a barrier', () => {
    const text = jumping(
      'WRITE_ONCE(*x, 1);',
      'if (r1)\n\t\tgoto out;\n\tWRITE_ONCE(*z, 1);\nout:\n\tr0 = READ_ONCE(*y);',
    );
    const report = repairOf({ name: 't.litmus', text });
    expect(repairsOf(report).map(({ changes }) => changes.map(({ what }) => what))).toEqual([
      ['smp_mb() before P0:11 if (r1)'],
      ['smp_mb() before P0:15 r0 = READ_ONCE(*y)'],
    ]);
    expect(report.outcome).toMatchObject({ uselessAlone: ['P1'] });
    expect(report.uncovered).toEqual([]);
  });

  it('is about the places that were tried if there are others', () => {
    const text = jumping('int r2 = 0;', 'r2 = xchg_relaxed(x, 1) + READ_ONCE(*y);').replace(
      '0:r0=0',
      '0:r2=0',
    );
    const report = repairOf({ name: 't.litmus', text });
    expect(report.uncovered).toEqual(['P0']);
    const { outcome } = report;
    if (outcome.kind === 'repairs') expect(outcome.uselessAlone).toEqual(['P1']);
    expect(renderRepairs(report, { width: 100, most: 1 })).toContain('Not tried');
  });

  it('is not that interleaving allows it under a model that may allow less', () => {
    const text =
      'C t\n\n{}\n\nP0(int *x, int *y)\n{\n\tWRITE_ONCE(*x, 1);\n\tWRITE_ONCE(*y, 1);\n}\n\nP1(int *x, int *y)\n{\n\tint r0;\n\tint r1;\n\n\tr0 = READ_ONCE(*y);\n\tr1 = READ_ONCE(*x);\n}\n\nexists (1:r0=0 /\\ 1:r1=0)\n';
    // barriers make both writes visible to begin with
    const cat = '"early"\nirreflexive [W]; po; [Wmb]; po; [W]; fr^-1; [R]; po; [R]; fr as early\n';
    const model = userModel({
      name: 'own',
      source: { name: 'own.cat', text: cat },
      resolveInclude: () => null,
      options: {},
      target: null,
    });
    const { report } = findRepairs(
      { name: 't.litmus', text },
      { ...defaultVariantOptions, models: [model], maxChanges: 2 },
    );
    expect(repairsOf(report!).map(({ changes }) => changes.map(({ to }) => to))).toEqual([['smp_wmb()']]);
    expect(report!.isMonotone).toBe(false);
  });

  it('is asked one by one where a full read-modify-write that fails is weaker than an acquire', () => {
    const text =
      'C t\n\n{}\n\nP0(atomic_t *x, int *y)\n{\n\tint r0;\n\tint r1;\n\n\tr0 = atomic_cmpxchg_relaxed(x, 5, 6);\n\tr1 = READ_ONCE(*y);\n}\n\nP1(atomic_t *x, int *y)\n{\n\tWRITE_ONCE(*y, 1);\n\tsmp_wmb();\n\tatomic_set(x, 1);\n}\n\nexists (0:r0=1 /\\ 0:r1=0)\n';
    const { report } = findRepairs(
      { name: 't.litmus', text },
      { ...defaultVariantOptions, models: ['arm64'], atomics: 'llsc', maxChanges: 2 },
    );
    expect(repairsOf(report!).map(({ changes }) => changes.map(({ to }) => to))).toEqual([
      ['atomic_cmpxchg_acquire()'],
      ['smp_rmb()'],
    ]);
  });
});

const text = `C t

{}

P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);
}

P1(int *x, int *y)
{
	int r0;
	int r1;

	r0 = READ_ONCE(*y); /* the flag */
	if (r0) {
		r1 = READ_ONCE(*x);
	}
}

exists (1:r0=1 /\\ 1:r1=0)
`;

describe('the diff of a repair', () => {
  it('keeps the style of the file', () => {
    const report = repairOf({ name: 'dir/t.litmus', text });
    const diffs = repairsOf(report).map(({ diff }) => diff);
    expect(diffs[0]).toBe(
      [
        '--- a/dir/t.litmus',
        '+++ b/dir/t.litmus',
        '@@ -4,7 +4,7 @@',
        ' ',
        ' P0(int *x, int *y)',
        ' {',
        '-\tWRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);',
        '+\tWRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);',
        ' }',
        ' ',
        ' P1(int *x, int *y)',
        '@@ -12,7 +12,7 @@',
        ' \tint r0;',
        ' \tint r1;',
        ' ',
        '-\tr0 = READ_ONCE(*y); /* the flag */',
        '+\tr0 = smp_load_acquire(y); /* the flag */',
        ' \tif (r0) {',
        ' \t\tr1 = READ_ONCE(*x);',
        ' \t}',
        '',
      ].join('\n'),
    );
  });

  it('is applied by git, and gives the test that was judged', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fencepost-repair-'));
    try {
      for (const path of [
        'blocked-on-vs-state/real-code',
        'blocked-on-vs-state/race-sketch',
        'assembly/arm64-race',
      ]) {
        const source = fileAt(path);
        const file = join(folder, source.name);
        for (const { diff, changed, changes } of repairsOf(repairOf(source))) {
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, source.text);
          execFileSync('git', ['apply', '-'], { cwd: folder, input: diff });
          expect(readFileSync(file, 'utf8')).toBe(changed.text);
          const report = runTest(changed, { ...defaultRunOptions });
          const runs = report.kind === 'test' ? report.models.filter(isRun) : [];
          expect(runs.length).toBeGreaterThan(1);
          for (const { verdict } of runs) expect(verdict, changes[0]?.what).toBe('Never');
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a limit', () => {
  it('at whatever moment never leaves a report that reads as complete, and is not', () => {
    const source = fileAt('blocked-on-vs-state/race');
    let asked = 0;
    const within = (calls: number): RepairReport => {
      asked = 0;
      const expired = (): boolean => ++asked > calls;
      return findRepairs(source, { ...defaultVariantOptions, maxChanges: 2, expired }).report!;
    };
    const told = ({ outcome }: RepairReport): unknown =>
      outcome.kind === 'repairs' ? [outcome.repairs.map(({ diff }) => diff), outcome.uselessAlone] : outcome;
    const whole = within(Number.POSITIVE_INFINITY);
    const all = asked;
    expect(whole.limit).toBeNull();
    const reports = Array.from({ length: 12 }, (_, i) => within(Math.floor((all * i) / 12)));
    expect(reports.some(({ limit }) => limit !== null)).toBe(true);
    for (const report of reports) if (report.limit === null) expect(told(report)).toEqual(told(whole));
  });
});
