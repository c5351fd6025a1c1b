/** `fencepost-herd`: what it prints, and where. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { plainTerminal } from '../test-terminal.js';
import { herdCommand } from './herd-command.js';

const root = mkdtempSync(join(tmpdir(), 'fencepost-herd-'));
afterAll(() => rmSync(root, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function herd(args: readonly string[], input = '') {
  let out = '';
  let err = '';
  const code = await herdCommand(
    args,
    {
      ...plainTerminal,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    },
    () => input,
  );
  return { code, out, err };
}

const sb = (name: string, condition = 'exists (0:r0=0 /\\ 1:r0=0)', barrier = '') => `C ${name}

{}

P0(int *x, int *y)
{
	int r0;

	WRITE_ONCE(*x, 1);
	${barrier}r0 = READ_ONCE(*y);
}

P1(int *x, int *y)
{
	int r0;

	WRITE_ONCE(*y, 1);
	${barrier}r0 = READ_ONCE(*x);
}

${condition}
`;

const plain = write('plain.litmus', sb('SB'));
const fenced = write('fenced.litmus', sb('SB+mbs', undefined, 'smp_mb();\n\t'));

describe('a report', () => {
  it("is herd7's, with counts", async () => {
    const { code, out, err } = await herd([plain]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replace(/^Time .*$/m, 'Time').replace(/^Hash=.*$/m, 'Hash')).toBe(
      [
        'Test SB Allowed',
        'States 4',
        '0:r0=0; 1:r0=0;',
        '0:r0=0; 1:r0=1;',
        '0:r0=1; 1:r0=0;',
        '0:r0=1; 1:r0=1;',
        'Ok',
        'Witnesses',
        'Positive: 1 Negative: 3',
        'Condition exists (0:r0=0 /\\ 1:r0=0)',
        'Observation SB Sometimes 1 3',
        'Time',
        'Hash',
        '',
        '',
      ].join('\n'),
    );
  });

  it('of a test that expects something else is no failure: scripts judge it', async () => {
    const commented = write('expecting.litmus', sb('SB').replace('\n\n{}', '\n(* Result: Never *)\n{}'));
    const { code, out } = await herd([commented]);
    expect(code).toBe(0);
    expect(out).toContain('Observation SB Sometimes 1 3');
  });

  it('is one of each file, named or in lists, or on standard input', async () => {
    write('lists/@inner', `../fenced.litmus\n`);
    const list = write('lists/@all', `# all of them\n../plain.litmus\n\n@inner\n`);
    const named = await herd([plain, fenced]);
    const timeless = (text: string) => text.replace(/^Time .*$/gm, '');
    expect(named.out.match(/^Observation.*$/gm)).toEqual([
      'Observation SB Sometimes 1 3',
      'Observation SB+mbs Never 0 3',
    ]);
    expect(timeless((await herd([list])).out)).toBe(timeless(named.out));
    expect(timeless((await herd([], `${plain}\n${fenced}\n`)).out)).toBe(timeless(named.out));
  });

  it('refuses a list that is in itself', async () => {
    const list = write('lists/@loop', '@loop\n../plain.litmus\n');
    const { code, out, err } = await herd([list]);
    expect(code).toBe(2);
    expect(err).toBe(`fencepost-herd: ${list}: this list is in itself\n`);
    expect(out).toContain('Observation SB');
  });

  it('has none of what a limit of time leaves open', async () => {
    const threads = Array.from(
      { length: 9 },
      (_, i) =>
        `P${i}(int *x, int *y)\n{\n\tint r0;\n\tint r1;\n\n\tWRITE_ONCE(*x, ${i + 1});\n\tr0 = READ_ONCE(*y);\n\tWRITE_ONCE(*y, ${i + 1});\n\tr1 = READ_ONCE(*x);\n}\n`,
    );
    const endless = write(
      'endless.litmus',
      `C endless\n\n{}\n\n${threads.join('\n')}\nexists (0:r0=1 /\\ 1:r1=77)\n`,
    );
    const { code, out, err } = await herd(['-timeout', '1', endless, plain]);
    expect(code).toBe(3);
    expect(err).toBe(`File "${endless}": no answer (time limit)\n`);
    expect(out.match(/^Observation.*$/gm)).toEqual(['Observation SB Sometimes 1 3']);
  });

  it('says that loops may have gone round more often', async () => {
    const loop = write(
      'loop.litmus',
      'C loop\n\n{}\n\nP0(int *x)\n{\n\tint r0;\n\n\tr0 = 0;\n\twhile (r0 < 5) {\n\t\tWRITE_ONCE(*x, r0);\n\t\tr0 = r0 + 1;\n\t}\n}\n\nexists (x=4)\n',
    );
    const short = await herd(['-unroll', '2', loop]);
    expect(short.code).toBe(3);
    expect(short.err).toContain(`File "${loop}", unrolling limit exceeded, legal outcomes may be missing`);
    expect(short.out).toContain('Observation loop Unknown');
    const long = await herd(['-unroll', '5', loop]);
    expect(long.code).toBe(0);
    expect(long.out).toContain('Observation loop Always 1 0');
    expect((await herd(['-unroll', '0', plain])).out).toContain('Observation SB Sometimes 1 3');
  });
});

describe('a mistake', () => {
  it("is said in herd7's form, and the next file is run", async () => {
    const broken = write('broken.litmus', 'C broken\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n');
    const { code, out, err } = await herd([broken, plain]);
    expect(code).toBe(2);
    expect(err).toMatch(/^File ".*broken\.litmus", line 3, characters 23-24: .*\n$/);
    expect(out).toContain('Observation SB');
    const stopped = await herd(['-exit', 'true', broken, plain]);
    expect({ code: stopped.code, out: stopped.out }).toEqual({ code: 2, out: '' });
  });

  it('of an unknown primitive is the line that the kernel looks for, once', async () => {
    const path = write('macro.litmus', sb('SB', undefined, 'smp_bm();\n\tsmp_bn();\n\t'));
    const { code, err } = await herd([path]);
    expect(code).toBe(2);
    const lines = err.split('\n').filter((line) => line.includes(': Unknown macro '));
    expect(lines).toHaveLength(1);
    const name = lines[0]?.replace(/^.*: Unknown macro /, '').replace(/ \(User error\).*$/, '');
    expect(name).toBe('smp_bm');
    expect(err).toContain('unknown primitive `smp_bn`');
  });

  it('may be a file that is not there, an option, a variant that no model knows', async () => {
    const missing = await herd([join(root, 'missing.litmus')]);
    expect(missing.code).toBe(2);
    expect(missing.err).toContain(`File "${join(root, 'missing.litmus')}": `);
    expect(await herd(['-cnof', plain])).toEqual({
      code: 2,
      out: '',
      err: "fencepost-herd: unknown option '-cnof' (did you mean -conf?)\n  hint: see `fencepost-herd -help`\n",
    });
    const variant = await herd(['-variant', 'typo', plain]);
    expect(variant.code).toBe(2);
    expect(variant.err).toContain('-variant');
  });
});

describe('models', () => {
  it.each([
    ['sc', 'Never 0 3'],
    ['lkmm', 'Sometimes 1 3'],
    ['x86tso', 'Sometimes 1 3'],
    ['aarch64.cat', 'Sometimes 1 3'],
  ])('of ours, by their names and by those of herd7: %s', async (model, counts) => {
    expect((await herd(['-model', model, plain])).out).toContain(`Observation SB ${counts}`);
  });

  it('are files before they are names', async () => {
    write('models/sc.cat', '"anything goes"\nlet com = rf\nacyclic po | rf as no-cycle\n');
    const { out } = await herd(['-I', join(root, 'models'), '-model', 'sc', plain]);
    expect(out).toContain('Observation SB Sometimes');
    const none = await herd(['-model', 'none.cat', plain]);
    expect(none.code).toBe(2);
    expect(none.err).toContain('none.cat');
  });
});

describe('pictures', () => {
  it.each([
    ['prop', 1],
    ['neg', 3],
    ['all', 4],
    ['none', 0],
  ])('of -show %s', async (show, count) => {
    const folder = join(root, `dot-${show}`);
    const { code } = await herd(['-show', show, '-o', folder, plain]);
    expect(code).toBe(0);
    const text = readFileSync(join(folder, 'plain.dot'), 'utf8');
    expect(text.match(/^digraph /gm)?.length ?? 0).toBe(count);
  });

  it('replace older ones, even by nothing', async () => {
    const folder = join(root, 'dot-again');
    await herd(['-show', 'all', '-o', folder, '-suffix', '-all', '-nshow', '2', plain]);
    expect(readFileSync(join(folder, 'plain-all.dot'), 'utf8').match(/^digraph /gm)).toHaveLength(2);
    await herd(['-o', folder, '-suffix', '-all', plain]);
    expect(readFileSync(join(folder, 'plain-all.dot'), 'utf8')).toBe('');
    expect(existsSync(join(folder, 'plain.dot'))).toBe(false);
  });

  it('of two files of one name are both kept', async () => {
    const folder = join(root, 'dot-twice');
    const text = readFileSync(plain, 'utf8').replace(/^C \S+/m, 'C other');
    const other = write('other/plain.litmus', text);
    await herd(['-show', 'prop', '-o', folder, plain, other, plain]);
    const drawn = ['plain.dot', 'plain.2.dot'].map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(drawn.map((dot) => dot.includes('other'))).toEqual([false, true]);
    expect(readdirSync(folder)).toHaveLength(2);
    // alone, it is called as herd7 calls it
    await herd(['-show', 'prop', '-o', folder, other]);
    expect(readFileSync(join(folder, 'plain.dot'), 'utf8')).toBe(drawn[1]);
  });

  it('stand between marks on standard output', async () => {
    const { out } = await herd(['-show', 'prop', '-o', '-', plain]);
    expect(out).toMatch(/\nDOTBEGIN plain\nDOTCOM dot\ndigraph [\s\S]*\nDOTEND plain\n$/);
  });

  it('that cannot be written are an error', async () => {
    const { code, err } = await herd(['-show', 'prop', '-o', plain, plain]);
    expect(code).toBe(2);
    expect(err).toContain('cannot be written: a part of the path is no folder');
  });
});

it('tells its version as herd7 does', async () => {
  expect((await herd(['-version'])).out).toMatch(/^7\.58, Rev: fencepost \d+\.\d+\.\d+\n$/);
});
