import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../text/render.js';
import { mismatch, readExpectations } from './expectation.js';
import { type Sample, sampleRun } from './sample-report.js';

const known = ['lkmm', 'arm64', 'x86', 'sc'];

function read(comment: string) {
  const source = { name: 't.litmus', text: `C t\n(*\n${comment}\n*)\n{}\n` };
  const { byModel, diagnostics } = readExpectations(source, comment, 'lkmm', known);
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

describe('a mismatch', () => {
  const never: Sample = { observed: ['x'], states: [{ values: [0] }] };
  it('is a different verdict', () => {
    expect(mismatch(sampleRun(never), { verdict: 'Never', dataRace: false })).toBeNull();
    expect(mismatch(sampleRun(never), { verdict: 'Sometimes', dataRace: false })).toBe('expected Sometimes');
    expect(mismatch(sampleRun(never), undefined)).toBeNull();
  });

  it('is a race that was predicted and not found', () => {
    expect(mismatch(sampleRun(never), { verdict: 'Never', dataRace: true })).toBe('expected a data race');
    const raced = sampleRun({ ...never, flags: ['data-race'] });
    // nobody looked
    const asked = { ...sampleRun(never), enumerated: false };
    expect(mismatch(asked, { verdict: 'Never', dataRace: true })).toBeNull();
    expect(mismatch(raced, { verdict: 'Never', dataRace: true })).toBeNull();
  });

  it('is not a search that a limit cut short', () => {
    const open = sampleRun({ ...never, limit: 'timeout' });
    expect(mismatch(open, { verdict: 'Sometimes', dataRace: false })).toBeNull();
  });
});
