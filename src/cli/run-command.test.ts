import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { techniqueNames } from '../search/techniques.js';
import { fencepost, plainTerminal } from './test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const threads = `
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

exists (1:r0=1 /\\ 1:r1=0)
`;
const mp = file('mp.litmus', `C mp\n\n{}\n${threads}`);
const expecting = (name: string, comment: string) =>
  file(`${name}.litmus`, `C ${name}\n\n(*\n${comment}\n *)\n\n{}\n${threads}`);

const arm = file(
  'arm.litmus',
  `AArch64 sb
{ 0:X1=x; 0:X3=y; 1:X1=y; 1:X3=x; }
 P0          | P1          ;
 MOV W0,#1   | MOV W0,#1   ;
 STR W0,[X1] | STR W0,[X1] ;
 LDR W2,[X3] | LDR W2,[X3] ;
exists (0:X2=0 /\\ 1:X2=0)
`,
);

const spin = file(
  'spin.litmus',
  `C spin

{}

P0(int *x)
{
	int r0 = 0;
	int i = 0;

	while (i < 1000) {
		r0 = READ_ONCE(*x);
		WRITE_ONCE(*x, r0 + 1);
		i = i + 1;
	}
}

exists (x=1)
`,
);

describe('fencepost run', () => {
  it('prints the table under all models that fit', async () => {
    const { code, out, err } = await fencepost(['run', mp]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`\
mp: exists (1:r0=1 /\\ 1:r1=0)

     1:r0  1:r1  lkmm  arm64  x86  sc
        0     0  yes   yes    yes  yes
        0     1  yes   yes    yes  yes
  *     1     0  yes   yes    -    -
        1     1  yes   yes    yes  yes

  lkmm   Sometimes
  arm64  Sometimes
  x86    Never
  sc     Never
`);
  });

  it('judges assembly by its own architecture and sc', async () => {
    const { code, out } = await fencepost(['run', arm]);
    expect(code).toBe(0);
    expect(out).toContain('  arm64  Sometimes\n  sc     Never\n');
  });

  it('takes the models it is told to, in the order of the columns', async () => {
    const { code, out } = await fencepost(['run', mp, '--model', 'sc,lkmm']);
    expect(code).toBe(0);
    expect(out).toContain('  lkmm  Sometimes\n  sc    Never\n');
    expect(out).not.toContain('arm64');
  });

  it('remarks on models that cannot judge, unless they are asked for', async () => {
    const rcu = file(
      'rcu.litmus',
      'C rcu\n\n{}\n\nP0(int *x)\n{\n\tWRITE_ONCE(*x, 1);\n\tsynchronize_rcu();\n}\n\nexists (x=1)\n',
    );
    const { code, out, err } = await fencepost(['run', rcu]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^ {2}arm64 {2}not judged {2}\(cannot compile .*synchronize_rcu/m);
    expect(out).toContain('  sc     Always\n');
    const asked = await fencepost(['run', rcu, '--model', 'lkmm,arm64']);
    expect(asked.code).toBe(2);
    expect(asked.err).toContain('[cannot-lower]');
    expect(asked.out).toContain('  arm64  error\n');
    const expected = file(
      'rcu-expected.litmus',
      readFileSync(rcu, 'utf8').replace('{}', '(*\n * Result(arm64): Always\n *)\n\n{}'),
    );
    expect((await fencepost(['run', expected])).code).toBe(2);
  });

  it('says in JSON that verdict mode looks for no flags', async () => {
    const { out } = await fencepost(['run', mp, '--model', 'lkmm', '--mode', 'verdict', '--format', 'json']);
    expect((JSON.parse(out) as { flags: unknown }[])[0]?.flags).toBeNull();
  });

  it('wants a configuration to name a model', async () => {
    const empty = file('empty.cfg', '# nothing\n');
    const { code, err } = await fencepost(['run', mp, '--conf', empty]);
    expect(code).toBe(2);
    expect(err).toContain('names no model');
  });

  it('answers Unknown for a model that is nested too deeply to evaluate', async () => {
    // a model file has 128 KiB at most
    const name = (i: number): string => `z${i.toString(36)}`;
    const lines = Array.from({ length: 6000 }, (_, i) => `let ${name(i + 1)}=${name(i)};rf|${name(i)}`);
    const deep = file('deep.cat', `"deep"\nlet z0=po\n${lines.join('\n')}\nacyclic ${name(6000)} as x\n`);
    const { code, out } = await fencepost(['run', mp, '--model', deep]);
    expect(code).toBe(3);
    expect(out).toContain('Unknown  (limit: definitions that are nested too deeply)');
  });

  it('counts', async () => {
    const { out } = await fencepost(['run', mp, '--model', 'lkmm', '--mode', 'count']);
    expect(out).toContain('  lkmm  Sometimes  (1 for, 3 against)\n');
  });

  it("prints herd7's report, under the test's own model", async () => {
    const { code, out } = await fencepost(['run', mp, '--format', 'herd']);
    expect(code).toBe(0);
    expect(out.replace(/^Time mp .*$/m, 'Time mp').replace(/^Hash=.*$/m, 'Hash')).toBe(`\
