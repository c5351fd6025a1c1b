/** Where a test can order more, and that each option, and all at once, is a test that computes the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseLitmus } from '../syntax/parse.js';
import type { SourceFile } from '../text/source.js';
import { prepareTest } from '../verdict/prepare-test.js';
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
