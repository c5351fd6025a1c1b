/** Macros, enumerations, helper functions, jumps and guards of kernel C: what they become, and what is wrong with them. */
import { describe, expect, it } from 'vitest';
import { showProgram } from '../oracle/show-program.js';
import type { Program } from '../program/ir.js';
import { parseLitmus } from '../syntax/parse.js';
import { invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { elaborateC } from './elaborate.js';

interface Parts {
  readonly definitions?: string;
  readonly init?: string;
  readonly parameters?: string;
  readonly tail?: string;
}

function textOf(body: string, { definitions = '', init = '', parameters, tail }: Parts): string {
  const given = parameters ?? 'int *x, int *y, spinlock_t *l, struct foo *p';
  return `C test\n{ ${init} }\n${definitions}\nP0(${given})\n{\n${body}\n}\n${tail ?? 'exists (true)'}\n`;
}

function elaborated(body: string, parts: Parts): ReturnType<typeof elaborateC> {
  const { value, diagnostics } = parseLitmus({ name: 't', text: textOf(body, parts) });
  invariant(value?.dialect === 'C', renderDiagnostics(diagnostics));
  return elaborateC(value);
}

function program(body: string, parts: Parts): Program {
  const { value, diagnostics } = elaborated(body, parts);
  expect(renderDiagnostics(diagnostics)).toBe('');
  return value!;
}

/** The instructions of a thread with this body, one a line. */
function code(body: string, definitions = ''): string {
  const lines = showProgram(program(body, { definitions })).split('\n');
  return lines
    .filter((line) => /^ +\d+: /.test(line))
    .map((line) => line.trim())
    .join('\n');
}

function messages(body: string, definitions = '', parts: Parts = {}): string {
  const { value, diagnostics } = elaborated(body, { ...parts, definitions });
  expect(value === null).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  return `\n${renderDiagnostics(diagnostics)}\n`;
}

/** A thread whose code must be that of another one, which needs no definitions. */
function expectSame(definitions: string, body: string, plain: string): void {
  expect(code(body, definitions)).toBe(code(plain));
}

describe('macros and enumerators', () => {
  it.each([
    ['#define N 3', '*x = N;', '*x = 3;'],
    ['#define N (1 + 2)', '*x = N * 2;', '*x = (1 + 2) * 2;'],
    ['#define N 2 * 3', '*x = 1 + N;', '*x = 1 + 2 * 3;'],
    ['#define N -1', '*x = 4 - N;', '*x = 4 - -1;'],
    ['#define add(a, b) ((a) + (b))', '*x = add(1, 2) * add(add(3, 4), 5);', '*x = (1 + 2) * (3 + 4 + 5);'],
    ['#define twice(a) (a + a)', '*x = twice(*y);', '*x = *y + *y;'],
    ['#define A B\n#define B 7', '*x = A;', '*x = 7;'],
    ['#define load READ_ONCE', 'int r = load(*x);', 'int r = READ_ONCE(*x);'],
    ['#define set(f, v) f(*x, v)', 'set(WRITE_ONCE, 1);', 'WRITE_ONCE(*x, 1);'],
    ['#define get(p, f) READ_ONCE((p)->f)', 'int r = get(p, next);', 'int r = READ_ONCE(p->next);'],
    ['#define next after', 'int r = p->next;', 'int r = p->after;'],
    ['#define take() spin_lock(l)', 'take();', 'spin_lock(l);'],
    ['#define nothing(a)', 'nothing(1); *x = 1;', '*x = 1;'],
    ['#define both(a, v) do { *a = v; a[0] = v; } while (0)', 'if (*y) both(x, 1); else *x = 2;', null],
    ['#define wait(a) while (!READ_ONCE(*a))', 'wait(x);', 'while (!READ_ONCE(*x));'],
    ['#define out(l) goto l', 'out(end); *x = 1; end: *y = 1;', '*y = 1;'],
    ['#define hold guard(spinlock)(l)', 'hold; *x = 1;', 'spin_lock(l); *x = 1; spin_unlock(l);'],
    ['#define N 1\n#define f(N) ((N) + 1)', '*x = f(5);', '*x = 6;'],
    ['#define f(a) ((a) + 1)', 'int f = 2; *x = f;', 'int f = 2; *x = f;'],
    ['enum { A, B = 5, C, D = A - 1 };', '*x = A + B + C + D;', '*x = 10;'],
    ['enum color { RED = 2 };\n#define N RED', 'enum color c = N; *x = c;', 'unsigned c = 2; *x = c;'],
    ['enum sign { MINUS = -1 };', 'enum sign s = MINUS; *x = s < 0;', 'int s = -1; *x = s < 0;'],
    ['#define SHIFT 4\nenum { BIT = 1 << SHIFT };', '*x = BIT;', '*x = 16;'],
    ['#include <linux/rcupdate.h>', '*x = 1;', '*x = 1;'],
  ])('%s', (definitions, body, plain) => {
    expectSame(definitions, body, plain ?? 'if (*y) { *x = 1; x[0] = 1; } else *x = 2;');
  });

  it('stand for numbers in the init block and the condition', () => {
    const definitions = 'enum state { IDLE = 4, BUSY };\n#define LIMIT (BUSY * 2)';
    const { locations, condition } = program('int r = *x;', {
      definitions,
      init: 'x = BUSY; enum state y = IDLE;',
      tail: 'filter (y=IDLE) exists (x=LIMIT /\\ 0:r=-1)',
    });
    expect(locations.map(({ name, initial }) => `${name}=${String(initial)}`)).toEqual(['x=5', 'y=4', 'l=0']);
    expect(condition.text).toBe('exists ([x]=10 /\\ 0:r=-1)');
  });

  it.each([
    ['that use themselves', '#define f(a) g(a)\n#define g(a) f(a)', '*x = f(1);'],
    ['without the parentheses they need', '#define N 1 + 2', '*x = N * 3;'],
    ['whose `if` would take the `else`', '#define wake(v) if (v) *x = 1', 'if (*y) wake(1); else *x = 7;'],
    ['whose parameters need parentheses', '#define twice(a) (a * 2)', '*x = twice(1 + 1);'],
    ['with arguments too few', '#define add(a, b) ((a) + (b))', '*x = add(1);'],
    ['that are statements, as values', '#define f(a) do { *a = 1; } while (0)', '*x = f(x);'],
    ['that are nothing, as values', '#define N', '*x = N;'],
    ['as names', '#define next 3', '*x = p->next;'],
    ['as types', '#define word u32', 'word r = 1;'],
    ['before they are defined', '', '*x = N;\n#define N 1'],
    ['that are defined twice', '#define N 1\n#define N 2', '*x = N;'],
    [
      'with something wrong inside',
      '#define get(p) READ_ONCE(p)\n#define both(p) (get(p) + 1)',
      '*x = both(x);',
    ],
    ['with something wrong in an argument', '#define get(p) READ_ONCE(*(p))', '*x = get(yy);'],
    ['that expand without end', doubling(20), '*x = M20;'],
    ['enumerators that are declared again', 'enum { A };', 'int A = 1;'],
    ['enumerators that are no constants', 'enum { A = *x };', '*x = A;'],
    ['enumerators of one name', 'enum { A };\nenum { B, A };', '*x = A;'],
    ['enumerations that are not there', '', 'enum color c = 1;'],
    ['headers of the user', '#include "mine.h"', '*x = 1;'],
  ])('%s', (_name, definitions, body) => {
    expect(messages(body, definitions)).toMatchSnapshot();
  });

  it('are told where the init block and the condition use them', () => {
    const parts = { init: 'x = LIMIT;', tail: 'exists (y=LIMIT)' };
    expect(messages('*x = 1;', '#define LIMIT (*x)', parts)).toMatchSnapshot();
  });
});

/** Macros that double twenty times over. */
function doubling(n: number): string {
  const lines = Array.from({ length: n }, (_, i) => `#define M${i + 1} (M${i} + M${i})`);
  return ['#define M0 1', ...lines].join('\n');
}

const poll = `static inline int poll(int *flag, int want)
{
	int seen = READ_ONCE(*flag);
	if (seen != want)
		return -1;
	smp_rmb();
	return seen;
}`;

describe('helper functions', () => {
  it('are lowered in place of their calls, with locals of their own', () => {
    expect(code('int seen = 1;\nseen = poll(x, 2) + poll(y, seen);', poll)).toMatchInlineSnapshot(`
      "0: seen = 1
      1: poll.want = 2
      2: poll.seen = load[Once] &x
      3: if (poll.seen == poll.want) goto 6 (join 8)
      4: poll.return = -1
      5: goto 8
      6: fence[Rmb]
      7: poll.return = poll.seen
      8: .1 = poll.return
      9: poll.want.2 = seen
      10: poll.seen.2 = load[Once] &y
      11: if (poll.seen.2 == poll.want.2) goto 14 (join 16)
      12: poll.return.2 = -1
      13: goto 16
      14: fence[Rmb]
      15: poll.return.2 = poll.seen.2
      16: seen = (.1 + poll.return.2)"
    `);
  });

  it('keep their own lines, and tell where they are called', () => {
    const { threads } = program('int r = poll(x, 1);', { definitions: poll });
    expect(threads[0]!.code.map(({ source }) => source.text)).toMatchInlineSnapshot(`
      [
        "r = poll(x, 1)",
        "seen = READ_ONCE(*flag) in poll()",
        "if (seen != want) in poll()",
        "return -1 in poll()",
        "return -1 in poll()",
        "smp_rmb() in poll()",
        "return seen in poll()",
      ]
    `);
  });

  it.each([
    ['static void set(int *v) { *v = 1; }', 'set(x); set(y);', '*x = 1; *y = 1;'],
    ['static void set(int *v) { if (*v) return; *v = 1; }', 'set(x);', 'if (*x) goto e; *x = 1; e: ;'],
    ['static int get(int *v) { return READ_ONCE(*v); }', 'int r = get(x);', 'int r = READ_ONCE(*x);'],
    ['static int *same(int *v) { return v; }', '*same(x) = 1;', '*x = 1;'],
    ['static struct foo *id(struct foo *q) { return q; }', 'id(p)->a = 1;', 'p->a = 1;'],
    ['static void take(spinlock_t *m) { spin_lock(m); }', 'take(l);', 'spin_lock(l);'],
    ['static void take(spinlock_t *m) { spin_lock(m); }', 'take(&p->m);', 'spin_lock(&p->m);'],
    ['static void add(atomic_t *v) { atomic_inc(v); }', 'add(&p->v);', 'atomic_inc(&p->v);'],
    [
      'static void outer(int *v) { inner(v); }\nstatic void inner(int *v) { *v = 1; }',
      'outer(x);',
      '*x = 1;',
    ],
    ['static void put(struct foo *q) { q->a = 1; }', 'put(p);', 'p->a = 1;'],
    ['static bool any(int *v) { return *v; }', '*x = any(y);', '*x = (bool)*y;'],
    ['static void unused(int *v) { *v = 1; }', '*x = 1;', '*x = 1;'],
    ['#define V 3\nstatic int three(void) { return V; }', '*x = three();', '*x = 3;'],
  ])('%s', (definitions, body, plain) => {
    expectSame(definitions, body, plain);
  });

  it('take pointers that they move', () => {
    expect(
      code('walk(p);', 'static void walk(struct foo *q) { q = q->next; q->a = 1; }'),
    ).toMatchInlineSnapshot(`
      "0: walk.q = &p
      1: walk.q = load[Plain]:s64 (((walk.q == &p):s64 ? &p->next : 0) + (walk.q ^ walk.q):s64):s64
      2: store[Plain] (((walk.q == &p):s64 ? &p->a : 0) + (walk.q ^ walk.q):s64):s64 = 1"
    `);
  });

  it.each([
    ['that call themselves', 'static void f(int *v) { g(v); }\nstatic void g(int *v) { f(v); }', 'f(x);'],
    ['with arguments too many', poll, 'int r = poll(x, 1, 2);'],
    ['with arguments of another type', 'static void take(spinlock_t *m) { spin_lock(m); }', 'take(x);'],
    ['with integers for pointers', poll, 'int r = poll(5, 1);'],
    ['without the value that is used', 'static int f(int a) { if (a) return 1; }', '*x = f(*y);'],
    ['that return nothing', 'static int f(void) { return; }', '*x = f();'],
    ['that return a value all the same', 'static void f(void) { return 1; }', 'f();'],
    ['as values, without one', 'static void f(void) { }', '*x = f();'],
    ['that name what they do not have', 'static void f(void) { *x = 1; }', 'f();'],
    ['with something wrong inside, once', 'static void f(int *v) { *v = a; }', 'f(x);\nf(y);'],
    ['that need more than one call to be wrong', `static void f(int *v) { READ_ONCE(v); }\n${poll}`, 'f(x);'],
    ['with structs by value', 'static void f(struct foo q) { }', 'f(*p);'],
    ['of a primitive’s name', 'static void smp_mb(void) { }', 'smp_mb();'],
    ['of one name', 'static void f(void) { }\nstatic int f(int a) { return a; }', '*x = 1;'],
    ['that are mistyped', poll, 'int r = pol(x, 1);'],
    ['whose locals the condition names', poll, 'int r = poll(x, 1);'],
    ['that call each other too often', exploding(16), 'f16(x);'],
    ['with registers that are not declared', 'static void f(int *v) { r0 = *v; }', 'r0 = 1;\nf(x);'],
  ])('%s', (name, definitions, body) => {
    const tail = name.startsWith('whose') ? 'exists (0:seen=1)' : 'exists (true)';
    expect(messages(body, definitions, { tail })).toMatchSnapshot();
  });
});

/** Functions that call the one before twice. */
function exploding(n: number): string {
  const lines = Array.from({ length: n }, (_, i) => `static void f${i + 1}(int *v) { f${i}(v); f${i}(v); }`);
  return ['static void f0(int *v) { *v = 1; }', ...lines].join('\n');
}

describe('jumps', () => {
  it('control the leg that alone leads out of a loop', () => {
    const joins = (body: string): readonly string[] => code(body).match(/if .*/g) ?? [];
    // The store runs only if the branch says so, though every path to the end goes through it.
    expect(joins('for (;;) { if (READ_ONCE(*x)) { WRITE_ONCE(*y, 1); break; } }\n*x = 0;')).toEqual([
      'if !.1 goto 4 (join 5)',
    ]);
    // A wait does not control what comes after it.
    expect(joins('while (!READ_ONCE(*x)) ;\nWRITE_ONCE(*y, 1);')).toEqual(['if .1 goto 3 (join 3)']);
  });

  it('choose among the cases of a switch', () => {
    expect(
      code(
        'switch (READ_ONCE(*x)) {\ncase 1: *y = 1; break;\ncase 2: case 3: *y = 2;\ndefault: *y = 3;\n}\n*x = 0;',
      ),
    ).toMatchInlineSnapshot(`
      "0: .1 = load[Once] &x
      1: if (.1 == 1) goto 5 (join 9)
      2: if (.1 == 2) goto 7 (join 8)
      3: if (.1 == 3) goto 7 (join 8)
      4: goto 8
      5: store[Plain] &y = 1
      6: goto 9
      7: store[Plain] &y = 2
      8: store[Plain] &y = 3
      9: store[Plain] &x = 0"
    `);
    expect(
      code('u8 a = READ_ONCE(*x);\nswitch (a) { case 255: { case 7: *y = 1; } }'),
    ).toMatchInlineSnapshot(`
      "0: .1 = load[Once] &x
      1: a = (.1):u8
      2: if (a == 255) goto 5 (join never)
      3: if (a == 7) goto 5 (join never)
      4: goto 6
      5: store[Plain] &y = 1"
    `);
  });

  it.each([
    ['switch (2) { case 1: *x = 1; case 2: *x = 2; case 3: *x = 3; }', '*x = 2; *x = 3;'],
    ['switch (4) { case 1: *x = 1; }', ''],
    ['switch (1) ;', ''],
    ['switch (3) case 3: *x = 1;', '*x = 1;'],
    ['switch (1) { int r; case 1: r = 2; *x = r; }', 'int r; r = 2; *x = r;'],
    [
      'for (int i = 0; i < 1; i++) switch (i) { case 0: continue; }',
      'for (int i = 0; i < 1; i++) { if (i == 0) continue; continue; }',
    ],
    ['while (*x) { switch (1) { default: break; } *y = 1; }', 'while (*x) *y = 1;'],
    ['switch (1) { case 1: switch (2) { case 1: *x = 9; case 2: break; } *x = 1; }', '*x = 1;'],
    ['goto out; *x = 1; out: *y = 1;', '*y = 1;'],
    ['again: if (*x) goto again;', 'do ; while (*x);'],
    ['goto in; { *x = 1; in: *y = 1; }', '*y = 1;'],
    ['goto end; *x = 1; end: ;', ''],
    ['{ *x = 1; end: }', '*x = 1;'],
    [
      'for (int i = 0, j = 1; i < j; i++, j--) *x = i;',
      'int i = 0, j = 1; while (i < j) { *x = i; i++; j--; }',
    ],
    ['*x = 1, *y = 2;', '*x = 1; *y = 2;'],
    ['*x = (*y = 1, 2);', '*y = 1; *x = 2;'],
    ['int a, b; a = b = 3; *x = a;', 'int a, b; b = 3; a = b; *x = a;'],
    ['if (WARN_ON(*x && *y)) *x = 1;', 'if (*x && *y) *x = 1;'],
    ['if (WARN_ON_ONCE(!*x)) return;', 'if (!*x) return;'],
    ['BUG_ON(*x == 1); *y = 1;', 'if (*x == 1) return; *y = 1;'],
    ['BUG(); *y = 1;', 'return;'],
  ])('%s', (body, plain) => {
    expectSame('', body, plain);
  });

  it('end the thread from a helper that stops the machine', () => {
    const helper = 'static void check(int *v) { BUG_ON(*v); *v = 1; }';
    expectSame(helper, 'check(x); *y = 1;', 'if (*x) return; *x = 1; *y = 1;');
  });

  it.each([
    ['to labels that are not there', 'otu: *x = 1;\ngoto out;'],
    ['to labels that are there twice', 'out: *x = 1;\nout: *x = 2;\ngoto out;'],
    ['to cases that are there twice', 'switch (*x) { case 1: case 2 - 1: default: default: ; }'],
    ['to cases that are no constants', 'switch (*x) { case *y: ; }'],
    ['to cases outside of a switch', 'case 1: *x = 1;\ndefault: *x = 2;'],
    ['to ranges of cases', 'switch (*x) { case 1 ... 3: ; }'],
    ['on pointers', 'switch (x) { case 0: ; }'],
    ['that continue in no loop', 'switch (*x) { case 0: continue; }'],
  ])('%s', (_name, body) => {
    expect(messages(body)).toMatchSnapshot();
  });
});

it('what is never reached reads nothing', () => {
  expectSame(poll, '*x = 1; return; int r = 2; *x = poll(x, r);', '*x = 1;');
});

describe('locals that hide others', () => {
  it('have registers of their own', () => {
    expect(
      code('int r = 1;\n{ int r = *x; { long r = 3; *x = r; } *x = r; }\n*x = r;'),
    ).toMatchInlineSnapshot(`
      "0: r = 1
      1: r.2 = load[Plain] &x
      2: r.3 = 3
      3: store[Plain] &x = (r.3):s32
      4: store[Plain] &x = r.2
      5: store[Plain] &x = r"
    `);
  });

  it('are not named by a condition', () => {
    expect(messages('int r = 1;\n{ int r = *x; }', '', { tail: 'exists (0:r=1)' })).toMatchSnapshot();
  });

  it('may follow each other', () => {
    const { condition } = program('if (*x) { int r = 1; } else { int r = 2; }', { tail: 'exists (0:r=1)' });
    expect(condition.text).toBe('exists (0:r=1)');
  });
});

describe('guards', () => {
  it.each([
    ['guard(spinlock)(l); *x = 1;', 'spin_lock(l); *x = 1; spin_unlock(l);'],
    ['{ guard(spinlock)(l); *x = 1; } *y = 1;', 'spin_lock(l); *x = 1; spin_unlock(l); *y = 1;'],
    ['scoped_guard (spinlock, l) *x = 1; *y = 1;', 'spin_lock(l); *x = 1; spin_unlock(l); *y = 1;'],
    [
      'scoped_guard (spinlock, l) { scoped_guard (spinlock, &p->m) *x = 1; }',
      'spin_lock(l); spin_lock(&p->m); *x = 1; spin_unlock(&p->m); spin_unlock(l);',
    ],
    [
      'guard(raw_spinlock_irqsave)(l); guard(mutex)(&p->m); *x = 1;',
      'raw_spin_lock(l); mutex_lock(&p->m); *x = 1; mutex_unlock(&p->m); raw_spin_unlock(l);',
    ],
    ['guard(rcu)(); *x = 1;', 'rcu_read_lock(); *x = 1; rcu_read_unlock();'],
    [
      'if (*x) { guard(spinlock)(l); return; } *y = 1;',
      'if (*x) { spin_lock(l); spin_unlock(l); return; } *y = 1;',
    ],
    [
      'guard(spinlock)(l); if (*x) return; *y = 1;',
      'spin_lock(l); if (*x) { spin_unlock(l); return; } *y = 1; spin_unlock(l);',
    ],
    [
      'while (*x) { guard(spinlock)(l); if (*y) break; *y = 1; }',
      'while (*x) { spin_lock(l); if (*y) { spin_unlock(l); break; } *y = 1; spin_unlock(l); }',
    ],
    [
      'while (*x) { guard(spinlock)(l); if (*y) continue; *y = 1; }',
      'while (*x) { spin_lock(l); if (*y) { spin_unlock(l); continue; } *y = 1; spin_unlock(l); }',
    ],
    [
      '{ guard(spinlock)(l); if (*x) goto out; *y = 1; } out: *y = 2;',
      'spin_lock(l); if (*x) { spin_unlock(l); goto out; } *y = 1; spin_unlock(l); out: *y = 2;',
    ],
    [
      'guard(spinlock)(l); again: if (*x) goto again; *y = 1;',
      'spin_lock(l); again: if (*x) goto again; *y = 1; spin_unlock(l);',
    ],
    [
      'scoped_guard (spinlock, l) { if (*x) break; *y = 1; } *y = 2;',
      'spin_lock(l); if (*x) { spin_unlock(l); goto out; } *y = 1; spin_unlock(l); out: *y = 2;',
    ],
    [
      'scoped_guard (spinlock, l) { if (*x) continue; *y = 1; }',
      'spin_lock(l); if (*x) { spin_unlock(l); goto out; } *y = 1; spin_unlock(l); out: ;',
    ],
    ['guard(spinlock)(l); BUG_ON(*x);', 'spin_lock(l); if (*x) goto out; spin_unlock(l); out: ;'],
  ])('%s', (body, plain) => {
    expectSame('', body, plain);
  });

  it('keep the lock that they took, and the index of a reader', () => {
    const body = 'struct foo *q = READ_ONCE(p->next);\nguard(spinlock)(&q->m);\nq = p;';
    expect(code(body)).toMatchInlineSnapshot(`
      "0: q = load[Once]:s64 &p->next
      1: .guard = (((q == &p):s64 ? &p->m : 0) + (q ^ q):s64):s64
      2: _ = rmw[LKR][LKW] .guard = 1 when (old == 0) -> 1 else block
      3: q = &p
      4: store[UL] .guard = 0"
    `);
    const { threads } = program('guard(srcu)(s);\n*x = 1;', { parameters: 'struct srcu_struct *s, int *x' });
    expect(
      threads[0]!.code.map(({ source }) => `${source.primitive}: ${source.text}`),
    ).toMatchInlineSnapshot(`
      [
        "srcu_read_lock: guard(srcu)(s)",
        "null: *x = 1",
        "srcu_read_unlock: end of guard(srcu)(s)",
      ]
    `);
  });

  it('in a helper end with it', () => {
    const helper =
      'static int get(spinlock_t *m, int *v) { guard(spinlock)(m); if (*v) return 1; return *v; }';
    expect(code('*x = get(l, y);', helper)).toMatchInlineSnapshot(`
      "0: _ = rmw[LKR][LKW] &l = 1 when (old == 0) -> 1 else block
      1: .1 = load[Plain] &y
      2: if !.1 goto 6 (join 8)
      3: get.return = 1
      4: store[UL] &l = 0
      5: goto 8
      6: get.return = load[Plain] &y
      7: store[UL] &l = 0
      8: store[Plain] &x = get.return"
    `);
  });

  it.each([
    ['of classes that are mistyped', 'guard(raw_spinlok)(l);'],
    ['that may not hold the lock', 'guard(mutex_try)(&p->m);'],
    ['without an object', 'guard(spinlock)();\nscoped_guard (spinlock) ;'],
    ['with an object too many', 'guard(rcu)(l);'],
    ['of another lock', 'guard(mutex)(l);'],
    ['of what is not there', 'guard(spinlock)(&q->m);'],
    ['that are jumped into', 'goto in;\nguard(spinlock)(l);\nin: *x = 1;'],
    ['that a case jumps into', 'switch (*x) { case 0: ; guard(spinlock)(l); case 1: ; }'],
    ['that a break leaves', 'while (*x) { scoped_guard (spinlock, l) { if (*y) break; } }'],
    ['as values', 'int r = guard(spinlock);'],
  ])('%s', (_name, body) => {
    expect(messages(body)).toMatchSnapshot();
  });
});
