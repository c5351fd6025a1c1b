import { describe, expect, it } from 'vitest';
import { isRun, type ModelRun } from '../verdict/report.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { compareOutcomes, isSame, type OutcomeSet, outcomesOf } from './outcomes.js';
import { pictureOfFlag, pictureOfState } from './state-picture.js';

const storeBuffering = `C sb
{ }
P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); }
P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`;

function runOf(text: string, model: 'lkmm' | 'sc' | 'x86'): ModelRun {
  const report = runTest({ name: 'sb.litmus', text }, { ...defaultRunOptions, models: [model] });
  const run = report.kind === 'test' ? report.models.find(isRun) : undefined;
  if (run === undefined) throw new Error('not judged');
  return run;
}

const none = {
  verdict: null,
  observedBefore: [],
  observedAfter: [],
  appeared: [],
  vanished: [],
  flagsAppeared: [],
  flagsVanished: [],
  open: null,
};

describe('outcomes', () => {
  const weak = outcomesOf(runOf(storeBuffering, 'x86'));
  const strong = outcomesOf(runOf(storeBuffering, 'sc'));

  it('are the states as text', () => {
    expect(weak).toEqual({
      model: 'x86',
      verdict: 'Sometimes',
      observed: ['0:r0', '1:r0'],
      states: ['0:r0=0; 1:r0=0', '0:r0=0; 1:r0=1', '0:r0=1; 1:r0=0', '0:r0=1; 1:r0=1'],
      flags: [],
      limit: null,
    });
  });

  it('compare as sets', () => {
    expect(compareOutcomes(strong, weak)).toEqual({
      ...none,
      verdict: { before: 'Never', after: 'Sometimes' },
      appeared: ['0:r0=0; 1:r0=0'],
    });
    expect(compareOutcomes(weak, strong).vanished).toEqual(['0:r0=0; 1:r0=0']);
    expect(isSame(compareOutcomes(weak, weak))).toBe(true);
    expect(isSame(compareOutcomes(weak, strong))).toBe(false);
  });

  it('leave open what a limit left out', () => {
    const cut: OutcomeSet = { ...strong, verdict: 'Unknown', limit: 'time limit' };
    // what was found is certain, what was not found is not missing
    expect(compareOutcomes(weak, cut)).toEqual({ ...none, open: 'time limit' });
    expect(compareOutcomes(cut, weak)).toEqual({ ...none, open: 'time limit' });
    expect(compareOutcomes(strong, { ...weak, limit: 'time limit' }).appeared).toEqual(['0:r0=0; 1:r0=0']);
  });

  it('of different questions have no states to compare', () => {
    const other = outcomesOf(runOf(storeBuffering.replace('exists (0:r0=0', 'exists (x=1'), 'x86'));
    const change = compareOutcomes(weak, other);
    expect(change).toMatchObject({
      observedBefore: ['0:r0'],
      observedAfter: ['x'],
      appeared: [],
      vanished: [],
    });
    expect(isSame(change)).toBe(false);
  });
});

describe('the picture of a state', () => {
  it('shows an execution that ends in it', () => {
    const picture = pictureOfState(runOf(storeBuffering, 'x86'), 'sb', '0:r0=0; 1:r0=0');
    expect(picture).toContain('sb under x86: allowed\n0:r0=0; 1:r0=0');
    expect(picture).toContain('r0 = READ_ONCE(*y)');
  });

  it('is none where the state, or the flag, is not found', () => {
    expect(pictureOfState(runOf(storeBuffering, 'sc'), 'sb', '0:r0=0; 1:r0=0')).toBeNull();
    expect(pictureOfFlag(runOf(storeBuffering, 'lkmm'), 'sb', 'data-race')).toBeNull();
  });

  it('shows a data race', () => {
    const racy = storeBuffering.replace('WRITE_ONCE(*x, 1)', '*x = 1');
    expect(pictureOfFlag(runOf(racy, 'lkmm'), 'sb', 'data-race')).toContain('*x = 1');
  });
});
