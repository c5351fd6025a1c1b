/** What calls of atomics, bit operations and locks become, and what is said about calls that cannot be meant. */
import { describe, expect, it } from 'vitest';
import { showProgram } from '../oracle/show-program.js';
import { parseLitmus } from '../syntax/parse.js';
import { renderDiagnostics } from '../text/render.js';
import { elaborateC } from './elaborate.js';

function elaborate(body: string, parameters: string) {
  const text = `C test\n{}\nP0(${parameters})\n{\n${body}\n}\nforall (true)\n`;
  const parsed = parseLitmus({ name: 't', text });
  if (parsed.value?.dialect !== 'C') throw new Error(renderDiagnostics(parsed.diagnostics));
  return elaborateC(parsed.value);
}

/** The instructions of a thread, one line each. */
function code(body: string, parameters: string): string {
  const { value, diagnostics } = elaborate(body, parameters);
  expect(renderDiagnostics(diagnostics)).toBe('');
  return showProgram(value!)
    .split('\n')
    .filter((line) => /^ +\d+: /.test(line))
    .map((line) => line.trim())
    .join('\n');
}

function errors(body: string, parameters: string): string {
  return `\n${renderDiagnostics(elaborate(body, parameters).diagnostics)}\n`;
}

describe('atomics', () => {
  it('that leave the cell alone in one case', () => {
    const body = `int r = atomic_inc_not_zero(v); r = atomic_inc_unless_negative(v); r = atomic_dec_unless_positive(v);
      r = atomic_dec_if_positive(v); r = atomic_add_unless(v, 2, 5);`;
    expect(code(body, 'atomic_t *v')).toMatchInlineSnapshot(`
      "0: r = rmw[Mb][Mb] &v = (old + 1) when (old != 0) -> 1 else [Once] 0
      1: r = rmw[Mb][Mb] &v = (old + 1) when (old >= 0) -> 1 else [Once] 0
      2: r = rmw[Mb][Mb] &v = (old - 1) when (old <= 0) -> 1 else [Once] 0
      3: r = rmw[Mb][Mb] &v = (old - 1) when ((old - 1) >= 0) -> (old - 1) else [Once] (old - 1)
      4: r = rmw[Mb][Mb] &v = (old + 2) when (old != 5) -> 1 else [Once] 0"
    `);
  });

  it('of every order that a test of the sign has', () => {
    expect(
      code('int r = atomic_add_negative_acquire(-1, v); atomic_add_negative_release(1, v);', 'atomic_t *v'),
    ).toMatchInlineSnapshot(`
      "0: r = rmw[Acquire][Once] &v = (old + -1) -> ((old + -1) < 0)
      1: _ = rmw[Once][Release] &v = (old + 1) -> ((old + 1) < 0)"
    `);
  });

  it('that wait', () => {
    expect(code('atomic_long_cond_read_acquire(v, VAL > 2);', 'atomic_long_t *v')).toMatchInlineSnapshot(`
      "0: .1 = load[Acquire]:s64 &v
      1: assume (.1 > 2):s64"
    `);
  });

  it('of 64 bits that compare', () => {
    const body =
      'u64 old = 1; u64 r = cmpxchg64_acquire(x, old, 2); if (try_cmpxchg64(x, &old, 3)) sync_cmpxchg(x, 3, 0);';
    expect(code(body, 'u64 *x')).toMatchInlineSnapshot(`
      "0: old = 1
      1: r = rmw[Acquire][Once]:u64 &x = 2 when (old == old):u64 -> old else [Once] old
      2: .1 = rmw[Mb][Mb]:u64 &x = 3 when (old == old):u64 -> old else [Once] old
      3: .2 = (.1 == old):u64
      4: old = .1
      5: if !.2 goto 7 (join never)
      6: _ = rmw[Mb][Mb]:u64 &x = 0 when (old == 3):u64 -> old else [Once] old"
    `);
    expect(errors('cmpxchg64(x, 0, 1);\ncmpxchg_local(x, 0, 1);', 'int *x')).toMatchInlineSnapshot(`
      "
      t:5:11: error: \`cmpxchg64\` changes 64 bits, but \`x\` is the address of int [wrong-width]
       5 | cmpxchg64(x, 0, 1);
         |           ^
        hint: use \`cmpxchg()\`
      t:6:1: error: \`cmpxchg_local\` is atomic on its own CPU only: write cmpxchg_relaxed() if others do not write the cell [unsupported-primitive]
       6 | cmpxchg_local(x, 0, 1);
         | ^^^^^^^^^^^^^
      "
    `);
  });
});

