import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import { spanText } from '../text/source.js';
import { forgiven, mismatch, readExpectations } from './expectation.js';
import type { Expectation, ExpectedVerdict } from './report.js';
import { type Sample, sampleRun } from './sample-report.js';

const known = ['lkmm', 'arm64', 'x86', 'sc'];

function read(comment: string) {
  const source = { name: 't.litmus', text: `C t\n(*\n${comment}\n*)\n{}\n` };
  const { byModel, diagnostics } = readExpectations(source, 'lkmm', known);
  const found = [...byModel].map(
    ([model, { verdict, dataRace }]) => `${model} ${verdict}${dataRace ? '!' : ''}`,
  );
  return { found: found.join(', '), messages: renderDiagnostics(diagnostics) };
}

describe('expectations in a comment', () => {
  it.each([
    ['', ''],
    [' * Result: Sometimes', 'lkmm Sometimes'],
    [' * Result: Never\n *\n * Message passing.', 'lkmm Never'],
    [' * Result: DEADLOCK', 'lkmm Deadlock'],
    [' * Result: Maybe', 'lkmm Maybe'],
    [' * Result: Sometimes DATARACE', 'lkmm Sometimes!'],
    [' * Result: Sometimes\n * Result(arm64): Never\n', 'lkmm Sometimes, arm64 Never'],
    ['Result(x86, sc): Never.', 'x86 Never, sc Never'],
    [' * The Result: Never is not at the start of the line.', ''],
  ])('%j', (comment, found) => {
    expect(read(comment)).toEqual({ found, messages: '' });
  });

  it('do not get lost in a typo', () => {
    expect(
      read(' * Result: Somtimes\n * Result(amr64): Never\n * Result(x86): Never\n * Result(x86): Always'),
    ).toEqual({
      found: 'x86 Never',
      messages: [
        't.litmus:3:2: warning: expected a verdict after `Result:`, found `Somtimes` [expectation-unknown-verdict]',
        ' 3 |  * Result: Somtimes',
        '   |  ^^^^^^^^^^^^^^^^^^',
        '  hint: did you mean `Sometimes`?',
        't.litmus:4:2: warning: unknown model `amr64` in `Result(...)` [expectation-unknown-model]',
        ' 4 |  * Result(amr64): Never',
        '   |  ^^^^^^^^^^^^^^^^^^^^^^',
        '  hint: did you mean `arm64`?',
        't.litmus:6:2: warning: a second `Result` for x86; the first one counts [expectation-repeated]',
        ' 6 |  * Result(x86): Always',
        '   |  ^^^^^^^^^^^^^^^^^^^^^',
      ].join('\n'),
    });
  });
});

describe('a line that is nearly an expectation', () => {
  it.each([
    ' * Resutl: Never',
    ' * result: never',
    ' * Result Never',
    ' * Results: Sometimes DATARACE',
    ' * Result= Never',
    ' * Reslt(arm64): Never',
    ' * Result arm64: Never',
    ' * Result amr64: Nevr',
    ' * Result aarch64: Never',
    ' * Result[arm64]: Never',
    ' * Result{x86}: Always',
    ' * Result[arm64]: Nevr',
    ' * Result x86 Always',
    ' * Result for x86 and sc: Always, as TSO',
    ' * Result(arm64), Result(x86): Never',
    ' * - Result(arm64): Never',
    ' * 2. Result: Never',
    ' * Result(arm64):',
    ' * Result:',
    ' * Result (arm64) - Never',
    ' * Result(arm64) Never because of it',
    ' * Resut(x86): Sometimes, as TSO',
    ' * Reslt(x86): Always because of it',
    ' * result = Never, as said',
  ])('%s', (comment) => {
    const { found, messages } = read(comment);
    expect(found).toBe('');
    expect(messages).toMatch(/^t\.litmus:3:2: warning: .* is no expectation.*\[expectation-misspelt\]/);
  });

  it.each([
    ' * Observation: Never',
    ' * The result is Never',
    ' * Result of all that: nothing.',
    ' * Result of the weaker test: Sometimes',
    ' * Without the barrier there is another\n * result: never before seen, always so',
    ' * It has the same\n * result under arm64: the cycle is forbidden',
    ' * result under arm64 never differs',
    ' * Results:\n * Results on arm64: see below',
    ' * Reset: maybe later',
    ' * Write `Result: Never`, or\n * `Result: Never` again',
  ])('%j is prose', (comment) => {
    expect(read(comment)).toEqual({ found: '', messages: '' });
  });

  it.each([
    [' * Result(arm64): Never; Result(x86): Always', 'arm64 Never'],
    [' * Result: Never, x86: Always', 'lkmm Never'],
    [' * Result: Never (Result(x86) = Always)', 'lkmm Never'],
  ])('%s has a second one', (comment, expected) => {
    const { found, messages } = read(comment);
    expect(found).toBe(expected);
    expect(messages).toMatch(
      /^t\.litmus:3:2: warning: .* more than one expectation.*\[expectation-misspelt\]/,
    );
  });

  it('takes no time of lines without end', () => {
    const n = 30_000;
    const lines = [
      ' '.repeat(n),
      'Result'.repeat(n),
      '('.repeat(n),
      'x:'.repeat(n),
      ':'.repeat(n),
      '-'.repeat(n),
    ];
    const start = process.cpuUsage();
    for (const line of lines) {
      read(` * Result: Never${line}x`);
      read(` * Result: Never ${line}x`);
      read(` * Result${line}x`);
      read(` * Result(${line}): Never`);
      read(`${line}x`);
    }
    // of the processors, not of the clock; with the square of the length it would be minutes
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(15);
  });
});

