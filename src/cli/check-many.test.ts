/** `fencepost check` and `fencepost baseline` with worker threads, limits and interrupts, on a build of the command. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testBuild } from './test-build.js';
import { type Kill, runProcess } from './test-process.js';
import { fencepost, plainTerminal } from './test-terminal.js';
import { endlessTest, storeBuffering } from './test-texts.js';

const build = testBuild();
const { root, write } = build;

const many = join(root, 'many');
for (let i = 0; i < 9; i++)
  write(`many/t${i}.litmus`, storeBuffering(`(* Result(sc): ${i % 3 === 0 ? 'Always' : 'Never'} *)`));
write('many/broken.litmus', 'C broken\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n');
write('long/a.litmus', storeBuffering('(* Result(sc): Never *)'));
write('long/b.litmus', endlessTest('(* Result(sc): Never *)'));
write('long/c.litmus', storeBuffering('(* Result(sc): Sometimes *)'));
const long = join(root, 'long');

const withWorkers = (args: readonly string[]) => fencepost(args, plainTerminal, build.worker);
const sc = ['--no-config', '--model', 'sc'];

describe('many tests', () => {
  it('are reported the same with any number of threads', async () => {
    const args = ['check', many, ...sc];
    const alone = await fencepost(args);
    expect(alone).toMatchObject({ code: 2, err: '' });
    expect(alone.out).toContain('10 tests: 6 as expected, 3 different, 1 cannot be read or judged');
    for (const jobs of ['1', '3']) expect(await withWorkers([...args, '--jobs', jobs])).toEqual(alone);
  });

  it('go on where one comes to a limit', async () => {
    const { code, out } = await withWorkers(['check', long, ...sc, '--timeout', '1', '--jobs', '2']);
    expect(code).toBe(1);
    expect(out).toMatch(
      /expected Never, undecided under sc: time limit[\s\S]*expected Sometimes, found Never/,
    );
    expect(out).toContain('3 tests: 1 as expected, 1 different, 1 undecided within the limits');
  });

  it('are recorded but for those that come to a limit', async () => {
    const baseline = join(root, 'limits.baseline');
    const args = [long, ...sc, '--baseline', baseline, '--timeout', '1'];
    const { code, err } = await withWorkers(['baseline', ...args]);
    expect(code).toBe(3);
    expect(err).toContain(
      'b.litmus: not all outcomes are known under sc (time limit): nothing is recorded but that',
    );
    const checked = await withWorkers(['check', ...args]);
    // its comment alone is left open
    expect(checked.out.match(/undecided|not all outcomes/g)).toEqual(['undecided', 'undecided']);
  });
});

function interrupt(args: readonly string[], when: Kill) {
  return runProcess([build.main, ...args], when, '', 'SIGINT');
}

describe('an interrupt', () => {
  it('of a check prints what is done, and how many tests are open', async () => {
    const ended = await interrupt(['check', long, ...sc, '--reporter', 'json', '--jobs', '2'], {
      shown: /a\.litmus/,
    });
    expect(ended.code).toBe(130);
    expect(JSON.parse(ended.out)).toMatchObject({ exitCode: 130 });
    expect(ended.err).toMatch(/^ {2}at work: \S+b\.litmus.*\n/);
    const { open, tests } = JSON.parse(ended.out) as { open: number; tests: readonly object[] };
    expect([open, tests.length]).toSatisfy(([left, done]: number[]) => left! >= 1 && left! + done! === 3);
  });

  it('of a recording writes nothing', async () => {
    const baseline = join(root, 'none.baseline');
    const ended = await interrupt(['baseline', long, ...sc, '--baseline', baseline, '--jobs', '2'], {
      cpuMs: 2000,
    });
    expect(ended.code).toBe(130);
    expect(ended.err).toMatch(/^interrupted: nothing is written\n( {2}at work: \S+[abc]\.litmus.*\n)+$/);
    expect(existsSync(baseline)).toBe(false);
  });

  it('ends watching', async () => {
    const ended = await interrupt(['check', many, ...sc, '--watch'], { shown: /watching; Ctrl-C or q ends/ });
    expect(ended).toMatchObject({ code: 2, err: '' });
  });
});
