/**
 * The kernel primitives, one row each: parameters, meaning and ordering tags.
 *
 * Source: the kernel's tools/memory-model/linux-kernel.def and .bell for the meaning under its model; Documentation/atomic_t.txt
 * for the families of atomics; include/asm-generic/barrier.h for smp_acquire__after_ctrl_dep (a read barrier).
 * `primitive` is the name without variants of type or interrupt state, by which lowering finds the instruction.
 */
import type { BinaryOp } from './ir.js';

/**
 * What an argument is. `place`: an lvalue (`*x`, `p->f`); `pointer`: the address of a cell; `lock`: the address of a lock; `domain`: that of a
 * `struct srcu_struct`; `expected`: the address of a local; `flags`: a local; `condition`: an expression over VAL; `assertion`: what
 * lockdep checks, which is not evaluated.
 */
export type Parameter =
  | 'place'
  | 'pointer'
  | 'lock'
  | 'domain'
  | 'value'
  | 'expected'
  | 'flags'
  | 'condition'
  | 'assertion';

export type Order = 'full' | 'acquire' | 'release' | 'relaxed';

/** What an atomic operation returns: nothing, the old or new value, or a test of the new one. */
export type AtomicResult = 'none' | 'old' | 'new' | 'zero' | 'negative';

export type Action =
  | { readonly kind: 'load'; readonly tags: readonly string[] }
  /** `barrier`: a full fence follows. */
  | { readonly kind: 'store'; readonly tags: readonly string[]; readonly barrier: boolean }
  /** A store to the state of the current task. */
  | { readonly kind: 'set-state'; readonly barrier: boolean }
  | { readonly kind: 'fence'; readonly tags: readonly string[] }
  | { readonly kind: 'wait'; readonly tags: readonly string[] }
  | {
      readonly kind: 'atomic';
      readonly op: BinaryOp;
      /** The operand is the complement of the argument. */
      readonly complement: boolean;
      /** Null: an argument. */
      readonly operand: number | null;
      readonly result: AtomicResult;
      readonly order: Order;
    }
  | { readonly kind: 'exchange'; readonly order: Order }
  /** `try`: takes the address of the expected value, which a failure updates, and returns whether it succeeded. */
  | { readonly kind: 'compare'; readonly order: Order; readonly try: boolean }
  /** Adds unless the old value is the argument `unless` (null: zero); returns the old value or whether it added. */
  | { readonly kind: 'add-unless'; readonly operand: number | null; readonly result: 'old' | 'done' }
  /** SRCU: a read-side section begins (its value is the index) or ends, or its readers are waited for. */
  | { readonly kind: 'srcu'; readonly step: 'lock' | 'unlock' | 'synchronize' }
  | { readonly kind: 'lock'; readonly lock: 'spin' | 'mutex'; readonly try: boolean }
  | { readonly kind: 'unlock'; readonly lock: 'spin' | 'mutex' }
  /** The value of the argument; `truth`: as 0 or 1. */
  | { readonly kind: 'same'; readonly truth: boolean }
  | { readonly kind: 'refused'; readonly why: string };

export interface Primitive {
  readonly parameters: readonly Parameter[];
  readonly primitive: string;
  readonly action: Action;
}

const ONCE = ['Once'];
const LOAD_ONCE: Action = { kind: 'load', tags: ONCE };
const LOAD_ACQUIRE: Action = { kind: 'load', tags: ['Acquire'] };
const STORE_ONCE: Action = { kind: 'store', tags: ONCE, barrier: false };
const STORE_RELEASE: Action = { kind: 'store', tags: ['Release'], barrier: false };

type Row = readonly [name: string, parameters: readonly Parameter[], action: Action, primitive?: string];

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

