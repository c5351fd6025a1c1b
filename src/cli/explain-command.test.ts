import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fencepost } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const fixed = file(
  'fixed.litmus',
  `C fixed
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0 = READ_ONCE(*y); smp_rmb(); int r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`,
);

describe('fencepost explain', () => {
  it('explains a test under every model that fits it, and audits', async () => {
    const { code, out, err } = await fencepost(['explain', fixed, '--audit']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const headlines = out.split('\n').filter((line) => line.startsWith('fixed under'));
    expect(headlines).toEqual(
      ['lkmm', 'arm64', 'x86', 'sc'].map((model) => `fixed under ${model}: forbidden: 1:r0=1 /\\ 1:r1=0`),
    );
    expect(out.match(/^Audited: \d\d+ facts, and all hold\.$/gm)).toHaveLength(4);
    expect(out).toContain(
      'P0:3a WRITE_ONCE(*x, 1) is before P0:3c WRITE_ONCE(*y, 1) by smp_wmb() at line 3\n',
    );
  });

  it('explains another outcome', async () => {
    const args = ['explain', fixed, '--model', 'lkmm', '--outcome', '1:r0=0 /\\ 1:r1=1'];
    const { code, out } = await fencepost(args);
    expect(code).toBe(0);
    expect(out).toMatch(/^fixed under lkmm: allowed: 1:r0=0 \/\\ 1:r1=1\n/);
  });

  it('points at what is wrong with another outcome', async () => {
    const { code, out, err } = await fencepost(['explain', fixed, '--outcome', '1:r9=0']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^--outcome:1:1: error: .*`r9`/);
    expect(err).toContain(' 1 | 1:r9=0\n');
    const cut = await fencepost(['explain', fixed, '--outcome', '1:r0=0 /\\']);
    expect(cut.code).toBe(2);
    expect(cut.err).toMatch(/^--outcome:1:\d+: error: /);
    expect(cut.err).not.toContain('exists');
  });

  it('points at the file where that is wrong', async () => {
    const wrong = file('wrong.litmus', 'C wrong\n{}\nP0(int *x) { WRITE_ONE(*x, 1); }\nexists (x=1)\n');
    const { code, err } = await fencepost(['explain', wrong, '--outcome', 'x=0']);
    expect(code).toBe(2);
    expect(err).toMatch(/wrong\.litmus:3:\d+: error: /);
  });

  it('counts one fact in the singular', async () => {
    // of an outcome that is left open there is one thing to check: that it was not found
    const args = ['explain', fixed, '--model', 'lkmm', '--timeout', '0.000001', '--audit'];
    const { out } = await fencepost(args);
    expect(out).toMatch(/^Audited: 1 fact, and it holds\.$/m);
  });

  it('audits what is said of all executions', async () => {
    const none = file('none.litmus', 'C none\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=7)\n');
    const { out, code } = await fencepost(['explain', none, '--model', 'sc', '--audit']);
    expect(code).toBe(0);
    expect(out).toMatch(/never holds: x ends as 1\nAudited: \d\d+ facts, and all hold\./);
  });

  it('unfolds', async () => {
    const plain = await fencepost(['explain', fixed, '--model', 'arm64']);
    const unfolded = await fencepost(['explain', fixed, '--model', 'arm64', '--depth', 'all']);
    expect(plain.out).not.toContain('store-barrier');
    expect(unfolded.out).toContain('is in `store-barrier` (DMB.ISHST)');
    expect(await fencepost(['explain', fixed, '--depth', 'deep'])).toEqual({
      code: 2,
      out: '',
      err: 'error: --depth must be a number of levels or all, not "deep"\n  hint: see `fencepost explain --help`\n',
    });
  });

  it('prints JSON', async () => {
    const { code, out } = await fencepost(['explain', fixed, '--model', 'x86,sc', '--format', 'json']);
    const [x86, sc] = JSON.parse(out);
    expect(code).toBe(0);
    expect(x86).toMatchObject({ file: fixed, test: 'fixed', model: 'x86', result: 'forbidden', audit: null });
    expect(sc.arguments[0].steps).toHaveLength(4);
  });

  it("explains by a model of one's own", async () => {
    const model = file(
      'mine.cat',
      '"mine"\nlet kept = po \\ (W * R)\nacyclic kept | rf | fr | co as order\n',
    );
    const { code, out } = await fencepost(['explain', fixed, '--model', model, '--audit', '--depth', '1']);
    expect(code).toBe(0);
    expect(out).toContain('in program order, which the model keeps (`kept`)');
    expect(out).toMatch(
      /a cycle, which `order` \(\S*mine\.cat:3\) +forbids|`order`\s+\(\S*mine\.cat:3\)\s+forbids/,
    );
    expect(out).toContain('facts, and all hold.');
  });

  it('says what a limit left open', async () => {
    const { code, out } = await fencepost(['explain', fixed, '--model', 'lkmm', '--timeout', '0.000001']);
    expect(code).toBe(3);
    expect(out).toContain('unknown: 1:r0=1');
  });
});
