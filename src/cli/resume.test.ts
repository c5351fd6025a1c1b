/** `fencepost run --output` and `--resume`: reports are whole, and runs that are killed are gone on with. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testBuild } from './test-build.js';
import { type Ended, journalled, type Kill, killsAt, runProcess } from './test-process.js';
import { fencepost } from './test-terminal.js';
import { endlessTest } from './test-texts.js';

const build = testBuild();
const { root } = build;

const sb = (name: string) => `C ${name}

{}

P0(int *x, int *y)
{
	int r0;

	WRITE_ONCE(*x, 1);
	r0 = READ_ONCE(*y);
}

P1(int *x, int *y)
{
	int r0;

	WRITE_ONCE(*y, 1);
	r0 = READ_ONCE(*x);
}

exists (0:r0=0 /\\ 1:r0=0)
`;

function folder(name: string, files: number): string {
  const path = join(root, name);
  mkdirSync(path);
  for (let i = 0; i < files; i++) writeFileSync(join(path, `t${i}.litmus`), sb(`t${i}`));
  return path;
}

/** The last test, which no run comes to the end of until it is unblocked: so that the others are done, and it can be killed. */
const last = (path: string) => join(path, 'z.litmus');

function block(path: string): void {
  writeFileSync(last(path), endlessTest());
}

function unblock(path: string): void {
  writeFileSync(last(path), sb('z'));
}

