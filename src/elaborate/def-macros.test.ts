/** Primitives of a user's macro file: what they mean, and what is said about files and calls that mean nothing. */
import { describe, expect, it } from 'vitest';
import { showProgram } from '../oracle/show-program.js';
import { parseLitmus } from '../syntax/parse.js';
import { renderDiagnostics } from '../text/render.js';
import { readMacros } from './def-macros.js';
import { elaborateC } from './elaborate.js';
import type { PrimitiveTable } from './primitive-table.js';

function table(text: string): PrimitiveTable {
  const { value, diagnostics } = readMacros({ name: 'm.def', text });
  expect(renderDiagnostics(diagnostics)).toBe('');
  return value!;
}

function elaborate(body: string, parameters: string, macros: PrimitiveTable | null) {
  const text = `C test\n{}\nP0(${parameters})\n{\n${body}\n}\nforall (true)\n`;
  const parsed = parseLitmus({ name: 't', text });
  if (parsed.value?.dialect !== 'C') throw new Error(renderDiagnostics(parsed.diagnostics));
  return elaborateC(parsed.value, macros === null ? {} : { macros });
}

/** The instructions of a thread, one line each. */
function code(body: string, parameters: string, macros: PrimitiveTable | null): string {
  const { value, diagnostics } = elaborate(body, parameters, macros);
  expect(renderDiagnostics(diagnostics)).toBe('');
  return showProgram(value!)
    .split('\n')
    .filter((line) => /^ +\d+: /.test(line))
    .map((line) => line.trim())
    .join('\n');
}

function fileErrors(text: string): string {
  return `\n${renderDiagnostics(readMacros({ name: 'm.def', text }).diagnostics)}\n`;
}

/** Primitives of ours, as a macro file says them, with a call each. */
const SAME: readonly (readonly [definition: string, call: string])[] = [
  ['READ_ONCE(A) __load{once}(A)', 'int r = READ_ONCE(*x);'],
  ['WRITE_ONCE(A, B) { __store{once}(A, B); }', 'WRITE_ONCE(p->f, 1);'],
  ['smp_load_acquire(A) __load{acquire}(*A)', 'int r = smp_load_acquire(&p->f);'],
  ['smp_store_release(A,B) { __store{RELEASE}(*A,B); }', 'smp_store_release(x, 1);'],
  ['smp_store_mb(A,B) { __store{once}(A,B); __fence{mb}; }', 'smp_store_mb(*x, 1);'],
  ['smp_mb__after_unlock_lock() { __fence{after-unlock-lock}(); }', 'smp_mb__after_unlock_lock();'],
  ['xchg_acquire(A,B) __xchg{ACQUIRE}(A,B)', 'int r = xchg_acquire(x, 2);'],
  ['cmpxchg(A,B,C) __cmpxchg{MB}(A,B,C)', 'int r = cmpxchg(x, 0, 1);'],
  ['atomic_read(A) READ_ONCE(*A)\nREAD_ONCE(A) __load{once}(A)', 'int r = atomic_read(v);'],
  ['atomic_add(B,A) { __atomic_op(A,+,B); }', 'atomic_add(2, v);'],
  ['atomic_andnot(B,A) { __atomic_op{NORETURN}(A,&~,B); }', 'atomic_andnot(2, v);'],
  [
    'atomic_fetch_or_release(B,A) __atomic_fetch_op{release}(A,|,B)',
    'int r = atomic_fetch_or_release(2, v);',
  ],
  ['atomic_dec_return(A) __atomic_op_return{MB}(A,-,1)', 'int r = atomic_dec_return(v);'],
  ['atomic_add_unless(A,B,C) __atomic_add_unless{MB}(A,B,C)', 'int r = atomic_add_unless(v, 1, 0);'],
  ['spin_lock(A) { __lock(A); }', 'spin_lock(l);'],
  ['spin_unlock(A) { __unlock(A); }', 'spin_unlock(l);'],
  ['mutex_lock(A) { __lock(A); }', 'mutex_lock(m);'],
  ['spin_trylock(A) __trylock(A)', 'int r = spin_trylock(l);'],
  ['spin_is_locked(A) __islocked(A)', 'int r = spin_is_locked(l);'],
  ['rcu_read_lock() { __fence{rcu-lock}; }', 'rcu_read_lock();'],
  ['srcu_read_lock(A) __load{srcu-lock}(*A)', 'int r = srcu_read_lock(ss);'],
  ['srcu_read_lock(A) __srcu{srcu-lock}(A)', 'int r = srcu_read_lock(ss);'],
  ['srcu_read_unlock(A,B) { __store{srcu-unlock}(*A,B); }', 'srcu_read_unlock(ss, 0);'],
  ['srcu_read_unlock(A,B) { __srcu{srcu-unlock}(A,B); }', 'srcu_read_unlock(ss, 0);'],
  ['synchronize_srcu(A) { __srcu{sync-srcu}(A); }', 'synchronize_srcu(ss);'],
];
const PARAMETERS =
  'int *x, struct foo *p, atomic_t *v, spinlock_t *l, struct mutex *m, struct srcu_struct *ss';

