/**
 * Rows of the table of primitives: spinlocks, mutexes, and the locks that readers share.
 *
 * Source: include/linux/spinlock.h, mutex.h, rwlock.h, rwsem.h. Variants differ in the interrupt state, in what lockdep is told and in
 * whether a wait may be given up, none of which other CPUs see; a wait that may be given up never is.
 */
import type { Action, LockKind, Parameter, Row } from './primitives.js';

const LOCK: readonly Parameter[] = ['lock'];
const FLAGS: readonly Parameter[] = ['lock', 'flags'];
const NESTED: readonly Parameter[] = ['lock', 'lockdep'];

function* spinRows(prefix: string): Generator<Row> {
  const lock: Action = { kind: 'lock', lock: 'spin', result: 'none' };
  const attempt: Action = { kind: 'lock', lock: 'spin', result: 'done' };
  const unlock: Action = { kind: 'unlock', lock: 'spin' };
  for (const suffix of ['', '_irq', '_bh']) {
    yield [`${prefix}spin_lock${suffix}`, LOCK, lock, 'spin_lock'];
    yield [`${prefix}spin_unlock${suffix}`, LOCK, unlock, 'spin_unlock'];
    yield [`${prefix}spin_trylock${suffix}`, LOCK, attempt, 'spin_trylock'];
  }
  yield [`${prefix}spin_lock_irqsave`, FLAGS, lock, 'spin_lock'];
  yield [`${prefix}spin_unlock_irqrestore`, FLAGS, unlock, 'spin_unlock'];
  yield [`${prefix}spin_trylock_irqsave`, FLAGS, attempt, 'spin_trylock'];
  yield [`${prefix}spin_lock_nested`, NESTED, lock, 'spin_lock'];
  yield [`${prefix}spin_lock_irqsave_nested`, ['lock', 'flags', 'lockdep'], lock, 'spin_lock'];
  yield [`${prefix}spin_is_locked`, LOCK, { kind: 'is-locked', lock: 'spin' }, 'spin_is_locked'];
}

function* mutexRows(): Generator<Row> {
  const result = (name: string): 'none' | 'zero' => (/interruptible|killable/.test(name) ? 'zero' : 'none');
  for (const name of ['mutex_lock', 'mutex_lock_interruptible', 'mutex_lock_killable', 'mutex_lock_io']) {
    const action: Action = { kind: 'lock', lock: 'mutex', result: result(name) };
    yield [name, LOCK, action, 'mutex_lock'];
    yield [`${name}_nested`, NESTED, action, 'mutex_lock'];
  }
  yield ['mutex_trylock', LOCK, { kind: 'lock', lock: 'mutex', result: 'done' }];
  yield ['mutex_unlock', LOCK, { kind: 'unlock', lock: 'mutex' }];
  yield ['mutex_is_locked', LOCK, { kind: 'is-locked', lock: 'mutex' }];
}

type SharedKind = Extract<LockKind, 'rw' | 'rwsem'>;

function acquire(lock: SharedKind, side: 'read' | 'write', result: 'none' | 'done' | 'zero'): Action {
  return { kind: 'shared-lock', lock, side, result };
}

function* rwlockRows(): Generator<Row> {
  for (const side of ['read', 'write'] as const) {
    const release: Action = { kind: 'shared-unlock', lock: 'rw', side };
    for (const suffix of ['', '_irq', '_bh']) {
      yield [`${side}_lock${suffix}`, LOCK, acquire('rw', side, 'none'), `${side}_lock`];
      yield [`${side}_unlock${suffix}`, LOCK, release, `${side}_unlock`];
    }
    yield [`${side}_lock_irqsave`, FLAGS, acquire('rw', side, 'none'), `${side}_lock`];
    yield [`${side}_unlock_irqrestore`, FLAGS, release, `${side}_unlock`];
    yield [`${side}_trylock`, LOCK, acquire('rw', side, 'done')];
  }
}

function* semaphoreRows(): Generator<Row> {
  for (const side of ['read', 'write'] as const) {
    const name = `down_${side}`;
    yield [name, LOCK, acquire('rwsem', side, 'none')];
    yield [`${name}_nested`, NESTED, acquire('rwsem', side, 'none'), name];
    for (const suffix of side === 'read' ? ['_interruptible', '_killable'] : ['_killable'])
      yield [`${name}${suffix}`, LOCK, acquire('rwsem', side, 'zero'), name];
    yield [`${name}_trylock`, LOCK, acquire('rwsem', side, 'done')];
    yield [`up_${side}`, LOCK, { kind: 'shared-unlock', lock: 'rwsem', side }];
  }
}

export function* lockRows(): Generator<Row> {
  yield* spinRows('');
  yield* spinRows('raw_');
  yield* mutexRows();
  yield* rwlockRows();
  yield* semaphoreRows();
}