describe('bit operations', () => {
  it('at once', () => {
    const body = `set_bit(0, w); clear_bit(3, w); change_bit(63, w);
      int r = test_bit(2, w); r = test_bit_acquire(2, &p->flags);`;
    expect(code(body, 'unsigned long *w, struct foo *p')).toMatchInlineSnapshot(`
      "0: _ = rmw[Noreturn][Once]:u64 &w = (old | 1):u64 -> old
      1: _ = rmw[Noreturn][Once]:u64 &w = (old & -9):u64 -> old
      2: _ = rmw[Noreturn][Once]:u64 &w = (old ^ 9223372036854775808):u64 -> old
      3: .1 = load[Once]:u64 &w
      4: r = (((.1 >> 2):u64 & 1):u64):s32
      5: .2 = load[Acquire]:u64 &p->flags
      6: r = (((.2 >> 2):u64 & 1):u64):s32"
    `);
  });

  it('that return what the bit was', () => {
    const body = `int r = test_and_set_bit(1, w); r = test_and_clear_bit(1, w); r = test_and_change_bit(1, w);
      if (!test_and_set_bit_lock(0, w)) clear_bit_unlock(0, w);`;
    expect(code(body, 'unsigned long *w')).toMatchInlineSnapshot(`
      "0: r = rmw[Mb][Mb]:u64 &w = (old | 2):u64 -> ((old & 2):u64 != 0):u64
      1: r = rmw[Mb][Mb]:u64 &w = (old & -3):u64 -> ((old & 2):u64 != 0):u64
      2: r = rmw[Mb][Mb]:u64 &w = (old ^ 2):u64 -> ((old & 2):u64 != 0):u64
      3: .1 = rmw[Acquire][Once]:u64 &w = (old | 1):u64 when ((old & 1):u64 == 0):u64 -> 0 else [Once] 1
      4: if .1 goto 6 (join never)
      5: _ = rmw[Once][Release]:u64 &w = (old & -2):u64 -> old"
    `);
  });

  it('in two steps', () => {
    const body = '__set_bit(1, w); int r = __test_and_clear_bit(1, w); __clear_bit_unlock(0, w);';
    expect(code(body, 'unsigned long *w')).toMatchInlineSnapshot(`
      "0: .1 = load[Plain]:u64 &w
      1: store[Plain]:u64 &w = (.1 | 2):u64
      2: .2 = load[Plain]:u64 &w
      3: store[Plain]:u64 &w = (.2 & -3):u64
      4: r = ((.2 & 2):u64 != 0):u64
      5: .3 = load[Once]:u64 &w
      6: store[Release]:u64 &w = (.3 & -2):u64"
    `);
  });

  it('of a bit that is known at run time only', () => {
    expect(
      code('int n = READ_ONCE(*x); set_bit(n, w); int r = test_bit(n + 1, w);', 'int *x, unsigned long *w'),
    ).toMatchInlineSnapshot(`
      "0: n = load[Once] &x
      1: _ = rmw[Noreturn][Once]:u64 &w = (old | (1 << (n):u64):u64):u64 -> old
      2: .1 = load[Once]:u64 &w
      3: r = (((.1 >> ((n + 1)):u64):u64 & 1):u64):s32"
    `);
  });

  it('make a field a bitmap', () => {
    const { value } = elaborate('set_bit(2, &p->flags);', 'struct foo *p');
    expect(
      value!.locations.map(({ name, type }) => `${name} ${type.signed ? 's' : 'u'}${type.bits}`),
    ).toEqual(['p->flags u64']);
  });

  it('are refused outside of the word, and on other types', () => {
    expect(
      errors(
        'set_bit(64, w);\nclear_bit(-1, w);\nset_bit(1, x);\ntest_bit(w, 1);\nassign_bit(1, w, 0);',
        'unsigned long *w, int *x',
      ),
    ).toMatchInlineSnapshot(`
      "
      t:5:9: error: bit 64 is outside of the 64 bits of \`w\` [bit-number]
       5 | set_bit(64, w);
         |         ^^
        hint: a bitmap of several words is one cell for each word
      t:6:11: error: bit -1 is outside of the 64 bits of \`w\` [bit-number]
       6 | clear_bit(-1, w);
         |           ^^
        hint: a bitmap of several words is one cell for each word
      t:7:12: error: \`set_bit\` works on an unsigned long, but \`x\` is the address of int [wrong-width]
       7 | set_bit(1, x);
         |            ^
        hint: declare it as \`unsigned long *\`
      t:8:13: error: \`test_bit\` takes an address, but \`1\` is int [not-a-pointer]
       8 | test_bit(w, 1);
         |             ^
      t:9:1: error: \`assign_bit\` sets or clears a bit: write set_bit() or clear_bit() under an \`if\` [unsupported-primitive]
       9 | assign_bit(1, w, 0);
         | ^^^^^^^^^^
      "
    `);
  });
});

