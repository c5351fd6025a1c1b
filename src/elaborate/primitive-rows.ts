/**
 * Rows of the table of primitives: accesses, barriers, RCU, and what is refused.
 *
 * Source: the kernel's tools/memory-model/linux-kernel.def and .bell for the meaning under its model; include/asm-generic/barrier.h
 * for smp_acquire__after_ctrl_dep (a read barrier); include/linux/rcupdate.h and srcu.h.
 */
import {
  type Action,
  LOAD_ACQUIRE,
  LOAD_ONCE,
  ONCE,
  type Parameter,
  type Row,
  STORE_ONCE,
  STORE_RELEASE,
} from './primitives.js';

const ACCESSES: readonly Row[] = [
  ['READ_ONCE', ['place'], LOAD_ONCE],
  ['WRITE_ONCE', ['place', 'value'], STORE_ONCE],
  ['smp_load_acquire', ['pointer'], LOAD_ACQUIRE],
  ['smp_store_release', ['pointer', 'value'], STORE_RELEASE],
  ['smp_store_mb', ['place', 'value'], { kind: 'store', tags: ONCE, barrier: true }],
  ['set_current_state', ['value'], { kind: 'set-state', barrier: true }, 'smp_store_mb'],
  ['__set_current_state', ['value'], { kind: 'set-state', barrier: false }],
  ['rcu_assign_pointer', ['place', 'value'], STORE_RELEASE],
  ['RCU_INIT_POINTER', ['place', 'value'], STORE_ONCE],
  ['smp_cond_load_relaxed', ['pointer', 'condition'], { kind: 'wait', tags: ONCE }],
  ['smp_cond_load_acquire', ['pointer', 'condition'], { kind: 'wait', tags: ['Acquire'] }],
];

const FENCES: readonly (readonly [string, string])[] = [
  ['smp_mb', 'Mb'],
  ['smp_rmb', 'Rmb'],
  ['smp_wmb', 'Wmb'],
  ['barrier', 'Barrier'],
  // Every architecture's definition clobbers memory: a compiler barrier.
  ['cpu_relax', 'Barrier'],
  ['smp_mb__before_atomic', 'Before-atomic'],
  ['smp_mb__after_atomic', 'After-atomic'],
  ['smp_mb__after_spinlock', 'After-spinlock'],
  ['smp_mb__after_unlock_lock', 'After-unlock-lock'],
  ['smp_acquire__after_ctrl_dep', 'Rmb'],
  ['smp_mb__after_srcu_read_unlock', 'After-srcu-read-unlock'],
];

const NOTHING: readonly (readonly [string, readonly Parameter[]])[] = [
  ...[
    'lockdep_assert_held',
    'lockdep_assert_held_read',
    'lockdep_assert_held_write',
    'lockdep_assert_not_held',
    'assert_spin_locked',
    'assert_raw_spin_locked',
  ].map((name): readonly [string, readonly Parameter[]] => [name, ['lockdep']]),
  ['might_sleep', []],
];

function* rcuRows(): Generator<Row> {
  const fence = (tag: string): Action => ({ kind: 'fence', tags: [tag] });
  // Since v4.20 a grace period waits for readers of all three kinds.
  for (const kind of ['', '_bh', '_sched']) {
    yield [`rcu_read_lock${kind}`, [], fence('Rcu-lock'), 'rcu_read_lock'];
    yield [`rcu_read_unlock${kind}`, [], fence('Rcu-unlock'), 'rcu_read_unlock'];
    yield [`rcu_dereference${kind}`, ['place'], LOAD_ONCE, 'rcu_dereference'];
    yield [`rcu_dereference${kind}_check`, ['place', 'lockdep'], LOAD_ONCE, 'rcu_dereference'];
  }
  for (const name of ['synchronize_rcu', 'synchronize_rcu_expedited', 'synchronize_net'])
    yield [name, [], fence('Sync-rcu'), 'synchronize_rcu'];
  yield ['rcu_dereference_raw', ['place'], LOAD_ONCE, 'rcu_dereference'];
  yield ['rcu_dereference_protected', ['place', 'lockdep'], { kind: 'load', tags: ['Plain'] }];
  yield ['rcu_access_pointer', ['place'], LOAD_ONCE];
  yield ['srcu_dereference', ['place', 'lockdep'], LOAD_ONCE, 'rcu_dereference'];
  for (const name of ['srcu_read_lock', 'srcu_read_lock_nmisafe', 'srcu_down_read'])
    yield [name, ['domain'], { kind: 'srcu', step: 'lock', tags: ['Srcu-lock'] }, 'srcu_read_lock'];
  for (const name of ['srcu_read_unlock', 'srcu_read_unlock_nmisafe', 'srcu_up_read'])
    yield [
      name,
      ['domain', 'value'],
      { kind: 'srcu', step: 'unlock', tags: ['Srcu-unlock'] },
      'srcu_read_unlock',
    ];
  for (const name of ['synchronize_srcu', 'synchronize_srcu_expedited'])
    yield [name, ['domain'], { kind: 'srcu', step: 'synchronize', tags: ['Sync-srcu'] }, 'synchronize_srcu'];
}

