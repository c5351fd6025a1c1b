import { describe, expect, it } from 'vitest';
import { SearchProgress } from './progress.js';

describe('the share of a search that is done', () => {
  it('is the part of the tree that lies before the path', () => {
    const progress = new SearchProgress();
    const seen: number[] = [];
    for (let a = 0; a < 2; a++) {
      progress.enter(0, a, 2);
      for (let b = 0; b < 4; b++) {
        progress.enter(1, b, 4);
        seen.push(progress.share);
      }
    }
    expect(seen).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875]);
  });

  it('stays below its node where there are more children than were counted', () => {
    const progress = new SearchProgress();
    progress.enter(0, 0, 2);
    progress.enter(1, 5, 2);
    expect(progress.share).toBeLessThan(0.5);
    progress.enter(0, 1, 2);
    expect(progress.share).toBe(0.5);
  });

  it('stays where it is held', () => {
    const progress = new SearchProgress();
    progress.enter(0, 1, 2);
    progress.hold(2);
    progress.enter(2, 3, 4);
    expect(progress.share).toBe(0.5);
  });
});
