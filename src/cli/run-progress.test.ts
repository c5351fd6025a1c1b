import { describe, expect, it } from 'vitest';
import { describeWork, RunProgress } from './run-progress.js';

describe('the progress line', () => {
  it.each([
    [0, 0.4, 'a: lkmm 0 s, about 40 % searched, 1 s left'],
    [12, 0.5, 'a: lkmm 12 s, about 50 % searched, 12 s left'],
    [100, 0.25, 'a: lkmm 100 s, about 25 % searched, 5 min left'],
    [3600, 0.1, 'a: lkmm 3600 s, about 10 % searched, 9 h left'],
    [7, 0.001, 'a: lkmm 7 s, about 0.1 % searched'],
    [7, 0, 'a: lkmm 7 s'],
  ])('after %d s with a share of %d', (seconds, share, text) => {
    expect(describeWork('a', { model: 'lkmm', seconds, share })).toBe(text);
  });

  it('speaks of the file that takes longest, and counts the others', () => {
    const progress = new RunProgress(5, 1);
    progress.begin(0, 'slow');
    progress.begin(1, 'quick');
    progress.note(0, { model: 'sc', seconds: 3, share: 0.5 });
    expect(progress.line).toBe('1 of 5 done; slow: sc 3 s, about 50 % searched, 3 s left');
    progress.finish(0);
    expect(progress.line).toBe('2 of 5 done; quick');
  });
});
