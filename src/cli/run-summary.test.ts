/** The last line of `fencepost run`, where there is more than one file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fencepost } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, `${name}.litmus`);
  writeFileSync(path, text);
  return path;
}

const store = (name: string, comment: string) =>
  file(name, `C ${name}\n(*\n * ${comment}\n *)\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n`);

const met = store('met', 'Result: Always');
const alsoMet = store('also-met', 'Result(sc): Always');
const wrong = store('wrong', 'Result: Never');
const free = store('free', 'nothing is expected');
const alsoFree = store('also-free', 'nor here');
const broken = file('broken', 'C broken\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n');
const racy = file(
  'racy',
  'C racy\n(* Result: Always *)\n{}\nP0(int *x) { *x = 1; }\nP1(int *x) { int r0 = *x; }\nexists (x=1)\n',
);
const loop = 'P0(int *x) { int r0 = 0; while (r0 != 7) { r0 = READ_ONCE(*x); WRITE_ONCE(*x, r0 + 1); } }';
const cut = file('cut', `C cut\n(* Result: Never *)\n{}\n${loop}\nexists (x=9)\n`);

async function lastLine(...args: readonly string[]): Promise<string> {
  const { out } = await fencepost(['run', ...args, '--model', 'lkmm,sc']);
  return out.trimEnd().split('\n').at(-1)!;
}

describe('the last line of a run', () => {
  it.each([
    [[met, alsoMet], '2 tests: 2 as expected'],
    [[free, alsoFree, met], '3 tests: 1 as expected, 2 with nothing expected of them'],
    [[wrong, racy, met], '3 tests: 1 as expected, 2 different'],
    [[met, broken], '2 tests: 1 as expected, 1 cannot be read or judged'],
    [[cut, met], '2 tests: 1 as expected, 1 undecided within the limits'],
    [
      [met, wrong, cut, broken, free],
      '5 tests: 1 as expected, 1 different, 1 undecided within the limits, 1 cannot be read or judged, 1 with nothing expected of them',
    ],
  ])('%#', async (files, expected) => {
    expect(await lastLine(...files)).toBe(expected);
  });

  it('stands below the tables, a line apart', async () => {
    const { out } = await fencepost(['run', met, free, '--model', 'sc']);
    expect(out).toMatch(/sc {2}Always\n\n2 tests: 2 with nothing expected of them\n$/);
  });

  it('is alone where there is no table', async () => {
    const { code, out } = await fencepost(['run', broken, join(folder, 'none.litmus')]);
    expect({ code, out }).toEqual({ code: 2, out: '2 tests: 2 cannot be read or judged\n' });
  });

  it('is not there for one file, nor for scripts', async () => {
    expect((await fencepost(['run', met])).out).not.toContain('expected of');
    for (const format of ['json', 'herd'])
      expect((await fencepost(['run', met, free, '--format', format])).out).not.toContain('2 tests');
  });

  it('is in a report for a file, too', async () => {
    const output = join(folder, 'report.txt');
    expect((await fencepost(['run', met, wrong, '--output', output])).out).toBe('');
    expect(readFileSync(output, 'utf8')).toMatch(/\n\n2 tests: 1 as expected, 1 different\n$/);
  });
});
