/** Kernel C: the shape of trees, comments, spans, and that every public test parses. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { spanText } from '../text/source.js';
import type { CExpression, CLitmus, CStatement } from './c-tree.js';
import type { TypeTree } from './condition-tree.js';
import { parseLitmus } from './parse.js';

function showType(type: TypeTree): string {
  const base = [...type.words, ...(type.struct === null ? [] : [`struct ${type.struct}`])].join(' ');
  return `${base}${'*'.repeat(type.pointers)}${type.array === null ? '' : `[${type.array}]`}`;
}

/** Fully parenthesised. */
function showExpression(e: CExpression): string {
  switch (e.kind) {
    case 'number':
      return `${e.value}${e.suffix}`;
    case 'name':
      return e.name;
    case 'unary':
      return `(${e.op}${showExpression(e.operand)})`;
    case 'binary':
      return `(${showExpression(e.left)} ${e.op} ${showExpression(e.right)})`;
    case 'conditional':
      return `(${showExpression(e.condition)} ? ${showExpression(e.then)} : ${showExpression(e.otherwise)})`;
    case 'field':
      return `(${showExpression(e.object)}${e.arrow ? '->' : '.'}${e.field})`;
    case 'index':
      return `${showExpression(e.array)}[${showExpression(e.index)}]`;
    case 'call':
      return `${e.callee}(${e.arguments.map(showExpression).join(', ')})`;
    case 'sizeof':
      return `sizeof(${'kind' in e.of ? showExpression(e.of) : showType(e.of)})`;
    case 'cast':
      return `((${showType(e.type)}) ${showExpression(e.operand)})`;
    case 'assign':
      return `(${showExpression(e.target)} ${e.op ?? ''}= ${showExpression(e.value)})`;
    case 'step':
      return e.prefix ? `(${e.op}${showExpression(e.target)})` : `(${showExpression(e.target)}${e.op})`;
    case 'comma':
      return `(${showExpression(e.left)}, ${showExpression(e.right)})`;
  }
}

function showGuard(s: CStatement & { kind: 'guard' }): string {
  const args = s.arguments.map(showExpression);
  if (s.body === null) return `guard(${s.class})(${args.join(', ')});`;
  return `scoped_guard (${[s.class, ...args].join(', ')}) ${showStatement(s.body)}`;
}

function showLabelled(head: string, statement: CStatement | null): string {
  return statement === null ? head : `${head} ${showStatement(statement)}`;
}

function showStatement(s: CStatement): string {
  switch (s.kind) {
    case 'declaration':
      return s.declarators
        .map((d) => {
          const value = d.initialiser === null ? '' : ` = ${showExpression(d.initialiser)}`;
          return `${showType(d.type)} ${d.name}${value};`;
        })
        .join(' ');
    case 'expression':
      return `${showExpression(s.expression)};`;
    case 'if': {
      const otherwise = s.otherwise === null ? '' : ` else ${showStatement(s.otherwise)}`;
      return `if (${showExpression(s.condition)}) ${showStatement(s.then)}${otherwise}`;
    }
    case 'while':
      return `while (${showExpression(s.condition)}) ${showStatement(s.body)}`;
    case 'do':
      return `do ${showStatement(s.body)} while (${showExpression(s.condition)});`;
    case 'for': {
      const init = s.init === null ? ';' : showStatement(s.init);
      const condition = s.condition === null ? '' : showExpression(s.condition);
      const step = s.step === null ? '' : showExpression(s.step);
      return `for (${init} ${condition}; ${step}) ${showStatement(s.body)}`;
    }
    case 'block':
      return `{${s.statements.map((inner) => ` ${showStatement(inner)}`).join('')} }`;
    case 'return':
      return s.value === null ? 'return;' : `return ${showExpression(s.value)};`;
    case 'goto':
      return `goto ${s.label};`;
    case 'label':
      return showLabelled(`${s.name}:`, s.statement);
    case 'switch':
      return `switch (${showExpression(s.value)}) ${showStatement(s.body)}`;
    case 'case':
      return showLabelled(s.value === null ? 'default:' : `case ${showExpression(s.value)}:`, s.statement);
    case 'guard':
      return showGuard(s);
    case 'unsupported':
      return `<${s.what}>`;
    case 'empty':
      return ';';
    default:
      return `${s.kind};`;
  }
}

