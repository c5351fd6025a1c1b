/**
 * Arrays, structs, pointers and integers of kernel C from end to end: every model gives single threads the one result that C gives
 * them, dependencies through indices and pointers order, faults are reported, and the compiled code, printed and read again, has
 * the states of the original.
 */
import { describe, expect, it } from 'vitest';
import { elaborateC } from '../elaborate/elaborate.js';
import { programFor } from '../lower/target.js';
import { parseLitmus } from '../syntax/parse.js';
import { printAssembly } from '../syntax/print-assembly.js';
import { invariant } from '../text/diagnostic.js';
import { renderDiagnostics } from '../text/render.js';
import type { ModelName } from './model-choice.js';
import type { ModelRun } from './report.js';
import { defaultRunOptions, runTest } from './run-test.js';
import { stateLine } from './state.js';

function runs(text: string, models: readonly ModelName[] | 'all' = 'all'): readonly ModelRun[] {
  const report = runTest({ name: 't.litmus', text }, { ...defaultRunOptions, models });
  invariant(report.kind === 'test', renderDiagnostics(report.diagnostics));
  return report.models.map((model) => {
    invariant(
      model.kind === 'run',
      model.kind === 'failure' ? renderDiagnostics(model.diagnostics) : model.kind,
    );
    return model;
  });
}

function statesOf({ program, result }: ModelRun): string {
  const lines = result.states.map((state) => stateLine(program.observed, state.values)).sort();
  return [...lines, ...(result.limit === null ? [] : [result.limit])].join('\n');
}

/** The states that all models agree on. */
function agreed(text: string): string {
  const all = runs(text).map(statesOf);
  for (const states of all) expect(states).toBe(all[0]);
  return all[0]!;
}

/** The states of the compiled test, printed and read again as a test of its own. */
function reread(text: string, target: 'arm64' | 'x86'): string {
  const tree = parseLitmus({ name: 't.litmus', text });
  invariant(tree.value?.dialect === 'C', renderDiagnostics(tree.diagnostics));
  const compiled = programFor(elaborateC(tree.value).value!, target);
  invariant(compiled.value !== null, renderDiagnostics(compiled.diagnostics));
  return statesOf(runs(printAssembly(compiled.value.assembly), [target])[0]!);
}

/** State lines without the names, which differ between C and assembly. */
function values(states: string): string {
  return states.replace(/[^=;\n]*=/g, '').replace(/->|\./g, '_');
}

const definitions = 'struct foo { int a; struct foo *next; u8 b; int v[2]; };\n';

function singleThread(body: string, init: string, parameters: string, observed: string): string {
  return `C t\n{ ${init} }\n${definitions}P0(${parameters})\n{ ${body} }\nlocations [${observed}]\n`;
}

describe('single threads', () => {
  const cases: readonly (readonly [string, string, string, string, string, string])[] = [
    [
      'elements',
      'a[0] = 1; a[1] = a[0] + 1; a[2] = a[1] * 2;',
      'int a[3];',
      'int *a',
      'a[0]; a[1]; a[2]',
      'a[0]=1; a[1]=2; a[2]=4;',
    ],
    [
      'a loaded index',
      'int i = *x; a[i] = 5; a[i + 1] = a[i] + 1; int r = a[i + 1];',
      'int a[3]; x = 1;',
      'int *a, int *x',
      'a[1]; a[2]; 0:r',
      '0:r=6; a[1]=5; a[2]=6;',
    ],
    [
      'a narrow index',
      'u8 i = *x; s8 j = *y; a[i] = 1; (a + 2)[j] = 2;',
      'long a[3]; u8 x = 2; s8 y = -1;',
      'long *a, u8 *x, s8 *y',
      'a[1]; a[2]',
      'a[1]=2; a[2]=1;',
    ],
    [
      'narrow elements',
      'int i = *x; a[i] = 300; int r = a[i]; b[i] = r;',
      'u8 a[2]; s16 b[2]; x = 1;',
      'u8 *a, s16 *b, int *x',
      'a[1]; b[1]; 0:r',
      '0:r=44; a[1]=44; b[1]=44;',
    ],
    [
      'moving pointers',
      'int *p = a; int s = 0; while (p < a + 4) { s += *p; p++; } long d = p - a;',
      'int a[4] = {1, 2, 3, 4};',
      'int *a',
      '0:s; 0:d',
      '0:d=4; 0:s=10;',
    ],
    [
      'a pointer in memory',
      'int *q = READ_ONCE(*p); *q = 1; q[1] = 2; WRITE_ONCE(*p, q + 1);',
      'int a[3]; int *p = &a[1];',
      'int *a, int **p',
      'a[1]; a[2]; p',
      'a[1]=1; a[2]=2; [p]=a[2];',
    ],
    [
      'loops over an array',
      'int i; for (i = 0; i < 3; i++) a[i] = i * i;',
      'int a[3];',
      'int *a',
      'a[0]; a[1]; a[2]',
      'a[0]=0; a[1]=1; a[2]=4;',
    ],
    [
      'atomic elements',
      'int i = *x; atomic_inc(&a[i]); int r = atomic_fetch_add(2, a + i); int o = cmpxchg(&b[i], 0, 7); int e = xchg(b, 1);',
      'atomic_t a[2]; int b[2]; x = 1;',
      'atomic_t *a, int *b, int *x',
      'a[1]; b[0]; b[1]; 0:r',
      '0:r=1; a[1]=3; b[0]=1; b[1]=7;',
    ],
    [
      'locks in an array',
      'int i = *x; spin_lock(&l[i]); *y = 1; spin_unlock(&l[i]);',
      'spinlock_t l[2]; x = 1;',
      'spinlock_t *l, int *x, int *y',
      'y',
      '[y]=1;',
    ],
    [
      'fields through a pointer',
      'struct foo *e = READ_ONCE(p->next); e->a = 3; int i = *x; e->v[i] = 4; e->b = *x + 256;',
      'struct foo p = {.next = &q}; x = 1;',
      'struct foo *p, struct foo *q, int *x',
      'q->a; q->v[1]; q->b; p->a',
      '[p->a]=0; [q->a]=3; [q->b]=1; q->v[1]=4;',
    ],
    [
      'a list',
      'struct foo *e = p; int s = 0; while (e) { s += e->a; e = e->next; }',
      'struct foo p = {1, &q}; struct foo q = {2, &r}; struct foo r = {4};',
      'struct foo *p, struct foo *q, struct foo *r',
      '0:s',
      '0:s=7;',
    ],
    [
      'an array of structs',
      'int i = *x; struct foo *e = &t[i]; e->a = 1; e--; e->a = 2; int r = t[i].a; long d = t + 2 - e;',
      'struct foo t[2]; x = 1;',
      'struct foo *t, int *x',
      't[0].a; t[1].a; 0:r; 0:d',
      '0:d=2; 0:r=1; [t[0].a]=2; [t[1].a]=1;',
    ],
    [
      'pointers as integers',
      'unsigned long l = (unsigned long)&a[1]; *(int *)(l - 4) = 1; int *q = (int *)l; *q = 2; int r = l == (unsigned long)q;',
      'int a[2];',
      'int *a',
      'a[0]; a[1]; 0:r',
      '0:r=1; a[0]=1; a[1]=2;',
    ],
    [
      'integers of all widths',
      'u8 c = 200; c += 100; s8 s = c * 4; u32 u = -1; long l = u; long m = (int)u; int r = s < 0; int t = u > 0 && -1 > 1U;',
      '',
      'int *x',
      '0:c; 0:s; 0:l; 0:m; 0:r; 0:t',
      '0:c=44; 0:l=4294967295; 0:m=-1; 0:r=1; 0:s=-80; 0:t=1;',
    ],
  ];

  it.each(cases)('%s', (_name, body, init, parameters, observed, expected) => {
    expect(agreed(singleThread(body, init, parameters, observed))).toBe(expected);
  });

  it.each(cases)('%s, compiled, printed and read again', (_name, body, init, parameters, observed) => {
    const text = singleThread(body, init, parameters, observed);
    const sorted = (states: string): string =>
      values(states)
        .split(';')
        .map((v) => v.trim())
        .sort()
        .join(';');
    for (const target of ['arm64', 'x86'] as const)
      expect(sorted(reread(text, target))).toBe(sorted(statesOf(runs(text, [target])[0]!)));
  });
});