Test mp Allowed
States 4
1:r0=0; 1:r1=0;
1:r0=0; 1:r1=1;
1:r0=1; 1:r1=0;
1:r0=1; 1:r1=1;
Ok
Witnesses
Positive: 1 Negative: 3
Condition exists (1:r0=1 /\\ 1:r1=0)
Observation mp Sometimes 1 3
Time mp
Hash

`);
  });

  it('prints JSON: an object for each file and model, also for a broken file', async () => {
    const broken = file('broken.litmus', 'C broken\n{}\nP0(int *x) { WRITE_ONCE(*x, }\nexists (x=1)\n');
    const { code, out, err } = await fencepost(['run', broken, mp, '--model', 'lkmm,sc', '--format', 'json']);
    expect(code).toBe(2);
    expect(err).toContain('broken.litmus:3:');
    const results: unknown = JSON.parse(out);
    expect(results).toMatchObject([
      { file: broken, test: null, model: null, verdict: null },
      { file: mp, test: 'mp', model: 'lkmm', verdict: 'Sometimes', positive: null },
      { file: mp, test: 'mp', model: 'sc', verdict: 'Never' },
    ]);
  });

  it('goes on after a file that is no test, and says what is wrong with it', async () => {
    const junk = file('junk.litmus', '\u0000\u0001');
    const empty = file('empty.litmus', '');
    const { code, out, err } = await fencepost([
      'run',
      junk,
      empty,
      join(folder, 'none.litmus'),
      mp,
      '--model',
      'sc',
    ]);
    expect(code).toBe(2);
    expect(out).toContain('sc  Never');
    expect(err).toContain('binary data');
    expect(err).toContain('empty.litmus');
    expect(err).toContain('there is no such file');
    expect(err).not.toMatch(/internal error|\n {4}at /);
  });

  it('compares with what the test expects', async () => {
    const right = expecting('right', ' * Result: Sometimes\n * Result(x86): Never');
    const wrong = expecting('wrong', ' * Result: Sometimes\n * Result(x86): Sometimes');
    expect((await fencepost(['run', right])).code).toBe(0);
    const { code, out } = await fencepost(['run', right, wrong]);
    expect(code).toBe(1);
    expect(out).toContain('  x86    Never, expected Sometimes\n');
    // A model that was not run cannot differ.
    expect((await fencepost(['run', wrong, '--model', 'lkmm'])).code).toBe(0);
  });

  it('does not take a limit for an answer', async () => {
    const { code, out } = await fencepost(['run', spin, '--model', 'lkmm', '--unroll', '2']);
    expect(code).toBe(3);
    expect(out).toContain('Unknown  (limit: ');
  });

  it('refuses an unknown model, and one that fits no file', async () => {
    const unknown = await fencepost(['run', mp, '--model', 'lkmm,amr64']);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('unknown model `amr64`');
    expect(unknown.err).toContain('did you mean `arm64`?');
    const unfit = await fencepost(['run', arm, '--model', 'lkmm']);
    expect(unfit.code).toBe(2);
    expect(unfit.err).toContain('the models that fit this test are arm64, sc');
    const partly = await fencepost(['run', arm, '--model', 'lkmm,sc']);
    expect(partly.code).toBe(0);
    expect(partly.err).toContain('warning: ');
  });

  it('colours only where it is told that it can', async () => {
    const coloured = await fencepost(['run', mp, '--model', 'sc'], {
      ...plainTerminal,
      colours: { out: true, err: false },
    });
    expect(coloured.out).toContain('\u001b[');
    expect((await fencepost(['run', mp, '--model', 'sc'])).out).not.toContain('\u001b[');
  });

  it('reads standard input', async () => {
    const input = vi.spyOn(process, 'stdin', 'get');
    input.mockReturnValue(Readable.from([readFileSync(mp)]) as typeof process.stdin);
    const { code, out } = await fencepost(['run', '-', '--model', 'sc', '--format', 'json']);
    input.mockRestore();
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ file: '<stdin>', model: 'sc', verdict: 'Never' }]);
  });

  it('draws what it found', async () => {
    const out = join(folder, 'pictures');
    const { code } = await fencepost(['run', mp, '--model', 'lkmm,sc', '--graph', out]);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['mp.lkmm.dot', 'mp.lkmm.svg', 'mp.sc.dot', 'mp.sc.svg']);
    expect(readFileSync(join(out, 'mp.sc.svg'), 'utf8')).toContain('</svg>');
  });
});

describe('fencepost compile', () => {
  it('prints assembly that it can judge itself', async () => {
    for (const to of ['arm64', 'x86']) {
      const { code, out, err } = await fencepost(['compile', mp, '--to', to]);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const compiled = await fencepost(['run', file(`${to}.litmus`, out), '--model', to]);
      expect(compiled.err).toBe('');
      expect(compiled.out).toContain(`${to}  ${to === 'arm64' ? 'Sometimes' : 'Never'}`);
    }
  });

  it('does not compile assembly', async () => {
    const { code, err } = await fencepost(['compile', arm, '--to', 'x86']);
    expect(code).toBe(2);
    expect(err).toContain('assembly already');
  });
});

describe('fencepost graph', () => {
  it('draws one model', async () => {
    const out = join(folder, 'one');
    const { code, out: text } = await fencepost(['graph', mp, '--model', 'x86', '-o', out]);
    expect(code).toBe(0);
    expect(text).toContain('mp under x86: forbidden');
    expect(readdirSync(out).sort()).toEqual(['mp.x86.dot', 'mp.x86.svg']);
  });
});

describe('fencepost models', () => {
  it('lists them all', async () => {
    const { code, out } = await fencepost(['models']);
    expect(code).toBe(0);
    expect(out.match(/^\w+/gm)).toEqual(['lkmm', 'arm64', 'x86', 'sc', 'FILE']);
  });
});

describe('the switches of the search', () => {
  it.each(techniqueNames)('change no answer: %s', async (technique) => {
    const name = `--no-${technique.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const plain = await fencepost(['run', mp, arm, '--mode', 'count']);
    expect(await fencepost(['run', mp, arm, '--mode', 'count', name])).toEqual(plain);
    expect((await fencepost(['run', '--help'])).out).toContain(name);
    const out = join(folder, technique);
    const drawn = await fencepost(['graph', mp, '--model', 'x86', '-o', out, name]);
    expect(drawn.code).toBe(0);
  });

  it('are not guessed', async () => {
    const { code, err } = await fencepost(['run', mp, '--no-luck']);
    expect(code).toBe(2);
    expect(err).toContain('luck');
  });
});
