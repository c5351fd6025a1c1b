/** Where a test can order more, and that each option, and all at once, is a test that computes the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseLitmus } from '../syntax/parse.js';
import type { SourceFile } from '../text/source.js';
import { prepareTest } from '../verdict/prepare-test.js';
import { uncoveredThreads } from './coverage.js';
import { RepairSearch } from './repair-search.js';
import { withChanges } from './sites.js';
import { isWithin, type Slot } from './slot.js';
import { slotsOf } from './slots.js';

const litmus = fileURLToPath(new URL('../../litmus', import.meta.url));

function slotsIn(source: SourceFile): readonly Slot[] {
  const test = prepareTest(source).value!;
  return slotsOf(parseLitmus(source).value!, test.program, null, () => true);
}

const inC = (body: string): SourceFile => ({
  name: 't.litmus',
  text: `C t\n{}\nP0(int *x, int *y, spinlock_t *l, atomic_t *a, struct task_struct *p)\n{\n${body}\n}\nexists (x=1)\n`,
});

/** One line for each slot. */
function shown(body: string): string[] {
  return slotsIn(inC(body)).map(({ options }) => options.map(({ what }) => what).join(' | '));
}

describe('slots of kernel C', () => {
  it.each([
    [
      'int r0 = READ_ONCE(*x);\nint r1 = r0 + 1;\nWRITE_ONCE(*y, r1);',
      [
        'smp_load_acquire() for P0:5 int r0 = READ_ONCE(*x)',
        'smp_wmb() before P0:7 WRITE_ONCE(*y, r1) | smp_rmb() before P0:7 WRITE_ONCE(*y, r1) | smp_mb() before P0:7 WRITE_ONCE(*y, r1)',
        'smp_store_release() for P0:7 WRITE_ONCE(*y, r1)',
      ],
    ],
    [
      'smp_store_release(x, 1);\nsmp_rmb();\nxchg_acquire(y, 2);',
      [
        'smp_wmb() before P0:7 xchg_acquire(y, 2) | smp_mb() for P0:6 smp_rmb()',
        'xchg() for P0:7 xchg_acquire(y, 2)',
      ],
    ],
    ['atomic_inc(a);\nsmp_mb();\nsmp_store_release(x, 1);', []],
    [
      'spin_lock(l);\natomic_inc(a);\nspin_unlock(l);',
      [
        'smp_mb__after_spinlock() before P0:6 atomic_inc(a) | smp_wmb() before P0:6 atomic_inc(a) | smp_rmb() before P0:6 atomic_inc(a) | smp_mb() before P0:6 atomic_inc(a)',
        'smp_mb__after_atomic() before P0:7 spin_unlock(l) | smp_wmb() before P0:7 spin_unlock(l) | smp_rmb() before P0:7 spin_unlock(l) | smp_mb() before P0:7 spin_unlock(l)',
      ],
    ],
    ['set_current_state(1);', ['smp_store_release() and smp_mb() for P0:5 set_current_state(1)']],
    [
      '*x = READ_ONCE(*y);',
      [
        'WRITE_ONCE() for P0:5 *x = READ_ONCE(*y) | smp_store_release() for P0:5 *x = READ_ONCE(*y)',
        'smp_load_acquire() for P0:5 *x = READ_ONCE(*y)',
      ],
    ],
    [
      'if (smp_load_acquire(x)) {\nsmp_store_release(y, 1);\n}',
      [
        'smp_wmb() before P0:6 smp_store_release(y, 1) | smp_rmb() before P0:6 smp_store_release(y, 1) | smp_mb() before P0:6 smp_store_release(y, 1)',
      ],
    ],
  ])('%j', (body, expected) => {
    expect(shown(body)).toEqual(expected);
  });

  it.each([
    ['\t*x = READ_ONCE(*y);', '\tsmp_store_release(x, smp_load_acquire(y));'],
    ['\tp->__state = 1;', '\tsmp_store_release(&p->__state, 1);'],
    ['\tint r;\n\tr = *x;', '\tint r;\n\tr = smp_load_acquire(x);'],
    ['\t__set_current_state(1);', '\tsmp_store_release(&current->__state, 1);\n\tsmp_mb();'],
  ])('%j at its strongest', (body, expected) => {
    const source = inC(body);
    const strongest = slotsIn(source).map(({ options }) => options.at(-1)!);
    expect(withChanges(source, strongest).text).toBe(inC(expected).text);
  });
});

