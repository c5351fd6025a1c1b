import { describe, expect, it } from 'vitest';
import { kernelPrimitives } from '../elaborate/primitive-table.js';
import { strongerPrimitives, weakerPrimitives } from './ordering.js';

const table = kernelPrimitives();

describe('the ladder of a primitive', () => {
  it.each([
    ['smp_mb', 'smp_rmb smp_wmb'],
    ['smp_rmb', ''],
    ['smp_mb__after_spinlock', ''],
    ['synchronize_rcu', 'smp_mb smp_rmb smp_wmb'],
    ['synchronize_srcu', 'smp_mb smp_rmb smp_wmb'],
    ['smp_load_acquire', 'READ_ONCE'],
    ['smp_store_release', 'WRITE_ONCE'],
    ['rcu_assign_pointer', 'WRITE_ONCE'],
    ['smp_store_mb', 'WRITE_ONCE'],
    ['set_current_state', '__set_current_state'],
    ['rcu_dereference', ''],
    ['READ_ONCE', ''],
    ['smp_cond_load_acquire', 'smp_cond_load_relaxed'],
    ['xchg', 'xchg_acquire xchg_release xchg_relaxed'],
    ['cmpxchg_acquire', 'cmpxchg_relaxed'],
    ['try_cmpxchg64', 'try_cmpxchg64_acquire try_cmpxchg64_release try_cmpxchg64_relaxed'],
    [
      'atomic_long_fetch_or',
      'atomic_long_fetch_or_acquire atomic_long_fetch_or_release atomic_long_fetch_or_relaxed',
    ],
    ['atomic_read_acquire', 'atomic_read'],
    ['atomic64_set_release', 'atomic64_set'],
    ['atomic_add', ''],
    ['test_and_set_bit', 'test_and_set_bit_lock'],
    ['clear_bit_unlock', 'clear_bit'],
    ['test_bit_acquire', 'test_bit'],
    ['spin_lock', ''],
  ])('of %s leads to %j', (name, expected) => {
    expect(weakerPrimitives(name, table).join(' ')).toBe(expected);
  });

  it.each([
    ['smp_wmb', 'smp_mb'],
    ['READ_ONCE', 'smp_load_acquire'],
    ['WRITE_ONCE', 'smp_store_release'],
    ['__set_current_state', 'set_current_state'],
    ['xchg_relaxed', 'xchg_release xchg_acquire xchg'],
    ['atomic_set', 'atomic_set_release'],
    ['spin_lock', ''],
  ])('of %s, upwards, leads to %j', (name, expected) => {
    expect(strongerPrimitives(name, table).join(' ')).toBe(expected);
  });
});
