/** Model files of the user's own, through the commands: what finds which file, what judges what, and what is said of mistakes. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fencepost } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Message passing without barriers. */
const test = (name: string, comment = '') =>
  file(
    `${name}.litmus`,
    `C ${name}
${comment}
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`,
  );
const mp = test('mp');

const arm = file(
  'arm.litmus',
  `AArch64 arm
{ 0:X1=x; 0:X3=y; 1:X1=x; 1:X3=y; }
 P0          | P1          ;
 MOV W0,#1   | LDR W0,[X3] ;
 STR W0,[X1] | LDR W2,[X1] ;
 STR W0,[X3] |             ;
exists (1:X0=1 /\\ 1:X2=0)
`,
);

const order = 'acyclic po | rf | co | fr as order\n';
const strict = file('strict.cat', `"strict"\n${order}`);
const weak = file('weak.cat', '"weak"\nacyclic po-loc | rf | co | fr as coherence\n');

/** The verdicts of the table by model. */
function verdicts(out: string): Record<string, string> {
  const lines = out.matchAll(/^ {2}(\S+) +(Never|Sometimes|Always|Deadlock|Unknown|error)\b/gm);
  return Object.fromEntries([...lines].map(([, model = '', verdict = '']) => [model, verdict]));
}

describe('a model file', () => {
  it('has a column beside the others, named by the file', async () => {
    const { code, out, err } = await fencepost(['run', mp, '--model', `${strict},lkmm,${weak}`]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(Object.entries(verdicts(out))).toEqual([
      ['lkmm', 'Sometimes'],
      ['strict.cat', 'Never'],
      ['weak.cat', 'Sometimes'],
    ]);
  });

  it('has its whole name where another file is called the same', async () => {
    const other = file('other/strict.cat', '"other"\nacyclic po-loc | rf | co | fr as coherence\n');
    const { out } = await fencepost(['run', mp, '--model', `${strict},${other}`]);
    expect(verdicts(out)).toEqual({ [strict]: 'Never', [other]: 'Sometimes' });
  });

  it('leaves the verdict open where its compilation does not end', async () => {
    const doubled = Array.from({ length: 40 }, (_, i) => `let f${i + 1} r = f${i} (f${i} r)`).join('\n');
    const endless = file('endless.cat', `"endless"\nlet f0 r = r | (r ; rf)\n${doubled}\nacyclic f40 po\n`);
    const cut = await fencepost(['run', mp, '--model', `${strict},${endless}`]);
    expect(cut.code).toBe(3);
    expect(verdicts(cut.out)).toEqual({ 'strict.cat': 'Never', 'endless.cat': 'Unknown' });
    expect(cut.out).toContain('limit: the model expands to more than 100000 relations');
    const late = await fencepost(['run', mp, '--model', endless, '--timeout', '0.05']);
    expect(late.code).toBe(3);
    expect(late.out).toContain('limit: time limit, while the model is compiled');
    const graph = await fencepost(['graph', mp, '--model', endless, '--timeout', '0.05']);
    expect(graph.code).toBe(3);
    expect(graph.err).toBe('endless.cat: Unknown (limit: time limit, while the model is compiled)\n');
  });

  it('judges assembly as it stands, and C as kernel C', async () => {
    const fenced = file('fenced.cat', '"fenced"\nlet f = [Wmb]\nacyclic po | rf | co | fr as order\n');
    const { code, out } = await fencepost(['run', mp, arm, '--model', strict]);
    expect(code).toBe(0);
    expect(out.match(/strict\.cat +Never/g)?.length).toBe(2);
    const kernel = await fencepost(['run', mp, '--model', fenced]);
    expect(kernel).toMatchObject({ code: 0, err: '' });
    const { code: bad, err } = await fencepost(['run', arm, '--model', fenced]);
    expect(bad).toBe(2);
    expect(err).toContain('`Wmb`');
  });

  it('judges C compiled, if its title or the user says so', async () => {
    const barriers = file('mine.cat', `AArch64 "mine"\nlet f = [DMB.ISH]\n${order}`);
    expect(await fencepost(['run', mp, '--model', barriers])).toMatchObject({ code: 0, err: '' });
    const untitled = file('untitled.cat', `"mine"\nlet f = [MFENCE]\n${order}`);
    expect((await fencepost(['run', mp, '--model', untitled])).code).toBe(2);
    const { code, out, err } = await fencepost(['run', mp, '--model', untitled, '--compile-to', 'x86']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(verdicts(out)).toEqual({ 'untitled.cat': 'Never' });
  });

  it("is held to the test's own expectation, as the model of its language is", async () => {
    const expecting = test('expecting', '(* Result: Sometimes *)');
    expect((await fencepost(['run', expecting, '--model', weak])).code).toBe(0);
    const { code, out } = await fencepost(['run', expecting, '--model', strict]);
    expect(code).toBe(1);
    expect(out).toContain('strict.cat  Never, expected Sometimes');
    const named = test('named', '(*\n * Result: Sometimes\n * Result(strict.cat): Never\n *)');
    expect((await fencepost(['run', named, '--model', strict])).code).toBe(0);
    // What is said of kernel C is not said of its assembly.
    const compiled = await fencepost(['run', expecting, '--model', strict, '--compile-to', 'arm64']);
    expect(compiled.code).toBe(0);
  });

  it('draws', async () => {
    const out = join(folder, 'pictures');
    const { code, out: text } = await fencepost(['graph', mp, '--model', strict, '-o', out]);
    expect(code).toBe(0);
    expect(text).toContain('mp under strict.cat: forbidden');
    expect(readdirSync(out).sort()).toEqual(['mp.strict.cat.dot', 'mp.strict.cat.svg']);
  });

  it('draws a lock as one, also where the model itself says what follows what', async () => {
    const locks = file('locks.cat', '"locks"\nlet W = W & M\ninclude "cos.cat"\nacyclic po | co as order\n');
    const path = file(
      'locked.litmus',
      'C locked\n{}\nP0(int *x, spinlock_t *l) { int r0; spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l); r0 = spin_trylock(l); }\nexists (0:r0=1)\n',
    );
    const { out } = await fencepost(['graph', path, '--model', locks, '--format', 'text']);
    expect(out).toContain(`a: LOCK l\n b: WRITE_ONCE(*x, 1)\n c: UNLOCK l\n d: LOCK l\n`);
  });
});

describe('what belongs to a model file', () => {
  it('is included from beside it, then from -I in order, then from our library', async () => {
    file('a/part.cat', order);
    file('b/part.cat', 'acyclic po-loc | rf | co | fr as coherence\n');
    const beside = file('a/beside.cat', '"beside"\ninclude "part.cat"\n');
    const away = file('c/away.cat', '"away"\ninclude "part.cat"\n');
    const a = join(folder, 'a');
    const b = join(folder, 'b');
    const judge = async (...args: string[]) => verdicts((await fencepost(['run', mp, ...args])).out);
    expect(await judge('--model', beside, '-I', b)).toEqual({ 'beside.cat': 'Never' });
    expect(await judge('--model', away, '-I', a, '-I', b)).toEqual({ 'away.cat': 'Never' });
    expect(await judge('--model', away, '-I', b, '-I', a)).toEqual({ 'away.cat': 'Sometimes' });
    // A file in a folder of -I includes from its own folder first.
    file('d/outer.cat', 'include "part.cat"\n');
    file('d/part.cat', order);
    const nested = file('c/nested.cat', '"nested"\ninclude "outer.cat"\n');
    expect(await judge('--model', nested, '-I', join(folder, 'd'), '-I', b)).toEqual({
      'nested.cat': 'Never',
    });
    const library = file('c/library.cat', '"library"\ninclude "cos.cat"\nacyclic po | rf | co | fr\n');
    expect(await judge('--model', library)).toEqual({ 'library.cat': 'Never' });
  });

  it('is chosen by --variant', async () => {
    const model = file(
      'variant.cat',
      '"variant"\nlet r = if "strict" then po else po-loc\nacyclic r | rf | co | fr\n',
    );
    const judge = async (...args: string[]) =>
      verdicts((await fencepost(['run', mp, '--model', model, ...args])).out);
    expect(await judge()).toEqual({ 'variant.cat': 'Sometimes' });
    expect(await judge('--variant', 'strict')).toEqual({ 'variant.cat': 'Never' });
    expect(await judge('--variant', 'other', '--variant', 'x,strict')).toEqual({ 'variant.cat': 'Never' });
  });

  it('is declared in a bell file', async () => {
    const bell = file('own.bell', 'let Marked = R | W\n');
    const model = file(
      'marked.cat',
      `"marked"\nlet both = [Marked]\nacyclic both ; (po | rf | co | fr) as order\n`,
    );
    expect((await fencepost(['run', mp, '--model', model])).code).toBe(2);
    const { code, out } = await fencepost(['run', mp, '--model', model, '--bell', bell]);
    expect(code).toBe(0);
    expect(verdicts(out)).toEqual({ 'marked.cat': 'Never' });
  });

  it('are primitives of a macro file, for our models as well', async () => {
    const macros = file('own.def', 'my_write(X,V) { __store{release}(X,V); }\n');
    const path = file(
      'own.litmus',
      'C own\n{}\nP0(int *x) { my_write(*x, 1); }\nP1(int *x) { int r0 = READ_ONCE(*x); }\nexists (1:r0=1)\n',
    );
    expect((await fencepost(['run', path, '--model', 'lkmm'])).code).toBe(2);
    expect(await fencepost(['run', path, '--model', 'lkmm', '--macros', macros])).toMatchObject({
      code: 0,
      err: '',
    });
    const { out } = await fencepost(['compile', path, '--to', 'arm64', '--macros', macros]);
    expect(out).toContain('STLR');
  });

  it('is all in a configuration file', async () => {
    file('conf/own.cat', '"own"\ninclude "part.cat"\nlet f = [Marked]\n');
    file('conf/lib/part.cat', 'acyclic po | rf | co | fr as order\n');
    file('conf/own.bell', 'let Marked = R | W\n');
    file('conf/own.def', 'my_write(X,V) { __store{release}(X,V); }\n');
    const conf = file(
      'conf/own.cfg',
      '# all of it\nmodel own.cat\nbell own.bell\nmacros own.def\ninclude lib\ngraph columns\n',
    );
    const alone = await fencepost(['run', mp, '--conf', conf]);
    expect(alone).toMatchObject({ code: 0, err: '' });
    expect(verdicts(alone.out)).toEqual({ 'own.cat': 'Never' });
    const beside = await fencepost(['run', mp, '--conf', conf, '--model', 'lkmm']);
    expect(verdicts(beside.out)).toEqual({ lkmm: 'Sometimes', 'own.cat': 'Never' });
    const instead = await fencepost(['run', mp, '--conf', conf, '--model', weak]);
    expect(verdicts(instead.out)).toEqual({ 'weak.cat': 'Sometimes' });
    const further = file('further.cfg', 'conf conf/own.cfg\nmodel weak.cat\n');
    expect(verdicts((await fencepost(['run', mp, '--conf', further])).out)).toEqual({
      'weak.cat': 'Sometimes',
    });
  });
});

describe('mistakes', () => {
  it('in a model are located, with the way to them', async () => {
    file('wrong/part.cat', 'let a = po ; W\n');
    const model = file('wrong/model.cat', '"wrong"\ninclude "part.cat"\nacyclic po as order\n');
    const { code, out, err } = await fencepost(['run', mp, '--model', model]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.match(/wrong\/part\.cat:1:14: error: set used as relation/g)?.length).toBe(1);
    expect(err).toMatch(/model\.cat:2:1: included here/);
  });

  it('in a model are said once for all tests', async () => {
    const kernel = file('kernel.cat', `"kernel"\nlet f = [Wmb]\n${order}`);
    const { code, out, err } = await fencepost([
      'run',
      arm,
      file('again.litmus', readFileSync(arm, 'utf8')),
      mp,
      '--model',
      kernel,
    ]);
    expect(code).toBe(2);
    expect(out.match(/kernel\.cat +(?:error|Never)/g)).toEqual([
      'kernel.cat  error',
      'kernel.cat  error',
      'kernel.cat  Never',
    ]);
    expect(err.match(/kernel\.cat:2:10: error/g)?.length).toBe(1);
  });

  it.each<[string, readonly string[], string]>([
    ['a file that is not there', ['--model', './stric.cat'], 'stric.cat: there is no such file'],
    ['a name that is none', ['--model', 'lkmmm'], 'did you mean `lkmm`?'],
    ['no name', ['--model', ','], '--model names no model'],
    ['a bell file alone', ['--bell', 'x.bell'], '--bell is about a model file'],
    ['a variant alone', ['--variant', 'x', '--model', 'lkmm'], '--variant is about a model file'],
    ['a target alone', ['--compile-to', 'x86'], '--compile-to is about a model file'],
    ['a configuration that is not there', ['--conf', 'x.cfg'], 'x.cfg: there is no such file'],
    ['macros that are not there', ['--macros', 'x.def'], 'x.def: there is no such file'],
    ['two models for one', ['--model', 'lkmm', '--model', 'sc'], '--model is given twice'],
  ])('%s', async (_what, args, message) => {
    const { code, out, err } = await fencepost(['run', mp, ...args]);
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('in a configuration are located', async () => {
    const conf = file('bad/own.cfg', 'bell none.bell\nmodle x.cat\n');
    const { code, err } = await fencepost(['run', mp, '--conf', conf]);
    expect(code).toBe(2);
    expect(err).toContain('own.cfg:1:6: error: cannot find the file `none.bell`');
    expect(err).toContain('own.cfg:2:1: warning: unknown setting `modle`');
    expect(err).toContain('did you mean `model`?');
    const cycle = file('bad/cycle.cfg', 'conf cycle.cfg\n');
    expect((await fencepost(['run', mp, '--conf', cycle])).err).toContain('`cycle.cfg` includes itself');
  });

  it('in a model do not run away', async () => {
    const loop = file('loop.cat', '"loop"\ninclude "loop.cat"\n');
    const { code, err } = await fencepost(['run', mp, '--model', loop]);
    expect(code).toBe(2);
    expect(err).toContain('`loop.cat` includes itself');
    const binary = file('binary.cat', '\u0000');
    expect((await fencepost(['run', mp, '--model', binary])).err).toContain(
      'expected a memory model as text',
    );
  });
});

describe('help', () => {
  it('says that files are models', async () => {
    expect((await fencepost(['models'])).out).toContain('--model my.cat');
    const { out } = await fencepost(['run', '--help']);
    for (const option of ['--conf', '--bell', '--macros', '-I, --include', '--variant', '--compile-to'])
      expect(out).toContain(option);
  });
});
