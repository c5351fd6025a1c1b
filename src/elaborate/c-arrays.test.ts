/** Arrays and pointers into them: the IR that they become, and what is refused. */
import { describe, expect, it } from 'vitest';
import { showProgram } from '../oracle/show-program.js';
import { showValue } from '../program/value.js';
import { parseLitmus } from '../syntax/parse.js';
import { invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import { elaborateC } from './elaborate.js';

function elaborated(body: string, init: string, tail: string, parameters: string) {
  const text = `C test\n{ ${init} }\nP0(${parameters})\n{\n${body}\n}\n${tail}\n`;
  const tree = parseLitmus({ name: 't', text });
  invariant(tree.value?.dialect === 'C', renderDiagnostics(tree.diagnostics));
  return elaborateC(tree.value);
}

/** The instructions of a thread, one a line. */
function code(body: string, init = 'int a[4];', parameters = 'int *a, int *x'): string {
  const { value, diagnostics } = elaborated(body, init, 'exists (true)', parameters);
  expect(renderDiagnostics(diagnostics)).toBe('');
  const lines = showProgram(value!).split('\n');
  return lines
    .filter((line) => /^ +\d+: /.test(line))
    .map((line) => line.trim())
    .join('\n');
}

/** `name=value` of each cell at the start. */
function cells(init: string, parameters = 'int *x', tail = 'exists (true)'): string {
  const { value, diagnostics } = elaborated('', init, tail, parameters);
  expect(renderDiagnostics(diagnostics)).toBe('');
  return value!.locations.map(({ name, initial }) => `${name}=${showValue(initial)}`).join(' ');
}

/** What is said of it, without the excerpts. */
function complaints(
  body: string,
  init = 'int a[4];',
  { tail = 'exists (true)', parameters = 'int *a, int *x' } = {},
): string {
  const { diagnostics } = elaborated(body, init, tail, parameters);
  return diagnostics
    .map(({ message, code, hint }) => `${message} [${code}]${hint === null ? '' : ` | ${hint}`}`)
    .join('\n');
}

describe('elements', () => {
  it('with a constant index are cells', () => {
    expect(
      code('a[1] = 1; WRITE_ONCE(a[3], READ_ONCE(a[0])); *a = 2; *(a + 2) = 3; 1[a] = 4;'),
    ).toMatchInlineSnapshot(`
      "0: store[Plain] &a[1] = 1
      1: .1 = load[Once] &a[0]
      2: store[Once] &a[3] = .1
      3: store[Plain] &a[0] = 2
      4: store[Plain] &a[2] = 3
      5: store[Plain] &a[1] = 4"
    `);
  });

  it('with an index from memory have a computed address', () => {
    expect(
      code('int i = READ_ONCE(*x); int r = READ_ONCE(a[i]); u8 j = i; a[j - 1] = 1; *(a + i) = 1;'),
    ).toMatchInlineSnapshot(`
      "0: i = load[Once] &x
      1: r = load[Once] (&a[0] + (i << 2):s64):s64
      2: j = (i):u8
      3: store[Plain] (&a[0] + ((j - 1) << 2):s64):s64 = 1
      4: store[Plain] (&a[0] + (i << 2):s64):s64 = 1"
    `);
  });

  it('are scaled by their size', () => {
    const parameters = 'long *a, char *c, int *x';
    expect(
      code('int i = *x; a[i] = 1; c[i] = 2;', 'long a[2]; char c[2];', parameters),
    ).toMatchInlineSnapshot(`
      "0: i = load[Plain] &x
      1: store[Plain]:s64 (&a[0] + (i << 3):s64):s64 = 1
      2: store[Plain]:u8 (&c[0] + i):s64 = 2"
    `);
  });

  it('are evaluated from left to right', () => {
    expect(code('int *q = a; q[(q = a + 1) == a] = 1;')).toMatchInlineSnapshot(`
      "0: q = &a[0]
      1: .1 = q
      2: q = &a[1]
      3: store[Plain] (.1 + ((q == &a[0]):s64 << 2):s64):s64 = 1"
    `);
  });

  it('have addresses', () => {
    expect(code('int *p = &a[1]; p = a; p = a + 4; p = &a[4] - 4; p = &*a;')).toMatchInlineSnapshot(`
      "0: p = &a[1]
      1: p = &a[0]
      2: p = &a[4]
      3: p = &a[0]
      4: p = &a[0]"
    `);
  });

  it('of struct arrays have fields', () => {
    const parameters = 'struct task_struct *t, int *x';
    const body =
      't[1].__state = 1; int i = *x; t[i].on_rq = 2; struct task_struct *q = &t[1]; q->on_cpu = 3;';
    expect(code(body, 'struct task_struct t[2];', parameters)).toMatchInlineSnapshot(`
      "0: store[Plain]:u32 &t[1].__state = 1
      1: i = load[Plain] &x
      2: .1 = (&t[0] + (i << 6):s64):s64
      3: store[Plain] (((.1 == &t[0]):s64 ? &t[0].on_rq : ((.1 == &t[1]):s64 ? &t[1].on_rq : 0)) + (.1 ^ .1):s64):s64 = 2
      4: q = &t[1]
      5: store[Plain] (((q == &t[0]):s64 ? &t[0].on_cpu : ((q == &t[1]):s64 ? &t[1].on_cpu : 0)) + (q ^ q):s64):s64 = 3"
    `);
  });
});

describe('pointers into an array', () => {
  it('move, compare and have a distance', () => {
    const body = 'int *p = a; p++; p += 2; p--; long d = p - a; int less = p < a + 4; *p = 1;';
    expect(code(body)).toMatchInlineSnapshot(`
      "0: p = &a[0]
      1: p = (p + 4):s64
      2: p = (p + 8):s64
      3: p = (p - 4):s64
      4: d = ((p - &a[0]):s64 >> 2):s64
      5: less = (p < &a[4]):s64
      6: store[Plain] p = 1"
    `);
  });

  it('of known elements are computed at once', () => {
    expect(
      code('*x = &a[3] - &a[1]; *x = &a[1] < &a[2]; *x = a == &a[0]; *x = a + 1 != a;'),
    ).toMatchInlineSnapshot(`
      "0: store[Plain] &x = 2
      1: store[Plain] &x = 1
      2: store[Plain] &x = 1
      3: store[Plain] &x = 1"
    `);
  });
});

describe('declarations', () => {
  it.each([
    ['int a[2];', 'a[0]=0 a[1]=0 x=0'],
    ['int a[2] = {1, 2};', 'a[0]=1 a[1]=2 x=0'],
    ['int a[3] = {1};', 'a[0]=1 a[1]=0 a[2]=0 x=0'],
    ['int a[] = {1, 2};', 'a[0]=1 a[1]=2 x=0'],
    ['int a[2]; a[1] = 7;', 'a[0]=0 a[1]=7 x=0'],
    ['int a[2] = {1, 2}; x = 3;', 'a[0]=1 a[1]=2 x=3'],
    ['int *a[2] = {&x, x};', 'a[0]=x a[1]=x x=0'],
    ['int a[2]; int *p = a; int *q = &a[1];', 'a[0]=0 a[1]=0 p=a q=a[1] x=0'],
    ['u8 a[2] = {1, 255};', 'a[0]=1 a[1]=255 x=0'],
    ['struct task_struct a[2] = {{.on_rq = 1}, {.on_rq = 2}};', 'a[0].on_rq=1 a[1].on_rq=2 x=0'],
  ])('%s', (init, expected) => {
    expect(cells(init).split(' ').sort().join(' ')).toBe(expected);
  });

  it.each([
    ['int a[3]', 'a[0]=0 a[1]=0 a[2]=0'],
    ['int a[1], int *b', 'a[0]=0 b=0'],
  ])('as a parameter: %s', (parameters, expected) => {
    expect(cells('', parameters)).toBe(expected);
  });

  it('are observed by element', () => {
    const { value } = elaborated(
      'int r;',
      'int a[2];',
      'locations [a[1];] exists (a[0]=1 /\\ 0:r=0)',
      'int *a',
    );
    expect(value!.observed.map(({ display }) => display)).toEqual(['0:r', 'a[0]', 'a[1]']);
    expect(value!.condition.text).toBe('exists (a[0]=1 /\\ 0:r=0)');
  });

  it('have an address to compare with', () => {
    const tail = 'exists (0:p=a \\/ 0:p=&a \\/ 0:p=&a[1])';
    const { value } = elaborated('int *p = a;', 'int a[2];', tail, 'int *a');
    expect(value!.condition.text).toBe('exists (0:p=a \\/ 0:p=a \\/ 0:p=a[1])');
  });
});

describe('what is refused', () => {
  it.each([
    ['an index that is too large', 'a[4] = 1;'],
    ['an index that is negative', 'a[-1] = 1;'],
    ['an address outside', 'int *p = a + 5;'],
    ['an element of a single object', 'x[1] = 1;'],
    ['an element of an integer', 'int r = 0; r[1] = 1;'],
    ['an index that is a pointer', 'a[x] = 1;'],
    ['the end of an array', '*(a + 4) = 1;'],
    ['a difference of different pointers', 'long *l = 0; *x = a - l;'],
    ['a sum of pointers', 'a + x;'],
    ['a product with a pointer', '*x = (a * 2);'],
    ['a local array', 'int r[2];'],
  ])('%s', (_name, body) => {
    expect(complaints(body)).toMatchSnapshot();
  });

  it.each([
    ['a list that is too long', 'int a[2] = {1, 2, 3};'],
    ['a number for an array', 'int a[2] = 1;'],
    ['a list for an int', 'int a = {1, 2};'],
    ['a field of an array', 'int a[2] = {.f = 1};'],
    ['an array that is too long', 'int a[100000];'],
    ['an array of nothing', 'int a[0];'],
    ['an array of void', 'void a[2];'],
    ['an element that is not there', 'int a[2]; a[2] = 1;'],
    ['an element of an int', 'int a; a[1] = 1;'],
    ['two declarations that differ', 'int a[2]; int a[3];'],
    ['two types that differ', 'long a[2];'],
    ['an element that is set twice', 'int a[2] = {1, 2}; a[1] = 1;'],
  ])('%s in the init block', (_name, init) => {
    expect(complaints('', init)).toMatchSnapshot();
  });

  it.each([
    ['an array as a whole', 'exists (a=1)'],
    ['an element that is not there', 'exists (a[4]=1)'],
    ['an element of an int', 'exists (x[0]=1)'],
    ['all of it in locations', 'locations [a;]'],
  ])('%s in the condition', (_name, tail) => {
    expect(complaints('', 'int a[4];', { tail })).toMatchSnapshot();
  });
});
