/** Conversions between pointers and integers, and pointers to pointers: what they become, and what is said of them. */
import { describe, expect, it } from 'vitest';
import { showProgram } from '../oracle/show-program.js';
import { parseLitmus } from '../syntax/parse.js';
import { invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { elaborateC } from './elaborate.js';

function elaborated(body: string, parameters: string, tail: string, init: string) {
  const text = `C test\n{ ${init} }\nP0(${parameters})\n{\n${body}\n}\n${tail}\n`;
  const tree = parseLitmus({ name: 't', text });
  invariant(tree.value?.dialect === 'C', renderDiagnostics(tree.diagnostics));
  return elaborateC(tree.value);
}

/** What is said, and then the instructions, one a line. */
function code(
  body: string,
  parameters = 'int *x, int *y, int **p, int ***pp',
  tail = 'exists (true)',
  init = '',
): string {
  const { value, diagnostics } = elaborated(body, parameters, tail, init);
  const said = diagnostics.map(
    ({ severity, message, code, hint }) => `${severity}: ${message} [${code}] | ${hint}`,
  );
  const lines = value === null ? [] : showProgram(value).split('\n');
  return [...said, ...lines.filter((line) => /^ +\d+: /.test(line)).map((line) => line.trim())].join('\n');
}

describe('pointers', () => {
  it('lead to pointers', () => {
    expect(
      code('**p = 1; int *q = *p; *q = 2; ***pp = 3; WRITE_ONCE(*p, x); *pp = p;'),
    ).toMatchInlineSnapshot(`
      "0: .1 = load[Plain]:s64 &p
      1: store[Plain] .1 = 1
      2: q = load[Plain]:s64 &p
      3: store[Plain] q = 2
      4: .2 = load[Plain]:s64 &pp
      5: .3 = load[Plain]:s64 .2
      6: store[Plain] .3 = 3
      7: store[Once]:s64 &p = &x
      8: store[Plain]:s64 &pp = &p"
    `);
  });

  it('are true unless they are NULL, and compare', () => {
    const body = `
      int *q = READ_ONCE(*p); int r = 0; if (q) r = 1; if (!q) r = 2; if (q == NULL) r = 3;
      if (q != x) r = 4; r = q == 0; r = x == y; r = q && *q; r = x != NULL;`;
    expect(code(body)).toMatchInlineSnapshot(`
      "0: q = load[Once]:s64 &p
      1: r = 0
      2: if !q:s64 goto 4 (join 4)
      3: r = 1
      4: if q goto 6 (join 6)
      5: r = 2
      6: if (q != 0):s64 goto 8 (join 8)
      7: r = 3
      8: if (q == &x):s64 goto 10 (join 10)
      9: r = 4
      10: r = (q == 0):s64
      11: r = 0
      12: .1 = 0
      13: if !q:s64 goto 17 (join 17)
      14: .2 = load[Plain] q
      15: if !.2 goto 17 (join 17)
      16: .1 = 1
      17: r = .1
      18: r = 1"
    `);
  });

  it('pass through void *, integers of their size and back', () => {
    const body = `
      void *v = READ_ONCE(*p); int *q = v; unsigned long l = (unsigned long)q; uintptr_t u = (uintptr_t)q;
      q = (int *)l; q = (int *)u; *(int *)(l + 0) = 1; q = (int *)(u & ~0UL); r(q);`.replace(' r(q);', '');
    expect(code(body)).toMatchInlineSnapshot(`
      "0: v = load[Once]:s64 &p
      1: q = v
      2: l = (q):u64
      3: u = (q):u64
      4: q = l
      5: q = u
      6: store[Plain] (l + 0):u64 = 1
      7: q = (u & 18446744073709551615):u64"
    `);
  });

  it('do not fit into narrower integers', () => {
    expect(
      code('int *q = READ_ONCE(*p); int r = (int)q; u32 s = (u32)(unsigned long)q;'),
    ).toMatchInlineSnapshot(`
      "warning: \`q\` is int *, of which int holds a part only [pointer-to-int] | an address is kept whole here, but not in C: use the type int *
      0: q = load[Once]:s64 &p
      1: r = (q):s32
      2: s = ((q):u64):u32"
    `);
  });

  it('are kept whole by old tests, which then dereference an int', () => {
    expect(
      code('int r0 = READ_ONCE(*x); int r1; r1 = x + (r0 & 0); int r2 = READ_ONCE(*r1); *r1 = r2;'),
    ).toMatchInlineSnapshot(`
      "warning: \`x + (r0 & 0)\` is int *, of which int holds a part only [pointer-to-int] | an address is kept whole here, but not in C: use the type int *
      0: r0 = load[Once] &x
      1: r1 = (&x + (r0 & 0)):s64
      2: r2 = load[Once] r1
      3: store[Plain] r1 = r2"
    `);
  });

  it('are addresses in char * that hold small numbers', () => {
    expect(code('int r = (int)READ_ONCE(*(char **)p); WRITE_ONCE(*p, (int *)1);')).toMatchInlineSnapshot(`
      "warning: \`READ_ONCE(*(char **)p)\` is char *, of which int holds a part only [pointer-to-int] | an address is kept whole here, but not in C: use the type char *
      0: .1 = load[Once]:s64 &p
      1: r = (.1):s32
      2: store[Once]:s64 &p = 1"
    `);
  });
});

describe('what is refused or remarked on', () => {
  it.each([
    ['an int that holds no address', 'int r = 1; *r = 1;'],
    ['an int for a pointer', 'int r = 1; int *q = r;'],
    ['a pointer compared with an int', 'int r = 1; int *q = x; r = q == r;'],
    ['a pointer of another type', 'long *q = x; *q = 1;'],
    ['a negative pointer', 'int *q = x; q = -q;'],
    ['a cast to a struct', 'struct foo r; (struct foo)r;'],
    ['the address of a local', 'int r = 1; int *q = &r;'],
  ])('%s', (_name, body) => {
    expect(code(body)).toMatchSnapshot();
  });
});

describe('initial values', () => {
  it('are addresses of all kinds', () => {
    const init =
      'int *p = &x; int *q = x; struct foo a; struct foo *gp = &a; int **pp = &p; p2 = &y; 0:r = &x; void *v = &a;';
    const { value, diagnostics } = elaborated('int *r;', 'int *x, int *y, int **p2', 'exists (0:r=x)', init);
    expect(renderDiagnostics(diagnostics)).toBe('');
    const cells = value!.locations.map(
      ({ name, initial }) => `${name}=${typeof initial === 'object' ? initial.name : initial}`,
    );
    expect(cells.sort().join(' ')).toBe('a=0 gp=a p2=y p=x pp=p q=x v=a x=0 y=0');
  });

  it('are compared with in the condition', () => {
    const tail = 'exists (0:r=x \\/ 0:r=&x \\/ p=&y \\/ p=NULL \\/ 0:r=0)';
    const { value, diagnostics } = elaborated('int *r = READ_ONCE(*p);', 'int *x, int *y, int **p', tail, '');
    expect(renderDiagnostics(diagnostics)).toBe('');
    expect(value!.condition.text).toBe('exists (0:r=x \\/ 0:r=x \\/ [p]=y \\/ [p]=0 \\/ 0:r=0)');
  });
});
