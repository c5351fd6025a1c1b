/** What kernel C is refused for: the whole text that people see. */
import { describe, expect, it } from 'vitest';
import { parseLitmus } from '../syntax/parse.js';
import { invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { elaborateC } from './elaborate.js';

function messages(threads: string, tail = 'exists (true)', init = ''): string {
  const text = `C test\n{ ${init} }\n${threads}\n${tail}\n`;
  const tree = parseLitmus({ name: 't', text });
  invariant(tree.value?.dialect === 'C', renderDiagnostics(tree.diagnostics));
  const { value, diagnostics } = elaborateC(tree.value);
  expect(value === null).toBe(diagnostics.some((d) => d.severity === 'error'));
  return `\n${renderDiagnostics(diagnostics)}\n`;
}

/** Of one statement or more in a thread with some parameters. */
function inThread(body: string, parameters = 'int *x, spinlock_t *l, struct task_struct *p'): string {
  return messages(`P0(${parameters})\n{\n${body}\n}`);
}

describe('names', () => {
  it.each([
    ['of locals that are not declared', 'int r0 = 0;\nr1 = 2;'],
    ['of locals that are not declared and read into', 'int r0 = 0;\nr1 = READ_ONCE(*x);\n*x = r0 + r1;'],
    ['of locals that are declared twice', 'int r0 = 0;\nint r0 = 1;'],
    ['of locals that hide a parameter', 'int x = 0;'],
    ['of locals of another block', 'if (*x) { int r = 1; }\n*x = r;'],
    ['of locals that have two types', 'if (*x) { int r = 1; } else { long r = 2; }'],
    ['of registers that are read first', 'WRITE_ONCE(*x, r0);'],
    ['of constants', 'p->__state = TASK_UNINTERRUPTABLE;'],
    ['of primitives', 'raw_spin_lok(l);'],
    ['of fields', 'WRITE_ONCE(p->__sate, 1);'],
    ['of types', 'spinlok_t *q = 0;'],
    ['outside of a wait', '*x = VAL;'],
  ])('%s', (_name, body) => {
    expect(inThread(body)).toMatchSnapshot();
  });

  it('of the task that runs a thread, if it runs another, too', () => {
    const thread = (name: string): string =>
      `${name}(struct task_struct *p)\n{\n\tset_current_state(1);\n\t__set_current_state(0);\n}`;
    expect(messages(`${thread('P0')}\n${thread('P1')}`)).toMatchSnapshot();
  });

  it('of objects that are no parameters', () => {
    expect(messages('P0(int *x) { *x = 1; }\nP1(int *y) { *x = 1; }')).toMatchSnapshot();
  });
});

describe('values', () => {
  it.each([
    ['that are not set', 'int r0;\n*x = r0;'],
    ['that are set too late', 'int r0;\n*x = r0;\nr0 = 1;'],
    ['that are not set in their own initialiser', 'int r0 = (r0 == 1);'],
    ['of pointers as integers', 'struct task_struct *q = p;\nint r = q;'],
    ['of integers as pointers', 'struct task_struct *q = 5;'],
    ['of pointers compared with integers', 'if (p == 3) *x = 1;'],
    ['of pointers in arithmetic', '*x = p * 2;'],
    ['behind integers', 'int r0 = 1;\nr0 = *r0;'],
    ['of what has none', 'int r = smp_mb();'],
    ['that divide by zero', '*x = 3 / 0;'],
    ['that are shifted too far', '*x = 1 << 40;'],
    ['that do not fit', 'u8 a = 300;\nWRITE_ONCE(*x, 5000000000);'],
    ['of structs', 'READ_ONCE(*p);'],
    ['of arrays', '*x = x[1];'],
    ['of fields of integers', '*x = x->y;'],
    ['that are assigned to parameters', 'x = 1;'],
    ['that are assigned to constants', 'TASK_RUNNING = 1;'],
  ])('%s', (_name, body) => {
    expect(inThread(body)).toMatchSnapshot();
  });

  it('may be set on some path only', () => {
    expect(inThread('int r0;\nif (*x) r0 = 1;\n*x = r0;')).toBe('\n\n');
  });
});

describe('primitives', () => {
  it.each([
    ['of locks on an int', 'spin_lock(x);'],
    ['of locks on the lock itself', 'raw_spin_lock(p->pi_lock);\nspin_unlock(*l);'],
    ['of mutexes on a spinlock', 'mutex_lock(l);'],
    ['of integers on a lock', 'READ_ONCE(*l);\np->pi_lock = 1;'],
    ['of integers on a local', 'int r = 1;\nREAD_ONCE(r);'],
    ['on a parameter', 'READ_ONCE(x);\nWRITE_ONCE(p, 0);'],
    ['on a value', 'atomic_inc(*x);\nsmp_load_acquire(p->on_cpu);'],
    ['with too few arguments', 'WRITE_ONCE(*x);\nsmp_mb(1);'],
    ['without a local to compare with', 'try_cmpxchg(x, 0, 1);'],
    ['of SRCU on something else', 'srcu_read_lock(x);\nsrcu_read_unlock(*x, 0);\nsynchronize_srcu(p);'],
    [
      'that the test has to write out',
      'call_rcu(x, f);\nkfree_rcu(p, rcu);\nrcu_barrier();\npreempt_disable();',
    ],
    ['that wait for more than a value', 'smp_cond_load_acquire(x, READ_ONCE(*x));'],
    ['that come later', 'guard(raw_spinlock)(l);\ngoto out;'],
    ['outside of loops', 'break;'],
  ])('%s', (_name, body) => {
    expect(inThread(body)).toMatchSnapshot();
  });

  it('of atomics on nothing else', () => {
    expect(inThread('*v = 1;', 'atomic_t *v')).toMatchSnapshot();
  });

  it('of the current task, if there is one', () => {
    expect(inThread('set_current_state(0);', 'int *x')).toMatchSnapshot();
    expect(
      inThread('set_current_state(0);', 'struct task_struct *p, struct task_struct *q'),
    ).toMatchSnapshot();
  });

  it('of mutexes beside what they do', () => {
    expect(inThread('mutex_lock(m);\natomic_long_set(&m->owner, 0);', 'struct mutex *m')).toMatchSnapshot();
  });
});

describe('declarations', () => {
  it.each([
    ['of parameters that are values', 'P0(int x, void *y) { }', ''],
    ['of parameters of one name', 'P0(int *x, int *x) { }', ''],
    ['of one object with two types', 'P0(int *x) { }\nP1(spinlock_t *x) { }', ''],
    ['of objects that nobody has', 'P0(int *blocked_on) { *blocked_on = 1; }', 'blocked_no = 1;'],
    ['of initial values twice', 'P0(int *x) { *x = 1; }', 'x = 1; *x = 2;'],
    ['of held locks', 'P0(spinlock_t *l) { spin_lock(l); }', 'l = 1;'],
    [
      'of constants that are none',
      'P0(struct task_struct *p) { p->__state = 1; }',
      'p->__state = TASK_RUNING;',
    ],
    ['of fields that are mistyped', 'P0(struct foo *f) { f->value = 1; }', 'f->vlaue = 1;'],
    ['of values that do not fit', 'P0(u8 *x) { *x = 1; }', 'x = 300;'],
    ['of registers that are none', 'P0(int *x) { int r0 = *x; }', '0:r1 = 1; 3:r0 = 1;'],
    ['of structs by a number', 'P0(struct task_struct *p) { p->on_rq = 1; }', 'p = 1;'],
  ])('%s', (_name, threads, init) => {
    expect(messages(threads, 'exists (true)', init)).toMatchSnapshot();
  });
});

describe('questions', () => {
  const threads =
    'P0(int *x, struct task_struct *p) { int r0 = *x; p->on_rq = 1; }\nP1(int *x) { int seen = *x; }';

  it.each([
    ['about registers that are mistyped', 'exists (0:r9=1)'],
    ['about registers of another thread', 'exists (0:seen=1)'],
    ['about parameters as registers', 'exists (0:x=1)'],
    ['about locals without their thread', 'exists (seen=1)'],
    ['about unknown cells', 'exists (zz=1 /\\ xx=0)'],
    ['about fields that nobody uses', 'exists (p->on_cpu=1)'],
    ['about structs', 'locations [p]'],
    ['about threads that are none', 'exists (2:r0=1)'],
    ['about values that cannot be', 'exists (x=5000000000)'],
    ['about names as values', 'exists (x=p)'],
    ['about cells as values', 'exists (x=p->on_rq)'],
    ['about constants that are mistyped', 'exists (x=TASK_RUNING)'],
  ])('%s', (_name, tail) => {
    expect(messages(threads, tail)).toMatchSnapshot();
  });
});
