/** The logs of the tests are made up, in the formats that the tools write. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExpectedResults } from '../verdict/expected-result.js';
import { renderHerdReport } from '../verdict/herd-report.js';
import { isKnown, knownDifferences } from '../verdict/known-differences.js';
import { isRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { compareLogs, countLogs, normalOutcomes } from './compare-logs.js';
import { isOtherCondition } from './condition-key.js';
import type { LogTest } from './log-answers.js';
import { normalName, normalValue, readState } from './log-state.js';
import { renderLogDiffs } from './logs-text.js';
import { outcomesOf } from './outcomes.js';
import { isLog, readLog } from './read-log.js';

function read(text: string): { tests: LogTest[]; messages: string[] } {
  const { value, diagnostics } = readLog({ name: 'a.log', text }, 'herd7');
  return { tests: [...(value?.tests.values() ?? [])], messages: diagnostics.map(({ message }) => message) };
}

describe('a state of a log', () => {
  it.each([
    ['0:r0=0; 1:r1=1;', '0:r0=0; 1:r1=1'],
    ['1:r1=1; 0:r0=0; [x]=2;', '0:r0=0; 1:r1=1; x=2'],
    ['[x]=2; 10:X2=0x10; 2:X10=1; 2:X2=-1;', '2:X2=-1; 2:X10=1; 10:X2=16; x=2'],
    ['  0:X0=0xffffffffffffffff ;[p->__state]=1;', '0:X0=18446744073709551615; p->__state=1'],
    ['P1:r0=&x; *y=3; a[1]=4;', '1:r0=x; a[1]=4; y=3'],
    ['0:r0=a[0];', '0:r0=a'],
    ['0:X0=1; ~fault(P0,x);', '0:X0=1; fault(P0,x)=false'],
    ['', ''],
  ])('%j is %j', (line, text) => {
    expect(readState(line)?.text).toBe(text);
  });

  it.each(['Ok', '0:r0=0', 'Warning: File "x";', '=1;', '0:r0=;', 'a b=1;'])('is not %j', (line) => {
    expect(readState(line)).toBeNull();
  });

  it('has names and values of one form, which have themselves for their form', () => {
    const name = fc.oneof(fc.constantFrom('x', '[x]', '*x', 'P0:r1', '1:X0', 'p->f', 'a[0]'), fc.string());
    fc.assert(
      fc.property(name, (text) => normalName(normalName(text)) === normalName(text)),
      { seed: 7 },
    );
    const value = fc.oneof(
      fc.constantFrom('0x1F', '-3', '&x', '[x]', '007', 'a[0]'),
      fc.integer().map(String),
    );
    fc.assert(
      fc.property(value, (text) => normalValue(normalValue(text)) === normalValue(text)),
      { seed: 7 },
    );
  });
});

const herd = `Warning: File "mp.litmus": some remark
Test MP Allowed
States 3
1:r0=0; 1:r1=0;
Warning: and another
1:r0=0; 1:r1=1;
1:r0=1; 1:r1=1;
No
Witnesses
Positive: 0 Negative: 3
Flag data-race
Condition exists (1:r0=1 /\\ 1:r1=0)
Observation MP Never 0 3
Time MP 0.01
Hash=0123456789abcdef

Test stuck Required
States 0
Ok
Witnesses
Positive: 0 Negative: 0
Condition forall (x=1)
Observation stuck Never 0 0
Time stuck 0.00

Test quiet Allowed
States 1

Ok
Witnesses
Positive: 1 Negative: 0
Condition exists (true)
Observation quiet Always 1 0
`;

describe('a log of herd7', () => {
  it('has the outcomes of its tests', () => {
    const { tests, messages } = read(herd);
    expect(messages).toEqual([]);
    const [mp, stuck, quiet] = tests;
    expect(mp).toEqual({
      name: 'MP',
      kind: 'all',
      condition: 'exists (1:r0=1 /\\ 1:r1=0)',
      outcomes: {
        model: 'herd7',
        verdict: 'Never',
        observed: ['1:r0', '1:r1'],
        states: ['1:r0=0; 1:r1=0', '1:r0=0; 1:r1=1', '1:r0=1; 1:r1=1'],
        flags: ['data-race'],
        limit: null,
      },
    });
    expect(stuck?.outcomes).toMatchObject({ verdict: 'Deadlock', states: [], limit: null });
    expect(quiet?.outcomes).toMatchObject({ verdict: 'Always', states: [''], observed: [] });
  });

  it('may have the line breaks of Windows', () => {
    expect(read(herd.replaceAll('\n', '\r\n')).tests).toEqual(read(herd).tests);
  });

  it('that breaks off tells what it has, and that there is more', () => {
    const cut = read(herd.slice(0, herd.indexOf('1:r0=1; 1:r1=1')));
    expect(cut.tests.map(({ outcomes }) => outcomes)).toMatchObject([
      {
        verdict: 'Unknown',
        states: ['1:r0=0; 1:r1=0', '1:r0=0; 1:r1=1'],
        limit: 'the log has 2 of 3 states',
      },
    ]);
    const later = read(herd.slice(0, herd.indexOf('Witnesses')));
    expect(later.tests[0]?.outcomes).toMatchObject({
      verdict: 'Unknown',
      limit: 'the log breaks off in this test',
    });
    const head = read(herd.slice(0, herd.indexOf('States 0')));
    expect(head.messages).toEqual(['the log says nothing of the states of stuck']);
  });

  it('without Observation has its verdict from the witnesses', () => {
    const old = (kind: string, positive: number, negative: number): string =>
      `Test t ${kind}\nStates 1\nx=1;\nOk\nWitnesses\nPositive: ${positive} Negative: ${negative}\n`;
    const verdict = (text: string) => read(text).tests[0]?.outcomes.verdict;
    expect(verdict(old('Allowed', 1, 2))).toBe('Sometimes');
    expect(verdict(old('Allowed', 0, 2))).toBe('Never');
    expect(verdict(old('Forbidden', 2, 0))).toBe('Never');
    expect(verdict(old('Required', 2, 0))).toBe('Always');
  });

  it('with a test twice is told', () => {
    const [first = ''] = herd.split('\nTest stuck');
    expect(read(`${first}\n${first}`).messages).toEqual([]);
    const other = first.replace('Never 0', 'Sometimes 1');
    expect(read(`${first}\n${other}`).messages).toEqual([
      'MP is in the log more than once, with different answers; this one is called MP (2)',
    ]);
  });

  it('with a test twice differs from one that lacks either answer', () => {
    const log = (...texts: string[]) =>
      readLog({ name: 'log', text: texts.join('\n') }, 'herd7').value!.tests;
    const [first = ''] = herd.split('\nTest stuck');
    const other = first.replace('Never 0', 'Sometimes 1');
    const statuses = (a: ReadonlyMap<string, LogTest>, b: ReadonlyMap<string, LogTest>) =>
      compareLogs(a, b).map(({ test, status }) => `${test}: ${status}`);
    expect(statuses(log(first, other), log(first))).toEqual(['MP: same', 'MP (2): only-before']);
    expect(statuses(log(other), log(first, other))).toEqual(['MP: different', 'MP (2): only-after']);
    expect(statuses(log(first, other), log(first, first, other))).toEqual(['MP: same', 'MP (2): same']);
    expect(statuses(log(first, first), log(first))).toEqual(['MP: same']);
  });

  it('with more states than it announces is refused, at the first of them', () => {
    const { value, diagnostics } = readLog(
      { name: 'a.log', text: herd.replace('States 3', 'States 2') },
      'x',
    );
    expect(value).toBeNull();
    expect(diagnostics).toMatchObject([
      { code: 'log-miscounts', message: 'MP has more states than the 2 that are announced' },
    ]);
    expect(herd.slice(diagnostics[0]?.span?.start)).toMatch(/^.*1:r0=1; 1:r1=1;/);
    expect(read(herd.replace('States 0', 'States 0\nx=1;')).messages).toHaveLength(1);
  });
});

describe('a log of litmus7', () => {
  const run = `%%% Results for sb.litmus %%%
X86_64 SB
{x=0; y=0;}
 P0 | P1 ;
Test SB Allowed
Histogram (4 states)
96    *>0:rax=0; 1:rax=0;
499878:>0:rax=1; 1:rax=0;
499862:>0:rax=0; 1:rax=1;
164   :>0:rax=0x1; 1:rax=1;
Ok

Witnesses
Positive: 96, Negative: 999904
Condition exists (0:rax=0 /\\ 1:rax=0) is validated
Hash=0
Observation SB Sometimes 96 999904
Time SB 0.11
`;

  it('has what was seen', () => {
    const [sb] = read(run).tests;
    expect(sb).toMatchObject({
      name: 'SB',
      kind: 'seen',
      condition: 'exists (0:rax=0 /\\ 1:rax=0)',
      outcomes: { verdict: 'Sometimes', observed: ['0:rax', '1:rax'], limit: null },
    });
    expect(sb?.outcomes.states).toHaveLength(4);
  });

  it('with more states than it announces is refused', () => {
    expect(read(run.replace('(4 states)', '(1 states)')).messages).toEqual([
      'SB has more states than the 1 that are announced',
    ]);
    // the text of the next test is none
    const next = run.replace('{x=0; y=0;}', '{\n x=0; y=0;\n}').replaceAll('SB', 'SB2');
    expect(read(run + next).messages).toEqual([]);
  });

  it('may have a test several times: all of it was seen', () => {
    const other = run
      .replace('Histogram (4', 'Histogram (1')
      .replace(/\n(?:96|499862|164).*/g, '')
      .replace('rax=1; 1:rax=0', 'rax=7; 1:rax=0')
      .replace('Sometimes 96 999904', 'Never 0 1000000');
    const [sb] = read(run + other).tests;
    expect(sb?.outcomes.states).toHaveLength(5);
    expect(sb?.outcomes.verdict).toBe('Sometimes');
  });
});

