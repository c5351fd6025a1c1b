/** `fencepost diff` with logs in which names come twice, or other questions are asked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fencepost } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-diff-logs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const mp = (barrier: string, condition = '1:r0=1 /\\ 1:r1=0'): string =>
  `C mp\n{}\nP0(int *x, int *y) { WRITE_ONCE(*x, 1); ${barrier} WRITE_ONCE(*y, 1); }\nP1(int *x, int *y) { int r0 = READ_ONCE(*y); smp_rmb(); int r1 = READ_ONCE(*x); }\nexists (${condition})\n`;

async function logOf(name: string, ...tests: readonly string[]): Promise<string> {
  return file(name, (await fencepost(['run', ...tests, '--format', 'herd'])).out);
}

const [strong, weak] = [file('strong.litmus', mp('smp_wmb();')), file('weak.litmus', mp(''))];

describe('two tests of one name', () => {
  it('are each compared with a log', async () => {
    const both = await logOf('both.log', strong, weak);
    const one = await logOf('one.log', strong);
    expect((await fencepost(['diff', strong, weak, both])).code).toBe(0);
    const { out, code } = await fencepost(['diff', strong, weak, one]);
    expect(out).toContain('mp (2): only in fencepost');
    expect(code).toBe(1);
    expect((await fencepost(['diff', both, one])).code).toBe(1);
  });
});

describe('a log that asks something else', () => {
  it('is told of, also where the outcomes are the same', async () => {
    const other = await logOf('other.log', file('other.litmus', mp('smp_wmb();', '1:r0=1 /\\ 1:r1=2')));
    const { out, code } = await fencepost(['diff', strong, other]);
    expect(out).toContain('mp\n  they ask different things: exists (1:r0=1 /\\ 1:r1=0) before, exists');
    expect(code).toBe(1);
  });
});
