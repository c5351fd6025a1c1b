import { describe, expect, it } from 'vitest';
import type { Loss } from '../io/worker-pool.js';
import { afterLoss, type FileJob, workHere } from './file-work.js';
import type { RunDesk } from './search-limits.js';

const setup = { timeout: 1, memory: 100 };
const job: FileJob = { path: 'a.litmus', given: [['tso', 'time limit']] };

const work = {
  broken: ({ path }: FileJob, { message }: Error) => `${path} broken: ${message}`,
  givenUp: ({ path }: FileJob, limit: string) => `${path} given up: ${limit}`,
};

describe('a file whose worker was lost', () => {
  const again = (part: string, limit: string) => ({
    retry: { path: 'a.litmus', given: [...job.given, [part, limit]] },
  });

  it.each<[Loss['cause'], string | null, object]>([
    ['time', 'sc', again('sc', 'time limit')],
    ['memory', 'sc', again('sc', 'memory limit 100 MB')],
    ['time', null, { result: 'a.litmus given up: time limit' }],
    ['memory', null, { result: 'a.litmus given up: memory limit 100 MB' }],
    // it would be lost without end
    ['time', 'tso', { result: 'a.litmus given up: time limit' }],
    ['crash', 'sc', { result: 'a.litmus broken: gone' }],
  ])('to %s, at %s', (cause, part, expected) => {
    expect(afterLoss(work, setup, job, { cause, part, reason: 'gone' })).toEqual(expected);
  });

  it('has no number where Node, not --memory, ended it', () => {
    const loss = { cause: 'memory', part: null, reason: '' } as const;
    const found = afterLoss(work, { timeout: null, memory: null }, job, loss);
    expect(found).toEqual({ result: 'a.litmus given up: out of memory' });
  });
});

it('tells in this thread, too, what it is at', async () => {
  const lines: (string | null)[] = [];
  const progress = { show: (text: string) => void lines.push(text), clear: () => void lines.push(null) };
  const results: [string, number][] = [];
  const start = (desk: RunDesk) => async (each: FileJob) => {
    desk.tell({ model: 'sc', seconds: 2, share: 0.5 });
    return each.path.toUpperCase();
  };
  const jobs = ['a', 'b'].map((path) => ({ path, given: [] }));
  await workHere(start, jobs, progress, (result, index) => void results.push([result, index]));
  expect(results).toEqual([
    ['A', 0],
    ['B', 1],
  ]);
  const line = (path: string) => `${path}: sc 2 s, about 50 % searched, 2 s left`;
  expect(lines).toEqual([line('a'), null, line('b'), null]);
});
