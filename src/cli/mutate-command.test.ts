/** `fencepost mutate` as a shell runs it. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencepost } from './test-terminal.js';

const litmus = (path: string): string =>
  fileURLToPath(new URL(`../../litmus/${path}.litmus`, import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fencepost-mutate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy in a folder of its own, with changes. */
function copy(path: string, name: string, change: (text: string) => string = (text) => text): string {
  const to = join(folder, `${name}.litmus`);
  copyFileSync(litmus(path), to);
  writeFileSync(to, change(readFileSync(to, 'utf8')));
  return to;
}

describe('fencepost mutate', () => {
  it('names what no test guards, and ends with 1', async () => {
    const race = litmus('blocked-on-vs-state/race');
    const { code, out, err } = await fencepost(['mutate', race]);
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain('Unguarded: no expectation notices if these are weakened\n');
    expect(out).toContain(`  ${race}:35 P0 smp_mb()\n`);
    expect(out).toContain('Tests that notice nothing:');
  });

  it('counts what another test of the set guards', async () => {
    const { code, out } = await fencepost(['mutate', litmus('ttwu-vs-schedule/sleep-wake')]);
    expect([code, out]).toEqual([
      0,
      'Models that notice nothing: sc\n\n3 of 3 weakenings noticed (100 %). 3 barriers in 1 test: 3 guarded.\n',
    ]);
    const alone = litmus('ttwu-vs-schedule/sleeper-without-mb');
    expect((await fencepost(['mutate', alone])).code).toBe(1);
    const together = await fencepost([
      'mutate',
      alone,
      litmus('ttwu-vs-schedule/sleep-wake'),
      '--format',
      'json',
    ]);
    expect(together.code).toBe(0);
    expect(JSON.parse(together.out)).toMatchObject({
      summary: { tests: 2, barriers: { unguarded: 0, inPart: 0 } },
    });
  });

  it('looks at the models that it is told to', async () => {
    const { code, out } = await fencepost([
      'mutate',
      litmus('ttwu-vs-schedule/sleep-wake'),
      '--model',
      'x86',
    ]);
    expect(code).toBe(1);
    expect(out).toContain('removed: Never under x86, as expected');
    expect((await fencepost(['mutate', litmus('ttwu-vs-schedule/sleep-wake'), '--model', 'x87'])).code).toBe(
      2,
    );
  });

  it('lists everything with --all', async () => {
    const { out } = await fencepost(['mutate', litmus('ttwu-vs-schedule/sleep-wake'), '--all']);
    expect(out).toContain('  P1:43 smp_mb__after_spinlock() removed: noticed\n');
    expect(out).toContain('    Sometimes under lkmm and arm64, Never under x86 and sc\n');
  });

  it('ends with 1 if a test is not as expected to begin with, or declares what is not so', async () => {
    const wrong = copy('ttwu-vs-schedule/sleep-wake', 'wrong', (text) =>
      text.replace('Result: Never', 'Result: Sometimes'),
    );
    const failing = await fencepost(['mutate', wrong]);
    expect(failing.code).toBe(1);
    expect(failing.out).toContain('Not as expected as they stand');
    const said = copy('ttwu-vs-schedule/sleep-wake', 'said', (text) =>
      text.replace(
        ' * Result: Never',
        ' * Unguarded: P0 set_current_state(TASK_INTERRUPTIBLE): not so\n *\n * Result: Never',
      ),
    );
    const stale = await fencepost(['mutate', said]);
    expect(stale.code).toBe(1);
    expect(stale.out).toContain('not true any more');
  });

  it('takes the word of the project file and of the baseline', async () => {
    const alone = copy('ttwu-vs-schedule/sleep-wake', 'project', (text) =>
      text.replace(/ \* Result.*\n/g, ''),
    );
    const config = join(folder, 'c.json');
    const write = (more: object): void => writeFileSync(config, JSON.stringify({ tests: alone, ...more }));
    write({ models: 'lkmm' });
    const nothing = await fencepost(['mutate', '--config', config]);
    expect([nothing.code, nothing.err]).toEqual([1, '']);
    expect(nothing.out).toContain('(expects nothing)');
    write({ models: 'lkmm', expectations: { 'project.litmus': 'Never' } });
    const expected = await fencepost(['mutate', '--config', config]);
    expect([expected.code, expected.out]).toEqual([
      0,
      '3 of 3 weakenings noticed (100 %). 3 barriers in 1 test: 3 guarded.\n',
    ]);
    write({ models: 'lkmm' });
    const baseline = ['--config', config, '--baseline', join(folder, 'b')];
    await fencepost(['baseline', ...baseline]);
    expect((await fencepost(['mutate', ...baseline])).code).toBe(0);
    write({ models: 'lkmm', expectations: { 'project.litmus': { lkm: 'Never' }, 'gone.litmus': 'Never' } });
    const mistaken = await fencepost(['mutate', '--config', config]);
    expect(mistaken.code).toBe(2);
    expect(mistaken.err).toMatch(/c\.json:1:\d+: unknown model `lkm`[\s\S]*no test fits `gone\.litmus`/);
    expect(mistaken.out).toContain('Unguarded:');
  });

  it('warns of a declaration of nothing', async () => {
    const said = copy('ttwu-vs-schedule/sleep-wake', 'typo', (text) =>
      text.replace(' * Result: Never', ' * Unguarded: P0 smp_mb(): typo\n *\n * Result: Never'),
    );
    const { code, err } = await fencepost(['mutate', said]);
    expect(code).toBe(0);
    expect(err).toContain('warning: P0 has no barrier, lock or ordered access `smp_mb()`');
  });

  it('ends with 2 for bad input, and says what became of the rest', async () => {
    const broken = copy('ttwu-vs-schedule/sleep-wake', 'broken', (text) =>
      text.replace('READ_ONCE', 'READ_ONC'),
    );
    const { code, out, err } = await fencepost(['mutate', broken, litmus('ttwu-vs-schedule/sleep-wake')]);
    expect(code).toBe(2);
    expect(err).toContain('READ_ONC');
    expect(out).toContain('3 barriers in 1 test');
    expect((await fencepost(['mutate', join(folder, 'no-such-test.litmus')])).code).toBe(2);
  });

  it('ends with 3 if a limit leaves something open', async () => {
    const { code, out } = await fencepost([
      'mutate',
      litmus('ttwu-vs-schedule/sleep-wake'),
      '--timeout',
      '0.000001',
    ]);
    expect(code).toBe(3);
    expect(out).toContain('Not known, as a limit was hit:');
    expect(out).not.toContain('Unguarded:');
  });
});
