/** Every barrier in litmus/ is guarded by some expectation, or its test says why none does: what the project asks of its own tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { countsOf, summarize } from './barrier-guards.js';
import { mutateTest } from './mutate-test.js';
import { renderMutation } from './mutation-text.js';

const root = fileURLToPath(new URL('../../litmus/', import.meta.url));

const files: readonly string[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.litmus'))
  .sort();

describe('the barriers of litmus/', () => {
  it('are guarded, all of them', () => {
    const results = files.map((file) =>
      mutateTest({ name: `litmus/${file}`, text: readFileSync(root + file, 'utf8') }),
    );
    expect(results.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
    const summary = summarize(results.map(({ test }) => test!));
    const { barriers, weakenings, noticed } = countsOf(summary);
    const report = renderMutation(summary, { all: false });
    expect(barriers, report).toMatchObject({ unguarded: 0, 'in-part': 0, open: 0 });
    expect([summary.failing, summary.idle], report).toEqual([[], []]);
    expect(summary.silentModels).toEqual([]);
    // declared barriers are the exception
    expect(barriers.declared).toBeLessThan(barriers.guarded / 10);
    expect(noticed / weakenings).toBeGreaterThan(0.85);
  });
});
