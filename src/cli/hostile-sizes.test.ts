/**
 * Tests that are made to take time, memory or stack without end, through the command: each ends in an error with a place or in an
 * open verdict, within its limits, and never in an internal error. What only a worker can be ended in is left to run-many.test.ts.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fencepost } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MANY = 100_000;

interface Parts {
  readonly body?: string;
  readonly parameters?: string;
  readonly init?: string;
  readonly definitions?: string;
  readonly condition?: string;
}

function c({
  body = 'WRITE_ONCE(*x, 1);',
  parameters = 'int *x, int *y',
  init = '',
  definitions = '',
  condition = 'exists (x=1)',
}: Parts): string {
  return `C t\n${definitions}{ ${init} }\nP0(${parameters})\n{\n${body}\n}\n${condition}\n`;
}

const times = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('');

/** Structs of two structs each, which are of two each in turn. */
const structs = `struct s0 { int a; };\n${times(59, (i) => `struct s${i + 1} { struct s${i} a; struct s${i} b; };\n`)}`;

/** `code`: the error's. */
const refused: readonly (readonly [what: string, text: string, code: string])[] = [
  ['parentheses', c({ body: `int r0 = ${'('.repeat(MANY)}1${')'.repeat(MANY)};` }), 'too-deep'],
  ['blocks', c({ body: '{'.repeat(MANY) + '}'.repeat(MANY) }), 'too-deep'],
  ['conditionals', c({ body: `${'if (READ_ONCE(*x)) '.repeat(5000)};` }), 'too-deep'],
  ['a sum', c({ body: `int r0 = 1${' + 1'.repeat(5000)};` }), 'too-deep'],
  ['signs', c({ body: `int r0 = ${'- '.repeat(MANY)}1;` }), 'too-deep'],
  ['a condition', c({ condition: `exists ${'('.repeat(MANY)}x=1${')'.repeat(MANY)}` }), 'too-deep'],
  ['its negations', c({ condition: `exists ${'~'.repeat(MANY)}(x=1)` }), 'too-deep'],
  [
    'a cell',
    `Sketch t\n{ }\nCPU0 ;\n if ${'('.repeat(MANY)}1${')'.repeat(MANY)} MB ;\nexists (x=1)\n`,
    'too-deep',
  ],
  ['a file', c({ body: 'WRITE_ONCE(*x, 1);\n'.repeat(50_000) }), 'file-too-large'],
  [
    'an array',
    c({ body: 'int r0 = READ_ONCE(a[5]);', parameters: 'int *x, int *a', init: 'int a[1000000000];' }),
    'array-index',
  ],
  ['a local array', c({ body: 'int a[1000000000]; a[7] = 1;' }), 'array-length'],
  [
    'a list of values',
    c({ init: `int a[] = {${'1,'.repeat(20_000)}1};`, parameters: 'int *x, int *a' }),
    'array-length',
  ],
  ['a number', c({ body: `int r0 = ${'9'.repeat(MANY)};` }), 'bad-number'],
  [
    'macros that double',
    c({
      body: 'm60(WRITE_ONCE(*x, 1));',
      definitions: `#define m0(a) (a)\n${times(60, (i) => `#define m${i + 1}(a) (m${i}(a) + m${i}(a))\n`)}`,
    }),
    'too-large',
  ],
  [
    'functions that double',
    c({
      body: 'f40(x);',
      definitions: `static void f0(int *p) { WRITE_ONCE(*p, 1); }\n${times(40, (i) => `static void f${i + 1}(int *p) { f${i}(p); f${i}(p); }\n`)}`,
    }),
    'too-large',
  ],
];

