import { describe, expect, it } from 'vitest';
import { worstExit } from './exit-code.js';
import { fencepost } from './test-terminal.js';
import { version } from './version.js';

const helped = [
  'run',
  'explain',
  'graph',
  'barriers',
  'repair',
  'prove',
  'report',
  'compile',
  'fmt',
  'merge',
  'models',
];

describe('the command line', () => {
  it('answers --version', async () => {
    expect(await fencepost(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each(['check', 'baseline'])('says in the help of %s that a project file may be run', async (command) => {
    const { out } = await fencepost([command, '--help']);
    expect(out.replace(/\s+/g, ' ')).toMatch(
      /project file of code .* is found and run by itself, .* --no-config/,
    );
  });

  it.each(helped)('has examples that can be copied in the help of %s', async (command) => {
    const { code, out } = await fencepost([command, '--help']);
    expect(code).toBe(0);
    const [, examples = ''] = /^Examples:\n(.*?)\n\n/ms.exec(`${out}\n\n`) ?? [];
    expect(examples).toContain(`fencepost ${command}`);
    // a command that does not fit its column would go on at the beginning of the next line
    for (const line of examples.split('\n')) expect(line).toMatch(/^ {2}(fencepost \S.* {2,}\S| {10} *\S)/);
  });

  it('lists commands and exit codes in its help', async () => {
    const { code, out } = await fencepost(['--help']);
    expect(code).toBe(0);
    for (const word of ['run', 'graph', 'compile', 'fmt', 'models', 'completion', 'Exit codes', '70'])
      expect(out).toContain(word);
  });

  it('prints a completion script', async () => {
    const { code, out } = await fencepost(['completion']);
    expect(code).toBe(0);
    expect(out).toContain('fencepost');
  });

  it.each([
    [[], 'A command is missing'],
    [['rnu', 'x.litmus'], 'did you mean `run`?'],
    [['race.litmus'], 'write `fencepost run race.litmus`'],
    [['frob'], 'unknown command `frob`'],
    [['completion', 'tcsh'], 'There are too many arguments.'],
    [['run'], 'A FILE is missing.\n  hint: see `fencepost run --help`'],
    [['run', 'x.litmus', '--modle', 'sc'], 'there is no option `--modle`\n  hint: did you mean `--model`?\n'],
    [['run', 'x.litmus', '--fromat=json', '--bar'], 'option `--fromat`\n  hint: did you mean `--format`?\n'],
    [['run', 'x.litmus', '-q'], 'there is no option `-q`\n  hint: see `fencepost run --help`\n'],
    [['run', 'x.litmus', '--no-foo'], 'there is no option `--foo`\n  hint: see `fencepost run --help`\n'],
    [['compile', 'a', 'b', '--to', 'x86'], 'error: `b` is one too many\n  hint: see `fencepost compile'],
    [
      ['run', 'x.litmus', '--mode', 'fast'],
      'error: --mode must be one of outcomes, count, verdict, not "fast"\n  hint: see `fencepost run --help`\n',
    ],
    [['run', 'x.litmus', '--mode', 'cuont'], 'not "cuont"\n  hint: did you mean `count`?\n'],
    [['run', 'x.litmus', '--mode='], '--mode must be one of outcomes, count, verdict, not ""\n'],
    [
      ['run', 'x.litmus', '--format', 'jsn'],
      'one of table, herd, json, not "jsn"\n  hint: did you mean `json`?\n',
    ],
    [['run', 'x.litmus', '--format'], 'error: --format needs a value\n'],
    [['run', 'x.litmus', '--timeout', 'soon'], '--timeout must be a positive number'],
    [['run', 'x.litmus', '--unroll', '-1'], '--unroll must be a positive integer'],
    [['run', 'x.litmus', '--mode', 'count', '--mode', 'verdict'], '--mode is given twice'],
    [['run', 'x.litmus', '--timeout', '1', '--timeout', '2'], '--timeout must be'],
    [['graph', 'x.litmus'], 'error: --model is missing\n'],
    [['graph', 'x.litmus', '--model', 'amr64'], 'unknown model `amr64`'],
    [
      ['graph', 'x.litmus', '--model', 'sc', '--format', 'png'],
      '--format must be some of text, svg, dot, not "png"',
    ],
    [['graph', 'x.litmus', '--model', 'sc', '-o', '-', '--format', 'svg,dot'], '--out - is for one format'],
    [['compile', 'x.litmus'], 'error: --to is missing\n'],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await fencepost(args);
    expect(err).toContain(message);
    expect(err).not.toContain('internal error');
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

describe('exit codes', () => {
  it.each([
    [[], 0],
    [[0, 0], 0],
    [[0, 3], 3],
    [[3, 1, 0], 1],
    [[1, 2, 3], 2],
    [[2, 70], 70],
  ] as const)('of %j: %d', (codes, worst) => {
    expect(worstExit(codes)).toBe(worst);
  });
});
