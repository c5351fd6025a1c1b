import { describe, expect, it } from 'vitest';
import { InvariantError } from '../text/diagnostic.js';
import { contentHash } from './content-hash.js';
import { renderHerdReport, renderHerdUnfinished } from './herd-report.js';
import { type Sample, sampleLocation, sampleRun, sampleTest } from './sample-report.js';

const sample: Sample = {
  observed: ['1:r0', '1:r1', 'x', 'a[1]'],
  states: [
    { values: [0, 0, 1, 0], executions: 2 },
    { values: [1, 0, 1, 0], executions: 1, satisfies: true },
    { values: [0, 1, 1, 0], executions: 3 },
  ],
};

function report(changes: Partial<Sample>): string {
  const run = sampleRun({ ...sample, ...changes });
  return renderHerdReport(sampleTest([run]), run);
}

/** The lines between the states and the condition, and the observation. */
function answers(changes: Partial<Sample>): string[] {
  const lines = report(changes).split('\n');
  return lines.filter((line) => /^(Ok|No|\?\?|Positive|Flag|Limit|Observation|Test)/.test(line));
}

describe('the herd report', () => {
  it('is the block that herd7 prints', () => {
    expect(report({ flags: ['data-race'] })).toBe(
      [
        'Test sample Allowed',
        'States 3',
        '1:r0=0; 1:r1=0; [x]=1; a[1]=0;',
        '1:r0=0; 1:r1=1; [x]=1; a[1]=0;',
        '1:r0=1; 1:r1=0; [x]=1; a[1]=0;',
        'Ok',
        'Witnesses',
        'Positive: 1 Negative: 5',
        'Flag data-race',
        'Condition exists (1:r0=1 /\\ 1:r1=0)',
        'Observation sample Sometimes 1 5',
        'Time sample 0.00',
        `Hash=${contentHash('C sample')}`,
        '',
        '',
      ].join('\n'),
    );
  });

  it('swaps the witnesses of ~exists, but not the observation', () => {
    expect(answers({ quantifier: '~exists' })).toEqual([
      'Test sample Forbidden',
      'No',
      'Positive: 5 Negative: 1',
      'Observation sample Sometimes 1 5',
    ]);
  });

  it('answers forall', () => {
    expect(answers({ quantifier: 'forall' })).toEqual([
      'Test sample Required',
      'No',
      'Positive: 1 Negative: 5',
      'Observation sample Sometimes 1 5',
    ]);
  });

  it('calls a deadlock Never 0 0', () => {
    expect(answers({ states: [] })).toEqual([
      'Test sample Allowed',
      'No',
      'Positive: 0 Negative: 0',
      'Observation sample Never 0 0',
    ]);
    expect(answers({ states: [], quantifier: 'forall' })[1]).toBe('Ok');
  });

  it('never takes an incomplete search for an answer', () => {
    const states = sample.states.filter((state) => state.satisfies !== true);
    expect(answers({ states, limit: 'unroll bound 4 (P1, line 12)' })).toEqual([
      'Test sample Allowed',
      '??',
      'Positive: 0 Negative: 5',
      'Limit unroll bound 4 (P1, line 12)',
      'Observation sample Unknown 0 5',
    ]);
  });

  it('gives a verdict that is known in spite of a limit', () => {
    const states = [{ values: [0, 0], executions: 5 }];
    expect(answers({ states, limit: 'time limit', kinds: { satisfying: false, other: true } })).toEqual([
      'Test sample Allowed',
      'No',
      'Positive: 0 Negative: 5',
      'Limit time limit',
      'Observation sample Never 0 5',
    ]);
  });

  it('says how far a stopped search came', () => {
    expect(report({ limit: 'time limit', explored: 0.05, candidates: 12 })).toContain(
      '\nLimit time limit (about 5.0 % searched, 12 executions examined)\n',
    );
    const { program } = sampleRun(sample);
    const given = {
      kind: 'unfinished',
      model: 'lkmm',
      limit: 'memory limit',
      program,
      diagnostics: [],
    } as const;
    const block = renderHerdUnfinished(sampleTest([given]), given);
    expect(block).toMatch(/^Test sample Allowed\nStates 0\n\?\?\nWitnesses\n/);
    expect(block).toContain('\nLimit memory limit\n');
    expect(block).toContain('\nObservation sample Unknown 0 0\n');
  });

  it('writes addresses by name and big integers whole', () => {
    const values = [sampleLocation('x'), 2n ** 63n, -1, 0];
    expect(report({ states: [{ values, executions: 1 }] })).toContain(
      '1:r0=x; 1:r1=9223372036854775808; [x]=-1; a[1]=0;\n',
    );
  });

  it('needs counted executions', () => {
    expect(() => report({ states: [{ values: [0, 0, 0, 0] }] })).toThrow(InvariantError);
  });
});

describe('the content hash', () => {
  it('is that of the published test vectors', () => {
    expect(contentHash('')).toBe('6c62272e07bb014262b821756295c58d');
    expect(contentHash('a')).toBe('d228cb696f1a8caf78912b704e4a8964');
    expect(contentHash('foobar')).toBe('343e1662793c64bf6f0d3597ba446f18');
  });

  it('depends on the text, but not on line ends', () => {
    expect(contentHash('C a\r\n{}\r\n')).toBe(contentHash('C a\n{}'));
    expect(contentHash('C a')).not.toBe(contentHash('C b'));
  });
});
