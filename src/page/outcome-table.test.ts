import { describe, expect, it } from 'vitest';
import { defaultSearchOptions } from '../search/search.js';
import { defaultRunOptions, runTest } from '../verdict/run-test.js';
import { outcomesHtml } from './outcome-table.js';
import { viewOfTest } from './test-data.js';

/** Readers of one variable that is written ten times: (10 + 1)^readers states. */
function manyStates(readers: number, condition: string): string {
  const writes = Array.from({ length: 10 }, (_, i) => `\tWRITE_ONCE(*x, ${i + 1});\n`).join('');
  const threads = Array.from(
    { length: readers },
    (_, i) => `P${i + 1}(int *x)\n{\n\tint r0 = READ_ONCE(*x);\n}\n`,
  );
  return `C many\n{}\nP0(int *x)\n{\n${writes}}\n${threads.join('')}exists (${condition})\n`;
}

function table(text: string): string {
  const report = runTest({ name: 'many.litmus', text }, { ...defaultRunOptions, models: ['lkmm'] });
  if (report.kind !== 'test') throw new Error('not a test');
  const search = { ...defaultSearchOptions, mode: 'outcomes', expired: null } as const;
  const view = viewOfTest(report, () => ({ search, most: 4 }));
  return outcomesHtml(view, 0).markup;
}

describe('the table of final states', () => {
  it('lists all of a few', () => {
    const html = table(manyStates(2, '1:r0=10 /\\ 2:r0=10'));
    expect(html.match(/<tr/g)).toHaveLength(1 + 121);
    expect(html).not.toContain('not listed');
  });

  it('lists of many those that the condition speaks of, and says how many are left out', () => {
    const html = table(manyStates(3, '1:r0=10 /\\ 2:r0=10 /\\ 3:r0=10'));
    expect(html.match(/<tr/g)).toHaveLength(1 + 400);
    expect(html).toContain(`${11 ** 3 - 400} more are not listed here`);
    const last = html.slice(html.lastIndexOf('<tr'));
    expect(last.match(/>10</g)).toHaveLength(3);
  });
});