describe('dependencies', () => {
  function published(write: string, read: string, init: string): string {
    const text = `C mp
{ ${init} }
${definitions}P0(int *a, int *x, struct foo *p, struct foo *q, struct foo **g) { ${write} }
P1(int *a, int *x, struct foo *p, struct foo *q, struct foo **g) { int i; int r; struct foo *e; ${read} }
exists (1:i=1 /\\ 1:r=0)
`;
    return runs(text, ['lkmm', 'arm64', 'x86'])
      .map(({ model, verdict }) => `${model} ${verdict.toLowerCase()}`)
      .join(', ');
  }

  it('through a loaded index order reads', () => {
    const write = 'WRITE_ONCE(a[1], 1); smp_wmb(); WRITE_ONCE(*x, 1);';
    expect(published(write, 'i = READ_ONCE(*x); r = READ_ONCE(a[i]);', 'int a[2];')).toBe(
      'lkmm never, arm64 never, x86 never',
    );
    expect(published(write, 'i = READ_ONCE(*x); r = READ_ONCE(a[1]);', 'int a[2];')).toBe(
      'lkmm sometimes, arm64 sometimes, x86 never',
    );
  });

  it('through a pointer order reads of its fields', () => {
    const write = 'WRITE_ONCE(q->a, 1); smp_store_release(g, q);';
    const init = 'struct foo *g = &p; int a[2];';
    expect(published(write, 'e = READ_ONCE(*g); i = e == q; r = READ_ONCE(e->a);', init)).toBe(
      'lkmm never, arm64 never, x86 never',
    );
    expect(published(write, 'e = READ_ONCE(*g); i = e == q; r = READ_ONCE(q->a);', init)).toBe(
      'lkmm sometimes, arm64 sometimes, x86 never',
    );
  });
});

describe('faults', () => {
  function limit(body: string, init = 'int a[2]; int x = 2;'): string {
    const text = `C t\n{ ${init} }\nP0(int *a, int *x)\n{\n${body}\n}\nexists (x=0)\n`;
    const all = runs(text, ['lkmm', 'sc']);
    for (const run of all) expect(run.verdict).toBe('Unknown');
    return all[0]!.result.limit!;
  }

  it.each([
    ['an index from memory that is too large', 'int i = READ_ONCE(*x); WRITE_ONCE(a[i], 1);'],
    ['an index from memory that is negative', 'int i = READ_ONCE(*x); int r = READ_ONCE(a[i - 3]);'],
    ['an index that is known when the thread is run', 'int i = 2; i = i + 1; a[i] = 1;'],
    ['the end of an array', 'int i = READ_ONCE(*x); int *p = a + i; *p = 1;'],
    ['NULL', 'int *p = a; if (*x) p = NULL; *p = 1;'],
  ])('%s', (_name, body) => {
    expect(limit(body)).toMatchSnapshot();
  });
});
