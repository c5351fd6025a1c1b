import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencepost } from './test-terminal.js';

const RACE = `C race
{}
P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*y, 1);
}
P1(int *x, int *y)
{
	int r0 = READ_ONCE(*y);
	smp_rmb();
	int r1 = READ_ONCE(*x);
}
exists (1:r0=1 /\\ 1:r1=0)
`;

let folder = '';
let race = '';
let fixed = '';
let again = '';

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fencepost-graph-'));
  race = file('race.litmus', RACE);
  fixed = file(
    'fixed.litmus',
    RACE.replace('C race', 'C fixed').replace('\tWRITE_ONCE(*y', '\tsmp_wmb();\n\tWRITE_ONCE(*y'),
  );
  again = file('again.litmus', RACE);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('one picture', () => {
  it('as text for a mail, and nothing else', async () => {
    const out = join(folder, 'none');
    const result = await fencepost(['graph', fixed, '--model', 'lkmm', '--format', 'text', '-o', out]);
    expect({ code: result.code, err: result.err }).toEqual({ code: 0, err: '' });
    expect(result.out).toMatchInlineSnapshot(`
      "fixed under lkmm: forbidden
      1:r0=1; 1:r1=0

      P0                                 P1
      =====================              ==========================
      *a: WRITE_ONCE(*x, 1) <----+
      *   <smp_wmb>           +--|--rf-> *c: r0 = READ_ONCE(*y) [1]
      *b: WRITE_ONCE(*y, 1) --+  |       *   <smp_rmb>
                                 +--fr-- *d: r1 = READ_ONCE(*x) [0]

      (x = 0) -rf-> d

      happens-before: a -smp_wmb-> b -rf-> c -smp_rmb-> d -fr-> a
      "
    `);
    expect(existsSync(out)).toBe(false);
    expect(await fencepost(['graph', fixed, '--model', 'lkmm', '-o', '-'])).toEqual(result);
  });

  it.each(['condition', 'all'])('not of a test that cannot complete (--outcomes %s)', async (outcomes) => {
    const dead = file(
      'dead.litmus',
      'C dead {}\nP0(spinlock_t *l) { spin_lock(l);\nspin_lock(l); }\nP1(int *x) { WRITE_ONCE(*x, 1); } exists (x=1)',
    );
    const args = ['graph', dead, '-m', 'lkmm', '-o', '-', '--outcomes', outcomes];
    const { code, out, err } = await fencepost(args);
    expect([code, out]).toEqual([0, '']);
    expect(err).toBe(
      'dead: no picture for lkmm: Deadlock, no execution completes: P0:3 spin_lock(l) waits for l, which P0:2 spin_lock(l) has taken and not given back\n',
    );
  });

  it('not of a test whose filter nothing passes', async () => {
    const none = file(
      'none.litmus',
      'C none {}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nfilter (x=2)\nexists (x=1)',
    );
    const { code, err } = await fencepost(['graph', none, '-m', 'lkmm', '-o', '-']);
    expect(code).toBe(0);
    expect(err).toMatch(
      /^none: no picture for lkmm: Deadlock, no execution completes and passes the filter: /,
    );
  });

  it('in the style that is asked for', async () => {
    const full = await fencepost(['graph', race, '-m', 'lkmm', '-o', '-', '--style', 'statements']);
    expect(full.out).toContain(' a: WRITE_ONCE(*x, 1)');
    const short = await fencepost(['graph', race, '-m', 'lkmm', '-o', '-', '--style', 'accesses']);
    expect(short.out).toContain(' a: [W] x = 1');
  });

  it('as a drawing on standard output', async () => {
    const { out } = await fencepost(['graph', race, '-m', 'lkmm', '-o', '-', '--format', 'svg']);
    expect(out).toMatch(/^<\?xml[\s\S]*<\/svg>\n$/);
    const dot = await fencepost(['graph', race, '-m', 'lkmm', '-o', '-', '--format', 'dot']);
    expect(dot.out).toMatch(/^digraph "race" \{/);
  });

  it('with relations of the model, without others', async () => {
    const args = ['graph', fixed, '-m', 'lkmm', '-o', '-', '--highlight', 'none'];
    const { code, out } = await fencepost([...args, '--show', 'ppo, wmb', '--hide', 'rf,fr']);
    expect(code).toBe(0);
    expect(out).toContain('a -ppo, wmb-> b');
    expect(out).not.toContain('(x = 0) -rf->');
    expect(out).not.toMatch(/-(rf|fr)->? *[*]/);
  });

  it('says which relations there are', async () => {
    const { code, out, err } = await fencepost(['graph', race, '-m', 'x86', '--show', 'pppo', '-o', '-']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('--show: there is no relation `pppo` in x86');
    expect(err).toContain('did you mean `ppo`?');
  });
});

describe('one picture for each final state', () => {
  it('allowed and forbidden, numbered', async () => {
    const out = join(folder, 'states');
    const { code, err } = await fencepost(['graph', race, '-m', 'x86', '--outcomes', 'all', '-o', out]);
    expect(code).toBe(0);
    const names = [1, 2, 3, 4].flatMap((at) => [`race.x86.${at}.dot`, `race.x86.${at}.svg`]);
    expect(readdirSync(out).sort()).toEqual(names);
    expect(err).toContain('race.x86.1.svg and .dot: 1:r0=0; 1:r1=0 allowed under x86');
    expect(err).toContain('race.x86.3.svg and .dot: 1:r0=1; 1:r1=0 forbidden under x86');
  });

  it('does not draw two tests of one name over each other', async () => {
    const args = ['graph', race, again, '-m', 'x86', '--outcomes', 'all', '-o', join(folder, 'over')];
    const { code, err } = await fencepost(args);
    expect(code).toBe(0);
    const names = ['race', 'race.2'].flatMap((name) =>
      [1, 2, 3, 4].flatMap((at) => [`${name}.x86.${at}.dot`, `${name}.x86.${at}.svg`]),
    );
    expect(readdirSync(join(folder, 'over')).sort()).toEqual(names.sort());
    expect(err).toContain('race.2.x86.1.svg and .dot: 1:r0=0; 1:r1=0 allowed under x86');
  });

  it('does not draw one over the other in a run', async () => {
    const out = join(folder, 'run');
    const run = (...files: readonly string[]) => fencepost(['run', ...files, '-m', 'x86', '--graph', out]);
    const { code, err } = await run(race, fixed, again, race);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(
      ['fixed', 'race.2', 'race'].flatMap((name) => [`${name}.x86.dot`, `${name}.x86.svg`]),
    );
    expect(err).toContain(`wrote ${join(out, 'race.2.x86.svg')} and .dot`);
    const alone = await run(again);
    expect(alone.err).toContain(`wrote ${join(out, 'race.x86.svg')} and .dot`);
  });

  it('says what a limit left open', async () => {
    const args = ['graph', race, '-m', 'x86', '--outcomes', 'all', '-o', '-', '--timeout', '0.000001'];
    const { code, err } = await fencepost(args);
    expect(code).toBe(3);
    expect(err).toMatch(/limit: time limit/);
  });
});

describe('side by side', () => {
  const cases: readonly [string, () => readonly string[], string, readonly string[]][] = [
    ['two models', () => [race, '-m', 'lkmm,x86'], 'race.lkmm-x86', ['lkmm: allowed', 'x86: forbidden']],
    [
      'before and after',
      () => [race, fixed, '-m', 'lkmm'],
      'race-fixed.lkmm',
      ['race under lkmm: allowed', 'fixed under lkmm: forbidden'],
    ],
  ];
  it.each(cases)('%s', async (name, args, stem, captions) => {
    const out = join(folder, name);
    const { code, out: text } = await fencepost(['graph', ...args(), '-o', out]);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual([`${stem}.1.dot`, `${stem}.2.dot`, `${stem}.svg`]);
    const svg = readFileSync(join(out, `${stem}.svg`), 'utf8');
    for (const caption of captions) {
      expect(text).toContain(caption);
      expect(svg).toContain(caption);
    }
    const ids = [...svg.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(svg.match(/<svg\b/g)?.length).toBe(3);
    expect(svg.match(/<\/svg>/g)?.length).toBe(3);
    const heights = [...svg.matchAll(/y="([-\d.]+)"[^>]*>d: r1/g)].map((match) => match[1]);
    expect(heights.length).toBe(2);
    // a statement with its instruction below it stands some points higher in its box
    expect(Math.abs(Number(heights[0]) - Number(heights[1]))).toBeLessThan(10);
  });
});
