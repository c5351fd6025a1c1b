/** What kernel C becomes: the IR of small threads, as text. */
import { describe, expect, it } from 'vitest';
import { showProgram } from '../oracle/show-program.js';
import type { Program } from '../program/ir.js';
import { parseLitmus } from '../syntax/parse.js';
import { invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { elaborateC } from './elaborate.js';

function program(threads: string, tail = 'exists (true)', init = ''): Program {
  const text = `C test\n{ ${init} }\n${threads}\n${tail}\n`;
  const tree = parseLitmus({ name: 't.litmus', text });
  invariant(tree.value?.dialect === 'C', renderDiagnostics(tree.diagnostics));
  const result = elaborateC(tree.value);
  expect(renderDiagnostics(result.diagnostics)).toBe('');
  return result.value!;
}

/** The instructions of a thread with this body, one a line. */
function code(body: string, parameters = 'int *x, int *y, int *z'): string {
  const lines = showProgram(program(`P0(${parameters})\n{\n${body}\n}`)).split('\n');
  return lines
    .filter((line) => /^ +\d+: /.test(line))
    .map((line) => line.trim())
    .join('\n');
}

describe('control flow', () => {
  it('joins the legs of an if', () => {
    expect(code('int r = READ_ONCE(*x); if (r == 1) *y = 1; else *y = 2; *z = 1;')).toMatchInlineSnapshot(`
      "0: r = load[Once] &x
      1: if (r != 1) goto 4 (join 5)
      2: store[Plain] &y = 1
      3: goto 5
      4: store[Plain] &y = 2
      5: store[Plain] &z = 1"
    `);
  });

  it('lets an early return control all that follows', () => {
    expect(code('int r = READ_ONCE(*x); if (!r) return; WRITE_ONCE(*y, 1);')).toMatchInlineSnapshot(`
      "0: r = load[Once] &x
      1: if !r goto 3 (join never)
      2: store[Once] &y = 1"
    `);
  });

  it('ends the control of a branch that only one leg of an outer if has', () => {
    expect(
      code('int r = READ_ONCE(*x); if (r) { if (r == 2) return; *y = 1; } *z = 1;'),
    ).toMatchInlineSnapshot(`
      "0: r = load[Once] &x
      1: if !r goto 4 (join never)
      2: if (r == 2) goto 5 (join never)
      3: store[Plain] &y = 1
      4: store[Plain] &z = 1"
    `);
  });

  it('evaluates && and || from left to right, only as far as needed', () => {
    expect(code('if (READ_ONCE(*x) && (!READ_ONCE(*y) || *z == 2)) *x = 1;')).toMatchInlineSnapshot(`
      "0: .1 = load[Once] &x
      1: if !.1 goto 7 (join never)
      2: .2 = load[Once] &y
      3: if !.2 goto 6 (join never)
      4: .3 = load[Plain] &z
      5: if (.3 != 2) goto 7 (join never)
      6: store[Plain] &x = 1"
    `);
    expect(code('int r = READ_ONCE(*x) || READ_ONCE(*y);')).toMatchInlineSnapshot(`
      "0: .1 = 0
      1: .2 = load[Once] &x
      2: if .2 goto 5 (join 6)
      3: .3 = load[Once] &y
      4: if !.3 goto 6 (join 6)
      5: .1 = 1
      6: r = .1"
    `);
    expect(code('int r = READ_ONCE(*x) ? READ_ONCE(*y) : 3;')).toMatchInlineSnapshot(`
      "0: .2 = load[Once] &x
      1: if !.2 goto 5 (join 6)
      2: .3 = load[Once] &y
      3: .1 = .3
      4: goto 6
      5: .1 = 3
      6: r = .1"
    `);
  });

  it('keeps && of plain values an expression', () => {
    expect(code('int a = READ_ONCE(*x), b = READ_ONCE(*y); int c = a && !b;')).toMatchInlineSnapshot(`
      "0: a = load[Once] &x
      1: b = load[Once] &y
      2: c = ((a != 0) & !b)"
    `);
  });

  it('jumps backwards in loops', () => {
    expect(code('while (READ_ONCE(*x) != 1) barrier();')).toMatchInlineSnapshot(`
      "0: .1 = load[Once] &x
      1: if (.1 == 1) goto 4 (join never)
      2: fence[Barrier]
      3: goto 0"
    `);
    expect(
      code('int i; for (i = 0; i < 3; i++) { if (i == 1) continue; if (*x) break; }'),
    ).toMatchInlineSnapshot(`
      "0: i = 0
      1: if (i >= 3) goto 7 (join never)
      2: if (i == 1) goto 5 (join never)
      3: .1 = load[Plain] &x
      4: if .1 goto 7 (join never)
      5: i = (i + 1)
      6: goto 1"
    `);
    expect(code('int n = 2; do n--; while (n);')).toMatchInlineSnapshot(`
      "0: n = 2
      1: n = (n - 1)
      2: if n goto 1 (join never)"
    `);
  });

  it('folds constant conditions', () => {
    expect(
      code('if (1) *x = 1; else *x = 2; while (0) *y = 1; if (TASK_RUNNING || 0) *z = 1;'),
    ).toMatchInlineSnapshot(`"0: store[Plain] &x = 1"`);
  });
});

describe('values', () => {
  it('follow C in conversions', () => {
    expect(
      code('u8 a = READ_ONCE(*x); unsigned b = a - 1; long c = b; bool d = c; int e = c >> 3; *y = a < b;'),
    ).toMatchInlineSnapshot(`
      "0: .1 = load[Once] &x
      1: a = (.1):u8
      2: b = ((a - 1)):u32
      3: c = b
      4: d = (c != 0):s64
      5: e = ((c >> 3):s64):s32
      6: store[Plain] &y = (a < b):u32"
    `);
  });

  it('of a cell arrive in the type of the register', () => {
    expect(
      code('int a = READ_ONCE(*x); long b = READ_ONCE(*x); bool c = READ_ONCE(*x);', 'u32 *x'),
    ).toMatchInlineSnapshot(`
      "0: a = load[Once] &x
      1: b = load[Once]:u32 &x
      2: .1 = load[Once]:u32 &x
      3: c = (.1 != 0):u32"
    `);
  });

  it('are read before a step and after it', () => {
    expect(code('int a = 1; int b = a++ + 1; int c = ++a; (*x)++; *y += a;')).toMatchInlineSnapshot(`
      "0: a = 1
      1: .1 = a
      2: a = (a + 1)
      3: b = (.1 + 1)
      4: a = (a + 1)
      5: c = a
      6: .2 = load[Plain] &x
      7: store[Plain] &x = (.2 + 1)
      8: .3 = load[Plain] &y
      9: store[Plain] &y = (.3 + a)"
    `);
  });

  it('of an earlier operand survive later ones', () => {
    expect(code('int a = 1; int b = a + (a = READ_ONCE(*x));')).toMatchInlineSnapshot(`
      "0: a = 1
      1: .1 = a
      2: a = load[Once] &x
      3: b = (.1 + a)"
    `);
  });

  it('of pointers choose among the objects', () => {
    expect(
      showProgram(
        program(
          'P0(struct task_struct *p) { struct mutex *m = READ_ONCE(p->blocked_on); raw_spin_lock(&m->wait_lock); }',
          'exists (0:m=&b)',
          'struct mutex a; struct mutex b; p->blocked_on = &a;',
        ),
      ),
    ).toMatchInlineSnapshot(`
      "lkmm { p->blocked_on = &a; a = 0; b = 0; b->wait_lock = 0; a->wait_lock = 0; }
      P0:
        0: m = load[Once]:s64 &p->blocked_on
        1: _ = rmw[LKR][LKW] (((m == &a):s64 ? &a->wait_lock : ((m == &b):s64 ? &b->wait_lock : 0)) + (m ^ m):s64):s64 = 1 when (old == 0) -> 1 else block
      observe 0:m
      exists 0:m = &b"
    `);
  });

  it('carry an address dependency through arithmetic', () => {
    expect(code('int r = READ_ONCE(*x); int *q = y + (r ^ r); WRITE_ONCE(*q, 1);')).toMatchInlineSnapshot(`
      "0: r = load[Once] &x
      1: q = (&y + (r ^ r)):s64
      2: store[Once] q = 1"
    `);
  });
});

describe('primitives', () => {
  it.each([
    ['marked accesses', 'int r = smp_load_acquire(x); smp_store_release(y, r); smp_store_mb(*z, 1);'],
    ['fences', 'smp_mb(); smp_rmb(); smp_wmb(); barrier(); smp_mb__before_atomic(); smp_mb__after_atomic();'],
    [
      'fences of locks',
      'smp_mb__after_spinlock(); smp_mb__after_unlock_lock(); smp_acquire__after_ctrl_dep();',
    ],
    ['waits', 'int r = smp_cond_load_acquire(x, VAL == 1); smp_cond_load_relaxed(y, !VAL);'],
    ['exchanges', 'int r = xchg(x, 1); xchg_relaxed(y, r); r = cmpxchg_acquire(z, r, 2);'],
    ['attempts', 'int old = 1; if (try_cmpxchg_release(x, &old, 2)) *y = 1;'],
    ['results that are tested', 'if (likely(READ_ONCE(*x))) *y = 1; WARN_ON_ONCE(*z); data_race(*x);'],
  ])('%s', (_name, body) => {
    expect(code(body)).toMatchSnapshot();
  });

  it.each([
    ['without a result', 'atomic_inc(v); atomic_sub(2, v); atomic_andnot(1, v);'],
    [
      'that return',
      'int r = atomic_add_return(1, v); r = atomic_fetch_xor_relaxed(3, v); atomic_fetch_dec_release(v);',
    ],
    ['that test', 'int r = atomic_dec_and_test(v); r = atomic_add_negative(-1, v);'],
    [
      'with a condition',
      'int r = atomic_add_unless(v, 2, 5); r = atomic_inc_not_zero(v); r = atomic_fetch_add_unless(v, 1, 0);',
    ],
    ['that compare', 'int old = atomic_read(v); old = atomic_cmpxchg(v, old, 1); atomic_set_release(v, 2);'],
  ])('atomics %s', (_name, body) => {
    expect(code(body, 'atomic_t *v')).toMatchSnapshot();
  });

  it('RCU', () => {
    const body = `rcu_read_lock(); rcu_read_unlock(); rcu_read_lock_bh(); rcu_read_unlock_sched();
      synchronize_rcu(); synchronize_rcu_expedited();
      int *r = rcu_dereference(*q); r = rcu_dereference_check(*q, lockdep_is_held(q));
      r = rcu_dereference_protected(*q, 1); RCU_INIT_POINTER(*q, x); rcu_assign_pointer(*q, x);`;
    expect(code(body, 'int **q, int *x')).toMatchSnapshot();
  });

  it('SRCU, with the index that is passed on', () => {
    const body = `int i = srcu_read_lock(ss); srcu_read_unlock(ss, i); int j = srcu_down_read(&p->ss);
      WRITE_ONCE(*x, j); srcu_up_read(&p->ss, j); srcu_read_lock(ss); synchronize_srcu(ss);
      synchronize_srcu_expedited(&p->ss); smp_mb__after_srcu_read_unlock();`;
    expect(code(body, 'struct srcu_struct *ss, struct foo *p, int *x')).toMatchSnapshot();
  });

  it('atomics of 64 bits', () => {
    expect(
      code('long r = atomic_long_fetch_or(1, v); atomic64_inc(w);', 'atomic_long_t *v, atomic64_t *w'),
    ).toMatchSnapshot();
  });

  it('locks', () => {
    const parameters = 'spinlock_t *l, raw_spinlock_t *k, struct mutex *m';
    const body = `unsigned long flags;
      spin_lock_irqsave(l, flags); raw_spin_lock(k); mutex_lock(m);
      mutex_unlock(m); raw_spin_unlock(k); spin_unlock_irqrestore(l, flags);
      if (spin_trylock(l)) spin_unlock(l);`;
    expect(code(body, parameters)).toMatchSnapshot();
  });

  it('the state of the current task', () => {
    expect(
      code(
        'set_current_state(TASK_INTERRUPTIBLE); __set_current_state(TASK_RUNNING);',
        'struct task_struct *p',
      ),
    ).toMatchSnapshot();
    expect(
      code(
        'set_current_state(TASK_DEAD); current->on_rq = 0;',
        'struct task_struct *p, struct task_struct *current',
      ),
    ).toMatchSnapshot();
  });

  it('keep their name for the lowering, without variants of type and interrupt state', () => {
    const { threads } = program(
      'P0(struct task_struct *p, atomic_long_t *v) { raw_spin_lock_irq(&p->pi_lock); set_current_state(1); atomic_long_inc(v); }',
    );
    expect(threads[0]!.code.map(({ source }) => `${source.primitive}: ${source.text}`)).toEqual([
      'spin_lock: raw_spin_lock_irq(&p->pi_lock)',
      'smp_store_mb: set_current_state(1)',
      'smp_store_mb: set_current_state(1)',
      'atomic_inc: atomic_long_inc(v)',
    ]);
  });
});

describe('declarations', () => {
  it('make one object of parameters of one name', () => {
    const { locations } = program(
      'P0(struct task_struct *p) { p->on_rq = 1; } P1(struct task_struct *p) { int r = p->on_rq; }',
    );
    expect(locations.map((l) => l.name)).toEqual(['p->on_rq']);
  });

  it('take the types of fields from the kernel or from their use', () => {
    const { locations } = program(
      `P0(struct task_struct *p, struct foo *f, struct mutex *m)
       { raw_spin_lock(&p->pi_lock); p->__state = 1; p->blocked_on = m; spin_lock(&f->lock); atomic_inc(&f->count);
         f->next = m; f->flag = 1; }`,
    );
    expect(
      locations.map(({ name, role, type }) => `${name} ${role} ${type.signed ? 's' : 'u'}${type.bits}`),
    ).toMatchInlineSnapshot(`
      [
        "p->pi_lock spinlock s32",
        "p->__state int u32",
        "p->blocked_on pointer s64",
        "m spinlock s32",
        "f->lock spinlock s32",
        "f->count atomic s32",
        "f->next pointer s64",
        "f->flag int s32",
      ]
    `);
  });

  it('treat pointer fields as numbers where no pointer flows', () => {
    const { locations } = program('P0(struct task_struct *p) { p->blocked_on = 1; }');
    expect(locations.map(({ name, role }) => `${name} ${role}`)).toEqual(['p->blocked_on int']);
  });

  it('read initial values of all kinds', () => {
    const { locations } = program(
      'P0(int *x, atomic_t *v, int **q, struct task_struct *p, intptr_t *i) { int r = **q; }',
      undefined,
      'x = -1; atomic_t v = ATOMIC_INIT(2); q = x; p->__state = TASK_WAKING; struct rq rq = { .cpu = 3 }; i = j; int unused = 7',
    );
    expect(
      locations.map(
        ({ name, initial }) => `${name}=${typeof initial === 'object' ? `&${initial.name}` : initial}`,
      ),
    ).toMatchInlineSnapshot(`
      [
        "x=-1",
        "v=2",
        "q=&x",
        "p->__state=512",
        "rq->cpu=3",
        "i=&j",
        "j=0",
        "unused=7",
      ]
    `);
  });

  it('give registers initial values', () => {
    const { threads } = program(
      'P0(int *x) { int r0; int *r1; *x = r0; *r1 = 2; }',
      undefined,
      '0:r0=5; 0:r1=x',
    );
    expect(threads[0]!.registers.map(({ name, initial }) => [name, typeof initial])).toEqual([
      ['r0', 'number'],
      ['r1', 'object'],
    ]);
  });

  it("take a thread's title from the comment in front of it", () => {
    const { threads } = program('// try_to_wake_up(p)\nP0(int *x) { *x = 1; }\n\nP1(int *x) { *x = 2; }');
    expect(threads.map((t) => t.label)).toEqual(['try_to_wake_up(p)', null]);
  });
});

describe('the question', () => {
  it('lists registers by thread and name, then cells by name, each once', () => {
    const { observed, condition, filter } = program(
      'P0(int *x, int *y) { int r2 = *x; int r10 = *y; } P1(int *x) { int a = *x; }',
      'locations [y; x; 0:r10] filter (1:a=0) exists (P1:a=0 /\\ ~(x=1 \\/ 0:r2=1:a) /\\ x=2)',
    );
    expect(observed.map((o) => o.display)).toEqual(['0:r10', '0:r2', '1:a', 'x', 'y']);
    expect(condition.text).toBe('exists (1:a=0 /\\ not ([x]=1 \\/ 0:r2=1:a) /\\ [x]=2)');
    expect(filter).toEqual({
      kind: 'compare',
      op: '=',
      left: { kind: 'observable', index: 2 },
      right: { kind: 'value', value: 0 },
    });
  });

  it('is forall (true) where none is asked', () => {
    expect(program('P0(int *x) { *x = 1; }', 'locations [x]').condition.text).toBe('forall (true)');
  });

  it('knows constants, addresses and values in the types of cells', () => {
    const { condition } = program(
      'P0(struct task_struct *p, u32 *x, struct mutex *m) { p->__state = 0; *x = -1; p->blocked_on = m; }',
      'exists (p->__state=TASK_UNINTERRUPTIBLE /\\ x=-1 /\\ p->blocked_on=m /\\ p->blocked_on != PROXY_WAKING /\\ 0x10=x)',
    );
    expect(condition.text).toMatchInlineSnapshot(
      `"exists ([p->__state]=2 /\\ [x]=4294967295 /\\ [p->blocked_on]=m /\\ not ([p->blocked_on]=-1) /\\ [x]=16)"`,
    );
  });
});