describe('logs that ask different things', () => {
  const asking = (condition: string) =>
    readLog({ name: 'a.log', text: herd.replace('exists (1:r0=1 /\\ 1:r1=0)', () => condition) }, 'herd7')
      .value!.tests;
  const mp = (condition: string) =>
    compareLogs(asking('exists (1:r0=1 /\\ 1:r1=0)'), asking(condition)).find(({ test }) => test === 'MP');

  it.each(['exists (1:r1=0 /\\ 1:r0=1)', 'exists ((1:r0=0x1) /\\ (P1:r1=0))', '~exists (1:r0=1 /\\ 1:r1=0)'])(
    'are not those with %s',
    (condition) => {
      expect(mp(condition)).toMatchObject({ status: 'same', conditions: null });
    },
  );

  it.each([
    'exists (1:r0=0 /\\ 1:r1=0)',
    'exists (1:r0=1)',
    'exists (1:r0=1 \\/ 1:r1=0)',
    'exists (not (1:r0=1 /\\ 1:r1=0))',
    'exists (fault(P0,x))',
  ])('are those with %s', (condition) => {
    expect(mp(condition)).toMatchObject({ status: 'different', conditions: { after: condition } });
  });

  it('tell so', () => {
    const options = { before: 'a', after: 'b', all: false };
    expect(renderLogDiffs([mp('exists (1:r0=1)')!], options)).toContain(
      'MP\n  they ask different things: exists (1:r0=1 /\\ 1:r1=0) before, exists (1:r0=1) after\n',
    );
  });

  it('may be such that mean the same in memory', () => {
    const same = [
      ['exists ([x]=1 /\\ 0:r0=y)', 'exists (0:r0=&y /\\ x=1)'],
      ['exists (x=1 /\\ (y=2 /\\ z=3))', 'exists (x=1 /\\ y=2 /\\ z=3)'],
      ['forall (a[0]=1)', 'forall (a=1)'],
      ['exists (fault(P0,x))', 'exists  (fault (P0, x))'],
    ] as const;
    for (const [a, b] of same) expect([a, isOtherCondition(a, b)]).toEqual([a, false]);
  });
});