describe('expectations behind the test', () => {
  const readFile = (text: string) => readExpectations({ name: 't.litmus', text }, 'lkmm', known);

  it("are read in the very form that the kernel's script looks for", () => {
    const text = 'C t\n{}\nexists (x=1)\n(* Result: Never DATARACE *)\n';
    const { byModel } = readFile(text);
    expect(byModel.get('lkmm')).toMatchObject({ verdict: 'Never', dataRace: true });
    expect(spanText(byModel.get('lkmm')!.span!)).toBe('Result: Never DATARACE');
    expect(readFile('C t\n{}\nexists (x=1)\n/* the Result: Never */\n').byModel.size).toBe(0);
  });

  it('are read in every comment', () => {
    const found = (text: string) => [...readFile(`C t\n{}\n${text}\nexists (x=1)\n`).byModel.keys()];
    expect(found('(*\n * Result(arm64): Always\n * Result(x86): Never, as TSO\n *)')).toEqual([
      'arm64',
      'x86',
    ]);
    expect(found('P0(int *x)\n{\n\t*x = 1; // Result: Never\n}')).toEqual(['lkmm']);
    expect(found('/*\n * Reslt(arm64): Always\n */')).toEqual([]);
    expect(readFile('C t\n{}\n/* Reslt(arm64): Always */\nexists (x=1)\n').diagnostics).toHaveLength(1);
  });

  it('are no sentences about values in the code', () => {
    for (const line of ['Result: the value of x', 'Result: never 2', 'Result:', 'Result: 1 or 2'])
      expect(readFile(`C t\n{}\nP0(int *x)\n{\n\t*x = 1; // ${line}\n}\nexists (x=1)\n`)).toEqual({
        byModel: new Map(),
        diagnostics: [],
      });
  });

  it('do not count the comment twice', () => {
    const text = 'C t\n(* Result: Never *)\n{}\nexists (x=1)\n';
    const { byModel, diagnostics } = readFile(text);
    expect([...byModel.keys()]).toEqual(['lkmm']);
    expect(diagnostics).toEqual([]);
  });
});

describe('a mismatch', () => {
  const never: Sample = { observed: ['x'], states: [{ values: [0] }] };
  const expectation = (text: string): Expectation => {
    const [word = '', mark] = text.split(' ');
    return { verdict: word as ExpectedVerdict, dataRace: mark === 'DATARACE', span: null };
  };
  const deadlock: Sample = { observed: ['x'], states: [] };
  const raced: Sample = { ...never, flags: ['data-race'] };

  // as the kernel's judgelitmus.sh: what is wrong, and what is forgiven
  it.each<[string, Sample, string | null, string | null]>([
    ['Never', never, null, null],
    ['Sometimes', never, 'expected Sometimes', null],
    ['Maybe', never, null, null],
    ['Maybe', deadlock, 'expected Maybe', null],
    ['Deadlock', deadlock, null, null],
    ['Deadlock', never, 'expected Deadlock', null],
    ['Never', deadlock, 'expected Never', null],
    ['Never DATARACE', never, 'expected a data race', null],
    ['Sometimes DATARACE', never, 'expected a data race, expected Sometimes', null],
    ['Never DATARACE', raced, null, null],
    ['Sometimes DATARACE', raced, null, 'expected Sometimes, forgiven for its data race'],
    ['Deadlock DATARACE', raced, 'expected Deadlock', null],
    ['Never', raced, 'expected no data race', null],
    ['Always', raced, 'expected no data race', 'expected Always, forgiven for its data race'],
  ])('of %s', (expected, sample, wrong, noted) => {
    const run = sampleRun(sample);
    expect(mismatch(run, expectation(expected))).toBe(wrong);
    expect(forgiven(run, expectation(expected))).toBe(noted);
  });

  it('is none where nothing is expected', () => {
    expect(mismatch(sampleRun(never), undefined)).toBeNull();
  });

  it('is no flag that nobody looked for', () => {
    const asked = { ...sampleRun(never), enumerated: false };
    expect(mismatch(asked, expectation('Never DATARACE'))).toBeNull();
  });

  it('is not a search that a limit cut short', () => {
    const open = sampleRun({ ...never, limit: 'timeout' });
    expect(mismatch(open, expectation('Sometimes'))).toBeNull();
    expect(mismatch(open, expectation('Never DATARACE'))).toBeNull();
    // what was found is certain
    expect(mismatch(sampleRun({ ...raced, limit: 'timeout' }), expectation('Never'))).toBe(
      'expected no data race',
    );
  });
});
