/**
 * Files that come from anyone: what they make the commands read and write, through the command as users start it. Nothing outside of
 * the folders that the user named is read, to be found in no message, and nothing is written outside of the output folder.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileNameFor } from '../io/write-file.js';
import { fencepost, type Transcript } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const SECRET = 'hunter2';
/** As it would be shown if it was read as a model, a configuration, a macro file or a test: in an excerpt. */
const secret = file('private/secret', `${SECRET}\n`);
const order = 'acyclic po | rf | co | fr as order\n';

const mpText = (name: string) => `C ${name}
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`;
const mp = file('repo/mp.litmus', mpText('mp'));

function refused({ code, out, err }: Transcript, message: string | RegExp): void {
  expect(err).toMatch(message);
  expect(code).toBe(2);
  expect(out + err).not.toContain(SECRET);
}

describe('what a model may include', () => {
  const ways: readonly (readonly [what: string, include: string])[] = [
    ['a way up', '../private/secret'],
    ['a way down and up', 'sub/../../private/secret'],
    ['an absolute path', secret],
    ['a link that leads out', 'link.cat'],
    ['a folder that leads out', 'away/secret'],
    ['what is not there', '../private/nothing'],
  ];
  beforeAll(() => {
    mkdirSync(join(folder, 'repo', 'sub'));
    symlinkSync(secret, join(folder, 'repo', 'link.cat'));
    symlinkSync(join(folder, 'private'), join(folder, 'repo', 'away'));
  });

  it.each(ways)('is not %s', async (_what, include) => {
    const model = file('repo/m.cat', `"m"\ninclude "${include}"\n${order}`);
    const answer = await fencepost(['run', mp, '--model', model]);
    refused(answer, `m.cat:2:1: error: \`${include}\` is outside of the folders`);
    expect(answer.err).toContain('hint: they are the folders of the files that the command line names');
  });

  it('is below its folder, beside it, and up to it again', async () => {
    file('repo/deep/a.cat', 'include "../b.cat"\n');
    file('repo/b.cat', order);
    const model = file('repo/m.cat', '"m"\ninclude "deep/a.cat"\n');
    expect((await fencepost(['run', mp, '--model', model])).out).toContain('m.cat  Never');
  });

  it('is in a folder of -I, and below', async () => {
    file('library/deep/c.cat', order);
    const library = join(folder, 'library');
    const model = file('repo/m.cat', `"m"\ninclude "deep/c.cat"\n`);
    expect((await fencepost(['run', mp, '--model', model])).code).toBe(2);
    expect((await fencepost(['run', mp, '--model', model, '-I', library])).out).toContain('m.cat  Never');
    const whole = file('repo/m.cat', `"m"\ninclude "${library}/deep/c.cat"\n`);
    refused(await fencepost(['run', mp, '--model', whole]), 'is outside of the folders');
    expect((await fencepost(['run', mp, '--model', whole, '-I', library])).out).toContain('m.cat  Never');
  });

  it('is where the model is that a link on the command line leads to', async () => {
    file('store/part.cat', order);
    const real = file('store/real.cat', '"m"\ninclude "part.cat"\n');
    mkdirSync(join(folder, 'farm'));
    for (const name of ['real.cat', 'part.cat'])
      symlinkSync(join(folder, 'store', name), join(folder, 'farm', name));
    const { out } = await fencepost(['run', mp, '--model', join(folder, 'farm', 'real.cat')]);
    expect(out).toContain('real.cat  Never');
    expect(existsSync(real)).toBe(true);
  });

  it('says why a file in its reach cannot be read', async () => {
    file('repo/binary.cat', '\u0000');
    const model = file('repo/m.cat', `"m"\ninclude "binary.cat"\n`);
    refused(await fencepost(['run', mp, '--model', model]), 'binary data, expected a memory model');
  });
});

describe('includes end', () => {
  it('in a circle of several', async () => {
    file('repo/two.cat', 'include "one.cat"\n');
    const one = file('repo/one.cat', '"one"\ninclude "two.cat"\n');
    refused(await fencepost(['run', mp, '--model', one]), '`one.cat` includes itself');
  });

  it('in a circle by links', async () => {
    const round = file('repo/round.cat', '"round"\ninclude "again/round.cat"\n');
    symlinkSync('.', join(folder, 'repo', 'again'));
    refused(await fencepost(['run', mp, '--model', round]), 'include each other more than 30 deep');
  });

  it('where each file includes another one twice', async () => {
    for (let i = 0; i < 40; i++) file(`bomb/${i}.cat`, `include "${i + 1}.cat"\ninclude "${i + 1}.cat"\n`);
    file('bomb/40.cat', 'let a = po\n');
    const bomb = file('bomb/bomb.cat', `"bomb"\ninclude "0.cat"\n${order}`);
    const { code, out } = await fencepost(['run', mp, '--model', bomb]);
    expect(out).toContain('bomb.cat  Unknown  (limit: the model includes more than 1000 files)');
    expect(code).toBe(3);
  });

  it('where each configuration names another one twice', async () => {
    for (let i = 0; i < 40; i++) file(`bomb/${i}.cfg`, `conf ${i + 1}.cfg\nconf ${i + 1}.cfg\n`);
    file('bomb/40.cfg', 'unroll 2\n');
    const conf = join(folder, 'bomb', '0.cfg');
    refused(
      await fencepost(['run', mp, '--conf', conf]),
      'there are more than 100 configurations to be read',
    );
  });

  it('where configurations name each other by links', async () => {
    const conf = file('repo/c.cfg', 'conf d.cfg\n');
    symlinkSync('c.cfg', join(folder, 'repo', 'd.cfg'));
    refused(await fencepost(['run', mp, '--conf', conf]), '`d.cfg` includes itself');
  });
});

