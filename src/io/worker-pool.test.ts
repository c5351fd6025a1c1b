/** The pool with workers that misbehave in every way that it knows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Loss, type PoolTask, runInWorkers, startPool } from './worker-pool.js';

const folder = mkdtempSync(join(tmpdir(), 'fencepost-'));
const script = pathToFileURL(join(folder, 'worker.mjs'));
afterAll(() => rmSync(folder, { recursive: true }));

const behaviour = `
  import { serveJobs } from ${JSON.stringify(fileURLToPath(new URL('./worker-pool.ts', import.meta.url)))};
  serveJobs((setup, desk) => async (job) => {
    if (job === 'part') desk.begin('first half');
    desk.tell('at ' + job);
    if (job === 'throws') throw new Error('no more');
    if (job === 'hangs' || job === 'part') for (;;);
    if (job === 'eats') for (const all = []; ; ) all.push(new Array(1000).fill(job));
    if (job === 'naps') await new Promise((wake) => setTimeout(wake, 100));
    if (job === 'waits') while (!desk.isStopping());
    if (job === 'concludes') {
      desk.conclude();
      const end = Date.now() + 1500;
      while (Date.now() < end);
    }
    if (job === 'concludes when asked') {
      desk.conclude();
      desk.tell('concluding');
      while (!desk.isStopping());
      const end = Date.now() + 100;
      while (Date.now() < end);
    }
    return setup + ' ' + job;
  });
`;

beforeAll(async () => {
  const entry = join(folder, 'entry.mjs');
  writeFileSync(entry, behaviour);
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: join(folder, 'worker.mjs'),
  });
});

type Task = PoolTask<string, string, string, string>;

async function run(jobs: readonly string[], changes: Partial<Task> = {}) {
  const losses: (Loss & { readonly job: string })[] = [];
  const results = await runInWorkers<string, string, string>({
    script,
    threads: 2,
    setup: 'did',
    jobs,
    lost(job, loss) {
      losses.push({ job, ...loss });
      return { result: `lost ${job}` };
    },
    onDone: () => {},
    ...(changes as Partial<PoolTask<string, string, string>>),
  });
  return { results, losses };
}

describe('a pool of workers', () => {
  it('gives the results in the order of the jobs', async () => {
    const jobs = Array.from({ length: 20 }, (_, i) => `job ${i}`);
    const { results, losses } = await run(jobs);
    expect(results).toEqual(jobs.map((job) => `did ${job}`));
    expect(losses).toEqual([]);
    expect((await run([])).results).toEqual([]);
  });

  it('replaces a worker that dies', async () => {
    const { results, losses } = await run(['a', 'throws', 'b', 'c']);
    expect(results).toEqual(['did a', 'lost throws', 'did b', 'did c']);
    expect(losses).toMatchObject([{ job: 'throws', cause: 'crash', reason: 'no more', part: null }]);
  });

  it('ends a worker that takes too long, and knows at what', async () => {
    const { results, losses } = await run(['hangs', 'a', 'part', 'b'], { seconds: 1 });
    expect(results).toEqual(['lost hangs', 'did a', 'lost part', 'did b']);
    const byJob = [...losses].sort((x, y) => (x.job < y.job ? -1 : 1));
    expect(byJob).toMatchObject([
      { job: 'hangs', cause: 'time', part: null },
      { job: 'part', cause: 'time', part: 'first half' },
    ]);
  });

  it('waits for long where it may', async () => {
    // More milliseconds than a timer takes.
    const { results, losses } = await run(['naps', 'a'], { seconds: 1e7 });
    expect(results).toEqual(['did naps', 'did a']);
    expect(losses).toEqual([]);
  });

  it('lets a worker make its result after its time', async () => {
    const { results } = await run(['concludes', 'hangs'], { seconds: 1 });
    expect(results).toEqual(['did concludes', 'lost hangs']);
  });

  it('ends a worker that takes too much memory', async () => {
    const { results, losses } = await run(['eats', 'a'], { megabytes: 32 });
    expect(results).toEqual(['lost eats', 'did a']);
    expect(losses).toMatchObject([{ job: 'eats', cause: 'memory' }]);
  });

  it('tries what it is told to instead', async () => {
    const { results } = await run(['throws', 'a'], { lost: () => ({ retry: 'less' }) });
    expect(results).toEqual(['did less', 'did a']);
  });

  it('hands on what workers say', async () => {
    const notes: string[] = [];
    const onNote = (index: number, note: string) => void notes.push(`${index}: ${note}`);
    await startPool<string, string, string, string>({
      script,
      threads: 1,
      setup: 'did',
      jobs: ['a', 'b'],
      lost: () => ({ result: 'lost' }),
      onNote,
      onResult: () => {},
    }).done;
    expect(notes).toEqual(['0: at a', '1: at b']);
  });

  it('stops: what is at work may finish, what hangs is ended', async () => {
    const results = new Map<number, string>();
    const begun = new Set<number>();
    const pool = startPool<string, string, string, string>({
      script,
      threads: 2,
      setup: 'did',
      jobs: ['waits', 'hangs', 'never begun'],
      lost: () => ({ result: 'lost' }),
      onNote(index) {
        begun.add(index);
        if (begun.size === 2) pool.stop();
      },
      onResult(result, index) {
        results.set(index, result);
        pool.end();
      },
    });
    await pool.done;
    expect([...results]).toEqual([[0, 'did waits']]);
    expect([...begun].sort()).toEqual([0, 1]);
  });

  it('ends all but those that are making their result', async () => {
    const results = new Map<number, string>();
    const notes = new Set<string>();
    const pool = startPool<string, string, string, string>({
      script,
      threads: 2,
      setup: 'did',
      jobs: ['concludes when asked', 'hangs', 'never begun'],
      lost: () => ({ result: 'lost' }),
      onNote(_index, note) {
        notes.add(note);
        if (!notes.has('concluding') || !notes.has('at hangs')) return;
        pool.stop();
        pool.endUnfinished();
      },
      onResult: (result, index) => void results.set(index, result),
    });
    await pool.done;
    expect([...results]).toEqual([[0, 'did concludes when asked']]);
    expect([...notes].sort()).toEqual(['at concludes when asked', 'at hangs', 'concluding']);
  });
});
