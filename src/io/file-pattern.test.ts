import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesMatching, splitPattern, wouldMatch } from './file-pattern.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'fencepost-pattern-')));
afterAll(() => rmSync(root, { recursive: true }));

const files = [
  'a.litmus',
  'deep/b.litmus',
  'deep/er/c.litmus',
  '[x]/d.litmus',
  '[x]/new (2)/e.litmus',
  'x/f.litmus',
  'node_modules/g.litmus',
];
for (const name of files) {
  mkdirSync(join(root, dirname(name)), { recursive: true });
  writeFileSync(join(root, name), '');
}
symlinkSync('deep', join(root, 'link'));

describe('a pattern', () => {
  it.each<[string, string, string]>([
    ['*.litmus', '.', '*.litmus'],
    ['a/b/*.litmus', 'a/b', '*.litmus'],
    ['../a/**/b/*.litmus', '../a', '**/b/*.litmus'],
    ['/*.litmus', '/', '*.litmus'],
    ['/a/?/b', '/a', '?/b'],
    ['a/{b/c,d}.litmus', 'a', '{b/c,d}.litmus'],
    // there is no such folder
    ['a[1]/*.litmus', '.', 'a[1]/*.litmus'],
    ['a\\[1\\]/b\\(2/*.litmus', 'a[1]/b(2', '*.litmus'],
    [`${root}/[x]/*.litmus`, `${root}/[x]`, '*.litmus'],
    [`${root}/[x]/new (2)/*.litmus`, `${root}/[x]/new (2)`, '*.litmus'],
    [`${root}/[xy]/*.litmus`, root, '[xy]/*.litmus'],
  ])('%s begins with %s', (pattern, folder, rest) => {
    expect(splitPattern(pattern)).toEqual({ folder, rest });
  });

  const cases: readonly (readonly [pattern: string, found: string])[] = [
    ['*.litmus', 'a.litmus'],
    ['deep/*.litmus', 'deep/b.litmus'],
    ['deep/**/*.litmus', 'deep/b.litmus deep/er/c.litmus'],
    ['{a,deep/b,z}.litmus', 'a.litmus deep/b.litmus'],
    ['[x]/*.litmus', '[x]/d.litmus'],
    ['\\[x\\]/**/*.litmus', '[x]/d.litmus [x]/new (2)/e.litmus'],
    ['[x]/new (2)/*.litmus', '[x]/new (2)/e.litmus'],
    ['[xy]/*.litmus', 'x/f.litmus'],
    ['node_modules/*.litmus', 'node_modules/g.litmus'],
    ['none/*.litmus', ''],
  ];

  it.each(cases)('%s matches %s', async (pattern, found) => {
    const paths = await filesMatching(`${root}/${pattern}`);
    expect(paths.map((path) => path.slice(root.length + 1)).join(' ')).toBe(found);
  });

  it.each(cases)('%s would match %s, if they were there', async (pattern, found) => {
    const paths = files.map((name) => join(root, name));
    const matched = await wouldMatch(`${root}/${pattern}`, paths);
    expect([...matched].map((path) => path.slice(root.length + 1)).join(' ')).toBe(found);
  });

  it('would match what is gone, by whatever links lead to its folder, and nothing elsewhere', async () => {
    const gone = ['deep/gone.litmus', 'deep/gone/too.litmus', 'x/gone.litmus'].map((name) =>
      join(root, name),
    );
    const below = (pattern: string) => wouldMatch(`${root}/${pattern}`, gone);
    expect([...(await below('link/*.litmus'))]).toEqual([gone[0]]);
    expect(await below('**/*.litmus')).toEqual(new Set(gone));
    expect([...(await below('deep/*.txt'))]).toEqual([]);
  });
});