function* rcuRows(): Generator<Row> {
  const fence = (tag: string): Action => ({ kind: 'fence', tags: [tag] });
  // Since v4.20 a grace period waits for readers of all three kinds.
  for (const kind of ['', '_bh', '_sched']) {
    yield [`rcu_read_lock${kind}`, [], fence('Rcu-lock'), 'rcu_read_lock'];
    yield [`rcu_read_unlock${kind}`, [], fence('Rcu-unlock'), 'rcu_read_unlock'];
    yield [`rcu_dereference${kind}`, ['place'], LOAD_ONCE, 'rcu_dereference'];
    yield [`rcu_dereference${kind}_check`, ['place', 'assertion'], LOAD_ONCE, 'rcu_dereference'];
  }
  for (const name of ['synchronize_rcu', 'synchronize_rcu_expedited', 'synchronize_net'])
    yield [name, [], fence('Sync-rcu'), 'synchronize_rcu'];
  yield ['rcu_dereference_raw', ['place'], LOAD_ONCE, 'rcu_dereference'];
  yield ['rcu_dereference_protected', ['place', 'assertion'], { kind: 'load', tags: ['Plain'] }];
  yield ['rcu_access_pointer', ['place'], LOAD_ONCE];
  yield ['srcu_dereference', ['place', 'assertion'], LOAD_ONCE, 'rcu_dereference'];
  for (const name of ['srcu_read_lock', 'srcu_read_lock_nmisafe', 'srcu_down_read'])
    yield [name, ['domain'], { kind: 'srcu', step: 'lock' }, 'srcu_read_lock'];
  for (const name of ['srcu_read_unlock', 'srcu_read_unlock_nmisafe', 'srcu_up_read'])
    yield [name, ['domain', 'value'], { kind: 'srcu', step: 'unlock' }, 'srcu_read_unlock'];
  for (const name of ['synchronize_srcu', 'synchronize_srcu_expedited'])
    yield [name, ['domain'], { kind: 'srcu', step: 'synchronize' }, 'synchronize_srcu'];
}

const SAME: readonly (readonly [string, boolean])[] = [
  ['likely', true],
  ['unlikely', true],
  ['WARN_ON', true],
  ['WARN_ON_ONCE', true],
  ['data_race', false],
];

const LATER = 'is not supported yet';
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
  ...['spin_is_locked', 'raw_spin_is_locked', 'mutex_is_locked', 'guard', 'scoped_guard'].map(
    (name): readonly [string, string] => [name, LATER],
  ),
  ...['set_bit', 'clear_bit', 'test_bit', 'test_and_set_bit', 'test_and_clear_bit', 'clear_bit_unlock'].map(
    (name): readonly [string, string] => [name, `${LATER}: bit operations; atomic_fetch_or() does the same`],
  ),
  ...[
    'read_lock',
    'read_unlock',
    'write_lock',
    'write_unlock',
    'down_read',
    'up_read',
    'down_write',
    'up_write',
  ].map((name): readonly [string, string] => [name, `${LATER}: reader-writer locks`]),
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
  ['BUG_ON', 'is not supported: use WARN_ON()'],
];

const ORDERS: readonly (readonly [string, Order])[] = [
  ['', 'full'],
  ['_acquire', 'acquire'],
  ['_release', 'release'],
  ['_relaxed', 'relaxed'],
];

/** Operations by name, and what has no argument of its own. */
const OPERATIONS: readonly (readonly [
  name: string,
  op: BinaryOp,
  operand: number | null,
  complement: boolean,
])[] = [
  ['add', '+', null, false],
  ['sub', '-', null, false],
  ['inc', '+', 1, false],
  ['dec', '-', 1, false],
  ['and', '&', null, false],
  ['or', '|', null, false],
  ['xor', '^', null, false],
  ['andnot', '&', null, true],
];

function* exchangeRows(prefix: string): Generator<Row> {
  for (const [suffix, order] of ORDERS) {
    const exchange: Action = { kind: 'exchange', order };
    const compare: Action = { kind: 'compare', order, try: false };
    const attempt: Action = { kind: 'compare', order, try: true };
    yield [`${prefix}xchg${suffix}`, ['pointer', 'value'], exchange];
    yield [`${prefix}cmpxchg${suffix}`, ['pointer', 'value', 'value'], compare];
    yield [`${prefix}try_cmpxchg${suffix}`, ['pointer', 'expected', 'value'], attempt];
  }
}

