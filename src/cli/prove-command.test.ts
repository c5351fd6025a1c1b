/** `fencepost prove`: what is written for a claim that holds, and what happens to one that does not. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fencepost } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const race = 'litmus/blocked-on-vs-state/race.litmus';
const fixed = 'litmus/blocked-on-vs-state/fix-wmb.litmus';

describe('a claim that holds', () => {
  test('is written as a document with its pictures beside it', async () => {
    const out = join(folder, 'deep', 'rq.md');
    const test = 'litmus/harmless/blocked-on-under-rq-lock.litmus';
    const result = await fencepost(['prove', test, '--model', 'lkmm', '--expect', 'never', '-o', out]);
    expect([result.code, result.out]).toEqual([0, '']);
    expect(result.err).toBe(`wrote ${out}: never under lkmm\n`);
    expect(readdirSync(join(folder, 'deep')).sort()).toEqual(['rq.2.svg', 'rq.md', 'rq.svg']);
    const text = readFileSync(out, 'utf8');
    for (const [, target = ''] of text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g))
      expect(existsSync(join(folder, 'deep', target)), target).toBe(true);
    expect(text.match(/^## .*$/gm)).toEqual([
      '## Test',
      '## Proof',
      '## Model',
      '## Barriers',
      '## To have it again',
    ]);
    expect(text).toContain('1 + 1 = 2: no candidate is left.');
    // the first to load the command and Graphviz, on a machine that may be busy
  });

  test('is printed if there is no file', async () => {
    const result = await fencepost(['prove', race, '--model', 'arm64', '--expect', 'sometimes']);
    expect([result.code, result.err]).toEqual([0, '']);
    expect(result.out).toMatch(/^# blocked-on-vs-state under arm64: sometimes\n/);
    // the line that places refer to, and the instruction that it became
    expect(result.out).toMatch(/^33 {2}\tWRITE_ONCE\(p->blocked_on, 1\);$/m);
    expect(result.out).toContain('STR W4,[X2]');
    expect(result.out).toContain('Nothing orders P0:33 `WRITE_ONCE(p->blocked_on, 1)`');
    // no picture is linked that nobody draws
    expect(result.out).not.toContain('![');
  });

  test('may be that something is always so', async () => {
    const always = file(
      'always.litmus',
      'C always {} P0(int *x) { WRITE_ONCE(*x, 1); int r0 = READ_ONCE(*x); } exists (0:r0=1)',
    );
    const result = await fencepost(['prove', always, '--model', 'sc', '--expect', 'always']);
    expect(result.code).toBe(0);
    expect(result.out).toContain('Every execution that `sc` allows ends with `0:r0=1`.');
    expect(result.out).toMatch(/The question is\s+whether\s+every\s+execution\s+ends with `0:r0=1`\./);
    expect(result.out).toContain('Each candidate execution that ends otherwise is refuted.');
    // the candidate in which the read misses the write
    expect(result.out).toContain('1 candidate ends with `not (0:r0=1)`.');
  });

  test.each([
    ['exists', '1:r0=1 /\\ 1:r1=0', 'not (1:r0=1 /\\ 1:r1=0)'],
    ['forall', 'not (1:r0=0 \\/ 1:r1=1)', '1:r0=0 \\/ 1:r1=1'],
  ])(
    'of some but not all is shown by both kinds, what answers %s first',
    async (quantifier, first, second) => {
      const proposition = quantifier === 'exists' ? first : second;
      const both = file(
        'both.litmus',
        `C both {} P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0 = READ_ONCE(*y); int r1 = READ_ONCE(*x); } ${quantifier} (${proposition})`,
      );
      const { code, out } = await fencepost(['prove', both, '--model', 'lkmm', '--expect', 'sometimes']);
      expect(code).toBe(0);
      const text = out.replace(/\s+/g, ' ');
      const answer = text.slice(text.indexOf('This one ends with'), text.indexOf('And this one ends with'));
      expect(answer).toContain(`This one ends with \`${first}\`.`);
      // what is not so in an interleaving, and is in the picture
      expect(answer).toContain('In the end, `1:r0=1` and `1:r1=0`.');
      expect(answer).toContain('What would have to be ordered, and is not:');
      expect(text).toMatch(
        /And this one ends with `[^`]*`: 1\. .* In the end, `1:r0=\d` and `1:r1=\d`\. Both were/,
      );
      expect(text).toContain(`And this one ends with \`${second}\`:`);
      const asked = quantifier === 'exists' ? 'an execution can end' : 'every execution ends';
      expect(text).toContain(`The question is whether ${asked} with \`${proposition}\`.`);
    },
  );

  test('may be about values that are never computed', async () => {
    const none = file('none.litmus', 'C none {} P0(int *x) { WRITE_ONCE(*x, 1); } exists (x=2)');
    const result = await fencepost(['prove', none, '--model', 'lkmm', '--expect', 'never']);
    expect(result.code).toBe(0);
    expect(result.out).toContain('No candidate ends with `[x]=2`');
    expect(result.out).not.toContain('## Model');
  });

  describe('of a test with a filter is about what passes it', () => {
    const filtered = (name: string, end: string): string =>
      file(
        name,
        `C filtered {} P0(int *x) { WRITE_ONCE(*x, 1); } P1(int *x) { int r0 = READ_ONCE(*x); int r1 = READ_ONCE(*x); } ${end}`,
      );
    const prove = async (test: string, claim: string): Promise<string> => {
      const { out, code } = await fencepost(['prove', test, '--model', 'lkmm', '--expect', claim]);
      expect(code).toBe(0);
      return out.replace(/\s+/g, ' ');
    };

    test('never, as the model has it', async () => {
      const out = await prove(filtered('f1.litmus', 'filter (1:r0=1) exists (1:r1=0)'), 'never');
      expect(out).toContain(
        "No execution that `lkmm` allows and that passes the test's filter `1:r0=1` ends with `1:r1=0`.",
      );
      expect(out).toContain("1 candidate passes the test's filter `1:r0=1` and ends with `1:r1=0`.");
      expect(out).not.toContain('as the outcome asks');
    });

    test('never, by its own values', async () => {
      const out = await prove(filtered('f2.litmus', 'filter (1:r0=0) exists (1:r0=1)'), 'never');
      expect(out).toContain(
        "No candidate passes the test's filter `1:r0=0` and ends with `1:r0=1`: the threads do not compute these values together",
      );
    });

    test('always', async () => {
      const out = await prove(filtered('f3.litmus', 'filter (1:r0=1) forall (1:r1=1)'), 'always');
      expect(out).toContain(
        "Every execution that `lkmm` allows and that passes the test's filter `1:r0=1` ends with `1:r1=1`.",
      );
    });
  });

  test("may be under the user's own model", async () => {
    const model = file('own.cat', '"own"\n(* Nothing is reordered. *)\nacyclic po | rf | co | fr as order\n');
    const result = await fencepost(['prove', race, '--model', model, '--expect', 'never']);
    expect(result.code).toBe(0);
    expect(result.out).toContain('(* Nothing is reordered. *)\nacyclic po | rf | co | fr as order');
    // no axiom is about single locations, so that all candidates are gone through
    expect(result.out).toContain('16 candidates end with');
    expect(result.out).toContain('One argument refutes all 16.');
  });

  test('claims no case analysis of more cases than it goes through', async () => {
    const test = 'litmus/wound-wait/abba-cycle.litmus';
    const args = ['prove', test, '--model', 'lkmm', '--expect', 'never', '--cases', '5'];
    const { code, out } = await fencepost(args);
    expect(code).toBe(0);
    expect(out).toMatch(/This document does\s+not\s+list\s+the\s+cases/);
    expect(out).not.toContain('no candidate is left');
  });
});

describe('a claim that does not hold', () => {
  test('writes no document, and shows the execution that speaks against it', async () => {
    const out = join(folder, 'false.md');
    const result = await fencepost(['prove', race, '--model', 'arm64', '--expect', 'never', '-o', out]);
    expect(result.code).toBe(1);
    expect(existsSync(out)).toBe(false);
    expect(result.err).toContain('not never under arm64, but Sometimes: no document is written');
    expect(result.out).toContain('arm64 allows an execution that ends with 1:r0=1 /\\ 1:r1=0:\n  1. P0:32');
    expect(Math.max(...result.out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  test.each([
    [race, 'always', 'arm64 allows an execution that ends with not (1:r0=1 /\\ 1:r1=0):'],
    [fixed, 'sometimes', 'arm64: no execution ends with 1:state=2 /\\ 1:blocked_on=0 (see --expect never)'],
  ])('%s: not %s', async (test, claim, said) => {
    const result = await fencepost(['prove', test, '--model', 'arm64', '--expect', claim]);
    expect(result.code).toBe(1);
    expect(result.out).toContain(said);
  });

  test('is not borne out by a test that does not complete', async () => {
    const stuck = file(
      'stuck.litmus',
      'C stuck {} P0(spinlock_t *l) { spin_lock(l); spin_lock(l); } exists (l=1)',
    );
    const result = await fencepost(['prove', stuck, '--model', 'lkmm', '--expect', 'never']);
    expect(result.code).toBe(1);
    expect(result.out).toContain('no execution of stuck completes');
  });
});

describe('nothing is claimed', () => {
  test('where a limit was hit', async () => {
    const out = join(folder, 'open.md');
    const loop = file(
      'loop.litmus',
      'C loop {} P0(int *x) { int r0 = 0; while (r0 < 9) { r0 = r0 + READ_ONCE(*x); } } P1(int *x) { WRITE_ONCE(*x, 1); } exists (x=2)',
    );
    const result = await fencepost(['prove', loop, '--model', 'lkmm', '--expect', 'never', '-o', out]);
    expect([result.code, existsSync(out)]).toEqual([3, false]);
    expect(result.err).toContain('lkmm: Unknown, so that nothing is proved (never): limit: unroll bound');
  });

  test.each([
    [['prove', race, '--expect', 'never'], '--model is missing'],
    [['prove', race, '--model', 'lkmm,x86', '--expect', 'never'], '--model takes one model'],
    [['prove', race, '--model', 'lkmm'], '--expect is missing'],
    [
      ['prove', race, '--model', 'lkmm', '--expect', 'maybe'],
      '--expect must be one of never, sometimes, always, not "maybe"',
    ],
    [
      ['prove', race, '--model', 'lkmm', '--expect', 'never', '--cases', '0'],
      '--cases must be a positive integer',
    ],
    [['prove', 'none.litmus', '--model', 'lkmm', '--expect', 'never'], 'none.litmus'],
  ])('of %j', async (args, said) => {
    const result = await fencepost(args);
    expect(result.code).toBe(2);
    expect(result.err).toContain(said);
  });
});
