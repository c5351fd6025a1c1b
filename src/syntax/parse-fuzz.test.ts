/** Whatever the text, parsing answers with a tree or with errors that point into the text; it never throws. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasErrors } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { parseLitmus } from './parse.js';

const seeds = [
  `C t
{ int x = 1; spinlock_t l; p->f = &x; }
P0(int *x, struct task_struct *p, spinlock_t *l)
{
	int r0 = 0, *r1;

	spin_lock(l); /* note */
	for (int i = 0; i < 2; i++) { WRITE_ONCE(p->f, (u32)i ? 0x10 : -1); }
	if (r0 == 1 && !p->f) r1 = &x; else return;
	while (READ_ONCE(*x) << 2 != 4) ;
	spin_unlock(l);
}
locations [x; 0:r0]
filter (x=1)
exists (0:r0=0 /\\ ~(x=1 \\/ p->f=2) => true) (* end *)
`,
  `C t
#define N 1
enum state { IDLE, BUSY = N };
{ x = BUSY; }
#define both(a, b) \\
	do { f(a); f(b); } while (0)
#include <linux/spinlock.h>
static inline int f(int *x, int v) __must_hold(x) { return v ? READ_ONCE(*x) : IDLE; }
P0(int *x, spinlock_t *l)
{
	guard(spinlock)(l);
	switch (f(x, N)) { case IDLE: goto out; case 2 ... 3: default: break; }
	scoped_guard (mutex, &l->m) both(x, x);
	x = 1, *x = 2;
out:
}
exists (x=BUSY)
`,
  `Sketch t
{ p->blocked_on = 0; }
 CPU0 (lock) | CPU1 ;
 LOCK p->lock | r1 = [R] p->__state ;
 [W.rel] ->x = 1 | if (r1) [RMW] x += 1 ;
 MB | r2 = r1 + 1 ;
exists (CPU1:r1 = 1)
`,
  `AArch64 t
{ 0:X1=x; 1:X1=x; }
 P0          | P1          ;
 MOV W0,#1   | LDR W0,[X1] ;
 STR W0,[X1] | L0:         ;
 CBNZ W0,L0  | DMB ISH     ;
exists (1:X0=1)
`,
];

function check(text: string): void {
  const { value, diagnostics } = parseLitmus({ name: 'fuzz.litmus', text });
  expect(value === null).toBe(hasErrors(diagnostics));
  for (const { span } of diagnostics) {
    expect(span).not.toBeNull();
    expect(span!.start).toBeGreaterThanOrEqual(0);
    expect(span!.end).toBeLessThanOrEqual(Math.max(text.length, span!.start));
    expect(span!.end).toBeGreaterThanOrEqual(span!.start);
  }
  renderDiagnostics(diagnostics);
}

const pieces = [
  ...[
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ';',
    ',',
    '|',
    '"',
    "'",
    '#',
    '\\',
    '/*',
    '*/',
    '(*',
    '*)',
    '//',
    '->',
    '=',
    '==',
    '~',
    '!',
    '&',
    '*',
  ],
  ...[
    'exists',
    'forall',
    'locations',
    'filter',
    'P0(',
    'int ',
    'if (',
    'else',
    'while (',
    'return',
    '[R]',
    '[W]',
    'LOCK',
    '#define f(a) ',
    'enum { A',
    'static int g',
    'switch (',
    'case ',
    'goto ',
    'guard(',
    '/\\',
    '\\/',
    '=>',
  ],
  ...[
    '\n',
    '\t',
    ' ',
    '\r\n',
    '0',
    '0x',
    '08',
    'x',
    'r0',
    '0:r0',
    '\u0000',
    '\ufeff',
    '\u00e9',
    '\ud83d\ude00',
    '<<\n',
  ],
];

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.nat({ max: 6 }),
  insert: fc.constantFrom('', ...pieces),
});

function mutate(text: string, edits: readonly { at: number; drop: number; insert: string }[]): string {
  let result = text;
  for (const { at, drop, insert } of edits) {
    const start = Math.floor(at * result.length);
    result = result.slice(0, start) + insert + result.slice(start + drop);
  }
  return result;
}

describe('parsing never throws', () => {
  it('on the seeds, which are good', () => {
    for (const text of seeds) {
      check(text);
      expect(parseLitmus({ name: 'seed', text }).diagnostics).toEqual([]);
    }
  });

  it('on truncated tests', () => {
    for (const text of seeds) for (let end = 0; end < text.length; end++) check(text.slice(0, end));
  });

  it('on mutated tests', () => {
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) =>
        check(mutate(text, edits)),
      ),
      { seed: 20260701, numRuns: 1500 },
    );
  });

  it('on junk', () => {
    const junk = fc.array(fc.constantFrom(...pieces, 'C t\n{}\n', 'Sketch t\n{}\n'), { maxLength: 60 });
    fc.assert(
      fc.property(junk, (parts) => check(parts.join(''))),
      { seed: 20260702, numRuns: 500 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check), {
      seed: 20260703,
      numRuns: 300,
    });
  });

  it('on deep nesting', () => {
    for (const [open, close] of [
      ['(', ')'],
      ['{', '}'],
      ['-', ''],
      ['if (x) ', ';'],
    ] as const)
      check(`C t\n{}\nP0(int *x)\n{ r0 = ${open.repeat(20_000)}1${close.repeat(20_000)}; }\nexists (x=1)`);
    check(`C t\n{}\nP0(int *x)\n{ }\nexists ${'('.repeat(20_000)}x=1`);
    check(`C t\n{ x = ${'{'.repeat(20_000)} }\nP0(int *x)\n{ }\nexists (x=1)`);
    check(`C t\n${'(*'.repeat(20_000)}`);
  });
});