describe('what is no log', () => {
  it('is told from one', () => {
    expect(isLog({ name: 'a', text: herd })).toBe(true);
    expect(isLog({ name: 'a', text: 'C t\n{}\nP0(int *x) { }\nexists (x=1)\n' })).toBe(false);
    expect(read('C t\n{}\n').messages).toEqual([
      'a.log: expected a log of herd7 or litmus7, found no test in it',
    ]);
  });

  it('is read without an exception, whatever it is', () => {
    const lines = fc.array(fc.oneof(fc.constantFrom(...herd.split('\n')), fc.string()));
    fc.assert(
      fc.property(
        fc.oneof(
          lines.map((all) => all.join('\n')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          read(text);
        },
      ),
      { seed: 11, numRuns: 500 },
    );
  });

  it('or is one with mistakes, is read without an exception', () => {
    const cut = fc.tuple(fc.nat(herd.length), fc.nat(8), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 6 }), (cuts) => {
        const text = cuts.reduce(
          (all, [at, length, put]) => all.slice(0, at) + put + all.slice(at + length),
          herd,
        );
        for (const { outcomes } of read(text).tests) expect(outcomes.states.length).toBeLessThan(10);
      }),
      { seed: 12, numRuns: 500 },
    );
  });

  it('is read in a time that grows with its length only', () => {
    const hostile = `Test ${'a '.repeat(50_000)}\nTest a${' '.repeat(100_000)}b\nTest t Allowed\nStates 9\n${'x='.repeat(50_000)};\nObservation ${' '.repeat(50_000)}x\nCondition ${' '.repeat(50_000)}y\n${'7'.repeat(100_000)}x=1;\nPositive:${' '.repeat(50_000)}\n`;
    const start = process.cpuUsage();
    read(hostile);
    // of the processors, not of the clock
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(4);
  });
});

