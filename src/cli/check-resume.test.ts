/** `fencepost check` with reports for files: they are whole, and a check that was killed is gone on with. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testBuild } from './test-build.js';
import { journalled, type Kill, killsAt, runProcess } from './test-process.js';
import { fencepost } from './test-terminal.js';
import { endlessTest, storeBuffering } from './test-texts.js';

const build = testBuild();
const { root } = build;

const sb = (expected: string, value = 1) => storeBuffering(`(* Result(sc): ${expected} *)`, value);

const COUNT = 24;

/** A folder of tests, every third of which is not as expected, with a baseline. */
async function folder(name: string): Promise<string> {
  const path = join(root, name);
  mkdirSync(path);
  for (let i = 0; i < COUNT; i++)
    writeFileSync(join(path, `t${10 + i}.litmus`), sb(i % 3 === 0 ? 'Sometimes' : 'Never'));
  await fencepost(['baseline', path, ...usual(path)]);
  return path;
}

const last = (path: string) => join(path, `t${9 + COUNT}.litmus`);

/** What no check comes to the end of, in place of the last test: so that the others are done, and it can be killed. */
function block(path: string): void {
  writeFileSync(last(path), endlessTest());
}

function unblock(path: string): void {
  writeFileSync(last(path), sb('Never'));
}

const usual = (path: string) => ['--no-config', '--model', 'sc', '--baseline', join(path, 'b')];
const report = (path: string) => join(path, 'report.json');

/** `check`, with a report for people on standard output and one in a file. */
const check = (path: string, ...more: readonly string[]) => [
  'check',
  path,
  ...usual(path),
  '--reporter',
  'human',
  '--reporter',
  `json=${report(path)}`,
  ...more,
];

const run = (path: string, ...more: readonly string[]) => runProcess([build.main, ...check(path, ...more)]);

function kill(path: string, when: Kill, ...more: readonly string[]) {
  return runProcess([build.main, ...check(path, ...more)], when, report(path));
}

function timeless(text: string): string {
  return text.replace(/"seconds": ?[\d.e-]+/g, '"seconds":0');
}

const read = (path: string) => readFileSync(path, 'utf8');
const goingOn = (done: number) => `going on: ${done} of ${COUNT} tests are done\n`;

describe('check --resume', () => {
  it('needs a report for a file', async () => {
    const path = await folder('needs');
    const none = await fencepost(['check', path, ...usual(path), '--resume']);
    expect(none).toMatchObject({ code: 2, out: '' });
    expect(none.err).toContain('give its --reporter NAME=FILE');
    const device = await fencepost([
      'check',
      path,
      ...usual(path),
      '--reporter',
      'json=/dev/null',
      '--resume',
    ]);
    expect(device.err).toContain('give its --reporter NAME=FILE');
    const watch = await fencepost(['check', path, '--watch', '--resume']);
    expect(watch.err).toContain('--watch begins anew at every change');
  });

  it('is of no use where nothing was begun or all is done', async () => {
    const path = await folder('nothing');
    const whole = await fencepost(check(path));
    expect(whole).toMatchObject({ code: 1, err: '' });
    expect(existsSync(`${report(path)}.journal`)).toBe(false);
    const again = await fencepost(check(path, '--resume'));
    expect(again).toEqual({ ...whole, err: goingOn(0) });
    expect(existsSync(`${report(path)}.journal`)).toBe(false);
  });

  it('does what is left, what has changed, and what is expected of something else', async () => {
    const path = await folder('rest');
    block(path);
    const { code } = await kill(path, { results: 11 }, '--jobs', '1');
    expect(code).toBeNull();
    unblock(path);
    expect(existsSync(report(path))).toBe(false);
    const done = journalled(report(path)).length;
    writeFileSync(join(path, 't10.litmus'), sb('Never', 2));
    // the fifth test is expected to end otherwise; no other line of the baseline moves
    const baseline = read(join(path, 'b')).split('\n');
    const at = baseline.indexOf('t14.litmus');
    baseline[at + 1] = '  sc: Always';
    writeFileSync(join(path, 'b'), baseline.join('\n'));
    const resumed = await run(path, '--resume');
    expect(resumed.err).toBe(goingOn(done - 2));
    const text = read(report(path));
    const whole = await run(path);
    expect([resumed.code, resumed.out]).toEqual([whole.code, whole.out]);
    expect(whole.out).toContain('was Always, is Never under sc');
    expect(timeless(text)).toBe(timeless(read(report(path))));
  });

  it('takes no journal of other options, and nothing from one that is not as we write it', async () => {
    const path = await folder('other');
    block(path);
    await kill(path, { results: 7 }, '--jobs', '1');
    unblock(path);
    const strict = await run(path, '--resume', '--require-expectations');
    expect(strict.code).toBe(2);
    expect(strict.err).toContain('this is the journal of a run with other options');
    const results = journalled(report(path));
    const forged = results[2]!.replace(/"status":"\w+"/, '"status":"fine"');
    expect(forged).not.toBe(results[2]);
    const journal = `${report(path)}.journal`;
    writeFileSync(
      journal,
      read(journal).replace(results[2]!, () => forged),
    );
    const resumed = await run(path, '--resume');
    expect(resumed.err).toBe(goingOn(results.length - 1));
    expect(resumed.code).toBe(1);
  });

  it('says before it checks anything that a file cannot be written', async () => {
    const path = await folder('place');
    const { code, out, err } = await fencepost([...check(path), '--reporter', `tap=${path}`]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('place: cannot be written: this is a folder');
    expect(existsSync(`${report(path)}.journal`)).toBe(false);
  });

  it('goes on after an interrupt, which leaves the old report', async () => {
    const path = await folder('interrupted');
    writeFileSync(report(path), '"old"');
    block(path);
    const ended = await runProcess(
      [build.main, ...check(path, '--jobs', '1')],
      { results: 3 },
      report(path),
      'SIGINT',
    );
    expect(ended.code).toBe(130);
    expect(ended.out).toMatch(/interrupted/);
    const journal = `${report(path)}.journal`;
    expect(ended.err.replace(/^( {2}at work: .*\n)*/, '')).toBe(
      `${report(path)} is not written; what is done is in ${journal}: go on with --resume\n`,
    );
    expect(read(report(path))).toBe('"old"');
    unblock(path);
    expect((await run(path, '--resume')).code).toBe(1);
    const text = read(report(path));
    await run(path);
    expect(timeless(text)).toBe(timeless(read(report(path))));
  });

  it('after kills at any points gives the reports of a check that was not killed', async () => {
    const path = await folder('killed');
    writeFileSync(join(path, 'broken.litmus'), 'C broken\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n');
    const whole = await run(path);
    const text = timeless(read(report(path)));
    for (const kills of killsAt(COUNT, 7)) {
      writeFileSync(report(path), '"old"');
      for (const each of kills) {
        const { seen } = await kill(path, each, '--resume', '--jobs', '2');
        for (const state of seen) expect(['"old"', text]).toContain(timeless(state));
      }
      const { code, out } = await run(path, '--resume', '--jobs', '2');
      expect([code, out]).toEqual([whole.code, whole.out]);
      expect(timeless(read(report(path)))).toBe(text);
      expect(existsSync(`${report(path)}.journal`)).toBe(false);
    }
  });
});