function parse(text: string): CLitmus {
  const { value, diagnostics } = parseLitmus({ name: 't.litmus', text });
  expect(diagnostics).toEqual([]);
  expect(value?.dialect).toBe('C');
  return value as CLitmus;
}

function body(code: string): readonly CStatement[] {
  return parse(`C t\n{}\nP0(int *x)\n{ ${code} }\nexists (x=1)\n`).threads[0]!.body;
}

function expectStatement(code: string, expected: string): void {
  const statements = body(code);
  expect(statements.map(showStatement).join(' ')).toBe(expected);
  expect(statements.map((s) => spanText(s.span)).join(' ')).toBe(code.trim());
}

describe('expressions', () => {
  it.each([
    ['r = 1 + 2 * 3 - 4;', '(r = ((1 + (2 * 3)) - 4));'],
    ['r = a << 1 + 2 & 3 ^ 4 | 5;', '(r = ((((a << (1 + 2)) & 3) ^ 4) | 5));'],
    ['r = a == b && c != d || !e;', '(r = (((a == b) && (c != d)) || (!e)));'],
    [
      'r = sizeof(int) + sizeof x - sizeof(struct foo *);',
      '(r = ((sizeof(int) + sizeof(x)) - sizeof(struct foo*)));',
    ],
    ['r = sizeof *x + sizeof(a)[1];', '(r = (sizeof((*x)) + sizeof(a[1])));'],
    ["r = 'a' + '\\n' + '\\'' + '\\x1f' + '\\0' + '\\\\';", '(r = (((((97 + 10) + 39) + 31) + 0) + 92));'],
    ['r = a < b == c >= d;', '(r = ((a < b) == (c >= d)));'],
    ['r = s += t <<= 2;', '(r = (s += (t <<= 2)));'],
    ['r = a ? b = 1 : c ? d : e;', '(r = (a ? (b = 1) : (c ? d : e)));'],
    ['r = a - -b - (c - d);', '(r = ((a - (-b)) - (c - d)));'],
    ['*p->q.r[1]++ = &x;', '((*(((p->q).r)[1]++)) = (&x));'],
    ['r = *(char **)y;', '(r = (*((char**) y)));'],
    [
      'r = (int)x + (u32)-1 + (foo_t *)y + (struct s *)z;',
      '(r = (((((int) x) + ((u32) (-1))) + ((foo_t*) y)) + ((struct s*) z)));',
    ],
    ['r = (a) * b + (c);', '(r = ((a * b) + c));'],
    ['r = 0x1F + 017 + 10UL;', '(r = ((31 + 15) + 10UL));'],
    [
      'smp_store_release(&p->lock, READ_ONCE(*x) ^ r0);',
      'smp_store_release((&(p->lock)), (READ_ONCE((*x)) ^ r0));',
    ],
    ['--r; r--;', '(--r); (r--);'],
    ['(*x)++;', '((*x)++);'],
  ])('%s', expectStatement);
});

