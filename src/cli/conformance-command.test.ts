/** The comparison through its command, on a folder of tests whose `expected.json` is wrong in known ways. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { esbuildPlugin } from '../../bundling.mjs';
import { conformanceCommand } from './conformance-command.js';
import { plainTerminal } from './test-terminal.js';

const root = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(root, { recursive: true }));

const mp = (name: string, tail: string) => `C ${name}

{}

P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*y, 1);
}

P1(int *x, int *y)
{
	int r0;
	int r1;

	r0 = READ_ONCE(*y);
	smp_rmb();
	r1 = READ_ONCE(*x);
}

${tail}
`;

const asked = 'exists (1:r0=1 /\\ 1:r1=0)';
const states = ['1:r0=0; 1:r1=0;', '1:r0=0; 1:r1=1;', '1:r0=1; 1:r1=0;', '1:r0=1; 1:r1=1;'];
const right = { kind: 'Allowed', observation: 'Sometimes', positive: 1, negative: 3, flags: [], states };

/** A folder below the root with these tests, each the same program, and their results. */
function folder(name: string, tests: Readonly<Record<string, object>>, text = mp('mp', asked)): string {
  const path = join(root, name);
  for (const file of Object.keys(tests)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  writeFileSync(join(path, 'expected.json'), JSON.stringify(tests));
  return path;
}

const good = folder('good', { 'a.litmus': right, 'deeper/b.litmus': right });
const bad = folder('bad', {
  'agrees.litmus': right,
  'states.litmus': { ...right, states: [...states.slice(1), '1:r0=2; 1:r1=0;'] },
  'observation.litmus': { ...right, observation: 'Never' },
  'counts.litmus': { ...right, positive: 2 },
  'flags.litmus': { ...right, flags: ['data-race'] },
});
const answers = folder('answers', {
  'right.litmus': { condition_reachable: true },
  'wrong.litmus': { condition_reachable: false },
});

async function conformance(args: readonly string[], worker: URL | null = null) {
  let out = '';
  let err = '';
  const terminal = {
    ...plainTerminal,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await conformanceCommand(args, worker, terminal);
  const timeless = out.replace(/\d+\.\d s/g, 'n s').replace(/ {2}a second or more:.*\n(?: .*\n)*\n/, '');
  return { code, out: timeless, err };
}

describe('npm run conformance', () => {
  it('reports agreement', async () => {
    const { code, out } = await conformance([good]);
    expect(out).toBe(`\
good: 2 tests, mode count

  agree             2
  differ            0

  n s, n s of CPU

`);
    expect(code).toBe(0);
  });

  it('reports every kind of difference, with what was expected', async () => {
    const { code, out } = await conformance([bad]);
    expect(out).toBe(`\
bad: 5 tests, mode count

  agree             1
  differ            4

                known    new
  states            0      1
  observation       0      1
  counts            0      1
  flags             0      1

  new differences:
    states.litmus
      states: 1 too many, such as 1:r0=0; 1:r1=0; 1 missing, such as 1:r0=2; 1:r1=0;
    observation.litmus
      observation: Sometimes, expected Never
    counts.litmus
      counts: 1/3, expected 2/3
    flags.litmus
      flags: none, expected data-race

  n s, n s of CPU

`);
    expect(code).toBe(1);
  });

  it('compares what the mode knows', async () => {
    expect((await conformance([bad, '--filter', 'counts', '--mode', 'outcomes'])).code).toBe(0);
    expect((await conformance([bad, '--filter', 'states', '--mode', 'outcomes'])).code).toBe(1);
    expect((await conformance([bad, '--filter', 'states', '--mode', 'verdict'])).code).toBe(0);
    expect((await conformance([bad, '--filter', 'observation', '--mode', 'verdict'])).code).toBe(1);
  });

  it('compares answers where nothing else is known', async () => {
    const { code, out } = await conformance([answers]);
    expect(code).toBe(1);
    expect(out).toContain('  agree             1\n');
    expect(out).toContain('wrong.litmus\n      observation: yes, expected no\n');
  });

  it('judges by the model that it is told', async () => {
    const { code, out } = await conformance([good, '--model', 'sc', '--mode', 'verdict']);
    expect(code).toBe(1);
    expect(out).toContain('good: 2 tests, mode verdict, model sc\n');
    expect(out).toContain('observation: Never, expected Sometimes');
  });

  it('judges by a model file', async () => {
    const model = join(root, 'strict.cat');
    writeFileSync(model, '"strict"\nacyclic po | rf | co | fr as order\n');
    const { code, out } = await conformance([good, '--model', model]);
    expect(code).toBe(1);
    expect(out).toContain('good: 2 tests, mode count, model strict.cat\n');
    expect(out).toContain('observation: Never, expected Sometimes');
    writeFileSync(model, 'acyclic po | \n');
    const broken = await conformance([good, '--model', model]);
    expect(broken).toMatchObject({ code: 2, out: '' });
    expect(broken.err).toContain('strict.cat:2:1: error: ');
  });

  it('lists what is refused by its reasons, and what is missing', async () => {
    const refused = folder('refused', { 'a.litmus': right, 'b.litmus': right }, mp('mp', 'exists (1:r7=1)'));
    writeFileSync(
      join(refused, 'expected.json'),
      JSON.stringify({ 'a.litmus': right, 'b.litmus': right, c: right }),
    );
    const { code, out } = await conformance([refused]);
    expect(code).toBe(1);
    expect(out).toMatch(/ {2}refused: {11}0 {6}3\n|refused +0 +3\n/);
    expect(out).toMatch(/\n {6}2 {2}[^\n]*r7/);
    expect(out).toContain('there is no such file');
  });

  it('takes a limit for what it is', async () => {
    const long = folder(
      'long',
      { 'a.litmus': right },
      'C long\n{}\nP0(int *x)\n{\n\tint i = 0;\n\n\twhile (i < 1000) {\n\t\ti = READ_ONCE(*x);\n\t\tWRITE_ONCE(*x, i + 1);\n\t}\n}\nexists (x=1)\n',
    );
    const { code, out } = await conformance([long]);
    expect(out).toContain('unfinished');
    expect(code).toBe(3);
  });

  it('runs the folders below, and writes JSON', async () => {
    const json = join(root, 'report.json');
    const { code, out } = await conformance([root, '--filter', 'agrees', '--json', json]);
    expect(code).toBe(0);
    expect(out).toContain('bad: 1 tests');
    expect(out).not.toContain('good:');
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject([
      {
        folder: 'bad',
        mode: 'count',
        files: [{ file: 'agrees.litmus', standing: 'agrees', differences: [] }],
      },
    ]);
  });

  it.each([
    [[], 'a folder is missing'],
    [['no-such-folder'], 'there is no expected.json in this folder'],
    [[good, '--mode', 'fast'], '--mode must be one of count'],
    [[good, '--model', 'amr64'], 'unknown model `amr64`'],
    [[good, '--model', 'lkmm,sc'], '--model takes one model'],
    [[good, '--compile-to', 'mips'], '--compile-to must be arm64 or x86'],
    [[good, '--timeout', 'soon'], '--timeout must be a positive number'],
    [[good, '--frob'], "Unknown option '--frob'"],
    [[good, '--filter', 'nothing'], 'no test'],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await conformance(args);
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('has help', async () => {
    const { code, out } = await conformance(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('--timeout');
  });
});

describe('worker threads', () => {
  const script = join(root, 'worker', 'worker.mjs');
  beforeAll(async () => {
    await build({
      entryPoints: [fileURLToPath(new URL('./conformance-worker.ts', import.meta.url))],
      bundle: true,
      platform: 'node',
      format: 'esm',
      plugins: [esbuildPlugin],
      outfile: script,
      logLevel: 'error',
    });
  });

  it('give the same report, in the same order', async () => {
    const alone = await conformance([bad]);
    const together = await conformance([bad, '--threads', '3'], pathToFileURL(script));
    expect(together).toEqual(alone);
  });

  it('that die take only their test with them', async () => {
    const fragile = join(root, 'worker', 'fragile.mjs');
    writeFileSync(
      fragile,
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ index, job }) => {
         if (job.file.startsWith('counts')) throw new Error('no more');
         parentPort.postMessage({ index, result: { file: job.file, differences: [], seconds: 0 } });
       });`,
    );
    const { code, out } = await conformance([bad, '--threads', '2'], pathToFileURL(fragile));
    expect(code).toBe(1);
    expect(out).toContain('  agree             4\n');
    expect(out).toContain('counts.litmus\n      crashed: no more\n');
  });
});
