/**
 * Input that is wrong, unusual or hostile, through the command as users start it. Each is done right or refused with a place, and the
 * golden text shows in what words; a verdict is never guessed.
 *
 * The first two tables are what people write and the reference tool rejects, and what it accepts and answers wrongly.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fencepost } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(content: string | Uint8Array, ...options: string[]): Promise<Answer> {
  const path = join(folder, 't.litmus');
  writeFileSync(path, content);
  const { code, out, err } = await fencepost(['run', path, ...options]);
  return { code, out, err: err.replaceAll(`${folder}/`, '') };
}

/** The verdicts of the table in the order of its columns: `Never Never Sometimes Never`. */
function verdicts({ out }: Answer): string {
  const lines = out.matchAll(/^ {2}(?:lkmm|arm64|x86|sc) +(\w+)(?: {2}\((data-race)\))?/gm);
  return [...lines].map(([, verdict, race]) => (race === undefined ? verdict : `${verdict}!`)).join(' ');
}

interface Parts {
  readonly init?: string;
  readonly p0: string;
  readonly p1?: string;
  readonly parameters?: string;
  readonly condition: string;
}

function test({ init = '', p0, p1 = '', parameters = 'int *x, int *y', condition }: Parts): string {
  return [
    'C t',
    `{ ${init} }`,
    `P0(${parameters})`,
    `{ ${p0} }`,
    `P1(${parameters})`,
    `{ ${p1} }`,
    condition,
    '',
  ].join('\n');
}

const never = 'Never Never Never Never';
const sometimes = 'Sometimes Sometimes Sometimes Sometimes';
const always = 'Always Always Always Always';
const deadlock = 'Deadlock Deadlock Deadlock Deadlock';
const weak = 'Sometimes Sometimes Never Never';
const set = 'WRITE_ONCE(*x, 1);';