describe('locks', () => {
  it('that are looked at', () => {
    expect(
      code(
        'int r = spin_is_locked(l); r = raw_spin_is_locked(k); if (mutex_is_locked(m)) r = 2;',
        'spinlock_t *l, raw_spinlock_t *k, struct mutex *m',
      ),
    ).toMatchInlineSnapshot(`
      "0: r = load[RL] &l, if 0 [RU]
      1: r = load[RL] &k, if 0 [RU]
      2: .1 = load[RL] &m, if 0 [RU]
      3: if !.1 goto 5 (join never)
      4: r = 2"
    `);
  });

  it('whose waits may be given up', () => {
    const body = `unsigned long flags; spin_lock_nested(l, 1); raw_spin_lock_irqsave_nested(k, flags, 1);
      if (mutex_lock_interruptible(m)) return; lockdep_assert_held(m); mutex_unlock(m);`;
    expect(code(body, 'spinlock_t *l, raw_spinlock_t *k, struct mutex *m')).toMatchInlineSnapshot(`
      "0: _ = rmw[LKR][LKW] &l = 1 when (old == 0) -> 1 else block
      1: _ = rmw[LKR][LKW] &k = 1 when (old == 0) -> 1 else block
      2: _ = rmw[LKR][LKW] &m = 1 when (old == 0) -> 1 else block
      3: store[UL] &m = 0"
    `);
  });

  it('that readers share', () => {
    const body = `unsigned long flags; read_lock(l); read_unlock(l); write_lock_irqsave(l, flags);
      write_unlock_irqrestore(l, flags); if (read_trylock(l)) read_unlock_bh(l); int r = write_trylock(l);`;
    expect(code(body, 'rwlock_t *l')).toMatchInlineSnapshot(`
      "0: _ = rmw[Acquire][Once] &l = (old + 1) when (old >= 0) -> 1 else block
      1: _ = rmw[Once][Release] &l = (old - 1) -> old
      2: _ = rmw[Acquire][Once] &l = -1 when (old == 0) -> 1 else block
      3: store[Release] &l = 0
      4: .1 = rmw[Acquire][Once] &l = (old + 1) when (old >= 0) -> 1 else [Once] 0
      5: if !.1 goto 7 (join 7)
      6: _ = rmw[Once][Release] &l = (old - 1) -> old
      7: r = rmw[Acquire][Once] &l = -1 when (old == 0) -> 1 else [Once] 0"
    `);
  });

  it('of semaphores', () => {
    const body = 'down_read(s); up_read(s); down_write(s); up_write(s); int r = down_read_killable(&p->sem);';
    expect(code(body, 'struct rw_semaphore *s, struct foo *p')).toMatchInlineSnapshot(`
      "0: _ = rmw[Acquire][Once] &s = (old + 1) when (old >= 0) -> 1 else block
      1: _ = rmw[Once][Release] &s = (old - 1) -> old
      2: _ = rmw[Acquire][Once] &s = -1 when (old == 0) -> 1 else block
      3: _ = rmw[Once][Release] &s = (old + 1) -> old
      4: _ = rmw[Acquire][Once] &p->sem = (old + 1) when (old >= 0) -> 1 else block
      5: r = 0"
    `);
  });

  it('are not taken for each other', () => {
    expect(
      errors(
        'read_lock(l);\nspin_lock(r);\ndown_read(r);\ndown_write(l);\nmutex_lock(x);\n*r = 1;',
        'spinlock_t *l, rwlock_t *r, int *x',
      ),
    ).toMatchInlineSnapshot(`
      "
      t:5:11: error: \`read_lock\` takes a reader-writer lock, but \`l\` points to spinlock_t [not-a-lock]
       5 | read_lock(l);
         |           ^
        hint: use \`spin_lock()\` and \`spin_unlock()\`
      t:6:11: error: \`spin_lock\` takes a spinlock, but \`r\` points to rwlock_t [not-a-lock]
       6 | spin_lock(r);
         |           ^
        hint: use \`read_lock()\` and \`write_lock()\`
      t:7:11: error: \`down_read\` takes a semaphore, but \`r\` points to rwlock_t [not-a-lock]
       7 | down_read(r);
         |           ^
        hint: use \`read_lock()\` and \`write_lock()\`
      t:8:12: error: \`down_write\` takes a semaphore, but \`l\` points to spinlock_t [not-a-lock]
       8 | down_write(l);
         |            ^
        hint: use \`spin_lock()\` and \`spin_unlock()\`
      t:9:12: error: \`mutex_lock\` takes a mutex, but \`x\` points to int [not-a-lock]
       9 | mutex_lock(x);
         |            ^
        hint: declare it as \`struct mutex *\`
      t:10:1: error: \`*r\` is a lock (rwlock_t), not an int [lock-access]
       10 | *r = 1;
          | ^^
        hint: use the lock primitives
      "
    `);
  });

  it('cannot be downgraded', () => {
    expect(errors('down_write(s);\ndowngrade_write(s);', 'struct rw_semaphore *s')).toMatchInlineSnapshot(`
      "
      t:6:1: error: \`downgrade_write\` is not supported: write up_write() and then down_read(), between which another writer may come [unsupported-primitive]
       6 | downgrade_write(s);
         | ^^^^^^^^^^^^^^^
      "
    `);
  });

  it('of every kind may be fields', () => {
    const { value, diagnostics } = elaborate(
      'read_lock(&p->a); mutex_lock(&p->b); down_read(&p->c); spin_lock(&p->d);',
      'struct foo *p',
    );
    expect(renderDiagnostics(diagnostics)).toBe('');
    expect(value!.locations.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'p->a int',
      'p->b spinlock',
      'p->c int',
      'p->d spinlock',
    ]);
  });
});
