/** What sites are found, and that what is weaker changes order and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Instruction, Program } from '../program/ir.js';
import { positionAt } from '../text/source.js';
import { prepareTest } from '../verdict/prepare-test.js';
import type { Site } from './site.js';
import { defaultSiteOptions, findSites, withChanges } from './sites.js';

const litmus = fileURLToPath(new URL('../../litmus', import.meta.url));
const options = { ...defaultSiteOptions(null), plain: true };

function fileAt(path: string) {
  return { name: path, text: readFileSync(join(litmus, path), 'utf8') };
}

function sitesIn(source: { name: string; text: string }, plain = false): readonly Site[] {
  const found = findSites(source, { ...options, plain });
  expect(found.diagnostics).toEqual([]);
  return found.value ?? [];
}

/** `13 smp_mb(): smp_rmb() smp_wmb() -`. */
function shown(source: { name: string; text: string }): string[] {
  return sitesIn(source).map(({ span, primitive, weaker }) => {
    const forms = weaker.map(({ to }) => to ?? '-').join(' | ');
    return `${positionAt(source, span.start).line} ${primitive}: ${forms}`;
  });
}

const inC = (body: string, before = '') => ({
  name: 't.litmus',
  text: `C t\n{}\n${before}P0(int *x, int *y, spinlock_t *l, atomic_t *a, struct mutex *m, struct srcu_struct *s, int *z)\n{\n${body}\n}\nexists (x=1)\n`,
});

describe('sites of kernel C', () => {
  it.each([
    ['smp_mb();', ['5 smp_mb(): smp_rmb() | smp_wmb() | -']],
    ['smp_store_release(x, 1);', ['5 smp_store_release(): WRITE_ONCE()']],
    ['int r = smp_load_acquire(x);', ['5 smp_load_acquire(): READ_ONCE()']],
    ['int r = xchg_acquire(x, 1);', ['5 xchg_acquire(): xchg_relaxed()']],
    ['int r = atomic_inc_not_zero(a);', ['5 atomic_inc_not_zero(): ']],
    ['atomic_inc(a);\nsmp_mb__after_atomic();', ['6 smp_mb__after_atomic(): -']],
    ['barrier();\ncpu_relax();', ['5 barrier(): -']],
    [
      'spin_lock(l);\nif (*x) {\nspin_unlock(l);\nreturn;\n}\nspin_unlock(l);',
      ['5 spin_lock() ... spin_unlock(): -'],
    ],
    ['int r = spin_trylock(l);\nif (r)\nspin_unlock(l);', ['5 spin_trylock() ... spin_unlock(): ']],
    ['guard(mutex)(m);', ['5 guard(mutex): -']],
    [
      'scoped_guard (mutex, m) {\nsmp_mb();\n}',
      ['5 scoped_guard(mutex): -', '6 smp_mb(): smp_rmb() | smp_wmb() | -'],
    ],
    [
      'rcu_read_lock();\nrcu_read_lock();\nrcu_read_unlock();\nrcu_read_unlock();',
      ['5 rcu_read_lock() ... rcu_read_unlock(): -', '6 rcu_read_lock() ... rcu_read_unlock(): -'],
    ],
    [
      'int i = srcu_read_lock(s);\nsrcu_read_unlock(s, i);\nsynchronize_srcu(s);',
      [
        '5 srcu_read_lock() ... srcu_read_unlock(): -',
        '7 synchronize_srcu(): smp_mb() | smp_rmb() | smp_wmb() | -',
      ],
    ],
  ])('%s', (body, expected) => {
    expect(shown(inC(body))).toEqual(expected);
  });

  it.each([
    ['\tsmp_store_release(x, 1);', 'WRITE_ONCE()', '\tWRITE_ONCE(*x, 1);'],
    ['\tsmp_store_release(&x[READ_ONCE(*z)], 1);', 'WRITE_ONCE()', '\tWRITE_ONCE(x[READ_ONCE(*z)], 1);'],
    ['\tint r = smp_load_acquire(x + 1);', 'READ_ONCE()', '\tint r = READ_ONCE(*(x + 1));'],
    ['\tif (*x)\n\t\tsmp_mb();', null, '\tif (*x)\n\t\t;'],
    [
      '\tint i;\n\tfor (i = 0; i < 1; smp_mb(), i++)\n\t\t;',
      null,
      '\tint i;\n\tfor (i = 0; i < 1; 0, i++)\n\t\t;',
    ],
    ['\tsmp_mb(); /* pairs */\n\t*x = 1;', null, '\t*x = 1;'],
    ['\tspin_lock(l);\n\t*x = 1;\n\tspin_unlock(l);', null, '\t*x = 1;'],
    ['\tspin_lock(l); spin_unlock(l); *x = 1;', null, '\t*x = 1;'],
    ['\tsynchronize_srcu(s);', 'smp_mb()', '\tsmp_mb();'],
    ['\tint i = srcu_read_lock(s);\n\tsrcu_read_unlock(s, i);', null, '\tint i = 0;'],
    ['\tif (mutex_lock_interruptible(m))\n\t\treturn;\n\tmutex_unlock(m);', null, '\tif (0)\n\t\treturn;'],
    ['\tscoped_guard (mutex, m) {\n\t\t*x = 1;\n\t}', null, '\t{\n\t\t*x = 1;\n\t}'],
  ])('%j, %s: %j', (body, to, expected) => {
    const source = inC(body);
    const change = sitesIn(source)[0]?.weaker.find((form) => form.to === to);
    expect(change).toBeDefined();
    expect(withChanges(source, [change!]).text).toBe(inC(expected).text.replace('\n\n}', '\n}'));
  });

  it('leaves a lock alone whose other half is elsewhere', () => {
    const helper = 'static void leave(spinlock_t *l)\n{\n\tspin_unlock(l);\n}\n\n';
    expect(shown(inC('spin_lock(l);\nleave(l);', helper))).toEqual(['10 spin_lock(): ']);
  });
});