/** What is the same in two runs. */
function timeless(text: string): string {
  return text.replace(/"seconds": [\d.e-]+/g, '"seconds": n').replace(/^Time (\S+) .*$/gm, 'Time $1');
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

describe('--output', () => {
  it.each(['table', 'herd', 'json'])('has the report that would be printed: %s', async (format) => {
    const tests = folder(`some-${format}`, 3);
    writeFileSync(
      join(tests, 'broken.litmus'),
      'C broken\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n',
    );
    const report = join(root, `report-${format}`, 'report');
    const args = ['run', tests, '--model', 'sc', '--format', format];
    const printed = await fencepost(args);
    const { code, out, err } = await fencepost([...args, '--output', report]);
    expect({ code, out, err }).toEqual({ code: printed.code, out: '', err: printed.err });
    expect(timeless(read(report))).toBe(timeless(printed.out));
    expect(readdirSync(join(root, `report-${format}`))).toEqual(['report']);
  });

  it('may be standard output by its other name', async () => {
    const tests = folder('device', 1);
    expect(await fencepost(['run', tests, '--model', 'sc', '--output', '/dev/null'])).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    const full = await fencepost(['run', tests, '--model', 'sc', '--output', '/dev/full']);
    expect(full).toEqual({
      code: 2,
      out: '',
      err: expect.stringContaining('/dev/full: cannot be written: the disk is full'),
    });
  });

  it('that cannot be written is said before anything is run', async () => {
    const tests = folder('blocked', 1);
    writeFileSync(join(root, 'file'), '');
    const { code, err } = await fencepost([
      'run',
      tests,
      '--model',
      'sc',
      '--output',
      join(root, 'file', 'r'),
    ]);
    expect(code).toBe(2);
    expect(err).toContain('cannot be written: a part of the path is no folder');
  });

  it('refuses a folder before anything is run', async () => {
    const tests = folder('place', 2);
    const { code, err } = await fencepost(['run', tests, '--model', 'sc', '--output', tests]);
    expect(code).toBe(2);
    expect(err).toContain('place: cannot be written: this is a folder');
    expect(existsSync(`${tests}.journal`)).toBe(false);
  });

  it('of merge is whole, too', async () => {
    const tests = folder('sharded', 3);
    const shard = (part: string) => join(root, `shard-${part[0]}.json`);
    const args = ['run', tests, '--model', 'sc', '--format', 'json'];
    for (const part of ['1/2', '2/2']) await fencepost([...args, '--shard', part, '--output', shard(part)]);
    const merged = join(root, 'merged.json');
    expect(await fencepost(['merge', shard('1/2'), shard('2/2'), '--output', merged])).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    expect(timeless(read(merged))).toBe(timeless((await fencepost(args)).out));
  });
});

const OLD = 'the old report\n';

/** Runs in a process of its own, and kills it. */
async function runKilled(args: readonly string[], report: string, kill: Kill): Promise<Ended> {
  const { seen, ...ended } = await runProcess([build.main, ...args, '--output', report], kill, report);
  // At any moment the report is the old one or the new one.
  for (const text of seen) if (text !== OLD) expect(() => JSON.parse(text)).not.toThrow();
  return ended;
}

/** In a process of its own: a journal is of one build of the program. */
function resume(args: readonly string[], report: string): Promise<Ended> {
  return runProcess([build.main, ...args, '--output', report, '--resume']);
}

const run = (tests: string, ...more: readonly string[]) => [
  'run',
  tests,
  '--model',
  'sc',
  '--format',
  'json',
  ...more,
];

describe('--resume', () => {
  it('needs the file that the run writes to', async () => {
    const tests = folder('needs', 1);
    const { code, err } = await fencepost(['run', tests, '--resume']);
    expect(code).toBe(2);
    expect(err).toContain('--resume goes on with a run that writes to a file');
    const device = await fencepost(['run', tests, '--resume', '--output', '/dev/null']);
    expect(device.err).toContain('--resume needs a file');
  });

  it('begins at the beginning where nothing was begun', async () => {
    const tests = folder('nothing', 2);
    const report = join(root, 'nothing.json');
    const { code, err } = await fencepost([...run(tests), '--output', report, '--resume']);
    expect({ code, err }).toEqual({ code: 0, err: 'going on: 0 of 2 files are done\n' });
    expect(existsSync(`${report}.journal`)).toBe(false);
  });

  it('does the rest only, and what has changed', async () => {
    const tests = folder('rest', 29);
    const report = join(root, 'rest.json');
    block(tests);
    const { code } = await runKilled(run(tests, '--jobs', '1'), report, { results: 8 });
    expect(code).toBeNull();
    unblock(tests);
    expect(existsSync(report)).toBe(false);
    const done = journalled(report).length;
    expect(done).toBeGreaterThanOrEqual(8);
    // The journal has t0, t1, t10 and so on, in this order.
    writeFileSync(join(tests, 't0.litmus'), sb('changed'));
    writeFileSync(join(tests, 't30.litmus'), sb('added'));
    rmSync(join(tests, 't1.litmus'));
    const { err } = await resume(run(tests), report);
    expect(err).toBe(`going on: ${done - 2} of 30 files are done\n`);
    expect(timeless(read(report))).toBe(timeless((await fencepost(run(tests))).out));
  });

  it('refuses the journal of another run, and a run without it begins anew', async () => {
    const tests = folder('other', 5);
    const report = join(root, 'other.json');
    block(tests);
    await runKilled(run(tests), report, { results: 4 });
    unblock(tests);
    const journal = read(`${report}.journal`);
    const other = await resume(run(tests, '--unroll', '3'), report);
    expect(other.code).toBe(2);
    expect(other.err).toContain(
      `${report}.journal: this is the journal of a run with other options, models or version: --unroll not given, now 3 [`,
    );
    expect(read(`${report}.journal`)).toBe(journal);
    const anew = await fencepost([...run(tests, '--unroll', '3'), '--output', report]);
    expect({ code: anew.code, err: anew.err }).toEqual({ code: 0, err: '' });
    expect(existsSync(`${report}.journal`)).toBe(false);
  });

  it('refuses the journal of another build of the same version', async () => {
    const tests = folder('build', 5);
    const report = join(root, 'build.json');
    block(tests);
    await runKilled(run(tests), report, { results: 4 });
    unblock(tests);
    const rebuilt = join(root, 'rebuilt');
    cpSync(dirname(build.main), rebuilt, { recursive: true });
    appendFileSync(join(rebuilt, basename(build.bundle)), '\n// rebuilt\n');
    const other = join(rebuilt, basename(build.main));
    const ended = await runProcess([other, ...run(tests), '--output', report, '--resume']);
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/other options, models or version: build [0-9a-f]{8}, now [0-9a-f]{8} \[/);
    expect((await resume(run(tests), report)).code).toBe(0);
  });

  it('notices that a model file, or one that it includes, has changed', async () => {
    const tests = folder('model', 5);
    block(tests);
    const report = join(root, 'model.json');
    const cat = join(root, 'mine.cat');
    writeFileSync(cat, '"mine"\ninclude "part.cat"\n');
    writeFileSync(join(root, 'part.cat'), 'acyclic po | rf as one\n');
    const args = ['run', tests, '--model', cat, '--format', 'json'];
    await runKilled(args, report, { results: 4 });
    unblock(tests);
    writeFileSync(join(root, 'part.cat'), 'acyclic po | rf as two\n');
    expect((await resume(args, report)).code).toBe(2);
    writeFileSync(join(root, 'part.cat'), 'acyclic po | rf as one\n');
    expect((await resume(args, report)).code).toBe(0);
  });

  it('takes nothing of a journal that is not as this program writes it', async () => {
    const tests = folder('forged', 1);
    const report = join(root, 'forged.json');
    block(tests);
    await runKilled(run(tests), report, { results: 1 });
    unblock(tests);
    const [head = ''] = read(`${report}.journal`).split('\n');
    const [first = '{}'] = journalled(report);
    const { key } = JSON.parse(first) as { readonly key: string };
    writeFileSync(`${report}.journal`, `${head}\n${JSON.stringify({ key, result: { out: 7, code: 0 } })}\n`);
    const { err } = await resume(run(tests), report);
    expect(err).toBe('going on: 0 of 2 files are done\n');
    expect(timeless(read(report))).toBe(timeless((await fencepost(run(tests))).out));
  });

  it.each([1, 2, 3, 4])('goes on after an interrupt, too: %s results', async (results) => {
    const tests = folder(`interrupted-${results}`, 5);
    const report = join(root, `interrupted-${results}.json`);
    writeFileSync(report, OLD);
    block(tests);
    const args = [build.main, ...run(tests, '--jobs', '1'), '--output', report];
    const { code, err } = await runProcess(args, { results }, report, 'SIGINT');
    expect(code).toBe(130);
    expect(err).toMatch(
      /^interrupted, with \d+ of 6 files open\n( {2}at work: .*\n)*.* is not written; .*: go on with --resume\n$/,
    );
    expect(read(report)).toBe(OLD);
    unblock(tests);
    await resume(run(tests), report);
    expect(timeless(read(report))).toBe(timeless((await fencepost(run(tests))).out));
  });

  it('after kills at any points gives the report of a run that was not killed', async () => {
    const tests = folder('killed', 40);
    writeFileSync(
      join(tests, 'broken.litmus'),
      'C broken\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n',
    );
    const whole = await fencepost(run(tests));
    for (const [at, kills] of killsAt(41, 7, 4).entries()) {
      const report = join(root, `killed-${at}.json`);
      writeFileSync(report, OLD);
      for (const each of kills) {
        const { code } = await runKilled(run(tests, '--jobs', '2', '--resume'), report, each);
        if (code === null && read(report) !== OLD) expect(timeless(read(report))).toBe(timeless(whole.out));
      }
      const { code } = await runKilled(run(tests, '--jobs', '2', '--resume'), report, { results: 999 });
      expect(code).toBe(whole.code);
      expect(timeless(read(report))).toBe(timeless(whole.out));
      expect(existsSync(`${report}.journal`)).toBe(false);
    }
  });
});
