/** What a project file that is found by itself may not name, and who may. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadProject } from './load-project.js';
import { insideOnly, outsideBaseline } from './project-reach.js';

const start = process.cwd();
let root = '';

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'fencepost-')));
  for (const folder of ['repo/.git', 'repo/sub/deeper', 'repo/litmus', 'outside'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'outside/secret.txt'), 'secret\n');
  symlinkSync('../outside', join(root, 'repo/away'));
  symlinkSync('../outside/none', join(root, 'repo/nothing'));
  process.chdir(join(root, 'repo/sub'));
});
afterEach(() => {
  process.chdir(start);
  rmSync(root, { recursive: true });
});

async function refused(config: object): Promise<string[]> {
  writeFileSync('fencepost.config.json', JSON.stringify(config));
  const { diagnostics } = insideOnly(await loadProject(null));
  return diagnostics.map(({ code, message, span }) =>
    code === 'outside' && span !== null ? (/`(.*?)`/.exec(message)?.[1] ?? '') : message,
  );
}

describe('a project file that is found by itself', () => {
  it.each([
    [{ tests: '../../outside/secret.txt' }, '../../outside/secret.txt'],
    [{ tests: ['../litmus', '../../outside/*'] }, '../../outside/*'],
    [{ tests: '/*/*.litmus' }, '/*/*.litmus'],
    [{ tests: '../away' }, '../away'],
    [{ tests: '../away/*.litmus' }, '../away/*.litmus'],
    [{ tests: '../nothing' }, '../nothing'],
    [{ tests: '*/../../../outside/secret.txt' }, '*/../../../outside/secret.txt'],
    [{ exclude: '../../*' }, '../../*'],
    [{ include: ['/'] }, '/'],
    [{ models: ['lkmm', '../away/m.cat'] }, '../away/m.cat'],
    [{ conf: '../../outside/secret.txt' }, '../../outside/secret.txt'],
    [{ bell: '../away/secret.txt' }, '../away/secret.txt'],
    [{ macros: '/etc/passwd' }, '/etc/passwd'],
    [{ expectations: { '../../outside/secret.txt': 'Never' } }, '../../outside/secret.txt'],
  ])('names no files outside of its repository: %j', async (config, name) => {
    expect(await refused(config)).toEqual([name]);
  });

  it('names all that is within', async () => {
    const config = {
      tests: ['../litmus', '../**/*.litmus', '*.litmus', 'gone.litmus'],
      include: ['..', '.'],
      models: ['lkmm', '../m.cat'],
      bell: 'm.bell',
    };
    expect(await refused(config)).toEqual([]);
  });

  it('names none by way of its folders of included files', async () => {
    const config = { include: '.', bell: 'outside/secret.txt' };
    writeFileSync(join(root, 'repo/fencepost.config.json'), JSON.stringify(config));
    // from `sub` it is `../outside/secret.txt`, for which the folder of included files is searched
    const { diagnostics } = insideOnly(await loadProject(null));
    expect(diagnostics.map(({ code }) => code)).toEqual(['outside']);
  });

  it('has its baseline within', async () => {
    expect(await refused({ baseline: '../new.baseline' })).toEqual([]);
    const project = (await loadProject(null)).value!;
    expect(outsideBaseline(project, '../new.baseline')).toBeNull();
    for (const path of ['../../outside/evil.baseline', '../away/new/evil.baseline', '../nothing'])
      expect(outsideBaseline(project, path)).toMatchObject({ code: 'outside' });
  });
});