describe('sites of tables', () => {
  it('are words, marks and C of a sketch', () => {
    expect(shown(fileAt('blocked-on-vs-state/race-sketch.litmus'))).toEqual([
      '21 LOCK: -',
      '24 MB: RMB | WMB | -',
      '21 ACQUIRE: -',
      '23 RMB: -',
    ]);
  });

  it('keep their columns', () => {
    const text =
      'Sketch t\n{}\n CPU0       | CPU1            ;\n [W.rel] x=1 | r0 = [R.acq] y ;\n MB          |                ;\n [W] y=1     | WMB            ;\n             | r1 = [RMW] x=2 ;\nexists (CPU1:r0=1)\n';
    const source = { name: 't.litmus', text };
    const changes = sitesIn(source).map(({ weaker }) => weaker.at(-1)!);
    expect(withChanges(source, changes).text).toBe(
      'Sketch t\n{}\n CPU0       | CPU1            ;\n [W] x=1     | r0 = [R] y     ;\n [W] y=1     |                ;\n             | r1 = [RMW.rlx] x=2 ;\nexists (CPU1:r0=1)\n',
    );
  });

  it('are instructions of AArch64', () => {
    const text =
      'AArch64 t\n{ 0:X1=x; }\n P0              ;\n LDAR W0,[X1]    ;\n DMB ISH         ;\n STLRB W0,[X1]   ;\n CASAL W2,W0,[X1] ;\n DSB SY          ;\n STADDL W2,[X1]  ;\n dmb ld          ;\n LDXR W0,[X1]    ;\n ISB             ;\nexists (x=1)\n';
    expect(shown({ name: 't.litmus', text })).toEqual([
      '4 LDAR: LDAPR | LDR',
      '5 DMB ISH: DMB ISHLD | DMB ISHST | -',
      '6 STLRB: STRB',
      '7 CASAL: CASA | CASL | CAS',
      '8 DSB SY: DMB SY | DSB LD | DSB ST | -',
      '9 STADDL: STADD',
      '10 dmb ld: -',
      '12 ISB: -',
    ]);
  });

  it('are instructions of x86', () => {
    const text =
      'X86_64 t\n{}\n P0                 ;\n mfence             ;\n lock addl $0,(x)   ;\n xchgl %eax,(x)     ;\n sfence             ;\nexists (x=1)\n';
    const source = { name: 't.litmus', text };
    expect(shown(source)).toEqual([
      '4 mfence: sfence | lfence | -',
      '5 lock addl: addl',
      '6 xchgl: ',
      '7 sfence: -',
    ]);
    expect(withChanges(source, [sitesIn(source)[1]!.weaker[0]!]).text).toContain('\n addl $0,(x)        ;');
  });
});

const ORDER = new Set(['tags', 'zeroTags', 'readTags', 'writeTags', 'fences', 'source', 'target', 'join']);

/** What an instruction does, without order and without the places of branches. */
function bare(instruction: Instruction): string {
  const plain = (key: string, value: unknown): unknown => {
    if (key === 'inRow') return null;
    return typeof value === 'bigint' ? `${value}` : value;
  };
  const entries = Object.entries(instruction).filter(([key]) => !ORDER.has(key));
  const { fail } = instruction.kind === 'rmw' ? instruction : { fail: null };
  return JSON.stringify([entries.filter(([key]) => key !== 'fail'), fail?.result], plain);
}

function computation({ threads }: Program): string[][] {
  return threads.map(({ code }) => code.filter(({ kind }) => kind !== 'fence').map(bare));
}

describe('what is weaker', () => {
  const files = readdirSync(litmus, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.litmus'),
  );

  it.each(files)('is a test that computes the same: %s', (path) => {
    const source = fileAt(path);
    const before = prepareTest(source).value!;
    for (const { weaker, ends, statement } of sitesIn(source, true))
      for (const change of weaker) {
        const changed = withChanges(source, [change]);
        const after = prepareTest(changed);
        expect(
          after.diagnostics.filter(({ severity }) => severity === 'error'),
          `${statement} ${change.to}`,
        ).toEqual([]);
        const isSection = ends.length > 0 || /lock|guard|ACQUIRE/i.test(statement);
        if (!isSection && change.plain !== true)
          expect(computation(after.value!.program)).toEqual(computation(before.program));
      }
  });
});
