/**
 * What kernel code names without declaring it: constants, and the types of well-known fields.
 *
 * Source: include/linux/sched.h, kernel/sched/sched.h and include/linux/mutex.h of v6.19, and the proxy-execution series of 2026 for
 * PROXY_WAKING, which is `((struct mutex *)(-1L))` there: the constant is -1, as an integer and as a pointer.
 */
import { type CType, typeFromWords } from './c-type.js';

export const kernelConstants: ReadonlyMap<string, number> = new Map([
  ['NULL', 0],
  ['false', 0],
  ['true', 1],
  ['TASK_RUNNING', 0x0],
  ['TASK_INTERRUPTIBLE', 0x1],
  ['TASK_UNINTERRUPTIBLE', 0x2],
  ['TASK_NORMAL', 0x3],
  ['__TASK_STOPPED', 0x4],
  ['__TASK_TRACED', 0x8],
  ['EXIT_DEAD', 0x10],
  ['EXIT_ZOMBIE', 0x20],
  ['TASK_PARKED', 0x40],
  ['TASK_DEAD', 0x80],
  ['TASK_WAKEKILL', 0x100],
  ['TASK_KILLABLE', 0x102],
  ['TASK_STOPPED', 0x104],
  ['TASK_WAKING', 0x200],
  ['TASK_NOLOAD', 0x400],
  ['TASK_IDLE', 0x402],
  ['TASK_NEW', 0x800],
  ['TASK_RTLOCK_WAIT', 0x1000],
  ['TASK_FREEZABLE', 0x2000],
  ['TASK_FROZEN', 0x8000],
  ['TASK_ON_RQ_QUEUED', 1],
  ['TASK_ON_RQ_MIGRATING', 2],
  ['MUTEX_FLAG_WAITERS', 0x1],
  ['MUTEX_FLAG_HANDOFF', 0x2],
  ['MUTEX_FLAG_PICKUP', 0x4],
  ['PROXY_WAKING', -1],
]);

const FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  task_struct: {
    __state: 'unsigned int',
    saved_state: 'unsigned int',
    flags: 'unsigned int',
    on_rq: 'int',
    on_cpu: 'int',
    pi_lock: 'raw_spinlock_t',
    blocked_lock: 'raw_spinlock_t',
    alloc_lock: 'spinlock_t',
    blocked_on: 'struct mutex *',
    sched_contributes_to_load: 'unsigned int',
  },
  rq: {
    __lock: 'raw_spinlock_t',
    curr: 'struct task_struct *',
    donor: 'struct task_struct *',
    idle: 'struct task_struct *',
    stop: 'struct task_struct *',
    nr_running: 'unsigned int',
    cpu: 'int',
  },
  mutex: { owner: 'atomic_long_t', wait_lock: 'raw_spinlock_t' },
};

/** The type of a field: of the struct if it is known, else of the one known struct that has such a field; null: unknown. */
export function kernelField(tag: string, field: string): CType | null {
  const known = Object.hasOwn(FIELDS, tag) ? FIELDS[tag] : undefined;
  const structs = known === undefined ? Object.values(FIELDS) : [known];
  for (const struct of structs) {
    const text = Object.hasOwn(struct, field) ? struct[field] : undefined;
    if (text !== undefined) return parse(text);
  }
  return null;
}

/** The fields that are known of a struct; none if the struct is not known. */
export function kernelFieldNames(tag: string): readonly string[] {
  return Object.hasOwn(FIELDS, tag) ? Object.keys(FIELDS[tag]!) : [];
}

/** The known struct that has one of these fields, and no other known struct has; null if there is none. */
export function structWithFields(fields: readonly string[]): string | null {
  const found = Object.entries(FIELDS).filter(([, known]) =>
    fields.some((field) => Object.hasOwn(known, field)),
  );
  return found.length === 1 ? found[0]![0] : null;
}

function parse(text: string): CType | null {
  const words = text.split(' ').filter((word) => word !== '*');
  const pointers = text.split('*').length - 1;
  return words[0] === 'struct'
    ? typeFromWords([], words[1]!, pointers)
    : typeFromWords(words, null, pointers);
}