/** What is done right: the four verdicts tell the right reading from the likely wrong ones. */
const right: readonly (readonly [what: string, parts: Parts, verdicts: string])[] = [
  [
    'struct parameters and fields',
    {
      p0: 'WRITE_ONCE(p->blocked_on, m); WRITE_ONCE(p->__state, 1);',
      p1: 'int r0 = READ_ONCE(p->__state); smp_rmb(); struct mutex *r1 = READ_ONCE(p->blocked_on);',
      parameters: 'struct task_struct *p, struct mutex *m',
      condition: 'exists (1:r0=1 /\\ 1:r1=NULL)',
    },
    weak,
  ],
  ['&x', { p0: 'int *q = &x; WRITE_ONCE(*q, 1);', condition: 'exists (x=0)' }, never],
  [
    '!',
    {
      p0: 'if (!READ_ONCE(*x)) WRITE_ONCE(*y, 1);',
      p1: set,
      condition: 'forall (y=1)',
    },
    sometimes,
  ],
  ['! of a value that is not 0', { p0: 'int r0 = !2;', condition: 'exists (0:r0=0)' }, always],
  [
    '&& does not evaluate its right side in vain',
    { p0: 'int r0 = READ_ONCE(*x) && xchg(y, 1) == 0;', p1: set, condition: 'exists (0:r0=0 /\\ y=1)' },
    never,
  ],
  ['&& gives 1', { p0: 'int r0 = 2 && 3;', condition: 'forall (0:r0=1)' }, always],
  [
    '||',
    { p0: 'int r0 = READ_ONCE(*x) || READ_ONCE(*y);', p1: set, condition: 'exists (0:r0=1)' },
    sometimes,
  ],
  ['?:', { p0: 'int r0 = READ_ONCE(*x) ? 5 : 7;', p1: set, condition: 'forall (0:r0=5 \\/ 0:r0=7)' }, always],
  ['shifts', { p0: 'WRITE_ONCE(*x, 1 << 3 >> 1);', condition: 'forall (x=4)' }, always],
  ['hex numbers', { p0: 'WRITE_ONCE(*x, 0xff);', condition: 'forall (x=255)' }, always],
  ['octal numbers', { p0: 'WRITE_ONCE(*x, 010);', condition: 'forall (x=8)' }, always],
  ['+=', { p0: 'int r0 = 1; r0 += 2;', condition: 'forall (0:r0=3)' }, always],
  ['++', { p0: 'int r0 = 1; int r1 = r0++ + ++r0;', condition: 'forall (0:r0=3 /\\ 0:r1=4)' }, always],
  [
    '++ of shared memory is no atomic',
    { p0: '(*x)++;', p1: '(*x)++;', condition: 'exists (x=1)' },
    'Sometimes! Sometimes Sometimes Sometimes',
  ],
  ['for', { p0: 'for (int i = 0; i < 3; i++) WRITE_ONCE(*x, i);', condition: 'forall (x=2)' }, always],
  ['do', { p0: 'int i = 0; do { i++; } while (i < 3);', condition: 'forall (0:i=3)' }, always],
  [
    'an early return',
    {
      p0: 'int r0 = READ_ONCE(*x); if (r0) return; WRITE_ONCE(*y, 1);',
      p1: set,
      condition: 'exists (0:r0=1 /\\ y=1)',
    },
    never,
  ],
  [
    'a return with a value',
    { p0: 'if (READ_ONCE(*x)) return 1; WRITE_ONCE(*y, 1); return 0;', p1: set, condition: 'exists (y=0)' },
    sometimes,
  ],
  [
    'break',
    {
      p0: 'while (1) { if (READ_ONCE(*x)) break; } int r0 = READ_ONCE(*x);',
      p1: set,
      condition: 'exists (0:r0=0)',
    },
    never,
  ],
  [
    'several declarators',
    { p0: 'int r0, r1 = 2, *q = x; r0 = READ_ONCE(*q);', condition: 'forall (0:r1=2)' },
    always,
  ],
  ['unsigned', { p0: 'unsigned int r0 = 0; r0--; int r1 = r0 > 0;', condition: 'forall (0:r1=1)' }, always],
  ['bool', { p0: 'bool r0 = READ_ONCE(*x);', p1: 'WRITE_ONCE(*x, 7);', condition: 'exists (0:r0=7)' }, never],
  [
    'u8',
    { p0: 'u8 r0 = READ_ONCE(*x);', p1: 'WRITE_ONCE(*x, 257);', condition: 'forall (0:r0=0 \\/ 0:r0=1)' },
    always,
  ],
  ['u64', { p0: 'u64 r0 = 1; r0 <<= 40;', condition: 'forall (0:r0=1099511627776)' }, always],
  ['a cast narrows', { p0: 'WRITE_ONCE(*x, (unsigned char)-1);', condition: 'forall (x=255)' }, always],
  [
    'raw_spinlock_t',
    {
      p0: 'unsigned long flags; raw_spin_lock_irqsave(l, flags); *x = 1; *x = 2; raw_spin_unlock_irqrestore(l, flags);',
      p1: 'raw_spin_lock(l); int r0 = *x; raw_spin_unlock(l);',
      parameters: 'raw_spinlock_t *l, int *x',
      condition: 'exists (1:r0=1)',
    },
    never,
  ],
  [
    'struct mutex',
    {
      p0: 'mutex_lock(m); *x = 1; *x = 2; mutex_unlock(m);',
      p1: 'mutex_lock(m); int r0 = *x; mutex_unlock(m);',
      parameters: 'struct mutex *m, int *x',
      condition: 'exists (1:r0=1)',
    },
    never,
  ],
  [
    'atomic_long_t',
    {
      p0: 'atomic_long_inc(x);',
      p1: 'atomic_long_inc(x);',
      parameters: 'atomic_long_t *x',
      condition: 'exists (x=1)',
    },
    never,
  ],
  [
    'atomic64_t',
    {
      p0: 'atomic64_add(3, x);',
      p1: 'atomic64_inc(x);',
      parameters: 'atomic64_t *x',
      condition: 'forall (x=4)',
    },
    always,
  ],
  [
    'smp_cond_load_acquire',
    {
      p0: `${set} smp_store_release(y, 1);`,
      p1: 'int r0 = smp_cond_load_acquire(y, VAL == 1); int r1 = READ_ONCE(*x);',
      condition: 'exists (1:r1=0)',
    },
    never,
  ],
  [
    'smp_cond_load_relaxed',
    {
      p0: `${set} smp_store_release(y, 1);`,
      p1: 'int r0 = smp_cond_load_relaxed(y, VAL); int r1 = READ_ONCE(*x);',
      condition: 'exists (1:r1=0)',
    },
    weak,
  ],
  [
    'smp_acquire__after_ctrl_dep',
    {
      p0: `${set} smp_store_release(y, 1);`,
      p1: 'smp_cond_load_relaxed(y, VAL); smp_acquire__after_ctrl_dep(); int r1 = READ_ONCE(*x);',
      condition: 'exists (1:r1=0)',
    },
    never,
  ],
  [
    'set_current_state is a full barrier',
    {
      p0: 'set_current_state(TASK_INTERRUPTIBLE); int r0 = READ_ONCE(*y);',
      p1: 'WRITE_ONCE(*y, 1); smp_mb(); int r1 = READ_ONCE(p->__state);',
      parameters: 'struct task_struct *p, int *y',
      condition: 'exists (0:r0=0 /\\ 1:r1=TASK_RUNNING)',
    },
    never,
  ],
  [
    '__set_current_state is none',
    {
      p0: '__set_current_state(TASK_INTERRUPTIBLE); int r0 = READ_ONCE(*y);',
      p1: 'WRITE_ONCE(*y, 1); smp_mb(); int r1 = READ_ONCE(p->__state);',
      parameters: 'struct task_struct *p, int *y',
      condition: 'exists (0:r0=0 /\\ 1:r1=TASK_RUNNING)',
    },
    'Sometimes Sometimes Sometimes Never',
  ],
  [
    'try_cmpxchg',
    {
      p0: 'int o = 0; bool r0 = try_cmpxchg(x, &o, 1);',
      p1: 'int o = 0; bool r0 = try_cmpxchg(x, &o, 2);',
      condition: 'exists (0:r0=1:r0)',
    },
    never,
  ],
  [
    'atomic_try_cmpxchg leaves the old value',
    {
      p0: 'int o = 0; bool r0 = atomic_try_cmpxchg(x, &o, 1);',
      p1: 'int o = 0; bool r0 = atomic_try_cmpxchg(x, &o, 2);',
      parameters: 'atomic_t *x',
      condition: 'exists (0:r0=1 /\\ 1:o=0)',
    },
    never,
  ],
  [
    'likely, unlikely',
    {
      p0: 'if (likely(READ_ONCE(*x))) WRITE_ONCE(*y, 1);',
      p1: 'if (unlikely(READ_ONCE(*y))) WRITE_ONCE(*x, 1);',
      condition: 'exists (x=1)',
    },
    never,
  ],
  ['WARN_ON', { p0: 'WARN_ON(xchg(x, 1)); WARN_ON_ONCE(READ_ONCE(*x));', condition: 'forall (x=1)' }, always],
  [
    'xchg as a statement',
    {
      p0: 'xchg(x, 1); int r0 = READ_ONCE(*y);',
      p1: 'xchg(y, 1); int r0 = READ_ONCE(*x);',
      condition: 'exists (0:r0=0 /\\ 1:r0=0)',
    },
    never,
  ],
  [
    'switch',
    {
      p0: 'switch (READ_ONCE(*x)) { case 0: WRITE_ONCE(*y, 1); break; case 2: WRITE_ONCE(*y, 2); default: WRITE_ONCE(*y, 3); }',
      p1: set,
      condition: 'exists (y=2 \\/ y=0)',
    },
    never,
  ],
  [
    'switch gives control dependencies',
    {
      p0: 'switch (READ_ONCE(*x)) { case 1: WRITE_ONCE(*y, 1); }',
      p1: 'switch (READ_ONCE(*y)) { case 1: WRITE_ONCE(*x, 1); }',
      condition: 'exists (x=1)',
    },
    never,
  ],
  [
    'goto',
    {
      p0: 'if (READ_ONCE(*x)) goto out; WRITE_ONCE(*y, 1); out: xchg(y, 2);',
      p1: set,
      condition: 'forall (y=2)',
    },
    always,
  ],
  [
    'goto backwards',
    {
      p0: 'again: if (!READ_ONCE(*x)) goto again; int r0 = READ_ONCE(*x);',
      p1: set,
      condition: 'exists (0:r0=0)',
    },
    never,
  ],
  [
    'guard()',
    {
      p0: 'guard(spinlock)(l); *x = 1; if (*x == 2) return; *x = 3;',
      p1: 'guard(spinlock)(l); int r0 = *x;',
      parameters: 'spinlock_t *l, int *x',
      condition: 'exists (1:r0=1)',
    },
    never,
  ],
  [
    'scoped_guard()',
    {
      p0: 'scoped_guard (mutex, m) { *x = 1; *x = 2; } int r0 = READ_ONCE(*y);',
      p1: 'scoped_guard (mutex, m) { if (*x == 0) break; WRITE_ONCE(*y, *x); }',
      parameters: 'struct mutex *m, int *x, int *y',
      condition: 'exists (y=1)',
    },
    never,
  ],
  [
    'BUG_ON',
    { p0: 'BUG_ON(READ_ONCE(*x)); int r0 = xchg(x, 1);', p1: 'xchg(x, 2);', condition: 'exists (0:r0=2)' },
    sometimes,
  ],
  [
    'a local that hides another',
    {
      p0: 'int r = 1; { int r = READ_ONCE(*x); r++; } WRITE_ONCE(*y, r);',
      p1: set,
      condition: 'forall (y=1)',
    },
    always,
  ],
  ['// after the condition', { p0: set, condition: 'forall (x=1) // that is all' }, always],
  [
    'a constant of the kernel',
    { p0: 'WRITE_ONCE(*x, TASK_UNINTERRUPTIBLE);', condition: 'forall (x=2)' },
    always,
  ],
  ['NULL', { p0: 'WRITE_ONCE(*x, NULL);', condition: 'forall (x=0)' }, always],
  [
    'a lock never released',
    { p0: 'spin_lock(x);', p1: 'spin_lock(x);', parameters: 'spinlock_t *x', condition: 'exists (x=0)' },
    deadlock,
  ],
  ['a flag never set', { p0: 'while (!READ_ONCE(*x)) ;', condition: 'exists (x=0)' }, deadlock],
  ['a condition without parentheses', { p0: set, condition: 'exists x=1 /\\ y=0' }, always],
  ['conditions in C', { p0: set, condition: 'exists (x==1 && y!=1)' }, always],
];

