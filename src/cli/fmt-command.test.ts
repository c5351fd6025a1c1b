import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { fencepost } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const tidy = `C t

{ x = 1; }

P0(int *x)
{
	WRITE_ONCE(*x, 2); // why
}

exists (x=2)
`;
const untidy = 'C t\n\n{x=1;}\nP0(int *x) { WRITE_ONCE(*x,2); // why\n}\nexists(x=2)\n';

describe('fencepost fmt', () => {
  it('prints', async () => {
    const path = file('untidy.litmus', untidy);
    expect(await fencepost(['fmt', path])).toEqual({ code: 0, out: tidy, err: '' });
    expect(readFileSync(path, 'utf8')).toBe(untidy);
  });

  it('checks', async () => {
    const good = file('good.litmus', tidy);
    const bad = file('bad.litmus', untidy);
    expect(await fencepost(['fmt', '--check', good])).toEqual({ code: 0, out: '', err: '' });
    expect(await fencepost(['fmt', '--check', good, bad])).toEqual({
      code: 1,
      out: `${bad}: not formatted\n`,
      err: '',
    });
    expect(readFileSync(bad, 'utf8')).toBe(untidy);
  });

  it('writes what it changes', async () => {
    const good = file('good.litmus', tidy);
    const bad = file('bad.litmus', untidy);
    expect(await fencepost(['fmt', '--write', good, bad])).toEqual({
      code: 0,
      out: '',
      err: `formatted ${bad}\n`,
    });
    expect(readFileSync(bad, 'utf8')).toBe(tidy);
  });

  it('writes nothing that it cannot print without loss', async () => {
    const text = 'C t\n{}\nP0(int *x) { switch (*x) { case 1 ... 2: f(); } }\nexists (x=1)\n';
    const path = file('lossy.litmus', text);
    const { code, out, err } = await fencepost(['fmt', '--write', path]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('lossy.litmus: cannot be formatted: `f` would be lost');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('goes on after a file that is no test', async () => {
    const broken = file('broken.litmus', 'C t\n{}\nP0(int *x) { x = ; }\nexists (x=1)\n');
    const good = file('good.litmus', tidy);
    const { code, out, err } = await fencepost(['fmt', broken, good]);
    expect({ code, out }).toEqual({ code: 2, out: tidy });
    expect(err).toContain('broken.litmus:3:');
  });

  it('reads standard input, and does not write it', async () => {
    const input = vi.spyOn(process, 'stdin', 'get');
    input.mockImplementation(() => Readable.from([Buffer.from(untidy)]) as typeof process.stdin);
    expect(await fencepost(['fmt', '-'])).toEqual({ code: 0, out: tidy, err: '' });
    const { code, err } = await fencepost(['fmt', '-', '--write']);
    input.mockRestore();
    expect(code).toBe(2);
    expect(err).toContain('standard input cannot be written back');
  });

  it('does one or the other', async () => {
    const { code, err } = await fencepost(['fmt', '--check', '--write', 'x.litmus']);
    expect(code).toBe(2);
    expect(err).toContain('--check and --write exclude each other');
  });
});
