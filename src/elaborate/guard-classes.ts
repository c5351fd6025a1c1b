/**
 * The classes of `guard()` and `scoped_guard()`: what takes and what releases them.
 *
 * Source: the DEFINE_GUARD and DEFINE_LOCK_GUARD lines of the kernel's headers (include/linux/spinlock.h, mutex.h, rcupdate.h,
 * srcu.h, rwsem.h, preempt.h, irqflags.h). The state of interrupts is not modelled, so `_irqsave` takes the plain lock. Conditional classes
 * (`mutex_try`, `mutex_intr`) are absent: their guards may not hold the lock.
 */

export interface GuardClass {
  readonly lock: string;
  readonly unlock: string;
  /** Whether it guards an object, which is the argument. */
  readonly takesObject: boolean;
  /** Whether `unlock` takes what `lock` returned, after the object. */
  readonly keepsResult: boolean;
}

function guard(lock: string, unlock: string, takesObject = true, keepsResult = false): GuardClass {
  return { lock, unlock, takesObject, keepsResult };
}

function* classes(): Generator<readonly [string, GuardClass]> {
  for (const raw of ['', 'raw_']) {
    const spin = guard(`${raw}spin_lock`, `${raw}spin_unlock`);
    for (const suffix of ['', '_irq', '_irqsave', '_bh', '_nested']) yield [`${raw}spinlock${suffix}`, spin];
  }
  yield ['mutex', guard('mutex_lock', 'mutex_unlock')];
  yield ['rcu', guard('rcu_read_lock', 'rcu_read_unlock', false)];
  yield ['srcu', guard('srcu_read_lock', 'srcu_read_unlock', true, true)];
  for (const mode of ['read', 'write'])
    for (const suffix of ['', '_irq', '_irqsave'])
      yield [`${mode}_lock${suffix}`, guard(`${mode}_lock`, `${mode}_unlock`)];
  yield ['rwsem_read', guard('down_read', 'up_read')];
  yield ['rwsem_write', guard('down_write', 'up_write')];
  for (const name of ['preempt', 'preempt_notrace'])
    yield [name, guard('preempt_disable', 'preempt_enable', false)];
  for (const name of ['irq', 'irqsave']) yield [name, guard('local_irq_disable', 'local_irq_enable', false)];
}

export const guardClasses: ReadonlyMap<string, GuardClass> = new Map(classes());