describe('what the reference tool rejects or gets wrong is done right', () => {
  it.each(right)('%s', async (_what, parts, expected) => {
    const answer = await run(test(parts));
    expect(answer.err).toBe('');
    expect(verdicts(answer)).toBe(expected);
    expect(answer.code).toBe(0);
  });

  it('named threads', async () => {
    const text =
      'C t\n{}\nvoid waker(int *x) { WRITE_ONCE(*x, 1); }\nsleeper(int *x) { int r0 = READ_ONCE(*x); }\n';
    expect(verdicts(await run(`${text}exists (sleeper:r0=1)\n`))).toBe(sometimes);
    expect(verdicts(await run(`${text}exists (1:r0=2)\n`))).toBe(never);
  });

  it('enumerations, macros and helper functions, before the init block and after it', async () => {
    const definitions = [
      'enum state { IDLE, BUSY = 3, DONE };',
      '#define NEXT(s) ((s) + 1)',
      '#define publish(p, v) do { smp_wmb(); WRITE_ONCE(*(p), (v)); } while (0)',
      'static inline int poll(int *flag, int want)\n{\n\tif (READ_ONCE(*flag) != want)\n\t\treturn IDLE;\n\tsmp_rmb();\n\treturn BUSY;\n}',
    ].join('\n');
    const body = test({
      init: 'x = IDLE;',
      p0: 'WRITE_ONCE(*x, BUSY); publish(y, NEXT(BUSY));',
      p1: 'int r0 = poll(y, DONE); int r1 = READ_ONCE(*x);',
      condition: 'exists (1:r0=BUSY /\\ 1:r1=IDLE)',
    });
    expect(verdicts(await run(body.replace('{', () => `${definitions}\n{`)))).toBe(never);
    expect(verdicts(await run(body.replace('}', () => `}\n${definitions}`)))).toBe(never);
  });

  it('an SPDX line before the header', async () => {
    for (const line of ['// SPDX-License-Identifier: GPL-2.0+', '/* SPDX-License-Identifier: GPL-2.0+ */'])
      expect(verdicts(await run(`${line}\n${test({ p0: set, condition: 'forall (x=1)' })}`))).toBe(always);
  });
});

