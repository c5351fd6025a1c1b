/** The table of primitives against the event vocabulary and itself. */
import { describe, expect, it } from 'vitest';
import { tags } from '../program/vocabulary.js';
import { kernelPrimitives } from './primitive-table.js';
import { orderTags } from './primitives.js';

const primitives = kernelPrimitives();
const known = new Set(tags.lkmm);

describe('primitives', () => {
  it('have tags of the vocabulary', () => {
    for (const { action } of primitives.values())
      if ('tags' in action) expect(action.tags.filter((tag) => !known.has(tag))).toEqual([]);
    for (const order of ['full', 'acquire', 'release', 'relaxed'] as const) {
      const { read, write } = orderTags(order);
      expect([...read, ...write].filter((tag) => !known.has(tag))).toEqual([]);
    }
  });

  it("have the kernel's families in full", () => {
    const names = [
      'atomic_fetch_add',
      'atomic_add_return_acquire',
      'atomic_long_fetch_andnot_release',
      'atomic64_inc_return_relaxed',
      'atomic_dec',
      'atomic_try_cmpxchg_acquire',
      'atomic_long_xchg_release',
      'cmpxchg_relaxed',
      'try_cmpxchg',
      'xchg',
      'atomic_sub_and_test',
      'atomic_dec_and_test',
      'atomic64_inc_and_test',
      'atomic_add_negative',
      'atomic_add_unless',
      'atomic_long_inc_not_zero',
      'raw_spin_lock_irqsave',
      'spin_unlock_bh',
      'raw_spin_trylock',
      'mutex_trylock',
      'atomic_dec_if_positive',
      'atomic64_inc_unless_negative',
      'atomic_long_dec_unless_positive',
      'atomic_add_negative_relaxed',
      'atomic_cond_read_acquire',
      'cmpxchg64_acquire',
      'try_cmpxchg64_relaxed',
      'test_and_change_bit',
      '__test_and_clear_bit',
      'clear_bit_unlock',
      'raw_spin_lock_irqsave_nested',
      'mutex_lock_killable_nested',
      'write_lock_irqsave',
      'read_trylock',
      'down_write_killable',
      'up_read',
    ];
    expect(names.filter((name) => !primitives.has(name))).toEqual([]);
    const invented = [
      'atomic_and_return',
      'atomic_add_acquire',
      'atomic_or_and_test',
      'atomic_add_and_test',
      'mutex_lock_irq',
      'atomic_dec_if_positive_relaxed',
      'set_bit_acquire',
      'raw_read_lock',
      'down_write_interruptible',
    ];
    expect(invented.filter((name) => primitives.has(name))).toEqual([]);
  });

  it('know variants of type and interrupt state by one name', () => {
    const name = (text: string): string | undefined => primitives.get(text)?.primitive;
    expect(name('raw_spin_lock_irqsave')).toBe('spin_lock');
    expect(name('atomic_long_fetch_add_relaxed')).toBe('atomic_fetch_add_relaxed');
    expect(name('atomic64_set')).toBe('atomic_set');
    expect(name('set_current_state')).toBe('smp_store_mb');
    expect(name('rcu_read_lock_bh')).toBe('rcu_read_lock');
    expect(name('xchg_acquire')).toBe('xchg_acquire');
  });
});
