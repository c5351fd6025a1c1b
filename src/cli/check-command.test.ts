/** `fencepost check` and `fencepost baseline` in a folder of their own, all in this thread. */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestCheck } from '../check/check-report.js';
import { fencepost } from './test-terminal.js';

const start = process.cwd();
const roots: string[] = [];
let root = '';

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'fencepost-')));
  roots.push(root);
  mkdirSync(join(root, '.git'));
  process.chdir(root);
});
afterAll(() => {
  process.chdir(start);
  for (const each of roots) rmSync(each, { recursive: true });
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

const mp = (barrier: string, comment = '') => `C mp
${comment}
{ }
P0(int *x, int *y) { WRITE_ONCE(*x, 1); ${barrier} WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); smp_rmb(); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`;
const strong = mp('smp_wmb();', '(* Result: Never *)');
const weak = mp('', '(* Result: Never *)');
const config = (more: object) =>
  write('fencepost.config.json', JSON.stringify({ tests: 'litmus', models: ['lkmm'], ...more }));
const read = (name: string) => readFileSync(join(root, name), 'utf8');

describe('fencepost check', () => {
  it('says in one line that all is as expected', async () => {
    config({});
    write('litmus/a.litmus', strong);
    write('litmus/b.litmus', mp(''));
    expect(await fencepost(['check'])).toEqual({
      code: 0,
      out: '2 tests: 1 as expected, 1 with nothing expected of them\n',
      err: '',
    });
    expect(await fencepost(['check', '-q'])).toEqual({ code: 0, out: '', err: '' });
    const required = await fencepost(['check', '--require-expectations']);
    expect(required.code).toBe(1);
    expect(required.out).toContain('litmus/b.litmus: error: nothing is expected of this test');
  });

  it('says in the summary what --model leaves aside', async () => {
    config({ models: ['lkmm', 'arm64', 'x86'] });
    write('litmus/a.litmus', mp('smp_wmb();', '(* Result: Never\n * Result(arm64): Sometimes *)'));
    write('litmus/b.litmus', mp(''));
    write('litmus/c.litmus', 'X86 t\n{ }\n P0 ;\n MOV [x],$1 ;\nexists (x=1)\n');
    await fencepost(['baseline', 'litmus/b.litmus']);
    const { code, out } = await fencepost(['check', '--model', 'lkmm']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /\n3 tests: 2 as expected, 1 that no model judges that is asked\nnot looked at: what is expected under arm64 \(2 tests\), x86 \(1 test\)\n$/,
    );
    const json = await fencepost(['check', '--model', 'lkmm', '--reporter', 'json']);
    expect(JSON.parse(json.out)).toMatchObject({
      counts: { same: 2, 'nothing-expected': 1 },
      notJudged: 1,
      unasked: { arm64: 2, x86: 1 },
      tests: [{ unasked: ['arm64'] }, { unasked: ['arm64', 'x86'] }, {}],
    });
  });

  it('says of a weakened barrier what is new, with the execution, and fails', async () => {
    config({});
    write('litmus/a.litmus', weak);
    const { code, out } = await fencepost(['check']);
    expect(code).toBe(1);
    expect(out).toContain('litmus/a.litmus:4:42: error: expected Never, found Sometimes under lkmm\n');
    expect(out).toContain('mp under lkmm: allowed\n  1:r0=1; 1:r1=0\n');
    expect(out).toMatch(/^1 test: 1 different$/m);
  });

  it('takes the word of the command line for that of the project file', async () => {
    config({ expectations: { 'litmus/a.litmus': 'Sometimes' } });
    write('litmus/a.litmus', weak);
    expect((await fencepost(['check'])).code).toBe(0);
    const sc = await fencepost(['check', '--model', 'sc', '--reporter', 'json']);
    expect((JSON.parse(sc.out) as { tests: TestCheck[] }).tests[0]?.models.map(({ model }) => model)).toEqual(
      ['sc'],
    );
    expect((await fencepost(['check', '--no-config', 'litmus'])).code).toBe(1);
    write('other.json', '{ "tests": "none" }');
    expect((await fencepost(['check', '--config', 'other.json'])).code).toBe(2);
  });

  it('writes reports to files', async () => {
    config({});
    write('litmus/a.litmus', strong);
    const args = [
      'check',
      '--reporter',
      'tap=out/r.tap',
      '--reporter',
      'json=out/r.json',
      '--reporter',
      'human',
    ];
    expect(await fencepost(args)).toEqual({ code: 0, out: '1 test: 1 as expected\n', err: '' });
    expect(read('out/r.tap')).toMatch(/^TAP version 14\n/);
    expect(JSON.parse(read('out/r.json'))).toMatchObject({ exitCode: 0, counts: { same: 1 } });
  });

  it('adds annotations on GitHub, if no reporter is named', async () => {
    config({});
    write('litmus/a.litmus', weak);
    const before = process.env.GITHUB_ACTIONS;
    process.env.GITHUB_ACTIONS = 'true';
    try {
      expect((await fencepost(['check'])).out).toMatch(/^::error .*file=litmus\/a\.litmus,line=4,/m);
      expect((await fencepost(['check', '--reporter', 'human'])).out).not.toContain('::error');
    } finally {
      if (before === undefined) delete process.env.GITHUB_ACTIONS;
      else process.env.GITHUB_ACTIONS = before;
    }
  });

  it.each<[string[], string]>([
    [
      ['check'],
      'error: no tests are named [no-tests]\n  hint: name files or folders, or write a project file',
    ],
    [['check', 'none.litmus'], 'none.litmus: there is no such file'],
    [['check', '-'], 'there is no checking of standard input'],
    [['check', 'a', '--reporter', 'humna'], 'unknown reporter "humna": did you mean `human`?'],
    [['check', 'a', '--reporter', 'tap', '--reporter', 'json'], 'standard output is for one report'],
    [['check', 'a', '--reporter', 'tap=x', '--reporter', 'json=x'], 'two reporters write to x'],
    [['check', 'a', '--baseline', 'none'], 'none: there is no such file'],
    [['check', '--watch', '--shard', '1/2'], '--watch is of all tests'],
    [['baseline', 'a', '--no-baseline'], 'there is no file to record to'],
  ])('%j is bad input', async (args, message) => {
    write('a', strong);
    const { code, out, err } = await fencepost(args);
    expect({ code, text: out + err }).toEqual({ code: 2, text: expect.stringContaining(message) });
  });

  it('goes on with the others after a mistake in the project file that is about a test', async () => {
    config({ expectations: { 'litmus/gone.litmus': 'Never', 'litmus/a.litmus': { lkm: 'Never' } } });
    write('litmus/a.litmus', strong);
    const { code, out } = await fencepost(['check']);
    expect(code).toBe(2);
    expect(out).toContain('no test fits `litmus/gone.litmus`');
    expect(out).toContain('unknown model `lkm`');
    expect(out).toContain('1 test: 1 as expected');
  });

  it('is a limit where an expectation is left open', async () => {
    write(
      'spin.litmus',
      `C spin
(* Result(sc): Never *)
{ }
P0(int *x) { WRITE_ONCE(*x, 1); }
P1(int *x) { int r0; int i; i = 0; while (i < 9) { r0 = READ_ONCE(*x); i = i + 1; } }
exists (1:r0=7)
`,
    );
    const args = ['check', 'spin.litmus', '--model', 'sc'];
    const { code, out } = await fencepost([...args, '--unroll', '2']);
    expect(code).toBe(3);
    expect(out).toContain('expected Never, undecided under sc: unroll bound 2');
    expect((await fencepost([...args, '--unroll', '20'])).code).toBe(0);
  });

  it('splits its tests between machines', async () => {
    config({ expectations: { 'litmus/gone.litmus': 'Never' } });
    for (const name of ['a', 'b', 'c']) write(`litmus/${name}.litmus`, strong);
    const parts: string[][] = [];
    for (const shard of ['1/2', '2/2']) {
      const { out } = await fencepost(['check', '--shard', shard, '--reporter', 'json']);
      const { tests, findings } = JSON.parse(out) as { tests: TestCheck[]; findings: [] };
      parts.push([...tests.map(({ file }) => file), String(findings.length)]);
    }
    expect(parts).toEqual([
      ['litmus/a.litmus', 'litmus/c.litmus', '1'],
      ['litmus/b.litmus', '0'],
    ]);
  });
});

describe('the shards of a check', () => {
  const shard = async (part: string): Promise<string> => {
    const name = `part-${part[0]}.json`;
    write(name, (await fencepost(['check', '--shard', part, '--reporter', 'json'])).out);
    return name;
  };

  beforeEach(async () => {
    config({ expectations: { 'litmus/a.litmus': 'Never' } });
    for (const name of ['a', 'b', 'c']) write(`litmus/${name}.litmus`, strong);
    await fencepost(['baseline']);
  });

  it.each<[string, () => void]>([
    ['a test', () => write('litmus/a.litmus', weak)],
    ['what the project file expects', () => config({ expectations: { 'litmus/a.litmus': 'Sometimes' } })],
    [
      'the baseline',
      () => write('fencepost.baseline', read('fencepost.baseline').replace('Never', 'Always')),
    ],
    [
      'a model file',
      () => write('own.cat', '"own"\ninclude "cos.cat"\nacyclic po | rf | fr | co as strong\n'),
    ],
  ])('are not joined where %s has changed in between', async (_, change) => {
    write('own.cat', '"own"\ninclude "cos.cat"\nempty 0 as nothing\n');
    config({ models: ['lkmm', 'own.cat'], expectations: { 'litmus/a.litmus': 'Never' } });
    const one = await shard('1/2');
    expect((await fencepost(['merge', one, await shard('2/2')])).err).toBe('');
    change();
    const { code, out, err } = await fencepost(['merge', one, await shard('2/2')]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('part-1.json and part-2.json are of different runs');
  });
});

describe('fencepost baseline', () => {
  beforeEach(() => {
    config({ models: ['lkmm', 'x86'] });
    write('litmus/a.litmus', mp('smp_wmb();'));
    write('litmus/b.litmus', mp(''));
  });

  it('records outcomes that check compares with', async () => {
    expect(await fencepost(['baseline'])).toEqual({
      code: 0,
      out: '  new      litmus/a.litmus\n  new      litmus/b.litmus\nfencepost.baseline: 2 new\n',
      err: '',
    });
    expect(await fencepost(['check'])).toEqual({ code: 0, out: '2 tests: 2 as expected\n', err: '' });
    const before = read('fencepost.baseline').split('\n');
    write('litmus/a.litmus', mp(''));
    const { code, out } = await fencepost(['check']);
    expect(code).toBe(1);
    expect(out).toContain('was Never, is Sometimes under lkmm: new outcome 1:r0=1; 1:r1=0');
    expect(out).toContain('if that is meant: `fencepost baseline litmus/a.litmus`');
    expect((await fencepost(['baseline', '--check'])).code).toBe(1);
    expect(read('fencepost.baseline').split('\n')).toEqual(before);
    // what a diff shows
    expect((await fencepost(['baseline', 'litmus/a.litmus'])).out).toBe(
      '  changed  litmus/a.litmus\nfencepost.baseline: 1 changed\n',
    );
    const now = read('fencepost.baseline').split('\n');
    expect(now.length).toBe(before.length + 1);
    expect(now.slice(0, 9).filter((line) => !before.slice(0, 9).includes(line))).toEqual([
      '  lkmm: Sometimes',
      '  1:r0=1; 1:r1=0 | lkmm',
    ]);
    expect((await fencepost(['baseline', '--check'])).code).toBe(0);
  });

  it('keeps the entries of other tests and models, and drops those that are gone if asked to', async () => {
    await fencepost(['baseline']);
    const before = read('fencepost.baseline');
    for (const model of ['lkmm', 'x86', 'x86,lkmm']) {
      expect((await fencepost(['baseline', '--model', model])).out).toBe('fencepost.baseline: 2 as before\n');
      expect(read('fencepost.baseline')).toBe(before);
    }
    rmSync(join(root, 'litmus/b.litmus'));
    const gone = await fencepost(['check']);
    expect(gone.code).toBe(1);
    expect(gone.out).toContain('the baseline has outcomes of litmus/b.litmus, which is not there');
    expect(gone.out).toContain('fencepost.baseline:10:1');
    expect((await fencepost(['check', 'litmus/a.litmus'])).code).toBe(0);
    expect(await fencepost(['baseline'])).toEqual({
      code: 0,
      out: '  stale    litmus/b.litmus, which is not there\nfencepost.baseline: 1 as before, 1 stale\n',
      err: 'hint: `fencepost baseline --prune` drops what is stale\n',
    });
    expect((await fencepost(['baseline', '--check'])).code).toBe(1);
    expect((await fencepost(['baseline', '--check', 'litmus/a.litmus'])).code).toBe(0);
    expect(read('fencepost.baseline')).toBe(before);
    expect((await fencepost(['baseline', '--prune'])).out).toBe(
      '  dropped  litmus/b.litmus\nfencepost.baseline: 1 as before, 1 dropped\n',
    );
    expect((await fencepost(['check'])).code).toBe(0);
  });

  it('drops nothing where a test cannot be read, and takes no wrong path for tests that are gone', async () => {
    await fencepost(['baseline']);
    const before = read('fencepost.baseline');
    config({ tests: 'litmsu', models: ['lkmm', 'x86'] });
    for (const args of [['baseline', '--prune'], ['baseline', '--check'], ['check']])
      expect(await fencepost(args)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringMatching(
          /^fencepost\.config\.json:1:\d+: error: litmsu: there is no such file or folder [\s\S]* did you mean `litmus`\?\n$/,
        ),
      });
    config({ models: ['lkmm', 'x86'] });
    rmSync(join(root, 'litmus/b.litmus'));
    write('litmus/a.litmus', 'C broken\n');
    const broken = await fencepost(['baseline', '--prune']);
    expect(broken).toMatchObject({ code: 2, err: expect.stringContaining('nothing is dropped') });
    expect((await fencepost(['baseline', '--prune', 'litmus/c.litmus'])).code).toBe(2);
    expect(read('fencepost.baseline')).toBe(before);
  });

  it('follows a test that is renamed', async () => {
    await fencepost(['baseline']);
    const before = read('fencepost.baseline');
    renameSync(join(root, 'litmus/b.litmus'), join(root, 'litmus/c.litmus'));
    write('litmus/d.litmus', mp('smp_mb();').replaceAll('r1', 'r7'));
    const renamed = await fencepost(['check', '--require-expectations']);
    expect(renamed.code).toBe(1);
    expect(renamed.out.match(/litmus\/b\.litmus/g)).toHaveLength(1);
    expect(renamed.out).toContain(
      'this test has moved: the baseline has the same outcomes of litmus/b.litmus',
    );
    expect(renamed.out).toContain('fencepost.baseline:10:1');
    expect(renamed.out).not.toContain('litmus/c.litmus: warning: this test is not in the baseline');
    expect(renamed.out).toContain('litmus/d.litmus: warning: this test is not in the baseline');
    rmSync(join(root, 'litmus/d.litmus'));
    expect((await fencepost(['baseline', '--check'])).code).toBe(1);
    // of the other model, too, which is not asked
    expect(await fencepost(['baseline', '--model', 'lkmm'])).toEqual({
      code: 0,
      out: '  moved    litmus/c.litmus, from litmus/b.litmus\nfencepost.baseline: 1 moved, 1 as before\n',
      err: '',
    });
    expect(read('fencepost.baseline')).toBe(before.replace('b.litmus', 'c.litmus'));
    expect((await fencepost(['check'])).code).toBe(0);
  });

  it('says once of all comments that they speak of a model that the project does not ask', async () => {
    await fencepost(['baseline']);
    for (const name of ['b', 'c'])
      write(
        `litmus/${name}.litmus`,
        `C ${name}\n(* Result(sc): Never *)\n${mp('smp_wmb();').split('\n').slice(1).join('\n')}`,
      );
    write('fencepost.config.json', JSON.stringify({ tests: 'litmus', models: ['lkmm'] }));
    const { out, code } = await fencepost(['check', '--no-baseline']);
    expect(out.match(/under sc, which is not among the models that are asked/g)).toHaveLength(1);
    expect(out).toContain('the comments of 2 tests expect something under sc');
    expect(code).toBe(0);
  });

  it('says once of all tests that the project file no longer names a model', async () => {
    await fencepost(['baseline']);
    config({ models: ['lkmm'] });
    const { code, out } = await fencepost(['check']);
    expect(code).toBe(1);
    expect(out).toContain(
      'the baseline has outcomes of 2 tests under x86, which is not among the models that are asked',
    );
    expect(out.match(/x86/g)).toHaveLength(1);
    expect((await fencepost(['check', '--model', 'lkmm'])).code).toBe(0);
    expect((await fencepost(['baseline'])).out).toContain('2 changed');
    expect((await fencepost(['check'])).code).toBe(0);
  });

  it('says once of all models that a test asks about other values', async () => {
    await fencepost(['baseline']);
    write('litmus/a.litmus', mp('smp_wmb();').replaceAll('r1', 'r7'));
    const { code, out } = await fencepost(['check']);
    expect(code).toBe(1);
    expect(out.match(/the test asks about other values than in the baseline/g)).toHaveLength(1);
    expect(out).toContain('it no longer shows 1:r1, and also shows 1:r7\n');
  });

  it('gives commands as the shell reads them', async () => {
    await fencepost(['baseline']);
    write('litmus/wait wake/c.litmus', strong);
    expect((await fencepost(['check'])).out).toContain(
      "hint: `fencepost baseline 'litmus/wait wake/c.litmus'` adds it",
    );
    await fencepost(['baseline']);
    write('litmus/wait wake/c.litmus', weak);
    expect((await fencepost(['check'])).out).toContain("`fencepost baseline 'litmus/wait wake/c.litmus'`");
  });

  it('misses, of what folders and patterns stand for, the tests that are gone', async () => {
    write('litmus/deep/c.litmus', mp('smp_mb();'));
    write('other/d.litmus', mp('smp_mb();'));
    await fencepost(['baseline', 'litmus', 'other']);
    rmSync(join(root, 'litmus/deep'), { recursive: true });
    const patterns = ['**/*.litmus', 'litmus/**', 'litmus/{a,b,deep/?}.litmus', `${root}/litmus/**/*.litmus`];
    for (const folder of ['.', 'litmus', './litmus/', 'other/../litmus', ...patterns]) {
      const { code, out } = await fencepost(['check', folder]);
      expect([folder, code]).toEqual([folder, 1]);
      expect(out).toContain('the baseline has outcomes of litmus/deep/c.litmus, which is not there');
      expect(out.match(/the baseline has/g)).toHaveLength(1);
    }
    for (const others of ['other', 'litmus/a.litmus', 'litmus/*.litmus', '**/a.litmus'])
      expect([others, (await fencepost(['check', others])).code]).toEqual([others, 0]);
  });

  it('knows a test by whatever links lead to it', async () => {
    config({ models: ['lkmm'], expectations: { 'litmus/b.litmus': 'Never' } });
    await fencepost(['baseline']);
    const before = read('fencepost.baseline');
    write('litmus/a.litmus', mp(''));
    symlinkSync('.', join(root, 'lnk'));
    symlinkSync('litmus', join(root, 'tests'));
    symlinkSync(join('litmus', 'a.litmus'), join(root, 'one.litmus'));
    for (const name of ['lnk/litmus/a.litmus', 'tests/a.litmus', 'one.litmus', 'lnk/tests']) {
      const { code, out } = await fencepost(['check', name]);
      expect([name, code]).toEqual([name, 1]);
      expect(out).toContain('was Never, is Sometimes');
    }
    expect((await fencepost(['check', 'lnk/tests/b.litmus'])).out).toContain(
      'expected Never, found Sometimes',
    );
    write('litmus/a.litmus', mp('smp_wmb();'));
    expect((await fencepost(['baseline', 'tests', 'lnk/litmus/a.litmus'])).code).toBe(0);
    expect(read('fencepost.baseline')).toBe(before);
  });

  it('knows a test by its own name where a link leads to another place on each machine', async () => {
    const away = realpathSync(mkdtempSync(join(tmpdir(), 'fencepost-')));
    roots.push(away);
    writeFileSync(join(away, 'c.litmus'), mp('smp_mb();'));
    symlinkSync(away, join(root, 'shared'));
    await fencepost(['baseline', 'shared']);
    expect(read('fencepost.baseline')).toContain('\nshared/c.litmus\n');
    expect((await fencepost(['check', 'shared'])).out).toBe('1 test: 1 as expected\n');
  });

  it('says of a test that it is new, and may be left out', async () => {
    await fencepost(['baseline']);
    write('litmus/c.litmus', mp('smp_mb();'));
    const { code, out } = await fencepost(['check']);
    expect(code).toBe(0);
    expect(out).toContain('litmus/c.litmus: warning: this test is not in the baseline');
    expect((await fencepost(['check', '--no-baseline'])).out).toMatch(
      /^3 tests: 3 with nothing expected of them\n/,
    );
  });

  it('does not take what it could not find out for a record', async () => {
    await fencepost(['baseline']);
    const before = read('fencepost.baseline');
    write('litmus/a.litmus', 'C broken\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n');
    const broken = await fencepost(['baseline']);
    expect(broken.code).toBe(2);
    expect(broken.err).toContain('litmus/a.litmus:3:');
    expect(broken.out).toBe('fencepost.baseline: 1 as before, 1 not recorded\n');
    expect(read('fencepost.baseline')).toBe(before);
    write('litmus/a.litmus', mp('smp_wmb();'));
    const cut = await fencepost(['baseline', '--timeout', '0.000001']);
    expect(cut.code).toBe(3);
    expect(cut.err).toContain('what is recorded of it stays');
    expect(read('fencepost.baseline')).toBe(before);
  });

  it('refuses one that is not resolved', async () => {
    await fencepost(['baseline']);
    write('fencepost.baseline', `${read('fencepost.baseline')}<<<<<<< HEAD\n`);
    for (const command of ['check', 'baseline']) {
      const { code, err } = await fencepost([command]);
      expect(code).toBe(2);
      expect(err).toContain('fencepost.baseline:17:1: error: a conflict of a merge');
    }
  });

  it('has its own folder for a place', async () => {
    config({ baseline: 'litmus/all.baseline' });
    const missing = await fencepost(['check']);
    expect(missing.err).toContain('hint: `fencepost baseline` writes it');
    await fencepost(['baseline']);
    expect(read('litmus/all.baseline')).toContain('\na.litmus\n');
    mkdirSync(join(root, 'deep'));
    process.chdir(join(root, 'deep'));
    expect(await fencepost(['check'])).toMatchObject({ code: 0, out: '2 tests: 2 as expected\n' });
  });
});
