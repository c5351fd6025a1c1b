/** Structs that a test defines: fields of their declared types, initial values, pointers to them; and what is refused. */
import { describe, expect, it } from 'vitest';
import { showProgram } from '../oracle/show-program.js';
import { showValue } from '../program/value.js';
import { parseLitmus } from '../syntax/parse.js';
import { invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { elaborateC } from './elaborate.js';

const definitions = `
struct bar { int x; u8 y; };
struct foo { int a; struct foo *next; atomic_t c; spinlock_t lock; int v[2]; struct bar in; long l; };
`;

function elaborated(
  body: string,
  {
    init = '',
    tail = 'exists (true)',
    parameters = 'struct foo *p, struct foo *q, int *x',
    structs = definitions,
  },
) {
  const text = `C test\n{ ${init} }\n${structs}\nP0(${parameters})\n{\n${body}\n}\n${tail}\n`;
  const tree = parseLitmus({ name: 't', text });
  invariant(tree.value?.dialect === 'C', renderDiagnostics(tree.diagnostics));
  return elaborateC(tree.value);
}

function code(body: string, options: Parameters<typeof elaborated>[1] = {}): string {
  const { value, diagnostics } = elaborated(body, options);
  expect(renderDiagnostics(diagnostics)).toBe('');
  const lines = showProgram(value!).split('\n');
  return lines
    .filter((line) => /^ +\d+: /.test(line))
    .map((line) => line.trim())
    .join('\n');
}

function complaints(body: string, options: Parameters<typeof elaborated>[1] = {}): string {
  const { diagnostics } = elaborated(body, options);
  return diagnostics
    .map(({ message, code, hint }) => `${message} [${code}]${hint === null ? '' : ` | ${hint}`}`)
    .join('\n');
}

describe('fields', () => {
  it('have their declared types', () => {
    const body = `
      p->a = 1; (*p).a = 2; p->l = 3; atomic_inc(&p->c); spin_lock(&p->lock);
      p->in.x = 4; p->in.y = 5; p->v[1] = 6; int *e = p->v; int *f = &p->a; struct bar *b = &p->in;`;
    expect(code(body)).toMatchInlineSnapshot(`
      "0: store[Plain] &p->a = 1
      1: store[Plain] &p->a = 2
      2: store[Plain]:s64 &p->l = 3
      3: _ = rmw[Noreturn][Once] &p->c = (old + 1) -> old
      4: _ = rmw[LKR][LKW] &p->lock = 1 when (old == 0) -> 1 else block
      5: store[Plain] &p->in.x = 4
      6: store[Plain]:u8 &p->in.y = 5
      7: store[Plain] &p->v[1] = 6
      8: e = &p->v[0]
      9: f = &p->a
      10: b = &p->in"
    `);
  });

  it('of what a pointer from memory points to', () => {
    expect(
      code('struct foo *r = rcu_dereference(p->next); int a = r->a; int i = *x; r->v[i] = 1;'),
    ).toMatchInlineSnapshot(`
      "0: r = load[Once]:s64 &p->next
      1: a = load[Plain] (((r == &p):s64 ? &p->a : ((r == &q):s64 ? &q->a : 0)) + (r ^ r):s64):s64
      2: i = load[Plain] &x
      3: store[Plain] ((((r == &p):s64 ? &p->v[0] : ((r == &q):s64 ? &q->v[0] : 0)) + (r ^ r):s64):s64 + (i << 2):s64):s64 = 1"
    `);
  });

  it('are found in nested structs and arrays of structs', () => {
    const parameters = 'struct foo *p, struct bar *b';
    const body = 'struct bar *r = (struct bar *)READ_ONCE(p->next); r->x = 1;';
    expect(code(body, { parameters, init: 'struct bar b[2];' })).toMatchInlineSnapshot(`
      "0: r = load[Once]:s64 &p->next
      1: store[Plain] (((r == &p->in):s64 ? &p->in.x : ((r == &b[0]):s64 ? &b[0].x : ((r == &b[1]):s64 ? &b[1].x : 0))) + (r ^ r):s64):s64 = 1"
    `);
  });

  it('of a cast pointer', () => {
    expect(
      code('long l = (long)p; ((struct foo *)l)->a = 1; ((struct foo *)p)->a = 1;'),
    ).toMatchInlineSnapshot(`
      "0: l = &p
      1: store[Plain] (((l == &p):s64 ? &p->a : ((l == &q):s64 ? &q->a : 0)) + (l ^ l):s64):s64 = 1
      2: store[Plain] &p->a = 1"
    `);
  });
});

describe('initial values', () => {
  function cells(init: string): string {
    const { value, diagnostics } = elaborated('', { init });
    expect(renderDiagnostics(diagnostics)).toBe('');
    return value!.locations
      .map(({ name, initial, type }) => `${name}=${showValue(initial)}:${type.bits}`)
      .sort()
      .join(' ');
  }

  it.each([
    ['struct foo p;', 'x=0:32'],
    ['struct bar b = {1, 2};', 'b->x=1:32 b->y=2:8 x=0:32'],
    ['struct bar b = {.y = 1};', 'b->y=1:8 x=0:32'],
    ['struct bar b = {.x = 1, 2};', 'b->x=1:32 b->y=2:8 x=0:32'],
    ['p.a = 1; p->l = 2;', 'p->a=1:32 p->l=2:64 x=0:32'],
    ['struct foo p = {1, &q};', 'p->a=1:32 p->next=q:64 q=0:32 x=0:32'],
    ['p = {.v = {7, 8}, .in = {.y = 3}};', 'p->in.y=3:8 p->v[0]=7:32 p->v[1]=8:32 x=0:32'],
    ['p.v[1] = 4; p.in.x = 5;', 'p->in.x=5:32 p->v[0]=0:32 p->v[1]=4:32 x=0:32'],
    ['struct bar b[2] = {{1, 2}, {3}};', 'b[0].x=1:32 b[0].y=2:8 b[1].x=3:32 x=0:32'],
    ['struct bar b[2]; b[1].y = 9;', 'b[1].y=9:8 x=0:32'],
    [
      'struct foo *gp = &p; int *ip = &p->a; struct bar *gb = &p->in;',
      'gb=p->in:64 gp=p:64 ip=p->a:64 p->a=0:32 p->in=0:32 p=0:32 x=0:32',
    ],
    ['int *ip = &p->v[1]; int *iq = p->v;', 'ip=p->v[1]:64 iq=p->v:64 p->v[0]=0:32 p->v[1]=0:32 x=0:32'],
  ])('%s', (init, expected) => {
    expect(cells(init)).toBe(expected);
  });
});

describe('lengths', () => {
  const structs = '#define N 2\n#define TWICE (2 * N)\nenum { THREE = 3 };\n';

  it('may be constants of the test', () => {
    const options = { init: 'int a[N] = {1}; int b[THREE]; int c[TWICE];', structs, parameters: 'int *x' };
    const { value, diagnostics } = elaborated('', options);
    expect(renderDiagnostics(diagnostics)).toBe('');
    expect(value!.locations.map(({ name }) => name).join(' ')).toBe(
      'a[0] a[1] b[0] b[1] b[2] c[0] c[1] c[2] c[3] x',
    );
  });

  it('of fields and parameters are, too', () => {
    const more = `${structs}struct s { int v[N]; };\n`;
    expect(code('p->v[1] = 1; b[2] = 2;', { structs: more, parameters: 'struct s *p, int b[THREE]' })).toBe(
      '0: store[Plain] &p->v[1] = 1\n1: store[Plain] &b[2] = 2',
    );
  });

  it.each([
    ['is no constant', 'int a[M];'],
    ['is negative', 'int a[MINUS];'],
    ['is too large', 'int a[LARGE];'],
  ])('that %s', (_name, init) => {
    const more = `${structs}#define MINUS (-1)\n#define LARGE 100000\n`;
    expect(complaints('', { init, structs: more, parameters: 'int *x' })).toMatchSnapshot();
  });
});

describe('conditions', () => {
  it('name fields with a dot or an arrow', () => {
    const tail =
      'locations [p.in.x; p->v[1];] exists (p.a=1 /\\ p->c=2 /\\ 0:r=&p->a /\\ 0:r=p /\\ p->next=q)';
    const { value, diagnostics } = elaborated('struct foo *r = p;', { tail });
    expect(diagnostics).toEqual([]);
    expect(value!.condition.text).toBe(
      'exists ([p->a]=1 /\\ [p->c]=2 /\\ 0:r=p->a /\\ 0:r=p /\\ [p->next]=q)',
    );
    expect(value!.observed.map(({ display }) => display)).toEqual([
      '0:r',
      'p->a',
      'p->c',
      'p->in.x',
      'p->next',
      'p->v[1]',
    ]);
  });
});

describe('sizeof', () => {
  it('measures types and operands without evaluating them', () => {
    const body = `
      u8 c = 1; int r;
      r = sizeof(int) + sizeof(char) * 10 + sizeof(long) * 100;
      r = sizeof(struct foo); r = sizeof(struct foo *); r = sizeof(struct bar); r = sizeof(spinlock_t);
      r = sizeof p->v; r = sizeof(p->v[0]); r = sizeof *p; r = sizeof(p->in); r = sizeof c; r = sizeof +c; r = sizeof 1L; r = sizeof(&c);`;
    expect(
      code(body)
        .match(/r = \d+/g)!
        .join(' '),
    ).toBe('r = 814 r = 48 r = 8 r = 8 r = 4 r = 8 r = 4 r = 48 r = 8 r = 1 r = 4 r = 8 r = 8');
  });
});

describe('what is refused', () => {
  it.each([
    ['an unknown field', 'p->nxt = 0;'],
    ['an unknown field of a pointer from memory', 'struct foo *r = p->next; r->aa = 1;'],
    ['a field with the wrong use', 'spin_lock(&p->a);'],
    ['a plain access to an atomic field', 'p->c = 1;'],
    ['a number in a pointer', 'p->next = 5;'],
    ['a struct as a whole', '*p = *q;'],
    ['a struct member as a whole', 'p->in = q->in;'],
    ['an array as a whole', 'p->v = q->v;'],
    ['an index outside of a field', 'p->v[2] = 1;'],
    ['the size of an unknown struct', 'int r = sizeof(struct baz);'],
    ['the size of a call', 'int r = sizeof(READ_ONCE(*x));'],
    ['an arrow after a struct', 'p->in->x = 1;'],
    ['a dot after a pointer', 'p->next.a = 1;'],
  ])('%s', (_name, body) => {
    expect(complaints(body)).toMatchSnapshot();
  });

  it.each([
    ['a struct that is defined twice', 'struct s { int a; }; struct s { int b; };'],
    ['a field that is defined twice', 'struct s { int a; long a; };'],
    ['a struct that contains itself', 'struct s { int a; struct s b; };'],
    ['structs that contain each other', 'struct s { struct t b[2]; }; struct t { struct s a; };'],
    ['a field of void', 'struct s { void a; };'],
    ['a field of an unknown type', 'struct s { foo_t a; };'],
    ['an array without a length', 'struct s { int a[]; };'],
  ])('%s', (_name, structs) => {
    expect(complaints('*x = 1;', { structs, parameters: 'int *x' })).toMatchSnapshot();
  });

  it.each([
    ['an unknown field', 'p.b = 1;'],
    ['an unknown field in a list', 'struct bar b = {.z = 1};'],
    ['a list that is too long', 'struct bar b = {1, 2, 3};'],
    ['a number for a struct', 'struct bar b = 1;'],
    ['a field that is set twice', 'struct bar b = {1, .x = 2};'],
  ])('%s in the init block', (_name, init) => {
    expect(complaints('', { init })).toMatchSnapshot();
  });

  it('an unknown field in the condition', () => {
    expect(complaints('', { tail: 'exists (p->nex=q)' })).toMatchSnapshot();
  });
});

describe('names that begin with underscores', () => {
  it('are names where a type alone stands before them', () => {
    const { value, diagnostics } = elaborated(
      'unsigned long __s = 3; const int __x = 1; int r0 __maybe_unused = 2; WRITE_ONCE(p->__state, __s + __x + r0);',
      {
        structs: 'struct foo { unsigned int __state; int a; };',
        parameters: 'struct foo *p',
        tail: 'exists (p->__state=6)',
      },
    );
    expect(renderDiagnostics(diagnostics)).toBe('');
    expect(value?.threads[0]?.registers.map(({ name }) => name)).toEqual(['__s', '__x', 'r0']);
  });
});
