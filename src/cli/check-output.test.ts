import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleChecks, summaryOf } from '../check/reporters/sample-checks.js';
import { CheckOutput, chooseReporters } from './check-output.js';
import { plainTerminal } from './test-terminal.js';

const root = mkdtempSync(join(tmpdir(), 'fencepost-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('the choice of reporters', () => {
  it('is for people, and on GitHub for its pull requests, too', () => {
    const names = (environment: Readonly<Record<string, string>>) =>
      chooseReporters(undefined, environment).map(({ name, file }) => [name, file]);
    expect(names({})).toEqual([['human', null]]);
    expect(names({ GITHUB_ACTIONS: 'true' })).toEqual([
      ['human', null],
      ['github', null],
    ]);
  });

  it('takes the rest of the text for a file', () => {
    expect(chooseReporters(['human', 'github', 'junit=a=b.xml', 'json=c'], {})).toEqual([
      { name: 'human', file: null },
      { name: 'github', file: null },
      { name: 'junit', file: 'a=b.xml' },
      { name: 'json', file: 'c' },
    ]);
  });

  it.each([
    [['junti'], 'unknown reporter "junti": did you mean `junit`?'],
    [['xml'], 'unknown reporter "xml": they are human, json, junit, tap, github, markdown, sarif'],
    [['json='], '--reporter json= must be followed by the name of a file'],
    [['human', 'json'], 'standard output is for one report: write --reporter json=FILE'],
    [['json', 'github'], 'standard output is for one report: write --reporter json=FILE'],
    [['human', 'human'], 'standard output is for one report: write --reporter human=FILE'],
    [['tap=a', 'json=a'], 'two reporters write to a'],
    [['tap=new/a', 'json=./new//b/../a'], 'two reporters write to ./new//b/../a'],
  ])('refuses %j', (asked, message) => {
    expect(() => chooseReporters(asked, {})).toThrow(message);
  });

  it('sees one file behind two names, be it there or not', () => {
    mkdirSync(join(root, 'real'));
    symlinkSync('real', join(root, 'folder'));
    symlinkSync(join('real', 'b'), join(root, 'file'));
    const choose = (a: string, b: string) => () =>
      chooseReporters([`tap=${join(root, a)}`, `json=${join(root, b)}`], {});
    expect(choose('real/a/deep', 'folder/a/deep')).toThrow('two reporters write to');
    expect(choose('real/b', 'file')).toThrow('two reporters write to');
    writeFileSync(join(root, 'real', 'b'), '');
    expect(choose('folder/b', 'file')).toThrow('two reporters write to');
    expect(choose('real/a', 'folder/b')).not.toThrow();
  });
});

describe('the reports of a check', () => {
  it('go to standard output as the tests are done, and to files at the end', async () => {
    let out = '';
    let cleared = 0;
    const terminal = {
      ...plainTerminal,
      out: (text: string) => {
        out += text;
      },
    };
    const file = join(root, 'new', 'report.json');
    const choices = chooseReporters(['tap', `json=${file}`, `human=${root}`], {});
    const output = await CheckOutput.open(choices, null, terminal, () => cleared++);
    output.begin(2);
    output.add(sampleChecks[0]!);
    expect(out).toBe('TAP version 14\nok 1 - tests/sleep.litmus\n');
    expect(cleared).toBe(2);
    const failures = output.finish(summaryOf(sampleChecks.slice(0, 1)));
    expect(out).toBe('TAP version 14\nok 1 - tests/sleep.litmus\n1..1\n');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ tests: [{ test: 'sleep' }] });
    expect(failures.map(({ message }) => message.replace(root, ''))).toEqual([
      expect.stringMatching(/^: cannot be written: /),
    ]);
  });

  it('are no commands for the runner of GitHub, but for the annotations', async () => {
    let out = '';
    const terminal = {
      ...plainTerminal,
      out: (text: string) => {
        out += text;
      },
    };
    const [check] = sampleChecks.filter(({ findings }) => findings.length > 0);
    const hostile = { ...check!, file: '::stop-commands::x.litmus', test: '::add-mask::yes' };
    const named = { ...hostile, findings: [{ ...check!.findings[0]!, message: '##[error]boo' }] };
    const choices = chooseReporters(undefined, { GITHUB_ACTIONS: 'true' });
    const output = await CheckOutput.open(choices, null, terminal, () => {});
    output.begin(1);
    output.add(named);
    expect(out).toContain(': :stop-commands::x.litmus');
    const commands = out.split('\n').filter((line) => /^\s*::|##\[/.test(line));
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((line) => !/^::(?:error|warning) /.test(line))).toEqual([]);
  });
});