const good = test({ p0: set, p1: 'int r0 = READ_ONCE(*x);', condition: 'exists (1:r0=1)' });

/** The good test with one part replaced. */
function broken(part: string, by: string): string {
  if (!good.includes(part)) throw new Error(`the test has no ${part}`);
  return good.replace(part, by);
}

function inP0(code: string): string {
  return broken(set, code);
}

/** What is refused, and so has exit code 2. The golden text has the messages. */
const refused: Readonly<Record<string, string | Uint8Array>> = {
  'an index': inP0('WRITE_ONCE(x[1], 1);'),
  'an array': inP0('int a[2];'),
  'a case twice': inP0('switch (READ_ONCE(*x)) { case 0: case 0: WRITE_ONCE(*y, 1); }'),
  'a range of cases': inP0('switch (READ_ONCE(*x)) { case 0 ... 3: WRITE_ONCE(*y, 1); }'),
  'a label mistyped': inP0('if (READ_ONCE(*x)) goto otu; WRITE_ONCE(*y, 1); out: ;'),
  'an enumerator twice': broken('{  }', '{  }\nenum { IDLE, IDLE };'),
  'a macro without its parentheses': broken(set, 'WRITE_ONCE(*x, 2 * N);').replace(
    '{  }',
    '{  }\n#define N 1 + 1',
  ),
  '#ifdef': broken('{  }', '{  }\n#ifdef CONFIG_SMP\n#endif'),
  recursion: broken(set, 'f(x);').replace('{  }', '{  }\nstatic void f(int *x) { f(x); }'),
  'a guard mistyped': inP0('guard(spinlokc)(x); *y = 1;'),
  test_and_set_bit: inP0('int r0 = test_and_set_bit(0, x);'),

  'code of the kernel': inP0('schedule();'),
  'a barrier for devices': inP0('mb();'),
  preemption: inP0('preempt_disable(); preempt_enable();'),

  'break outside of a loop': inP0('break;'),
  'a constant mistyped': inP0('WRITE_ONCE(*x, TASK_UNINTERRUPTABLE);'),
  'an unknown name': inP0('WRITE_ONCE(*x, foo);'),
  'a register of the condition mistyped': broken('1:r0', '1:r9'),
  'a location of the condition mistyped': broken('1:r0', 'zz'),
  'a thread of the condition that is not there': broken('1:r0', '3:r0'),
  'a dereferenced name mistyped': inP0('WRITE_ONCE(*xx, 1);'),
  'a field mistyped': test({
    p0: 'WRITE_ONCE(p->__stat, 1);',
    parameters: 'struct task_struct *p',
    condition: 'exists (p->__state=1)',
  }),
  'an undeclared local that is read': inP0('int r1 = 0; WRITE_ONCE(*x, r0);'),
  'a local declared twice': inP0('int r0; int r0; r0 = READ_ONCE(*x);'),
  'a local that hides another': inP0('int r0 = 1; { int r0 = READ_ONCE(*x); }').replace(
    '(1:r0=1)',
    '(0:r0=1)',
  ),
  'one location in two widths': broken('P1(int *x', 'P1(char *x'),
  'a spinlock operation on an int': inP0('spin_lock(x); spin_unlock(x);'),
  'a lock read as an int': test({
    p0: 'int r0 = READ_ONCE(*x);',
    parameters: 'spinlock_t *x',
    condition: 'exists (0:r0=0)',
  }),

  'a primitive mistyped': inP0('WRIT_ONCE(*x, 1);'),
  'an argument too few': inP0('smp_store_release(x);'),
  'a pointer where a variable belongs': inP0('WRITE_ONCE(x, 1);'),
  'a variable where a pointer belongs': inP0('smp_store_release(*x, 1);'),
  'several tasks': test({
    p0: 'set_current_state(TASK_RUNNING);',
    parameters: 'struct task_struct *p, struct task_struct *q',
    condition: 'exists (p->__state=0)',
  }),
  'a parameter assigned to': inP0('x = y;'),
  'a value read before it is set': inP0('int r0; WRITE_ONCE(*x, r0);'),
  'a division by zero': inP0('int r0 = 1 / 0;'),
  'a shift beyond the width': inP0('int r0 = 1 << 40;'),
  'a number beyond 64 bits': inP0(`WRITE_ONCE(*x, 0x1${'0'.repeat(16)});`),
  'a number of a thousand digits': inP0(`WRITE_ONCE(*x, ${'9'.repeat(1000)});`),
  'a floating-point number': inP0('int r0 = 1.5;'),
  'a string': inP0('printk("x");'),
  'a semicolon forgotten': inP0('WRITE_ONCE(*x, 1)'),
  'a parenthesis forgotten': inP0('WRITE_ONCE(*x, 1;'),
  'two threads of one name': broken('P1(', 'P0('),
  'a thread number left out': broken('P1(', 'P2(').replace('1:r0', '2:r0'),
  'threads out of order': broken('P0(', 'P9(').replace('P1(', 'P0(').replace('P9(', 'P1('),
  'no threads': 'C t\n{}\nexists (x=1)\n',
  'a thread without a body': 'C t\n{}\nP0(int *x)\nexists (x=1)\n',
  'no condition': broken('exists (1:r0=1)\n', ''),
  'two conditions': `${good}exists (x=0)\n`,
  'text after the condition': `${good}and so on\n`,
  'a quantifier mistyped': broken('exists', 'exist'),
  'an initial value twice': broken('{  }', '{ x=0; x=1; }'),
  'an initial value of no variable': broken('{  }', '{ z=0; }'),
  'no header': good.replace('C t\n', ''),
  'an unknown dialect': good.replace('C t', 'PPC t'),
  'a letter of another alphabet': broken('int r0', 'int ré'),
  'signs of mathematics': broken('(1:r0=1)', '(1:r0=1 ∧ x=1)'),
  'typographic quotes': broken('exists', '“exists”'),
  'an error behind wide characters': inP0('/* 😀 */ WRIT_ONCE(*x, 1);'),
  'an error far out on its line': inP0(`WRITE_ONCE(*x, 1${' + 1'.repeat(100)} + zz${' + 1'.repeat(100)});`),
  'a comment never closed': broken('{  }', '(* hello\n{  }'),
  'an empty file': '',
  'white space only': ' \n\t\n',
  prose: 'Hello, is this race possible?\n',
  'C source': '#include <stdio.h>\nint main(void) { return 0; }\n',
  'a control character': broken('int r0', 'int\u0007 r0'),
  'bytes that are no text': Uint8Array.from({ length: 1000 }, (_, i) => (i * 37 + 11) % 256),
  'UTF-16': new Uint8Array(Buffer.from(`\ufeff${good}`, 'utf16le')),
  'Latin-1': new Uint8Array(Buffer.from(broken('{  }', '(* é *)\n{  }'), 'latin1')),
  'more mistakes than anybody reads': inP0('foo = 1; '.repeat(25)),
  'a sketch with mistyped cells':
    'Sketch t\n{}\n CPU0 | CPU1 ;\n LOKC p->lock | [w] x = 1 ;\n [R.aqc] x | RMBB ;\nexists (x=1)\n',
  'a sketch with too many cells': 'Sketch t\n{}\n CPU0 | CPU1 ;\n MB | MB | MB ;\nexists (x=1)\n',
  'a sketch without an init block':
    'Sketch t\n CPU0 | CPU1 ;\n [W] x = 1 | r1 = [R] x ;\nexists (CPU1:r1=1)\n',
  'mistyped instructions': 'AArch64 t\n{ 0:X1=x; }\n P0 ;\n LDRR W0,[X1] ;\n DMB ISHX ;\nexists (0:X0=1)\n',
};

