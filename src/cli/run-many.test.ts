/** `fencepost run` with worker threads, limits, shards and interrupts, on a build of the command. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { JsonResult } from '../verdict/json-report.js';
import { testBuild } from './test-build.js';
import { type Kill, runProcess } from './test-process.js';
import { fencepost, plainTerminal } from './test-terminal.js';

const build = testBuild();
const { root, write } = build;

const sb = (name: string, comment = '') => `C ${name}
${comment}
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

/** Threads that all write to x and y and read what they can: executions without number. */
function endless(): string {
  const threads = Array.from(
    { length: 9 },
    (_, i) => `
P${i}(int *x, int *y)
{
	int r0;
	int r1;

	WRITE_ONCE(*x, ${i + 1});
	r0 = READ_ONCE(*y);
	WRITE_ONCE(*y, ${i + 1});
	r1 = READ_ONCE(*x);
}
`,
  );
  return `C endless\n\n{}\n${threads.join('')}\nexists (0:r0=1 /\\ 1:r1=77)\n`;
}

const many = join(root, 'many');
for (let i = 0; i < 26; i++) write(`many/t${i}.litmus`, sb(`t${i}`));
write('many/broken.litmus', 'C broken\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n');
write('many/empty.litmus', '');
write('many/wrong.litmus', sb('wrong', '\n(* Result(sc): Always *)\n'));
const long = write('long/endless.litmus', endless());
write('mixed/a.litmus', sb('a'));
write('mixed/b.litmus', endless());
write('mixed/c.litmus', sb('c'));

/** What is the same in two runs. */
function timeless(text: string): string {
  return text.replace(/"seconds": [\d.]+/g, '"seconds": n').replace(/^Time (\S+) .*$/gm, 'Time $1');
}

function parse(text: string): JsonResult[] {
  return JSON.parse(text) as JsonResult[];
}

const withWorkers = (args: readonly string[], like = plainTerminal) => fencepost(args, like, build.worker);

describe('many files', () => {
  it.each(['table', 'herd', 'json'])('print the same with any number of threads: %s', async (format) => {
    const args = ['run', many, '--model', 'sc', '--format', format];
    const alone = await fencepost(args);
    expect(alone.code).toBe(2);
    for (const jobs of ['1', '3']) {
      const { code, out, err } = await withWorkers([...args, '--jobs', jobs]);
      expect({ code, err }).toEqual({ code: alone.code, err: alone.err });
      expect(timeless(out)).toBe(timeless(alone.out));
    }
  });

  it('say once what a model says of itself', async () => {
    const model = write('models/odd.cat', '"odd"\nlet nothing = 0\n');
    const alone = await fencepost(['run', many, '--model', model]);
    const together = await withWorkers(['run', many, '--model', model, '--jobs', '2']);
    expect(together).toEqual(alone);
    expect(together.err.match(/the model checks nothing/g)).toHaveLength(1);
  });

  it('draw pictures', async () => {
    const out = join(root, 'pictures');
    const { code } = await withWorkers(['run', many, '--model', 'sc', '--graph', out, '--memory', '900']);
    expect(code).toBe(2);
    expect(readdirSync(out)).toContain('t7.sc.svg');
  });

  it('show how far they are, on a terminal only', async () => {
    const args = ['run', join(root, 'mixed'), '--model', 'sc', '--timeout', '2'];
    const shown = await withWorkers(args, { ...plainTerminal, interactive: true });
    const lines = shown.err.split('\r\u001b[K');
    expect(lines.some((line) => /^[12] of 3 done.*; \S*b\.litmus: sc \d s/.test(line))).toBe(true);
    expect(lines.at(-1)).toBe('');
    expect((await withWorkers(args)).err).toBe('');
  });
});

describe('standard input', () => {
  it('that is no text is refused in a worker, too', async () => {
    const file = join(root, 'mixed', 'a.litmus');
    const child = spawn(process.execPath, [build.main, 'run', '-', file, '--model', 'sc', '--memory', '900']);
    child.stdin.end('a\u0000b');
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
    });
    child.stderr.on('data', (part: Buffer) => {
      err += part.toString();
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(2);
    expect(err).toContain('<stdin>: binary data');
    expect(out).toContain('sc  Never');
  });
});

