/** `fencepost diff` of many tests: worker threads, limits. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testBuild } from './test-build.js';
import { fencepost } from './test-terminal.js';

const build = testBuild();
const { root } = build;

function folder(name: string, texts: readonly string[]): string {
  const path = join(root, name);
  mkdirSync(path);
  for (const [i, text] of texts.entries()) writeFileSync(join(path, `${i}.litmus`), text);
  return path;
}

const sb = (name: string, barrier: string): string =>
  `C ${name}\n{}\nP0(int *x, int *y) { WRITE_ONCE(*x, 1); ${barrier} int r0 = READ_ONCE(*y); }\nP1(int *x, int *y) { WRITE_ONCE(*y, 1); smp_mb(); int r0 = READ_ONCE(*x); }\nexists (0:r0=0 /\\ 1:r0=0)\n`;

it('does in worker threads what it does in one', async () => {
  const before = folder(
    'before',
    Array.from({ length: 9 }, (_, i) => sb(`t${i}`, 'smp_mb();')),
  );
  const after = folder(
    'after',
    Array.from({ length: 9 }, (_, i) => sb(`t${i}`, i === 7 ? 'smp_wmb();' : 'smp_mb(); ;')),
  );
  const args = ['diff', before, after, '--model', 'x86,sc'];
  const many = await fencepost(args, undefined, build.worker);
  expect(many).toEqual(await fencepost(args));
  expect(many.out).toContain('smp_mb() became smp_wmb()');
  expect(many.out).toMatch(/\n9 tests: 1 differs and 8 are alike\n$/);
  expect(many.code).toBe(1);
  const models = ['diff', '--model', 'sc', '--model', 'x86', before, after, '--format', 'json'];
  expect(await fencepost(models, undefined, build.worker)).toEqual(await fencepost(models));
});

it('leaves open what a limit ends', async () => {
  const thread = (i: number): string =>
    `P${i}(int *x, int *y) { WRITE_ONCE(*x, ${i + 1}); int r0 = READ_ONCE(*y); WRITE_ONCE(*y, ${i + 1}); int r1 = READ_ONCE(*x); }\n`;
  const endless = `C endless\n{}\n${Array.from({ length: 9 }, (_, i) => thread(i)).join('')}exists (0:r0=0 /\\ 8:r1=77)\n`;
  const tests = folder('limit', [...Array.from({ length: 8 }, (_, i) => sb(`t${i}`, '')), endless]);
  const args = ['diff', '--model', 'sc', '--model', 'x86', tests, '--timeout', '0.5'];
  const { out, code } = await fencepost(args, undefined, build.worker);
  expect(out).toMatch(/not known \(limit: time limit\)/);
  expect(out).toMatch(/\n9 tests: 8 differ, 0 are alike and 1 not decided\n$/);
  expect(code).toBe(1);
});