describe('what is wrong is refused', () => {
  it('in these words', async () => {
    const parts: string[] = [];
    for (const [what, content] of Object.entries(refused)) {
      const answer = await run(content);
      const isPlaced = /^(?:t\.litmus:\d+:\d+: )?error: /.test(answer.err);
      expect({ what, code: answer.code, isPlaced }).toEqual({ what, code: 2, isPlaced: true });
      parts.push(`### ${what}\n${answer.out}${answer.err}`);
    }
    await expect(parts.join('\n')).toMatchFileSnapshot('golden/broken-input.txt');
  });

  it('also in the formats for scripts, with the same exit code', async () => {
    const herd = await run(inP0('break;'), '--format', 'herd');
    expect([herd.code, herd.out]).toEqual([2, '']);
    const json = await run(inP0('break;'), '--format', 'json');
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)[0]).toMatchObject({
      verdict: null,
      diagnostics: [{ code: 'outside-loop', line: 4 }],
    });
  });

  it('what is no file', async () => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    for (const [path, message] of [
      ['empty', 'no .litmus files in this folder [no-tests]'],
      ['gone.litmus', 'there is no such file [cannot-read]'],
      ['*.nothing', 'no file matches this pattern [no-tests]'],
    ] as const) {
      const { code, err } = await fencepost(['run', join(folder, path)]);
      expect([code, err]).toEqual([2, `error: ${join(folder, path)}: ${message}\n`]);
    }
  });

  it('and does not hide the files beside it', async () => {
    writeFileSync(join(folder, 'good.litmus'), good);
    writeFileSync(join(folder, 'bad.litmus'), inP0('break;'));
    const { code, out, err } = await fencepost([
      'run',
      join(folder, 'bad.litmus'),
      join(folder, 'good.litmus'),
    ]);
    expect([code, verdicts({ code, out, err })]).toEqual([2, sometimes]);
    expect(err).toContain('bad.litmus:4:3: error');
  });
});