describe('what a configuration may name', () => {
  it.each(['model', 'bell', 'macros', 'conf'])('is no %s elsewhere', async (key) => {
    for (const value of ['../private/secret', secret, 'link.cat']) {
      const conf = file('repo/own.cfg', `${key} ${value}\n`);
      const message = `own.cfg:1:${key.length + 2}: error: \`${value}\` is outside of the folders`;
      refused(await fencepost(['run', mp, '--conf', conf]), message);
    }
  });

  it('is no folder elsewhere', async () => {
    for (const value of ['..', '../private', join(folder, 'private'), 'away']) {
      const conf = file('repo/own.cfg', `include ${value}\nmodel secret\n`);
      refused(await fencepost(['run', mp, '--conf', conf]), `\`${value}\` is outside of the folders`);
    }
  });

  it('is below it', async () => {
    file('repo/models/own.cat', `"own"\n${order}`);
    const conf = file('repo/own.cfg', 'include models\nmodel own.cat\n');
    expect((await fencepost(['run', mp, '--conf', conf])).out).toContain('own.cat  Never');
  });
});

describe('what a folder of tests has in it', () => {
  it('is not what its links lead to elsewhere', async () => {
    mkdirSync(join(folder, 'tests'));
    file('tests/a.litmus', mpText('a'));
    symlinkSync(secret, join(folder, 'tests', 'b.litmus'));
    symlinkSync(join(folder, 'private'), join(folder, 'tests', 'c'));
    symlinkSync('a.litmus', join(folder, 'tests', 'd.litmus'));
    for (const given of [join(folder, 'tests'), join(folder, 'tests', '*.litmus')]) {
      const answer = await fencepost(['run', given, '--model', 'sc']);
      refused(answer, 'b.litmus: this link leads out of what is asked for');
      expect(answer.out.match(/^a: exists/gm)?.length).toBe(2);
    }
    // What the command line itself names is the user's word.
    const named = await fencepost(['run', join(folder, 'tests', 'b.litmus')]);
    expect(named.err).toContain(SECRET);
  });
});

describe('what a test is called', () => {
  const names = [
    '../../up',
    '/etc/fencepost',
    '..',
    'con',
    'NUL.x',
    '.hidden',
    `${'long'.repeat(80)}`,
    'a|b;c',
    '-rf',
  ];

  it('is no way out of the output folder', async () => {
    const out = join(folder, 'pictures', 'here');
    const path = join(folder, 'pictures', 'there');
    for (const name of names) {
      const test = file('names/t.litmus', mpText(name));
      const drawn = await fencepost(['run', test, '--model', 'sc', '--graph', out]);
      expect([name, drawn.code, drawn.err]).toEqual([name, 0, expect.stringContaining('wrote ')]);
      const text = await fencepost(['report', test, '--model', 'sc', '--out', path]);
      // There is no script for a page without a build.
      expect(text.code).not.toBe(0);
    }
    expect(readdirSync(join(folder, 'pictures'))).toEqual(['here']);
    const files = readdirSync(out);
    expect(files.length).toBe(2 * names.length);
    for (const name of files) {
      expect(name).toMatch(/^[A-Za-z0-9_+][A-Za-z0-9._+-]*\.(svg|dot)$/);
      expect(name.length).toBeLessThan(200);
      expect(name).not.toMatch(/^(con|nul)\./i);
    }
    rmSync(join(folder, 'pictures'), { recursive: true });
  });

  it('is told apart from what would have the same file', async () => {
    const cleaned = [
      'a/b',
      'a|b',
      'a-b',
      'a:b',
      'A-b',
      `${'x'.repeat(200)}1`,
      `${'x'.repeat(200)}2`,
      '',
      '/',
      '..',
    ];
    expect(new Set(cleaned.map(fileNameFor)).size).toBe(cleaned.length);
    expect(fileNameFor('MP+wmb+rmb.lkmm')).toBe('MP+wmb+rmb.lkmm');
  });

  it('is numbered where another test has the same file', async () => {
    const tests = ['same', 'same', 'SAME'].map((name, at) => file(`same/${at}.litmus`, mpText(name)));
    const out = join(folder, 'same', 'out');
    await fencepost(['run', ...tests, '--model', 'sc', '--graph', out]);
    const stems = readdirSync(out).map((name) => name.replace(/\.sc\.(svg|dot)$/, ''));
    expect([...new Set(stems)].sort()).toEqual(['SAME.3', 'same', 'same.2']);
  });
});

describe('a link in the output folder', () => {
  it('is replaced, not followed', async () => {
    const victim = file('private/victim', 'as it was\n');
    mkdirSync(join(folder, 'linked'));
    const link = join(folder, 'linked', 'mp.sc.dot');
    symlinkSync(victim, link);
    const { code } = await fencepost(['run', mp, '--model', 'sc', '--graph', join(folder, 'linked')]);
    expect(code).toBe(0);
    expect(readFileSync(victim, 'utf8')).toBe('as it was\n');
    expect(lstatSync(link).isSymbolicLink()).toBe(false);
    expect(readFileSync(link, 'utf8')).toContain('digraph');
  });

  it('that the user names is followed', async () => {
    const target = file('private/target.md', 'old\n');
    const link = join(folder, 'proof.md');
    symlinkSync(target, link);
    const args = ['prove', mp, '--model', 'lkmm', '--expect', 'sometimes', '-o', link];
    expect((await fencepost(args)).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toContain('# mp under lkmm');
  });
});
