/** What `fencepost report` writes where, and its exit codes; the page itself is tested in src/page. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageScript } from '../io/page-script.js';
import { renderPage } from '../page/page-html.js';
import type { Bounded } from '../page/test-data.js';
import { checked } from '../text/diagnostic.js';
import { defaultRunOptions } from '../verdict/run-test.js';
import { type ReportArguments, reportCommand } from './report-command.js';
import { judgedWithin } from './report-test.js';
import { fencepost, plainTerminal } from './test-terminal.js';

const storeBuffering = `C sb
{ }
P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); }
P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fencepost-report-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function report(files: readonly string[], options: Partial<ReportArguments> = {}) {
  const err: string[] = [];
  const args: ReportArguments = {
    files,
    out: join(folder, 'out'),
    atomics: 'lse',
    unroll: undefined,
    timeout: undefined,
    techniques: {},
    model: 'sc',
    conf: undefined,
    bell: undefined,
    macros: undefined,
    include: undefined,
    variant: undefined,
    compileTo: undefined,
    ...options,
  };
  const terminal = { ...plainTerminal, err: (text: string) => void err.push(text) };
  const code = await reportCommand(args, terminal, async () => checked(pageScript('void 0;'), []));
  return { code, err: err.join('') };
}

describe('fencepost report', () => {
  it('names the page after the test, after several tests index.html, or as it is told', async () => {
    const one = write('one.litmus', storeBuffering);
    const two = write('two.litmus', storeBuffering.replace('C sb', 'C sb/2'));
    const page = join(folder, 'deep/my.html');
    expect((await report([one])).code).toBe(0);
    expect((await report([two])).code).toBe(0);
    expect((await report([one, two])).err).toBe(`wrote ${join(folder, 'out', 'index.html')}: 2 tests\n`);
    expect((await report([one], { out: page })).err).toBe(`wrote ${page}: 1 test\n`);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([
      'index.html',
      expect.stringMatching(/^sb-2-[0-9a-f]{8}\.html$/),
      'sb.html',
    ]);
    expect(readFileSync(page, 'utf8')).toMatch(
      /^<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">/,
    );
  });

  it('has an index with what is flagged, models in one order, and files where names are the same', async () => {
    const sb =
      'X86 sb\n{ }\n P0 | P1 ;\n MOV [x],$1 | MOV [y],$1 ;\n MOV EAX,[y] | MOV EAX,[x] ;\nexists (0:EAX=0 /\\ 1:EAX=0)\n';
    const racy = 'C twin\n{ }\nP0(int *x) { *x = 1; }\nP1(int *x) { int r0; r0 = *x; }\nexists (1:r0=2)\n';
    const files = [write('asm.litmus', sb), write('racy.litmus', racy), write('marked.litmus', marked(racy))];
    const out = join(folder, 'index.html');
    await report(files, { out, model: undefined });
    const [nav = ''] = /<nav[\s\S]*?<\/nav>/.exec(readFileSync(out, 'utf8')) ?? [];
    const rows = [...nav.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
      row.split(/<\/t[hd]>/).map((cell) => cell.replace(/<[^>]*>/g, '')),
    );
    expect(rows.map((row) => row.slice(0, -1))).toEqual([
      ['Test', 'lkmm', 'arm64', 'x86', 'sc'],
      ['sb', '', '', 'Sometimes', 'Never'],
      [`twin ${files[1]}`, 'Never (data-race)', 'Never', 'Never', 'Never'],
      [`twin ${files[2]}`, 'Never', 'Never', 'Never', 'Never'],
    ]);

    function marked(text: string): string {
      return text.replace('*x = 1', 'WRITE_ONCE(*x, 1)').replace('r0 = *x', 'r0 = READ_ONCE(*x)');
    }
  });

  it('is the same each time', async () => {
    const path = write('one.litmus', storeBuffering);
    const pages = [];
    for (const name of ['a.html', 'b.html']) {
      await report([path], { out: join(folder, name), model: undefined });
      pages.push(readFileSync(join(folder, name), 'utf8'));
    }
    expect(pages[0]).toBe(pages[1]);
  });

  it('says what is no test, and makes a page of the others', async () => {
    const good = write('good.litmus', storeBuffering);
    const bad = write('bad.litmus', 'C broken\n{ }\nP0(int *x) { WRITE_ONCE(*x 1); }\nexists (x=1)\n');
    const both = await report([bad, good]);
    expect(both.code).toBe(2);
    expect(both.err).toMatch(/bad\.litmus:3:.*[\s\S]*wrote .*sb\.html: 1 test/);
    const none = await report([bad], { out: join(folder, 'none') });
    expect([none.code, none.err.includes('wrote')]).toEqual([2, false]);
    expect(readdirSync(folder)).not.toContain('none');
  });

  it('fails where a verdict is not the one that the test expects', async () => {
    const path = write('wrong.litmus', storeBuffering.replace('{ }', '(* Result(sc): Sometimes *)\n{ }'));
    expect((await report([path])).code).toBe(1);
    const page = readFileSync(join(folder, 'out', 'sb.html'), 'utf8');
    expect(page).toContain('expected Sometimes');
  });

  it('says of a model what a limit left open', async () => {
    const { code } = await report([write('one.litmus', storeBuffering)], { timeout: 1e-9 });
    expect(code).toBe(3);
    expect(readFileSync(join(folder, 'out', 'sb.html'), 'utf8')).toMatch(/Unknown[\s\S]*limit: time limit/);
  });

  it('makes a page of what is known where the executions of one test cannot be told in time', async () => {
    const good = write('good.litmus', storeBuffering);
    const body = 'WRITE_ONCE(*x, 1);\n'.repeat(600);
    const large = write('large.litmus', `C large\n{ }\nP0(int *x) { ${body}}\nexists (x=1)\n`);
    const out = join(folder, 'limits.html');
    const { code, err } = await report([large, good], { out, timeout: 0.2 });
    expect([code, err]).toEqual([3, `wrote ${out}: 2 tests\n`]);
    const page = readFileSync(out, 'utf8');
    expect(page).toContain('could not be drawn and told within the time limit');
    expect(page).toContain('sc forbids this execution');
  });

  it('leaves out, of a test that comes to no end, the model that it was at', () => {
    const source = { name: 'sb.litmus', text: storeBuffering };
    const options = { ...defaultRunOptions, models: 'all', mode: 'outcomes' } as const;
    const endAt = (ends: number): Bounded => {
      let calls = 0;
      return (work) => {
        const result = work();
        return ++calls > ends ? result : null;
      };
    };
    const kinds = (ends: number) => {
      const found = judgedWithin(source, options, endAt(ends));
      return found.kind === 'test' ? found.models.map(({ kind }) => kind) : found;
    };
    expect(kinds(0)).toEqual(['run', 'run', 'run', 'run']);
    expect(kinds(2)).toEqual(['run', 'run', 'unfinished', 'unfinished']);
    expect(kinds(9)).toEqual({ kind: 'open', source, limit: 'time limit' });
  });

  it('has a section of a test that no model was asked about', () => {
    const source = { name: 'deep/large.litmus', text: 'C not-read\n' };
    const open = { kind: 'open', source, limit: 'time limit' } as const;
    const page = renderPage([open, open], pageScript('void 0;'));
    expect(page).toContain('<h2 id="test-2-name">large</h2>');
    expect(page).toContain('not finished, no model was asked (limit: time limit)');
    expect(page).toContain('C not-read');
    expect(page).toContain('<a href="#test-1">large</a><span class="details"> deep/large.litmus</span>');
  });

  it('has a help', async () => {
    const { code, out } = await fencepost(['report', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('fencepost report race.litmus');
  });

  it('says that the page has no script where the command is not built', async () => {
    const { code, err } = await fencepost(['report', write('one.litmus', storeBuffering)]);
    expect(code).toBe(70);
    expect(err).toContain('npm run build');
  });
});