describe('the form of the file does not matter', () => {
  it.each([
    ['line ends of Windows', good.replaceAll('\n', '\r\n')],
    ['line ends of old Macs', good.replaceAll('\n', '\r')],
    ['a byte order mark', `\ufeff${good}`],
    ['no line end at the end', good.trimEnd()],
    ['no-break spaces', good.replaceAll(' ', '\u00a0').replace('C\u00a0t', 'C t')],
    ['comments in any script', broken('int r0', '/* 日本語 😀 */ int r0')],
    ['a name in any script', good.replace('C t', 'C 日本語')],
    ['a very long line', broken('{  }', `(* ${'x'.repeat(500_000)} *) {  }`)],
    ['very many lines', broken('{  }', `{ ${'\n'.repeat(100_000)} }`)],
  ])('%s', async (_what, text) => {
    const answer = await run(text);
    expect([answer.code, answer.err, verdicts(answer)]).toEqual([0, '', sometimes]);
  });
});

describe('nesting', () => {
  /** `chain`: how long what is read without recursion is; such trees are costly to build and refused much earlier. */
  const deep = (n: number, chain = n): [string, string][] => [
    ['parentheses', inP0(`int r0 = ${'('.repeat(n)}1${')'.repeat(n)};`)],
    ['open parentheses', inP0(`int r0 = ${'('.repeat(n)}1;`)],
    ['blocks', inP0(`${'if (1) { '.repeat(n)}${'}'.repeat(n)}`)],
    ['else if', inP0(`${'if (1) ; else '.repeat(n)};`)],
    ['loops', inP0(`${'while (READ_ONCE(*x)) '.repeat(n)};`)],
    ['negations', inP0(`int r0 = ${'!'.repeat(n)}1;`)],
    ['dereferences', inP0(`int r0 = ${'*'.repeat(n)}x;`)],
    ['casts', inP0(`int r0 = ${'(int)'.repeat(n)}1;`)],
    ['calls', inP0(`int r0 = ${'likely('.repeat(n)}1${')'.repeat(n)};`)],
    ['alternatives', inP0(`int r0 = ${'1 ? 2 : '.repeat(n)}3;`)],
    ['a sum', inP0(`int r0 = 1${' + 1'.repeat(chain)};`)],
    ['assignments', inP0(`int r0; ${'r0 = '.repeat(chain)}1;`)],
    ['fields', inP0(`int r0 = READ_ONCE(x${'->a'.repeat(chain)});`)],
    ['a condition in parentheses', broken('1:r0=1', `${'('.repeat(n)}1:r0=1${')'.repeat(n)}`)],
    ['a negated condition', broken('1:r0=1', `${'not '.repeat(n)}1:r0=1`)],
    ['a conjunction', broken('1:r0=1', `1:r0=1${' /\\ 1:r0=1'.repeat(chain)}`)],
    ['a disjunction', broken('1:r0=1', `1:r0=1${' \\/ 1:r0=1'.repeat(chain)}`)],
  ];

  it.each(deep(10_000, 2_000))('of very many levels is refused: %s', async (_what, text) => {
    const { code, err } = await run(text);
    expect(err).toMatch(/^t\.litmus:\d+:\d+: error: .*(?:nested too deeply|never closed)/);
    expect(code).toBe(2);
  });

  it.each(deep(20).filter(([what]) => !/open|dereferences|fields/.test(what)))(
    'of 20 levels is none: %s',
    async (_what, text) => {
      const { code, err } = await run(text, '--model', 'lkmm,sc');
      expect([code, err]).toEqual([0, '']);
    },
  );

  it.each(deep(950))('of 950 levels is read or refused: %s', async (_what, text) => {
    const { code } = await run(text, '--model', 'lkmm,arm64', '--timeout', '1');
    expect([0, 2, 3]).toContain(code);
  });
});