describe('macro files', () => {
  it.each(SAME)('may say what is known already: %s', (definition, call) => {
    expect(code(call, PARAMETERS, table(definition))).toBe(code(call, PARAMETERS, null));
  });

  it('keep the tool’s name of what they replace, by which code is compiled', () => {
    const macros = table('raw_spin_lock(A) { __lock(A); } new_lock(A) { __lock(A); }');
    const { value } = elaborate('raw_spin_lock(l); new_lock(l);', PARAMETERS, macros);
    expect(value!.threads[0]!.code.map(({ source }) => source.primitive)).toEqual(['spin_lock', 'new_lock']);
  });

  it('mean fences around a successful read-modify-write by a small `mb`, as herd once did', () => {
    const macros = table('cmpxchg(A,B,C) __cmpxchg{mb}(A,B,C) xchg(A,B) __xchg{MB}(A,B)');
    const { value } = elaborate('cmpxchg(x, 0, 1); xchg(x, 2);', PARAMETERS, macros);
    expect(value!.threads[0]!.code).toMatchObject([
      { kind: 'rmw', readTags: ['Once'], writeTags: ['Once'], fences: ['Mb'] },
      { kind: 'rmw', readTags: ['Mb'], writeTags: ['Mb'] },
    ]);
    expect(value!.threads[0]!.code[1]).not.toHaveProperty('fences');
  });

  it('are told of a tag that resembles one of ours', () => {
    const tagged = (tag: string) =>
      readMacros({ name: 'm.def', text: `smp_mb() { __fence{${tag}}; }` }).diagnostics.map(
        ({ severity, hint }) => `${severity}: ${hint}`,
      );
    expect(tagged('MBB')).toEqual(['warning: did you mean `mb`?']);
    for (const tag of ['mb', 'MB', 'dmb', 'light-fence']) expect(tagged(tag)).toEqual([]);
  });

  it('add primitives, and replace ours', () => {
    const macros = table(`
      smp_mb() { __fence{dmb}; }
      read_twice(A) __load{once}(A) + READ_ONCE(A)
      publish(P, F, V) { WRITE_ONCE(*P, V); smp_mb(); WRITE_ONCE(*F, 1); }
      is_negative(A) __atomic_op_return{MB}(A, +, 0) < 0
      set_low(W) { __atomic_op{relaxed}(W, |, 1); }
      wait_free(L) !__islocked(L)
      nothing() { }`);
    const body = `smp_mb(); int r = read_twice(*x); publish(x, &p->f, r + 1);
      if (is_negative(v)) set_low(&p->w); r = wait_free(l); nothing();`;
    expect(code(body, PARAMETERS, macros)).toMatchSnapshot();
  });

  it('give their tags to events as they are, in our spelling where it is ours', () => {
    const macros = table(
      'f(A) __load{mine}(A) g(A,B) __xchg{seq-cst}(A,B) h() { __fence{SYNC-RCU}; } k(A) { __srcu{my-srcu}(A); }',
    );
    expect(code('f(*x); g(x, 1); h(); k(ss);', PARAMETERS, macros)).toMatchSnapshot();
  });

  it('give fields their types', () => {
    const macros = table(
      'take(L) { __lock(L); } bump(C) { atomic_inc(C); } hold(M) { mutex_lock(M); } mark(W) { set_bit(1, W); }',
    );
    const { value, diagnostics } = elaborate(
      'take(&p->lock); bump(&p->n); hold(&p->m); mark(&p->w);',
      PARAMETERS,
      macros,
    );
    expect(renderDiagnostics(diagnostics)).toBe('');
    const fields = value!.locations.filter(({ name }) => name.startsWith('p->'));
    expect(fields.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'p->lock spinlock',
      'p->n int',
      'p->m spinlock',
      'p->w int',
    ]);
  });
});

describe('mistakes', () => {
  it.each([
    ['in names', 'f(X) __load{once}(Y)\ng(X) REED_ONCE(X)\nh(X) __laod{once}(X)\nk(X) { __frobnicate(X); }'],
    ['in tags', 'f(X) __load(X)\ng(X) { __lock{acquire}(X); }'],
    ['in operators', 'f(X) __atomic_op_return{mb}(X, 1)\ng(X) __xchg{mb}(X, +, 1)'],
    [
      'in numbers of arguments',
      'f(X) __load{once}(X, 1)\ng(X) READ_ONCE(X, X)\nh(X) __atomic_fetch_op{mb}(X,+)',
    ],
    ['in definitions', 'f(X) X\nf(X) X\ng(X, X) X'],
    ['of macros in terms of themselves', 'f(X) g(X)\ng(X) h(X) h(X) f(X)\nsmp_mb() { smp_mb(); }'],
    ['of syntax', 'f(X) { __load{once}(X) }'],
  ])('%s are reported where they are', (_name, text) => {
    expect(fileErrors(text)).toMatchSnapshot();
  });

  it('of macros that grow without bound', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `f${i}() { f${i + 1}(); f${i + 1}(); }`);
    expect(fileErrors(`${lines.join('\n')}\nf30() { __fence{mb}; }`)).toContain('more than 200 operations');
    const chain = Array.from({ length: 3000 }, (_, i) => `f${i}() { f${i + 1}(); }`);
    expect(fileErrors(`${chain.join('\n')}\nf3000() { __fence{mb}; }`)).toContain('call each other in turn');
  });

  it('in calls are reported in the test', () => {
    const macros = table(
      'f(X) __load{once}(X) g(L) { __lock(L); } h(X) X + X k(X, Y) { __store{once}(*X, Y); }',
    );
    const body =
      'f(1);\ng(x);\nint r = h(READ_ONCE(*x));\nf();\nk(x);\nk(*x, 1);\nff(*x);\nr = g(l);\nr = h(r);';
    expect(`\n${renderDiagnostics(elaborate(body, PARAMETERS, macros).diagnostics)}\n`).toMatchSnapshot();
  });
});