function* atomicRows(): Generator<Row> {
  yield ['atomic_read', ['pointer'], LOAD_ONCE];
  yield ['atomic_read_acquire', ['pointer'], LOAD_ACQUIRE];
  yield ['atomic_set', ['pointer', 'value'], STORE_ONCE];
  yield ['atomic_set_release', ['pointer', 'value'], STORE_RELEASE];
  yield* exchangeRows('atomic_');
  for (const [name, op, operand, complement] of OPERATIONS) {
    const parameters: readonly Parameter[] = operand === null ? ['value', 'pointer'] : ['pointer'];
    const action = (result: AtomicResult, order: Order): Action => ({
      kind: 'atomic',
      op,
      complement,
      operand,
      result,
      order,
    });
    yield [`atomic_${name}`, parameters, action('none', 'relaxed')];
    const returns = op === '+' || op === '-';
    for (const [suffix, order] of ORDERS) {
      yield [`atomic_fetch_${name}${suffix}`, parameters, action('old', order)];
      if (returns) yield [`atomic_${name}_return${suffix}`, parameters, action('new', order)];
      if (name === 'add') yield [`atomic_add_negative${suffix}`, parameters, action('negative', order)];
    }
    if (returns && name !== 'add') yield [`atomic_${name}_and_test`, parameters, action('zero', 'full')];
  }
  const unless = (operand: number | null, result: 'old' | 'done'): Action => ({
    kind: 'add-unless',
    operand,
    result,
  });
  yield ['atomic_add_unless', ['pointer', 'value', 'value'], unless(null, 'done')];
  yield ['atomic_fetch_add_unless', ['pointer', 'value', 'value'], unless(null, 'old')];
  yield ['atomic_inc_not_zero', ['pointer'], unless(1, 'done')];
}

function* lockRows(): Generator<Row> {
  const FLAGS: readonly Parameter[] = ['lock', 'flags'];
  for (const prefix of ['', 'raw_']) {
    const lock: Action = { kind: 'lock', lock: 'spin', try: false };
    const unlock: Action = { kind: 'unlock', lock: 'spin' };
    for (const suffix of ['', '_irq', '_bh']) {
      yield [`${prefix}spin_lock${suffix}`, ['lock'], lock, 'spin_lock'];
      yield [`${prefix}spin_unlock${suffix}`, ['lock'], unlock, 'spin_unlock'];
      yield [`${prefix}spin_trylock${suffix}`, ['lock'], { ...lock, try: true }, 'spin_trylock'];
    }
    yield [`${prefix}spin_lock_irqsave`, FLAGS, lock, 'spin_lock'];
    yield [`${prefix}spin_unlock_irqrestore`, FLAGS, unlock, 'spin_unlock'];
    yield [`${prefix}spin_trylock_irqsave`, FLAGS, { ...lock, try: true }, 'spin_trylock'];
  }
  yield ['mutex_lock', ['lock'], { kind: 'lock', lock: 'mutex', try: false }];
  yield ['mutex_trylock', ['lock'], { kind: 'lock', lock: 'mutex', try: true }];
  yield ['mutex_unlock', ['lock'], { kind: 'unlock', lock: 'mutex' }];
}

function buildTable(): Map<string, Primitive> {
  const table = new Map<string, Primitive>();
  const add = ([name, parameters, action, primitive = name]: Row): void => {
    table.set(name, { parameters, primitive, action });
  };
  for (const row of ACCESSES) add(row);
  for (const [name, tag] of FENCES) add([name, [], { kind: 'fence', tags: [tag] }]);
  for (const [name, asTruth] of SAME) add([name, ['value'], { kind: 'same', truth: asTruth }]);
  for (const [name, why] of REFUSED) add([name, [], { kind: 'refused', why }]);
  for (const row of rcuRows()) add(row);
  for (const row of lockRows()) add(row);
  for (const row of exchangeRows('')) add(row);
  for (const [name, parameters, action] of atomicRows())
    for (const family of ['atomic_', 'atomic_long_', 'atomic64_'])
      add([name.replace('atomic_', family), parameters, action, name]);
  return table;
}

/** All primitives by name. */
export const primitives: ReadonlyMap<string, Primitive> = buildTable();

/** Tags of the read and the write of a successful read-modify-write. */
export function orderTags(order: Order): {
  readonly read: readonly string[];
  readonly write: readonly string[];
} {
  switch (order) {
    case 'full':
      return { read: ['Mb'], write: ['Mb'] };
    case 'acquire':
      return { read: ['Acquire'], write: ONCE };
    case 'release':
      return { read: ONCE, write: ['Release'] };
    case 'relaxed':
      return { read: ONCE, write: ONCE };
  }
}
