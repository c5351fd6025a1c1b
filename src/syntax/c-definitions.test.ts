/** What stands beside the threads of kernel C: enumerations, helper functions, macros; what people see if they are wrong. */
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import { spanText } from '../text/source.js';
import type { CLitmus } from './c-tree.js';
import { parseLitmus } from './parse.js';

const threads = 'P0(int *x)\n{\n\t*x = 1;\n}\nexists (x=1)\n';

function parse(text: string): CLitmus {
  const { value, diagnostics } = parseLitmus({ name: 't.litmus', text });
  expect(renderDiagnostics(diagnostics)).toBe('');
  return value as CLitmus;
}

/** The kinds and texts of the definitions, which stand before or after the init block. */
function definitions(text: string): string[] {
  const after = parse(`C t\n{}\n${text}\n${threads}`).definitions;
  const before = parse(`C t\n"a note"\n${text}\n{}\n${threads}`).definitions;
  const show = ({ definitions }: Pick<CLitmus, 'definitions'>): string[] =>
    definitions.map((tree) => `${tree.kind}: ${spanText(tree.span)}`);
  expect(show({ definitions: before })).toEqual(show({ definitions: after }));
  return show({ definitions: after });
}

describe('definitions', () => {
  it.each([
    ['enum { A, B = 3, };', ['enum: enum { A, B = 3, };']],
    ['enum color { RED = 1 << 2 };', ['enum: enum color { RED = 1 << 2 };']],
    [
      'static inline int f(int *x, int v) { return v; }',
      ['function: static inline int f(int *x, int v) { return v; }'],
    ],
    ['static __always_inline struct foo *f(void) __must_hold(l) { }', null],
    ['#define N 3', ['macro: #define N 3']],
    [' # define add(a, b) \\\n  ((a) + (b))', ['macro: # define add(a, b) \\\n  ((a) + (b))']],
    ['#define empty\n#define also()', ['macro: #define empty', 'macro: #define also()']],
    ['#define twice(l) do { f(l); f(l); } while (0)', null],
    ['#define brief(l) { f(l); }\n#define done(l) f(l);', null],
    ['#define wait while (!f())', null],
    ['#include <linux/spinlock.h>', ['include: #include <linux/spinlock.h>']],
    [
      '#define A 1 // one\nenum { B = A };\nstatic int f(void) { return B; }',
      ['macro: #define A 1', 'enum: enum { B = A };', 'function: static int f(void) { return B; }'],
    ],
  ])('%s', (text, expected) => {
    const found = definitions(text);
    if (expected !== null) expect(found).toEqual(expected);
    else expect(found.map((line) => line.slice(line.indexOf(':') + 2)).join('\n')).toBe(text);
  });

  it('are told from threads by their names, types and calls', () => {
    const { threads, definitions } = parse(
      'C t\n{}\nvoid P0(int *x) { called(x); }\nvoid mutex_unlock_slowpath(int *x) { }\nvoid called(int *x) { }\nstatic void aside(void) { }\nforall (x=0)',
    );
    expect(threads.map(({ name }) => name)).toEqual(['P0', 'mutex_unlock_slowpath']);
    expect(definitions.map((tree) => (tree.kind === 'function' ? tree.name : tree.kind))).toEqual([
      'called',
      'aside',
    ]);
  });
});

it('annotations and attributes are dropped', () => {
  const { threads, definitions } = parse(
    'C t\n{}\nstatic noinline __attribute__((cold, aligned(8))) int __sched f(int *x) __must_hold(x) { return 1; }\nP0(int *x) { int a __maybe_unused = 1; int __maybe_unused b; }\nforall (x=0)',
  );
  expect(definitions[0]).toMatchObject({ name: 'f', result: { words: ['int'] } });
  const locals = threads[0]!.body.map((s) => (s.kind === 'declaration' ? s.declarators[0]!.name : s.kind));
  expect(locals).toEqual(['a', 'b']);
});

describe('mistakes', () => {
  it.each([
    ['a conditional line', '#ifdef CONFIG_SMP'],
    ['a line that undefines', '#undef N'],
    ['a mistyped line', '  # defien X 1'],
    ['a macro without a name', '#define'],
    ['a macro of two statements', '#define both(a, b) a = 1; b = 1;'],
    ['a macro that is a type', '#define word unsigned long'],
    ['a macro that is not finished', '#define next(a) (a +'],
    ['a macro with a string', '#define note "x"'],
    ['a macro that pastes', '#define lock(a) a ## _lock'],
    ['a macro of any number of arguments', '#define f(a, ...) g(a)'],
    ['a macro of two equal parameters', '#define f(a, a) a'],
    ['a macro of a parameter that is none', '#define f(a + b) a'],
    ['a preprocessor line behind code', 'P1() { #define X 1\n }'],
    ['an enum without semicolon', 'enum { A }'],
    ['an empty enum', 'enum color { };'],
    ['an unfinished enumerator', 'enum { A = };'],
    ['a union', 'union u { int a; };'],
    ['a typedef', 'typedef int t;'],
    ['a prototype', 'static int f(int *x);'],
    ['a local that is static', 'P0() { static int a; extern int b; }'],
    ['statements in an expression', 'P0() { int r = ({ f(); 1; }); }'],
    ['a conditional without a middle', 'P0() { int r = *x ?: 1; }'],
  ])('%s', (_name, line) => {
    const { value, diagnostics } = parseLitmus({ name: 't', text: `C t\n{}\n${line}\n${threads}` });
    expect(value).toBeNull();
    expect(`\n${renderDiagnostics(diagnostics)}\n`).toMatchSnapshot();
  });
});
