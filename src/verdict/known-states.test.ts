/** What outcome and verdict mode leave out because its final states are known, and what they must not leave out. */
import { expect, test } from 'vitest';
import { defaultLowerOptions } from '../lower/lower.js';
import { loadShippedModel } from '../model/shipped.js';
import type { Mode, SearchResult } from '../search/execution.js';
import { searchProgram } from '../search/search.js';
import { renderDiagnostics } from '../text/render.js';
import { prepareTest, programIn } from './prepare-test.js';

function search(threads: readonly string[], condition: string, mode: Mode): SearchResult {
  const bodies = threads.map((body, i) => `P${i}(int *x, int *y, int *z)\n{\n${body}\n}\n`);
  const prepared = prepareTest({
    name: 'test',
    text: `C test\n\n{}\n\n${bodies.join('\n')}\n${condition}\n`,
  });
  if (prepared.value === null) throw new Error(renderDiagnostics(prepared.diagnostics));
  const program = programIn(prepared.value, 'lkmm', defaultLowerOptions);
  if (program.value === null) throw new Error(renderDiagnostics(program.diagnostics));
  return searchProgram(program.value, loadShippedModel('lkmm'), { mode, unroll: 2, expired: null });
}

function ends({ states }: SearchResult): readonly string[] {
  return states.map(({ values }) => values.join(' ')).sort();
}

test('one execution for each last write, however many orders lead to it', () => {
  const threads = Array.from({ length: 11 }, (_, i) => `int r0 = xchg(x, ${i + 1});`);
  const { states, candidates, limit } = search(threads, 'exists (x=1)', 'outcomes');
  expect([states.length, limit]).toEqual([11, null]);
  expect(candidates).toBeLessThan(30);
});

test('the same states as are counted, where registers and a location are asked for', () => {
  const threads = [
    'int r0 = xchg(x, 1); WRITE_ONCE(*y, r0);',
    'int r0 = xchg(x, 2); WRITE_ONCE(*y, 7);',
    'WRITE_ONCE(*x, 3); int r0 = READ_ONCE(*y);',
    'int r0 = READ_ONCE(*x);',
  ];
  const condition = 'exists (0:r0=2 /\\ x=3 /\\ y=7)';
  const [counted, found] = [search(threads, condition, 'count'), search(threads, condition, 'outcomes')];
  expect(ends(found)).toEqual(ends(counted));
  expect(found.candidates).toBeLessThan(counted.candidates);
});

test('an execution in which a value does not exist is told, even if it could only end in a state that is known', () => {
  const threads = [
    'WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); WRITE_ONCE(*y, 2);',
    'int r0 = READ_ONCE(*y); WRITE_ONCE(*z, 8 / (2 - r0));',
  ];
  for (const mode of ['count', 'outcomes'] as const) {
    const result = search(threads, 'exists (x=1)', mode);
    expect(ends(result)).toEqual(['1']);
    expect(result.limit).toContain('8 / (2 - r0)');
  }
});
