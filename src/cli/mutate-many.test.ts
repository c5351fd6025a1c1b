/** `fencepost mutate` with worker threads, limits and interrupts, on a build of the command. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testBuild } from './test-build.js';
import { runProcess } from './test-process.js';
import { fencepost, plainTerminal } from './test-terminal.js';

const build = testBuild();
const { root, write } = build;

/** Two threads add to a counter under a lock, which sc notices if it goes. */
function counters(name: string): string {
  const code = (i: number) =>
    `// ${name}()\nP${i}(int *x, spinlock_t *l) { int r0; spin_lock(l); r0 = READ_ONCE(*x); WRITE_ONCE(*x, r0 + 1); spin_unlock(l); }\n`;
  return `C counters\n(* Result(sc): Never *)\n{}\n${code(0)}\n${code(1)}\nexists (x=1)\n`;
}

/** Threads that all write to x and y and read what they can: executions without number. The first does so under a lock. */
function endless(): string {
  const code = (i: number) => {
    const body = `WRITE_ONCE(*x, ${i + 1}); r0 = READ_ONCE(*y); WRITE_ONCE(*y, ${i + 1}); r1 = READ_ONCE(*x);`;
    const locked = i === 0 ? `spin_lock(l); ${body} spin_unlock(l);` : body;
    return `// g()\nP${i}(int *x, int *y, spinlock_t *l) { int r0; int r1; ${locked} }\n`;
  };
  const threads = Array.from({ length: 9 }, (_, i) => code(i));
  const early = threads.map((_, i) => `${i}:r0=0`).join(' /\\ ');
  return `C endless\n(* Result(sc): Never *)\n{}\n${threads.join('\n')}\nexists (${early} /\\ 0:r1=1 /\\ 1:r1=2)\n`;
}

for (let i = 0; i < 6; i++) write(`many/t${i}.litmus`, counters(`f${i}`));
write('many/u.litmus', counters('g').replace('spin_lock(l);', '').replace('spin_unlock(l);', ''));
write('many/v.litmus', 'C broken\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n');
write('long/a.litmus', counters('f'));
write('long/b.litmus', endless());
write('long/c.litmus', counters('h'));

const withWorkers = (args: readonly string[]) => fencepost(args, plainTerminal, build.worker);
const sc = ['--no-config', '--model', 'sc'];

describe('many tests', () => {
  it('are reported the same with any number of threads', async () => {
    const args = ['mutate', join(root, 'many'), ...sc];
    const alone = await fencepost(args);
    expect(alone.code).toBe(2);
    expect(alone.out).toContain('u.litmus: Sometimes under sc');
    expect(alone.out).toContain('12 of 12 weakenings noticed (100 %). 12 barriers in 7 tests: 12 guarded.\n');
    for (const jobs of ['1', '3']) expect(await withWorkers([...args, '--jobs', jobs])).toEqual(alone);
  });

  it('are not known where one comes to a limit', async () => {
    const args = ['mutate', join(root, 'long'), ...sc, '--timeout', '1', '--jobs', '2'];
    const { code, out } = await withWorkers(args);
    expect(code).toBe(3);
    expect(out).toMatch(/b\.litmus:\d+ P0 spin_lock\(l\)\n {4}removed: sc: time limit/);
    expect(out).toContain(
      '4 of 5 weakenings noticed (80 %). 5 barriers in 3 tests: 4 guarded, 1 not known\nfor a limit.\n',
    );
  });
});

describe('an interrupt', () => {
  it('prints what is known, and that the rest is not', async () => {
    const args = [build.main, 'mutate', join(root, 'long'), ...sc, '--jobs', '1'];
    const { code, out, err } = await runProcess(args, { cpuMs: 2500 }, '', 'SIGINT');
    expect(code).toBe(130);
    expect(err).toMatch(/interrupted, with [23] of 3 files open\n {2}at work: \S+[ab]\.litmus.*\n$/);
    expect(out).not.toContain('Unguarded');
  });
});