describe('limits', () => {
  it('end a long test in a thread of its own, with what it found', async () => {
    const within = async (seconds: number): Promise<JsonResult | undefined> => {
      const args = ['run', long, '--model', 'sc', '--timeout', String(seconds), '--format', 'json'];
      const { code, out } = await withWorkers(args);
      expect(code).toBe(3);
      const [found] = parse(out);
      // a busy machine may find nothing in so short a time
      return found?.states.length === 0 && seconds < 100 ? within(seconds * 2) : found;
    };
    const result = await within(1);
    // asked alone, it is known at once: no thread writes what the condition asks for
    expect(result).toMatchObject({ verdict: 'Never', limit: 'time limit' });
    expect(result?.states.length).toBeGreaterThan(0);
    expect(result?.candidates).toBeGreaterThan(0);
    expect(result?.explored).toBeGreaterThanOrEqual(0);
    expect(result?.explored).toBeLessThan(1);
  });

  it('of memory end a test, and the next one goes on', async () => {
    const args = ['run', join(root, 'mixed'), '--model', 'sc', '--memory', '1', '--format', 'json'];
    const { code, out } = await fencepost(args);
    expect(code).toBe(3);
    expect(parse(out).find(({ test }) => test === 'endless')).toMatchObject({ limit: 'memory limit 1 MB' });
  });

  it('that no search asks for are kept by the pool', async () => {
    // A worker that hangs under x86, and dies of one file.
    const script = write(
      'built/hangs.mjs',
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ index, job }) => {
         parentPort.postMessage({ kind: 'begin', part: null });
         const hangs = job.path.endsWith('b.litmus') && job.given.length === 0;
         if (hangs) parentPort.postMessage({ kind: 'begin', part: 'x86' });
         if (hangs || job.path.endsWith('c.litmus')) for (;;);
         const out = JSON.stringify({ file: job.path, given: job.given });
         parentPort.postMessage({ kind: 'result', index, result: { out, messages: [], code: 0, stopped: false } });
       });`,
    );
    const args = ['run', join(root, 'mixed'), '--format', 'json', '--timeout', '0.1', '--memory', '500'];
    const { code, out } = await fencepost(args, plainTerminal, pathToFileURL(script));
    expect(code).toBe(3);
    const file = (name: string) => join(root, 'mixed', `${name}.litmus`);
    expect(JSON.parse(out)).toMatchObject([
      { file: file('a'), given: [] },
      { file: file('b'), given: [['x86', 'time limit']] },
      { file: file('c'), test: null, verdict: 'Unknown', limit: 'time limit' },
    ]);
  });

  it('are refused where they are none', async () => {
    expect((await fencepost(['run', long, '--memory', 'much'])).err).toContain('--memory must be');
    expect((await fencepost(['run', long, '--jobs', '1.5'])).err).toContain('--jobs must be');
  });
});

describe('shards', () => {
  const args = ['run', many, '--model', 'sc', '--format', 'json'];
  const part = async (name: string, shard: string, ...more: string[]) =>
    write(`reports/${name}`, (await fencepost([...args, '--shard', shard, ...more])).out);

  it('merge to the report of a single run', async () => {
    const whole = await fencepost(args);
    const names = await Promise.all(['3/3', '1/3', '2/3'].map((shard, i) => part(`${i}.json`, shard)));
    const merged = await fencepost(['merge', ...names]);
    expect({ ...merged, out: timeless(merged.out) }).toEqual({ ...whole, out: timeless(whole.out), err: '' });
    const sizes = names.map(
      (name) => (JSON.parse(readFileSync(name, 'utf8')) as { results: [] }).results.length,
    );
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('may be empty', async () => {
    const file = join(many, 't1.litmus');
    const shards = ['1/2', '2/2'];
    const names: string[] = [];
    for (const shard of shards) {
      const { out } = await fencepost(['run', file, '--model', 'sc', '--format', 'json', '--shard', shard]);
      names.push(write(`reports/empty-${shard[0]}.json`, out));
    }
    const merged = await fencepost(['merge', ...names]);
    expect(merged.code).toBe(0);
    expect(parse(merged.out)).toMatchObject([{ file, verdict: 'Never' }]);
  });

  it('do not merge to less, or more', async () => {
    const one = await part('one.json', '1/2');
    const two = await part('two.json', '2/2');
    const other = await part('other.json', '2/2', '--mode', 'count');
    const test = join(many, 't1.litmus');
    const text = readFileSync(test, 'utf8');
    writeFileSync(test, `${text}\n`);
    const edited = await part('edited.json', '2/2');
    writeFileSync(test, text);
    const whole = write('reports/whole.json', (await fencepost(args)).out);
    const cut = write('reports/cut.json', readFileSync(two, 'utf8').replace('"open": 0', '"open": 3'));
    const refused: readonly [readonly string[], string][] = [
      [[one], 'the report of shard 2/2 is missing'],
      [[one, two, one], 'shard 1/2 is there 2 times'],
      [[one, other], 'are of different runs'],
      [[one, edited], 'are of different runs'],
      [[one, whole], 'a report of a whole run'],
      [[one, cut], 'shard 2/2 was interrupted: 3 files are open'],
      [[one, join(root, 'none.json')], 'none.json'],
      [[one, long], 'endless.litmus'],
    ];
    for (const [names, message] of refused) {
      const { code, out, err } = await fencepost(['merge', ...names]);
      expect(err).toContain(message);
      expect({ code, out }).toEqual({ code: 2, out: '' });
    }
  });

  it.each(['0/2', '3/2', '1', 'a/b', '1/0'])('%s is none', async (shard) => {
    const { code, err } = await fencepost([...args, '--shard', shard]);
    expect(code).toBe(2);
    expect(err).toContain('--shard must be');
  });
});

function interrupt(args: readonly string[], signal: NodeJS.Signals, when: Kill) {
  return runProcess([build.main, ...args], when, '', signal);
}

describe('an interrupt', () => {
  const mixed = ['run', join(root, 'mixed'), '--model', 'sc', '--memory', '3000', '--jobs', '2'];

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('prints what is done: %s', async (signal, code) => {
    const ended = await interrupt([...mixed, '--format', 'json'], signal, { shown: /a\.litmus/ });
    expect(ended.code).toBe(code);
    const tests = parse(ended.out).map(({ test }) => test);
    expect(tests[0]).toBe('a');
    expect(tests).not.toContain('endless');
    expect(ended.err).toMatch(
      /^interrupted, with [12] of 3 files open\n {2}at work: \S+b\.litmus.*\n(.*c\.litmus\n)?$/,
    );
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('before any worker is started prints what is done: %s', async (signal, code) => {
    const args = ['run', join(root, 'mixed'), '--model', 'sc', '--format', 'json'];
    const ended = await interrupt(args, signal, { shown: /a\.litmus/ });
    // On a busy machine the patience of this thread is over by then, and a worker has done one more.
    const tests = parse(ended.out).map(({ test }) => test);
    expect(tests[0]).toBe('a');
    expect(tests).not.toContain('endless');
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(
      /^interrupted, with [12] of 3 files open\n( {2}at work: \S+[bc]\.litmus.*\n)*$/,
    );
  });

  it('says in the report of a shard that it is not whole', async () => {
    const args = [...mixed, '--shard', '1/1', '--format', 'json'];
    const ended = await interrupt(args, 'SIGINT', { shown: /a\.litmus/ });
    const name = write('reports/stopped.json', ended.out);
    expect((await fencepost(['merge', name])).err).toContain('shard 1/1 was interrupted');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('of a test that has only begun leaves a report that can be read: %s', async (signal, code) => {
    // Before its search is moved to a worker, and so before it says anything.
    const args = ['run', long, '--model', 'sc', '--format', 'json'];
    const ended = await interrupt(args, signal, { cpuMs: 700 });
    // A signal that comes before the command is loaded has its usual effect.
    expect([code, null]).toContain(ended.code);
    if (ended.code !== null) expect(parse(ended.out).length).toBeLessThanOrEqual(1);
  });

  it('of a single test prints what it found', async () => {
    // A search has a second for its last words. One that has not said them by then is open, which a busy machine may bring about.
    let ended = await interrupt(['run', long, '--model', 'sc'], 'SIGINT', { cpuMs: 2500 });
    for (let again = 0; again < 20 && ended.out === ''; again++) {
      expect(ended).toMatchObject({ code: 130, err: 'interrupted, with 1 of 1 files open\n' });
      ended = await interrupt(['run', long, '--model', 'sc'], 'SIGINT', { cpuMs: 2500 });
    }
    expect(ended.code).toBe(130);
    expect(ended.out).toMatch(
      /sc {2}Unknown {2}\(limit: interrupted; .* searched, .* found (is|are) allowed\)\n/,
    );
  });
});