const SAME: readonly (readonly [string, boolean])[] = [
  ['likely', true],
  ['unlikely', true],
  ['WARN_ON', true],
  ['WARN_ON_ONCE', true],
  ['data_race', false],
];

const REFUSED: readonly (readonly [string, string])[] = [
  ...['call_rcu', 'call_srcu'].map((name): readonly [string, string] => [
    name,
    'runs a callback in no thread of the test: write that as a thread that starts with synchronize_rcu()',
  ]),
  ...['rcu_barrier', 'srcu_barrier'].map((name): readonly [string, string] => [
    name,
    'waits for callbacks, which are not modelled',
  ]),
  ...['kfree_rcu', 'kvfree_rcu', 'kfree_rcu_mightsleep'].map((name): readonly [string, string] => [
    name,
    'is not modelled: cells are never freed; write synchronize_rcu() and the store that shows the reuse',
  ]),
  ['rcu_replace_pointer', 'is two accesses: write rcu_dereference_protected() and rcu_assign_pointer()'],
  ['guard', 'is a statement of its own: `guard(mutex)(&lock);`'],
  ['scoped_guard', 'is a statement of its own: `scoped_guard (mutex, &lock) { ... }`'],
  ...['cmpxchg_local', 'cmpxchg64_local', 'try_cmpxchg_local', 'try_cmpxchg64_local'].map(
    (name): readonly [string, string] => [
      name,
      `is atomic on its own CPU only: write ${name.replace('_local', '_relaxed')}() if others do not write the cell`,
    ],
  ),
  ['cmpxchg128', 'changes 128 bits at once: cells are 64 bits wide at most'],
  ...['assign_bit', '__assign_bit'].map((name): readonly [string, string] => [
    name,
    'sets or clears a bit: write set_bit() or clear_bit() under an `if`',
  ]),
  ...['ERR_PTR', 'PTR_ERR', 'IS_ERR', 'IS_ERR_OR_NULL'].map((name): readonly [string, string] => [
    name,
    'is about error numbers kept in pointers: write NULL for an error, and `!p` to ask',
  ]),
  ...['container_of', 'list_entry', 'list_entry_rcu'].map((name): readonly [string, string] => [
    name,
    'leads from a field to its struct: an address has no number here; keep a pointer to the struct',
  ]),
  [
    'downgrade_write',
    'is not supported: write up_write() and then down_read(), between which another writer may come',
  ],
  ['xor_unlock_is_negative_byte', 'works on a byte of the word: parts of a cell are not modelled'],
  ...['mb', 'rmb', 'wmb'].map((name): readonly [string, string] => [
    name,
    `orders accesses of devices, too; between CPUs it is smp_${name}()`,
  ]),
  ...['preempt_disable', 'preempt_enable', 'local_irq_disable', 'local_irq_enable'].map(
    (name): readonly [string, string] => [
      name,
      'has no effect on other CPUs but that RCU waits for it: leave it out, or write rcu_read_lock_sched() and rcu_read_unlock_sched()',
    ],
  ),
  ...['schedule', 'wake_up_process', 'try_to_wake_up', 'wake_up'].map((name): readonly [string, string] => [
    name,
    'is no primitive but code of the kernel: write the accesses of it that matter',
  ]),
];

/** Accesses, barriers, RCU, what only passes a value on, and what is refused with a reason. */
export function* generalRows(): Generator<Row> {
  yield* ACCESSES;
  for (const [name, tag] of FENCES) yield [name, [], { kind: 'fence', tags: [tag] }];
  yield* rcuRows();
  for (const [name, asTruth] of SAME) yield [name, ['value'], { kind: 'same', truth: asTruth }];
  yield ['BUG_ON', ['value'], { kind: 'stop' }];
  yield ['BUG', [], { kind: 'stop' }];
  for (const [name, parameters] of NOTHING) yield [name, parameters, { kind: 'nothing' }];
  for (const [name, why] of REFUSED) yield [name, [], { kind: 'refused', why }];
}
