/** `fencepost check` and `fencepost baseline` with worker threads, limits and interrupts, on a build of the command. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildTestCommand } from '../../test-command.mjs';
import { packModel } from '../model/packed-model.js';
import { loadShippedModel } from '../model/shipped.js';
import { fencepost, plainTerminal } from './test-terminal.js';

const root = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(root, { recursive: true }));

let main = '';
let worker: URL | null = null;

beforeAll(async () => {
  ({ main, worker } = await buildTestCommand(root, [['sc', packModel(loadShippedModel('sc'))]]));
}, 60_000);

function write(folder: string, name: string, text: string): void {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, name), text);
}

const sb = (comment: string) => `C sb
(* ${comment} *)
{}
P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); }
P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`;

/** Threads that all write to x and y and read what they can: executions without number. */
function endless(): string {
  const code = (i: number) =>
    `P${i}(int *x, int *y) { int r0; int r1; WRITE_ONCE(*x, ${i + 1}); r0 = READ_ONCE(*y); WRITE_ONCE(*y, ${i + 1}); r1 = READ_ONCE(*x); }`;
  const threads = Array.from({ length: 9 }, (_, i) => code(i));
  // all have written x when the first writes y, so that no two can read different values of x at the end
  const early = threads.map((_, i) => `${i}:r0=0`).join(' /\\ ');
  return `C endless\n(* Result(sc): Never *)\n{}\n${threads.join('\n')}\nexists (${early} /\\ 0:r1=1 /\\ 1:r1=2)\n`;
}

const many = join(root, 'many');
for (let i = 0; i < 9; i++)
  write('many', `t${i}.litmus`, sb(i % 3 === 0 ? 'Result(sc): Always' : 'Result(sc): Never'));
write('many', 'broken.litmus', 'C broken\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n');
write('long', 'a.litmus', sb('Result(sc): Never'));
write('long', 'b.litmus', endless());
write('long', 'c.litmus', sb('Result(sc): Sometimes'));
const long = join(root, 'long');

const withWorkers = (args: readonly string[]) => fencepost(args, plainTerminal, worker);
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

describe('an interrupt', () => {
  function interrupt(args: readonly string[], when: RegExp | number) {
    return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.execPath, [main, ...args]);
      onTestFinished(() => void child.kill('SIGKILL'));
      let [out, err, sent] = ['', '', false];
      const send = (): void => {
        if (!sent) child.kill('SIGINT');
        sent = true;
      };
      if (typeof when === 'number') setTimeout(send, when);
      child.stdout.on('data', (part: Buffer) => {
        out += part.toString();
        if (typeof when !== 'number' && when.test(out)) send();
      });
      child.stderr.on('data', (part: Buffer) => {
        err += part.toString();
      });
      child.on('close', (code) => resolve({ code, out, err }));
    });
  }

  it('of a check prints what is done, and how many tests are open', async () => {
    const ended = await interrupt(['check', long, ...sc, '--reporter', 'json', '--jobs', '2'], /a\.litmus/);
    expect(ended.code).toBe(130);
    expect(JSON.parse(ended.out)).toMatchObject({ exitCode: 130 });
    const { open, tests } = JSON.parse(ended.out) as { open: number; tests: readonly object[] };
    expect([open, tests.length]).toSatisfy(([left, done]: number[]) => left! >= 1 && left! + done! === 3);
  });

  it('of a recording writes nothing', async () => {
    const baseline = join(root, 'none.baseline');
    const ended = await interrupt(['baseline', long, ...sc, '--baseline', baseline, '--jobs', '2'], 4000);
    expect(ended).toMatchObject({ code: 130, err: 'interrupted: nothing is written\n' });
    expect(existsSync(baseline)).toBe(false);
  });

  it('ends watching', async () => {
    const ended = await interrupt(['check', many, ...sc, '--watch'], /watching; Ctrl-C or q ends/);
    expect(ended).toMatchObject({ code: 2, err: '' });
  });
});
