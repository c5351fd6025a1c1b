/** `fencepost mutate --output`: the report is whole, and a run that was killed is gone on with. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testBuild } from './test-build.js';
import { journalled, type Kill, killsAt, runProcess } from './test-process.js';
import { fencepost } from './test-terminal.js';
import { endlessTest } from './test-texts.js';

const build = testBuild();
const { root } = build;

/** Store buffering; with `smp_wmb()`, which is no help, the test is as expected all the same. */
const sb = (barrier: 'smp_mb' | 'smp_wmb', result: string) => `C sb
(* Result(x86): ${result} *)
{}
// left()
P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); ${barrier}(); r0 = READ_ONCE(*y); }
// right()
P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`;

const COUNT = 16;

function folder(name: string): string {
  const path = join(root, name);
  mkdirSync(path);
  for (let i = 0; i < COUNT; i++)
    writeFileSync(
      join(path, `t${10 + i}.litmus`),
      i % 3 === 0 ? sb('smp_wmb', 'Sometimes') : sb('smp_mb', 'Never'),
    );
  return path;
}

const last = (path: string) => join(path, `t${9 + COUNT}.litmus`);

/** What does not come to an end, in place of the last test: so that the others are done, and the run can be killed. */
function block(path: string): void {
  // a race is looked for among all executions
  writeFileSync(last(path), endlessTest('(* Result(x86): Never DATARACE *)', 'smp_mb();'));
}

function unblock(path: string): void {
  writeFileSync(last(path), sb('smp_mb', 'Never'));
}

const report = (path: string) => join(path, 'report');
const usual = ['--no-config', '--model', 'x86', '--all'];
const mutate = (path: string, ...more: readonly string[]) => [
  'mutate',
  path,
  ...usual,
  '--output',
  report(path),
  ...more,
];
const run = (path: string, ...more: readonly string[]) => runProcess([build.main, ...mutate(path, ...more)]);

function kill(path: string, when: Kill, ...more: readonly string[]) {
  return runProcess([build.main, ...mutate(path, ...more)], when, report(path));
}

const read = (path: string) => readFileSync(path, 'utf8');
const goingOn = (done: number) => `going on: ${done} of ${COUNT} files are done\n`;

describe('mutate --output', () => {
  it.each(['text', 'json'])('has the report that would be printed: %s', async (format) => {
    const path = folder(format);
    writeFileSync(join(path, 'broken.litmus'), 'C broken\n{}\nP0(int *x) { smp_mbb(); }\nexists (x=1)\n');
    const printed = await fencepost(['mutate', path, ...usual, '--format', format]);
    expect(printed.out).not.toBe('');
    expect(await fencepost(mutate(path, '--format', format))).toEqual({ ...printed, out: '' });
    expect(read(report(path))).toBe(printed.out);
    expect(existsSync(`${report(path)}.journal`)).toBe(false);
  });

  it('must be a file to go on with', async () => {
    const path = folder('needs');
    expect((await fencepost(['mutate', path, '--resume'])).err).toContain('give its --output');
    const device = await fencepost(['mutate', path, '--resume', '--output', '/dev/null']);
    expect(device.err).toContain('--resume needs a file; /dev/null is none');
    const { code, err } = await fencepost(['mutate', path, ...usual, '--output', path]);
    expect(code).toBe(2);
    expect(err).toContain('needs: cannot be written: this is a folder');
    expect(existsSync(`${path}.journal`)).toBe(false);
  });
});

describe('mutate --resume', () => {
  it('does what is left, what has changed, and what the baseline says something else of', async () => {
    const path = folder('rest');
    const baseline = join(path, 'b');
    await fencepost(['baseline', path, '--no-config', '--model', 'x86', '--baseline', baseline]);
    const with_ = ['--baseline', baseline, '--jobs', '1'];
    block(path);
    const { code } = await kill(path, { results: 5 }, ...with_);
    expect(code).toBeNull();
    unblock(path);
    expect(existsSync(report(path))).toBe(false);
    const done = journalled(report(path)).length;
    writeFileSync(join(path, 't10.litmus'), sb('smp_wmb', 'Never'));
    // the second test is expected to end otherwise; no other line of the baseline moves
    const lines = read(baseline).split('\n');
    lines[lines.indexOf('t11.litmus') + 1] = '  x86: Always';
    writeFileSync(baseline, lines.join('\n'));
    const resumed = await run(path, ...with_, '--resume');
    expect(resumed.err).toBe(goingOn(done - 2));
    const text = read(report(path));
    expect(text).toMatch(/Not as expected as they stand[\s\S]*t10\.litmus[\s\S]*t11\.litmus/);
    const whole = await run(path, ...with_);
    expect([resumed.code, text]).toEqual([whole.code, read(report(path))]);
  });

  it('is free to write another report, but not to ask for something else', async () => {
    const path = folder('other');
    block(path);
    await kill(path, { results: 5 }, '--jobs', '1');
    unblock(path);
    const plain = await run(path, '--resume', '--plain');
    expect(plain.code).toBe(2);
    expect(plain.err).toContain('this is the journal of a run with other options');
    const results = journalled(report(path));
    const forged = results[1]!.replace('"kind":"noticed"', '"kind":"seen"');
    expect(forged).not.toBe(results[1]);
    const journal = `${report(path)}.journal`;
    writeFileSync(
      journal,
      read(journal).replace(results[1]!, () => forged),
    );
    const resumed = await run(path, '--resume', '--format', 'json');
    expect(resumed.err).toBe(goingOn(results.length - 1));
    const text = read(report(path));
    await run(path, '--format', 'json');
    expect(text).toBe(read(report(path)));
  });

  it('goes on after an interrupt, which leaves the old report', async () => {
    const path = folder('interrupted');
    writeFileSync(report(path), 'old');
    block(path);
    const command = [build.main, ...mutate(path, '--jobs', '1')];
    const ended = await runProcess(command, { results: 3 }, report(path), 'SIGINT');
    expect(ended).toMatchObject({ code: 130, out: '' });
    expect(ended.err).toMatch(
      /^interrupted, with \d+ of 16 files open\n( {2}at work: .*\n)*.*report is not written; .*: go on with --resume\n$/,
    );
    expect(read(report(path))).toBe('old');
    unblock(path);
    expect((await run(path, '--resume')).err).toMatch(/^going on: \d+ of 16 files are done\n$/);
    const text = read(report(path));
    await run(path);
    expect(text).toBe(read(report(path)));
  });

  it('after kills at any points gives the report of a run that was not killed', async () => {
    const path = folder('killed');
    writeFileSync(join(path, 'broken.litmus'), 'C broken\n{}\nP0(int *x) { smp_mbb(); }\nexists (x=1)\n');
    const whole = await run(path);
    const text = read(report(path));
    for (const kills of killsAt(COUNT, 11)) {
      writeFileSync(report(path), 'old');
      for (const each of kills) {
        const { seen } = await kill(path, each, '--resume', '--jobs', '2');
        for (const state of seen) expect(['old', text]).toContain(state);
      }
      const { code, err } = await run(path, '--resume', '--jobs', '2');
      expect([code, err.replace(/^going on.*\n/, '')]).toEqual([whole.code, whole.err]);
      expect(read(report(path))).toBe(text);
      expect(existsSync(`${report(path)}.journal`)).toBe(false);
    }
  });
});