describe('statements', () => {
  it.each([
    ['int r0;', 'int r0;'],
    ['int r0 = 1, *r1, r2[3];', 'int r0 = 1; int* r1; int[3] r2;'],
    [
      'unsigned long r0; struct task_struct *p = x; atomic_t a;',
      'unsigned long r0; struct task_struct* p = x; atomic_t a;',
    ],
    ['volatile int *r0; const u64 *const r1 = x;', 'volatile int* r0; u64* r1 = x;'],
    ['foo *r0 = x; r1 = foo * r0;', 'foo* r0 = x; (r1 = (foo * r0));'],
    ['if (r0) r1 = 1; else if (r2) { } else return;', 'if (r0) (r1 = 1); else if (r2) { } else return;'],
    ['if (a) if (b) c = 1; else d = 1;', 'if (a) if (b) (c = 1); else (d = 1);'],
    ['while (READ_ONCE(*x) == 0);', 'while ((READ_ONCE((*x)) == 0)) ;'],
    ['do { break; } while (!r0);', 'do { break; } while ((!r0));'],
    ['for (int i = 0; i < 2; i++) continue;', 'for (int i = 0; (i < 2); (i++)) continue;'],
    ['for (;;) ;', 'for (; ; ) ;'],
    ['return -1; return (r0);', 'return (-1); return r0;'],
    ['goto out; { r0 = 1; out: }', 'goto out; { (r0 = 1); out: }'],
    [
      'out: switch (r0) { case 1: case A + 1: break; default: r1 = 1; }',
      'out: switch (r0) { case 1: case (A + 1): break; default: (r1 = 1); }',
    ],
    ['switch (x) { case 1 ... 3: r0 = 1; }', 'switch (x) { <a range of cases> }'],
    ['guard(raw_spinlock)(&l); guard(rcu)();', 'guard(raw_spinlock)((&l)); guard(rcu)();'],
    [
      'scoped_guard (spinlock, &l) { r0 = 1; } scoped_guard(rcu) ;',
      'scoped_guard (spinlock, (&l)) { (r0 = 1); } scoped_guard (rcu) ;',
    ],
    ['a = 1, b = 2; r = (a, b);', '((a = 1), (b = 2)); (r = (a, b));'],
    ['for (i = 0, j = 1; i < j; i++, j--) ;', 'for (((i = 0), (j = 1)); (i < j); ((i++), (j--))) ;'],
  ])('%s', expectStatement);
});

describe('comments', () => {
  it('stand anywhere, and those before the init block are kept', () => {
    const test = parse(`// SPDX-License-Identifier: GPL-2.0+
C t (* one (* nested *) *)
/* two */
{ x=1; (* { *) y=2; // }
}
// P9(int *x) {
P0(int *x) /* } */
{
	int r0; (* a { b *)
	r0 = READ_ONCE(*x); /* ) */ r0 = (*x); // }
	r0 = (char *)x; r0 = (*(char *)x);
}
(* exists (x=7) :-) *)
exists (0:r0=1 /\\ (* no *) *x=1) // done
(* really *)
`);
    expect(test.comment).toBe(' SPDX-License-Identifier: GPL-2.0+\n one (* nested *) \n two ');
    expect(test.init.length).toBe(2);
    expect(test.threads[0]!.body.map(showStatement).join(' ')).toBe(
      'int r0; (r0 = READ_ONCE((*x))); (r0 = (*x)); (r0 = ((char*) x)); (r0 = (*((char*) x)));',
    );
    expect(spanText(test.condition!.span)).toBe('exists (0:r0=1 /\\ (* no *) *x=1)');
  });
});

describe('threads', () => {
  it('have names, parameters and spans', () => {
    const { threads } = parse(
      'C t\n{}\nP0(int *x, struct task_struct *p) { }\nvoid CPU1(void) { int r1; }\nP2(int y[]) {}\nforall (x=1)',
    );
    expect(threads.map((t) => [t.name, ...t.parameters.map((p) => `${showType(p.type)} ${p.name}`)])).toEqual(
      [['P0', 'int* x', 'struct task_struct* p'], ['CPU1'], ['P2', 'int* y']],
    );
    expect(threads.map((t) => spanText(t.nameSpan))).toEqual(['P0', 'CPU1', 'P2']);
    expect(spanText(threads[0]!.parameters[1]!.span)).toBe('struct task_struct *p');
  });
});

const shared = new URL('../../../shared/', import.meta.url);
const folders = ['catalogue/', 'conformance/lkmm/', 'conformance/hard/lkmm/'];
const present = existsSync(shared);
if (!present) console.warn('SKIPPED: the shared test collections are absent');

it.skipIf(!present)('parses every C test of the collections', () => {
  const failed: string[] = [];
  let count = 0;
  for (const folder of folders)
    for (const entry of readdirSync(new URL(folder, shared), { recursive: true })) {
      if (!String(entry).endsWith('.litmus')) continue;
      const text = readFileSync(new URL(folder + entry, shared), 'utf8');
      if (!/^C /m.test(text)) continue;
      count++;
      const { value, diagnostics } = parseLitmus({ name: String(entry), text });
      if (value?.dialect !== 'C' || diagnostics.length > 0) failed.push(String(entry));
    }
  expect(failed).toEqual([]);
  expect(count).toBeGreaterThan(700);
});