const conformance = fileURLToPath(new URL('../../../shared/conformance', import.meta.url));

describe('logs of known results', () => {
  const folders = ['lkmm', 'aarch64', 'x86'].filter((name) =>
    existsSync(join(conformance, name, 'expected.json')),
  );
  if (folders.length === 0) console.warn('read-log.test: the conformance data are not there: not compared');

  it.skipIf(folders.length === 0).each(folders)('of %s are what we say, and our report of it', (folder) => {
    const path = join(conformance, folder, 'expected.json');
    const expected = readExpectedResults({ name: path, text: readFileSync(path, 'utf8') }).value!;
    const files = [...expected].filter(
      ([file, result]) =>
        result.kind === 'full' &&
        !knownDifferences.some((row) => isKnown(row, `${folder}/${file}`)) &&
        existsSync(join(conformance, folder, file)),
    );
    const sample = files.filter((_, i) => i % Math.ceil(files.length / 15) === 0);
    let [theirs, ours] = ['', ''];
    const judged = new Map<string, LogTest>();
    for (const [file, result] of sample) {
      const name = join(conformance, folder, file);
      const options = { ...defaultRunOptions, models: 'own', mode: 'count' } as const;
      const report = runTest({ name: file, text: readFileSync(name, 'utf8') }, options);
      const run = report.kind === 'test' ? report.models.find(isRun) : undefined;
      if (report.kind !== 'test' || run === undefined || result.kind !== 'full') continue;
      const { question, states, positive, negative, flags, observation } = result;
      theirs += `Test ${file} ${question}\nStates ${states.length}\n${states.map((line) => `${line}\n`).join('')}Ok\nWitnesses\nPositive: ${positive} Negative: ${negative}\n${flags.map((flag) => `Flag ${flag}\n`).join('')}Observation ${file} ${observation} ${question === 'Forbidden' ? `${negative} ${positive}` : `${positive} ${negative}`}\n\n`;
      ours += renderHerdReport({ ...report, name: file }, run);
      judged.set(file, {
        name: file,
        kind: 'all',
        outcomes: normalOutcomes(outcomesOf(run)),
        condition: null,
      });
    }
    expect(judged.size).toBeGreaterThan(10);
    const log = (text: string) => readLog({ name: 'log', text }, 'herd7').value!.tests;
    const same = { same: judged.size, different: 0, open: 0, 'only-before': 0, 'only-after': 0 };
    expect(countLogs(compareLogs(log(ours), judged))).toEqual(same);
    expect(compareLogs(log(theirs), judged).filter(({ status }) => status !== 'same')).toEqual([]);
  });
});
