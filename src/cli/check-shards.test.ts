/** A check in parts, as several machines run it: by GNU parallel over litmus/, joined by `merge`, compared with one run. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'junit2json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCommand } from './test-build.js';
import { fencepost } from './test-terminal.js';

const { main } = testCommand;

const project = fileURLToPath(new URL('../../', import.meta.url));
const hasParallel = (process.env.PATH ?? '').split(delimiter).some((at) => existsSync(join(at, 'parallel')));
const isAbsent = !hasParallel && process.env.FENCEPOST_NEEDS_PARALLEL !== '1';
if (isAbsent) console.warn('skipped: there is no GNU parallel');

interface Report {
  readonly tests: readonly { readonly file: string; readonly status: string }[];
  readonly exitCode: number;
}

/** Without what differs from one run to the next. */
function withoutTimes(text: string): Report {
  return JSON.parse(text, (key, value: unknown) => (key === 'seconds' ? 0 : value)) as Report;
}

describe.skipIf(isAbsent)('a check of litmus/ in three parts', () => {
  const root = mkdtempSync(join(tmpdir(), 'fencepost-shards-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const at = (name: string) => join(root, name);
  function run(command: string, ...args: readonly string[]) {
    const env = { PATH: process.env.PATH ?? '', HOME: root };
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: project,
      env,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    return { code: status, out: stdout, err: stderr };
  }
  const all = ['check', '--no-config', '--no-baseline', 'litmus'];

  beforeAll(() => {
    const part = ['--shard', '{}/3', '--reporter', `json=${at('part-{}.json')}`];
    const jobs = run(
      'parallel',
      '--jobs',
      '2',
      process.execPath,
      main,
      ...all,
      ...part,
      ':::',
      '1',
      '2',
      '3',
    );
    expect(jobs).toMatchObject({ code: 0, out: '' });
  });

  const parts = () => readdirSync(root).flatMap((name) => (/^part-\d\.json$/.test(name) ? [at(name)] : []));

  it('is what one run says', async () => {
    const whole = run(process.execPath, main, ...all, '--reporter', 'json');
    const merged = await fencepost(['merge', ...parts()]);
    expect(withoutTimes(merged.out)).toEqual(withoutTimes(whole.out));
    expect([merged.code, merged.err]).toEqual([whole.code, whole.err]);
    const { tests, exitCode } = withoutTimes(whole.out);
    expect(tests.length).toBe(
      readdirSync(join(project, 'litmus'), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.litmus'),
      ).length,
    );
    expect(exitCode).toBe(0);
  });

  it('can be read in any format', async () => {
    const reporters = ['--reporter', 'human', '--reporter', `junit=${at('all.xml')}`];
    const { code, out } = await fencepost(['merge', ...parts(), ...reporters]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^\d+ tests: \d+ as expected\n$/)]);
    const report = await parse(readFileSync(at('all.xml'), 'utf8'));
    expect(report).toMatchObject({ failures: 0, errors: 0 });
  });

  it('is the worst of its parts', async () => {
    const part = JSON.parse(readFileSync(at('part-2.json'), 'utf8')) as Record<string, unknown>;
    writeFileSync(at('worse.json'), JSON.stringify({ ...part, exitCode: 3 }));
    const { code } = await fencepost(['merge', at('part-1.json'), at('worse.json'), at('part-3.json')]);
    expect(code).toBe(3);
  });

  it('is refused where a part is missing, doubled, interrupted or of another run', async () => {
    const [one, two, three] = parts() as [string, string, string];
    const changed = (change: object): string => {
      const part = JSON.parse(readFileSync(two, 'utf8')) as Record<string, unknown>;
      writeFileSync(at('changed.json'), JSON.stringify({ ...part, ...change }));
      return at('changed.json');
    };
    const said = async (...reports: readonly string[]) => {
      const { code, err } = await fencepost(['merge', ...reports]);
      expect(code).toBe(2);
      return err.replaceAll(root, '').trimEnd();
    };
    expect(await said(one, three)).toBe('error: the report of shard 2/3 is missing [shard-missing]');
    expect(await said(one, two, two, three)).toBe(
      'error: shard 2/3 is there 2 times: /part-2.json, /part-2.json [shard-doubled]',
    );
    expect(await said(one, changed({ open: 4 }), three)).toBe(
      'error: /changed.json: the check of shard 2/3 was interrupted: 4 tests are open [not-a-shard]\n  hint: run it again',
    );
    expect(await said(one, changed({ run: 'x' }), three)).toMatch(/are of different runs/);
    expect(await said(one, changed({ version: '9.9.9' }), three)).toMatch(
      /are of different versions of fencepost: .*9\.9\.9/,
    );
    expect(await said(one, changed({ tests: [{}] }), three)).toMatch(
      /not the report of a check: tests\[0\]\.file: /,
    );
    expect(await said(one, changed({ format: 'other' }), three)).toMatch(
      /not the report of a check, which others are/,
    );
  });
});