/** What ends: with any verdict, or an open one. */
const ended: readonly (readonly [what: string, text: string, options: readonly string[]])[] = [
  [
    'structs that double',
    c({
      body: `int r0 = READ_ONCE(p->${'a.'.repeat(59)}a); u64 r1 = sizeof(struct s59);`,
      parameters: 'int *x, struct s59 *p',
      definitions: structs,
    }),
    [],
  ],
  [
    'comments that nest',
    `C t\n${'(*'.repeat(50_000)}${'*)'.repeat(50_000)}\n{}\nP0(int *x) { }\nexists (x=0)\n`,
    [],
  ],
  [
    'branches',
    c({ body: times(60, (i) => `int r${i} = READ_ONCE(*x); if (r${i}) WRITE_ONCE(*y, ${i});\n`) }),
    [],
  ],
  [
    'loops in loops',
    c({ body: `int r0 = 0; ${times(20, (i) => `for (int i${i} = 0; i${i} < 10; i${i}++) `)}r0++;` }),
    [],
  ],
  [
    'a loop of a million',
    c({ body: 'int r0 = 0; while (READ_ONCE(*x)) { r0 = r0 + READ_ONCE(*y); }' }),
    ['--unroll', '1000000'],
  ],
  [
    'threads',
    `C t\n{}\n${times(300, (i) => `P${i}(int *x) { int r0 = READ_ONCE(*x); WRITE_ONCE(*x, r0 + 1); }\n`)}exists (x=300)\n`,
    [],
  ],
  [
    'locks',
    c({
      body: 'spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l);\n'.repeat(100),
      parameters: 'int *x, spinlock_t *l',
    }),
    [],
  ],
  [
    'a chain of dependencies',
    c({ body: `int r1 = READ_ONCE(*x); int r0 = 1;\n${'r0 = r0 + r1;\n'.repeat(3000)}WRITE_ONCE(*y, r0);` }),
    [],
  ],
  ['locations', c({ init: times(3000, (i) => `int v${i} = ${i};`) }), []],
];

describe('a test without end', () => {
  it.each(refused)('in %s is refused at a place', async (_what, text, code) => {
    const path = join(folder, 't.litmus');
    writeFileSync(path, text);
    for (const command of ['run', 'fmt'] as const) {
      const answer = await fencepost([command, path]);
      const expected = command === 'fmt' && !['too-deep', 'file-too-large'].includes(code) ? null : code;
      if (expected === null) expect([0, 2]).toContain(answer.code);
      else
        expect([answer.code, answer.err]).toEqual([
          2,
          expect.stringMatching(new RegExp(`t\\.litmus:\\d+:\\d+: error: .*\\[${code}\\]`)),
        ]);
    }
  });

  it.each(ended)('in %s ends', async (_what, text, options) => {
    const path = join(folder, 't.litmus');
    writeFileSync(path, text);
    const { code, out, err } = await fencepost([
      'run',
      path,
      '--model',
      'lkmm',
      '--timeout',
      '0.5',
      '--memory',
      '400',
      ...options,
    ]);
    expect(err).toBe('');
    expect([0, 3]).toContain(code);
    if (code === 3) expect(out).toMatch(/lkmm {2}\w+ {2}\(limit: /);
  });

  it('is ended where nothing looks at the clock, too', async () => {
    const path = join(folder, 't.litmus');
    writeFileSync(path, c({ body: 'WRITE_ONCE(*x, 1);\n'.repeat(2500) }));
    for (const command of ['explain', 'barriers', 'repair']) {
      const { code, err } = await fencepost([command, path, '--timeout', '0.1']);
      expect([command, code]).toEqual([command, 3]);
      expect(err).not.toContain('internal');
    }
  });

  it('is not drawn', async () => {
    const path = join(folder, 't.litmus');
    writeFileSync(path, c({ body: 'WRITE_ONCE(*x, 1);\n'.repeat(600) }));
    const { out, err } = await fencepost(['graph', path, '--model', 'sc', '--out', '-']);
    expect([out, err]).toEqual([
      '',
      't: no picture for sc: its 600 events are more than a picture holds (500)\n',
    ]);
  });
});
