import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expandInputs } from './expand-inputs.js';
import { STANDARD_INPUT } from './read-source.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
mkdirSync(join(folder, 'none'));
for (const name of ['b.litmus', 'a.litmus', 'notes.txt', 'deep/er/c.litmus', 'a[1].litmus'])
  writeFileSync(join(folder, name), '');

async function expand(...given: string[]) {
  const { paths, diagnostics } = await expandInputs(
    given.map((name) => (name === STANDARD_INPUT ? name : join(folder, name))),
  );
  const short = paths.map((path) => path.replace(`${folder}/`, ''));
  return { paths: short, codes: diagnostics.map((d) => d.code) };
}

describe('file arguments', () => {
  it.each<[string[], string[], string[]]>([
    [['b.litmus', 'a.litmus'], ['b.litmus', 'a.litmus'], []],
    [[STANDARD_INPUT], [STANDARD_INPUT], []],
    [['.'], ['a.litmus', 'a[1].litmus', 'b.litmus', 'deep/er/c.litmus'], []],
    [['deep', 'a.litmus', 'deep/er/c.litmus'], ['deep/er/c.litmus', 'a.litmus'], []],
    [['?.litmus'], ['a.litmus', 'b.litmus'], []],
    [['**/*.litmus'], ['a.litmus', 'a[1].litmus', 'b.litmus', 'deep/er/c.litmus'], []],
    // A file of that very name is no pattern.
    [['a[1].litmus'], ['a[1].litmus'], []],
    // Reading it says that it is not there.
    [['missing.litmus'], ['missing.litmus'], []],
    [['none', 'b.litmus', '*.c'], ['b.litmus'], ['no-tests', 'no-tests']],
  ])('%j', async (given, paths, codes) => {
    expect(await expand(...given)).toEqual({ paths, codes });
  });

  it('are one file, however it is spelt', async () => {
    const spelt = `${folder}/deep/../a.litmus`;
    expect((await expandInputs([spelt, join(folder, 'a.litmus'), `${folder}/./a.litmus`])).paths).toEqual([
      spelt,
    ]);
  });

  it('are not what is installed below, unless that is named', async () => {
    const names = [
      'mine.litmus',
      'node_modules/dep/d.litmus',
      'a/node_modules/dep/e.litmus',
      '.git/f.litmus',
    ];
    for (const name of names.map((each) => join(folder, 'package', each))) {
      mkdirSync(dirname(name), { recursive: true });
      writeFileSync(name, '');
    }
    expect((await expand('package')).paths).toEqual(['package/mine.litmus']);
    expect((await expand('package/**/*.litmus')).paths).toEqual(['package/mine.litmus']);
    expect((await expand('package/node_modules')).paths).toEqual(['package/node_modules/dep/d.litmus']);
    expect((await expand('package/a/node_modules/**/*.litmus')).paths).toEqual([
      'package/a/node_modules/dep/e.litmus',
    ]);
    expect((await expand('package/.git/*.litmus')).paths).toEqual(['package/.git/f.litmus']);
    rmSync(join(folder, 'package'), { recursive: true });
  });

  it('are below the folder that a pattern begins with, whatever it is called', async () => {
    for (const name of ['drafts[2]/mine.litmus', 'drafts[2]/node_modules/d.litmus', 'other/e.litmus']) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), '');
    }
    symlinkSync('../other/e.litmus', join(folder, 'drafts[2]', 'out.litmus'));
    const found = { paths: ['drafts[2]/mine.litmus'], codes: ['outside'] };
    expect(await expand('drafts[2]/**/*.litmus')).toEqual(found);
    expect(await expand('drafts\\[2\\]/**/*.litmus')).toEqual(found);
    for (const name of ['drafts[2]', 'other']) rmSync(join(folder, name), { recursive: true });
  });

  it('go through links, but not in a circle', async () => {
    mkdirSync(join(folder, 'linked', 'inner'), { recursive: true });
    writeFileSync(join(folder, 'linked', 'inner', 'd.litmus'), '');
    symlinkSync('..', join(folder, 'linked', 'inner', 'up'));
    symlinkSync('inner/d.litmus', join(folder, 'linked', 'e.litmus'));
    symlinkSync('nowhere', join(folder, 'linked', 'lost.litmus'));
    const { paths } = await expand('linked');
    expect(paths).toEqual(['linked/e.litmus', 'linked/inner/d.litmus', 'linked/lost.litmus']);
    rmSync(join(folder, 'linked'), { recursive: true });
  });
});