describe('ways from one access to the next', () => {
  it.each([
    [
      '\tif (READ_ONCE(*x))\n\t\tWRITE_ONCE(*y, 1); // why\n\telse\n\t\tWRITE_ONCE(*y, 2);',
      '\tif (smp_load_acquire(x)) {\n\t\tsmp_mb();\n\t\tsmp_store_release(y, 1); // why\n\t}\n\telse {\n\t\tsmp_mb();\n\t\tsmp_store_release(y, 2);\n\t}',
    ],
    [
      '\tif (READ_ONCE(*x)) WRITE_ONCE(*y, 1);',
      '\tif (smp_load_acquire(x)) { smp_mb(); smp_store_release(y, 1); }',
    ],
    [
      '\tint r = 1;\n\tatomic_inc(a);\n\tif (r)\n\t\tgoto out;\n\tatomic_inc(a);\nout:\n\tatomic_inc(a);',
      '\tint r = 1;\n\tatomic_inc(a);\n\tsmp_mb();\n\tif (r)\n\t\tgoto out;\n\tsmp_mb();\n\tatomic_inc(a);\nout:\n\tsmp_mb();\n\tatomic_inc(a);',
    ],
    [
      '\tint i;\n\tfor (i = 0; i < 2; i++)\n\t\tatomic_inc(a);',
      '\tint i;\n\tfor (i = 0; i < 2; i++) {\n\t\tatomic_inc(a);\n\t\tsmp_mb();\n\t}',
    ],
    [
      '\twhile (READ_ONCE(*x) == 0)\n\t\tatomic_inc(a);',
      '\twhile (smp_load_acquire(x) == 0) { {\n\t\tsmp_mb();\n\t\tatomic_inc(a);\n\t}\n\t\tsmp_mb();\n\t}',
    ],
    [
      '\twhile (READ_ONCE(*x) == 0)\n\t\tcpu_relax();\n\tatomic_inc(a);',
      '\twhile (smp_load_acquire(x) == 0) {\n\t\tcpu_relax();\n\t\tsmp_mb();\n\t}\n\tsmp_mb();\n\tatomic_inc(a);',
    ],
    [
      '\tint i;\n\tfor (i = 0; i < 2; i++) {\n\t\tatomic_inc(a);\n\t\tif (i)\n\t\t\tcontinue;\n\t}',
      '\tint i;\n\tfor (i = 0; i < 2; i++) {\n\t\tatomic_inc(a);\n\t\tsmp_mb();\n\t\tif (i)\n\t\t\tcontinue;\n\t\tsmp_mb();\n\t}',
    ],
    [
      '\tswitch (READ_ONCE(*x)) {\n\tcase 1:\n\t\tatomic_inc(a);\n\t\tbreak;\n\tdefault:\n\t\tatomic_dec(a);\n\t}',
      '\tswitch (smp_load_acquire(x)) {\n\tcase 1:\n\t\tsmp_mb();\n\t\tatomic_inc(a);\n\t\tbreak;\n\tdefault:\n\t\tsmp_mb();\n\t\tatomic_dec(a);\n\t}',
    ],
    [
      '\tguard(spinlock)(l);\n\tatomic_inc(a);',
      '\tguard(spinlock)(l);\n\tsmp_mb();\n\tatomic_inc(a);\n\tsmp_mb();',
    ],
  ])('%j all have a place', (body, expected) => {
    const source = inC(body);
    const changed = withChanges(
      source,
      slotsIn(source).map(({ options }) => options.at(-1)!),
    );
    expect(changed.text).toBe(inC(expected).text);
    expect(uncoveredThreads(prepareTest(changed).value!.program)).toEqual([]);
  });

  it('are noticed if they have none', () => {
    for (const body of [
      'WRITE_ONCE(*y, READ_ONCE(*x));',
      '*x += 1;',
      'if (READ_ONCE(*x) && READ_ONCE(*y)) ;',
    ])
      expect(uncoveredThreads(prepareTest(inC(body)).value!.program), body).toEqual(['P0']);
  });

  it.each([
    ['\n', 'x86'],
    ['\r\n', 'x86 with the line breaks of its file'],
  ])('are those of labels in assembly, %j', (lineBreak) => {
    const rows = (code: string): string =>
      ['X86_64 t', '{ 0:rcx=2; }', ' P0              ;', ...code.split('\n'), 'exists (0:rax=0)', ''].join(
        lineBreak,
      );
    const source = {
      name: 't.litmus',
      text: rows(
        ' movl $1,(x)     ;\n jne M           ;\nL: movl (y),%eax ;\n M: decl %ecx    ;\n jne L           ;',
      ),
    };
    const changed = withChanges(
      source,
      slotsIn(source).map(({ options }) => options.at(-1)!),
    );
    expect(changed.text).toBe(
      rows(
        ' movl $1,(x)     ;\n mfence          ;\n jne M           ;\nL: mfence        ;\n   movl (y),%eax ;\n M: decl %ecx    ;\n mfence          ;\n jne L           ;',
      ),
    );
    expect(uncoveredThreads(prepareTest(changed).value!.program)).toEqual([]);
  });
});

describe('the options of the collection', () => {
  const files = readdirSync(litmus, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.litmus'))
    .sort()
    .filter((_, i) => i % 5 === 0);

  it.each(files)('are tests, one by one and all at once: %s', (path) => {
    const source = { name: path, text: readFileSync(join(litmus, path), 'utf8') };
    const slots = slotsIn(source);
    for (const { options } of slots)
      for (const option of options) {
        expect(prepareTest(withChanges(source, [option])).value, option.what).not.toBe(null);
        expect(isWithin(option, options.at(-1)!), option.what).toBe(true);
      }
    const search = new RepairSearch({
      slots,
      models: [],
      judge: () => 'open',
      isExpired: () => false,
      isMonotone: () => true,
    });
    const { choice, isAll } = search.strongest(() => true);
    expect(isAll).toBe(true);
    expect(prepareTest(withChanges(source, search.optionsOf(choice))).value).not.toBe(null);
  });
});
